// SPDX-License-Identifier: GPL-3.0-or-later
// exceptions.csv: a row for everything that a person should look at. Knows the columns; grade/batch.h finds the
// exceptions.
#ifndef SHEAF_GRADE_EXCEPTIONS_CSV_H
#define SHEAF_GRADE_EXCEPTIONS_CSV_H

#include "grade/batch.h"

// The file's text: `kind,file,page,student_id,item,detail`, in the order of the results. Owned by the caller;
// csv_out_save writes it.
char *exceptions_csv(const struct results *results);

#endif
