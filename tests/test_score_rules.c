// SPDX-License-Identifier: GPL-3.0-or-later
// Each scoring rule against values worked out by hand; docs/scoring.md names the sources.
#include "tests/harness.h"

#include "tests/scoring.h"

// One exam of one question: the section's settings, the question, its maximum, and what marks score.
struct rule_case {
	const char *section, *question, *maximum;
	struct scoring_row rows[12];
};

static void check_cases(const struct rule_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		EXAM_AUTO exam = scoring_question(cases[i].section, cases[i].question);
		size_t n_rows = 0;
		while (n_rows < G_N_ELEMENTS(cases[i].rows) && cases[i].rows[n_rows].marks)
			n_rows++;
		scoring_check_maximum(exam, 1, cases[i].maximum);
		scoring_check_question(exam, 1, cases[i].rows, n_rows);
	}
}

static void test_single_answers(void **state)
{
	(void)state;
	static const struct rule_case CASES[] = {
		// Number right.
		{"choices: 4", "{key: B}", "1", {{"1=B", "1"}, {"1=A", "0"}, {"", "0"}, {"1=A|B", "0"}}},
		// Negative marking, with credit for leaving out.
		{"choices: 4", "{key: B, right: 3, wrong: -1, blank: 1/2}", "3",
			{{"1=B", "3"}, {"1=C", "-1"}, {"", "1/2"}, {"1=A|B", "0"}}},
		// Formula scoring: R - W/(k - 1), for every number of choices.
		{"wrong: formula", "{choices: 2, key: B}", "1", {{"1=B", "1"}, {"1=A", "-1"}, {"", "0"}}},
		{"wrong: formula", "{choices: 4, key: B}", "1", {{"1=B", "1"}, {"1=A", "-1/3"}}},
		{"wrong: formula", "{choices: 5, key: B, right: 2}", "2", {{"1=B", "2"}, {"1=A", "-1/2"}}},
		{"wrong: formula", "{choices: 5, key: B, wrong: 0}", "1", {{"1=A", "0"}}},
		{"wrong: -1", "{choices: 3, key: B, wrong: formula}", "1", {{"1=A", "-1/2"}}},
		// Omit credit: R + O/k.
		{"blank: chance", "{choices: 5, key: B, right: 2}", "2", {{"1=B", "2"}, {"1=A", "0"}, {"", "2/5"}}},
		// Several marks: points, as a wrong answer, as none, or a person's to say.
		{"choices: 4", "{key: B, wrong: -1, blank: 1/4, multiple: -1/2}", "1", {{"1=A|B", "-1/2"}}},
		{"choices: 4", "{key: B, wrong: -1, blank: 1/4, multiple: wrong}", "1", {{"1=A|B", "-1"}}},
		{"choices: 4", "{key: B, wrong: -1, blank: 1/4, multiple: blank}", "1", {{"1=A|B", "1/4"}}},
		{"choices: 4", "{key: B, wrong: -1, blank: 1/4, multiple: review}", "1", {{"1=A|B", "0"}}},
		{"multiple: wrong", "{choices: 4, key: B, wrong: formula}", "1", {{"1=A|B", "-1/3"}}},
	};
	check_cases(CASES, G_N_ELEMENTS(CASES));
}

// Five choices, of which A and C are right, unless said otherwise.
static void test_sets(void **state)
{
	(void)state;
	static const struct rule_case CASES[] = {
		{"type: multiple", "{choices: 5, key: AC, right: 2, wrong: -1/2, blank: 1/4}", "2",
			{{"1=A|C", "2"}, {"1=A", "-1/2"}, {"1=A|B|C", "-1/2"}, {"", "1/4"}}},
		{"type: multiple", "{choices: 5, key: AC, rule: per-option, right: 1, wrong: -1/2}", "2",
			{{"1=A|C", "2"}, {"1=A", "1"}, {"1=A|B", "1/2"}, {"1=B|D", "-1"}, {"1=A|B|C|D|E", "1/2"},
				{"", "0"}}},
		// Plus/minus with a floor of 0.
		{"type: multiple", "{choices: 5, key: AC, rule: per-option, right: 1, wrong: -1, minimum: 0}", "2",
			{{"1=A|C", "2"}, {"1=A|B", "0"}, {"1=B|D", "0"}, {"1=A|C|E", "1"}}},
		// PS1/n: five decisions, a fifth each.
		{"type: multiple", "{choices: 5, key: AC, rule: ps1/n}", "1",
			{{"1=A|C", "1"}, {"1=A", "4/5"}, {"1=A|B", "3/5"}, {"1=B", "2/5"}, {"1=B|D|E", "0"},
				{"", "0"}}},
		// (+1/n, -1/n): three right decisions less two wrong ones.
		{"type: multiple", "{choices: 5, key: AC, rule: ps1/n, wrong: -1}", "1",
			{{"1=A|C", "1"}, {"1=A|B", "1/5"}, {"1=B|D|E", "-1"}}},
		{"type: multiple", "{choices: 5, key: AC, rule: half-point, right: 2}", "2",
			{{"1=A|C", "2"}, {"1=A", "1"}, {"1=A|B|C", "1"}, {"1=A|B", "0"}, {"1=B", "0"}}},
		// More than half of five decisions are three.
		{"type: multiple", "{choices: 5, key: AC, rule: ps50, wrong: -1/2}", "1",
			{{"1=A|C", "1"}, {"1=A|B", "1/2"}, {"1=B", "-1/2"}, {"1=A|B|D", "-1/2"}}},
		// Half of four is not more than half.
		{"type: multiple", "{choices: 4, key: AC, rule: ps50}", "1",
			{{"1=A", "1/2"}, {"1=A|B", "0"}, {"1=A|B|C", "1/2"}}},
		{"type: multiple", "{choices: 5, key: ACE, rule: ps1/m}", "1",
			{{"1=A|C|E", "1"}, {"1=A", "1/3"}, {"1=A|B|C", "2/3"}, {"1=B", "0"}, {"1=A|B|C|D|E", "1"}}},
		// What is gained by the right ones is lost by others.
		{"type: multiple", "{choices: 5, key: ACE, rule: ps1/m, wrong: -1, minimum: 0}", "1",
			{{"1=A|C|E", "1"}, {"1=A|B|C", "1/3"}, {"1=B|D", "0"}, {"1=A|B|C|D|E", "1/3"}}},
		{"type: multiple", "{choices: 5, key: ACE, rule: ripkey, right: 3}", "3",
			{{"1=A|C|E", "3"}, {"1=A|C", "2"}, {"1=A|B|C", "2"}, {"1=A|B|C|E", "0"}, {"1=B", "0"},
				{"1=A|B|C|D|E", "0"}, {"", "0"}}},
		// Half of the right ones less a third of the others, twice.
		{"type: multiple", "{choices: 5, key: AC, rule: proportional, right: 2, wrong: -2}", "2",
			{{"1=A|C", "2"}, {"1=A", "1"}, {"1=A|B", "1/3"}, {"1=B|D|E", "-2"}, {"1=A|B|C|D|E", "0"}}},
		{"type: multiple",
			"{choices: 5, key: AC, rule: proportional, right: 2, wrong: -2, minimum: -1/2, maximum: 3/2}",
			"3/2", {{"1=A|C", "3/2"}, {"1=A|B", "1/3"}, {"1=B|D|E", "-1/2"}}},
		// No other choices to be wrong about.
		{"type: multiple", "{choices: 3, key: ABC, rule: proportional, wrong: -1}", "1",
			{{"1=A|B|C", "1"}, {"1=A", "1/3"}}},
	};
	check_cases(CASES, G_N_ELEMENTS(CASES));
}

static void test_statements(void **state)
{
	(void)state;
	static const struct rule_case CASES[] = {
		{"type: true-false", "{key: TFTF, right: 1/2, wrong: -1/2, minimum: 0}", "2",
			{{"1.A=T; 1.B=F; 1.C=T; 1.D=F", "2"}, {"1.A=T; 1.B=F; 1.C=T; 1.D=T", "1"},
				{"1.A=T|F; 1.B=F", "1/2"}, {"1.A=F", "0"}}},
		// A statement never below 0, and never above a half.
		{"type: true-false", "{key: TFTF, wrong: -1, each: {minimum: 0}}", "4",
			{{"1.A=T; 1.B=T; 1.C=F; 1.D=T", "1"}, {"1.A=T|F", "0"}}},
		{"type: true-false", "{key: TFTF, wrong: -1, each: {minimum: -1/4, maximum: 1/2}, maximum: 3/2}", "3/2",
			{{"1.A=T; 1.B=F; 1.C=T; 1.D=F", "3/2"}, {"1.A=T; 1.B=F; 1.C=F", "3/4"}, {"1.A=F", "-1/4"}}},
		// Two choices: a wrong statement costs what a right one gains.
		{"type: true-false", "{key: TF, wrong: formula}", "2", {{"1.A=T; 1.B=T", "0"}, {"1.A=F", "-1"}}},
		{"type: true-false", "{key: TFTF, rule: all-or-nothing, right: 2, wrong: -1, blank: 1/3}", "2",
			{{"1.A=T; 1.B=F; 1.C=T; 1.D=F", "2"}, {"1.A=T; 1.B=F; 1.C=T", "-1"}, {"", "1/3"}}},
		{"type: true-false", "{key: TFTF, rule: ps1/n}", "1",
			{{"1.A=T; 1.B=F; 1.C=T; 1.D=F", "1"}, {"1.A=T; 1.B=F; 1.C=T", "3/4"},
				{"1.A=T|F; 1.B=F", "1/4"}}},
		// Kprim: half for three of four.
		{"type: true-false", "{key: TFTF, rule: half-point}", "1",
			{{"1.A=T; 1.B=F; 1.C=T; 1.D=F", "1"}, {"1.A=T; 1.B=F; 1.C=T; 1.D=T", "1/2"},
				{"1.A=T; 1.B=F; 1.C=T", "1/2"}, {"1.A=T; 1.B=F", "0"}}},
		{"type: true-false", "{key: TFTFT, rule: half-point}", "1", {{"1.A=T; 1.B=F; 1.C=T", "0"}}},
		{"type: true-false", "{key: TFTFT, rule: ps50}", "1",
			{{"1.A=T; 1.B=F; 1.C=T", "1/2"}, {"1.A=T; 1.B=F", "0"}}},
	};
	check_cases(CASES, G_N_ELEMENTS(CASES));
}

static void test_orders(void **state)
{
	(void)state;
	static const struct rule_case CASES[] = {
		// Per position.
		{"type: parts", "{choices: 3, key: [B, C, A]}", "3",
			{{"1.a=B; 1.b=C; 1.c=A", "3"}, {"1.a=B; 1.b=A; 1.c=C", "1"}, {"1.a=B; 1.b=B; 1.c=B", "1"}}},
		// Permutation or nothing.
		{"type: parts", "{choices: 3, key: [B, C, A], require: permutation}", "3",
			{{"1.a=B; 1.b=C; 1.c=A", "3"}, {"1.a=B; 1.b=A; 1.c=C", "1"}, {"1.a=B; 1.b=B; 1.c=B", "0"},
				{"1.a=B; 1.b=C", "0"}}},
		// Exact.
		{"type: parts", "{choices: 3, key: [B, C, A], rule: all-or-nothing}", "3",
			{{"1.a=B; 1.b=C; 1.c=A", "3"}, {"1.a=B; 1.b=A; 1.c=C", "0"}, {"1.a=B; 1.b=C", "0"}, {"", "0"}}},
		{"type: parts", "{choices: 3, key: [B, C, A], rule: all-or-nothing, wrong: -1}", "3",
			{{"1.a=B; 1.b=C; 1.c=A", "3"}, {"1.a=A; 1.b=A; 1.c=C", "0"}}},
		// Parts of all kinds, all of them or none.
		{"rule: all-or-nothing",
			"{parts: [{type: true-false, key: TF}, {type: multiple, choices: 3, key: AB}, {choices: 2, "
			"key: B}]}",
			"4",
			{{"1.a.A=T; 1.a.B=F; 1.b=A|B; 1.c=B", "4"}, {"1.a.A=T; 1.a.B=F; 1.b=A|B; 1.c=A", "0"},
				{"1.a.A=T; 1.b=A|B; 1.c=B", "0"}}},
		// A part with a rule of its own.
		{"type: parts",
			"{parts: [{type: true-false, key: TFTF, rule: half-point}, {choices: 2, key: B}], maximum: "
			"3/2}",
			"3/2", {{"1.a.A=T; 1.a.B=F; 1.a.C=T", "1/2"}, {"1.a.A=T; 1.a.B=F; 1.a.C=T; 1.b=B", "3/2"}}},
	};
	check_cases(CASES, G_N_ELEMENTS(CASES));
}

// The table of docs/scoring.md: five choices, A and C right, a wrong one costing a point where the rule has a use for
// it.
static void test_the_table_of_the_docs(void **state)
{
	(void)state;
	static const struct {
		const char *question, *scores[4];
	} ROWS[] = {
		{"{choices: 5, key: AC, rule: all-or-nothing}", {"1", "0", "0", "0"}},
		{"{choices: 5, key: AC, rule: per-option, wrong: -1}", {"2", "1", "0", "1"}},
		{"{choices: 5, key: AC, rule: ps1/n}", {"1", "4/5", "3/5", "4/5"}},
		{"{choices: 5, key: AC, rule: half-point}", {"1", "1/2", "0", "1/2"}},
		{"{choices: 5, key: AC, rule: ps50}", {"1", "1/2", "1/2", "1/2"}},
		{"{choices: 5, key: AC, rule: ps1/m}", {"1", "1/2", "1/2", "1"}},
		{"{choices: 5, key: AC, rule: ripkey}", {"1", "1/2", "1/2", "0"}},
		{"{choices: 5, key: AC, rule: proportional, wrong: -1}", {"1", "1/2", "1/6", "2/3"}},
	};
	static const char *const MARKS[] = {"1=A|C", "1=A", "1=A|B", "1=A|B|C"};
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		EXAM_AUTO exam = scoring_question("type: multiple", ROWS[i].question);
		for (size_t k = 0; k < G_N_ELEMENTS(MARKS); k++) {
			const struct scoring_row row = {MARKS[k], ROWS[i].scores[k]};
			scoring_check_question(exam, 1, &row, 1);
		}
	}
}

// A section's rule is that of its questions as far as their type can have it.
static void test_a_section_gives_its_rule(void **state)
{
	(void)state;
	EXAM_AUTO exam = scoring_exam("exam: e\ntitle: t\nsections:\n- title: s\n  rule: ps1/n\n  questions:\n"
				      "  - {type: multiple, choices: 4, key: AB}\n"
				      "  - {type: true-false, key: TFTF}\n"
				      "  - {choices: 4, key: A}\n"
				      "  - {type: multiple, choices: 4, key: AB, rule: all-or-nothing}\n");
	static const struct scoring_row SET[] = {{"1=A", "3/4"}}, GRID[] = {{"2.A=T", "1/4"}}, ONE[] = {{"3=A", "1"}},
					ALL[] = {{"4=A", "0"}};
	scoring_check_question(exam, 1, SET, 1);
	scoring_check_question(exam, 2, GRID, 1);
	scoring_check_question(exam, 3, ONE, 1);
	scoring_check_question(exam, 4, ALL, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single_answers),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_the_table_of_the_docs),
		cmocka_unit_test(test_a_section_gives_its_rule),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
