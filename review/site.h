// SPDX-License-Identifier: GPL-3.0-or-later
// What is answered to whom: which address means what, who may ask, and what a request's arguments and body have to be.
// Knows requests as texts; refuses to know sockets and libmicrohttpd, so that everything that is said to the review can
// be tried without either.
//
//	/?token=INVITATION   once: leads to the page
//	/r/KEY/              the page; its script and style beside it
//	/r/KEY/api/...       what there is (GET), and what is decided (POST, JSON)
//	/r/KEY/piece.png     a piece of a scan
#ifndef SHEAF_REVIEW_SITE_H
#define SHEAF_REVIEW_SITE_H

#include "review/desk.h"

#define SITE_MOST_BODY_BYTES (64 * 1024)

struct site;

// All borrowed for the call.
struct site_request {
	const char *method, *url;  // the path, without arguments
	const char *host, *origin; // headers; NULL where there is none
	// The argument of that name behind the path's question mark; NULL if there is none. Any bytes.
	const char *(*argument)(void *data, const char *name);
	void *data;
	const uint8_t *body;
	size_t body_size;
	bool too_large; // the body is, or says that it will be: it is not here
};

struct site_answer {
	unsigned status;  // as HTTP counts
	const char *type; // of the body; static
	GBytes *body;
	char *location; // where to go instead; mostly NULL
};

// port: the only one that requests may be meant for. desk outlives it. person: who decides unless the page says
// otherwise. NULL with error set if the system gives no random bytes.
struct site *site_new(struct desk *desk, unsigned port, const char *person, GError **error);
void site_free(struct site *site); // accepts NULL

// A new address that lets one browser in. Owned by the caller; NULL if too many are open.
char *site_address(struct site *site);

// Always an answer, which site_answer_clear frees.
struct site_answer site_answer(struct site *site, const struct site_request *request);
void site_answer_clear(struct site_answer *answer);

#endif
