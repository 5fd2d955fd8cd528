// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/site.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "review/action.h"
#include "review/assets.h"
#include "review/gate.h"
#include "review/view.h"

#define PX_PER_MM_MOST 20
#define WHOLE_PX 1800 // the longer side of a whole scan

// As HTTP counts.
enum status {
	STATUS_OK = 200,
	STATUS_SEE_OTHER = 303,
	STATUS_WRONG = 400,
	STATUS_FORBIDDEN = 403,
	STATUS_NOT_FOUND = 404,
	STATUS_METHOD = 405,
	STATUS_OVERTAKEN = 409,
	STATUS_TOO_LARGE = 413,
	STATUS_TOO_MANY = 429,
	STATUS_FAILED = 500,
};

struct site {
	struct desk *desk;
	struct gate *gate;
	unsigned port;
	char *person;
};

// --- answers

// Takes the bytes.
static struct site_answer tell_bytes(enum status status, const char *type, GBytes *bytes)
{
	return (struct site_answer){.status = status, .type = type, .body = bytes};
}

static struct site_answer tell_text(enum status status, const char *text)
{
	return tell_bytes(status, "text/plain; charset=utf-8", g_bytes_new(text, strlen(text)));
}

// Takes the JSON.
static struct site_answer tell_json(enum status status, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!text)
		return tell_text(STATUS_FAILED, "this cannot be told");
	GBytes *bytes = g_bytes_new(text, strlen(text));
	free(text);
	return tell_bytes(status, "application/json", bytes);
}

// Takes the error.
static struct site_answer tell_error(GError *error)
{
	static const enum status STATUSES[] = {[DESK_ERROR_WRONG] = STATUS_WRONG,
		[DESK_ERROR_OVERTAKEN] = STATUS_OVERTAKEN,
		[DESK_ERROR_GONE] = STATUS_NOT_FOUND,
		[DESK_ERROR_FAILED] = STATUS_FAILED};
	enum status status = error->domain == DESK_ERROR ? STATUSES[error->code] : STATUS_FAILED;
	json_t *told = json_pack("{s:s}", "error", error->message);
	g_error_free(error);
	return tell_json(status, told);
}

static struct site_answer tell_nothing_there(void)
{
	return tell_json(STATUS_NOT_FOUND, json_pack("{s:s}", "error", "there is no such thing"));
}

static const char *argument(const struct site_request *request, const char *name)
{
	const char *value = request->argument(request->data, name);
	return value && g_utf8_validate(value, -1, NULL) ? value : "";
}

// --- pieces of scans

static bool number_argument(const struct site_request *request, const char *name, int32_t most, int32_t *value)
{
	gint64 number;
	if (!g_ascii_string_to_signed(argument(request, name), 10, -most, most, &number, NULL))
		return false;
	*value = (int32_t)number;
	return true;
}

static bool piece_of(const struct site_request *request, const struct layout *layout, struct picture_piece *piece)
{
	int32_t scale;
	int32_t most = 2 * MAX(layout->width_um, layout->height_um);
	if (!number_argument(request, "x", most, &piece->left_um) ||
		!number_argument(request, "y", most, &piece->top_um) ||
		!number_argument(request, "w", most, &piece->width_um) ||
		!number_argument(request, "h", most, &piece->height_um) ||
		!number_argument(request, "dx", PLACEMENT_MOST_SHIFT_UM, &piece->shift.dx_um) ||
		!number_argument(request, "dy", PLACEMENT_MOST_SHIFT_UM, &piece->shift.dy_um) ||
		!number_argument(request, "scale", PX_PER_MM_MOST, &scale) || scale < 1)
		return false;
	piece->px_per_mm = scale;
	return true;
}

static struct site_answer tell_piece(struct site *site, const struct site_request *request, bool whole)
{
	GError *error = NULL;
	struct picture_piece piece = {0};
	const struct layout *layout = desk_results(site->desk)->layout;
	const struct batch_page *page = desk_find_page(site->desk, argument(request, "page"));
	if (!page || (!whole && (!page->answers->placement || !piece_of(request, layout, &piece))))
		return tell_nothing_there();
	const struct picture *picture = desk_picture(site->desk, page, &error);
	if (!picture)
		return tell_error(error);
	GBytes *png = whole ? picture_whole(picture, WHOLE_PX)
			    : picture_cut(picture, page->answers->placement, layout, &piece);
	return png ? tell_bytes(STATUS_OK, "image/png", png) : tell_nothing_there();
}

// --- what there is

static struct site_answer answer_get(struct site *site, const struct site_request *request, const char *path)
{
	const struct desk *desk = site->desk;
	for (size_t i = 0; i < N_ASSETS; i++)
		if (strcmp(path, *path ? ASSETS[i].name : "") == 0 || (!*path && i == 0))
			return tell_bytes(
				STATUS_OK, ASSETS[i].type, g_bytes_new_static(ASSETS[i].bytes, ASSETS[i].size));
	if (strcmp(path, "piece.png") == 0 || strcmp(path, "scan.png") == 0)
		return tell_piece(site, request, path[0] == 's');
	json_t *told = NULL;
	if (strcmp(path, "api/overview") == 0) {
		const char *person = argument(request, "person");
		told = view_overview(desk, person);
		json_object_set_new(told, "person", json_string(site->person));
	} else if (strcmp(path, "api/flag") == 0) {
		const struct desk_flag *flag = desk_find_flag(desk, argument(request, "id"));
		told = flag ? view_flag(desk, flag) : NULL;
	} else if (strcmp(path, "api/page") == 0) {
		const struct batch_page *page = desk_find_page(desk, argument(request, "page"));
		told = page ? view_page(desk, page) : NULL;
	} else if (strcmp(path, "api/student") == 0) {
		const struct student *student = desk_find_student(desk, argument(request, "id"));
		told = student ? view_student(desk, student) : NULL;
	} else if (strcmp(path, "api/search") == 0) {
		told = view_search(desk, argument(request, "q"));
	} else if (strcmp(path, "api/history") == 0) {
		told = view_history(desk);
	}
	return told ? tell_json(STATUS_OK, told) : tell_nothing_there();
}

static struct site_answer decide(struct site *site, const struct site_request *request)
{
	GError *error = NULL;
	json_t *json = json_loadb((const char *)request->body, request->body_size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(json)) {
		json_decref(json);
		return tell_text(STATUS_WRONG, "this is no request");
	}
	const char *person = json_string_value(json_object_get(json, "person"));
	struct site_answer answer = action_run(site->desk, json, &error)
					    ? tell_json(STATUS_OK, view_overview(site->desk, person ? person : ""))
					    : tell_error(error);
	json_decref(json);
	return answer;
}

static struct site_answer answer_post(struct site *site, const struct site_request *request, const char *path)
{
	if (strcmp(path, "api/invite") == 0) {
		g_autofree char *address = site_address(site);
		return address ? tell_json(STATUS_OK, json_pack("{s:s}", "address", address))
			       : tell_text(STATUS_TOO_MANY, "too many invitations are open");
	}
	return strcmp(path, "api/decide") == 0 ? decide(site, request) : tell_nothing_there();
}

// --- who may ask

// The path below the key; NULL if the key is wrong.
static const char *path_below_key(const struct site *site, const char *url)
{
	if (!g_str_has_prefix(url, "/r/"))
		return NULL;
	const char *key = url + strlen("/r/"), *slash = strchr(key, '/');
	g_autofree char *given = slash ? g_strndup(key, (gsize)(slash - key)) : NULL;
	return given && gate_opens(site->gate, given) ? slash + 1 : NULL;
}

static struct site_answer let_in(struct site *site, const struct site_request *request)
{
	const char *key = gate_enter(site->gate, argument(request, "token"));
	if (!key)
		return tell_text(STATUS_FORBIDDEN,
			"This address is not valid, or was used before. Take the one that sheaf review prints, or ask "
			"for another on the page that is open.\n");
	struct site_answer answer = tell_text(STATUS_SEE_OTHER, "");
	answer.location = g_strdup_printf("/r/%s/", key);
	return answer;
}

struct site_answer site_answer(struct site *site, const struct site_request *request)
{
	bool get = strcmp(request->method, "GET") == 0, post = strcmp(request->method, "POST") == 0;
	if (!gate_host_is_ours(site->gate, request->host) || !gate_origin_is_ours(site->gate, request->origin, !get))
		return tell_text(STATUS_FORBIDDEN, "This address is not meant for you.\n");
	if (!get && !post)
		return tell_text(STATUS_METHOD, "Only GET and POST are answered.\n");
	if (get && strcmp(request->url, "/") == 0)
		return let_in(site, request);
	const char *path = path_below_key(site, request->url);
	if (!path)
		return tell_text(STATUS_FORBIDDEN, "This address is not valid.\n");
	if (request->too_large)
		return tell_text(STATUS_TOO_LARGE, "This is too much at once.\n");
	return get ? answer_get(site, request, path) : answer_post(site, request, path);
}

void site_answer_clear(struct site_answer *answer)
{
	g_clear_pointer(&answer->body, g_bytes_unref);
	g_clear_pointer(&answer->location, g_free);
}

// --- the site

struct site *site_new(struct desk *desk, unsigned port, const char *person, GError **error)
{
	struct gate *gate = gate_new(port, error);
	if (!gate)
		return NULL;
	struct site *site = g_new(struct site, 1);
	*site = (struct site){desk, gate, port, g_strdup(person)};
	return site;
}

void site_free(struct site *site)
{
	if (!site)
		return;
	gate_free(site->gate);
	g_free(site->person);
	g_free(site);
}

char *site_address(struct site *site)
{
	const char *invitation = gate_invite(site->gate);
	return invitation ? g_strdup_printf("http://127.0.0.1:%u/?token=%s", site->port, invitation) : NULL;
}
