// SPDX-License-Identifier: GPL-3.0-or-later
// The files and folders given on the command line as a session knows files. Knows the walk and real paths; nothing of
// what is in a file.
//
// A file is the same file if its real path is the same, however it was reached. It is named by the outermost folder
// that it was ever given under, so that names do not depend on how a stack was split into runs; where several places
// would do, the one without links is taken, then the first by its bytes.
#ifndef SHEAF_CLI_SCANS_H
#define SHEAF_CLI_SCANS_H

#include <glib.h>
#include <stdbool.h>

#include "grade/session.h"

#define SCANS_HEADERS "headers" // a folder of pictures that we write below the results' (cli/reading.h)

struct scans {
	GPtrArray *entries;         // struct walk_entry *
	struct session_file *files; // one an entry: path, place, depth and stamp set; sha256 ""
	GPtrArray *roots;           // char *, the real paths of what was given
};

// Finds everything below the operands but the files that we write into the results' folder. NULL with error set as
// walk_paths says.
struct scans *scans_find(char **operands, const char *results, GError **error);
void scans_free(struct scans *scans); // accepts NULL

// Forgets files of the session that were found before under what is given now, and are there no more. Returns how many.
unsigned scans_drop_gone(const struct scans *scans, struct session *session);

// Of two places of one file, whether the first is the one to name it by.
bool scans_place_is_better(const struct session_file *a, const struct session_file *b);

// What the file system says of a file that was just looked at.
struct stat;
struct session_stamp scans_stamp(const struct stat *status);

#endif
