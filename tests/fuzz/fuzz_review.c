// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as requests to the review, one after another: who may not come in learns nothing and changes nothing; what
// is asked for changes nothing; what is decided either holds whole or was refused; every page stays accounted for.
//
// A request is a line of method and address, a line of Host and one of Origin, and a body up to a byte of 0x1E. What an
// attacker cannot guess is written by its place, so that the fuzzer gets past it: ~K the key, ~T an invitation, ~H our
// own host, ~O our own origin, ~0 to ~9 a page's name, ~a to ~z a flag's.
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "grade/corrections_csv.h"
#include "grade/gradebook.h"
#include "review/site.h"
#include "tests/small_batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PORT 8080
#define OUR_HOST "127.0.0.1:8080"
#define OUR_ORIGIN "http://" OUR_HOST
#define MOST_REQUESTS 8
#define ENDS "\x1e"

static const char EXAM[] = "exam: small\ntitle: Small\npaper: a4\n"
			   "fields:\n  - {name: course, choices: [CS 1, CS 2]}\n"
			   "sections:\n  - title: One\n    type: single\n    questions:\n"
			   "      - {choices: 3, key: A}\n      - {choices: 4, key: B}\n";
static const char ROSTER[] = "student_id,name\n1001,Ada\n1002,Ben\n1003,\"Cid, D\"\n";

struct trial {
	struct small_batch *batch;
	struct site *site;
	char *key, *token;
};

// --- requests out of bytes

static void spell_page(GString *out, const struct trial *trial, unsigned which)
{
	const struct results *results = desk_results(trial->batch->desk);
	g_autofree char *name = desk_page_name(&results->pages[which % results->n_pages]);
	g_string_append(out, name);
}

static void spell_flag(GString *out, const struct trial *trial, unsigned which)
{
	const GPtrArray *flags = desk_flags(trial->batch->desk);
	if (flags->len)
		g_string_append(out, ((const struct desk_flag *)g_ptr_array_index(flags, which % flags->len))->id);
}

static char *spelled(const struct trial *trial, const char *text)
{
	GString *out = g_string_new(NULL);
	for (; *text; text++) {
		char what = text[0] == '~' ? text[1] : '\0';
		if (g_ascii_isdigit(what))
			spell_page(out, trial, (unsigned)(what - '0'));
		else if (g_ascii_islower(what))
			spell_flag(out, trial, (unsigned)(what - 'a'));
		else if (what && strchr("KTHO", what))
			g_string_append(out, what == 'K'   ? trial->key
					     : what == 'T' ? trial->token
					     : what == 'H' ? OUR_HOST
							   : OUR_ORIGIN);
		else
			g_string_append_c(out, *text);
		text += what && (g_ascii_isdigit(what) || g_ascii_islower(what) || strchr("KTHO", what));
	}
	return g_string_free(out, FALSE);
}

// The value of name in "name=value&name=value".
static const char *argument(void *data, const char *name)
{
	char **pairs = data;
	for (; pairs && *pairs; pairs++)
		if (g_str_has_prefix(*pairs, name) && (*pairs)[strlen(name)] == '=')
			return *pairs + strlen(name) + 1;
	return NULL;
}

// --- what must hold

static void check_answer(const struct site_answer *answer)
{
	gsize size;
	const char *bytes = g_bytes_get_data(answer->body, &size);
	g_assert(answer->type && (size == 0 || bytes));
	if (strcmp(answer->type, "application/json") != 0)
		return;
	json_t *json = json_loadb(bytes, size, 0, NULL);
	g_assert(json_is_object(json));
	g_assert((answer->status == 200) == !json_object_get(json, "error"));
	json_decref(json);
}

static void check_results(const struct results *results, unsigned n_pages)
{
	unsigned pages = 0, students = 0;
	for (unsigned i = 0; i < PAGE_N_FATES; i++)
		pages += results->fates[i];
	for (unsigned i = 0; i < STUDENT_N_STATUSES; i++)
		students += results->statuses[i];
	g_assert(pages == n_pages && results->n_pages == n_pages && students == results->n_students);
	for (unsigned i = 0; i < results->n_students; i++)
		g_assert(!results->students[i].has_score ||
			 rational_compare(results->students[i].total, results->maximum) <= 0);
	g_autofree char *grades = gradebook_csv(results), *corrections = corrections_csv(results->rulings);
	g_assert(g_utf8_validate(grades, -1, NULL) && g_utf8_validate(corrections, -1, NULL));
}

static void ask(struct trial *trial, const struct site_request *request)
{
	const struct desk *desk = trial->batch->desk;
	guint before = rulings_decisions(desk_results(desk)->rulings)->len;
	unsigned n_pages = desk_results(desk)->n_pages;
	g_autofree char *own = g_strdup_printf("/r/%s/", trial->key);
	bool host = g_strcmp0(request->host, OUR_HOST) == 0, post = strcmp(request->method, "POST") == 0;
	bool origin = request->origin ? strcmp(request->origin, OUR_ORIGIN) == 0 : !post;
	bool entrance = strcmp(request->url, "/") == 0 && strcmp(request->method, "GET") == 0;
	struct site_answer answer = site_answer(trial->site, request);
	check_answer(&answer);
	if (!host || !origin)
		g_assert(answer.status == 403 && !answer.location);
	else if (!g_str_has_prefix(request->url, own) && !entrance)
		g_assert(answer.status == 403 || answer.status == 405);
	guint after = rulings_decisions(desk_results(desk)->rulings)->len;
	g_assert(post && answer.status == 200 ? after >= before : after == before);
	if (after != before)
		check_results(desk_results(desk), n_pages);
	site_answer_clear(&answer);
}

static void run_request(struct trial *trial, const char *text)
{
	g_autofree char *all = spelled(trial, text);
	g_auto(GStrv) lines = g_strsplit(all, "\n", 4);
	unsigned n = g_strv_length(lines);
	char *url = n > 0 ? strchr(lines[0], ' ') : NULL;
	if (!url)
		return;
	*url++ = '\0';
	char *question = strchr(url, '?');
	g_auto(GStrv) pairs = question ? g_strsplit(question + 1, "&", 16) : NULL;
	if (question)
		*question = '\0';
	const char *body = n > 3 ? lines[3] : "";
	const struct site_request request = {.method = lines[0],
		.url = url,
		.host = n > 1 && *lines[1] ? lines[1] : NULL,
		.origin = n > 2 && *lines[2] ? lines[2] : NULL,
		.argument = argument,
		.data = pairs,
		.body = (const uint8_t *)body,
		.body_size = strlen(body),
		.too_large = strlen(body) > SITE_MOST_BODY_BYTES};
	ask(trial, &request);
}

static void come_in(struct trial *trial)
{
	g_autofree char *first = site_address(trial->site), *second = site_address(trial->site);
	const char *token = strchr(first, '?') + 1;
	char *pairs[] = {(char *)(uintptr_t)token, NULL};
	const struct site_request request = {
		.method = "GET", .url = "/", .host = OUR_HOST, .argument = argument, .data = pairs};
	struct site_answer answer = site_answer(trial->site, &request);
	g_assert(answer.status == 303 && g_str_has_prefix(answer.location, "/r/"));
	trial->key = g_strndup(answer.location + 3, strlen(answer.location) - 4);
	trial->token = g_strdup(strchr(second, '=') + 1);
	site_answer_clear(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct small_batch *batch;
	if (!batch)
		batch = small_batch_new(EXAM, ROSTER, "stack.pdf");
	small_batch_reset(batch);
	struct trial trial = {.batch = batch, .site = site_new(batch->desk, PORT, "Pat", NULL)};
	come_in(&trial);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) requests = g_strsplit(text, ENDS, MOST_REQUESTS);
	for (char **request = requests; *request; request++)
		run_request(&trial, *request);
	site_free(trial.site);
	g_free(trial.key);
	g_free(trial.token);
	return 0;
}
