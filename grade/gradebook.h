// SPDX-License-Identifier: GPL-3.0-or-later
// gradebook.csv: a row a student, a column a question. Knows the columns and nothing of how grades came about.
#ifndef SHEAF_GRADE_GRADEBOOK_H
#define SHEAF_GRADE_GRADEBOOK_H

#include "grade/batch.h"

// The file's text: `student_id,name,<one column a field>,status,score,max_score,Q1,Q2,…`. Students in the order of the
// results. Score and questions are empty where no page was read; in an incomplete paper the questions with an unread
// page are empty, and the score is the sum of the others. Owned by the caller; csv_out_save writes it.
char *gradebook_csv(const struct results *results);

#endif
