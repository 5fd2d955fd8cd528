// SPDX-License-Identifier: GPL-3.0-or-later
// The roster: who may hand in a paper, from a CSV file with a header. Knows the file's columns and finds a student by
// ID; refuses to know answers and grades. IDs are text: "0042" and "42" are two students.
#ifndef SHEAF_GRADE_ROSTER_H
#define SHEAF_GRADE_ROSTER_H

#include <glib.h>
#include <stddef.h>

#define ROSTER_ERROR (g_quark_from_static_string("sheaf-roster"))

// A million students with long rows stay below the first; the others keep a broken file from costing memory.
#define ROSTER_MAX_BYTES (256u * 1024 * 1024)
#define ROSTER_MAX_COLUMNS 256
#define ROSTER_MAX_ID_BYTES 64

// The columns with a meaning. Only student_id must be there; all others of the file pass through untouched.
enum roster_column {
	ROSTER_STUDENT_ID,
	ROSTER_NAME,
	ROSTER_EMAIL,
	ROSTER_SECTION,
	ROSTER_ROOM,
	ROSTER_SEAT,
	ROSTER_FORM,
	ROSTER_N_KNOWN,
};

struct roster_row {
	const char *student_id;   // without surrounding white space; never empty
	const char *name;         // "" where the file has none
	const char *const *cells; // every column of the file, n_columns of them, as written
	unsigned line;            // on which the row begins
};

struct roster {
	char **columns; // the header's names, without surrounding white space
	unsigned n_columns;
	int column_of[ROSTER_N_KNOWN]; // index into columns, or -1
	struct roster_row *rows;       // in the file's order
	unsigned n_rows;
	GHashTable *by_id;   // student_id -> struct roster_row *
	GStringChunk *texts; // holds every text of rows
	char **cells;        // holds every row's cells
};

// Reads a roster. NULL with error set (ROSTER_ERROR) on failure; the message is one line that names the file, the line
// and what to do: "roster.csv:12: student_id 0042 is on line 3 as well". The caller frees with roster_free.
struct roster *roster_load(const char *path, GError **error);

// The same from memory; name stands for the path in messages. text need not end in NUL.
struct roster *roster_parse(const char *name, const char *text, size_t size, GError **error);

void roster_free(struct roster *roster); // accepts NULL
static inline void roster_clear_pointer(struct roster **roster)
{
	roster_free(*roster);
}
#define ROSTER_AUTO __attribute__((cleanup(roster_clear_pointer))) struct roster * // freed at the end of the scope

// The student with this ID, or NULL. Borrowed.
const struct roster_row *roster_find(const struct roster *roster, const char *student_id);

// A cell of one of the known columns; "" where the file lacks the column. The student_id is the trimmed one. Borrowed.
const char *roster_cell(const struct roster *roster, const struct roster_row *row, enum roster_column column);

#endif
