// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/harness.h"

#include <string.h>

#include "grade/score.h"
#include "sheet/exam_file.h"
#include "sheet/exam_total.h"
#include "tests/papers.h"

#define FLAGSHIP "fixtures/cs182-midterm.yaml"

// Each choice once, all in their right place.
#define KEY_30 "30.a=(4); 30.b=(3); 30.c=(1); 30.d=(2)"

struct row {
	const char *question, *marks, *score;
};

static struct exam *load_text(const char *text)
{
	GError *error = NULL;
	struct exam *exam = exam_parse("exam.yaml", text, strlen(text), &error);
	if (error)
		print_error("%s\n", error->message);
	assert_non_null(exam);
	return exam;
}

static struct exam *load_flagship(void)
{
	GError *error = NULL;
	struct exam *exam = exam_load(FLAGSHIP, &error);
	if (error)
		print_error("%s\n", error->message);
	assert_non_null(exam);
	return exam;
}

static void check_rows(const struct exam *exam, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_autofree exam_choices *marked = papers_marked(exam, rows[i].marks);
		bool found = false;
		for (unsigned q = 0; q < exam->n_questions; q++) {
			char text[RATIONAL_TEXT_SIZE];
			if (strcmp(exam->questions[q].id, rows[i].question) != 0)
				continue;
			found = true;
			rational_format(score_question(exam, &exam->questions[q], marked), text);
			if (strcmp(text, rows[i].score) != 0)
				print_error("question %s, %s\n", rows[i].question, rows[i].marks);
			assert_string_equal(text, rows[i].score);
		}
		assert_true(found);
	}
}

static void assert_total(const struct exam *exam, const exam_choices *marked, const char *expected)
{
	char text[RATIONAL_TEXT_SIZE];
	g_autofree struct rational *points = g_new0(struct rational, exam->n_questions);
	for (unsigned q = 0; q < exam->n_questions; q++)
		points[q] = score_question(exam, &exam->questions[q], marked);
	struct rational total = exam_total(exam, points, NULL);
	assert_string_equal(rational_format(total, text), expected);
}

static void test_flagship_totals(void **state)
{
	(void)state;
	EXAM_AUTO exam = load_flagship();
	g_autofree exam_choices *marked = g_new0(exam_choices, exam->n_items);
	assert_total(exam, marked, "0");
	for (unsigned i = 0; i < exam->n_items; i++)
		marked[i] = exam->items[i].key;
	assert_total(exam, marked, "50");
	// All wrong: the one choice after the key, the other of T and F.
	for (unsigned i = exam->n_fields; i < exam->n_items; i++) {
		const struct exam_item *item = &exam->items[i];
		exam_choices next = item->key << 1;
		marked[i] = next >> item->n_choices ? 1 : next;
	}
	assert_total(exam, marked, "0");
	// Everything filled in: nothing for several marks, every statement cancels, 30 repeats its choices.
	for (unsigned i = 0; i < exam->n_items; i++)
		marked[i] = ((exam_choices)1 << exam->items[i].n_choices) - 1;
	assert_total(exam, marked, "0");
}

static void test_flagship_questions(void **state)
{
	(void)state;
	static const struct row ROWS[] = {
		{"1", "1=D", "1"},
		{"1", "1=A", "0"},
		{"1", "1=A|D", "0"},
		{"1", "", "0"},
		// 16: A and C are true.
		{"16", "16.A=T; 16.B=F; 16.C=T; 16.D=F", "2"},
		{"16", "16.A=T; 16.B=F; 16.C=T; 16.D=T", "1"},
		{"16", "16.A=T; 16.B=F; 16.C=T", "1.5"},
		{"16", "16.A=T; 16.B=T; 16.C=F; 16.D=F", "0"},
		{"16", "16.A=F; 16.B=T; 16.C=F; 16.D=T", "0"},
		{"16", "16.A=T|F; 16.B=F; 16.C=T; 16.D=F", "1.5"},
		{"16", "16.A=T|F; 16.B=T|F; 16.C=T|F; 16.D=T|F", "0"},
		{"16", "16.A=T; 16.B=T|F", "0.5"},
		{"16", "", "0"},
		{"30", KEY_30, "2"},
		{"30", "30.a=(4); 30.b=(3); 30.c=(2); 30.d=(1)", "1"},
		{"30", "30.a=(3); 30.b=(4); 30.c=(2); 30.d=(1)", "0"},
		// Three right, but (4) twice; (2) left out; (1) and (2) in one row.
		{"30", "30.a=(4); 30.b=(3); 30.c=(1); 30.d=(4)", "0"},
		{"30", "30.a=(4); 30.b=(3); 30.c=(1)", "0"},
		{"30", "30.a=(4); 30.b=(3); 30.c=(1)|(2); 30.d=(2)", "0"},
		{"30", "", "0"},
		{"31", "31.a=C; 31.b=C; 31.c=D; 31.d=A", "2"},
		{"31", "31.a=C; 31.b=E; 31.c=D; 31.d=E", "1"},
		{"31", "31.a=C|D; 31.b=C", "0.5"},
		// 32: a ABD, b D, c BC; the bound is the question's, so a bad part eats up a good one.
		{"32",
			"32.a.A=T; 32.a.B=T; 32.a.C=F; 32.a.D=T; 32.b.A=F; 32.b.B=F; 32.b.C=F; 32.b.D=T;"
			"32.c.A=F; 32.c.B=T; 32.c.C=T; 32.c.D=F",
			"3"},
		{"32",
			"32.a.A=T; 32.a.B=T; 32.a.C=F; 32.a.D=T; 32.b.A=T; 32.b.B=T; 32.b.C=T; 32.b.D=F;"
			"32.c.A=F; 32.c.B=T",
			"0.5"},
		{"32", "32.b.A=T; 32.b.B=T; 32.b.C=T; 32.b.D=F; 32.a.A=T", "0"},
	};
	EXAM_AUTO exam = load_flagship();
	check_rows(exam, ROWS, G_N_ELEMENTS(ROWS));
}

// 32 with its bound moved to the parts: one line in another place is all that it takes.
static void test_bound_on_parts(void **state)
{
	(void)state;
	EXAM_AUTO exam =
		load_text("exam: parts\ntitle: Parts\npaper: letter\nsections:\n  - title: All\n"
			  "    questions:\n"
			  "      - type: true-false\n        right: 0.25\n        wrong: -0.25\n        parts:\n"
			  "          - {key: TTFT, minimum: 0}\n"
			  "          - {key: FFFT, minimum: 0, maximum: 0.5}\n"
			  "          - {key: FTTF}\n");
	static const struct row ROWS[] = {
		// a is 1, b would be -1 and is 0, c is 0.5.
		{"1", "1.a.A=T; 1.a.B=T; 1.a.C=F; 1.a.D=T; 1.b.A=T; 1.b.B=T; 1.b.C=T; 1.b.D=F; 1.c.A=F; 1.c.B=T",
			"1.5"},
		// b's four right are cut to 0.5.
		{"1", "1.b.A=F; 1.b.B=F; 1.b.C=F; 1.b.D=T", "0.5"},
		// c has no bound, and the question has none either.
		{"1", "1.c.A=T; 1.c.B=F; 1.c.C=F", "-0.75"},
	};
	check_rows(exam, ROWS, G_N_ELEMENTS(ROWS));
}

static void test_formula_scoring(void **state)
{
	(void)state;
	EXAM_AUTO exam = load_text("exam: formula\ntitle: Formula\npaper: a4\nsections:\n"
				   "  - title: One\n    type: single\n    right: 1\n    wrong: -1/3\n"
				   "    blank: 0.2\n    multiple: -1/2\n"
				   "    questions:\n      - {choices: 4, key: B}\n"
				   "  - title: Set\n    type: multiple\n    right: 2\n    wrong: -1/3\n    blank: 1/4\n"
				   "    questions:\n      - {choices: 4, key: [A, C]}\n"
				   "  - title: Statements\n    type: true-false\n    right: 1/3\n    wrong: -1/3\n"
				   "    blank: 0.1\n    maximum: 0.5\n"
				   "    questions:\n      - {key: TFT}\n");
	static const struct row ROWS[] = {
		{"1", "1=B", "1"},
		{"1", "1=A", "-0.3333"},
		{"1", "", "0.2"},
		{"1", "1=A|B", "-0.5"},
		{"2", "2=A|C", "2"},
		{"2", "2=A", "-0.3333"},
		{"2", "2=A|B|C", "-0.3333"},
		{"2", "", "0.25"},
		{"3", "3.A=T; 3.B=T; 3.C=F", "-0.3333"},
		{"3", "3.A=T; 3.B=F; 3.C=T", "0.5"},
		{"3", "3.A=T|F", "0.2"},
		{"3", "", "0.3"},
	};
	check_rows(exam, ROWS, G_N_ELEMENTS(ROWS));
	// Three thirds cancel exactly: no rounding on the way.
	g_autofree exam_choices *marked = papers_marked(exam, "1=A; 2=B; 3.A=T; 3.B=F; 3.C=F");
	assert_total(exam, marked, "-0.3333");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flagship_totals),
		cmocka_unit_test(test_flagship_questions),
		cmocka_unit_test(test_bound_on_parts),
		cmocka_unit_test(test_formula_scoring),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
