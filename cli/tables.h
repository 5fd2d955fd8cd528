// SPDX-License-Identifier: GPL-3.0-or-later
// gradebook.csv and marks.csv as they are written, a student at a time, so that neither is ever a text in memory. Both
// come into being whole or not at all, and neither before both are on disk. Knows files; the rows are
// grade/gradebook.h's and grade/marks_csv.h's.
#ifndef SHEAF_CLI_TABLES_H
#define SHEAF_CLI_TABLES_H

#include <glib.h>
#include <stdbool.h>

#include "grade/batch.h"
#include "grade/csv_out.h"
#include "grade/file_out.h"

#define TABLES_GRADEBOOK "gradebook.csv"
#define TABLES_MARKS "marks.csv"

// What is left in the folder if the program is killed meanwhile.
#define TABLES_GRADEBOOK_PARTIAL (TABLES_GRADEBOOK FILE_OUT_PARTIAL)
#define TABLES_MARKS_PARTIAL (TABLES_MARKS FILE_OUT_PARTIAL)

struct tables {
	struct file_out gradebook_file, marks_file;
	struct csv_out gradebook, marks;
	bool open;
};

// False with error set (one sentence that names the path); tables_close is due all the same.
bool tables_open(struct tables *tables, const char *folder, const struct exam *exam, GError **error);

// A student's rows, in the order of results->students.
void tables_put(struct tables *tables, const struct results *results, const struct student *student);

// Gives the files their names if `keep`. False with error set where they were to be kept and could not be.
bool tables_close(struct tables *tables, bool keep, GError **error);

#endif
