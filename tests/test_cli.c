// SPDX-License-Identifier: GPL-3.0-or-later
// The program as its users meet it: exit status, one clear line for each thing that is wrong, nothing where nothing is
// wrong.
#include "tests/harness.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define EXAM "fixtures/cs182-midterm.yaml"

struct folder {
	char *path;
};

static int make_folder(void **state)
{
	struct folder *folder = g_new0(struct folder, 1);
	folder->path = g_dir_make_tmp("sheaf-cli-XXXXXX", NULL);
	*state = folder;
	return folder->path ? 0 : -1;
}

static void remove_tree(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
		g_autofree char *child = g_build_filename(path, name, NULL);
		if (g_file_test(child, G_FILE_TEST_IS_DIR) && !g_file_test(child, G_FILE_TEST_IS_SYMLINK))
			remove_tree(child);
		else
			g_unlink(child);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(path);
}

static int drop_folder(void **state)
{
	struct folder *folder = *state;
	remove_tree(folder->path);
	g_free(folder->path);
	g_free(folder);
	return 0;
}

// Writes a file into the test's folder. Returns its path, owned by the caller.
static char *put(const struct folder *folder, const char *name, const char *text)
{
	char *path = g_build_filename(folder->path, name, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static int run(char **out, char **err, const char *first, ...)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_ptr_array_add(argv, (char *)SHEAF_PROGRAM);
	va_list words;
	va_start(words, first);
	for (const char *word = first; word; word = va_arg(words, const char *))
		g_ptr_array_add(argv, (char *)word);
	va_end(words);
	g_ptr_array_add(argv, NULL);
	int status = -1;
	assert_true(g_spawn_sync(
		NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, out, err, &status, NULL));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

// Runs and expects an exit status and one line on stderr that contains these words.
#define assert_refused(expected, words, ...)                                                                           \
	do {                                                                                                           \
		g_autofree char *said_out = NULL, *said = NULL;                                                        \
		assert_int_equal(run(&said_out, &said, __VA_ARGS__, NULL), expected);                                  \
		if (!strstr(said, words))                                                                              \
			fail_msg("expected \"%s\" in: %s", words, said);                                               \
		assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);                                         \
	} while (0)

static void usage_errors_are_one_line_and_status_2(void **state)
{
	const struct folder *folder = *state;
	assert_refused(2, "there is no command 'frobnicate'", "frobnicate");
	assert_refused(2, "give one exam file", "check");
	assert_refused(2, "give one exam file", "layout");
	assert_refused(2, "either --roster", "print", EXAM);
	assert_refused(2, "--blank takes a number", "print", EXAM, "--blank", "-3");
	assert_refused(2, "give an exam file", "grade");
	assert_refused(2, "give the scans", "grade", EXAM, "-o", folder->path);
	assert_refused(2, "--jobs takes", "grade", EXAM, folder->path, "--jobs", "-1");
	assert_refused(2, "--jobs takes", "grade", EXAM, folder->path, "--jobs", "0");
	assert_refused(2, "nowhere", "grade", EXAM, folder->path, "--nowhere");
}

static void wrong_exam_files_are_status_2_with_the_line(void **state)
{
	const struct folder *folder = *state;
	g_autofree char *path = put(folder, "e.yaml",
		"exam: e\ntitle: T\nsections:\n  - title: S\n    type: true-false\n    statements: 4\n    questions:\n"
		"      - {key: TFTFT}\n");
	g_autofree char *expected = g_strdup_printf("%s:8: question 1: key has 5 statements, the question has 4", path);
	assert_refused(2, expected, "check", path);
	assert_refused(2, expected, "grade", path, folder->path);
	assert_refused(2, expected, "print", path, "--blank", "1");
	assert_refused(2, "nothing.yaml", "check", "nothing.yaml");
}

static void wrong_rosters_are_status_2_with_the_line(void **state)
{
	const struct folder *folder = *state;
	g_autofree char *doubled = put(folder, "doubled.csv", "student_id,name\n0042,A\n7,B\n0042,C\n");
	g_autofree char *scan = put(folder, "scan.png", "no image");
	g_autofree char *expected = g_strdup_printf("%s:4: student_id 0042 is on line 2 as well", doubled);
	assert_refused(2, expected, "grade", EXAM, scan, "--roster", doubled);
	assert_refused(2, expected, "print", EXAM, "--roster", doubled);
	g_autofree char *nobody = put(folder, "empty.csv", "student_id,name\n");
	assert_refused(2, "there are no students in it", "print", EXAM, "--roster", nobody);
	assert_refused(2, "nobody.csv", "grade", EXAM, scan, "--roster", "nobody.csv");
}

static void nothing_is_written_over_what_is_read(void **state)
{
	const struct folder *folder = *state;
	static const char text[] = "exam: e\ntitle: T\nsections:\n  - title: S\n    questions:\n"
				   "      - {type: single, choices: 3, key: A}\n";
	g_autofree char *exam = put(folder, "e.yaml", text);
	g_autofree char *roster = put(folder, "gradebook.csv", "student_id\n1\n");
	g_autofree char *scan = put(folder, "marks.csv", "no image");
	g_autofree char *twin = g_build_filename(folder->path, "twin.yaml", NULL);
	assert_int_equal(link(exam, twin), 0);
	assert_refused(2, "would be overwritten", "print", exam, "--blank", "1", "-o", exam);
	assert_refused(2, "would be overwritten", "print", exam, "--blank", "1", "-o", twin);
	assert_refused(2, "would be overwritten", "print", exam, "--roster", roster, "-o", roster);
	assert_refused(2, "would be overwritten", "grade", exam, "--roster", roster, "-o", folder->path, exam);
	assert_refused(2, "would be overwritten", "grade", exam, scan, "-o", folder->path);
	assert_refused(2, "would be overwritten", "export", folder->path, "canvas", "--from", roster, "-o", roster);
	g_autofree char *after = NULL;
	assert_true(g_file_get_contents(exam, &after, NULL, NULL));
	assert_string_equal(after, text);
}

static void jobs_that_cannot_be_done_are_status_1(void **state)
{
	const struct folder *folder = *state;
	g_autofree char *empty = g_build_filename(folder->path, "empty", NULL);
	g_autofree char *file = put(folder, "scan.png", "no image");
	g_autofree char *below = g_build_filename(file, "results", NULL);
	assert_int_equal(g_mkdir(empty, 0700), 0);
	assert_refused(1, "there are no files to read", "grade", EXAM, empty);
	assert_refused(1, "there is no such file or folder", "grade", EXAM, "nothing-here");
	assert_refused(1, "results cannot be written", "grade", EXAM, file, "-o", below);
	if (geteuid() == 0)
		return; // root may open everything
	assert_int_equal(g_chmod(empty, 0), 0);
	assert_refused(1, "the folder cannot be opened", "grade", EXAM, empty);
	g_chmod(empty, 0700);
}

static void what_is_no_image_is_listed_and_the_summary_balances(void **state)
{
	const struct folder *folder = *state;
	g_autofree char *text = put(folder, "notes.txt", "hello");
	g_autofree char *nothing = put(folder, "scan2.jpg", "");
	g_autofree char *results = g_build_filename(folder->path, "results", NULL);
	g_autofree char *out = NULL, *err = NULL, *exceptions = NULL;
	assert_int_equal(run(&out, &err, "grade", EXAM, folder->path, "-o", results, NULL), 0);
	assert_string_equal(err, "");
	assert_non_null(strstr(out, "Pages: 2 in = 0 read + 0 blank + 0 duplicate + 2 exceptions"));
	g_autofree char *path = g_build_filename(results, "exceptions.csv", NULL);
	assert_true(g_file_get_contents(path, &exceptions, NULL, NULL));
	assert_string_equal(exceptions, "kind,file,page,student_id,item,detail\n"
					"not-an-image,notes.txt,,,,this is not an image that sheaf can read\n"
					"not-an-image,scan2.jpg,,,,the file is empty\n");
	// The results lie inside the folder of scans now, and are not taken for scans.
	g_clear_pointer(&out, g_free);
	g_clear_pointer(&err, g_free);
	assert_int_equal(run(&out, &err, "grade", EXAM, folder->path, "-o", results, "--strict", NULL), 3);
	assert_non_null(strstr(out, "Pages: 2 in"));
}

// A scan that lies where the results go is a scan all the same; only what we write ourselves is not.
static void scans_in_the_results_folder_are_read(void **state)
{
	const struct folder *folder = *state;
	g_autofree char *first = put(folder, "notes.txt", "hello");
	g_autofree char *scans = g_build_filename(folder->path, "scans", NULL);
	assert_int_equal(g_mkdir(scans, 0700), 0);
	g_autofree char *second = put(folder, "scans/gradebook.csv", "somebody else's");
	for (int run_number = 0; run_number < 2; run_number++) {
		g_autofree char *out = NULL, *err = NULL;
		assert_int_equal(run(&out, &err, "grade", EXAM, folder->path, "-o", folder->path, NULL), 0);
		assert_non_null(strstr(out, "Pages: 2 in = 0 read + 0 blank + 0 duplicate + 2 exceptions"));
	}
}

static void help_fits_a_screen(void **state)
{
	(void)state;
	g_autofree char *out = NULL, *err = NULL;
	assert_int_equal(run(&out, &err, "--help", NULL), 0);
	g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
	assert_in_range(g_strv_length(lines), 5, 25);
	for (size_t i = 0; lines[i]; i++)
		assert_in_range(strlen(lines[i]), 0, 100);
	g_clear_pointer(&out, g_free);
	g_clear_pointer(&err, g_free);
	assert_int_equal(run(&out, &err, "--version", NULL), 0);
	assert_true(g_str_has_prefix(out, "sheaf "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(usage_errors_are_one_line_and_status_2, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(wrong_exam_files_are_status_2_with_the_line, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(wrong_rosters_are_status_2_with_the_line, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(nothing_is_written_over_what_is_read, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(jobs_that_cannot_be_done_are_status_1, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(
			what_is_no_image_is_listed_and_the_summary_balances, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(scans_in_the_results_folder_are_read, make_folder, drop_folder),
		cmocka_unit_test(help_fits_a_screen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
