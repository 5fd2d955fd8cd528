// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/harness.h"

#include <glib/gstdio.h>
#include <string.h>

#include "grade/roster.h"

static struct roster *parse(const char *text)
{
	GError *error = NULL;
	struct roster *roster = roster_parse("roster.csv", text, strlen(text), &error);
	if (error)
		print_error("%s\n", error->message);
	assert_non_null(roster);
	return roster;
}

static void assert_refused(const char *text, size_t size, const char *message)
{
	GError *error = NULL;
	assert_null(roster_parse("roster.csv", text, size, &error));
	assert_string_equal(error->message, message);
	g_error_free(error);
}

static void test_columns(void **state)
{
	(void)state;
	ROSTER_AUTO roster = parse("section,student_id,nickname, name ,seat\n"
				   "1, 0042 ,\" Al \",\"Turing, Alan\",12\n"
				   "2,42,,Ada Lovelace\n");
	assert_int_equal(roster->n_rows, 2);
	assert_int_equal(roster->n_columns, 5);
	assert_string_equal(roster->columns[3], "name");
	const struct roster_row *alan = roster_find(roster, "0042"), *ada = roster_find(roster, "42");
	assert_ptr_equal(alan, &roster->rows[0]);
	assert_ptr_equal(ada, &roster->rows[1]);
	assert_string_equal(alan->name, "Turing, Alan");
	assert_string_equal(alan->cells[1], " 0042 ");
	assert_string_equal(alan->cells[2], " Al ");
	assert_string_equal(roster_cell(roster, alan, ROSTER_STUDENT_ID), "0042");
	assert_string_equal(roster_cell(roster, alan, ROSTER_SEAT), "12");
	assert_string_equal(roster_cell(roster, ada, ROSTER_SEAT), "");
	assert_string_equal(roster_cell(roster, ada, ROSTER_ROOM), "");
	assert_null(roster_find(roster, "042"));
	assert_null(roster_find(roster, ""));
}

static void test_forms_of_text(void **state)
{
	(void)state;
	static const char *const FORMS[] = {
		"student_id,name\na1,Ada\nb2,\"Bo\nB\"\nc3,\n",
		"student_id,name\r\na1,Ada\r\nb2,\"Bo\nB\"\r\nc3,",
		"student_id,name\ra1,Ada\rb2,\"Bo\nB\"\rc3\r",
		"\xEF\xBB\xBF\"student_id\",\"name\"\n\"a1\",\"Ada\"\n\"b2\",\"Bo\nB\"\n\"c3\",\"\"",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(FORMS); i++) {
		ROSTER_AUTO roster = parse(FORMS[i]);
		assert_int_equal(roster->n_rows, 3);
		assert_string_equal(roster_find(roster, "a1")->name, "Ada");
		assert_string_equal(roster_find(roster, "b2")->name, "Bo\nB");
		assert_string_equal(roster_find(roster, "c3")->name, "");
		assert_int_equal(roster_find(roster, "c3")->line, 5);
	}
}

static void test_rows_left_empty(void **state)
{
	(void)state;
	ROSTER_AUTO roster = parse("\nstudent_id,name,,\n\na1,Ada,,\n,,,\n\nb2\n");
	assert_int_equal(roster->n_rows, 2);
	assert_int_equal(roster_find(roster, "a1")->line, 4);
	assert_int_equal(roster_find(roster, "b2")->line, 7);
	ROSTER_AUTO nobody = parse("student_id\n");
	assert_int_equal(nobody->n_rows, 0);
}

static void test_refusals(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} ROWS[] = {
		{"", "roster.csv:1: the file is empty"},
		{"name,email\nAda,a@b\n", "roster.csv:1: no column student_id: the first line must name the columns"},
		{"Student ID,name\n1,Ada\n", "roster.csv:1: no column student_id: rename the column \"Student ID\""},
		{"student_id;name\n1;Ada\n",
			"roster.csv:1: no column student_id: save the file with commas between the cells"},
		{"student_id,name,name\n", "roster.csv:1: two columns are named name"},
		{"student_id,name\n7,Ada\n8,\"B\nC\"\n 7 ,Bo\n", "roster.csv:5: student_id 7 is on line 2 as well"},
		{"student_id,name\n,Ada\n", "roster.csv:2: student_id is empty"},
		{"student_id,name\n \t,Ada\n", "roster.csv:2: student_id is empty"},
		{"student_id,name\n\"1\n2\",Ada\n",
			"roster.csv:2: student_id has a line break or another control character"},
		{"student_id,name\n1\x7f,Ada\n",
			"roster.csv:2: student_id has a line break or another control character"},
		{"student_id,name\n1,Turing, Alan\n",
			"roster.csv:2: the row has 3 cells, the header 2: quote cells that have commas"},
		{"student_id,name\n1,Ada\n2,\"Bo\n3,Cy\n",
			"roster.csv:3: a quote is opened in this row and never closed"},
		{"student_id,name\n1,Al \"Ace\" X\n",
			"roster.csv:2: a quote inside a cell: quote the cell and double the quote"},
		{"student_id,name\n1,Ada\n2,Ren\xe9\n", "roster.csv:3: not UTF-8: save the file as \"CSV UTF-8\""},
		{"student_id\n123456789012345678901234567890123456789012345678901234567890123456\n",
			"roster.csv:2: student_id is longer than 64 bytes"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
		assert_refused(ROWS[i].text, strlen(ROWS[i].text), ROWS[i].message);
	assert_refused("student_id\n1\0\n", 13, "roster.csv:2: not UTF-8: save the file as \"CSV UTF-8\"");
	// As Excel's "Unicode text".
	assert_refused("\xff\xfes\0t\0", 6, "roster.csv:1: not UTF-8: save the file as \"CSV UTF-8\"");
}

static void test_size_is_bounded(void **state)
{
	(void)state;
	assert_refused("", (size_t)ROSTER_MAX_BYTES + 1, "roster.csv: larger than 256 MB, which is no roster");
	g_autoptr(GString) wide = g_string_new("student_id");
	for (unsigned i = 0; i < ROSTER_MAX_COLUMNS; i++)
		g_string_append_printf(wide, ",c%u", i);
	assert_refused(wide->str, wide->len, "roster.csv:1: more than 256 cells in a row");
}

// Ten times the rows take about ten times as long; a quadratic search would take minutes here.
static void test_many_rows(void **state)
{
	(void)state;
	enum { ROWS = 200000 };
	g_autoptr(GString) text = g_string_new("student_id,name,email\n");
	for (unsigned i = 0; i < ROWS; i++)
		g_string_append_printf(text, "%08u,\"Student, No. %u\",s%u@example.org\n", i, i, i);
	gint64 start = g_get_monotonic_time();
	ROSTER_AUTO roster = parse(text->str);
	assert_int_equal(roster->n_rows, ROWS);
	assert_string_equal(roster_find(roster, "00199999")->name, "Student, No. 199999");
	assert_true(g_get_monotonic_time() - start < 20 * G_USEC_PER_SEC);
}

static void test_load(void **state)
{
	(void)state;
	GError *error = NULL;
	g_autofree char *folder = g_dir_make_tmp("roster-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "roster.csv", NULL);
	assert_null(roster_load(path, &error));
	g_autofree char *message = g_strdup_printf("%s: No such file or directory", path);
	assert_string_equal(error->message, message);
	g_clear_error(&error);
	assert_null(roster_load(folder, &error));
	assert_non_null(error);
	g_clear_error(&error);
	assert_true(g_file_set_contents(path, "student_id\n7\n", -1, NULL));
	ROSTER_AUTO roster = roster_load(path, &error);
	assert_non_null(roster_find(roster, "7"));
	g_remove(path);
	g_rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_forms_of_text),
		cmocka_unit_test(test_rows_left_empty),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_size_is_bounded),
		cmocka_unit_test(test_many_rows),
		cmocka_unit_test(test_load),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
