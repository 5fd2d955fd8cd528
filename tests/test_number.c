// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers filled in digit by digit: how columns are read, scored and shown; at the end, from paper and back.
#include "tests/harness.h"

#include <glib.h>
#include <string.h>
#include <sys/wait.h>

#include "grade/batch.h"
#include "grade/exceptions_csv.h"
#include "grade/gradebook.h"
#include "grade/keys.h"
#include "grade/marks_csv.h"
#include "sheet/exam_file.h"
#include "sheet/number.h"
#include "tests/papers.h"
#include "tests/piecemeal.h"
#include "tests/scoring.h"

#define EXAM "fixtures/exams/numbers.yaml"

// What is filled in, a character a column: a digit, + or -, _ for blank, 5/7 for two marks.
static void fill(const struct exam_question *question, const char *text, exam_choices *columns)
{
	for (unsigned i = 0; i < question->n_items; i++, text++) {
		columns[i] = 0;
		do {
			text += *text == '/';
			if (*text == '+' || *text == '-')
				columns[i] |= *text == '-' ? 2 : 1;
			else if (*text != '_')
				columns[i] |= (exam_choices)1 << (*text - '0');
		} while (text[1] == '/' && *++text);
	}
	assert_int_equal(*text, '\0');
}

static void test_columns_are_read_as_a_number(void **state)
{
	(void)state;
	static const struct {
		const char *columns;
		enum number_state state;
		int64_t num, den; // or the column of the trouble
	} CASES[] = {
		{"_00500", NUMBER_READ, 5, 1},
		{"__05__", NUMBER_READ, 5, 1},
		{"___5__", NUMBER_READ, 5, 1},
		{"-01275", NUMBER_READ, -51, 4},
		{"+__125", NUMBER_READ, 5, 4},
		{"+___5_", NUMBER_READ, 1, 2},
		{"-___5_", NUMBER_READ, -1, 2},
		{"-000__", NUMBER_READ, 0, 1},
		{"______", NUMBER_BLANK, 0, 0},
		// 5, 50 or 500?
		{"_5____", NUMBER_GAP, 2, 0},
		{"_1_5__", NUMBER_GAP, 2, 0},
		{"_005_5", NUMBER_GAP, 4, 0},
		{"-_____", NUMBER_GAP, 0, 0},
		{"_005/75_", NUMBER_SEVERAL, 3, 0},
		{"+/-005__", NUMBER_SEVERAL, 0, 0},
	};
	EXAM_AUTO exam = scoring_question("type: number", "{digits: 3, decimals: 2, sign: yes, key: 5}");
	const struct exam_question *question = &exam->questions[0];
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		exam_choices columns[16];
		struct rational value = {77, 1};
		unsigned column = 99;
		fill(question, CASES[i].columns, columns);
		enum number_state state_read = number_read(question, columns, &value, &column);
		if (state_read != CASES[i].state)
			fail_msg("%s is taken for %d", CASES[i].columns, state_read);
		if (state_read == NUMBER_READ) {
			assert_int_equal(value.num, CASES[i].num);
			assert_int_equal(value.den, CASES[i].den);
		} else if (state_read != NUMBER_BLANK) {
			assert_int_equal(column, CASES[i].num);
		}
	}
}

static void test_scores(void **state)
{
	(void)state;
	EXAM_AUTO exam =
		scoring_exam("exam: e\ntitle: t\nsections:\n- title: s\n  type: number\n  digits: 2\n  wrong: -1/4\n"
			     "  blank: 1/8\n  questions:\n"
			     "  - {key: 42}\n"
			     "  - {key: 1/3, decimals: 2, tolerance: 0.01}\n"
			     "  - {key: -2.5, decimals: 1, sign: yes, accept: [2.5]}\n"
			     "  - {key: 9.8, decimals: 1, tolerance: 0.1, right: 2, multiple: wrong}\n"
			     "  - parts: [{key: 7}, {type: single, choices: 3, key: B}]\n");
	static const struct scoring_row WHOLE[] = {{"1.1=4; 1.2=2", "1"}, {"1.1=2; 1.2=4", "-1/4"}, {"1.2=4", "-1/4"},
		{"1.1=4", "0"}, {"1.1=4|5; 1.2=2", "0"}, {"", "1/8"}};
	static const struct scoring_row THIRD[] = {{"2.3=3; 2.4=3", "1"}, {"2.3=3; 2.4=4", "1"},
		{"2.3=3; 2.4=2", "-1/4"}, {"2.3=3; 2.4=5", "-1/4"}, {"2.3=3", "-1/4"}};
	static const struct scoring_row SIGN[] = {{"3.sign=-; 3.2=2; 3.3=5", "1"}, {"3.2=2; 3.3=5", "1"},
		{"3.sign=+; 3.1=2; 3.2=5; 3.3=0", "-1/4"}, {"3.sign=-", "0"}};
	// Both ends of the tolerance are right.
	static const struct scoring_row RANGE[] = {
		{"4.2=9; 4.3=9", "2"}, {"4.2=9; 4.3=7", "2"}, {"4.1=1; 4.2=0", "-1/4"}, {"4.2=9|8; 4.3=8", "-1/4"}};
	static const struct scoring_row PARTS[] = {{"5.a.2=7; 5.b=B", "2"}, {"5.a.1=0; 5.a.2=7", "9/8"}};
	scoring_check_question(exam, 1, WHOLE, G_N_ELEMENTS(WHOLE));
	scoring_check_question(exam, 2, THIRD, G_N_ELEMENTS(THIRD));
	scoring_check_question(exam, 3, SIGN, G_N_ELEMENTS(SIGN));
	scoring_check_question(exam, 4, RANGE, G_N_ELEMENTS(RANGE));
	scoring_check_question(exam, 5, PARTS, G_N_ELEMENTS(PARTS));
	scoring_check_maximum(exam, 0, "7");
}

static void test_results(void **state)
{
	(void)state;
	EXAM_AUTO exam =
		scoring_question("type: number", "{digits: 2, decimals: 1, sign: yes, key: -2.5, accept: [-3]}");
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	struct batch *whole = batch_new(exam, layout, NULL), *heads = batch_new(exam, layout, NULL);
	struct piecemeal piecemeal = piecemeal_begin(layout);
	static const char *const LINES[] = {"1.sign=-; 1.2=2; 1.3=5", "1.1=2; 1.3=5", "1.2=2|3; 1.3=5", "1.2?=2", ""};
	for (unsigned i = 0; i < G_N_ELEMENTS(LINES); i++) {
		g_autofree char *id = g_strdup_printf("%u", i + 1);
		struct answers *answers = papers_page(layout, id, NULL, 1, LINES[i]);
		batch_add(heads, "f", i, piecemeal_head(&piecemeal, i, answers));
		batch_add(whole, "f", i, answers);
	}
	RESULTS_AUTO results = piecemeal_finish(&piecemeal, whole, heads);
	g_autofree char *gradebook = gradebook_csv(results);
	g_autofree char *marks = marks_csv(results);
	g_autofree char *exceptions = exceptions_csv(results);
	assert_string_equal(gradebook, "student_id,name,status,score,max_score,Q1\n1,,graded,1,1,1\n2,,review,0,1,0\n"
				       "3,,review,0,1,0\n4,,review,0,1,0\n5,,graded,0,1,0\n");
	assert_non_null(strstr(
		marks, "1,1,f,1.sign,'-,ok,\n1,1,f,1.1,,ok,\n1,1,f,1.2,2,ok,\n1,1,f,1.3,5,ok,\n1,1,f,1,-2.5,ok,\n"));
	assert_non_null(strstr(marks, "2,1,f,1,,review,no number can be read\n"));
	assert_non_null(strstr(marks, "3,1,f,1.2,2|3,review,several choices are marked\n"));
	assert_non_null(strstr(marks, "4,1,f,1,2,review,\n"));
	assert_non_null(strstr(marks, "5,1,f,1,,ok,\n"));
	assert_non_null(strstr(
		exceptions, "mark,f,1,2,1.2,\"this column is blank, and it is not clear which number is meant\"\n"));
	assert_non_null(strstr(exceptions, "mark,f,1,3,1.2,several choices are marked\n"));
	assert_non_null(strstr(exceptions, "mark,f,1,4,1.2,faint mark\n"));
	assert_int_equal(results->n_exceptions, 3);
	const struct item_keys keys = keys_of_item(exam, &exam->questions[0], 2);
	assert_true(keys.is_settled); // no column is right or wrong by itself
	assert_true(keys_ask_for(&keys, 1 << 2));
}

// Columns side by side, digits downwards, a wider step at the decimal point; all on one page and inside the column.
static void test_layout(void **state)
{
	(void)state;
	EXAM_AUTO exam = scoring_question("type: number", "{digits: 2, decimals: 2, sign: yes, key: 5}");
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	static const int32_t STEPS[] = {5600, 5600, 8200, 5600};
	for (unsigned i = 0; i < 5; i++) {
		const struct layout_item *item = &layout->items[layout->n_id_items + i];
		const struct layout_bubble *first = &layout->bubbles[item->first_bubble];
		assert_string_equal(item->id, exam->items[i].id);
		assert_int_equal(item->n_bubbles, i == 0 ? 2 : 10);
		assert_int_equal(first[1].box.x_um, first[0].box.x_um);
		assert_int_equal(first[1].box.y_um - first[0].box.y_um, 5300);
		if (i > 0)
			assert_int_equal(
				first->box.x_um - layout->bubbles[item[-1].first_bubble].box.x_um, STEPS[i - 1]);
	}
	// A changed key, tolerance or points leaves sheets valid; another grid does not.
	EXAM_AUTO same = scoring_question("type: number",
		"{digits: 2, decimals: 2, sign: yes, key: -7.25, tolerance: 1/3, right: 4, accept: [8]}");
	EXAM_AUTO other = scoring_question("type: number", "{digits: 3, decimals: 1, sign: yes, key: 5}");
	LAYOUT_AUTO kept = layout_new(same, NULL);
	LAYOUT_AUTO moved = layout_new(other, NULL);
	assert_string_equal(layout->fingerprint, kept->fingerprint);
	assert_string_not_equal(layout->fingerprint, moved->fingerprint);
}

// --- on paper

static void run(const char *first, ...)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_ptr_array_add(argv, (char *)first);
	va_list words;
	va_start(words, first);
	for (const char *word = va_arg(words, const char *); word; word = va_arg(words, const char *))
		g_ptr_array_add(argv, (char *)word);
	va_end(words);
	g_ptr_array_add(argv, NULL);
	int status = -1;
	g_autofree char *out = NULL, *err = NULL;
	assert_true(g_spawn_sync(NULL, (char **)argv->pdata, NULL, 0, NULL, NULL, &out, &err, &status, NULL));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("%s failed: %s%s", first, out, err);
}

static char *put(const char *folder, const char *name, const char *text)
{
	char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

// Prints, fills in, scans and grades: everything right, everything wrong, and one number just outside the tolerance.
static void test_round_trip(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("sheaf-number-XXXXXX", NULL);
	g_autofree char *roster = put(folder, "who.csv", "student_id\n01\n02\n03\n04\n");
	g_autofree char *plan = put(folder, "plan.csv",
		"student_id,item,marked,kind\n01,*,key,fill\n02,*,wrong,cross\n03,*,key,cross\n03,2.sign,+,cross\n"
		"04,*,blank,fill\n04,1.3,4,fill\n04,1.2,4,fill\n");
	g_autofree char *scans = g_build_filename(folder, "scans", NULL);
	g_autofree char *results = g_build_filename(folder, "results", NULL);
	g_autofree char *path = g_build_filename(results, "gradebook.csv", NULL);
	run(SIMULATE_PROGRAM, EXAM, "--roster", roster, "-o", folder, "--plan", plan, "--profile", "clean", "--jobs",
		"1", NULL);
	run(SHEAF_PROGRAM, "grade", EXAM, scans, "--roster", roster, "-o", results, NULL);
	run(SIMULATE_PROGRAM, "compare", folder, results, NULL);
	g_autofree char *gradebook = NULL;
	assert_true(g_file_get_contents(path, &gradebook, NULL, NULL));
	assert_string_equal(gradebook, "student_id,name,status,score,max_score,Q1,Q2,Q3,Q4\n"
				       "01,,graded,6,6,1,2,1,2\n"
				       "02,,graded,0,6,0,0,0,0\n"
				       "03,,graded,4,6,1,0,1,2\n"
				       "04,,graded,0,6,0,0,0,0\n");
	run("/bin/rm", "-r", folder, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_are_read_as_a_number),
		cmocka_unit_test(test_scores),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
