// SPDX-License-Identifier: GPL-3.0-or-later
// Grades a batch twice: all of it in memory, and paper by paper, with marks fetched when they are needed. Both must say
// the same, or the test at hand fails.
#ifndef SHEAF_TESTS_PIECEMEAL_H
#define SHEAF_TESTS_PIECEMEAL_H

#include "grade/batch.h"

struct piecemeal {
	const struct layout *layout;
	GPtrArray *texts; // answers as a session keeps them, by rank; NULL where there is none
};

struct piecemeal piecemeal_begin(const struct layout *layout);

// What the second batch is given in the place of a page's answers, which stay the caller's.
struct answers *piecemeal_head(struct piecemeal *piecemeal, uint64_t rank, const struct answers *answers);

// Finishes both; the first one's results are the caller's.
struct results *piecemeal_finish(struct piecemeal *piecemeal, struct batch *whole, struct batch *heads);

#endif
