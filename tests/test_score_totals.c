// SPDX-License-Identifier: GPL-3.0-or-later
// Key events, and how questions make up the score of the exam, against values worked out by hand.
#include "tests/harness.h"

#include <string.h>

#include "sheet/exam_file.h"
#include "sheet/exam_total.h"
#include "sheet/layout.h"
#include "tests/scoring.h"

#define TOP "exam: e\ntitle: t\n"
// Three questions of 1, 2 and 3 points, all with the key A of four choices.
#define THREE "  choices: 4\n  questions:\n  - {key: A}\n  - {key: A, right: 2}\n  - {key: A, right: 3}\n"

struct total_case {
	const char *exam, *maximum;
	struct scoring_row rows[10];
};

static void check_cases(const struct total_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		EXAM_AUTO exam = scoring_exam(cases[i].exam);
		size_t n_rows = 0;
		while (n_rows < G_N_ELEMENTS(cases[i].rows) && cases[i].rows[n_rows].marks)
			n_rows++;
		scoring_check_maximum(exam, 0, cases[i].maximum);
		scoring_check_total(exam, cases[i].rows, n_rows);
	}
}

static void test_accepted_keys(void **state)
{
	(void)state;
	EXAM_AUTO exam = scoring_exam(TOP "sections:\n- title: s\n  choices: 4\n  wrong: -1\n  questions:\n"
					  "  - {key: A, accept: [C]}\n"
					  "  - {type: multiple, key: AB, accept: [C, [A, D]], rule: ps1/m}\n"
					  "  - {type: true-false, key: TFT, accept: [FFT]}\n"
					  "  - parts: [{key: A, accept: [B]}, {key: A}]\n");
	static const struct scoring_row ONE[] = {{"1=A", "1"}, {"1=C", "1"}, {"1=B", "-1"}, {"1=A|C", "0"}};
	// {A, D} or {C}, whichever is better: of A and C, C alone is all of its key, less one other.
	static const struct scoring_row SET[] = {
		{"2=A|B", "1"}, {"2=C", "1"}, {"2=A|D", "1"}, {"2=A|C", "0"}, {"2=B|D", "0"}, {"2=A", "1/2"}};
	// Always one whole key: T to A with the first, F with the second.
	static const struct scoring_row GRID[] = {
		{"3.A=T; 3.B=F; 3.C=T", "3"}, {"3.A=F; 3.B=F; 3.C=T", "3"}, {"3.A=F; 3.B=T", "0"}};
	static const struct scoring_row PARTS[] = {{"4.a=B; 4.b=A", "2"}, {"4.a=B; 4.b=B", "0"}};
	scoring_check_question(exam, 1, ONE, G_N_ELEMENTS(ONE));
	scoring_check_question(exam, 2, SET, G_N_ELEMENTS(SET));
	scoring_check_question(exam, 3, GRID, G_N_ELEMENTS(GRID));
	scoring_check_question(exam, 4, PARTS, G_N_ELEMENTS(PARTS));
	scoring_check_maximum(exam, 0, "7");
}

static void test_events(void **state)
{
	(void)state;
	static const struct total_case CASES[] = {
		{TOP "sections:\n- title: s\n" THREE, "6", {{"1=A; 2=A; 3=A", "6"}, {"1=A; 2=B", "1"}}},
		// Question 2 is worth nothing any more, to nobody.
		{TOP "sections:\n- title: s\n  choices: 4\n  wrong: -1\n  questions:\n  - {key: A}\n"
		     "  - {key: A, right: 2, event: drop}\n  - {key: A, right: 3}\n",
			"4", {{"1=A; 2=A; 3=A", "4"}, {"1=A; 2=B", "1"}, {"", "0"}}},
		// What is left is 4 of 6 points: all others count one and a half times.
		{TOP "sections:\n- title: s\n  choices: 4\n  questions:\n  - {key: A}\n"
		     "  - {key: A, right: 2, event: rescale}\n  - {key: A, right: 3}\n",
			"6", {{"1=A; 2=A; 3=A", "6"}, {"1=A; 2=A", "3/2"}, {"3=A", "9/2"}}},
		{TOP "sections:\n- title: s\n  choices: 4\n  wrong: -1\n  questions:\n  - {key: A}\n"
		     "  - {key: A, right: 2, event: credit-all}\n",
			"3", {{"", "2"}, {"1=A; 2=B", "3"}, {"1=B; 2=A", "1"}}},
		{TOP "sections:\n- title: s\n  choices: 4\n  wrong: -1\n  blank: 1/4\n  questions:\n  - {key: A}\n"
		     "  - {key: A, right: 2, event: credit-attempters}\n",
			"3", {{"", "1/2"}, {"2=B", "9/4"}, {"2=C|D", "9/4"}, {"1=B; 2=A", "1"}}},
		// Parts: b is out, c is everybody's who wrote something in it.
		{TOP "sections:\n- title: s\n  choices: 4\n  wrong: -1\n  questions:\n"
		     "  - {parts: [{key: A}, {key: A, event: drop}, {key: A, event: credit-attempters}]}\n",
			"2", {{"1.a=A; 1.b=B; 1.c=B", "2"}, {"1.a=A", "1"}, {"1.b=A", "0"}}},
		// The whole question is everybody's, whatever its parts and bounds would say.
		{TOP "sections:\n- title: s\n  choices: 4\n  questions:\n"
		     "  - {event: credit-all, require: permutation, choices: 2, key: [A, B], type: parts, right: 2}\n",
			"4", {{"", "4"}, {"1.a=A; 1.b=A", "4"}}},
	};
	check_cases(CASES, G_N_ELEMENTS(CASES));
}

// One bad statement of a grid: everybody's, or nobody's.
static void test_events_of_statements(void **state)
{
	(void)state;
	EXAM_AUTO exam = scoring_exam(
		TOP "sections:\n- title: s\n  type: true-false\n  wrong: -1\n  questions:\n"
		    "  - {key: T*F}\n  - {key: T-F}\n  - {key: T-F, rule: ps1/n}\n  - {key: T*F, rule: half-point}\n");
	static const struct scoring_row CREDIT[] = {
		{"1.A=T; 1.B=F; 1.C=F", "3"}, {"1.A=T; 1.C=F", "3"}, {"", "1"}, {"1.A=F; 1.B=T|F; 1.C=T", "-1"}};
	static const struct scoring_row DROP[] = {{"2.A=T; 2.B=F; 2.C=F", "2"}, {"2.A=T; 2.B=T", "1"}, {"", "0"}};
	static const struct scoring_row SHARES[] = {{"3.A=T; 3.B=T; 3.C=F", "1"}, {"3.A=T; 3.C=T", "0"}};
	static const struct scoring_row HALF[] = {{"4.A=T; 4.C=F", "1"}, {"4.A=T", "1/2"}, {"4.B=T", "-1"}};
	scoring_check_question(exam, 1, CREDIT, G_N_ELEMENTS(CREDIT));
	scoring_check_question(exam, 2, DROP, G_N_ELEMENTS(DROP));
	scoring_check_question(exam, 3, SHARES, G_N_ELEMENTS(SHARES));
	scoring_check_question(exam, 4, HALF, G_N_ELEMENTS(HALF));
	scoring_check_maximum(exam, 0, "7"); // 3 + 2 + 1 + 1
}

static void test_sections(void **state)
{
	(void)state;
	static const struct total_case CASES[] = {
		{TOP "sections:\n- title: s\n" THREE "  total: {best: 2}\n", "5",
			{{"1=A; 2=A; 3=A", "5"}, {"1=A; 2=A", "3"}, {"1=A", "1"}}},
		// The best two of three wrong answers are still wrong.
		{TOP "sections:\n- title: s\n  wrong: -1\n" THREE "  total: {best: 2}\n", "5",
			{{"1=B; 2=B; 3=B", "-2"}}},
		{TOP "sections:\n- title: s\n  wrong: -2\n" THREE "  total: {minimum: 0, maximum: 4}\n", "4",
			{{"1=A; 2=A; 3=A", "4"}, {"1=A; 2=B", "0"}, {"1=A; 3=A", "4"}}},
		{TOP "sections:\n- title: s\n" THREE "  total: {weight: 1/2}\n- title: u\n" THREE, "9",
			{{"1=A; 2=A; 3=A", "3"}, {"3=A; 4=A", "5/2"}}},
		// 30 and 70 percent.
		{TOP "sections:\n- title: s\n" THREE "  total: {worth: 30}\n- title: u\n" THREE
		     "  total: {worth: 70, best: 1}\n",
			"100", {{"1=A; 2=A; 3=A", "30"}, {"2=A; 5=A", "170/3"}, {"6=A", "70"}}},
		// The bound holds before the factor.
		{TOP "sections:\n- title: s\n" THREE "  total: {maximum: 3, worth: 12}\n", "12",
			{{"2=A", "8"}, {"3=A", "12"}}},
		// A section that is worth 12 stays so when a question is dropped, with rescaling or without.
		{TOP "sections:\n- title: s\n  total: {worth: 12}\n  choices: 4\n  questions:\n"
		     "  - {key: A}\n  - {key: A, right: 2, event: rescale}\n- title: u\n" THREE,
			"18", {{"1=A; 2=A", "12"}, {"1=A; 3=A", "13"}}},
	};
	check_cases(CASES, G_N_ELEMENTS(CASES));
}

static void test_bonus_and_bounds_of_the_exam(void **state)
{
	(void)state;
	static const struct total_case CASES[] = {
		{TOP "sections:\n- title: s\n" THREE "  - {key: A, bonus: yes}\n", "6",
			{{"1=A; 2=A; 3=A; 4=A", "7"}, {"4=A", "1"}}},
		{TOP "sections:\n- title: s\n" THREE "- title: More\n  bonus: yes\n  choices: 2\n  questions:\n"
		     "  - {key: A}\n  - {key: A, bonus: no}\n",
			"7", {{"1=A; 2=A; 3=A; 4=A; 5=A", "8"}}},
		// Bonus points are not among the best, they come on top.
		{TOP "sections:\n- title: s\n" THREE "  - {key: A, bonus: yes}\n  total: {best: 1}\n", "3",
			{{"1=A; 2=A; 4=A", "3"}}},
		{TOP "sections:\n- title: s\n" THREE "  - {key: A, bonus: yes, right: 5}\ntotal: {maximum: 6}\n", "6",
			{{"1=A; 2=A; 3=A; 4=A", "6"}, {"1=A; 4=A", "6"}}},
		{TOP "sections:\n- title: s\n  wrong: -1\n" THREE "total: {minimum: 0}\n", "6",
			{{"1=B", "0"}, {"1=A; 2=B", "0"}}},
	};
	check_cases(CASES, G_N_ELEMENTS(CASES));
}

static void test_a_missing_page_leaves_its_questions_out(void **state)
{
	(void)state;
	EXAM_AUTO exam = scoring_exam(TOP "sections:\n- title: s\n" THREE "  total: {best: 2}\n");
	const struct rational points[] = {{1, 1}, {2, 1}, {3, 1}};
	const bool known[] = {true, true, false};
	struct rational total = exam_total(exam, points, known);
	assert_int_equal(total.num, 3);
}

// What is decided about a question after the exam never makes the printed sheets invalid.
static void test_events_leave_the_sheets_valid(void **state)
{
	(void)state;
	EXAM_AUTO before = scoring_exam(TOP "sections:\n- title: s\n" THREE "  - {type: true-false, key: TFT}\n");
	EXAM_AUTO after = scoring_exam(TOP
		"sections:\n- title: s\n  choices: 4\n  total: {best: 2, worth: 9}\n  questions:\n"
		"  - {key: B, accept: [C], bonus: yes}\n"
		"  - {key: A, right: 2, event: credit-all}\n  - {key: A, right: 3, event: rescale, wrong: formula}\n"
		"  - {type: true-false, key: F-*, rule: half-point}\nrounding: {mode: up, to: 1/2}\n"
		"total: {maximum: 9}\n");
	LAYOUT_AUTO old = layout_new(before, NULL);
	LAYOUT_AUTO new = layout_new(after, NULL);
	assert_string_equal(old->fingerprint, new->fingerprint);
}

static void test_rounding(void **state)
{
	(void)state;
	static const struct {
		const char *rounding;
		struct rational score;
		int64_t num, den;
	} CASES[] = {
		{"", {1, 3}, 1, 3}, // exact until it is written down
		{"rounding: half-up", {1, 3}, 3333, 10000},
		{"rounding: half-up", {12345, 100000}, 1235, 10000},
		{"rounding: half-up", {-12345, 100000}, -1235, 10000},
		{"rounding: half-even", {12345, 100000}, 1234, 10000},
		{"rounding: half-even", {12355, 100000}, 1236, 10000},
		{"rounding: half-even", {-12345, 100000}, -1234, 10000},
		{"rounding: {to: 1}", {5, 2}, 3, 1},
		{"rounding: {to: 1}", {-5, 2}, -3, 1},
		{"rounding: {to: 1}", {249, 100}, 2, 1},
		{"rounding: {mode: half-even, to: 1}", {5, 2}, 2, 1},
		{"rounding: {mode: half-even, to: 1}", {7, 2}, 4, 1},
		{"rounding: {mode: half-even, to: 1}", {-5, 2}, -2, 1},
		{"rounding: {mode: down, to: 1/2}", {299, 100}, 5, 2},
		{"rounding: {mode: down, to: 1/2}", {-1, 100}, -1, 2},
		{"rounding: {mode: down, to: 1/2}", {3, 1}, 3, 1},
		{"rounding: {mode: up, to: 0.25}", {301, 100}, 13, 4},
		{"rounding: {mode: up, to: 0.25}", {-301, 100}, -3, 1},
		{"rounding: {mode: half-up, to: 5}", {52, 1}, 50, 1},
		{"rounding: {mode: half-up, to: 5}", {105, 2}, 55, 1},
		{"rounding: {mode: half-up, to: 1/3}", {1, 2}, 2, 3},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *text = g_strconcat(TOP "sections:\n- title: s\n" THREE, CASES[i].rounding, "\n", NULL);
		EXAM_AUTO exam = scoring_exam(text);
		struct rational score = rational_make(CASES[i].score.num, CASES[i].score.den);
		struct rational rounded = exam_round(exam, score), expected = rational_make(CASES[i].num, CASES[i].den);
		if (rational_compare(rounded, expected) != 0)
			fail_msg("%s: %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, CASES[i].rounding, rounded.num,
				rounded.den);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted_keys),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_events_of_statements),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_bonus_and_bounds_of_the_exam),
		cmocka_unit_test(test_a_missing_page_leaves_its_questions_out),
		cmocka_unit_test(test_events_leave_the_sheets_valid),
		cmocka_unit_test(test_rounding),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
