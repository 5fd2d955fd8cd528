// SPDX-License-Identifier: GPL-3.0-or-later
// What one learning management system wants: filled in by each grade/export_<name>.c, run by grade/export.c. Knows what
// such a description consists of, and the helpers that they share.
#ifndef SHEAF_GRADE_EXPORT_FORMAT_H
#define SHEAF_GRADE_EXPORT_FORMAT_H

#include <glib.h>
#include <stdbool.h>

#include "grade/batch.h"
#include "grade/csv_in.h"
#include "grade/csv_out.h"
#include "grade/export.h"

// What we know of a student that other systems may know as well.
enum export_key {
	EXPORT_KEY_ID,       // student_id
	EXPORT_KEY_EMAIL,    // compared whatever the case
	EXPORT_KEY_USERNAME, // the roster's column username
	EXPORT_N_KEYS,
};

// A column of the system's own export by which students are found, and what of ours stands in it.
struct export_identity {
	const char *column; // NULL ends the list
	enum export_key key;
};

struct export_job {
	const struct results *results;
	const struct export_request *request;
	GPtrArray *notes;
	struct csv_out out;
	int *row_of;     // by student: their row in request->from, or -1
	int item_column; // the exam's column in request->from, or -1
};

struct export_format {
	const char *name;  // as on the command line
	const char *title; // as in messages
	bool quote_all;
	bool no_grade_is_dash; // otherwise an empty cell
	const struct export_identity *identities;
	// The item's name in a column's header of the system's own export, owned by the caller; NULL if the column is
	// none that takes points. NULL itself for a system without items to choose from.
	char *(*item_of)(const char *header);
	// Writes all rows. False with error set.
	bool (*write)(struct export_job *job, GError **error);
};

extern const struct export_format EXPORT_CANVAS, EXPORT_MOODLE, EXPORT_BLACKBOARD, EXPORT_BRIGHTSPACE,
	EXPORT_GRADESCOPE;

// Whether the student gets a row.
bool export_takes(const struct export_job *job, unsigned student);

// The student's cell in the system's own export; "" without one.
const char *export_from_cell(const struct export_job *job, unsigned student, const char *column);

// What the roster says of a student; "" where nothing. Borrowed.
const char *export_email(const struct results *results, const struct student *student);
const char *export_roster_cell(const struct results *results, const struct student *student, const char *column);

// The name of the item: as asked for, otherwise the exam's title.
const char *export_item_name(const struct export_job *job);

// Writes the score's cell.
void export_score(struct export_job *job, const struct export_format *format, const struct student *student);

void export_note(struct export_job *job, const char *text, ...) G_GNUC_PRINTF(2, 3);

// Whether the score may go out: all of it, or only final ones.
bool export_has_score(const struct export_job *job, const struct student *student);

#endif
