// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/statements.h"

#include "grade/session.h"

// So much work is lost at most, and so seldom the disk is waited for.
#define GROUP_US (100 * 1000)

static const char *const SQL[N_STATEMENTS] = {
	[STATEMENT_FIND] = "SELECT " FILE_COLUMNS " WHERE path = ?1",
	[STATEMENT_COUNT] = "SELECT count(*) FROM page WHERE file = ?1",
	[STATEMENT_INSERT] = "INSERT INTO file (path, place, depth, size, mtime_ns, ctime_ns, inode, settled, sha256,"
			     " content, pages, done) VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, 1, 0)",
	[STATEMENT_UPDATE] = "UPDATE file SET place = ?3, depth = ?4, size = ?5, mtime_ns = ?6, ctime_ns = ?7,"
			     " inode = ?8, settled = ?9, sha256 = ?10, content = ?10 WHERE id = ?1",
	[STATEMENT_PLACE] = "UPDATE file SET place = ?3, depth = ?4 WHERE path = ?2",
	[STATEMENT_CLEAR] = "UPDATE file SET pages = 1, done = 0, problem = NULL WHERE id = ?1",
	[STATEMENT_DELETE] = "DELETE FROM page WHERE file = ?1",
	[STATEMENT_PAGE] = "INSERT OR REPLACE INTO page (file, number, answers) VALUES (?1, ?2, ?3)",
	[STATEMENT_READ] = "SELECT answers FROM page WHERE file = ?1 AND number = ?2",
	[STATEMENT_PAGES] = "UPDATE file SET pages = ?2 WHERE id = ?1",
	[STATEMENT_PROBLEM] = "UPDATE file SET problem = ?2, pages = 0 WHERE id = ?1",
	[STATEMENT_FINISH] = "UPDATE file SET done = 1 WHERE id = ?1",
	[STATEMENT_FORGET] = "DELETE FROM file WHERE id = ?1",
	[STATEMENT_PUT] = "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)",
	[STATEMENT_GET] = "SELECT value FROM meta WHERE name = ?1",
	[STATEMENT_DECIDE] =
		"INSERT INTO decision (time, person, kind, content, number, file, student, page, item, was,"
		" becomes, reason, undoes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
};

void session_note_failure(struct session *session)
{
	if (!session->error)
		store_set_error(&session->store, &session->error);
}

bool session_execute(struct session *session, const char *sql)
{
	if (session->error)
		return false;
	if (sqlite3_exec(session->store.db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	session_note_failure(session);
	return false;
}

bool session_begin(struct session *session)
{
	if (session->error || session->since_us)
		return !session->error;
	session->since_us = g_get_monotonic_time();
	return session_execute(session, "BEGIN IMMEDIATE");
}

void statement_bind_text(sqlite3_stmt *statement, int place, const char *text)
{
	sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC);
}

sqlite3_stmt *statement_prepare(struct session *session, enum statement which)
{
	sqlite3_stmt **statement = &session->statements[which];
	if (session->error)
		return NULL;
	if (!*statement && sqlite3_prepare_v2(session->store.db, SQL[which], -1, statement, NULL) != SQLITE_OK) {
		session_note_failure(session);
		return NULL;
	}
	return *statement;
}

sqlite3_stmt *statement_prepare_to_write(struct session *session, enum statement which)
{
	return session_begin(session) ? statement_prepare(session, which) : NULL;
}

bool statement_step(struct session *session, sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement);
	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		session_note_failure(session);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return false;
}

void statement_done(sqlite3_stmt *statement)
{
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

bool statement_is_text(const char *text)
{
	return text && g_utf8_validate(text, -1, NULL);
}

void session_commit(struct session *session, bool now)
{
	if (!session->since_us || (!now && g_get_monotonic_time() - session->since_us < GROUP_US))
		return;
	if (!session_execute(session, "COMMIT"))
		sqlite3_exec(session->store.db, "ROLLBACK", NULL, NULL, NULL);
	session->since_us = 0;
}

bool session_failed(struct session *session, GError **error)
{
	if (!session->error)
		return false;
	if (error && !*error)
		*error = g_error_copy(session->error);
	return true;
}
