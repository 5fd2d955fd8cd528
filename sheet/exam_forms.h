// SPDX-License-Identifier: GPL-3.0-or-later
// Forms: versions of an exam that ask the same questions in another order, with their choices in another order. There
// is one key, the master's, which is the exam file's own order; a form only says which of the master's items and
// choices each ring of its sheet stands for. Knows no students and no paper positions: all forms share one layout,
// which is why a question can only stand in the place of one with the same rows of bubbles.
#ifndef SHEAF_SHEET_EXAM_FORMS_H
#define SHEAF_SHEET_EXAM_FORMS_H

#include "sheet/exam.h"

// What stands in the place of one item on a form's sheet.
struct exam_form_place {
	unsigned item;                    // the master's, index into exam.items
	uint8_t choice[EXAM_MAX_CHOICES]; // by the sheet's choice: the master's
};

struct exam_form {
	char letter;                    // 'A' to 'Z'
	struct exam_form_place *places; // by the sheet's item, exam.n_items of them; fields stand for themselves
};

void exam_forms_free(struct exam_form *forms, unsigned n); // accepts NULL

// The form with this letter, or NULL. Borrowed.
const struct exam_form *exam_find_form(const struct exam *exam, char letter);

// Which form a student gets: that of the roster's cell, or where the cell is empty (or NULL) one after another by the
// student's index. 0 if the cell names no form of the exam; also of an exam without forms, whatever the cell says.
char exam_form_for(const struct exam *exam, const char *cell, unsigned index);

// "A, B, C". Owned by the caller.
char *exam_form_letters(const struct exam *exam);

// What is marked in a place of the sheet, in the master's choices; and the reverse.
exam_choices exam_form_to_master(const struct exam_form_place *place, exam_choices marked);
exam_choices exam_form_from_master(
	const struct exam_form_place *place, const struct exam_item *item, exam_choices choices);

#endif
