// SPDX-License-Identifier: GPL-3.0-or-later
// Serves the review on 127.0.0.1. Knows sockets and libmicrohttpd, and how much may come in; review/site.h knows what
// is answered, and to whom.
#ifndef SHEAF_REVIEW_SERVER_H
#define SHEAF_REVIEW_SERVER_H

#include "review/desk.h"

struct server;

// Listens; port 0 takes any that is free. NULL with error set. desk outlives it. person: who decides unless the page
// says otherwise.
struct server *server_new(struct desk *desk, unsigned port, const char *person, GError **error);
void server_free(struct server *server); // accepts NULL

// A new address that lets one browser in. Owned by the caller; NULL if too many are open.
char *server_address(struct server *server);

// Answers what came in, waiting up to so many milliseconds for it, and then writes the results if they changed. False
// with error set if they cannot be written; the decisions are kept all the same.
bool server_turn(struct server *server, unsigned wait_ms, GError **error);

#endif
