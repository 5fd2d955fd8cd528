// SPDX-License-Identifier: GPL-3.0-or-later
// What holds through kill -9 and a power cut: the write-ahead log with synchronous=FULL, so that a commit is on disk
// when it returns. NORMAL would be as safe against kill -9, but lose commits in a power cut; and FULL costs one fsync a
// commit, of which reading makes ten a second at most. On file systems without shared memory (most network shares)
// SQLite stays with its rollback journal, which promises the same.
//
// The lock is a POSIX record lock on a file of its own: the kernel drops it with the process however it ends, reading
// workers do not inherit it (flock they would), and closing the database's descriptors does not touch it.
#include "grade/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION_ID 0x53484631 // "SHF1": lets `file` and us tell a session from any other database
// 2: decisions; pages say where they lie on their scan. 1: neither.
#define FORMAT_VERSION 2
// Reviewing and reporting may hold the file for a moment.
#define PATIENCE_MS 5000
// 512 KB and not SQLite's 2 MB: hardly a page is asked for twice, and the system keeps the file in memory anyway.
#define CACHE "PRAGMA cache_size = -512"
// The largest is a roster of a million students.
#define MOST_VALUE_BYTES (300 * 1024 * 1024)

#define STAYS "CREATE TRIGGER decision_stays BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'decisions stay'); END"
#define IS_KEPT                                                                                                        \
	"CREATE TRIGGER decision_is_kept BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'decisions stay'); END"

// What a person decided, never changed and never deleted. It is about a page as (content, number), which outlives
// reading the page again, and ends with the page's bytes; or about a student, then content is empty.
#define DECISIONS                                                                                                      \
	"CREATE TABLE decision ("                                                                                      \
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"                                                                       \
	" time TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL," /* grade/decision.h */                        \
	" content TEXT NOT NULL, number INTEGER NOT NULL,"                                                             \
	" file TEXT NOT NULL," /* the page's name when it was decided */                                               \
	" student TEXT NOT NULL, page INTEGER NOT NULL, item TEXT NOT NULL,"                                           \
	" was TEXT NOT NULL, becomes TEXT NOT NULL, reason TEXT NOT NULL,"                                             \
	" undoes INTEGER NOT NULL);" /* the id of another one, or 0 */                                                 \
		STAYS ";" IS_KEPT ";"

// From version 1. Its pages can be graded as they are; they are read anew whenever they are given, for their places.
static const char FROM_1[] = "ALTER TABLE file ADD COLUMN content TEXT NOT NULL DEFAULT '';"
			     "UPDATE file SET content = sha256, sha256 = '';" DECISIONS;

// A page belongs to a file, a file's content is its sha256.
static const char SCHEMA[] =
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE file ("
	" id INTEGER PRIMARY KEY,"
	" path TEXT NOT NULL UNIQUE," // its real place, links followed: this is what makes it one and the same file
	" place TEXT NOT NULL,"       // where it was found, from the root
	" depth INTEGER NOT NULL,"    // its name in reports: so many last components of place
	" size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,"
	" settled INTEGER NOT NULL," // 1: it had been left alone long enough for the stamps above to be trusted
	" sha256 TEXT NOT NULL,"     // of what was read; empty: read it again whenever it is given
	" pages INTEGER NOT NULL,"   // in the file, as far as known
	" done INTEGER NOT NULL,"    // 1: all of them are in table page
	" problem TEXT,"             // why it has no pages
	" content TEXT NOT NULL);"   // the SHA-256 of what its pages were read from, also if it must be read again
	"CREATE TABLE page ("
	" file INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,"
	" number INTEGER NOT NULL," // from 0
	" answers TEXT NOT NULL,"   // sheet/answers.h
	" PRIMARY KEY (file, number)) WITHOUT ROWID;" DECISIONS;

#define DAMAGED "the session is damaged; choose another folder with -o and read the scans again"

bool store_exists(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "session.sqlite", NULL);
	return g_file_test(path, G_FILE_TEST_EXISTS);
}

void store_set_error(const struct store *store, GError **error)
{
	int code = sqlite3_errcode(store->db);
	const char *what = sqlite3_errmsg(store->db);
	if (code == SQLITE_FULL)
		what = "the disk is full; what was read before is kept";
	else if (code == SQLITE_NOTADB)
		what = "this is not a session of sheaf's; move it away, or choose another folder with -o";
	else if (code == SQLITE_CORRUPT)
		what = DAMAGED;
	else if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM)
		what = "the session cannot be written there";
	else if (code == SQLITE_BUSY)
		what = "another program keeps the session locked";
	else if (code == SQLITE_IOERR)
		what = "the session cannot be written: the disk fails or is full; what was read before is kept";
	g_set_error(error, STORE_ERROR, 0, "%s: %s", store->path, what);
}

void store_set_damaged(const struct store *store, GError **error)
{
	g_set_error(error, STORE_ERROR, 0, "%s: " DAMAGED, store->path);
}

static bool set_lock(struct store *store, const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "session.lock", NULL);
	store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	if (store->lock >= 0 && fcntl(store->lock, F_SETLK, &lock) == 0)
		return true;
	int problem = errno;
	struct flock holder = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	if (store->lock < 0 || (problem != EACCES && problem != EAGAIN))
		g_set_error(
			error, STORE_ERROR, 0, "%s: results cannot be written there: %s", folder, g_strerror(problem));
	else if (fcntl(store->lock, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK && holder.l_pid > 0)
		g_set_error(error, STORE_ERROR, 0,
			"%s: another sheaf (process %d) is working there; wait until it ends", folder,
			(int)holder.l_pid);
	else
		g_set_error(error, STORE_ERROR, 0, "%s: another sheaf is working there; wait until it ends", folder);
	return false;
}

static bool get_number(struct store *store, const char *sql, int *number)
{
	sqlite3_stmt *query = NULL;
	bool got =
		sqlite3_prepare_v2(store->db, sql, -1, &query, NULL) == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW;
	if (got)
		*number = sqlite3_column_int(query, 0);
	return sqlite3_finalize(query) == SQLITE_OK && got;
}

static bool execute(struct store *store, const char *sql, GError **error)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	store_set_error(store, error);
	return false;
}

// All or nothing.
static bool change_tables(struct store *store, const char *change, GError **error)
{
	g_autofree char *sql =
		g_strdup_printf("BEGIN IMMEDIATE; %s PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
			change, APPLICATION_ID, FORMAT_VERSION);
	return execute(store, sql, error);
}

static bool is_ours(const struct store *store, int application, int version, GError **error)
{
	if (application != APPLICATION_ID)
		g_set_error(error, STORE_ERROR, 0,
			"%s: this is not a session of sheaf's; move it away, or choose another folder with -o",
			store->path);
	else if (version > FORMAT_VERSION)
		g_set_error(error, STORE_ERROR, 0, "%s: a newer version of sheaf wrote this session; use that version",
			store->path);
	else
		return true;
	return false;
}

// Somebody else's session may hold what runs as it is looked at: views, triggers, tables that are programs. Ours has
// tables, their indexes, and two triggers.
static bool holds_nothing_that_runs(struct store *store, GError **error)
{
	static const char SQL[] = "SELECT count(*) FROM sqlite_schema WHERE type NOT IN ('table', 'index', 'trigger')"
				  " OR type = 'trigger' AND sql NOT IN (?1, ?2) OR sql LIKE 'CREATE VIRTUAL%'";
	sqlite3_stmt *query = NULL;
	int found = -1;
	if (sqlite3_prepare_v2(store->db, SQL, -1, &query, NULL) == SQLITE_OK &&
		sqlite3_bind_text(query, 1, STAYS, -1, SQLITE_STATIC) == SQLITE_OK &&
		sqlite3_bind_text(query, 2, IS_KEPT, -1, SQLITE_STATIC) == SQLITE_OK &&
		sqlite3_step(query) == SQLITE_ROW)
		found = sqlite3_column_int(query, 0);
	if (sqlite3_finalize(query) != SQLITE_OK || found < 0)
		store_set_error(store, error);
	else if (found > 0)
		store_set_damaged(store, error);
	return found == 0;
}

// What SQLite offers against files that were made to do harm.
static bool be_wary(struct store *store)
{
	sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, MOST_VALUE_BYTES);
	return sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK &&
	       sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK &&
	       sqlite3_exec(store->db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL) == SQLITE_OK;
}

// A run that was killed while it made the file leaves an empty database or a whole one.
static bool make_or_check(struct store *store, GError **error)
{
	int application = 0, version = 0, tables = 0;
	if (!get_number(store, "PRAGMA application_id", &application) ||
		!get_number(store, "PRAGMA user_version", &version) ||
		!get_number(store, "SELECT count(*) FROM sqlite_schema", &tables)) {
		store_set_error(store, error);
		return false;
	}
	if (application == 0 && version == 0 && tables == 0)
		return change_tables(store, SCHEMA, error);
	return is_ours(store, application, version, error) && holds_nothing_that_runs(store, error) &&
	       (version == FORMAT_VERSION || change_tables(store, FROM_1, error));
}

// A pipe in the session's place would be waited for without end.
static bool is_file(const struct store *store, GError **error)
{
	if (g_file_test(store->path, G_FILE_TEST_IS_REGULAR))
		return true;
	g_set_error(error, STORE_ERROR, 0,
		"%s: this is not a session of sheaf's; move it away, or choose another folder with -o", store->path);
	return false;
}

static bool open_database(struct store *store, GError **error)
{
	// Made by us and not by SQLite: it holds grades, and is its owner's alone. The log beside it follows suit.
	int file = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	if (file < 0) {
		g_set_error(
			error, STORE_ERROR, 0, "%s: the session cannot be written: %s", store->path, g_strerror(errno));
		return false;
	}
	close(file);
	if (!is_file(store, error))
		return false;
	if (sqlite3_open_v2(store->path, &store->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK || !be_wary(store)) {
		store_set_error(store, error);
		return false;
	}
	sqlite3_busy_timeout(store->db, PATIENCE_MS);
	return make_or_check(store, error) &&
	       execute(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; " CACHE,
		       error);
}

bool store_open(struct store *store, const char *folder, GError **error)
{
	*store = (struct store){.path = g_build_filename(folder, "session.sqlite", NULL), .lock = -1};
	if (set_lock(store, folder, error) && open_database(store, error))
		return true;
	store_close(store);
	return false;
}

static bool open_to_read(struct store *store, const char *folder, GError **error)
{
	int application = 0, version = 0;
	if (sqlite3_open_v2(store->path, &store->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
		sqlite3_busy_timeout(store->db, PATIENCE_MS) != SQLITE_OK || !be_wary(store) ||
		!get_number(store, "PRAGMA application_id", &application) ||
		!get_number(store, "PRAGMA user_version", &version)) {
		store_set_error(store, error);
		return false;
	}
	if (!is_ours(store, application, version, error) || !holds_nothing_that_runs(store, error))
		return false;
	if (version == FORMAT_VERSION)
		return true;
	g_set_error(error, STORE_ERROR, 0,
		"%s: an older version of sheaf wrote this session; run sheaf grade EXAM.yaml -o %s once, which "
		"brings it up to date",
		store->path, folder);
	return false;
}

bool store_open_to_read(struct store *store, const char *folder, GError **error)
{
	*store = (struct store){.path = g_build_filename(folder, "session.sqlite", NULL), .lock = -1};
	if (!g_file_test(store->path, G_FILE_TEST_EXISTS))
		g_set_error(error, STORE_ERROR, 0,
			"%s: nothing was graded into this folder: there is no session.sqlite in it", folder);
	else if (is_file(store, error) && open_to_read(store, folder, error))
		return true;
	store_close(store);
	return false;
}

void store_close(struct store *store)
{
	sqlite3_close(store->db);
	if (store->lock >= 0)
		close(store->lock);
	g_free(store->path);
	*store = (struct store){.lock = -1};
}
