// SPDX-License-Identifier: GPL-3.0-or-later
// How we write CSV: RFC 4180 with LF line ends, UTF-8 without BOM, quoted only where a cell needs it. Knows cells, not
// what they mean. The one place that keeps a spreadsheet from running a cell as a formula.
#ifndef SHEAF_GRADE_CSV_OUT_H
#define SHEAF_GRADE_CSV_OUT_H

#include <glib.h>
#include <stdbool.h>

#include "grade/file_out.h"
#include "sheet/rational.h"

struct csv_out {
	GString *text;         // what is not yet in the file
	struct file_out *file; // NULL: it all stays in text
	bool in_row;
	bool quote_all; // every cell, for readers that want it; init leaves it off
};

void csv_out_init(struct csv_out *out);
char *csv_out_finish(struct csv_out *out); // the text so far, owned by the caller; init before using the writer again

// The same into a file, which is opened and closed by the caller and holds whole rows as they come: for what is too
// large to be a text first. csv_out_flush writes what is left and ends the writer.
void csv_out_init_file(struct csv_out *out, struct file_out *file);
void csv_out_flush(struct csv_out *out);

// One cell each. Text that begins with = + - @ (or their wide forms), tab, CR or LF and is not a plain number gets a
// leading apostrophe (OWASP's advice on CSV injection), since names, labels and file names are other people's. Numbers
// stay numbers, negative ones too. NULL is an empty cell.
void csv_out_text(struct csv_out *out, const char *text);
void csv_out_points(struct csv_out *out, struct rational points);
void csv_out_dash(struct csv_out *out); // a lone "-", which runs nothing: how some programs write "none"
void csv_out_unsigned(struct csv_out *out, unsigned number);
void csv_out_end_row(struct csv_out *out);
void csv_out_row(struct csv_out *out, const char *const *cells); // a whole row of texts, up to a NULL

// Replaces the file in one step, flushed to disk, readable by its owner only: it holds grades. False with error set
// (one sentence that names the path); the old file then still stands.
bool csv_out_save(const char *path, const char *text, GError **error);

#endif
