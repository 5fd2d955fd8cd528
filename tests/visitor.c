// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/visitor.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_S 20
#define PLACE "http://127.0.0.1:"
#define LEADS_TO "Location: "

static int connect_to(unsigned port)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	const struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(server, (const struct sockaddr *)&address, sizeof address) == 0)
		return server;
	close(server);
	return -1;
}

// The first bytes of the answer, as a text; "" if the server ended.
static void talk(unsigned port, const char *request, char *answer, size_t size)
{
	int server = connect_to(port);
	size_t n = 0;
	*answer = '\0';
	if (server < 0)
		return;
	if (send(server, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request))
		for (ssize_t got = 1; got > 0 && n + 1 < size;) {
			got = recv(server, answer + n, size - 1 - n, 0);
			n += got > 0 ? (size_t)got : 0;
		}
	answer[n] = '\0';
	close(server);
}

bool visitor_enter(struct visitor *visitor, const char *text)
{
	char request[400], answer[2000], token[200];
	const char *address = strstr(text, PLACE);
	*visitor = (struct visitor){0};
	if (!address || sscanf(address, PLACE "%u/?token=%199s", &visitor->port, token) != 2)
		return false;
	snprintf(request, sizeof request, "GET /?token=%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n",
		token, visitor->port);
	talk(visitor->port, request, answer, sizeof answer);
	const char *leads = strstr(answer, LEADS_TO);
	return leads && sscanf(leads, LEADS_TO "%199s", visitor->key) == 1;
}

unsigned visitor_ask(const struct visitor *visitor, const char *path, const char *body)
{
	char request[2000], answer[2000];
	unsigned status;
	snprintf(request, sizeof request,
		"%s %s%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nOrigin: http://127.0.0.1:%u\r\nConnection: close\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		body ? "POST" : "GET", visitor->key, path, visitor->port, visitor->port, body ? strlen(body) : 0,
		body ? body : "");
	talk(visitor->port, request, answer, sizeof answer);
	return sscanf(answer, "HTTP/1.1 %u", &status) == 1 ? status : 0;
}
