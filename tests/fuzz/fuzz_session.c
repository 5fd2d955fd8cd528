// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as what another's session holds: it is refused with a sentence, or graded, with every page accounted for.
// Beginning with 'S', the bytes are SQL that is run on a sound session, as whoever has the file can; otherwise they are
// written over a sound session's, from the place that the first two say.
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cli/folder.h"
#include "cli/grading.h"
#include "grade/exceptions_csv.h"
#include "grade/gradebook.h"
#include "grade/marks_csv.h"
#include "tests/small_batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ONE_IN 8          // inputs is graded to files too, which takes longer
#define MOST_STEPS 100000 // of SQLite's machine, so that no input's own SQL takes long

static const char EXAM[] = "exam: small\ntitle: Small\npaper: a4\n"
			   "fields:\n  - {name: course, choices: [CS 1, CS 2]}\n"
			   "sections:\n  - title: One\n    type: single\n    questions:\n"
			   "      - {choices: 3, key: A}\n      - {choices: 4, key: B}\n";
static const char ROSTER[] = "student_id,name\n1001,Ada\n1002,Ben\n1003,\"Cid, D\"\n";

// A sound session, in a folder of its own for as long as the fuzzer runs.
struct sound {
	char *folder, *path, *bytes;
	gsize size;
};

static struct sound make_sound(void)
{
	struct sound sound = {0};
	struct small_batch *batch = small_batch_new(EXAM, ROSTER, "stack.pdf");
	const struct decision decision = {.person = (char *)"Pat",
		.kind = DECISION_STRANGER,
		.student = (char *)"9999",
		.becomes = (char *)"may stay"};
	session_decide(batch->session, &decision, 1);
	session_close(batch->session);
	batch->session = NULL;
	g_autofree char *made = g_build_filename(batch->folder, "session.sqlite", NULL);
	g_assert(g_file_get_contents(made, &sound.bytes, &sound.size, NULL));
	small_batch_free(batch);
	sound.folder = g_dir_make_tmp("sheaf-fuzz-XXXXXX", NULL);
	g_assert(sound.folder);
	sound.path = g_build_filename(sound.folder, "session.sqlite", NULL);
	return sound;
}

static int enough(void *data)
{
	(void)data;
	return 1;
}

// Attached files, which SQL could name, are not what is tried here.
static int refuse_files(void *data, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)data, (void)a, (void)b, (void)c, (void)d;
	return action == SQLITE_ATTACH ? SQLITE_DENY : SQLITE_OK;
}

static void run_sql(const struct sound *sound, const uint8_t *data, size_t size)
{
	sqlite3 *db = NULL;
	g_autofree char *sql = g_strndup((const char *)data, size);
	if (sqlite3_open(sound->path, &db) == SQLITE_OK) {
		sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 100000);
		sqlite3_progress_handler(db, MOST_STEPS, enough, NULL);
		sqlite3_set_authorizer(db, refuse_files, NULL);
		sqlite3_exec(db, "PRAGMA writable_schema = ON; PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
		sqlite3_exec(db, sql, NULL, NULL, NULL);
	}
	sqlite3_close(db);
}

static void put(const struct sound *sound, const uint8_t *data, size_t size)
{
	g_autofree char *bytes = g_memdup2(sound->bytes, sound->size);
	bool is_sql = size > 0 && data[0] == 'S';
	size_t at = size > 2 ? ((size_t)data[0] << 8 | data[1]) % sound->size : 0;
	if (!is_sql && size > 2)
		memcpy(bytes + at, data + 2, MIN(size - 2, sound->size - at));
	g_assert(g_file_set_contents_full(
		sound->path, bytes, (gssize)sound->size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	if (is_sql)
		run_sql(sound, data + 1, size - 1);
}

static void check(const struct results *results)
{
	unsigned pages = 0;
	for (unsigned i = 0; i < PAGE_N_FATES; i++)
		pages += results->fates[i];
	g_assert(pages == results->n_pages);
	g_autofree char *grades = gradebook_csv(results), *marks = marks_csv(results),
			*exceptions = exceptions_csv(results);
	g_assert(g_utf8_validate(grades, -1, NULL) && g_utf8_validate(marks, -1, NULL) &&
		 g_utf8_validate(exceptions, -1, NULL));
}

// Paper by paper, the same gradebook comes out.
static void check_papers(const struct folder *folder, const struct sound *sound)
{
	RESULTS_AUTO results =
		grading_run(folder->session, folder->exam, folder->layout, folder->roster, sound->folder, NULL);
	g_assert(results);
	g_autofree char *path = g_build_filename(sound->folder, "gradebook.csv", NULL), *is = NULL;
	g_autofree char *expected = gradebook_csv(folder->results);
	g_assert(g_file_get_contents(path, &is, NULL, NULL));
	g_assert_cmpstr(is, ==, expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sound sound;
	if (!sound.folder)
		sound = make_sound();
	put(&sound, data, size);
	g_autoptr(GError) error = NULL;
	FOLDER_AUTO folder = {0};
	bool opened = folder_open(&folder, sound.folder, &error);
	g_assert(opened == (error == NULL));
	if (opened)
		check(folder.results);
	if (opened && size % ONE_IN == 0)
		check_papers(&folder, &sound);
	if (!opened)
		g_assert(g_utf8_validate(error->message, -1, NULL) && !strchr(error->message, '\n'));
	g_remove(sound.path);
	return 0;
}
