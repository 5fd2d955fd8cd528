// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/session.h"

#include <string.h>

#include "grade/statements.h"

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

// --- opening

void session_put(struct session *session, const char *name, const char *value)
{
	sqlite3_stmt *statement = statement_prepare_to_write(session, STATEMENT_PUT);
	if (!statement)
		return;
	statement_bind_text(statement, 1, name);
	statement_bind_text(statement, 2, value);
	statement_step(session, statement);
}

char *session_get(struct session *session, const char *name)
{
	sqlite3_stmt *statement = statement_prepare(session, STATEMENT_GET);
	if (!statement)
		return NULL;
	statement_bind_text(statement, 1, name);
	if (!statement_step(session, statement))
		return NULL;
	char *value = g_strdup((const char *)sqlite3_column_text(statement, 0));
	statement_done(statement);
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
	if (before && strcmp(before, reader) != 0 && session_begin(session))
		session_execute(session, "UPDATE file SET sha256 = ''");
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

// A statement about one file, by its id, with a text or not.
static void change_file(struct session *session, enum statement which, int64_t file, const char *text)
{
	sqlite3_stmt *statement = statement_prepare_to_write(session, which);
	if (!statement)
		return;
	sqlite3_bind_int64(statement, 1, file);
	if (text)
		statement_bind_text(statement, 2, text);
	statement_step(session, statement);
}

// NULL, and the session failed, where a text is missing that every row of ours has, or is none: somebody else changed
// the session. (Paths are any bytes.)
static struct session_file *file_of_row(struct session *session, sqlite3_stmt *row)
{
	static const int TEXTS[] = {1, 2, 9, 13};
	const char *problem = (const char *)sqlite3_column_text(row, 12);
	bool whole = !problem || statement_is_text(problem);
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
		session_note_failure(session);
	while (query && !session->error && statement_step(session, query)) {
		struct session_file *file = file_of_row(session, query);
		if (file)
			g_ptr_array_add(files, file);
	}
	sqlite3_finalize(query);
	return files;
}

static struct session_file *find_file(struct session *session, const char *path)
{
	sqlite3_stmt *statement = statement_prepare(session, STATEMENT_FIND);
	if (!statement)
		return NULL;
	statement_bind_text(statement, 1, path);
	if (!statement_step(session, statement))
		return NULL;
	struct session_file *file = file_of_row(session, statement);
	statement_done(statement);
	return file;
}

static void write_file(struct session *session, enum statement which, const struct session_file *file, int64_t id)
{
	sqlite3_stmt *statement = statement_prepare_to_write(session, which);
	if (!statement)
		return;
	if (which == STATEMENT_UPDATE)
		sqlite3_bind_int64(statement, 1, id);
	else
		statement_bind_text(statement, 2, file->path);
	statement_bind_text(statement, 3, file->place);
	sqlite3_bind_int64(statement, 4, file->depth);
	if (which != STATEMENT_PLACE) {
		sqlite3_bind_int64(statement, 5, file->stamp.size);
		sqlite3_bind_int64(statement, 6, file->stamp.mtime_ns);
		sqlite3_bind_int64(statement, 7, file->stamp.ctime_ns);
		sqlite3_bind_int64(statement, 8, file->stamp.inode);
		sqlite3_bind_int64(statement, 9, file->stamp.settled);
		statement_bind_text(statement, 10, file->sha256);
	}
	statement_step(session, statement);
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
	sqlite3_stmt *statement = statement_prepare(session, STATEMENT_COUNT);
	if (!statement)
		return 0;
	sqlite3_bind_int64(statement, 1, file);
	unsigned n = statement_step(session, statement) ? (unsigned)sqlite3_column_int(statement, 0) : 0;
	statement_done(statement);
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
	sqlite3_stmt *statement = statement_prepare_to_write(session, STATEMENT_PAGE);
	if (!statement)
		return;
	sqlite3_bind_int64(statement, 1, file);
	sqlite3_bind_int64(statement, 2, page);
	statement_bind_text(statement, 3, text);
	statement_step(session, statement);
}

void session_add_page(
	struct session *session, int64_t file, unsigned page, unsigned n_pages, const struct answers *answers)
{
	session_replace_page(session, file, page, answers);
	sqlite3_stmt *statement = statement_prepare_to_write(session, STATEMENT_PAGES);
	if (!statement)
		return;
	sqlite3_bind_int64(statement, 1, file);
	sqlite3_bind_int64(statement, 2, n_pages);
	statement_step(session, statement);
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

typedef struct answers *parse_function(const char *text, const struct layout *layout, GError **error);

// Of a column. NULL with error set if it holds none.
static struct answers *answers_of(
	struct session *session, sqlite3_stmt *row, int column, parse_function *parse, GError **error)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	struct answers *answers = text ? parse(text, session->layout, NULL) : NULL;
	if (!answers)
		store_set_damaged(&session->store, error);
	return answers;
}

static bool each_page(
	struct session *session, parse_function *parse, session_page_function *each, void *data, GError **error)
{
	sqlite3_stmt *query = NULL;
	const char *sql = "SELECT file, number, answers FROM page ORDER BY file, number";
	bool good = true;
	if (!session->error && sqlite3_prepare_v2(session->store.db, sql, -1, &query, NULL) != SQLITE_OK)
		session_note_failure(session);
	while (good && query && statement_step(session, query)) {
		struct answers *answers = answers_of(session, query, 2, parse, error);
		good = answers != NULL;
		if (good)
			each(data, sqlite3_column_int64(query, 0), (unsigned)sqlite3_column_int(query, 1), answers);
	}
	sqlite3_finalize(query);
	return good && !session_failed(session, error);
}

bool session_each_page(struct session *session, session_page_function *each, void *data, GError **error)
{
	return each_page(session, answers_parse, each, data, error);
}

bool session_each_head(struct session *session, session_page_function *each, void *data, GError **error)
{
	return each_page(session, answers_parse_head, each, data, error);
}

struct answers *session_page(struct session *session, int64_t file, unsigned page, GError **error)
{
	struct answers *answers = NULL;
	sqlite3_stmt *statement = statement_prepare(session, STATEMENT_READ);
	bool found = false;
	if (statement) {
		sqlite3_bind_int64(statement, 1, file);
		sqlite3_bind_int64(statement, 2, page);
		found = statement_step(session, statement);
	}
	if (found) {
		answers = answers_of(session, statement, 0, answers_parse, error);
		statement_done(statement);
	} else if (!session_failed(session, error)) {
		store_set_damaged(&session->store, error);
	}
	return answers;
}
