// SPDX-License-Identifier: GPL-3.0-or-later
// One thread: requests are answered one after another, so that decisions of several people come in an order and none
// sees half of another's. What takes long (a scan to decode) is short against a person's glance.
#include "review/server.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

#include "review/action.h"
#include "review/assets.h"
#include "review/gate.h"
#include "review/view.h"

#define MOST_BODY_BYTES (64 * 1024)
#define MOST_CONNECTIONS 64
#define IDLE_SECONDS 60
#define CONNECTION_BYTES (32 * 1024) // for a request's line and headers; longer ones are refused
#define PX_PER_MM_MOST 20

// Nothing from elsewhere, nothing inline, no frames, no forms.
#define POLICY                                                                                                         \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "                \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

struct server {
	struct desk *desk;
	struct gate *gate;
	struct MHD_Daemon *daemon;
	unsigned port;
	char *person;
};

// A request while its body comes in.
struct incoming {
	GByteArray *body;
	bool too_large;
};

// --- answers

static enum MHD_Result send_bytes(
	struct MHD_Connection *connection, unsigned status, const char *type, GBytes *bytes, const char *location)
{
	size_t size;
	const void *data = g_bytes_get_data(bytes, &size);
	struct MHD_Response *response =
		MHD_create_response_from_buffer(size, (void *)(uintptr_t)data, MHD_RESPMEM_MUST_COPY);
	g_bytes_unref(bytes);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", type);
	MHD_add_response_header(response, "Content-Security-Policy", POLICY);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "X-Frame-Options", "DENY");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	if (location)
		MHD_add_response_header(response, "Location", location);
	enum MHD_Result result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result send_text(struct MHD_Connection *connection, unsigned status, const char *text)
{
	return send_bytes(connection, status, "text/plain; charset=utf-8", g_bytes_new(text, strlen(text)), NULL);
}

// Takes the JSON.
static enum MHD_Result send_json(struct MHD_Connection *connection, unsigned status, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!text)
		return send_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "this cannot be told");
	GBytes *bytes = g_bytes_new(text, strlen(text));
	free(text);
	return send_bytes(connection, status, "application/json", bytes, NULL);
}

static enum MHD_Result send_error(struct MHD_Connection *connection, GError *error)
{
	static const unsigned STATUSES[] = {[DESK_ERROR_WRONG] = MHD_HTTP_BAD_REQUEST,
		[DESK_ERROR_OVERTAKEN] = MHD_HTTP_CONFLICT,
		[DESK_ERROR_GONE] = MHD_HTTP_NOT_FOUND,
		[DESK_ERROR_FAILED] = MHD_HTTP_INTERNAL_SERVER_ERROR};
	unsigned status = error->domain == DESK_ERROR ? STATUSES[error->code] : MHD_HTTP_INTERNAL_SERVER_ERROR;
	json_t *told = json_pack("{s:s}", "error", error->message);
	g_error_free(error);
	return send_json(connection, status, told);
}

static enum MHD_Result send_nothing_there(struct MHD_Connection *connection)
{
	return send_json(connection, MHD_HTTP_NOT_FOUND, json_pack("{s:s}", "error", "there is no such thing"));
}

static const char *argument(struct MHD_Connection *connection, const char *name)
{
	const char *value = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
	return value && g_utf8_validate(value, -1, NULL) ? value : "";
}

// --- pieces of scans

static bool number_argument(struct MHD_Connection *connection, const char *name, int32_t most, int32_t *value)
{
	gint64 number;
	if (!g_ascii_string_to_signed(argument(connection, name), 10, -most, most, &number, NULL))
		return false;
	*value = (int32_t)number;
	return true;
}

static bool piece_of(struct MHD_Connection *connection, const struct layout *layout, struct picture_piece *piece)
{
	int32_t scale;
	int32_t most = 2 * MAX(layout->width_um, layout->height_um);
	if (!number_argument(connection, "x", most, &piece->left_um) ||
		!number_argument(connection, "y", most, &piece->top_um) ||
		!number_argument(connection, "w", most, &piece->width_um) ||
		!number_argument(connection, "h", most, &piece->height_um) ||
		!number_argument(connection, "dx", PLACEMENT_MOST_SHIFT_UM, &piece->shift.dx_um) ||
		!number_argument(connection, "dy", PLACEMENT_MOST_SHIFT_UM, &piece->shift.dy_um) ||
		!number_argument(connection, "scale", PX_PER_MM_MOST, &scale) || scale < 1)
		return false;
	piece->px_per_mm = scale;
	return true;
}

static enum MHD_Result send_piece(struct server *server, struct MHD_Connection *connection, bool whole)
{
	GError *error = NULL;
	struct picture_piece piece = {0};
	const struct layout *layout = desk_results(server->desk)->layout;
	const struct batch_page *page = desk_find_page(server->desk, argument(connection, "page"));
	if (!page || (!whole && (!page->answers->placement || !piece_of(connection, layout, &piece))))
		return send_nothing_there(connection);
	const struct picture *picture = desk_picture(server->desk, page, &error);
	if (!picture)
		return send_error(connection, error);
	GBytes *png =
		whole ? picture_whole(picture, 1800) : picture_cut(picture, page->answers->placement, layout, &piece);
	return png ? send_bytes(connection, MHD_HTTP_OK, "image/png", png, NULL) : send_nothing_there(connection);
}

// --- what there is

static enum MHD_Result answer_get(struct server *server, struct MHD_Connection *connection, const char *path)
{
	const struct desk *desk = server->desk;
	for (size_t i = 0; i < N_ASSETS; i++)
		if (strcmp(path, *path ? ASSETS[i].name : "") == 0 || (!*path && i == 0))
			return send_bytes(connection, MHD_HTTP_OK, ASSETS[i].type,
				g_bytes_new_static(ASSETS[i].bytes, ASSETS[i].size), NULL);
	if (strcmp(path, "piece.png") == 0 || strcmp(path, "scan.png") == 0)
		return send_piece(server, connection, path[0] == 's');
	json_t *told = NULL;
	if (strcmp(path, "api/overview") == 0) {
		const char *person = argument(connection, "person");
		told = view_overview(desk, person);
		json_object_set_new(told, "person", json_string(server->person));
	} else if (strcmp(path, "api/flag") == 0) {
		const struct desk_flag *flag = desk_find_flag(desk, argument(connection, "id"));
		told = flag ? view_flag(desk, flag) : NULL;
	} else if (strcmp(path, "api/page") == 0) {
		const struct batch_page *page = desk_find_page(desk, argument(connection, "page"));
		told = page ? view_page(desk, page) : NULL;
	} else if (strcmp(path, "api/student") == 0) {
		const struct student *student = desk_find_student(desk, argument(connection, "id"));
		told = student ? view_student(desk, student) : NULL;
	} else if (strcmp(path, "api/search") == 0) {
		told = view_search(desk, argument(connection, "q"));
	} else if (strcmp(path, "api/history") == 0) {
		told = view_history(desk);
	}
	return told ? send_json(connection, MHD_HTTP_OK, told) : send_nothing_there(connection);
}

static enum MHD_Result answer_post(
	struct server *server, struct MHD_Connection *connection, const char *path, const GByteArray *body)
{
	GError *error = NULL;
	if (strcmp(path, "api/invite") == 0) {
		g_autofree char *address = server_address(server);
		return address ? send_json(connection, MHD_HTTP_OK, json_pack("{s:s}", "address", address))
			       : send_text(connection, MHD_HTTP_TOO_MANY_REQUESTS, "too many invitations are open");
	}
	if (strcmp(path, "api/decide") != 0)
		return send_nothing_there(connection);
	json_t *request = json_loadb((const char *)body->data, body->len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(request)) {
		json_decref(request);
		return send_text(connection, MHD_HTTP_BAD_REQUEST, "this is no request");
	}
	const char *person = json_string_value(json_object_get(request, "person"));
	bool done = action_run(server->desk, request, &error);
	enum MHD_Result result =
		done ? send_json(connection, MHD_HTTP_OK, view_overview(server->desk, person ? person : ""))
		     : send_error(connection, error);
	json_decref(request);
	return result;
}

// --- who may ask

// The path below the key; NULL if the key is wrong.
static const char *path_below_key(const struct server *server, const char *url)
{
	if (!g_str_has_prefix(url, "/r/"))
		return NULL;
	const char *key = url + strlen("/r/"), *slash = strchr(key, '/');
	g_autofree char *given = slash ? g_strndup(key, (gsize)(slash - key)) : NULL;
	return given && gate_opens(server->gate, given) ? slash + 1 : NULL;
}

static enum MHD_Result let_in(struct server *server, struct MHD_Connection *connection)
{
	const char *key = gate_enter(server->gate, argument(connection, "token"));
	if (!key)
		return send_text(connection, MHD_HTTP_FORBIDDEN,
			"This address is not valid, or was used before. Take the one that sheaf review prints, or ask "
			"for another on the page that is open.\n");
	g_autofree char *location = g_strdup_printf("/r/%s/", key);
	return send_bytes(
		connection, MHD_HTTP_SEE_OTHER, "text/plain; charset=utf-8", g_bytes_new_static("", 0), location);
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection, const char *url,
	const char *method, const struct incoming *incoming)
{
	bool get = strcmp(method, "GET") == 0, post = strcmp(method, "POST") == 0;
	const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
	const char *origin = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Origin");
	if (!gate_host_is_ours(server->gate, host) || !gate_origin_is_ours(server->gate, origin, !get))
		return send_text(connection, MHD_HTTP_FORBIDDEN, "This address is not meant for you.\n");
	if (!get && !post)
		return send_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET and POST are answered.\n");
	if (get && strcmp(url, "/") == 0)
		return let_in(server, connection);
	const char *path = path_below_key(server, url);
	if (!path)
		return send_text(connection, MHD_HTTP_FORBIDDEN, "This address is not valid.\n");
	if (incoming->too_large)
		return send_text(connection, MHD_HTTP_CONTENT_TOO_LARGE, "This is too much at once.\n");
	return get ? answer_get(server, connection, path) : answer_post(server, connection, path, incoming->body);
}

// --- libmicrohttpd's side

static bool announces_too_much(struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
	guint64 bytes;
	return length && (!g_ascii_string_to_unsigned(length, 10, 0, MOST_BODY_BYTES, &bytes, NULL));
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_size, void **state)
{
	struct incoming *incoming = *state;
	(void)version;
	if (!incoming) {
		*state = incoming = g_new0(struct incoming, 1);
		incoming->body = g_byte_array_new();
		incoming->too_large = announces_too_much(connection);
		// Answered before the body comes; libmicrohttpd then closes.
		return incoming->too_large ? answer(data, connection, url, method, incoming) : MHD_YES;
	}
	if (*upload_size) {
		incoming->too_large |= incoming->body->len + *upload_size > MOST_BODY_BYTES;
		if (!incoming->too_large)
			g_byte_array_append(incoming->body, (const guint8 *)upload, (guint)*upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	return answer(data, connection, url, method, incoming);
}

static void on_end(void *data, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
	struct incoming *incoming = *state;
	(void)data, (void)connection, (void)code;
	if (!incoming)
		return;
	g_byte_array_unref(incoming->body);
	g_free(incoming);
	*state = NULL;
}

struct server *server_new(struct desk *desk, unsigned port, const char *person, GError **error)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct server *server = g_new0(struct server, 1);
	server->desk = desk;
	server->person = g_strdup(person);
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL, (uint16_t)port, NULL, NULL, on_request, server,
		MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT, MOST_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_BYTES, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
	const union MHD_DaemonInfo *info =
		server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	if (info) {
		server->port = info->port;
		server->gate = gate_new(server->port, error);
	} else {
		g_set_error(error, DESK_ERROR, DESK_ERROR_FAILED, "nothing can be served on 127.0.0.1%s",
			port ? ": is the port taken?" : "");
	}
	if (server->gate)
		return server;
	server_free(server);
	return NULL;
}

void server_free(struct server *server)
{
	if (!server)
		return;
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	gate_free(server->gate);
	g_free(server->person);
	g_free(server);
}

char *server_address(struct server *server)
{
	const char *invitation = gate_invite(server->gate);
	return invitation ? g_strdup_printf("http://127.0.0.1:%u/?token=%s", server->port, invitation) : NULL;
}

bool server_turn(struct server *server, unsigned wait_ms, GError **error)
{
	MHD_run_wait(server->daemon, (int32_t)wait_ms);
	return !desk_is_dirty(server->desk) || desk_write(server->desk, error);
}
