// SPDX-License-Identifier: GPL-3.0-or-later
// Copy screening: K2 and S2 as R computes them, a copied paper found, and classes in which nobody copied left alone.
#include "tests/harness.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "grade/report.h"
#include "grade/similarity.h"
#include "sheet/exam_file.h"
#include "tests/classes.h"
#include "tests/shell.h"

#define EXAM "fixtures/cs182-midterm.yaml"

struct class
{
	struct exam *exam;
	struct layout *layout;
	struct roster *roster;
	struct results *results;
	struct analysis *analysis;
};

struct copying {
	const struct exam *exam;
	unsigned seed, copier, source;
	unsigned leaves; // out every so manyth row
};

static void copy(void *data, unsigned student, exam_choices *marked)
{
	const struct copying *copying = data;
	if (student != copying->copier)
		return;
	g_autofree exam_choices *source = classes_answer(copying->exam, copying->seed, copying->source);
	for (unsigned i = 0; i < copying->exam->n_items; i++)
		if (i % copying->leaves)
			marked[i] = source[i];
}

static struct class class_of(unsigned n, unsigned seed, struct copying *copying)
{
	struct class class = {.exam = exam_load(EXAM, NULL)};
	class.layout = layout_new(class.exam, NULL);
	g_autoptr(GString) roster = g_string_new("student_id,name,room,seat\n");
	for (unsigned i = 0; i < n; i++)
		g_string_append_printf(roster, "%04u,Student %u,155,%c%u\n", i + 1, i + 1, 'A' + i / 20, i % 20 + 1);
	class.roster = roster_parse("r", roster->str, roster->len, NULL);
	if (copying) {
		copying->exam = class.exam;
		copying->seed = seed;
	}
	class.results = classes_results(
		class.exam, class.exam, class.layout, class.roster, n, seed, copying ? copy : NULL, copying);
	class.analysis = analysis_new(class.results);
	return class;
}

static void class_clear(struct class *class)
{
	analysis_free(class->analysis);
	results_free(class->results);
	roster_free(class->roster);
	layout_free(class->layout);
	exam_free(class->exam);
}
#define CLASS_AUTO __attribute__((cleanup(class_clear))) struct class

// --- R

static void put_file(const char *folder, const char *name, GString *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
	g_string_free(text, TRUE);
}

static void write_files(const struct analysis *analysis, const char *folder)
{
	const struct exam *exam = analysis->results->exam;
	GString *marks = g_string_new(NULL), *right = g_string_new(NULL), *guess = g_string_new(NULL);
	for (unsigned i = 0; i < analysis->n; i++) {
		for (unsigned item = exam->n_fields; item < exam->n_items; item++) {
			const char *end = item + 1 < exam->n_items ? "," : "\n";
			exam_choices marked = analysis->students[i]->marked[item];
			g_string_append_printf(marks, "%u%s", marked, end);
			g_string_append_printf(right, "%d%s", marked == exam->items[item].key, end);
		}
	}
	for (unsigned item = exam->n_fields; item < exam->n_items; item++) {
		char text[G_ASCII_DTOSTR_BUF_SIZE];
		g_string_append_printf(guess, "%s%s",
			g_ascii_dtostr(text, sizeof text, 1.0 / exam->items[item].n_choices),
			item + 1 < exam->n_items ? "," : "\n");
	}
	put_file(folder, "marks.csv", marks);
	put_file(folder, "right.csv", right);
	put_file(folder, "guess.csv", guess);
}

// What R prints.
static char *ask_r(const char *folder)
{
	g_autofree char *rscript = g_find_program_in_path("Rscript"), *err = NULL;
	char *out = NULL;
	int status = -1;
	const char *const argv[] = {rscript, "--vanilla", "tests/similarity.R", folder, NULL};
	assert_true(g_spawn_sync(
		NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
	if (status)
		fail_msg("R failed: %s", err);
	return out;
}

static void clean(const char *folder)
{
	static const char *const FILES[] = {"marks.csv", "right.csv", "guess.csv"};
	for (size_t f = 0; f < G_N_ELEMENTS(FILES); f++) {
		g_autofree char *path = g_build_filename(folder, FILES[f], NULL);
		g_remove(path);
	}
	g_rmdir(folder);
}

static void r_agrees_on_every_pair(void **state)
{
	(void)state;
	shell_skip_without("Rscript", "r-base-core");
	struct copying copying = {.copier = 3, .source = 8, .leaves = 6};
	CLASS_AUTO class = class_of(28, 4, &copying);
	g_autofree char *folder = g_dir_make_tmp("sheaf-r-XXXXXX", NULL);
	write_files(class.analysis, folder);
	g_autofree char *out = ask_r(folder);
	clean(folder);
	g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
	unsigned n = 0;
	for (char **line = lines; *line && **line; line++, n++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 5);
		unsigned copier = (unsigned)g_ascii_strtoull(words[0], NULL, 10);
		unsigned source = (unsigned)g_ascii_strtoull(words[1], NULL, 10);
		double k2, s2;
		similarity_of_pair(class.analysis, copier, source, &k2, &s2);
		if (fabs(k2 - g_ascii_strtod(words[2], NULL)) > 1e-9 ||
			fabs(s2 - g_ascii_strtod(words[3], NULL)) > 1e-9)
			fail_msg("%s: here %.12g and %.12g", *line, k2, s2);
	}
	assert_int_equal(n, 28 * 27);
}

// --- what it finds

static void a_copied_paper_is_found(void **state)
{
	(void)state;
	struct copying copying = {.copier = 41, .source = 40, .leaves = 5};
	CLASS_AUTO class = class_of(150, 7, &copying);
	SIMILARITY_AUTO similarity = similarity_new(class.analysis);
	assert_int_equal(similarity->n_pairs, 1);
	const struct similarity_pair *pair = &similarity->pairs[0];
	assert_string_equal(pair->one->id, "0041");
	assert_string_equal(pair->other->id, "0042");
	assert_true(pair->k2 < SIMILARITY_LEVEL);
	assert_true(pair->same_wrong > 2 * pair->expected);
	assert_true(pair->same_wrong <= MIN(pair->wrong[0], pair->wrong[1]));
	g_autofree char *html = report_html(class.analysis, similarity, "results");
	assert_non_null(strstr(html, "Screening only"));
	assert_non_null(strstr(html, ">C1<"));
	assert_non_null(strstr(html, ">C2<"));
}

static void where_nobody_copied_nobody_is_named(void **state)
{
	(void)state;
	unsigned named = 0;
	for (unsigned seed = 1; seed <= 20; seed++) {
		CLASS_AUTO class = class_of(100, seed, NULL);
		SIMILARITY_AUTO similarity = similarity_new(class.analysis);
		named += similarity->n_pairs > 0;
	}
	// In one class of twenty at most, as the level promises; four of twenty would come by chance once in sixty
	// times.
	assert_true(named <= 3);
}

static void it_is_off_unless_asked_for(void **state)
{
	(void)state;
	CLASS_AUTO class = class_of(30, 1, NULL);
	g_autofree char *html = report_html(class.analysis, NULL, "results");
	assert_null(strstr(html, "Screening only"));
	SIMILARITY_AUTO similarity = similarity_new(class.analysis);
	g_autofree char *asked = report_html(class.analysis, similarity, "results");
	assert_non_null(strstr(asked, "No two papers share more wrong answers than chance explains"));
}

static void small_classes_say_nothing(void **state)
{
	(void)state;
	for (unsigned n = 0; n < SIMILARITY_MIN_PAPERS; n += 19) {
		CLASS_AUTO class = class_of(n, 1, NULL);
		SIMILARITY_AUTO similarity = similarity_new(class.analysis);
		assert_int_equal(similarity->n_pairs, 0);
		g_autofree char *html = report_html(class.analysis, similarity, "results");
		assert_true(n == 0 || strstr(html, "Fewer than 20 papers"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(r_agrees_on_every_pair),
		cmocka_unit_test(a_copied_paper_is_found),
		cmocka_unit_test(where_nobody_copied_nobody_is_named),
		cmocka_unit_test(it_is_off_unless_asked_for),
		cmocka_unit_test(small_classes_say_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
