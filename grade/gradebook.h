// SPDX-License-Identifier: GPL-3.0-or-later
// gradebook.csv: a row a student, a column a question. Knows the columns and nothing of how grades came about.
#ifndef SHEAF_GRADE_GRADEBOOK_H
#define SHEAF_GRADE_GRADEBOOK_H

#include "grade/batch.h"
#include "grade/csv_out.h"

// The file: `student_id,name,<one column a field>,status,score,max_score,Q1,Q2,…`. Students in the order of the
// results. Score and questions are empty where no page was read; in an incomplete paper the questions with an unread
// page are empty, and the score is the sum of the others. begin writes the names of the columns, put a student's row.
void gradebook_begin(struct csv_out *out, const struct exam *exam);
void gradebook_put(struct csv_out *out, const struct student *student, const struct results *results);

// The same as a text, owned by the caller.
char *gradebook_csv(const struct results *results);

#endif
