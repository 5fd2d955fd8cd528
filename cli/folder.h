// SPDX-License-Identifier: GPL-3.0-or-later
// What `sheaf grade` left in DIR, opened to be read: the exam, the roster and every student's results, for the commands
// that make something of them. Knows the names under which the session keeps the exam file and the roster; writes
// nothing, and unless it is opened to decide, does not mind if another sheaf works in DIR.
#ifndef SHEAF_CLI_FOLDER_H
#define SHEAF_CLI_FOLDER_H

#include <glib.h>
#include <stdbool.h>

#include "grade/batch.h"
#include "grade/session.h"

#define FOLDER_EXAM_NAME "exam-file" // in the session
#define FOLDER_ROSTER_NAME "roster"  // in the session
#define FOLDER_READER "sheaf " SHEAF_VERSION

struct folder {
	struct session *session;
	struct exam *exam;
	struct layout *layout;
	struct roster *roster; // NULL if there was none
	struct results *results;
};

// False with error set (one line) and everything cleared where DIR has no results that can be read.
bool folder_open(struct folder *folder, const char *path, GError **error);

// The same for whoever adds to the session: others are kept out until it is cleared. results is NULL.
bool folder_open_to_decide(struct folder *folder, const char *path, GError **error);
void folder_clear(struct folder *folder);

#define FOLDER_AUTO __attribute__((cleanup(folder_clear))) struct folder // cleared at the end of the scope

#endif
