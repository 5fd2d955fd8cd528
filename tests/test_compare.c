// SPDX-License-Identifier: GPL-3.0-or-later
// grade --compare through the whole program: what a changed key does is told, and nothing at all is written.
#include "tests/harness.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#define EXAM "fixtures/cs182-midterm.yaml"

struct setting {
	char *folder, *results, *changed;
};

static int run(char **out, char **err, const char *first, ...)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	va_list words;
	va_start(words, first);
	for (const char *word = first; word; word = va_arg(words, const char *))
		g_ptr_array_add(argv, (char *)(uintptr_t)word);
	va_end(words);
	g_ptr_array_add(argv, NULL);
	int status = -1;
	assert_true(
		g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, out, err, &status, NULL));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The exam file with a text replaced.
static void change_exam(const struct setting *setting, const char *from, const char *to)
{
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(EXAM, &text, NULL, NULL));
	char *at = strstr(text, from);
	assert_non_null(at);
	g_autofree char *head = g_strndup(text, (gsize)(at - text));
	g_autofree char *changed = g_strconcat(head, to, at + strlen(from), NULL);
	assert_true(g_file_set_contents(setting->changed, changed, -1, NULL));
}

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->folder = g_dir_make_tmp("sheaf-compare-XXXXXX", NULL);
	setting->results = g_build_filename(setting->folder, "results", NULL);
	setting->changed = g_build_filename(setting->folder, "changed.yaml", NULL);
	g_autofree char *out = NULL, *err = NULL;
	*state = setting;
	return run(&out, &err, SHEAF_PROGRAM, "grade", EXAM, "fixtures/scans/scan0008.jpg",
		"fixtures/scans/scan0022.jpg", "--roster", "fixtures/roster.csv", "-o", setting->results, NULL);
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	g_autofree char *out = NULL, *err = NULL;
	run(&out, &err, "/bin/rm", "-rf", setting->folder, NULL);
	g_free(setting->folder);
	g_free(setting->results);
	g_free(setting->changed);
	g_free(setting);
	return 0;
}

// Every file of the results with its bytes' sum and its times. What SQLite needs while somebody reads may stay beside
// it.
static char *state_of(const struct setting *setting)
{
	g_autofree char *command = g_strdup_printf(
		"cd '%s' && sha256sum gradebook.csv marks.csv exceptions.csv corrections.csv session.sqlite && "
		"stat -c '%%n %%Y %%s' *.csv session.sqlite && ls | grep -v -e -wal -e -shm",
		setting->results);
	char *out = NULL;
	g_autofree char *err = NULL;
	assert_int_equal(run(&out, &err, "/bin/sh", "-c", command, NULL), 0);
	return out;
}

static void a_changed_key_is_told_and_nothing_written(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *before = state_of(setting), *out = NULL, *err = NULL;
	change_exam(setting, "key: D} # 1", "key: A} # 1");
	assert_int_equal(
		run(&out, &err, SHEAF_PROGRAM, "grade", setting->changed, "-o", setting->results, "--compare", NULL),
		0);
	assert_string_equal(out, "Questions that change:\n"
				 "  1: 0 up, 2 down of 2; mean 1 -> 0 (-1)\n"
				 "Mean: 32.25 -> 31.25 (-1) over 2 papers; the maximum is 50\n"
				 "Students: 2 of 2 with a score move:\n"
				 "  00310007 김하늘: 31 -> 30 (-1)\n"
				 "  00310009 Ελένη Παπαδοπούλου: 33.5 -> 32.5 (-1)\n"
				 "Nothing was written.\n");
	g_autofree char *after = state_of(setting);
	assert_string_equal(after, before);
}

static void more_points_change_the_maximum_too(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *out = NULL, *err = NULL;
	change_exam(setting, "key: D} # 1", "key: D, right: 3} # 1");
	assert_int_equal(
		run(&out, &err, SHEAF_PROGRAM, "grade", setting->changed, "-o", setting->results, "--compare", NULL),
		0);
	assert_non_null(strstr(out, "  1: 2 up, 0 down of 2; mean 1 -> 3 (+2), of 1 -> 3 (+2)\n"));
	assert_non_null(strstr(out, "the maximum is 50 -> 52 (+2)\n"));
}

static void the_same_exam_changes_nothing(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *out = NULL, *err = NULL;
	assert_int_equal(run(&out, &err, SHEAF_PROGRAM, "grade", EXAM, "-o", setting->results, "--compare", NULL), 0);
	assert_non_null(strstr(out, "No question changes.\n"));
	assert_non_null(strstr(out, "Students: 0 of 2 with a score move.\n"));
}

static void what_cannot_be_compared_is_refused(void **state)
{
	const struct setting *setting = *state;
	static const struct {
		const char *from, *to, *said;
	} cases[] = {
		{"exam: cs182-sp22-midterm", "exam: another", "not another"},
		{"choices: 4, key: D} # 1", "choices: 5, key: D} # 1", "what is on the paper has changed"},
		{"key: D} # 1", "key: Q} # 1", "question 1"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *out = NULL, *err = NULL;
		change_exam(setting, cases[i].from, cases[i].to);
		int status = run(&out, &err, SHEAF_PROGRAM, "grade", setting->changed, "-o", setting->results,
			"--compare", NULL);
		assert_int_equal(status, 2);
		if (!strstr(err, cases[i].said))
			fail_msg("\"%s\" is not in: %s", cases[i].said, err);
	}
	g_autofree char *out = NULL, *err = NULL, *more = NULL, *said = NULL;
	assert_int_equal(run(&out, &err, SHEAF_PROGRAM, "grade", EXAM, "-o", setting->folder, "--compare", NULL), 1);
	assert_non_null(strstr(err, "nothing was graded into this folder"));
	assert_int_equal(run(&more, &said, SHEAF_PROGRAM, "grade", EXAM, "fixtures/scans", "-o", setting->results,
				 "--compare", NULL),
		2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_key_is_told_and_nothing_written),
		cmocka_unit_test(more_points_change_the_maximum_too),
		cmocka_unit_test(the_same_exam_changes_nothing),
		cmocka_unit_test(what_cannot_be_compared_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
