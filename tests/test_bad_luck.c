// SPDX-License-Identifier: GPL-3.0-or-later
// What nobody is to blame for: power cuts between any two writes, a disk that is full or fails at any of them, no
// locale, no home, clocks that are wrong. What was said to be kept is kept, and the rest is told in one line.
#include "tests/harness.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "grade/decision.h"
#include "grade/session.h"
#include "sheet/exam_file.h"
#include "tests/faulty_disk.h"
#include "tests/papers.h"
#include "tests/shell.h"

#define READER "reader 1"
#define PAGES 12
#define FILES 3
// Power cuts are tried at every event up to here, then at every third.
#define EVENTS_ALL 200

struct setting {
	struct exam *exam;
	struct layout *layout;
};

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_load("fixtures/exams/true-false.yaml", NULL);
	setting->layout = layout_new(setting->exam, NULL);
	faulty_disk_install();
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	faulty_disk_reset(DISK_FINE, 0);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

static char *make_folder(void)
{
	char *folder = g_dir_make_tmp("sheaf-luck-XXXXXX", NULL);
	assert_non_null(folder);
	return folder;
}

static void drop_folder(char *folder)
{
	shell("rm -rf %s", folder);
	g_free(folder);
}

// --- a session's life

// What was said to be kept, and after how many events of the disk.
struct promise {
	unsigned events, pages;
};

struct life {
	GArray *promises; // struct promise
	unsigned pages;   // added, kept or not
	char *failure;    // NULL if all went well
};

static void promise(struct life *life)
{
	struct promise promise = {faulty_disk_events(), life->pages};
	g_array_append_val(life->promises, promise);
}

static void read_file(const struct setting *setting, struct session *session, struct life *life, unsigned number)
{
	struct session_file file = {.path = g_strdup_printf("/scans/%u.pdf", number),
		.place = g_strdup_printf("/scans/%u.pdf", number),
		.depth = 1,
		.stamp = {100, 2, 3, 4, true},
		.sha256 = g_strnfill(64, (char)('a' + number))};
	unsigned n_read;
	session_take(session, &file, &n_read);
	for (unsigned page = 0; page < PAGES / FILES; page++) {
		g_autofree char *id = g_strdup_printf("%u%u", number, page);
		ANSWERS_AUTO answers = papers_page(setting->layout, id, NULL, 1, "");
		session_add_page(session, file.id, page, PAGES / FILES, answers);
		life->pages++;
		if (page % 2 == 0)
			continue;
		session_commit(session, true);
		if (!session_failed(session, NULL))
			promise(life);
	}
	session_finish(session, file.id);
	g_free(file.path);
	g_free(file.place);
	g_free(file.sha256);
	g_free(file.problem);
}

static struct life live(const struct setting *setting, const char *folder)
{
	struct life life = {.promises = g_array_new(FALSE, FALSE, sizeof(struct promise))};
	GError *error = NULL;
	struct session *session = session_open(folder, setting->exam, setting->layout, READER, &error);
	for (unsigned i = 0; session && i < FILES; i++) {
		read_file(setting, session, &life, i);
		session_put(session, "roster", "student_id\n");
	}
	if (session) {
		session_commit(session, true);
		if (!session_failed(session, &error))
			promise(&life);
		session_close(session);
	}
	if (error)
		life.failure = g_strdup(error->message);
	g_clear_error(&error);
	return life;
}

static void life_clear(struct life *life)
{
	g_array_unref(life->promises);
	g_free(life->failure);
}

static void count_page(void *data, int64_t file, unsigned page, struct answers *answers)
{
	(void)file;
	(void)page;
	*(unsigned *)data += 1;
	answers_free(answers);
}

// How many pages the session in the folder holds; fails the test if it does not open.
static unsigned pages_in(const struct setting *setting, const char *folder, unsigned n, const char *when)
{
	g_autoptr(GError) error = NULL;
	struct session *session = session_open(folder, setting->exam, setting->layout, READER, &error);
	if (!session)
		fail_msg("%s %u: %s", when, n, error->message);
	unsigned pages = 0;
	if (!session_each_page(session, count_page, &pages, &error))
		fail_msg("%s %u: %s", when, n, error->message);
	g_autoptr(GPtrArray) files = session_files(session);
	assert_in_range(files->len, 0, FILES);
	session_close(session);
	return pages;
}

static unsigned promised(const struct life *life, unsigned events)
{
	unsigned pages = 0;
	for (guint i = 0; i < life->promises->len; i++) {
		const struct promise *promise = &g_array_index(life->promises, struct promise, i);
		if (promise->events <= events)
			pages = promise->pages;
	}
	return pages;
}

static void a_power_cut_at_any_write_loses_nothing_that_was_promised(void **state)
{
	const struct setting *setting = *state;
	char *folder = make_folder();
	faulty_disk_reset(DISK_FINE, 0);
	struct life life = live(setting, folder);
	assert_null(life.failure);
	assert_int_equal(promised(&life, UINT_MAX), PAGES);
	drop_folder(folder);
	const unsigned events = faulty_disk_events();
	unsigned cuts = 0;
	for (unsigned n = 0; n <= events; n += n < EVENTS_ALL ? 1 : 3)
		for (int lost = 0; lost < 2; lost++, cuts++) {
			char *after = make_folder();
			faulty_disk_play(after, n, lost);
			// Opening it notes events of its own, which must not be played later.
			pid_t child = fork();
			if (child == 0) {
				unsigned pages = pages_in(setting, after, n, lost ? "torn, event" : "event");
				_exit(pages < promised(&life, n) ? 100 : 0);
			}
			int status;
			assert_int_equal(waitpid(child, &status, 0), child);
			if (status != 0)
				fail_msg("a power cut after %u of %u events (%s): %s", n, events,
					lost ? "torn" : "whole",
					WIFEXITED(status) && WEXITSTATUS(status) == 100 ? "pages are lost"
											: "it does not open");
			drop_folder(after);
		}
	print_message("%u power cuts at %u events\n", cuts, events);
	life_clear(&life);
}

// --- a disk that fails

static void try_fault(const struct setting *setting, enum disk_fault fault, unsigned *n)
{
	char *folder = make_folder();
	faulty_disk_reset(fault, *n);
	struct life life = live(setting, folder);
	bool met = faulty_disk_chances() > *n;
	unsigned kept = promised(&life, UINT_MAX);
	if (met && !life.failure && kept < PAGES)
		fail_msg("fault %d at %u: pages are missing, and nothing was said", (int)fault, *n);
	if (life.failure && strchr(life.failure, '\n'))
		fail_msg("more than a line: %s", life.failure);
	faulty_disk_reset(DISK_FINE, 0);
	unsigned pages = pages_in(setting, folder, *n, "after the fault at");
	if (pages < kept)
		fail_msg("fault %d at %u: %u pages of %u are left", (int)fault, *n, pages, kept);
	life_clear(&life);
	drop_folder(folder);
	*n = met ? *n + 1 : UINT_MAX;
}

static void a_disk_that_fails_at_any_write_or_read_is_told_and_met(void **state)
{
	static const struct {
		enum disk_fault fault;
		const char *name;
	} FAULTS[] = {{DISK_FULL, "full"}, {DISK_WRITE_ERROR, "write errors"}, {DISK_READ_ERROR, "read errors"}};
	for (size_t i = 0; i < G_N_ELEMENTS(FAULTS); i++) {
		unsigned tried = 0;
		for (unsigned n = 0; n != UINT_MAX; tried++)
			try_fault(*state, FAULTS[i].fault, &n);
		print_message("%s: at %u places\n", FAULTS[i].name, tried - 1);
		assert_true(tried > 10);
	}
}

// --- the whole program

static const char *const OUTPUTS[] = {"gradebook.csv", "marks.csv", "exceptions.csv"};

static void grade(char **environment, const char *scans, const char *results)
{
	const char *const argv[] = {SHEAF_PROGRAM, "grade", "fixtures/cs182-midterm.yaml", scans, "--roster",
		"fixtures/roster.csv", "-o", results, NULL};
	g_autofree char *out = NULL, *err = NULL;
	int status = -1;
	assert_true(g_spawn_sync(
		NULL, (char **)(uintptr_t)argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
	if (status != 0)
		fail_msg("status %x: %s", (unsigned)status, err);
	assert_non_null(strstr(out, "Pages: "));
}

static void assert_same_results(const char *a, const char *b)
{
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++) {
		g_autofree char *left = g_build_filename(a, OUTPUTS[i], NULL),
				*right = g_build_filename(b, OUTPUTS[i], NULL);
		g_autofree char *x = NULL, *y = NULL;
		assert_true(g_file_get_contents(left, &x, NULL, NULL) && g_file_get_contents(right, &y, NULL, NULL));
		assert_string_equal(x, y);
	}
}

static void no_locale_no_home_no_time_zone_change_nothing(void **state)
{
	(void)state;
	static const char *const ENVIRONMENTS[][4] = {
		{"LC_ALL=C.UTF-8", "HOME=/root", "PATH=/usr/bin"},
		{NULL},
		{"LC_ALL=nowhere_XX.klingon", "HOME=/nonexistent", "TZ=Pacific/Kiritimati"},
		{"LC_ALL=tr_TR.UTF-8", "HOME=/proc", "TZ=:/dev/zero"},
	};
	char *folder = make_folder();
	g_autofree char *first = g_build_filename(folder, "0", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(ENVIRONMENTS); i++) {
		g_autofree char *name = g_strdup_printf("%zu", i), *results = g_build_filename(folder, name, NULL);
		grade((char **)(uintptr_t)ENVIRONMENTS[i], "fixtures/scans", results);
		assert_same_results(first, results);
	}
	drop_folder(folder);
}

// Scans from the future and from before the epoch, as after a clock was set back: read, and again read where they
// changed, even to the same size.
static void clocks_that_are_wrong_change_nothing(void **state)
{
	(void)state;
	char *folder = make_folder();
	g_autofree char *scans = g_build_filename(folder, "scans", NULL),
			*results = g_build_filename(folder, "r", NULL);
	g_autofree char *fresh = g_build_filename(folder, "fresh", NULL);
	g_autofree char *a = g_build_filename(scans, "scan0001.jpg", NULL),
			*b = g_build_filename(scans, "scan0003.jpg", NULL);
	shell("mkdir %s && cp fixtures/scans/scan000[13].jpg %s", scans, scans);
	const struct utimbuf future = {4102444800, 4102444800}, past = {-86400, -86400};
	assert_int_equal(utime(a, &future), 0);
	assert_int_equal(utime(b, &past), 0);
	grade(NULL, scans, results);
	// Both change places, and keep their times.
	shell("cd %s && cp scan0001.jpg x && cp scan0003.jpg scan0001.jpg && "
	      "cp x scan0003.jpg && rm x",
		scans);
	assert_int_equal(utime(a, &future), 0);
	assert_int_equal(utime(b, &past), 0);
	grade(NULL, scans, results);
	grade(NULL, scans, fresh);
	assert_same_results(results, fresh);
	drop_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_power_cut_at_any_write_loses_nothing_that_was_promised),
		cmocka_unit_test(a_disk_that_fails_at_any_write_or_read_is_told_and_met),
		cmocka_unit_test(no_locale_no_home_no_time_zone_change_nothing),
		cmocka_unit_test(clocks_that_are_wrong_change_nothing),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
