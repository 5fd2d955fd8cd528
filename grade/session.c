// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/session.h"

#include <string.h>

#include "grade/store.h"

// So much work is lost at most, and so seldom the disk is waited for.
#define GROUP_US (100 * 1000)

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

struct session {
	struct store store;
	const struct layout *layout;
	sqlite3_stmt *statements[N_STATEMENTS];
	gint64 since_us; // when the open transaction began; 0 if none is open
	GError *error;   // the first failure
};

void session_file_free(void *data)
{
	struct session_file *file = data;
	if (!file)
		return;
	g_free(file->path);
	g_free(file->place);
	g_free(file->sha256);
	g_free(file->problem);
	g_free(file->content);
	g_free(file);
}

bool session_stamp_same(const struct session_stamp *known, const struct session_stamp *now)
{
	return known->settled && known->size == now->size && known->mtime_ns == now->mtime_ns &&
	       known->ctime_ns == now->ctime_ns && known->inode == now->inode;
}

bool session_exists(const char *folder)
{
	return store_exists(folder);
}

// --- statements

static void note_failure(struct session *session)
{
	if (!session->error)
		store_set_error(&session->store, &session->error);
}

static bool execute(struct session *session, const char *sql)
{
	if (session->error)
		return false;
	if (sqlite3_exec(session->store.db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	note_failure(session);
	return false;
}

static bool begin(struct session *session)
{
	if (session->error || session->since_us)
		return !session->error;
	session->since_us = g_get_monotonic_time();
	return execute(session, "BEGIN IMMEDIATE");
}

static void bind_text(sqlite3_stmt *statement, int place, const char *text)
{
	sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC);
}

// The statement, ready to be bound; NULL once something failed.
static sqlite3_stmt *prepare(struct session *session, enum statement which)
{
	sqlite3_stmt **statement = &session->statements[which];
	if (session->error)
		return NULL;
	if (!*statement && sqlite3_prepare_v2(session->store.db, SQL[which], -1, statement, NULL) != SQLITE_OK) {
		note_failure(session);
		return NULL;
	}
	return *statement;
}

// The same for one that writes.
static sqlite3_stmt *prepare_to_write(struct session *session, enum statement which)
{
	return begin(session) ? prepare(session, which) : NULL;
}

// True if there is a row. Failures are kept. sqlite3_reset is the caller's after a row.
static bool step(struct session *session, sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement);
	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		note_failure(session);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return false;
}

static void done_with(sqlite3_stmt *statement)
{
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

// A statement about one file, by its id, with a text or not.
static void change_file(struct session *session, enum statement which, int64_t file, const char *text)
{
	sqlite3_stmt *statement = prepare_to_write(session, which);
	if (!statement)
		return;
	sqlite3_bind_int64(statement, 1, file);
	if (text)
		bind_text(statement, 2, text);
	step(session, statement);
}

void session_commit(struct session *session, bool now)
{
	if (!session->since_us || (!now && g_get_monotonic_time() - session->since_us < GROUP_US))
		return;
	if (!execute(session, "COMMIT"))
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

// --- opening

void session_put(struct session *session, const char *name, const char *value)
{
	sqlite3_stmt *statement = prepare_to_write(session, STATEMENT_PUT);
	if (!statement)
		return;
	bind_text(statement, 1, name);
	bind_text(statement, 2, value);
	step(session, statement);
}

char *session_get(struct session *session, const char *name)
{
	sqlite3_stmt *statement = prepare(session, STATEMENT_GET);
	if (!statement)
		return NULL;
	bind_text(statement, 1, name);
	if (!step(session, statement))
		return NULL;
	char *value = g_strdup((const char *)sqlite3_column_text(statement, 0));
	done_with(statement);
	return value;
}

// What was read is of use only for the exam and the layout that it was read with.
static bool belongs(struct session *session, const struct exam *exam, GError **error)
{
	g_autofree char *id = session_get(session, "exam"), *layout = session_get(session, "layout");
	if (id && strcmp(id, exam->name) != 0)
		g_set_error(error, SESSION_ERROR, 0,
			"%s: this session is of the exam %s, not of %s; choose another folder with -o",
			session->store.path, id, exam->name);
	else if (layout && strcmp(layout, session->layout->fingerprint) != 0)
		g_set_error(error, SESSION_ERROR, 0,
			"%s: this session was read with another layout of the exam (%s, now %s): what is on the paper "
			"has changed; choose another folder with -o",
			session->store.path, layout, session->layout->fingerprint);
	else
		return true;
	return false;
}

static void introduce(struct session *session, const struct exam *exam, const char *reader)
{
	g_autofree char *before = session_get(session, "reader");
	session_put(session, "exam", exam->name);
	session_put(session, "layout", session->layout->fingerprint);
	if (before && strcmp(before, reader) != 0 && begin(session))
		execute(session, "UPDATE file SET sha256 = ''");
	session_put(session, "reader", reader);
	session_commit(session, true);
}

struct session *session_open(
	const char *folder, const struct exam *exam, const struct layout *layout, const char *reader, GError **error)
{
	struct session *session = g_new0(struct session, 1);
	session->layout = layout;
	if (!store_open(&session->store, folder, error)) {
		g_free(session);
		return NULL;
	}
	if (belongs(session, exam, error)) {
		introduce(session, exam, reader);
		if (!session_failed(session, error))
			return session;
	}
	session_close(session);
	return NULL;
}

struct session *session_open_to_read(const char *folder, GError **error)
{
	struct session *session = g_new0(struct session, 1);
	if (store_open_to_read(&session->store, folder, error))
		return session;
	g_free(session);
	return NULL;
}

void session_set_layout(struct session *session, const struct layout *layout)
{
	session->layout = layout;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	session_commit(session, true);
	for (int i = 0; i < N_STATEMENTS; i++)
		sqlite3_finalize(session->statements[i]);
	store_close(&session->store);
	g_clear_error(&session->error);
	g_free(session);
}

// --- files

static bool is_text(const char *text)
{
	return text && g_utf8_validate(text, -1, NULL);
}

// NULL, and the session failed, where a text is missing that every row of ours has, or is none: somebody else changed
// the session. (Paths are any bytes.)
static struct session_file *file_of_row(struct session *session, sqlite3_stmt *row)
{
	static const int TEXTS[] = {1, 2, 9, 13};
	const char *problem = (const char *)sqlite3_column_text(row, 12);
	bool whole = !problem || is_text(problem);
	for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++)
		whole = whole && sqlite3_column_text(row, TEXTS[i]);
	if (!whole) {
		if (!session->error)
			store_set_damaged(&session->store, &session->error);
		return NULL;
	}
	struct session_file *file = g_new(struct session_file, 1);
	*file = (struct session_file){
		.id = sqlite3_column_int64(row, 0),
		.path = g_strdup((const char *)sqlite3_column_text(row, 1)),
		.place = g_strdup((const char *)sqlite3_column_text(row, 2)),
		.depth = (unsigned)sqlite3_column_int(row, 3),
		.stamp = {sqlite3_column_int64(row, 4), sqlite3_column_int64(row, 5), sqlite3_column_int64(row, 6),
			sqlite3_column_int64(row, 7), sqlite3_column_int(row, 8) != 0},
		.sha256 = g_strdup((const char *)sqlite3_column_text(row, 9)),
		.pages = (unsigned)sqlite3_column_int(row, 10),
		.done = sqlite3_column_int(row, 11) != 0,
		.problem = g_strdup((const char *)sqlite3_column_text(row, 12)),
		.content = g_strdup((const char *)sqlite3_column_text(row, 13)),
	};
	return file;
}

GPtrArray *session_files(struct session *session)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(session_file_free);
	sqlite3_stmt *query = NULL;
	if (session->error)
		return files;
	if (sqlite3_prepare_v2(session->store.db, "SELECT " FILE_COLUMNS " ORDER BY path", -1, &query, NULL) !=
		SQLITE_OK)
		note_failure(session);
	while (query && !session->error && step(session, query)) {
		struct session_file *file = file_of_row(session, query);
		if (file)
			g_ptr_array_add(files, file);
	}
	sqlite3_finalize(query);
	return files;
}

static struct session_file *find_file(struct session *session, const char *path)
{
	sqlite3_stmt *statement = prepare(session, STATEMENT_FIND);
	if (!statement)
		return NULL;
	bind_text(statement, 1, path);
	if (!step(session, statement))
		return NULL;
	struct session_file *file = file_of_row(session, statement);
	done_with(statement);
	return file;
}

static void write_file(struct session *session, enum statement which, const struct session_file *file, int64_t id)
{
	sqlite3_stmt *statement = prepare_to_write(session, which);
	if (!statement)
		return;
	if (which == STATEMENT_UPDATE)
		sqlite3_bind_int64(statement, 1, id);
	else
		bind_text(statement, 2, file->path);
	bind_text(statement, 3, file->place);
	sqlite3_bind_int64(statement, 4, file->depth);
	if (which != STATEMENT_PLACE) {
		sqlite3_bind_int64(statement, 5, file->stamp.size);
		sqlite3_bind_int64(statement, 6, file->stamp.mtime_ns);
		sqlite3_bind_int64(statement, 7, file->stamp.ctime_ns);
		sqlite3_bind_int64(statement, 8, file->stamp.inode);
		sqlite3_bind_int64(statement, 9, file->stamp.settled);
		bind_text(statement, 10, file->sha256);
	}
	step(session, statement);
}

void session_expect(struct session *session, const struct session_file *file)
{
	struct session_file *known = find_file(session, file->path);
	if (!known)
		write_file(session, STATEMENT_INSERT, file, 0);
	else if (strcmp(known->place, file->place) != 0 || known->depth != file->depth)
		write_file(session, STATEMENT_PLACE, file, 0);
	session_file_free(known);
}

static unsigned count_pages(struct session *session, int64_t file)
{
	sqlite3_stmt *statement = prepare(session, STATEMENT_COUNT);
	if (!statement)
		return 0;
	sqlite3_bind_int64(statement, 1, file);
	unsigned n = step(session, statement) ? (unsigned)sqlite3_column_int(statement, 0) : 0;
	done_with(statement);
	return n;
}

static void clear_pages(struct session *session, int64_t file)
{
	change_file(session, STATEMENT_DELETE, file, NULL);
	change_file(session, STATEMENT_CLEAR, file, NULL);
}

void session_take(struct session *session, struct session_file *file, unsigned *n_read)
{
	struct session_file *known = find_file(session, file->path);
	// What was read of the same bytes holds.
	bool same = known && file->sha256[0] && strcmp(known->sha256, file->sha256) == 0;
	file->id = known ? known->id : 0;
	write_file(session, known ? STATEMENT_UPDATE : STATEMENT_INSERT, file, file->id);
	if (!known)
		file->id = sqlite3_last_insert_rowid(session->store.db);
	else if (!same)
		clear_pages(session, file->id);
	g_clear_pointer(&file->problem, g_free);
	file->pages = same ? known->pages : 1;
	file->done = same && known->done;
	file->problem = same ? g_strdup(known->problem) : NULL;
	*n_read = same ? count_pages(session, file->id) : 0;
	session_file_free(known);
}

void session_replace_page(struct session *session, int64_t file, unsigned page, const struct answers *answers)
{
	g_autofree char *text = answers_format(answers, session->layout);
	sqlite3_stmt *statement = prepare_to_write(session, STATEMENT_PAGE);
	if (!statement)
		return;
	sqlite3_bind_int64(statement, 1, file);
	sqlite3_bind_int64(statement, 2, page);
	bind_text(statement, 3, text);
	step(session, statement);
}

void session_add_page(
	struct session *session, int64_t file, unsigned page, unsigned n_pages, const struct answers *answers)
{
	session_replace_page(session, file, page, answers);
	sqlite3_stmt *statement = prepare_to_write(session, STATEMENT_PAGES);
	if (!statement)
		return;
	sqlite3_bind_int64(statement, 1, file);
	sqlite3_bind_int64(statement, 2, n_pages);
	step(session, statement);
}

void session_add_problem(struct session *session, int64_t file, const char *problem)
{
	change_file(session, STATEMENT_PROBLEM, file, problem);
}

void session_finish(struct session *session, int64_t file)
{
	change_file(session, STATEMENT_FINISH, file, NULL);
}

void session_forget(struct session *session, int64_t file)
{
	change_file(session, STATEMENT_FORGET, file, NULL);
}

// --- pages

bool session_each_page(struct session *session, session_page_function *each, void *data, GError **error)
{
	sqlite3_stmt *query = NULL;
	const char *sql = "SELECT file, number, answers FROM page ORDER BY file, number";
	bool good = true;
	if (!session->error && sqlite3_prepare_v2(session->store.db, sql, -1, &query, NULL) != SQLITE_OK)
		note_failure(session);
	while (good && query && step(session, query)) {
		const char *text = (const char *)sqlite3_column_text(query, 2);
		struct answers *answers = text ? answers_parse(text, session->layout, NULL) : NULL;
		good = answers != NULL;
		if (good)
			each(data, sqlite3_column_int64(query, 0), (unsigned)sqlite3_column_int(query, 1), answers);
		else
			store_set_damaged(&session->store, error);
	}
	sqlite3_finalize(query);
	return good && !session_failed(session, error);
}

// --- decisions

static void add_decision(struct session *session, const struct decision *decision)
{
	sqlite3_stmt *statement = prepare_to_write(session, STATEMENT_DECIDE);
	if (!statement)
		return;
	bind_text(statement, 1, decision->time);
	bind_text(statement, 2, decision->person);
	bind_text(statement, 3, decision_kind_text(decision->kind));
	bind_text(statement, 4, decision->content);
	sqlite3_bind_int64(statement, 5, decision->number);
	bind_text(statement, 6, decision->file);
	bind_text(statement, 7, decision->student);
	sqlite3_bind_int64(statement, 8, decision->page);
	bind_text(statement, 9, decision->item);
	bind_text(statement, 10, decision->was);
	bind_text(statement, 11, decision->becomes);
	bind_text(statement, 12, decision->reason);
	sqlite3_bind_int64(statement, 13, decision->undoes);
	step(session, statement);
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
		if (!is_text(text_at(row, TEXTS[i])))
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
		note_failure(session);
	while (good && query && step(session, query)) {
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
