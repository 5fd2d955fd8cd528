// SPDX-License-Identifier: GPL-3.0-or-later
// The exam model, with exams written as text, for that is how they come into being.
#include "tests/harness.h"

#include <string.h>

#include "sheet/exam_file.h"
#include "sheet/exam_total.h"

#define HEAD "exam: e\ntitle: t\nsections:\n- title: s\n  questions:\n"

static struct exam *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	struct exam *exam = exam_parse("exam.yaml", text, strlen(text), &error);
	if (exam == NULL)
		fail_msg("%s", error->message);
	return exam;
}

static void test_items_are_found_by_id(void **state)
{
	(void)state;
	EXAM_AUTO exam = parse("fields: [{name: course, choices: 3}]\n" HEAD "  - {choices: 2, key: A}\n"
			       "  - {parts: [{choices: 2, key: B}, {type: true-false, key: FT}]}\n");
	assert_ptr_equal(exam_find_item(exam, "course"), &exam->items[0]);
	assert_ptr_equal(exam_find_item(exam, "1"), &exam->items[1]);
	assert_string_equal(exam_find_item(exam, "2.a")->row, "a");
	assert_string_equal(exam_find_item(exam, "2.b.B")->row, "B");
	assert_null(exam_find_item(exam, "2"));
	assert_null(exam_find_item(exam, "2.b"));
	assert_null(exam_find_item(exam, ""));
}

static void test_choices_to_text_and_back(void **state)
{
	(void)state;
	EXAM_AUTO exam = parse(HEAD "  - {choices: [yes, no, do not know], type: multiple, key: [yes, do not know]}\n");
	const struct exam_item *item = &exam->items[0];
	for (exam_choices set = 0; set < 8; set++) {
		g_autofree char *text = exam_choices_text(item, set);
		exam_choices back = 99;
		assert_true(exam_choices_parse(item, text, &back));
		assert_int_equal(back, set);
	}
	g_autofree char *key = exam_choices_text(item, item->key);
	assert_string_equal(key, "yes|do not know");
}

static void test_any_order_is_read_and_slips_are_not(void **state)
{
	(void)state;
	EXAM_AUTO exam = parse(HEAD "  - {choices: 3, key: A}\n");
	exam_choices set = 99;
	assert_true(exam_choices_parse(&exam->items[0], "C|A", &set));
	assert_int_equal(set, 5);
	static const char *const broken[] = {"D", "A|A", "A|", "|A", "|", "A|D", "a", " A", "AB"};
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		if (exam_choices_parse(&exam->items[0], broken[i], &set))
			fail_msg("accepted: %s", broken[i]);
		assert_int_equal(set, 5);
	}
}

static void test_the_maximum_is_the_best_that_can_be_scored(void **state)
{
	(void)state;
	static const struct {
		const char *question;
		int64_t num, den;
	} cases[] = {
		{"{choices: 4, key: A}", 1, 1},
		{"{choices: 4, key: A, right: 1/3, wrong: -1}", 1, 3},
		{"{choices: 4, key: A, blank: 2}", 2, 1},
		{"{choices: 4, key: A, wrong: 2}", 2, 1},
		{"{choices: 4, key: A, multiple: 2}", 2, 1},
		{"{choices: 4, key: A, right: 3, maximum: 5/2}", 5, 2},
		{"{choices: 4, key: A, right: 1, minimum: 2}", 2, 1},
		{"{choices: 4, key: A, right: 0}", 0, 1},
		{"{choices: 4, key: AB, type: multiple, right: 2, wrong: 3}", 3, 1},
		{"{type: true-false, key: TFTF, right: 0.5, wrong: -0.5, minimum: 0}", 2, 1},
		{"{type: true-false, key: TFT, right: 0.5, wrong: 0.25}", 9, 4}, // both marked
		{"{type: true-false, key: TFT, right: 0.5, wrong: -1, blank: 1}", 3, 1},
		{"{type: true-false, key: TFT, maximum: 2}", 2, 1},
		{"{parts: [{choices: 2, key: A}, {type: true-false, key: TTT, right: 1/3}]}", 2, 1},
		{"{maximum: 2, parts: [{choices: 2, key: A, right: 3, maximum: 1.5}, {choices: 2, key: A}]}", 2, 1},
		{"{parts: [{choices: 2, key: A, right: 3, maximum: 1.5}, {choices: 2, key: A}]}", 5, 2},
		{"{type: parts, require: permutation, choices: 2, key: [B, A], right: 0.7}", 7, 5},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			g_strdup_printf(HEAD "  - %s\n  - {choices: 2, key: B, right: 10}\n", cases[i].question);
		EXAM_AUTO exam = parse(text);
		struct rational maximum = exam_question_maximum(exam, &exam->questions[0]);
		if (maximum.num != cases[i].num || maximum.den != cases[i].den)
			fail_msg("%s: %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, cases[i].question, maximum.num,
				maximum.den);
		struct rational rest = rational_subtract(exam_maximum(exam), maximum);
		assert_int_equal(rational_compare(rest, rational_make(10, 1)), 0);
	}
}

static void test_freeing_nothing(void **state)
{
	(void)state;
	exam_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_are_found_by_id),
		cmocka_unit_test(test_choices_to_text_and_back),
		cmocka_unit_test(test_any_order_is_read_and_slips_are_not),
		cmocka_unit_test(test_the_maximum_is_the_best_that_can_be_scored),
		cmocka_unit_test(test_freeing_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
