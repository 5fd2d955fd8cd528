// SPDX-License-Identifier: GPL-3.0-or-later
// The session by itself: what goes in comes out, also after a process that was killed; what is not ours is refused and
// left as it is.
#include "tests/harness.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade/session.h"
#include "grade/store.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"

#define READER "reader 1"

struct setting {
	struct exam *exam;
	struct layout *layout;
	char *folder;
};

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	setting->layout = layout_new(setting->exam, NULL);
	setting->folder = g_dir_make_tmp("sheaf-session-XXXXXX", NULL);
	*state = setting;
	return setting->folder ? 0 : -1;
}

static int tear_down(void **state)
{
	static const char *const NAMES[] = {
		"session.sqlite", "session.sqlite-wal", "session.sqlite-shm", "session.lock"};
	struct setting *setting = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
		g_autofree char *path = g_build_filename(setting->folder, NAMES[i], NULL);
		g_remove(path);
	}
	assert_int_equal(g_rmdir(setting->folder), 0);
	g_free(setting->folder);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

static struct session *reopen(const struct setting *setting, const char *reader)
{
	g_autoptr(GError) error = NULL;
	struct session *session = session_open(setting->folder, setting->exam, setting->layout, reader, &error);
	if (!session)
		fail_msg("%s", error->message);
	return session;
}

// Takes a file of these contents; what is known of it is in *file, to be cleared with clear_file.
static unsigned take(struct session *session, struct session_file *file, const char *path, const char *sha256)
{
	unsigned n_read;
	*file = (struct session_file){.path = g_strdup(path),
		.place = g_strdup(path),
		.depth = 1,
		.stamp = {100, 2, 3, 4, true},
		.sha256 = g_strdup(sha256)};
	session_take(session, file, &n_read);
	return n_read;
}

static void clear_file(struct session_file *file)
{
	g_free(file->path);
	g_free(file->place);
	g_free(file->sha256);
	g_free(file->problem);
}

// Reads a file of n pages in which student 0042's page 1 stands over and over, up to a page.
static void read_file(
	struct session *session, const struct setting *setting, const char *path, unsigned n_pages, unsigned up_to)
{
	struct session_file file;
	for (unsigned page = take(session, &file, path, "aa"); page < up_to; page++) {
		ANSWERS_AUTO answers = papers_page(setting->layout, "0042", NULL, 1, "1=A|C; 2?=B");
		session_add_page(session, file.id, page, n_pages, answers);
	}
	if (up_to == n_pages)
		session_finish(session, file.id);
	clear_file(&file);
}

static void keep_one_file(const struct setting *setting)
{
	struct session *session = reopen(setting, READER);
	read_file(session, setting, "/scans/a.png", 1, 1);
	session_close(session);
}

static void change(const struct setting *setting, const char *sql)
{
	g_autofree char *path = g_build_filename(setting->folder, "session.sqlite", NULL);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

struct seen {
	const struct setting *setting;
	unsigned n;
	char *last;
};

static void see(void *data, int64_t file, unsigned page, struct answers *answers)
{
	struct seen *seen = data;
	(void)file, (void)page;
	seen->n++;
	g_free(seen->last);
	seen->last = answers_format(answers, seen->setting->layout);
	answers_free(answers);
}

static void assert_pages(struct session *session, const struct setting *setting, unsigned expected)
{
	struct seen seen = {.setting = setting};
	assert_true(session_each_page(session, see, &seen, NULL));
	assert_int_equal(seen.n, expected);
	if (expected) {
		ANSWERS_AUTO answers = papers_page(setting->layout, "0042", NULL, 1, "1=A|C; 2?=B");
		g_autofree char *should = answers_format(answers, setting->layout);
		assert_string_equal(seen.last, should);
	}
	g_free(seen.last);
}

static void what_was_read_is_there_again(void **state)
{
	const struct setting *setting = *state;
	assert_false(session_exists(setting->folder));
	struct session *session = reopen(setting, READER);
	read_file(session, setting, "/scans/a.png", 1, 1);
	session_put(session, "roster", "student_id\n0042\n");
	session_close(session);
	assert_true(session_exists(setting->folder));
	g_autofree char *path = g_build_filename(setting->folder, "session.sqlite", NULL);
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	session = reopen(setting, READER);
	assert_pages(session, setting, 1);
	g_autofree char *roster = session_get(session, "roster"), *nothing = session_get(session, "nothing");
	assert_string_equal(roster, "student_id\n0042\n");
	assert_null(nothing);
	g_autoptr(GPtrArray) files = session_files(session);
	assert_int_equal(files->len, 1);
	const struct session_file *file = g_ptr_array_index(files, 0);
	assert_string_equal(file->path, "/scans/a.png");
	assert_true(file->done && !file->problem && file->pages == 1 && file->stamp.size == 100);
	session_forget(session, file->id);
	assert_pages(session, setting, 0);
	session_close(session);
}

static void a_file_is_read_on_from_its_last_page_and_anew_if_it_changed(void **state)
{
	const struct setting *setting = *state;
	struct session *session = reopen(setting, READER);
	struct session_file file;
	read_file(session, setting, "/scans/a.pdf", 5, 3);
	assert_int_equal(take(session, &file, "/scans/a.pdf", "aa"), 3);
	assert_true(file.pages == 5 && !file.done);
	clear_file(&file);
	assert_int_equal(take(session, &file, "/scans/a.pdf", "bb"), 0);
	assert_false(file.done);
	assert_pages(session, setting, 0);
	session_add_problem(session, file.id, "no image");
	session_finish(session, file.id);
	clear_file(&file);
	take(session, &file, "/scans/a.pdf", "bb");
	assert_string_equal(file.problem, "no image");
	assert_true(file.done);
	clear_file(&file);
	// Without a hash it is never the same.
	take(session, &file, "/scans/a.pdf", "");
	assert_null(file.problem);
	clear_file(&file);
	session_close(session);
}

static void what_another_version_read_is_read_again(void **state)
{
	const struct setting *setting = *state;
	struct session *session = reopen(setting, READER);
	struct session_file file;
	read_file(session, setting, "/scans/a.png", 1, 1);
	session_close(session);
	session = reopen(setting, "reader 2");
	assert_pages(session, setting, 1);
	assert_int_equal(take(session, &file, "/scans/a.png", "aa"), 0);
	assert_false(file.done);
	clear_file(&file);
	session_close(session);
}

// What a session of format 1 holds can be graded; its pages are read again when they are given.
static void a_session_of_the_first_format_goes_on(void **state)
{
	const struct setting *setting = *state;
	struct session *session = reopen(setting, READER);
	struct session_file file;
	read_file(session, setting, "/scans/a.png", 1, 1);
	session_close(session);
	change(setting, "DROP TABLE decision; ALTER TABLE file DROP COLUMN content; PRAGMA user_version = 1");
	g_autoptr(GError) error = NULL;
	assert_null(session_open_to_read(setting->folder, &error));
	assert_non_null(strstr(error->message, "an older version of sheaf wrote this session"));
	session = reopen(setting, READER);
	assert_pages(session, setting, 1);
	g_autoptr(GPtrArray) files = session_files(session);
	const struct session_file *known = g_ptr_array_index(files, 0);
	assert_string_equal(known->content, "aa");
	assert_int_equal(take(session, &file, "/scans/a.png", "aa"), 0);
	clear_file(&file);
	assert_false(session_failed(session, NULL));
	session_close(session);
	change(setting, "SELECT * FROM decision");
}

static void a_killed_process_loses_only_what_was_not_committed(void **state)
{
	const struct setting *setting = *state;
	session_close(reopen(setting, READER));
	for (unsigned round = 0; round < 2; round++) {
		pid_t child = fork();
		if (child == 0) {
			struct session *session = reopen(setting, READER);
			read_file(session, setting, "/scans/a.png", 1, 1);
			if (round == 1)
				session_commit(session, true);
			kill(getpid(), SIGKILL);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		struct session *session = reopen(setting, READER);
		assert_pages(session, setting, round);
		session_close(session);
	}
}

static void assert_refused(const struct setting *setting, GQuark domain, const char *words)
{
	g_autoptr(GError) error = NULL;
	assert_null(session_open(setting->folder, setting->exam, setting->layout, READER, &error));
	assert_non_null(error);
	if (error->domain != domain || !strstr(error->message, words) || strchr(error->message, '\n'))
		fail_msg("expected \"%s\" in: %s", words, error->message);
}

static void a_second_process_is_told_who_is_there(void **state)
{
	const struct setting *setting = *state;
	struct session *session = reopen(setting, READER);
	pid_t child = fork();
	if (child == 0) {
		g_autoptr(GError) error = NULL;
		struct session *second = session_open(setting->folder, setting->exam, setting->layout, READER, &error);
		_exit(!second && strstr(error->message, "is working there") ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	session_close(session);
	session_close(reopen(setting, READER));
}

static void what_is_not_ours_is_refused_and_left_alone(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *path = g_build_filename(setting->folder, "session.sqlite", NULL), *after = NULL;
	g_autofree char *letter = g_strnfill(5000, 'x');
	assert_true(g_file_set_contents(path, letter, -1, NULL));
	assert_refused(setting, STORE_ERROR, "not a session of sheaf's");
	assert_true(g_file_get_contents(path, &after, NULL, NULL));
	assert_string_equal(after, letter);
	g_remove(path);
	change(setting, "CREATE TABLE songs (title)");
	assert_refused(setting, STORE_ERROR, "not a session of sheaf's");
	g_remove(path);
	session_close(reopen(setting, READER));
	change(setting, "PRAGMA user_version = 99");
	assert_refused(setting, STORE_ERROR, "newer version of sheaf");
	change(setting, "PRAGMA user_version = 2; UPDATE meta SET value = '00000000' WHERE name = 'layout'");
	assert_refused(setting, SESSION_ERROR, "another layout");
	change(setting, "UPDATE meta SET value = 'history-101' WHERE name = 'exam'");
	assert_refused(setting, SESSION_ERROR, "of the exam history-101");
}

static void damaged_answers_are_an_error_and_no_grade(void **state)
{
	const struct setting *setting = *state;
	keep_one_file(setting);
	change(setting, "UPDATE page SET answers = substr(answers, 1, 200)");
	struct session *session = reopen(setting, READER);
	struct seen seen = {.setting = setting};
	g_autoptr(GError) error = NULL;
	assert_false(session_each_page(session, see, &seen, &error));
	assert_non_null(strstr(error->message, "the session is damaged"));
	session_close(session);
}

// Somebody else's session may hold anything. What runs as it is looked at, and what no session of ours has, is refused
// at once, whoever opens it.
static void what_another_made_of_a_session_is_refused(void **state)
{
	static const char *const CHANGES[] = {
		"DROP TABLE page; CREATE VIEW page AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
		" SELECT 1 AS file, i AS number, '' AS answers FROM n",
		"CREATE TRIGGER more AFTER INSERT ON meta BEGIN DELETE FROM page; END",
		"DROP TRIGGER decision_stays;"
		"CREATE TRIGGER decision_stays AFTER UPDATE ON meta BEGIN DELETE FROM page; END",
		"CREATE VIRTUAL TABLE search USING fts5 (text)",
	};
	const struct setting *setting = *state;
	g_autofree char *path = g_build_filename(setting->folder, "session.sqlite", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(CHANGES); i++) {
		keep_one_file(setting);
		change(setting, CHANGES[i]);
		assert_refused(setting, STORE_ERROR, "the session is damaged");
		g_autoptr(GError) error = NULL;
		assert_null(session_open_to_read(setting->folder, &error));
		assert_non_null(strstr(error->message, "the session is damaged"));
		g_remove(path);
	}
}

// Rows without what all of ours have end as an error, and not the program.
static void rows_that_lack_something_are_an_error(void **state)
{
	static const char *const CHANGES[] = {"UPDATE copy SET path = NULL", "UPDATE copy SET place = NULL",
		"UPDATE copy SET sha256 = NULL", "UPDATE copy SET content = NULL",
		"UPDATE copy SET problem = CAST(x'ff' AS TEXT)"};
	const struct setting *setting = *state;
	g_autofree char *path = g_build_filename(setting->folder, "session.sqlite", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(CHANGES); i++) {
		keep_one_file(setting);
		change(setting, "PRAGMA foreign_keys = OFF; CREATE TABLE copy AS SELECT * FROM file");
		change(setting, CHANGES[i]);
		change(setting, "PRAGMA foreign_keys = OFF; DROP TABLE file; ALTER TABLE copy RENAME TO file");
		struct session *session = reopen(setting, READER);
		g_autoptr(GPtrArray) files = session_files(session);
		g_autoptr(GError) error = NULL;
		assert_true(session_failed(session, &error));
		assert_non_null(strstr(error->message, "the session is damaged"));
		session_close(session);
		g_remove(path);
	}
}

static void a_decision_that_is_none_is_an_error(void **state)
{
	static const char *const TEXTS[] = {"'guess', 'x'", "NULL, 'x'", "'mark', NULL", "'mark', CAST(x'ff' AS TEXT)"};
	const struct setting *setting = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
		session_close(reopen(setting, READER));
		g_autofree char *sql = g_strdup_printf(
			"DROP TABLE decision; CREATE TABLE decision (id, time, person, kind, content, number, file,"
			" student, page, item, was, becomes, reason, undoes);"
			"INSERT INTO decision (id, kind, becomes, time, person, content, file, student, item, was,"
			" reason) VALUES (1, %s, '', '', '', '', '', '', '', '')",
			TEXTS[i]);
		change(setting, sql);
		struct session *session = reopen(setting, READER);
		g_autoptr(GError) error = NULL;
		assert_null(session_decisions(session, &error));
		assert_non_null(strstr(error->message, "a decision that this version does not understand"));
		session_close(session);
	}
}

// A pipe in the session's place must not be waited for.
static void a_session_that_is_no_file_is_refused(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *path = g_build_filename(setting->folder, "session.sqlite", NULL);
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(20); // or the test would wait as well
	assert_refused(setting, STORE_ERROR, "not a session of sheaf's");
	g_autoptr(GError) error = NULL;
	assert_null(session_open_to_read(setting->folder, &error));
	assert_non_null(strstr(error->message, "not a session of sheaf's"));
	alarm(0);
	g_remove(path);
	assert_int_equal(g_mkdir(path, 0700), 0);
	g_clear_error(&error);
	assert_null(session_open_to_read(setting->folder, &error));
	assert_non_null(strstr(error->message, "not a session of sheaf's"));
	g_rmdir(path);
}

static void a_reader_sees_what_is_there_while_another_works(void **state)
{
	const struct setting *setting = *state;
	g_autoptr(GError) error = NULL;
	assert_null(session_open_to_read(setting->folder, &error));
	assert_non_null(strstr(error->message, "nothing was graded into this folder"));
	struct session *writer = reopen(setting, READER);
	session_put(writer, "roster", "student_id\n1\n");
	read_file(writer, setting, "/scans/a.png", 1, 1);
	session_commit(writer, true);
	struct session *reader = session_open_to_read(setting->folder, NULL);
	assert_non_null(reader);
	session_set_layout(reader, setting->layout);
	g_autofree char *roster = session_get(reader, "roster");
	assert_string_equal(roster, "student_id\n1\n");
	assert_pages(reader, setting, 1);
	session_close(reader);
	session_close(writer);
}

static void only_settled_and_equal_stamps_are_the_same(void **state)
{
	(void)state;
	const struct session_stamp now = {1, 2, 3, 4, false};
	struct session_stamp known = {1, 2, 3, 4, true};
	assert_true(session_stamp_same(&known, &now));
	known.settled = false;
	assert_false(session_stamp_same(&known, &now));
	known = (struct session_stamp){1, 2, 4, 4, true};
	assert_false(session_stamp_same(&known, &now));
}

static void decisions_stay_as_they_were_made(void **state)
{
	const struct setting *setting = *state;
	const struct decision decision = {.time = (char *)"2022-03-14T15:09:26Z",
		.person = (char *)"Pat",
		.kind = DECISION_SET_ASIDE,
		.content = (char *)"aa",
		.number = 3,
		.becomes = (char *)DECISION_NOT_COUNTED,
		.reason = (char *)"a \"cover\" sheet"};
	// Kept although the process dies right after.
	pid_t child = fork();
	if (child == 0) {
		struct session *session = reopen(setting, READER);
		session_decide(session, &decision, 1);
		kill(getpid(), SIGKILL);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	struct session *session = reopen(setting, "reader 2");
	g_autoptr(GPtrArray) decisions = session_decisions(session, NULL);
	assert_int_equal(decisions->len, 1);
	const struct decision *kept = g_ptr_array_index(decisions, 0);
	assert_int_equal(kept->id, 1);
	assert_int_equal(kept->kind, DECISION_SET_ASIDE);
	assert_int_equal(kept->number, 3);
	assert_string_equal(kept->reason, "a \"cover\" sheet");
	assert_string_equal(kept->student, "");
	session_close(session);
	g_autofree char *path = g_build_filename(setting->folder, "session.sqlite", NULL);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_not_equal(sqlite3_exec(db, "UPDATE decision SET person = 'x'", NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(sqlite3_exec(db, "DELETE FROM decision", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_read_is_there_again),
		TEST(a_file_is_read_on_from_its_last_page_and_anew_if_it_changed),
		TEST(what_another_version_read_is_read_again),
		TEST(a_session_of_the_first_format_goes_on),
		TEST(decisions_stay_as_they_were_made),
		TEST(a_killed_process_loses_only_what_was_not_committed),
		TEST(a_second_process_is_told_who_is_there),
		TEST(what_is_not_ours_is_refused_and_left_alone),
		TEST(a_reader_sees_what_is_there_while_another_works),
		TEST(damaged_answers_are_an_error_and_no_grade),
		TEST(what_another_made_of_a_session_is_refused),
		TEST(rows_that_lack_something_are_an_error),
		TEST(a_decision_that_is_none_is_an_error),
		TEST(a_session_that_is_no_file_is_refused),
		cmocka_unit_test(only_settled_and_equal_stamps_are_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
