// SPDX-License-Identifier: GPL-3.0-or-later
// One student's paper: from the pages that are read to marks, points and a status. Knows one student at a time; which
// of several scans of a page is read was decided before (grade/copies.h).
#ifndef SHEAF_GRADE_PAPER_H
#define SHEAF_GRADE_PAPER_H

#include <stdbool.h>

#include "grade/batch.h"

// Fills in everything of *student but id and row. pages are struct batch_page *, all of the student's by rank, or NULL
// if there are none. flagged: a conflict was found among them. results gives exam, layout and roster.
void paper_account(struct student *student, GPtrArray *pages, bool flagged, const struct results *results);

// What the student's score would be with these marks, by item of the exam, on a paper with every page.
struct rational paper_total_if(
	const struct student *student, const exam_choices *marked, const struct results *results);

// Drops marks and points by question; the total, the status and which pages there are stay.
void paper_forget(struct student *student);

void paper_clear(struct student *student);

#endif
