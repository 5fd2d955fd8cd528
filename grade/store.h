// SPDX-License-Identifier: GPL-3.0-or-later
// The file under a session: opens DIR/session.sqlite, makes it where there is none, and keeps a second run out. Knows
// SQLite, locks and the format's version; not what the tables are for.
#ifndef SHEAF_GRADE_STORE_H
#define SHEAF_GRADE_STORE_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#define STORE_ERROR (g_quark_from_static_string("sheaf-store"))

struct store {
	char *path; // of the database, as the user would type it
	sqlite3 *db;
	int lock; // descriptor of the locked file, or -1
};

// Opens DIR/session.sqlite for this process alone. False, with error set (STORE_ERROR, one line that names the file)
// and nothing left open, if another run has it, if it is no session, if a newer version wrote it, or if it cannot be
// written.
bool store_open(struct store *store, const char *folder, GError **error);
void store_close(struct store *store);

// Opens it to be read only, beside whoever else has it open: SQLite shows the last commit. False as above; also if
// there is no session.
bool store_open_to_read(struct store *store, const char *folder, GError **error);

// Whether there is a session to open.
bool store_exists(const char *folder);

// The last failure of SQLite as one line; and that what is in the file cannot be ours.
void store_set_error(const struct store *store, GError **error);
void store_set_damaged(const struct store *store, GError **error);

#endif
