// SPDX-License-Identifier: GPL-3.0-or-later
// Whose a sheet without a printed name is: its serial holds the pages together, and the student filled in an ID on
// page 1. Knows the digit columns; refuses to guess a digit, and knows no roster.
#ifndef SHEAF_GRADE_WALK_IN_H
#define SHEAF_GRADE_WALK_IN_H

#include "grade/page.h"
#include "sheet/layout.h"

// Gives each page that has a serial its student_id (kept in texts), or sets it aside as ANSWERS_KIND_NO_IDENTITY with a
// sentence that says which digit is at fault. Pages stand by rank.
void walk_in_identify(struct batch_page *pages, unsigned n_pages, const struct layout *layout, GStringChunk *texts);

// The student ID filled in on page 1: the digits from left to right, with blank columns at the end only. NULL, with
// *problem set to a phrase, if that is not what is there. Both are owned by the caller.
char *walk_in_student_id(const struct answers *answers, const struct layout *layout, char **problem);

#endif
