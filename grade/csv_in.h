// SPDX-License-Identifier: GPL-3.0-or-later
// Other programs' CSV files, as learning management systems export them: UTF-8 or UTF-16, with or without a byte order
// mark, cells parted by commas, semicolons or tabs. Knows rows and cells, not what they mean.
#ifndef SHEAF_GRADE_CSV_IN_H
#define SHEAF_GRADE_CSV_IN_H

#include <glib.h>
#include <stddef.h>

#define CSV_IN_ERROR (g_quark_from_static_string("sheaf-csv-in"))

// A course's whole gradebook is a few megabytes; the caps keep another file from costing memory.
#define CSV_IN_MAX_BYTES (64u * 1024 * 1024)
#define CSV_IN_MAX_COLUMNS 4096

struct csv_in {
	GPtrArray *rows;     // GPtrArray of const char *: the header first; rows without any text are left out
	GStringChunk *texts; // holds the cells
};

// NULL with error set (one line that names the file) if it cannot be read or has no header. The caller frees with
// csv_in_free.
struct csv_in *csv_in_load(const char *path, GError **error);

// The same from memory; name stands for the path in messages.
struct csv_in *csv_in_parse(const char *name, const char *bytes, size_t size, GError **error);
void csv_in_free(struct csv_in *table); // accepts NULL

unsigned csv_in_n_columns(const struct csv_in *table); // of the header
unsigned csv_in_n_rows(const struct csv_in *table);    // without the header

// A cell of a row (from 0, the header left out); "" where the row is too short, or column is negative. Borrowed.
const char *csv_in_cell(const struct csv_in *table, unsigned row, int column);
const char *csv_in_column_name(const struct csv_in *table, unsigned column);

// The column of this name, whatever its case and surrounding white space, or -1.
int csv_in_find(const struct csv_in *table, const char *name);

static inline void csv_in_clear_pointer(struct csv_in **table)
{
	csv_in_free(*table);
}
#define CSV_IN_AUTO __attribute__((cleanup(csv_in_clear_pointer))) struct csv_in * // freed at the end of the scope

#endif
