// SPDX-License-Identifier: GPL-3.0-or-later
// What a teacher would write on one page of a student's paper: what is right, wrong and missed, and the points. Knows
// answers, keys and points; refuses to know where on a scan anything lies.
#ifndef SHEAF_GRADE_FEEDBACK_H
#define SHEAF_GRADE_FEEDBACK_H

#include <glib.h>
#include <stdbool.h>

#include "grade/batch.h"

enum feedback_sign {
	FEEDBACK_RIGHT,  // marked, and in the key
	FEEDBACK_WRONG,  // marked, and not
	FEEDBACK_MISSED, // in the key, and not marked
	FEEDBACK_DOUBT,  // it is not certain what is marked in this row
};

struct feedback_mark {
	enum feedback_sign sign;
	unsigned item; // index into layout.items
	unsigned choice;
};

struct feedback_points {
	unsigned item; // the question's first row on this page: an index into layout.items
	unsigned last_item;
	char *text;              // "1.5/2"
	bool is_most, is_nought; // all of the points, none of them or less
};

struct feedback {
	GArray *marks;  // struct feedback_mark, by row
	GArray *points; // struct feedback_points, by question
};

// For a page that was read of a student with a score. show_key: also what was missed. Cleared with feedback_clear.
void feedback_init(struct feedback *feedback, const struct results *results, const struct student *student,
	const struct batch_page *page, bool show_key);
void feedback_clear(struct feedback *feedback);

#define FEEDBACK_AUTO __attribute__((cleanup(feedback_clear))) struct feedback // cleared at the end of the scope

#endif
