// SPDX-License-Identifier: GPL-3.0-or-later
// What `sheaf check` prints and returns. stdout is pointed at a file while the command runs.
#include "tests/harness.h"

#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"

struct outcome {
	int status;
	char *out, *err;
};

static void outcome_clear(struct outcome *outcome)
{
	g_free(outcome->out);
	g_free(outcome->err);
}
#define OUTCOME_AUTO __attribute__((cleanup(outcome_clear))) struct outcome

// Points a stream at a new file; returns the descriptor that brings it back.
static int divert(FILE *stream, char **path)
{
	g_autoptr(GError) error = NULL;
	int file = g_file_open_tmp("sheaf-check-XXXXXX", path, &error);
	assert_true(file >= 0);
	fflush(stream);
	int kept = dup(fileno(stream));
	dup2(file, fileno(stream));
	close(file);
	return kept;
}

static char *restore(FILE *stream, int kept, char *path)
{
	char *text = NULL;
	fflush(stream);
	dup2(kept, fileno(stream));
	close(kept);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	unlink(path);
	g_free(path);
	return text;
}

static struct outcome run(int argc, const char *const *arguments)
{
	char *argv[4] = {NULL}, *out_path, *err_path;
	struct outcome outcome;
	for (int i = 0; i < argc; i++)
		argv[i] = (char *)(uintptr_t)arguments[i];
	int out = divert(stdout, &out_path), err = divert(stderr, &err_path);
	outcome.status = cmd_check(argc, argv);
	outcome.out = restore(stdout, out, out_path);
	outcome.err = restore(stderr, err, err_path);
	return outcome;
}

static void assert_table(const char *exam, const char *golden)
{
	OUTCOME_AUTO outcome = run(2, (const char *const[]){"check", exam});
	g_autofree char *expected = NULL;
	assert_int_equal(outcome.status, EXIT_DONE);
	assert_string_equal(outcome.err, "");
	assert_true(g_file_get_contents(golden, &expected, NULL, NULL));
	assert_string_equal(outcome.out, expected);
}

static void test_tables(void **state)
{
	(void)state;
	assert_table("fixtures/cs182-midterm.yaml", "tests/golden/check-cs182-midterm.txt");
	assert_table("fixtures/exams/formula-scoring.yaml", "tests/golden/check-formula-scoring.txt");
	assert_table("fixtures/exams/parts.yaml", "tests/golden/check-parts.txt");
	assert_table("fixtures/exams/letters-a4.yaml", "tests/golden/check-letters-a4.txt");
	assert_table("fixtures/exams/partial-credit.yaml", "tests/golden/check-partial-credit.txt");
	assert_table("fixtures/exams/weights.yaml", "tests/golden/check-weights.txt");
	assert_table("fixtures/exams/key-events.yaml", "tests/golden/check-key-events.txt");
	assert_table("fixtures/exams/forms.yaml", "tests/golden/check-forms.txt");
	assert_table("fixtures/exams/numbers.yaml", "tests/golden/check-numbers.txt");
}

static void assert_usage(int argc, const char *const *arguments, const char *message)
{
	OUTCOME_AUTO outcome = run(argc, arguments);
	assert_int_equal(outcome.status, EXIT_USAGE);
	assert_string_equal(outcome.out, "");
	assert_string_equal(outcome.err, message);
}

static void test_wrong_usage(void **state)
{
	(void)state;
	assert_usage(1, (const char *const[]){"check"}, "sheaf check: give one exam file\n");
	assert_usage(3, (const char *const[]){"check", "a.yaml", "b.yaml"}, "sheaf check: give one exam file\n");
	assert_usage(2, (const char *const[]){"check", "--verbose"}, "sheaf check: Unknown option --verbose\n");
	assert_usage(2, (const char *const[]){"check", "no-such.yaml"},
		"no-such.yaml: the file cannot be opened: No such file or directory\n");
	assert_usage(2, (const char *const[]){"check", "tests/golden/check-parts.txt"},
		"tests/golden/check-parts.txt:5: a colon is not expected here; put text that holds a colon in "
		"\"quotes\", and "
		"check the indentation\n");
}

static void the_numbers_in_force_are_printed_on_request(void **state)
{
	(void)state;
	OUTCOME_AUTO plain = run(2, (const char *[]){"check", "fixtures/exams/parts.yaml"});
	OUTCOME_AUTO with = run(3, (const char *[]){"check", "--thresholds", "fixtures/exams/parts.yaml"});
	assert_int_equal(with.status, EXIT_DONE);
	assert_null(strstr(plain.out, "FILL_MARK"));
	assert_true(g_str_has_prefix(with.out, plain.out));
	assert_non_null(strstr(with.out, "FILL_MARK               0.16 of the disc"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_wrong_usage),
		cmocka_unit_test(the_numbers_in_force_are_printed_on_request),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
