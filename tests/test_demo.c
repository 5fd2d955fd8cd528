// SPDX-License-Identifier: GPL-3.0-or-later
// The bundled stack through the whole program: the gradebook that was worked out by hand, the same bytes however it is
// run, and nothing wrong without a flag on stacks made anew.
#include "tests/harness.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "scan/decode.h"
#include "scan/jpeg_header.h"
#include "sheet/print.h"
#include "tests/pdf_files.h"

#define EXAM "fixtures/cs182-midterm.yaml"
#define ROSTER "fixtures/roster.csv"

#define HEAD "headers/scan0009.jpg-94d2670e.png" // of the sheet whose codes are blotted out

static const char *const OUTPUTS[] = {"gradebook.csv", "marks.csv", "exceptions.csv"};

// Runs a program; its output is dropped unless it fails in a way that is not expected.
static void run(char **environment, int expected, const char *first, ...)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	va_list words;
	va_start(words, first);
	for (const char *word = first; word; word = va_arg(words, const char *))
		g_ptr_array_add(argv, (char *)word);
	va_end(words);
	g_ptr_array_add(argv, NULL);
	g_autofree char *out = NULL, *err = NULL;
	int status = -1;
	assert_true(g_spawn_sync(
		NULL, (char **)argv->pdata, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
		fail_msg("%s: status %d\n%s\n%s", first, status, out, err);
}

static char *contents(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static char *make_folder(void)
{
	char *folder = g_dir_make_tmp("sheaf-demo-XXXXXX", NULL);
	assert_non_null(folder);
	return folder;
}

static void remove_folder(const char *folder)
{
	run(NULL, 0, "/bin/rm", "-rf", folder, NULL);
}

static void the_bundled_stack_gives_the_gradebook_worked_out_by_hand(void **state)
{
	(void)state;
	g_autofree char *folder = make_folder();
	run(NULL, 0, SHEAF_PROGRAM, "grade", EXAM, "fixtures/scans", "--roster", ROSTER, "-o", folder, NULL);
	static const char *const checked[] = {"gradebook.csv", "exceptions.csv"};
	for (size_t i = 0; i < G_N_ELEMENTS(checked); i++) {
		g_autofree char *is = contents(folder, checked[i]);
		g_autofree char *should = contents("fixtures/expected", checked[i]);
		assert_string_equal(is, should);
	}
	g_autofree char *head = contents(folder, HEAD);
	assert_memory_equal(head, "\x89PNG", 4);
	run(NULL, 3, SHEAF_PROGRAM, "grade", EXAM, "fixtures/scans", "--roster", ROSTER, "-o", folder, "--strict",
		NULL);
	remove_folder(folder);
}

// Outputs must not depend on how many work, in what order files are named, where and in what language.
static void the_same_scans_give_the_same_bytes(void **state)
{
	(void)state;
	g_autofree char *one = make_folder(), *two = make_folder();
	run(NULL, 0, SHEAF_PROGRAM, "grade", EXAM, "fixtures/scans", "--roster", ROSTER, "-o", one, "--jobs", "1",
		NULL);
	g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LC_ALL", "de_DE.UTF-8", TRUE);
	environment = g_environ_setenv(environment, "TZ", "Pacific/Kiritimati", TRUE);
	g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
	for (int i = 24; i >= 1; i--) {
		static const char *const endings[] = {"jpg", "png"};
		for (size_t k = 0; k < G_N_ELEMENTS(endings); k++) {
			char *path = g_strdup_printf("fixtures/scans/scan%04d.%s", i, endings[k]);
			if (g_file_test(path, G_FILE_TEST_EXISTS))
				g_ptr_array_add(argv, path);
			else
				g_free(path);
		}
	}
	assert_int_equal(argv->len, 24);
	const char *head[] = {SHEAF_PROGRAM, "grade", EXAM, "--roster", ROSTER, "-o", two, "--jobs", "3"};
	for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
		g_ptr_array_insert(argv, (int)i, g_strdup(head[i]));
	g_ptr_array_add(argv, NULL);
	int status = -1;
	assert_true(g_spawn_sync(NULL, (char **)argv->pdata, environment, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
		NULL, &status, NULL));
	assert_int_equal(status, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++) {
		g_autofree char *a = contents(one, OUTPUTS[i]), *b = contents(two, OUTPUTS[i]);
		assert_string_equal(a, b);
	}
	remove_folder(one);
	remove_folder(two);
}

// Pictures that we write ourselves must not be read as scans when the results lie among them.
static void results_among_the_scans_are_no_scans(void **state)
{
	(void)state;
	g_autofree char *folder = make_folder();
	run(NULL, 0, "/bin/cp", "fixtures/scans/scan0009.jpg", folder, NULL);
	run(NULL, 0, SHEAF_PROGRAM, "grade", EXAM, folder, "-o", folder, NULL);
	g_autofree char *first = contents(folder, "exceptions.csv"), *head = contents(folder, HEAD);
	assert_non_null(strstr(first, "no-identity,scan0009.jpg"));
	assert_non_null(strstr(first, HEAD));
	assert_memory_equal(head, "\x89PNG", 4);
	run(NULL, 0, SHEAF_PROGRAM, "grade", EXAM, folder, "-o", folder, NULL);
	g_autofree char *second = contents(folder, "exceptions.csv");
	assert_string_equal(first, second);
	remove_folder(folder);
}

// The file that the sheets were printed from, left among the scans, must not become empty papers worth 0.
static void printed_sheets_among_the_scans_are_no_papers(void **state)
{
	(void)state;
	assert_string_equal(PRINT_CREATOR, SCAN_FORM_CREATOR);
	g_autofree char *folder = make_folder();
	g_autofree char *sheets = g_build_filename(folder, "sheets.pdf", NULL);
	g_autofree char *results = g_build_filename(folder, "results", NULL);
	run(NULL, 0, SHEAF_PROGRAM, "print", EXAM, "--roster", ROSTER, "-o", sheets, NULL);
	run(NULL, 0, SHEAF_PROGRAM, "grade", EXAM, folder, "--roster", ROSTER, "-o", results, NULL);
	g_autofree char *gradebook = contents(results, "gradebook.csv"),
			*exceptions = contents(results, "exceptions.csv");
	g_auto(GStrv) rows = g_strsplit(gradebook, "\n", -1);
	assert_int_equal(g_strv_length(rows), 14); // a header, 12 students, and what follows the last line
	for (int i = 1; i <= 12; i++)
		assert_non_null(strstr(rows[i], ",absent,,50,"));
	g_auto(GStrv) flags = g_strsplit(exceptions, "\nnot-a-scan,sheets.pdf#", -1);
	assert_int_equal(g_strv_length(flags), 25);
	remove_folder(folder);
}

#define PLACED "q 612 0 0 792 0 0 cm /Im0 Do Q"

// A PDF of three of the bundled scans; a line is drawn over the edge of the second, which therefore is no mere image.
static void put_stack(const char *path)
{
	static const char *const SCANS[] = {"scan0001", "scan0003", "scan0005"};
	struct pdf_file *file = pdf_file_new();
	for (size_t i = 0; i < G_N_ELEMENTS(SCANS); i++) {
		g_autofree char *scan = g_strdup_printf("fixtures/scans/%s.jpg", SCANS[i]), *bytes = NULL;
		gsize size;
		struct jpeg_header header;
		assert_true(g_file_get_contents(scan, &bytes, &size, NULL));
		assert_true(jpeg_header_read((const uint8_t *)bytes, size, &header));
		g_autofree char *entries = g_strdup_printf("/Type /XObject /Subtype /Image /Width %d /Height %d "
							   "/BitsPerComponent 8 /ColorSpace /DeviceGray "
							   "/Filter /DCTDecode ",
			header.width_px, header.height_px);
		pdf_file_image_page(file, pdf_file_stream(file, entries, bytes, size),
			i == 1 ? PLACED " 0 1 m 0 2 l S" : PLACED, "");
	}
	g_autoptr(GByteArray) pdf = pdf_file_finish(file);
	assert_true(g_file_set_contents(path, (const char *)pdf->data, (gssize)pdf->len, NULL));
}

// Most workers cannot draw. One that is given such a page is replaced by one that can, which goes on there; what was
// read before stays, and nothing is lost of what else it had been given.
static void a_page_that_has_to_be_drawn_is_read_where_it_stands(void **state)
{
	(void)state;
	g_autofree char *folder = make_folder();
	g_autofree char *results = g_build_filename(folder, "results", NULL);
	g_autofree char *stack = g_build_filename(folder, "stack.pdf", NULL);
	put_stack(stack);
	for (int i = 0; i < 3; i++) {
		g_autofree char *copy = g_strdup_printf("%s/a%d.png", folder, i);
		run(NULL, 0, "/bin/cp", i == 1 ? "fixtures/scans/scan0023.png" : "fixtures/scans/scan0002.png", copy,
			NULL);
	}
	run(NULL, 0, SHEAF_PROGRAM, "grade", EXAM, folder, "--jobs", "1", "-o", results, NULL);
	g_autofree char *marks = contents(results, "marks.csv"), *exceptions = contents(results, "exceptions.csv");
	for (int page = 1; page <= 3; page++) {
		g_autofree char *name = g_strdup_printf(",stack.pdf#%d,", page);
		if (!strstr(marks, name))
			fail_msg("page %d is not among the marks:\n%s", page, exceptions);
	}
	assert_null(strstr(exceptions, "\ncrashed,"));
	assert_null(strstr(exceptions, "\ndamaged,"));
	remove_folder(folder);
}

// A fresh stack of each kind of scanner: `compare` fails on a silent error and on a lost page.
static void fresh_stacks_have_no_silent_errors(void **state)
{
	(void)state;
	static const char *const profiles[] = {"clean", "office", "rough"};
	for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++) {
		g_autofree char *folder = make_folder();
		g_autofree char *scans = g_build_filename(folder, "scans", NULL);
		g_autofree char *roster = g_build_filename(folder, "roster.csv", NULL);
		g_autofree char *results = g_build_filename(folder, "results", NULL);
		run(NULL, 0, SIMULATE_PROGRAM, EXAM, "--roster", ROSTER, "-o", folder, "--profile", profiles[i],
			"--dpi", "mix", "--orientation", "mix", "--format", "mix", "--pages", "10", "--seed", "11",
			"--real", "none", NULL);
		run(NULL, 0, SHEAF_PROGRAM, "grade", EXAM, scans, "--roster", roster, "-o", results, NULL);
		run(NULL, 0, SIMULATE_PROGRAM, "compare", folder, results, NULL);
		remove_folder(folder);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bundled_stack_gives_the_gradebook_worked_out_by_hand),
		cmocka_unit_test(the_same_scans_give_the_same_bytes),
		cmocka_unit_test(results_among_the_scans_are_no_scans),
		cmocka_unit_test(printed_sheets_among_the_scans_are_no_papers),
		cmocka_unit_test(a_page_that_has_to_be_drawn_is_read_where_it_stands),
		cmocka_unit_test(fresh_stacks_have_no_silent_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
