// SPDX-License-Identifier: GPL-3.0-or-later
// What a person should look at: the rows of exceptions.csv, found in pages and students that are accounted for. Decides
// nothing; only lists.
#ifndef SHEAF_GRADE_FINDINGS_H
#define SHEAF_GRADE_FINDINGS_H

#include "grade/batch.h"

// Fills results->exceptions: first what concerns a page, by rank, then what concerns a student, in their order.
// pages_of[i] are the pages (struct batch_page *) of results->students[i], or NULL.
void findings_collect(struct results *results, GPtrArray **pages_of);

#endif
