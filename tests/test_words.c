// SPDX-License-Identifier: GPL-3.0-or-later
// Names, IDs, files and titles that try to be more than text: what becomes of them in the report, in what the review's
// page is told, and in how that page shows it.
#include "tests/harness.h"

#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "grade/html.h"
#include "review/site.h"
#include "tests/shell.h"
#include "tests/small_batch.h"

// Ends a title, an attribute, an element; begins a script and a picture; an entity; the two that turn directions.
#define MARKUP "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>"
#define QUOTES "\"' onmouseover=\"alert(3)\" & &lt;"
#define TURNING                                                                                                        \
	"\xE2\x80\xAE"                                                                                                 \
	"gpj.nacs"                                                                                                     \
	"\xE2\x81\xA6"
#define WICKED MARKUP " " QUOTES " " TURNING

// In YAML's double quotes.
#define YAML(text) "\"" text "\""
#define QUOTES_IN_YAML "\\\"' onmouseover=\\\"alert(3)\\\" & &lt;"
#define WICKED_IN_YAML YAML(MARKUP " " QUOTES_IN_YAML " " TURNING)
#define QUOTES_IN_CSV "\"\"' onmouseover=\"\"alert(3)\"\" & &lt;"
#define WICKED_IN_CSV "\"" MARKUP " " QUOTES_IN_CSV " " TURNING "\x01\n\x1b[2J\""

static const char EXAM[] = "exam: wicked\ntitle: " WICKED_IN_YAML "\npaper: a4\n"
			   "fields:\n  - {name: course, choices: [" YAML("<b>") ", " YAML(
				   "&") "]}\n"
					"sections:\n  - title: " WICKED_IN_YAML "\n    type: single\n    questions:\n"
					"      - {choices: 4, key: B}\n      - {choices: 4, key: B}\n"
					"      - {choices: [" YAML("<i>") ", " YAML("\\\"") ", C], key: C}\n";
static const char ROSTER[] = "student_id,name,section,room,seat\n"
			     "1001," WICKED_IN_CSV "," WICKED_IN_CSV "," WICKED_IN_CSV "," WICKED_IN_CSV "\n"
			     "\"<script>1002\"," WICKED_IN_CSV ",,,\n";
static const char FILE_NAME[] = MARKUP QUOTES TURNING "\n\x1b.pdf";

static int set_up(void **state)
{
	*state = small_batch_new(EXAM, ROSTER, FILE_NAME);
	return 0;
}

static int tear_down(void **state)
{
	small_batch_free(*state);
	return 0;
}

// --- HTML

// Everything between < and > is an element of ours, with attributes of ours; and nothing acts unseen.
static void assert_only_our_markup(const char *html)
{
	static const char *const FOREIGN[] = {"<script", "<img", "<b>alert", "onerror=alert(2)>", "onmouseover=\"",
		"<i>", "\xE2\x80\xAE", "\xE2\x81\xA6"};
	assert_true(g_utf8_validate(html, -1, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(FOREIGN); i++)
		if (strstr(html, FOREIGN[i]))
			fail_msg("%s stands in it: %.200s", FOREIGN[i], strstr(html, FOREIGN[i]));
	for (const char *at = html; *at; at++)
		if (g_ascii_iscntrl(*at) && *at != '\n')
			fail_msg("a control character: %.100s", at);
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;
	for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}

static void a_report_shows_words_as_words(void **state)
{
	const struct small_batch *batch = *state;
	shell("%s report --similarity %s >%s/log", SHEAF_PROGRAM, batch->folder, batch->folder);
	g_autofree char *path = g_build_filename(batch->folder, "report.html", NULL), *html = NULL;
	assert_true(g_file_get_contents(path, &html, NULL, NULL));
	assert_only_our_markup(html);
	assert_int_equal(count(html, "<title>"), 1);
	assert_int_equal(count(html, "</title>"), 1);
	assert_true(count(html, "&lt;/script&gt;&lt;script&gt;alert(1)") >= 3); // the title twice, the section
	assert_true(count(html, "&quot;&apos; onmouseover=&quot;alert(3)&quot; &amp; &amp;lt;") >= 3);
	assert_true(count(html, "\xEF\xBF\xBDgpj.nacs\xEF\xBF\xBD") >= 3);
	// Should any of it come through all the same, nothing would run or be fetched.
	assert_non_null(
		strstr(html, "Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\""));
}

static void escaped_is_what_could_act(void **state)
{
	static const struct {
		const char *text, *escaped;
	} CASES[] = {{"Ada", "Ada"}, {"<&>\"'", "&lt;&amp;&gt;&quot;&apos;"}, {"a\tb\r\nc", "a b  c"},
		{"\x01\x1b\x7f\xC2\x85", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"\xE2\x80\xAA\xE2\x80\xAE\xE2\x81\xA6\xE2\x81\xA9",
			"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"\xD7\xA9\xD7\x9C", "\xD7\xA9\xD7\x9C"}, {"\xff\xE2", "\xEF\xBF\xBD\xEF\xBF\xBD"}, {"", ""}};
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *escaped = html_escape(CASES[i].text);
		assert_string_equal(escaped, CASES[i].escaped);
	}
}

// --- the review

// The only pair there is.
static const char *argument(void *data, const char *name)
{
	const char *pair = data;
	size_t length = strlen(name);
	return pair && strncmp(pair, name, length) == 0 && pair[length] == '=' ? pair + length + 1 : NULL;
}

static struct site_answer get(struct site *site, const char *url, const char *pair)
{
	const struct site_request request = {.method = "GET",
		.url = url,
		.host = "127.0.0.1:8080",
		.argument = argument,
		.data = (char *)(uintptr_t)pair};
	return site_answer(site, &request);
}

// The way in; owned by the caller.
static char *enter(struct site *site)
{
	g_autofree char *address = site_address(site);
	struct site_answer answer = get(site, "/", strchr(address, '?') + 1);
	assert_int_equal(answer.status, 303);
	char *way = g_strdup(answer.location);
	site_answer_clear(&answer);
	return way;
}

// What is told, as JSON and as nothing that a browser could take for a page.
static json_t *told(struct site *site, const char *way, const char *path, const char *pair)
{
	g_autofree char *url = g_strconcat(way, path, NULL);
	struct site_answer answer = get(site, url, pair);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.type, "application/json");
	gsize size;
	const char *bytes = g_bytes_get_data(answer.body, &size);
	json_t *json = json_loadb(bytes, size, 0, NULL);
	assert_true(json_is_object(json));
	for (gsize i = 0; i < size; i++)
		assert_false(g_ascii_iscntrl(bytes[i]));
	site_answer_clear(&answer);
	return json;
}

static void the_review_is_told_words_whole(void **state)
{
	const struct small_batch *batch = *state;
	struct site *site = site_new(batch->desk, 8080, WICKED, NULL);
	g_autofree char *way = enter(site);
	json_t *overview = told(site, way, "api/overview", NULL);
	assert_string_equal(json_string_value(json_object_get(overview, "title")), WICKED);
	assert_string_equal(json_string_value(json_object_get(overview, "person")), WICKED);
	const json_t *flags = json_object_get(overview, "flags");
	assert_true(json_array_size(flags) >= 4);
	for (size_t i = 0; i < json_array_size(flags); i++) {
		g_autofree char *pair =
			g_strconcat("id=", json_string_value(json_object_get(json_array_get(flags, i), "id")), NULL);
		json_t *flag = told(site, way, "api/flag", pair);
		assert_non_null(strstr(json_string_value(json_object_get(flag, "file")), MARKUP));
		json_decref(flag);
	}
	json_decref(overview);
	json_t *found = told(site, way, "api/search", "q=alert(2)");
	assert_int_equal(json_array_size(json_object_get(found, "students")), 2);
	json_decref(found);
	json_t *student = told(site, way, "api/student", "id=<script>1002");
	assert_non_null(strstr(json_string_value(json_object_get(student, "name")), WICKED));
	json_decref(student);
	site_free(site);
}

// The page itself is the same whoever wrote the exam.
static void the_page_holds_nobodys_words(void **state)
{
	const struct small_batch *batch = *state;
	struct site *site = site_new(batch->desk, 8080, WICKED, NULL);
	g_autofree char *way = enter(site);
	static const char *const PATHS[] = {"", "page.js", "page.css"};
	for (size_t i = 0; i < G_N_ELEMENTS(PATHS); i++) {
		g_autofree char *url = g_strconcat(way, PATHS[i], NULL);
		struct site_answer answer = get(site, url, NULL);
		gsize size;
		const char *bytes = g_bytes_get_data(answer.body, &size);
		g_autofree char *text = g_strndup(bytes, size);
		assert_int_equal(answer.status, 200);
		assert_null(strstr(text, "alert("));
		site_answer_clear(&answer);
	}
	site_free(site);
}

// Its script makes elements and gives them text, and has no way to make markup or code of what it is told.
static void the_pages_script_makes_no_markup(void **state)
{
	static const char *const WAYS[] = {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
		"Function(", "createContextualFragment", "DOMParser", "srcdoc", "javascript:", "setHTML",
		"setTimeout('", "setTimeout(\"", "dangerously"};
	g_autofree char *script = NULL;
	(void)state;
	assert_true(g_file_get_contents("review/page/page.js", &script, NULL, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(WAYS); i++)
		if (strstr(script, WAYS[i]))
			fail_msg("review/page/page.js has %s", WAYS[i]);
}

// --- who may ask

static void only_who_was_let_in_is_answered(void **state)
{
	static const char OURS[] = "127.0.0.1:8080", ORIGIN[] = "http://127.0.0.1:8080";
	static const char UNDO[] = "{\"action\":\"undo\",\"person\":\"Pat\",\"id\":1}";
	const struct small_batch *batch = *state;
	struct site *site = site_new(batch->desk, 8080, "Pat", NULL);
	g_autofree char *way = enter(site), *decide = g_strconcat(way, "api/decide", NULL),
			*overview = g_strconcat(way, "api/overview", NULL);
	const struct {
		const char *method, *url, *host, *origin;
		bool too_large;
		unsigned status;
	} CASES[] = {
		{"GET", overview, OURS, NULL, false, 200},
		{"GET", overview, OURS, ORIGIN, false, 200},
		{"GET", overview, "evil.example:8080", NULL, false, 403},
		{"GET", overview, NULL, NULL, false, 403},
		{"GET", overview, OURS, "http://evil.example", false, 403},
		{"GET", "/r/wrong/api/overview", OURS, NULL, false, 403},
		{"GET", "/r/", OURS, NULL, false, 403},
		{"GET", "/", OURS, NULL, false, 403}, // without an invitation
		{"GET", "/favicon.ico", OURS, NULL, false, 403},
		{"PUT", overview, OURS, ORIGIN, false, 405},
		{"OPTIONS", overview, OURS, ORIGIN, false, 405},
		{"HEAD", overview, OURS, NULL, false, 403},
		{"POST", decide, OURS, ORIGIN, false, 409}, // nothing was decided that could be undone
		{"POST", decide, OURS, NULL, false, 403},
		{"POST", decide, OURS, "null", false, 403},
		{"POST", decide, OURS, "http://evil.example", false, 403},
		{"POST", decide, OURS, ORIGIN, true, 413},
		{"POST", overview, OURS, ORIGIN, false, 404},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		const struct site_request request = {.method = CASES[i].method,
			.url = CASES[i].url,
			.host = CASES[i].host,
			.origin = CASES[i].origin,
			.argument = argument,
			.body = (const uint8_t *)UNDO,
			.body_size = sizeof UNDO - 1,
			.too_large = CASES[i].too_large};
		struct site_answer answer = site_answer(site, &request);
		if (answer.status != CASES[i].status)
			fail_msg("%s %s: %u", CASES[i].method, CASES[i].url, answer.status);
		site_answer_clear(&answer);
	}
	site_free(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_shows_words_as_words),
		cmocka_unit_test(escaped_is_what_could_act),
		cmocka_unit_test(the_review_is_told_words_whole),
		cmocka_unit_test(the_page_holds_nobodys_words),
		cmocka_unit_test(the_pages_script_makes_no_markup),
		cmocka_unit_test(only_who_was_let_in_is_answered),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
