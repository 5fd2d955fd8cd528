// SPDX-License-Identifier: GPL-3.0-or-later
// Real files through real worker processes, also ones that are shot while they read.
#include "tests/harness.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/pool.h"
#include "scan/walk.h"
#include "sheet/exam_file.h"
#include "tests/pdf_files.h"
#include "tests/pictures.h"
#include "tests/sheets.h"

struct setting {
	struct exam *exam;
	struct layout *layout;
	char *folder;
	GPtrArray *entries;
};

static void put_file(const char *folder, const char *name, const void *bytes, size_t size)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

static void put_scan(const struct setting *setting, const char *name, const struct print_sheet *sheet, size_t cut)
{
	struct page_image *image = sheets_page(setting->layout, sheet, 1, 120);
	g_autoptr(GByteArray) png = sheets_png(image);
	put_file(setting->folder, name, png->data, png->len - cut);
	page_image_free(image);
}

// In this order, as the walk sorts them.
enum file { ADA, BLANK, CUT, EMPTY, GONE, PIPE, TEXT, ZOE, N_FILES };
static const char *const NAMES[N_FILES] = {
	"ada.png", "blank.png", "cut.png", "empty.jpg", "gone.png", "pipe.png", "text.txt", "zoe.png"};

static int set_up(void **state)
{
	static const struct print_sheet ada = {.id = "0042", .name = "Ada"}, zoe = {.id = "0007", .name = "Zoe"};
	static uint8_t white[300 * 400];
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_load("fixtures/exams/true-false.yaml", NULL);
	setting->layout = layout_new(setting->exam, NULL);
	setting->folder = g_dir_make_tmp("sheaf-pool-XXXXXX", NULL);
	assert_non_null(setting->folder);
	memset(white, 250, sizeof white);
	g_autoptr(GByteArray) blank = pictures_grey_png(300, 400, white);
	put_scan(setting, NAMES[ADA], &ada, 0);
	put_file(setting->folder, NAMES[BLANK], blank->data, blank->len);
	put_scan(setting, NAMES[CUT], &ada, 500);
	put_file(setting->folder, NAMES[EMPTY], "", 0);
	put_file(setting->folder, NAMES[GONE], "x", 1);
	put_file(setting->folder, NAMES[TEXT], "no image", 8);
	put_scan(setting, NAMES[ZOE], &zoe, 0);
	g_autofree char *pipe = g_build_filename(setting->folder, NAMES[PIPE], NULL);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	setting->entries = walk_paths((const char *const[]){setting->folder, NULL}, NULL);
	assert_int_equal(setting->entries->len, N_FILES);
	// Deleted between the walk and the reading.
	g_autofree char *gone = g_build_filename(setting->folder, NAMES[GONE], NULL);
	g_remove(gone);
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	for (int i = 0; i < N_FILES; i++) {
		g_autofree char *path = g_build_filename(setting->folder, NAMES[i], NULL);
		g_remove(path);
	}
	g_rmdir(setting->folder);
	g_ptr_array_unref(setting->entries);
	g_free(setting->folder);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

// What the pool said, a line a file; and whom to shoot.
struct log {
	const struct setting *setting;
	char *said[N_FILES];
	unsigned done, pictures[N_FILES];
	int victim;      // the worker is shot at the first picture of this file; -1: none
	int late_victim; // the worker is shot when the page of this file has come; 0: none
};

static void note(struct log *log, unsigned file, char *text)
{
	assert_in_range(file, 0, N_FILES - 1);
	if (log->said[file])
		fail_msg("%s: \"%s\" after \"%s\"", NAMES[file], text, log->said[file]);
	log->said[file] = text;
}

// All child processes of this one.
static void shoot_workers(void)
{
	g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid()), *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL)) {
		print_message("this kernel does not tell child processes\n");
		return;
	}
	g_auto(GStrv) pids = g_strsplit(g_strstrip(text), " ", -1);
	for (char **pid = pids; *pid; pid++)
		if (atoi(*pid) > 1)
			assert_int_equal(kill(atoi(*pid), SIGKILL), 0);
}

static void on_page(void *data, unsigned file, unsigned page, unsigned n_pages, struct answers *answers)
{
	assert_int_equal(page, 0);
	assert_int_equal(n_pages, 1);
	struct log *log = data;
	switch (answers->outcome) {
	case ANSWERS_READ:
		note(log, file, g_strdup_printf("read %s, %u items", answers->student, answers->n_marks));
		break;
	case ANSWERS_BLANK:
		note(log, file, g_strdup("blank"));
		break;
	case ANSWERS_EXCEPTION:
		note(log, file, g_strdup(answers->kind));
		break;
	}
	answers_free(answers);
	if (log->late_victim && (int)file == log->late_victim)
		shoot_workers();
}

static void on_not_a_page(void *data, unsigned file, const char *reason)
{
	note(data, file, g_strdup_printf("no page: %s", reason));
}

static void on_progress(void *data, unsigned done, unsigned of)
{
	struct log *log = data;
	assert_int_equal(of, N_FILES);
	assert_int_equal(done, ++log->done);
}

static void on_picture(void *data, unsigned file, unsigned page, const char *name, const uint8_t *png, size_t size)
{
	struct log *log = data;
	assert_int_equal(page, 0);
	assert_true(name[0] && size > 8 && memcmp(png, "\x89PNG", 4) == 0);
	if (log->pictures[file]++ == 0 && (int)file == log->victim)
		shoot_workers();
}

static void read_all(struct log *log, const struct setting *setting, unsigned jobs, bool explain)
{
	const struct pool_handlers handlers = {on_page, on_not_a_page, on_picture, on_progress, .data = log};
	g_autoptr(GError) error = NULL;
	log->setting = setting;
	if (!pool_read(setting->layout, setting->entries, jobs, explain, &handlers, &error))
		fail_msg("%s", error->message);
	assert_int_equal(log->done, N_FILES);
}

static void assert_said(struct log *log, const char *const expected[N_FILES])
{
	for (int i = 0; i < N_FILES; i++) {
		if (!log->said[i])
			fail_msg("nothing was said of %s", NAMES[i]);
		assert_string_equal(log->said[i], expected[i]);
		g_free(log->said[i]);
	}
}

#define ITEMS "22 items"
static const char *const EXPECTED[N_FILES] = {"read 0042, " ITEMS, "blank", ANSWERS_KIND_DAMAGED,
	"no page: the file is empty", "no page: the file cannot be opened", "no page: not a regular file",
	"no page: this is not an image that sheaf can read", "read 0007, " ITEMS};

static void test_any_number_of_jobs(void **state)
{
	static const unsigned jobs[] = {1, 2, 4, 100, 0};
	for (size_t i = 0; i < G_N_ELEMENTS(jobs); i++) {
		struct log log = {.victim = -1};
		read_all(&log, *state, jobs[i], false);
		assert_said(&log, EXPECTED);
		for (int k = 0; k < N_FILES; k++)
			assert_int_equal(log.pictures[k], 0);
	}
}

static void test_pictures(void **state)
{
	struct log log = {.victim = -1};
	read_all(&log, *state, 2, true);
	assert_said(&log, EXPECTED);
	assert_true(log.pictures[ADA] > 1 && log.pictures[ZOE] > 1);
	assert_int_equal(log.pictures[TEXT], 0);
}

// With one worker it is the one that reads the file; the pictures that it has still to send are more than a pipe holds,
// so it cannot have been done. Later files are read by another.
static void test_killed_worker(void **state)
{
	static const enum file victims[] = {ADA, ZOE};
	for (size_t i = 0; i < G_N_ELEMENTS(victims); i++) {
		struct log log = {.victim = (int)victims[i]};
		read_all(&log, *state, 1, true);
		const char *expected[N_FILES];
		memcpy(expected, EXPECTED, sizeof expected);
		expected[victims[i]] = ANSWERS_KIND_CRASHED;
		assert_said(&log, expected);
	}
}

// Idle workers die as well; then nothing is lost but the page that was being read.
static void test_all_workers_killed(void **state)
{
	struct log log = {.victim = ZOE};
	read_all(&log, *state, 4, true);
	unsigned crashed = 0;
	for (int i = 0; i < N_FILES; i++) {
		assert_non_null(log.said[i]);
		bool lost = strcmp(log.said[i], ANSWERS_KIND_CRASHED) == 0;
		crashed += lost;
		if (!lost)
			assert_string_equal(log.said[i], EXPECTED[i]);
		g_free(log.said[i]);
	}
	assert_in_range(crashed, 1, 4);
}

// A worker that is lost when its file's last page has come costs nothing: that page is not said to be lost as well.
static void test_killed_after_the_last_page(void **state)
{
	for (int i = 0; i < 5; i++) {
		struct log log = {.victim = -1, .late_victim = ZOE};
		read_all(&log, *state, 1, false);
		assert_said(&log, EXPECTED);
	}
}

static void test_nothing_to_read(void **state)
{
	const struct setting *setting = *state;
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	struct log log = {.victim = -1};
	const struct pool_handlers handlers = {.page = on_page, .not_a_page = on_not_a_page, .data = &log};
	assert_true(pool_read(setting->layout, none, 4, false, &handlers, NULL));
}

// Nobody is left behind: neither processes nor open files.
static unsigned open_files(void)
{
	GDir *folder = g_dir_open("/proc/self/fd", 0, NULL);
	assert_non_null(folder);
	unsigned n = 0;
	while (g_dir_read_name(folder))
		n++;
	g_dir_close(folder);
	return n;
}

static void test_leaves_nothing_behind(void **state)
{
	unsigned before = open_files();
	struct log log = {.victim = ADA};
	read_all(&log, *state, 2, true);
	assert_int_equal(open_files(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	for (int i = 0; i < N_FILES; i++)
		g_free(log.said[i]);
}

static void on_drawn(void *data, unsigned file, unsigned page, unsigned n_pages, struct answers *answers)
{
	struct answers **drawn = data;
	assert_true(file == 0 && page == 0 && n_pages == 1 && !*drawn);
	*drawn = answers;
}

// A page that needs a font that it does not bring is drawn in the cage all the same.
static void test_fonts_are_within_reach(void **state)
{
	static const char SHOWN[] = "BT /F 300 Tf 50 200 Td (Hello, hello) Tj ET";
	const struct setting *setting = *state;
	struct pdf_file *file = pdf_file_new();
	unsigned font = pdf_file_object(file, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
	unsigned content = pdf_file_stream(file, "", SHOWN, strlen(SHOWN));
	g_autofree char *entries_of_page =
		g_strdup_printf("/Contents %u 0 R/Resources<</Font<</F %u 0 R>>>>", content, font);
	pdf_file_page(file, 612, 792, entries_of_page);
	g_autoptr(GByteArray) pdf = pdf_file_finish(file);
	put_file(setting->folder, "font.pdf", pdf->data, pdf->len);
	g_autofree char *path = g_build_filename(setting->folder, "font.pdf", NULL);
	g_autoptr(GPtrArray) entries = walk_paths((const char *const[]){path, NULL}, NULL);
	ANSWERS_AUTO drawn = NULL;
	const struct pool_handlers handlers = {.page = on_drawn, .not_a_page = on_not_a_page, .data = &drawn};
	assert_true(pool_read(setting->layout, entries, 1, false, &handlers, NULL));
	g_remove(path);
	// Neither damaged, as it would be without the font, nor blank.
	assert_non_null(drawn);
	assert_string_equal(drawn->kind, ANSWERS_KIND_NOT_A_SHEET);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN); // as cli/main.c does
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_number_of_jobs),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_killed_worker),
		cmocka_unit_test(test_all_workers_killed),
		cmocka_unit_test(test_killed_after_the_last_page),
		cmocka_unit_test(test_nothing_to_read),
		cmocka_unit_test(test_leaves_nothing_behind),
		cmocka_unit_test(test_fonts_are_within_reach),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
