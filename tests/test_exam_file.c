// SPDX-License-Identifier: GPL-3.0-or-later
// Sound exam files and hostile ones; tests/test_exam_file_errors.c has the slips of honest authors.
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

static struct exam *load(const char *path)
{
	g_autoptr(GError) error = NULL;
	struct exam *exam = exam_load(path, &error);
	if (exam == NULL)
		fail_msg("%s", error->message);
	return exam;
}

static void assert_points(struct rational points, const char *text)
{
	char actual[RATIONAL_TEXT_SIZE];
	assert_string_equal(rational_format(points, actual), text);
}

// The keys of a question's items in their order: "D", "TFTF", "(4)(3)(1)(2)".
static char *keys_of(const struct exam *exam, unsigned number)
{
	const struct exam_question *question = &exam->questions[number - 1];
	GString *keys = g_string_new(NULL);
	for (unsigned i = 0; i < question->n_items; i++) {
		const struct exam_item *item = &exam->items[question->first_item + i];
		g_autofree char *key = exam_choices_text(item, item->key);
		g_string_append(keys, key);
	}
	return g_string_free(keys, FALSE);
}

static void test_the_flagship_has_every_key(void **state)
{
	(void)state;
	static const char *const keys[] = {"D", "C", "A", "D", "C", "B", "A", "C", "A", "D", "D", "D", "B", "B", "A",
		"TFTF", "TFFT", "TFFF", "TTTF", "TFTF", "TTTF", "TFTT", "FTFT", "FFTT", "TFFT", "TFFF", "FTTT", "FFTF",
		"TTFF", "(4)(3)(1)(2)", "CCDA", "TTFTFFFTFTTF"};
	static const unsigned choices[] = {4, 5, 4, 4, 4, 3, 4, 4, 4, 5, 4, 4, 3, 4, 4};
	EXAM_AUTO exam = load("fixtures/cs182-midterm.yaml");
	assert_int_equal(exam->n_questions, G_N_ELEMENTS(keys));
	for (unsigned number = 1; number <= exam->n_questions; number++) {
		g_autofree char *actual = keys_of(exam, number);
		assert_string_equal(actual, keys[number - 1]);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(choices); i++)
		assert_int_equal(exam->items[exam->questions[i].first_item].n_choices, choices[i]);
}

static void test_the_flagship_has_its_points(void **state)
{
	(void)state;
	EXAM_AUTO exam = load("fixtures/cs182-midterm.yaml");
	assert_points(exam_maximum(exam), "50");
	for (unsigned i = 0; i < 15; i++)
		assert_points(exam_question_maximum(exam, &exam->questions[i]), "1");
	for (unsigned i = 15; i < 31; i++)
		assert_points(exam_question_maximum(exam, &exam->questions[i]), "2");
	const struct exam_question *grid = &exam->questions[15], *last = &exam->questions[31];
	assert_int_equal(grid->type, EXAM_TRUE_FALSE);
	assert_points(grid->points.wrong, "-0.5");
	assert_true(grid->bounds.has_minimum);
	assert_false(grid->bounds.has_maximum);
	assert_true(exam->questions[29].permutation);
	assert_false(exam->questions[30].permutation);
	assert_int_equal(last->n_parts, 3);
	assert_points(exam_question_maximum(exam, last), "3");
	assert_true(last->bounds.has_minimum);
	assert_false(last->parts[0].bounds.has_minimum);
	assert_points(last->parts[2].points.wrong, "-0.25");
}

static void test_the_flagship_asks_for_the_course(void **state)
{
	(void)state;
	EXAM_AUTO exam = load("fixtures/cs182-midterm.yaml");
	assert_string_equal(exam->name, "cs182-sp22-midterm");
	assert_string_equal(exam->title, "CS 182/282A Deep Learning, Midterm, Spring 2022");
	assert_int_equal(exam->paper, EXAM_PAPER_LETTER);
	assert_int_equal(exam->id_digits, 10);
	assert_int_equal(exam->n_sections, 3);
	assert_int_equal(exam->sections[2].first_question, 29);
	assert_int_equal(exam->n_fields, 1);
	assert_int_equal(exam->n_items, 1 + 91);
	assert_string_equal(exam->items[0].id, "course");
	assert_int_equal(exam->items[0].kind, EXAM_ITEM_FIELD);
	assert_int_equal(exam->items[0].key, 0);
	assert_string_equal(exam->items[0].choices[1], "CS 282A");
	assert_string_equal(exam->items[exam->n_items - 1].id, "32.c.D");
}

static void test_example_exams_are_sound(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		unsigned n_questions, n_items;
		const char *maximum;
	} examples[] = {
		{"fixtures/exams/formula-scoring.yaml", 6, 6, "6"},
		{"fixtures/exams/multiple-select.yaml", 6, 6, "10"},
		{"fixtures/exams/true-false.yaml", 6, 22, "16"},
		{"fixtures/exams/parts.yaml", 4, 17, "15"},
		{"fixtures/exams/hundred.yaml", 100, 100, "100"},
		{"fixtures/exams/letters-a4.yaml", 7, 7, "7"},
		{"fixtures/exams/partial-credit.yaml", 13, 25, "28"},
		{"fixtures/exams/weights.yaml", 8, 17, "100"},
		{"fixtures/exams/key-events.yaml", 9, 15, "13"},
		{"fixtures/exams/forms.yaml", 7, 15, "15"},
		{"fixtures/exams/numbers.yaml", 4, 16, "6"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
		EXAM_AUTO exam = load(examples[i].path);
		assert_int_equal(exam->n_questions, examples[i].n_questions);
		assert_int_equal(exam->n_items - exam->n_fields, examples[i].n_items);
		assert_points(exam_maximum(exam), examples[i].maximum);
	}
}

static void test_defaults_pass_from_section_to_question_to_part(void **state)
{
	(void)state;
	EXAM_AUTO exam =
		parse("exam: e\ntitle: t\nsections:\n- title: s\n  choices: 4\n  right: 3\n  wrong: -1\n  minimum: -2\n"
		      "  questions:\n  - {key: A}\n  - {key: A, right: 1/3, minimum: 0, choices: [x, A]}\n"
		      "  - {wrong: -0.5, parts: [{key: D}, {key: D, right: 5, blank: 1}]}\n");
	const struct exam_question *plain = &exam->questions[0], *own = &exam->questions[1],
				   *parts = &exam->questions[2];
	assert_points(plain->points.right, "3");
	assert_points(plain->points.blank, "0");
	assert_points(plain->bounds.minimum, "-2");
	assert_points(own->points.right, "0.3333");
	assert_points(own->points.wrong, "-1");
	assert_points(own->bounds.minimum, "0");
	assert_int_equal(exam->items[1].key, 2);
	assert_int_equal(parts->type, EXAM_PARTS);
	assert_points(parts->bounds.minimum, "-2");
	assert_false(parts->parts[0].bounds.has_minimum);
	assert_points(parts->parts[0].points.right, "3");
	assert_points(parts->parts[1].points.right, "5");
	assert_points(parts->parts[1].points.wrong, "-0.5");
	assert_string_equal(exam->items[2].choices[3], "D");
	assert_int_equal(parts->line, 12);
}

static void test_scalars_are_text(void **state)
{
	(void)state;
	EXAM_AUTO exam = parse(HEAD "  - {type: true-false, key: T}\n  - {choices: [yes, no, ~, 1, 0x1], key: no}\n"
				    "  - {choices: [1, 01, 1.0], key: 01}\n  - {choices: [null, \"true\"], key: true}\n"
				    "  - {type: multiple, choices: [1, 2, 3], key: 13}\n");
	static const char *const keys[] = {"T", "no", "01", "true", "1|3"};
	for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *key = exam_choices_text(&exam->items[i], exam->items[i].key);
		assert_string_equal(key, keys[i]);
	}
}

static void test_editors_of_all_systems(void **state)
{
	(void)state;
	EXAM_AUTO windows = parse("\xEF\xBB\xBF"
				  "exam: e\r\ntitle: t\r\nsections:\r\n- title: s\r\n  questions:\r\n  - key: T\r\n"
				  "    type: true-false\r\n");
	assert_string_equal(windows->title, "t");
	assert_int_equal(windows->questions[0].line, 6);
}

static void test_the_message_that_the_design_shows(void **state)
{
	(void)state;
	static const char text[] = "exam: e\ntitle: t\nsections:\n- title: Single answer\n  choices: 4\n  questions: "
				   "[{key: A}, {key: A}, {key: A},\n"
				   "    {key: A}, {key: A}, {key: A}, {key: A}, {key: A}, {key: A}, {key: A}, {key: "
				   "A}, {key: A}, {key: A},\n"
				   "    {key: A}, {key: A}]\n- title: True or false\n  type: true-false\n  questions:\n"
				   "  - {key: TFTFT, statements: 4}\n";
	g_autoptr(GError) error = NULL;
	assert_null(exam_parse("exam.yaml", text, strlen(text), &error));
	assert_string_equal(error->message, "exam.yaml:12: question 16: key has 5 statements, the question has 4");
	assert_true(error->domain == EXAM_FILE_ERROR);
}

// Every prefix and many single-byte changes of a sound file: whatever they mean, an exam or an error comes of them.
static void test_damaged_files_never_crash(void **state)
{
	(void)state;
	g_autofree char *text = NULL;
	size_t size = 0;
	assert_true(g_file_get_contents("fixtures/exams/parts.yaml", &text, &size, NULL));
	static const char bytes[] = "\0\t\n\"'[]{}:,-#&*!|>%@`\\?\xFF\xC3~0";
	for (size_t i = 0; i < size; i++) {
		exam_free(exam_parse("cut", text, i, NULL));
		char kept = text[i];
		for (size_t j = i % 3; j < sizeof bytes - 1; j += 3) {
			text[i] = bytes[j];
			g_autoptr(GError) error = NULL;
			EXAM_AUTO exam = exam_parse("changed", text, size, &error);
			assert_true((exam == NULL) == (error != NULL));
			assert_true(error == NULL || strchr(error->message, '\n') == NULL);
		}
		text[i] = kept;
	}
}

static void assert_refused(const GString *text)
{
	g_autoptr(GError) error = NULL;
	gint64 start = g_get_monotonic_time();
	assert_null(exam_parse("bomb", text->str, text->len, &error));
	assert_non_null(error);
	assert_true(strlen(error->message) < 2000);
	assert_true(g_utf8_validate(error->message, -1, NULL));
	assert_true(g_get_monotonic_time() - start < 5 * TEST_SLOWNESS * G_USEC_PER_SEC);
}

// A megabyte of each: no time, no memory and no stack is spent on them.
static void test_bombs_are_refused(void **state)
{
	(void)state;
	static const char *const pieces[] = {"[", "{", "- ", "? ", "a: ", "{a: ", "\"", "'", "&a ", "*a ", "!a ", "a,",
		"- a\n", "\n", "%TAG !a! b\n", "---\n", "#", "a\n", "\xC3\xA9", "\\", "|\n", "[a, ", "- [\n", "\t",
		"\r", "a", " ", "\xFF"};
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) bare = g_string_new(NULL), list = g_string_new("exam: e\ntitle: [");
		while (bare->len < EXAM_FILE_MAX_BYTES - 100) {
			g_string_append(bare, pieces[i]);
			g_string_append(list, pieces[i]);
		}
		assert_refused(bare);
		assert_refused(list);
	}
	g_autoptr(GString) nul = g_string_new_len("exam: e\0title: t\n", 17);
	assert_refused(nul);
	g_autoptr(GString) large = g_string_new(HEAD "  - {choices: 2, key: A}\n");
	while (large->len <= EXAM_FILE_MAX_BYTES)
		g_string_append(large, "# as large as this no exam file is\n");
	assert_refused(large);
}

static void test_too_many_of_anything(void **state)
{
	(void)state;
	g_autoptr(GString) questions = g_string_new(HEAD);
	for (unsigned i = 0; i < EXAM_MAX_QUESTIONS; i++)
		g_string_append(questions, "  - {choices: 2, key: A}\n");
	EXAM_AUTO full = parse(questions->str);
	assert_int_equal(full->n_questions, EXAM_MAX_QUESTIONS);
	g_string_append(questions, "- title: one more\n  questions: [{choices: 2, key: A}]\n");
	assert_refused(questions);
	g_autoptr(GString) rows = g_string_new(HEAD), points = g_string_new(HEAD);
	for (unsigned i = 0; i < 385; i++)
		g_string_append(rows, "  - {type: true-false, key: TTTTTTTTTTTTTTTTTTTTTTTTTT}\n");
	assert_refused(rows);
	for (unsigned i = 0; i < 39; i++)
		g_string_append(points, "  - {type: true-false, right: 1000000, key: TTTTTTTTTTTTTTTTTTTTTTTTTT}\n");
	assert_refused(points);
}

static void test_files_that_cannot_be_read(void **state)
{
	(void)state;
	g_autoptr(GError) missing = NULL, folder = NULL, endless = NULL;
	assert_null(exam_load("fixtures/no-such-exam.yaml", &missing));
	assert_string_equal(
		missing->message, "fixtures/no-such-exam.yaml: the file cannot be opened: No such file or directory");
	assert_null(exam_load("fixtures", &folder));
	assert_string_equal(folder->message, "fixtures: the file cannot be read: Is a directory");
	assert_null(exam_load("/dev/zero", &endless));
	assert_string_equal(endless->message, "/dev/zero: the file is larger than 1048576 bytes; this is no exam file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_flagship_has_every_key),
		cmocka_unit_test(test_the_flagship_has_its_points),
		cmocka_unit_test(test_the_flagship_asks_for_the_course),
		cmocka_unit_test(test_example_exams_are_sound),
		cmocka_unit_test(test_defaults_pass_from_section_to_question_to_part),
		cmocka_unit_test(test_scalars_are_text),
		cmocka_unit_test(test_editors_of_all_systems),
		cmocka_unit_test(test_the_message_that_the_design_shows),
		cmocka_unit_test(test_damaged_files_never_crash),
		cmocka_unit_test(test_bombs_are_refused),
		cmocka_unit_test(test_too_many_of_anything),
		cmocka_unit_test(test_files_that_cannot_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
