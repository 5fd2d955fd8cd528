// SPDX-License-Identifier: GPL-3.0-or-later
// Who may come in. An invitation is for one use and is exchanged for a key, which is part of every address after; so
// neither a list of processes nor a browser's history of the first address lets anybody else in. Knows texts; no
// sockets.
#ifndef SHEAF_REVIEW_GATE_H
#define SHEAF_REVIEW_GATE_H

#include <glib.h>
#include <stdbool.h>

struct gate;

// port: the only one that requests may be meant for. NULL with error set if the system gives no random bytes.
struct gate *gate_new(unsigned port, GError **error);
void gate_free(struct gate *gate); // accepts NULL

// A new invitation, for one use. Borrowed until the gate is freed. NULL if too many are open.
const char *gate_invite(struct gate *gate);

// Takes an invitation: the key to come in with, or NULL if it is none, or was used. Borrowed.
const char *gate_enter(struct gate *gate, const char *invitation);

// Whether this is the key; it takes as long for any text of its length.
bool gate_opens(const struct gate *gate, const char *key);

// Whether a request's Host is this program's address, and not a name that somebody made lead here; and whether its
// Origin is this program's own page. NULL is a header that is not there: no Host is never good, no Origin only where a
// request changes nothing.
bool gate_host_is_ours(const struct gate *gate, const char *host);
bool gate_origin_is_ours(const struct gate *gate, const char *origin, bool changes);

#endif
