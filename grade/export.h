// SPDX-License-Identifier: GPL-3.0-or-later
// The score of every student as a file that a learning management system takes. Knows who is exported, with which
// score, and how students and the item are found in the system's own export; what each system wants is in
// grade/export_<name>.c.
//
// Who is exported: everyone on the roster (everyone who was read, where there is none), unknown students never.
// Nobody's cell is 0 unless that is the score: absent students, and those of whom no page was read, have the system's
// sign for "no grade".
#ifndef SHEAF_GRADE_EXPORT_H
#define SHEAF_GRADE_EXPORT_H

#include <glib.h>
#include <stdbool.h>

#include "grade/batch.h"
#include "grade/csv_in.h"

#define EXPORT_ERROR (g_quark_from_static_string("sheaf-export"))

struct export_request {
	const char *system;        // one of export_systems
	const struct csv_in *from; // the system's own export of the course's grades; NULL if none is given
	const char *from_name;     // its path, for messages
	const char *column;        // the item's name there; NULL for the exam's title
	bool final_only;           // leave out the scores that are not final: status review or incomplete
};

// The names of the systems, up to a NULL.
const char *const *export_systems(void);

// The file's text, owned by the caller. NULL with error set (EXPORT_ERROR, one line) where no sound file can be made.
// Adds to notes (char *, owned by the array) a line for everything that the user must know of it: who is left out,
// which scores are not final, what the system will make of it.
char *export_csv(const struct results *results, const struct export_request *request, GPtrArray *notes, GError **error);

#endif
