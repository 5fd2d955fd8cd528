// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker says about the files that it was given, message by message: which may follow which, and what of it is
// passed on. A worker may have been taken over by what it decoded, so nothing is believed that does not fit. Knows the
// wire and the handlers; no processes, no clocks.
#ifndef SHEAF_CLI_TALK_H
#define SHEAF_CLI_TALK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/pool.h"

// A file that is being read: its page is the next expected; n_pages is 0 once it is known that there are none.
struct talk_file {
	unsigned file, page, n_pages;
	bool counted; // it was said how many pages there are
};

struct talk {
	const struct layout *layout;
	const struct pool_handlers *handlers;
	bool explain;
	bool busy, ahead;           // about a file: now; and about another one when that is done: next
	struct talk_file now, next; // which of the two holds what is said by busy and ahead
	unsigned ended;             // files that were done so far
	bool draws;                 // it was made to draw pages of PDFs
	bool must_draw; // it says that the next page is one that it cannot draw: nothing more is to come of it
	GByteArray *in; // of a message, what has come so far
};

// A new conversation with a new worker; in is made at the first call.
void talk_init(struct talk *talk, const struct layout *layout, const struct pool_handlers *handlers, bool explain);
void talk_clear(struct talk *talk);

// A file is handed over, from a page on; n_pages as far as it is known. One more can be while the first is being read.
void talk_begin(struct talk *talk, unsigned file, unsigned page, unsigned n_pages);

// Takes in what came, and passes on what is whole: pages (page counts them), pictures, that there is no page, and that
// the file is done (ended counts it, and the next one is at hand). False if the worker makes no sense: nothing it says
// is to be heard any more.
bool talk_hear(struct talk *talk, const uint8_t *bytes, size_t size);

#endif
