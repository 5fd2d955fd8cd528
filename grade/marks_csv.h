// SPDX-License-Identifier: GPL-3.0-or-later
// marks.csv: a row an item of every page that was read, so that each point can be traced to a file and a page. Knows
// what was marked and nothing of points.
#ifndef SHEAF_GRADE_MARKS_CSV_H
#define SHEAF_GRADE_MARKS_CSV_H

#include "grade/batch.h"
#include "grade/csv_out.h"

// The file: `student_id,page,file,item,marked,state,reason`, by student in the order of the results, by page, in the
// order of the sheet. page is the page of the student's paper. Some 1.5 KB a page: so it need not be one text. begin
// writes the names of the columns, put a student's rows.
void marks_csv_begin(struct csv_out *out);
void marks_csv_put(struct csv_out *out, const struct student *student, const struct layout *layout);

// The same as a text, owned by the caller.
char *marks_csv(const struct results *results);

#endif
