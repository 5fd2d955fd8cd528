// SPDX-License-Identifier: GPL-3.0-or-later
// What people decided, as the session keeps it: added to, never changed.
#include "grade/session.h"
#include "grade/statements.h"

static void add_decision(struct session *session, const struct decision *decision)
{
	sqlite3_stmt *statement = statement_prepare_to_write(session, STATEMENT_DECIDE);
	if (!statement)
		return;
	statement_bind_text(statement, 1, decision->time);
	statement_bind_text(statement, 2, decision->person);
	statement_bind_text(statement, 3, decision_kind_text(decision->kind));
	statement_bind_text(statement, 4, decision->content);
	sqlite3_bind_int64(statement, 5, decision->number);
	statement_bind_text(statement, 6, decision->file);
	statement_bind_text(statement, 7, decision->student);
	sqlite3_bind_int64(statement, 8, decision->page);
	statement_bind_text(statement, 9, decision->item);
	statement_bind_text(statement, 10, decision->was);
	statement_bind_text(statement, 11, decision->becomes);
	statement_bind_text(statement, 12, decision->reason);
	sqlite3_bind_int64(statement, 13, decision->undoes);
	statement_step(session, statement);
}

void session_decide(struct session *session, const struct decision *decisions, unsigned n)
{
	session_commit(session, true);
	for (unsigned i = 0; i < n; i++) {
		struct decision *whole = decision_copy(&decisions[i]);
		add_decision(session, whole);
		decision_free(whole);
	}
	session_commit(session, true);
}

static char *text_at(sqlite3_stmt *row, int column)
{
	return (char *)(uintptr_t)sqlite3_column_text(row, column);
}

// NULL if the kind is none that there is, or what should be text is none.
static struct decision *decision_of_row(sqlite3_stmt *row)
{
	static const int TEXTS[] = {1, 2, 3, 4, 6, 7, 9, 10, 11, 12};
	for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
		if (!statement_is_text(text_at(row, TEXTS[i])))
			return NULL;
	}
	const struct decision decision = {
		.id = sqlite3_column_int64(row, 0),
		.time = text_at(row, 1),
		.person = text_at(row, 2),
		.content = text_at(row, 4),
		.number = (unsigned)sqlite3_column_int(row, 5),
		.file = text_at(row, 6),
		.student = text_at(row, 7),
		.page = (unsigned)sqlite3_column_int(row, 8),
		.item = text_at(row, 9),
		.was = text_at(row, 10),
		.becomes = text_at(row, 11),
		.reason = text_at(row, 12),
		.undoes = sqlite3_column_int64(row, 13),
	};
	struct decision *copy = decision_copy(&decision);
	if (decision_kind_parse(text_at(row, 3), &copy->kind))
		return copy;
	decision_free(copy);
	return NULL;
}

GPtrArray *session_decisions(struct session *session, GError **error)
{
	GPtrArray *decisions = g_ptr_array_new_with_free_func(decision_free);
	sqlite3_stmt *query = NULL;
	const char *sql =
		"SELECT id, time, person, kind, content, number, file, student, page, item, was, becomes, reason,"
		" undoes FROM decision ORDER BY id";
	bool good = true;
	if (!session->error && sqlite3_prepare_v2(session->store.db, sql, -1, &query, NULL) != SQLITE_OK)
		session_note_failure(session);
	while (good && query && statement_step(session, query)) {
		struct decision *decision = decision_of_row(query);
		good = decision != NULL;
		if (good)
			g_ptr_array_add(decisions, decision);
		else
			g_set_error(error, STORE_ERROR, 0,
				"%s: the session holds a decision that this version does not understand",
				session->store.path);
	}
	sqlite3_finalize(query);
	if (good && !session_failed(session, error))
		return decisions;
	g_ptr_array_unref(decisions);
	return NULL;
}
