// SPDX-License-Identifier: GPL-3.0-or-later
// A browser's part towards `sheaf review`: requests over the network, and what is answered. Asks for no memory, so that
// it goes on where a test leaves none.
#ifndef SHEAF_TESTS_VISITOR_H
#define SHEAF_TESTS_VISITOR_H

#include <stdbool.h>

struct visitor {
	unsigned port;
	char key[200]; // the path below which everything is, "/r/KEY/"; "" until visitor_enter
};

// By the address that the review printed somewhere in text. False if there is none, or nobody lets one in.
bool visitor_enter(struct visitor *visitor, const char *text);

// What is answered to a path below the key, as HTTP counts; 0 if nothing is. body: JSON to send; NULL only asks.
unsigned visitor_ask(const struct visitor *visitor, const char *path, const char *body);

#endif
