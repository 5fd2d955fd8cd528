// SPDX-License-Identifier: GPL-3.0-or-later
// The inside of a session: its statements, prepared when they are first needed, and its one open transaction. For the
// files that make up grade/session.h only. Knows SQL; not what follows from it.
#ifndef SHEAF_GRADE_STATEMENTS_H
#define SHEAF_GRADE_STATEMENTS_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "grade/store.h"
#include "sheet/layout.h"

enum statement {
	STATEMENT_FIND,
	STATEMENT_COUNT,
	STATEMENT_INSERT,
	STATEMENT_UPDATE,
	STATEMENT_PLACE,
	STATEMENT_CLEAR,
	STATEMENT_DELETE,
	STATEMENT_PAGE,
	STATEMENT_PAGES,
	STATEMENT_READ,
	STATEMENT_PROBLEM,
	STATEMENT_FINISH,
	STATEMENT_FORGET,
	STATEMENT_PUT,
	STATEMENT_GET,
	STATEMENT_DECIDE,
	N_STATEMENTS
};

#define FILE_COLUMNS                                                                                                   \
	"id, path, place, depth, size, mtime_ns, ctime_ns, inode, settled, sha256, pages, done, problem, content "     \
	"FROM file"

struct session {
	struct store store;
	const struct layout *layout;
	sqlite3_stmt *statements[N_STATEMENTS];
	gint64 since_us; // when the open transaction began; 0 if none is open
	GError *error;   // the first failure
};

// The first failure of the database sticks as the session's.
void session_note_failure(struct session *session);

// Begins a transaction unless one is open. False once something failed.
bool session_begin(struct session *session);
bool session_execute(struct session *session, const char *sql);

// The statement, ready to be bound; NULL once something failed. And the same for one that writes.
sqlite3_stmt *statement_prepare(struct session *session, enum statement which);
sqlite3_stmt *statement_prepare_to_write(struct session *session, enum statement which);

// The text must last until the statement is done.
void statement_bind_text(sqlite3_stmt *statement, int place, const char *text);

// True if there is a row. Failures are kept. statement_done is the caller's after a row.
bool statement_step(struct session *session, sqlite3_stmt *statement);
void statement_done(sqlite3_stmt *statement);

// What every text of ours is.
bool statement_is_text(const char *text);

#endif
