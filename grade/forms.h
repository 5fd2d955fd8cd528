// SPDX-License-Identifier: GPL-3.0-or-later
// From a form's sheet to the master: which of the exam file's items and choices a mark stands for. Everything after
// this speaks of the master's items. Also what cannot be translated: pages of a form that the exam file does not have,
// and pages of one student that are of different forms.
#ifndef SHEAF_GRADE_FORMS_H
#define SHEAF_GRADE_FORMS_H

#include <glib.h>
#include <stdbool.h>

#include "grade/page.h"
#include "sheet/exam.h"
#include "sheet/layout.h"

struct form_mark {
	unsigned item; // index into exam.items
	exam_choices marked;
};

// What a mark of the page says. False for a digit of the student ID, which is nobody's item. The page's form, if it has
// one, must be one of the exam's.
bool forms_translate(const struct layout *layout, const struct answers *answers, const struct answers_mark *mark,
	struct form_mark *translated);

// "12 on this sheet, form B" where the mark's place has another name there than its item; "" elsewhere. Owned by the
// caller.
char *forms_place_text(const struct layout *layout, const struct answers *answers, const struct answers_mark *mark);

// Sets aside the pages that were read, but whose form is not known.
void forms_check(struct batch_page *pages, unsigned n_pages, const struct exam *exam);

// Sets aside the pages (struct batch_page *) of one student that are of another form than the first one. Whether there
// were any.
bool forms_settle(GPtrArray *pages);

#endif
