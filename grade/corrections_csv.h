// SPDX-License-Identifier: GPL-3.0-or-later
// corrections.csv: a row for everything that a person decided, in the order in which it was. Knows the columns.
#ifndef SHEAF_GRADE_CORRECTIONS_CSV_H
#define SHEAF_GRADE_CORRECTIONS_CSV_H

#include "grade/rulings.h"

// The file's text: `time,person,item,from,to,reason,kind,student_id,page,file,state`. What was undone stays, and the
// undoing is a row of its own. rulings may be NULL. Owned by the caller; csv_out_save writes it.
char *corrections_csv(const struct rulings *rulings);

#endif
