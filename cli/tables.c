// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/tables.h"

#include "grade/gradebook.h"
#include "grade/marks_csv.h"

static bool open_in(struct file_out *file, const char *folder, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	return file_out_open(file, path, error);
}

bool tables_open(struct tables *tables, const char *folder, const struct exam *exam, GError **error)
{
	*tables = (struct tables){0};
	tables->open = open_in(&tables->gradebook_file, folder, TABLES_GRADEBOOK, error) &&
		       open_in(&tables->marks_file, folder, TABLES_MARKS, error);
	if (!tables->open)
		return false;
	csv_out_init_file(&tables->gradebook, &tables->gradebook_file);
	csv_out_init_file(&tables->marks, &tables->marks_file);
	gradebook_begin(&tables->gradebook, exam);
	marks_csv_begin(&tables->marks);
	return true;
}

void tables_put(struct tables *tables, const struct results *results, const struct student *student)
{
	gradebook_put(&tables->gradebook, student, results);
	marks_csv_put(&tables->marks, student, results->layout);
}

bool tables_close(struct tables *tables, bool keep, GError **error)
{
	if (tables->open) {
		csv_out_flush(&tables->gradebook);
		csv_out_flush(&tables->marks);
	}
	keep = keep && tables->open;
	// Where one cannot be written, closing that one says so, and the other one's place is not taken.
	const bool gradebook = keep && file_out_complete(&tables->gradebook_file);
	const bool marks = gradebook && file_out_complete(&tables->marks_file);
	if (keep && gradebook && !marks) {
		file_out_close(&tables->gradebook_file, false, NULL);
		file_out_close(&tables->marks_file, true, error);
		return false;
	}
	bool good = file_out_close(&tables->gradebook_file, keep, error);
	return file_out_close(&tables->marks_file, keep && good, good ? error : NULL) && good && keep;
}
