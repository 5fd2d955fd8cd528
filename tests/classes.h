// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up classes whose students answer by how able they are, for tests of what is made of many papers. The same seed
// gives the same class.
#ifndef SHEAF_TESTS_CLASSES_H
#define SHEAF_TESTS_CLASSES_H

#include "grade/batch.h"
#include "sheet/exam.h"
#include "sheet/layout.h"

// What one student marks, by item of the exam; fields too. Able students know the layout's exam's keys, others guess,
// and prefer one wrong choice to the others. Owned by the caller.
exam_choices *classes_answer(const struct exam *exam, unsigned seed, unsigned student);

// The student's page as it is read. form is 0 or a letter. Owned by the caller.
struct answers *classes_page(const struct layout *layout, const char *id, unsigned page, const exam_choices *marked);

// The results of n students, "0001" and so on, who know the keys of `known` and are graded by those of `exam` (the same
// exam, but for its keys). change may alter what a student marks; it may be NULL. Freed with results_free.
typedef void classes_change(void *data, unsigned student, exam_choices *marked);
struct results *classes_results(const struct exam *known, const struct exam *exam, const struct layout *layout,
	const struct roster *roster, unsigned n, unsigned seed, classes_change *change, void *data);

#endif
