// SPDX-License-Identifier: GPL-3.0-or-later
// marks.csv: a row an item of every page that was read, so that each point can be traced to a file and a page. Knows
// what was marked and nothing of points.
#ifndef SHEAF_GRADE_MARKS_CSV_H
#define SHEAF_GRADE_MARKS_CSV_H

#include "grade/batch.h"

// The file's text: `student_id,page,file,item,marked,state,reason`, by student in the order of the results, by page, in
// the order of the sheet. page is the page of the student's paper. Owned by the caller; csv_out_save writes it.
char *marks_csv(const struct results *results);

#endif
