// SPDX-License-Identifier: GPL-3.0-or-later
// Slips in what an exam file says of scoring, each with the exact line that its author is told.
#include "tests/harness.h"

#include <string.h>

#include "sheet/exam_file.h"

// The question written after it stands in line 6.
#define EXAM "exam: e\ntitle: t\nsections:\n- title: s\n  questions:\n"
// The sections written after it begin in line 3.
#define TOP "exam: e\ntitle: t\n"
// The total of a section, in line 5.
#define SECTION "exam: e\ntitle: t\nsections:\n- title: s\n  total: {"
// A sound exam; what is written after it stands in line 4.
#define ONE "exam: e\ntitle: t\nsections: [{title: s, questions: [{choices: 2, key: A}]}]\n"
// Questions of 4, 4 and 3 choices; the first form stands in line 8.
#define FORMS                                                                                                          \
	"exam: e\ntitle: t\nsections:\n- title: s\n  choices: 4\n"                                                     \
	"  questions: [{key: A}, {key: B}, {key: C, choices: 3}]\nforms:\n"
// One number; what is written after it stands in line 7.
#define NUMBER EXAM "  - type: number\n"

static const struct {
	const char *text, *message;
} broken[] = {
	{EXAM "  - {choices: 4, key: A, rule: ripkey}\n",
		"exam.yaml:6: question 1: `rule: ripkey` is not for a single-answer question; possible here: sum"},
	{EXAM "  - {type: multiple, choices: 4, key: A, rule: ps1n}\n",
		"exam.yaml:6: question 1: `rule` is `ps1n`; did you mean `ps1/n`?"},
	{EXAM "  - {type: multiple, choices: 4, key: A, rule: fair}\n",
		"exam.yaml:6: question 1: `rule` is `fair`; possible here: sum, all-or-nothing, per-option, ps1/n, "
		"half-point, ps50, ps1/m, ripkey, proportional"},
	{EXAM "  - {type: true-false, key: TF, rule: ps1/m}\n",
		"exam.yaml:6: question 1: `rule: ps1/m` is not for a true-false question; possible here: sum, "
		"all-or-nothing, ps1/n, half-point, ps50"},
	{EXAM "  - {type: parts, choices: 2, key: [A, B], rule: half-point}\n",
		"exam.yaml:6: question 1: `rule: half-point` is not for a question with parts; possible here: sum, "
		"all-or-nothing"},
	{EXAM "  - type: multiple\n    choices: 4\n    key: A\n    rule: sum\n",
		"exam.yaml:9: question 1: `rule: sum` is not for a multiple-select question; possible here: "
		"all-or-nothing, per-option, ps1/n, half-point, ps50, ps1/m, ripkey, proportional"},
	{EXAM "  - {choices: 4, key: A, wrong: formular}\n",
		"exam.yaml:6: question 1: `wrong` is `formular`; write a number, or: formula"},
	{EXAM "  - {type: multiple, choices: 4, key: A, wrong: formula}\n",
		"exam.yaml:6: question 1: `wrong: formula` is for rows with one right choice; give this question a "
		"number"},
	{EXAM "  - {type: true-false, key: TF, rule: half-point, wrong: formula}\n",
		"exam.yaml:6: question 1: `wrong: formula` is for rows with one right choice; give this question a "
		"number"},
	{EXAM "  - {type: multiple, choices: 4, key: A, blank: chance}\n",
		"exam.yaml:6: question 1: `blank: chance` is for rows with one right choice; give this question a "
		"number"},
	{EXAM "  - {choices: 4, key: A, multiple: ask}\n",
		"exam.yaml:6: question 1: `multiple` is `ask`; write a number, or: wrong, blank, review"},
	{EXAM "  - {choices: 4, key: A, each: {minimum: 0}}\n",
		"exam.yaml:6: question 1: `each` bounds the statements of a true-false question that count one by one; "
		"delete it here"},
	{EXAM "  - {type: true-false, key: TF, rule: ps50, each: {minimum: 0}}\n",
		"exam.yaml:6: question 1: `each` bounds the statements of a true-false question that count one by one; "
		"delete it here"},
	{EXAM "  - {type: true-false, key: TF, each: {least: 0}}\n",
		"exam.yaml:6: question 1: unknown key `least`; possible here: minimum, maximum"},
	{EXAM "  - {type: true-false, key: TF, each: 0}\n",
		"exam.yaml:6: question 1: keys with values are expected here, such as `minimum: …`; check the dashes "
		"and the indentation"},
	{EXAM "  - type: true-false\n    key: TF\n    each:\n      minimum: 1\n      maximum: 0\n",
		"exam.yaml:9: question 1: `minimum` is larger than `maximum`; correct one of them"},
	{EXAM "  - {choices: 4, key: A, accept: C}\n", "exam.yaml:6: question 1: `accept` must be a list: begin each "
						       "of the keys with a dash, or write them in [brackets]"},
	{EXAM "  - {choices: 4, key: A, accept: []}\n", "exam.yaml:6: question 1: `accept` must be a list: begin each "
							"of the keys with a dash, or write them in [brackets]"},
	{EXAM "  - {choices: 4, key: A, accept: [E]}\n",
		"exam.yaml:6: question 1: key has `E`, the choices are A, B, C, D"},
	{EXAM "  - {choices: 4, key: A, accept: [[B, C]]}\n",
		"exam.yaml:6: question 1: key must be one choice; for a set of right choices write `type: multiple`, "
		"for several parts `type: parts`"},
	{EXAM "  - {choices: 12, key: A, accept: [B, C, D, E, F, G, H, I, J, K]}\n",
		"exam.yaml:6: question 1: `accept` lists 10 keys; at most 9 are possible"},
	{EXAM "  - {type: multiple, choices: 4, key: A, accept: [AE]}\n",
		"exam.yaml:6: question 1: key has `AE`, the choices are A, B, C, D"},
	{EXAM "  - {type: true-false, key: TFT, accept: [TF]}\n",
		"exam.yaml:6: question 1: key has 2 statements, the question has 3"},
	{EXAM "  - {type: true-false, key: TFT, accept: [T*T]}\n",
		"exam.yaml:6: question 1: `accept`: statement B is * or - in one key only; write the same sign in all"},
	{EXAM "  - {type: true-false, key: T-T, accept: [FFT]}\n",
		"exam.yaml:6: question 1: `accept`: statement B is * or - in one key only; write the same sign in all"},
	{EXAM "  - {type: true-false, key: *TF}\n",
		"exam.yaml:6: an alias (*) is not allowed; put text that begins with * in \"quotes\""},
	{EXAM "  - {type: true-false, key: T?F}\n",
		"exam.yaml:6: question 1: key is `T?F`; write one letter T or F a statement, such as TFTF"},
	{EXAM "  - {type: parts, choices: 2, key: [A, B], accept: [B]}\n",
		"exam.yaml:6: question 1: `accept` belongs to a part; write it beside the part's own `key`"},
	{EXAM "  - {choices: 4, key: A, event: dropped}\n", "exam.yaml:6: question 1: `event` is `dropped`; possible "
							    "here: drop, rescale, credit-all, credit-attempters"},
	{EXAM "  - {choices: 4, key: A, event: cancel}\n", "exam.yaml:6: question 1: `event` is `cancel`; possible "
							   "here: drop, rescale, credit-all, credit-attempters"},
	{EXAM "  - choices: 4\n    parts:\n    - {key: A}\n    - {key: A, event: rescale}\n",
		"exam.yaml:9: question 1.b: `event: rescale` is for whole questions; write `event: drop` to take the "
		"part out"},
	{EXAM "  - {choices: 4, key: A, event: rescale}\n",
		"exam.yaml:6: `event: rescale` leaves no points in the exam to multiply; write `event: drop`"},
	{EXAM "  - {type: true-false, key: --}\n",
		"exam.yaml:6: question 1: no answer can score points; raise `right` or `maximum`, or, to take the "
		"question out of the score, write `event: drop`"},
	{EXAM "  - {choices: 4, key: A, bonus: true}\n",
		"exam.yaml:6: question 1: `bonus` is `true`; possible here: no, yes"},
	{TOP "sections:\n- title: s\n  bonus: 1\n  questions: [{choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: `bonus` is `1`; possible here: no, yes"},
	{SECTION "best: 2}\n  questions: [{choices: 2, key: A}, {choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: `best` is 2, but the section has only 2 questions to choose from, bonus "
		"questions aside"},
	{SECTION "best: 1}\n  questions: [{choices: 2, key: A}, {choices: 2, key: A, bonus: yes}]\n",
		"exam.yaml:5: section 1: `best` is 1, but the section has only 1 question to choose from, bonus "
		"questions aside"},
	{SECTION "best: 0}\n  questions: [{choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: `best` must be a whole number from 1 to 500"},
	{SECTION "weight: 0}\n  questions: [{choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: `weight` must be more than 0"},
	{SECTION "worth: -3}\n  questions: [{choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: `worth` must be more than 0"},
	{SECTION "worth: 3, weight: 2}\n  questions: [{choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: `weight` and `worth` exclude each other; delete one of them"},
	{SECTION "worth: 3}\n  questions: [{choices: 2, key: A, bonus: yes}]\n",
		"exam.yaml:5: section 1: `worth` needs a section on which points can be scored, bonus questions aside"},
	{SECTION "maximum: 0}\n  questions: [{choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: `total` leaves no points to score; raise its `maximum`"},
	{SECTION "minimum: 3, maximum: 2}\n  questions: [{choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: `minimum` is larger than `maximum`; correct one of them"},
	{SECTION "points: 3}\n  questions: [{choices: 2, key: A}]\n",
		"exam.yaml:5: section 1: unknown key `points`; possible here: best, weight, worth, minimum, maximum"},
	{SECTION "weight: 1000000}\n  questions: [{choices: 2, key: A, right: 2000}]\n",
		"exam.yaml:5: section 1: the points of this exam are too large; divide them all"},
	{SECTION "weight: 1/9999}\n  questions: [{choices: 2, key: A, right: 1/9998, wrong: 1/9997}]\n",
		"exam.yaml:5: section 1: the fractions of this exam's points have no common denominator up to "
		"1000000000; use fewer different ones"},
	{ONE "total: {best: 2}\n", "exam.yaml:4: unknown key `best`; possible here: minimum, maximum"},
	{ONE "total: {maximum: -1}\n", "exam.yaml:4: `total` leaves no points to score; raise its `maximum`"},
	{ONE "total: 50\n", "exam.yaml:4: keys with values are expected here, such as `minimum: …`; check the dashes "
			    "and the indentation"},
	{ONE "rounding: nearest\n",
		"exam.yaml:4: `rounding` is `nearest`; possible here: half-up, half-even, down, up"},
	{ONE "rounding: {mode: upp}\n", "exam.yaml:4: `mode` is `upp`; possible here: half-up, half-even, down, up"},
	{ONE "rounding: {to: 0}\n", "exam.yaml:4: `to` must be more than 0"},
	{ONE "rounding: {to: half}\n", "exam.yaml:4: `to` is `half`; write a number such as 2, -0.25 or 1/3 (up to "
				       "1000000, denominator up to 10000)"},
	{ONE "rounding: {mode: up, decimals: 2}\n", "exam.yaml:4: unknown key `decimals`; possible here: mode, to"},
	{ONE "rounding: [up]\n",
		"exam.yaml:4: `rounding` must be a word such as half-up, or more: {mode: half-up, to: 0.5}"},
	{FORMS "- {form: b}\n", "exam.yaml:8: `form` is `b`; write one capital letter"},
	{FORMS "- {form: AB}\n", "exam.yaml:8: `form` is `AB`; write one capital letter"},
	{FORMS "- {questions: [1]}\n", "exam.yaml:8: `form` is missing"},
	{FORMS "- {form: A}\n- {form: A}\n", "exam.yaml:9: there are two forms A"},
	{FORMS "- {form: A, shuffle: yes}\n",
		"exam.yaml:8: unknown key `shuffle`; possible here: form, questions, choices"},
	{FORMS "- {form: B, questions: [2, 1]}\n",
		"exam.yaml:8: form B: `questions` lists 2 of the 3 questions; all must be in it"},
	{FORMS "- {form: B, questions: [2, 2, 3]}\n", "exam.yaml:8: form B: `questions` has question 2 twice"},
	{FORMS "- {form: B, questions: [2-1, 3]}\n", "exam.yaml:8: form B: `questions` must list the numbers 1 to 3 in "
						     "this form's order; 3-9 stands for a run"},
	{FORMS "- {form: B, questions: [1-4]}\n", "exam.yaml:8: form B: `questions` must list the numbers 1 to 3 in "
						  "this form's order; 3-9 stands for a run"},
	{FORMS "- {form: B, questions: [A, B, C]}\n", "exam.yaml:8: form B: `questions` must list the numbers 1 to 3 "
						      "in this form's order; 3-9 stands for a run"},
	{FORMS "- {form: B, questions: [1, 3, 2]}\n", "exam.yaml:8: form B: question 3 cannot stand in the place of "
						      "question 2: their rows of bubbles differ"},
	{FORMS "- {form: B, questions: 1-3}\n", "exam.yaml:8: form B: `questions` must be a list: begin each of the "
						"questions with a dash, or write them in [brackets]"},
	{FORMS "- form: B\n  choices:\n    4: BADC\n",
		"exam.yaml:10: form B: there is no question `4`; write the exam file's number, such as 7 or 31.b"},
	{FORMS "- form: B\n  choices:\n    1: BAD\n",
		"exam.yaml:10: form B: `1` orders 3; it must have each of A, B, C, D once"},
	{FORMS "- form: B\n  choices:\n    1: BADE\n",
		"exam.yaml:10: form B: `1` has `E`; it must have each of A, B, C, D once"},
	{FORMS "- form: B\n  choices:\n    1: BADA\n",
		"exam.yaml:10: form B: `1` has `A` twice; it must have each of A, B, C, D once"},
	{FORMS "- form: B\n  choices:\n    1:\n",
		"exam.yaml:10: form B: `1` needs an order: a text such as CABD, or a list such as [no, yes]"},
	{FORMS "- form: B\n  choices: BADC\n", "exam.yaml:9: form B: `choices` must name questions with the order of "
					       "their choices: {7: CABD, 16: BADC}"},
	{FORMS "- form: B\n  choices:\n    1: [A, B, C]\n",
		"exam.yaml:10: form B: `1` orders 3; it must have each of A, B, C, D once"},
	{FORMS "- {form: B, questions: [1-3, 1]}\n", "exam.yaml:8: form B: `questions` has question 1 twice"},
	{NUMBER "    key: 5\n", "exam.yaml:6: question 1: `digits` is missing: write how many there are in front of "
				"the point, such as `digits: 3`"},
	{NUMBER "    digits: 0\n    key: 5\n", "exam.yaml:7: question 1: `digits` must be a whole number from 1 to 6"},
	{NUMBER "    digits: 7\n    key: 5\n", "exam.yaml:7: question 1: `digits` must be a whole number from 1 to 6"},
	{NUMBER "    digits: 2\n    decimals: 5\n    key: 5\n",
		"exam.yaml:8: question 1: `decimals` must be a whole number from 0 to 4"},
	{NUMBER "    digits: 2\n    sign: maybe\n    key: 5\n",
		"exam.yaml:8: question 1: `sign` is `maybe`; possible here: no, yes"},
	{NUMBER "    digits: 2\n    tolerance: -1\n    key: 5\n",
		"exam.yaml:8: question 1: `tolerance` must not be below 0"},
	{NUMBER "    digits: 2\n    key: five\n", "exam.yaml:8: question 1: key must be a number such as 42, -0.5 or "
						  "1/3 (up to 1000000, denominator up to 10000)"},
	{NUMBER "    digits: 2\n    key: [5]\n", "exam.yaml:8: question 1: key must be a number such as 42, -0.5 or "
						 "1/3 (up to 1000000, denominator up to 10000)"},
	{NUMBER "    digits: 2\n    key: -5\n",
		"exam.yaml:8: question 1: key is `-5`, but the grid has no sign; write `sign: yes`"},
	{NUMBER "    digits: 2\n    key: 100\n", "exam.yaml:8: question 1: key is `100`, which does not fit into 2 "
						 "digits in front of the point; raise `digits`"},
	{NUMBER "    digits: 2\n    key: 99.5\n", "exam.yaml:8: question 1: key is `99.5`, which does not fit into 2 "
						  "digits in front of the point; raise `digits`"},
	{NUMBER "    digits: 2\n    key: 0.5\n", "exam.yaml:8: question 1: key is `0.5`, which cannot be written with "
						 "0 decimals; raise `decimals`, or give a `tolerance`"},
	{NUMBER "    digits: 2\n    decimals: 1\n    key: 1/3\n",
		"exam.yaml:9: question 1: key is `1/3`, which cannot be written with 1 decimal; raise `decimals`, or "
		"give a `tolerance`"},
	{NUMBER "    digits: 2\n    key: 5\n    accept: [x]\n",
		"exam.yaml:9: question 1: key must be a number such as 42, -0.5 or 1/3 (up to 1000000, denominator up "
		"to 10000)"},
	{NUMBER "    digits: 2\n    key: 5\n    accept: [500]\n",
		"exam.yaml:9: question 1: key is `500`, which does not fit into 2 digits in front of the point; raise "
		"`digits`"},
	{NUMBER "    digits: 2\n    key: 5\n    choices: 4\n",
		"exam.yaml:9: question 1: a number has digits, and no choices; delete `choices`"},
	{NUMBER "    digits: 2\n    key: 5\n    statements: 4\n",
		"exam.yaml:9: question 1: a number has digits, and no statements; delete `statements`"},
	{NUMBER "    digits: 2\n    key: 5\n    rule: ps1/n\n",
		"exam.yaml:9: question 1: `rule: ps1/n` is not for a number question; possible here: sum"},
	{NUMBER "    digits: 2\n    key: 5\n    wrong: formula\n",
		"exam.yaml:6: question 1: `wrong: formula` is for rows with one right choice; give this question a "
		"number"},
	{NUMBER "    digits: 2\n    key: 5\nforms:\n- {form: B, choices: {1: BA}}\n",
		"exam.yaml:10: form B: question 1 is a number, whose columns keep their order; delete it here"},
	{EXAM "  - {choices: 4, key: A, digits: 2}\n",
		"exam.yaml:6: question 1: `digits` is for numbers; write `type: number`, or delete it"},
	{EXAM "  - {type: true-false, key: TF, tolerance: 2}\n",
		"exam.yaml:6: question 1: `tolerance` is for numbers; write `type: number`, or delete it"},
};

static void test_every_broken_file_names_line_and_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(GError) error = NULL;
		EXAM_AUTO exam = exam_parse("exam.yaml", broken[i].text, strlen(broken[i].text), &error);
		if (exam != NULL)
			fail_msg("accepted:\n%s", broken[i].text);
		assert_string_equal(error->message, broken[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_broken_file_names_line_and_remedy)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
