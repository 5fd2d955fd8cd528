// SPDX-License-Identifier: GPL-3.0-or-later
// What follows from all decisions together: which of them hold, and what they make of a page that was read. Of several
// about one thing the last holds, and one that was undone does not. Knows pages one at a time; refuses to know why
// something was in doubt.
#ifndef SHEAF_GRADE_RULINGS_H
#define SHEAF_GRADE_RULINGS_H

#include <glib.h>
#include <stdbool.h>

#include "grade/decision.h"
#include "sheet/answers.h"
#include "sheet/layout.h"

// What was decided about one page beside its marks.
struct page_ruling {
	const char *student;              // whose it is; NULL if nobody said so. Borrowed from the rulings
	const struct decision *set_aside; // it counts for nothing, by this decision; NULL if it counts
};

struct rulings;

// From all decisions (struct decision *) in the order in which they were made; the array becomes the rulings'. The
// caller frees with rulings_free.
struct rulings *rulings_new(GPtrArray *decisions);
void rulings_free(struct rulings *rulings); // accepts NULL

// All decisions, also those that do not hold. Borrowed.
const GPtrArray *rulings_decisions(const struct rulings *rulings);

// Makes of a page what was decided about it: marks are changed in place; a page whose reader did not know whose it is
// becomes one that was read, with the marks as they were read, or, where none could be read, with every item left for a
// person to enter. rulings may be NULL.
void rulings_apply(struct rulings *rulings, const char *content, unsigned number, const struct layout *layout,
	struct answers **answers, struct page_ruling *ruling);

// Whether it was decided that this page of a student will not come, or that the student may stay without being on the
// roster. rulings may be NULL.
bool rulings_page_is_lost(struct rulings *rulings, const char *student, unsigned page);
bool rulings_student_may_stay(struct rulings *rulings, const char *student);

// What became of a decision: "holds", "undone", "replaced" by a later one, "reopened" since the page it is about is not
// among the scans any more. To be asked when all pages were applied. Static.
const char *rulings_state(const struct rulings *rulings, const struct decision *decision);

// The decision that holds about an item of a page, or about the page if item is NULL and of this kind; NULL if none
// does. Borrowed.
const struct decision *rulings_find(
	const struct rulings *rulings, enum decision_kind kind, const char *content, unsigned number, const char *item);

#endif
