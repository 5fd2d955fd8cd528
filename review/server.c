// SPDX-License-Identifier: GPL-3.0-or-later
// One thread: requests are answered one after another, so that decisions of several people come in an order and none
// sees half of another's. What takes long (a scan to decode) is short against a person's glance.
#include "review/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>

#include "review/site.h"

#define MOST_CONNECTIONS 64
#define IDLE_SECONDS 60
#define CONNECTION_BYTES (32 * 1024) // for a request's line and headers; longer ones are refused

// Nothing from elsewhere, nothing inline, no frames, no forms.
#define POLICY                                                                                                         \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "                \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// With every answer.
static const char *const HEADERS[][2] = {
	{"Content-Security-Policy", POLICY},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cache-Control", "no-store"},
};

struct server {
	struct desk *desk;
	struct site *site;
	struct MHD_Daemon *daemon;
};

// A request while its body comes in.
struct incoming {
	GByteArray *body;
	bool too_large;
};

// Takes what is in the answer.
static enum MHD_Result send_answer(struct MHD_Connection *connection, struct site_answer *answer)
{
	size_t size;
	const void *data = g_bytes_get_data(answer->body, &size);
	struct MHD_Response *response =
		MHD_create_response_from_buffer(size, (void *)(uintptr_t)data, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result = MHD_NO;
	if (response) {
		MHD_add_response_header(response, "Content-Type", answer->type);
		for (size_t i = 0; i < G_N_ELEMENTS(HEADERS); i++)
			MHD_add_response_header(response, HEADERS[i][0], HEADERS[i][1]);
		if (answer->location)
			MHD_add_response_header(response, "Location", answer->location);
		result = MHD_queue_response(connection, answer->status, response);
		MHD_destroy_response(response);
	}
	site_answer_clear(answer);
	return result;
}

static const char *argument(void *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
}

struct header {
	const char *name, *value;
	unsigned n;
};

static enum MHD_Result count_header(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct header *header = data;
	(void)kind;
	if (g_ascii_strcasecmp(name, header->name) == 0) {
		header->value = value ? value : "";
		header->n++;
	}
	return MHD_YES;
}

// NULL where there is none; "" where there are several: of two that differ, one is not ours.
static const char *only_header(struct MHD_Connection *connection, const char *name)
{
	struct header header = {.name = name};
	MHD_get_connection_values(connection, MHD_HEADER_KIND, count_header, &header);
	return header.n > 1 ? "" : header.value;
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection, const char *url,
	const char *method, const struct incoming *incoming)
{
	const struct site_request request = {
		.method = method,
		.url = url,
		.host = only_header(connection, "Host"),
		.origin = only_header(connection, "Origin"),
		.argument = argument,
		.data = connection,
		.body = incoming->body->data,
		.body_size = incoming->body->len,
		.too_large = incoming->too_large,
	};
	struct site_answer told = site_answer(server->site, &request);
	return send_answer(connection, &told);
}

static bool announces_too_much(struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
	guint64 bytes;
	return length && (!g_ascii_string_to_unsigned(length, 10, 0, SITE_MOST_BODY_BYTES, &bytes, NULL));
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
		incoming->too_large |= incoming->body->len + *upload_size > SITE_MOST_BODY_BYTES;
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
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL, (uint16_t)port, NULL, NULL, on_request, server,
		MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT, MOST_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_BYTES, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
	const union MHD_DaemonInfo *info =
		server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	if (info) {
		server->site = site_new(desk, info->port, person, error);
	} else {
		g_set_error(error, DESK_ERROR, DESK_ERROR_FAILED, "nothing can be served on 127.0.0.1%s",
			port ? ": is the port taken?" : "");
	}
	if (server->site)
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
	site_free(server->site);
	g_free(server);
}

char *server_address(struct server *server)
{
	return site_address(server->site);
}

bool server_turn(struct server *server, unsigned wait_ms, GError **error)
{
	MHD_run_wait(server->daemon, (int32_t)wait_ms);
	return !desk_is_dirty(server->desk) || desk_write(server->desk, error);
}
