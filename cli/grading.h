// SPDX-License-Identifier: GPL-3.0-or-later
// From what a session holds to results, and to the files in DIR. Knows how files are named and ranked in reports.
//
// A file's name is the path below the folder it was given under. Where two files share one, both are named with one
// folder more, and so on until they differ. So names, and with them every byte written, depend on the files alone, and
// not on which run read which.
#ifndef SHEAF_CLI_GRADING_H
#define SHEAF_CLI_GRADING_H

#include <glib.h>
#include <stdbool.h>

#include "grade/batch.h"
#include "grade/session.h"

// A text of the session (grade/session.h): that it is there has pages without a valid seal refused in any case.
#define GRADING_REQUIRE_SEALS "require-seals"

// What results are wanted for.
enum grading_use {
	GRADING_FOR_POINTS,   // pages' answers lack what only their pictures need (answers_forget_picture)
	GRADING_FOR_PICTURES, // they have all
	GRADING_OF_PAPERS,    // as for points, but marks are fetched when they are needed: grading_run's
};

// Grades everything the session holds. A file that is expected but was not read to its end is an exception. roster may
// be NULL. NULL with error set if the session cannot be read. The caller frees with results_free.
struct results *grading_results(struct session *session, const struct exam *exam, const struct layout *layout,
	const struct roster *roster, enum grading_use use, GError **error);

// Writes gradebook.csv, marks.csv, exceptions.csv and corrections.csv. False with error set.
bool grading_write(const struct results *results, const char *folder, GError **error);

// Both at once, for points, student by student: the same files, but marks are in memory for one paper at a time,
// however many there are, and the results lack what batch_finish_papers drops. NULL with error set.
struct results *grading_run(struct session *session, const struct exam *exam, const struct layout *layout,
	const struct roster *roster, const char *folder, GError **error);

#endif
