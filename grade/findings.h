// SPDX-License-Identifier: GPL-3.0-or-later
// What a person should look at: the rows of exceptions.csv, found in pages and students that are accounted for. Decides
// nothing; only lists.
#ifndef SHEAF_GRADE_FINDINGS_H
#define SHEAF_GRADE_FINDINGS_H

#include "grade/batch.h"

// Adds to found (struct batch_exception, to begin with none) the doubtful marks of a student's pages (struct batch_page
// *), which need be there only now.
void findings_note_marks(GArray *found, GPtrArray *pages, const struct layout *layout);

// Fills results->exceptions: first what concerns a page, by rank, then what concerns a student, in their order.
// pages_of[i] are the pages (struct batch_page *) of results->students[i], or NULL. marks are those found above, of all
// students; they become the results'.
void findings_collect(struct results *results, GPtrArray **pages_of, GArray *marks);

#endif
