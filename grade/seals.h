// SPDX-License-Identifier: GPL-3.0-or-later
// Which pages are believed to be whose they say they are. Knows what came of checking each page's seal; knows no keys.
#ifndef SHEAF_GRADE_SEALS_H
#define SHEAF_GRADE_SEALS_H

#include <glib.h>
#include <stdbool.h>

#include "grade/page.h"

// Of the pages that were read, how many are in each state of sheet/seal.h.
#define SEALS_N_STATES 5

struct seals {
	unsigned counts[SEALS_N_STATES]; // by enum seal_state
	bool proven; // every page that counts has a valid seal, or a person vouched: the others were set aside
};

// Counts the seals, and sets aside as BATCH_KIND_FORGED what is not to be believed. A wrong seal never is. A page
// without a seal is not, if another page's seal was checked, or if seals are required: the stack was printed with them.
// Where no page's was, the stack was printed before there was a key, or without one, and all that can be done is to say
// so. Nor is a seal believed that could not be checked, for want of the key, where others could.
//
// What one page says thus never depends on the order of pages, only on what the batch holds.
struct seals seals_enforce(struct batch_page *pages, unsigned n_pages, bool required);

#endif
