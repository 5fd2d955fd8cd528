// SPDX-License-Identifier: GPL-3.0-or-later
// What is right in one row of bubbles: its accepted keys, whichever question or part they stand in. Knows no points.
#ifndef SHEAF_GRADE_KEYS_H
#define SHEAF_GRADE_KEYS_H

#include <stdbool.h>

#include "sheet/exam.h"

struct item_keys {
	const struct exam_item *item;
	unsigned n_keys;    // that are accepted; at least 1
	exam_choices keyed; // the choices in any of them
	bool is_settled;    // by an event: dropped, or credit whatever is marked; or only the whole number can be right
};

// Of exam->items[item], which is in the question.
struct item_keys keys_of_item(const struct exam *exam, const struct exam_question *question, unsigned item);

// Whether what is marked is what an accepted key asks for.
bool keys_ask_for(const struct item_keys *keys, exam_choices marked);

#endif
