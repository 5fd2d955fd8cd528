// SPDX-License-Identifier: GPL-3.0-or-later
// A small batch as `sheaf grade` leaves it in a session, with one of each kind of thing that a person settles, and the
// desk that it is reviewed on; no scan was read for it. Fails the test at hand where that is not possible.
#ifndef SHEAF_TESTS_SMALL_BATCH_H
#define SHEAF_TESTS_SMALL_BATCH_H

#include "review/desk.h"

struct small_batch {
	char *folder; // of its own
	struct exam *exam;
	struct layout *layout;
	struct roster *roster;
	struct session *session;
	struct desk_hooks hooks;
	struct desk *desk;
};

#define SMALL_BATCH_STUDENT "1001" // is on the roster and has a doubtful mark, a page of which one scan contradicts
#define SMALL_BATCH_STRANGER "9999"

// exam and roster: the files' texts. file: the name of the file that the pages are in. Whoever frees it has the folder
// removed.
struct small_batch *small_batch_new(const char *exam, const char *roster, const char *file);
void small_batch_free(struct small_batch *batch);

// Forgets what was decided.
void small_batch_reset(struct small_batch *batch);

#endif
