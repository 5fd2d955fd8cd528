// SPDX-License-Identifier: GPL-3.0-or-later
// The texts that staff and other programs get, byte for byte.
#include "tests/harness.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "grade/batch.h"
#include "grade/csv_out.h"
#include "grade/exceptions_csv.h"
#include "grade/file_out.h"
#include "grade/gradebook.h"
#include "grade/marks_csv.h"
#include "grade/summary.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"

static const char EXAM[] = "exam: small\ntitle: Small\npaper: a4\nfields:\n  - {name: course, choices: [CS 1, CS 2]}\n"
			   "sections:\n  - title: One\n    type: single\n    right: 1\n    wrong: -1/3\n"
			   "    questions:\n      - {choices: 3, key: A}\n      - {choices: 4, key: B}\n"
			   "  - title: Two\n    type: true-false\n    right: 0.5\n    questions:\n      - {key: TF}\n";
static const char ROSTER[] = "student_id,name\n0301,\"Lovelace, Ada\"\n0302,=HYPERLINK(1)\n-5,Grace Hopper\n0304,Ann\n";

struct setting {
	struct exam *exam;
	struct layout *layout;
	struct roster *roster;
};

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_parse("exam.yaml", EXAM, strlen(EXAM), NULL);
	setting->layout = layout_new(setting->exam, NULL);
	setting->roster = roster_parse("roster.csv", ROSTER, strlen(ROSTER), NULL);
	assert_non_null(setting->roster);
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	roster_free(setting->roster);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

static struct results *grade(const struct setting *setting, bool with_roster)
{
	const struct layout *layout = setting->layout;
	struct batch *batch = batch_new(setting->exam, layout, with_roster ? setting->roster : NULL);
	struct answers *blank = g_new0(struct answers, 1);
	blank->outcome = ANSWERS_BLANK;
	batch_add(batch, "a/1.png", 1, papers_page(layout, "0301", NULL, 1, "course=CS 2; 1=A; 2=B; 3.A=T; 3.B=F"));
	batch_add(batch, "a/2.png", 2, papers_page(layout, "-5", NULL, 1, "1=B|C; 2?=A; 3.A=T|F"));
	batch_add(batch, "a/3.png", 3, papers_page(layout, "@7", NULL, 1, "2=C"));
	batch_add(batch, "a/4.png", 4, papers_page(layout, "0301", NULL, 1, "course=CS 2; 1=A; 2=B; 3.A=T; 3.B=F"));
	batch_add(batch, "b.pdf#1", 5, answers_new_exception(ANSWERS_KIND_NOT_A_SHEET, "no code can be read on it"));
	batch_add(batch, "b.pdf#2", 6, blank);
	batch_add_not_a_page(batch, "\x1b[2Jno\n.txt", 7, "it is no image", "");
	return batch_finish(batch);
}

static void test_gradebook(void **state)
{
	RESULTS_AUTO results = grade(*state, true);
	g_autofree char *text = gradebook_csv(results);
	assert_string_equal(text, "student_id,name,course,status,score,max_score,Q1,Q2,Q3\n"
				  "0301,\"Lovelace, Ada\",CS 2,graded,3,3,1,1,1\n"
				  "0302,'=HYPERLINK(1),,absent,,3,,,\n"
				  "-5,Grace Hopper,,review,0.1667,3,0,-0.3333,0.5\n"
				  "0304,Ann,,absent,,3,,,\n"
				  "'@7,,,unknown,-0.3333,3,0,-0.3333,0\n");
}

static void test_marks(void **state)
{
	RESULTS_AUTO results = grade(*state, true);
	g_autofree char *text = marks_csv(results);
	assert_string_equal(text, "student_id,page,file,item,marked,state,reason\n"
				  "0301,1,a/1.png,course,CS 2,ok,\n"
				  "0301,1,a/1.png,1,A,ok,\n"
				  "0301,1,a/1.png,2,B,ok,\n"
				  "0301,1,a/1.png,3.A,T,ok,\n"
				  "0301,1,a/1.png,3.B,F,ok,\n"
				  "-5,1,a/2.png,course,,ok,\n"
				  "-5,1,a/2.png,1,B|C,ok,\n"
				  "-5,1,a/2.png,2,A,review,faint mark\n"
				  "-5,1,a/2.png,3.A,T|F,ok,\n"
				  "-5,1,a/2.png,3.B,,ok,\n"
				  "'@7,1,a/3.png,course,,ok,\n"
				  "'@7,1,a/3.png,1,,ok,\n"
				  "'@7,1,a/3.png,2,C,ok,\n"
				  "'@7,1,a/3.png,3.A,,ok,\n"
				  "'@7,1,a/3.png,3.B,,ok,\n");
}

static void test_exceptions(void **state)
{
	RESULTS_AUTO results = grade(*state, true);
	g_autofree char *text = exceptions_csv(results);
	assert_string_equal(text,
		"kind,file,page,student_id,item,detail\n"
		"mark,a/2.png,1,-5,2,faint mark\n"
		"duplicate,a/4.png,1,0301,,\"the same page as a/1.png, and nothing in it differs\"\n"
		"not-a-sheet,b.pdf#1,,,,no code can be read on it\n"
		"not-an-image,\"\x1b[2Jno\n.txt\",,,,it is no image\n"
		"unknown-student,a/3.png,1,'@7,,the student ID printed on this sheet is not on the roster\n");
}

static void test_summary(void **state)
{
	RESULTS_AUTO results = grade(*state, true);
	g_autofree char *text = summary_text(results, "results");
	assert_string_equal(text,
		"Pages: 7 in = 3 read + 1 blank + 1 duplicate + 2 exceptions\n"
		"\n"
		"2 pages or files did not become part of a grade:\n"
		"  b.pdf#1: no code can be read on it\n"
		"  ?[2Jno?.txt: it is no image\n"
		"\n"
		"Duplicates, counted once:\n"
		"  a/4.png\n"
		"\n"
		"Blank pages, nothing to read:\n"
		"  b.pdf#2\n"
		"\n"
		"Students: 1 graded, 1 to review, 0 incomplete, 2 absent, 1 not on the roster (4 on it)\n"
		"Absent, no page found:\n"
		"  0302 =HYPERLINK(1), 0304 Ann\n"
		"Not on the roster:\n"
		"  @7\n"
		"Flags: 1 doubtful mark, 0 missing pages\n"
		"Scores: mean 0.9444, highest 3 of 3, over 3 complete papers\n"
		"Identities: unauthenticated. These sheets bear no seal, as they were printed without a key:\n"
		"  anybody could have made one in another's name.\n"
		"\n"
		"Grades: results/gradebook.csv\n"
		"Next: sheaf review results, to settle what is listed in results/exceptions.csv\n");
}

static void test_summary_when_all_is_well(void **state)
{
	const struct setting *setting = *state;
	struct batch *batch = batch_new(setting->exam, setting->layout, NULL);
	struct answers *answers = papers_page(setting->layout, "0301", NULL, 1, "1=A");
	answers->seal = (struct answers_seal){SEAL_VALID, 0, "AAAAAAAAAAAAA"};
	batch_add(batch, "1.png", 1, answers);
	RESULTS_AUTO results = batch_finish(batch);
	g_autofree char *text = summary_text(results, "out"), *unwritten = summary_text(results, NULL);
	assert_string_equal(text, "Pages: 1 in = 1 read + 0 blank + 0 duplicate + 0 exceptions\n"
				  "\n"
				  "Students: 1 graded, 0 to review, 0 incomplete\n"
				  "No roster was given, so nobody can be found absent or unknown.\n"
				  "Flags: 0 doubtful marks, 0 missing pages\n"
				  "Scores: mean 1, highest 1 of 3, over 1 complete paper\n"
				  "Identities: proven on 1 page, by the seal in their codes\n"
				  "\n"
				  "Grades: out/gradebook.csv\n"
				  "Nothing waits for a person.\n");
	assert_true(g_str_has_suffix(unwritten, "\n\nNothing was written.\n"));
}

static void test_summary_cuts_long_lists(void **state)
{
	const struct setting *setting = *state;
	struct batch *batch = batch_new(setting->exam, setting->layout, NULL);
	for (unsigned i = 0; i < 60; i++) {
		struct answers *blank = g_new0(struct answers, 1);
		blank->outcome = ANSWERS_BLANK;
		g_autofree char *file = g_strdup_printf("scan %04u.png", i);
		batch_add(batch, file, 2 * i, answers_new_exception(ANSWERS_KIND_DAMAGED, "it is cut off"));
		batch_add(batch, file, 2 * i + 1, blank);
	}
	RESULTS_AUTO results = batch_finish(batch);
	g_autofree char *text = summary_text(results, "out");
	assert_non_null(strstr(text, "  scan 0039.png: it is cut off\n  and 20 more, all of them in exceptions.csv\n"));
	assert_non_null(strstr(text, "scan 0019.png\n  and 40 more\n"));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		assert_true(strlen(*line) <= 80);
}

static void test_cells(void **state)
{
	(void)state;
	static const struct {
		const char *text, *cell;
	} ROWS[] = {
		{NULL, ""},
		{"", ""},
		{"plain", "plain"},
		{"a,b", "\"a,b\""},
		{"say \"hi\"", "\"say \"\"hi\"\"\""},
		{"two\nlines", "\"two\nlines\""},
		{" edge", "\" edge\""},
		{"-5", "-5"},
		{"+1.25", "+1.25"},
		{"-", "'-"},
		{"-1.", "'-1."},
		{"-1+2", "'-1+2"},
		{"=1", "'=1"},
		{"@sum", "'@sum"},
		{"\tx", "'\tx"},
		{"\rx", "\"'\rx\""},
		{"\n=x", "\"'\n=x\""},
		{"-0.5", "-0.5"},
		{"-1e3", "'-1e3"},
		{"\xef\xbc\x9d"
		 "1+1",
			"'\xef\xbc\x9d"
			"1+1"},
		{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"=a,\"b\"", "\"'=a,\"\"b\"\"\""},
		{"Jos\xc3\xa9", "Jos\xc3\xa9"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		struct csv_out out;
		csv_out_init(&out);
		csv_out_text(&out, ROWS[i].text);
		csv_out_text(&out, "z");
		csv_out_end_row(&out);
		g_autofree char *text = csv_out_finish(&out);
		g_autofree char *expected = g_strconcat(ROWS[i].cell, ",z\n", NULL);
		assert_string_equal(text, expected);
	}
}

static void test_save(void **state)
{
	(void)state;
	GError *error = NULL;
	g_autofree char *folder = g_dir_make_tmp("grades-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "gradebook.csv", NULL), *back = NULL;
	assert_true(csv_out_save(path, "old\n", &error));
	assert_true(csv_out_save(path, "new\n", &error));
	GStatBuf status;
	assert_int_equal(g_stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_true(g_file_get_contents(path, &back, NULL, NULL));
	assert_string_equal(back, "new\n");
	g_remove(path);
	g_rmdir(folder);
	assert_false(csv_out_save(path, "new\n", &error));
	assert_non_null(strstr(error->message, path));
	g_error_free(error);
}

// More rows than are written at once.
#define MANY_ROWS 40000

static void write_rows(struct csv_out *out)
{
	for (unsigned i = 0; i < MANY_ROWS; i++) {
		csv_out_unsigned(out, i);
		csv_out_text(out, "=1+1, a cell with quotes");
		csv_out_end_row(out);
	}
}

// Whether the rows could be written to the path; why not, in *message.
static bool rows_to_file(const char *path, bool keep, char **message)
{
	struct file_out file = {0};
	struct csv_out out;
	g_autoptr(GError) error = NULL;
	bool good = file_out_open(&file, path, &error);
	if (good) {
		csv_out_init_file(&out, &file);
		write_rows(&out);
		csv_out_flush(&out);
	}
	good = file_out_close(&file, good && keep, error ? NULL : &error) && good;
	*message = g_strdup(error ? error->message : NULL);
	return good;
}

static void assert_holds(const char *path, const char *text)
{
	g_autofree char *back = NULL, *partial = g_strconcat(path, FILE_OUT_PARTIAL, NULL);
	assert_true(g_file_get_contents(path, &back, NULL, NULL));
	assert_true(strcmp(back, text) == 0);
	assert_false(g_file_test(partial, G_FILE_TEST_EXISTS));
	GStatBuf status;
	assert_int_equal(g_stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_rows_to_file(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("grades-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "marks.csv", NULL);
	g_autofree char *message = NULL, *unkept = NULL, *full = NULL, *none = NULL;
	struct csv_out out;
	csv_out_init(&out);
	write_rows(&out);
	g_autofree char *text = csv_out_finish(&out);
	assert_true(rows_to_file(path, true, &message));
	assert_null(message);
	assert_holds(path, text);

	// What is not to be kept, or does not fit on the disk, leaves the older file as it is, and nothing beside it.
	assert_true(csv_out_save(path, "old\n", NULL));
	assert_true(rows_to_file(path, false, &unkept));
	assert_null(unkept);
	assert_holds(path, "old\n");
	struct rlimit before, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){strlen(text) / 2, before.rlim_max};
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool written = rows_to_file(path, true, &full);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);
	assert_false(written);
	assert_non_null(strstr(full, path));
	assert_non_null(strstr(full, g_strerror(EFBIG)));
	assert_holds(path, "old\n");

	g_remove(path);
	g_rmdir(folder);
	assert_false(rows_to_file(path, true, &none));
	assert_non_null(strstr(none, path));
	assert_non_null(strstr(none, g_strerror(ENOENT)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gradebook),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_exceptions),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_summary_when_all_is_well),
		cmocka_unit_test(test_summary_cuts_long_lists),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_save),
		cmocka_unit_test(test_rows_to_file),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
