// SPDX-License-Identifier: GPL-3.0-or-later
// Answer sheets as PDF: draws what the layout says where it says it, with the student's name and ID. Decides colours
// and words; decides no positions that reading depends on.
#ifndef SHEAF_SHEET_PRINT_H
#define SHEAF_SHEET_PRINT_H

#include <glib.h>
#include <stdbool.h>

#include "sheet/layout.h"
#include "sheet/seal.h"

// What the PDF says made it: a printed sheet that lies among the scans is told from a scan by it (scan/decode.h).
#define PRINT_CREATOR "sheaf print"

#define PRINT_ERROR (g_quark_from_static_string("sheaf-print"))

// Whose sheet. For a walk-in sheet id is the serial and the rest is NULL. Everything borrowed, UTF-8.
struct print_sheet {
	const char *id;
	const char *name;  // NULL or "" where not known
	const char *place; // a line such as "Room 155, seat 12"; NULL where not known
	char form;         // 'A' to 'Z' of an exam with forms; otherwise 0
	bool walk_in;      // print the student-ID grid and a line for the name
};

// Writes all pages of all sheets, one sheet after another, to path (whole or not at all). False with error set on
// failure. The same input gives the same bytes but for what the installed fonts change. The codes are sealed with the
// key; without one (NULL) they bear no seal.
bool print_pdf(const struct layout *layout, const struct seal_key *key, const struct print_sheet *sheets,
	size_t n_sheets, const char *path, GError **error);

#endif
