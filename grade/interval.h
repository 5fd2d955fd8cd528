// SPDX-License-Identifier: GPL-3.0-or-later
// How much may still change: the lowest and the highest score that a student can end with, whatever is decided about
// what is open. Knows doubts and the scoring rules as a whole; decides nothing.
#ifndef SHEAF_GRADE_INTERVAL_H
#define SHEAF_GRADE_INTERVAL_H

#include "grade/batch.h"

struct interval {
	struct rational low, high;
};

// Over everything that is open for the student: doubtful marks, pages that are missing, scans that contradict. Equal
// ends where nothing is.
struct interval interval_of_student(const struct results *results, const struct student *student);

// Over what may be marked in one item (index into exam.items) while all else stays as it is.
struct interval interval_of_item(const struct results *results, const struct student *student, unsigned item);

// A single row of bubbles can be blank, or have any one mark, or those that were read, or those of the key. Where
// questions depend on several rows at once (require: permutation), the best and the worst are looked for row by row
// from the key and from what was read, and not in every combination.

#endif
