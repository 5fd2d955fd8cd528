// SPDX-License-Identifier: GPL-3.0-or-later
// Item analysis and its report: the same numbers as R's, wrong keys named and sound ones not, a page that carries other
// people's texts safely.
#include "tests/harness.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "grade/analysis.h"
#include "grade/csv_in.h"
#include "grade/items_csv.h"
#include "grade/report.h"
#include "sheet/exam_file.h"
#include "tests/classes.h"
#include "tests/papers.h"
#include "tests/shell.h"

#define EXAM "fixtures/cs182-midterm.yaml"
#define SECONDS_FOR_10000 5

struct class
{
	struct exam *known, *exam;
	struct layout *layout;
	struct results *results;
	struct analysis *analysis;
};

// n students who know the exam's keys, graded after one key was replaced; old NULL: none is.
static struct class class_of(unsigned n, unsigned seed, const char *old, const char *new)
{
	struct class class = {.known = exam_load(EXAM, NULL)};
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(EXAM, &text, NULL, NULL));
	g_autoptr(GString) changed = g_string_new(text);
	if (old)
		assert_int_equal(g_string_replace(changed, old, new, 0), 1);
	class.exam = exam_parse(EXAM, changed->str, changed->len, NULL);
	assert_non_null(class.exam);
	class.layout = layout_new(class.exam, NULL);
	class.results = classes_results(class.known, class.exam, class.layout, NULL, n, seed, NULL, NULL);
	class.analysis = analysis_new(class.results);
	return class;
}

static void class_clear(struct class *class)
{
	analysis_free(class->analysis);
	results_free(class->results);
	layout_free(class->layout);
	exam_free(class->exam);
	exam_free(class->known);
}
#define CLASS_AUTO __attribute__((cleanup(class_clear))) struct class

// --- R

static char *join_doubles(const GArray *values)
{
	GString *out = g_string_new(NULL);
	for (unsigned i = 0; i < values->len; i++) {
		char text[G_ASCII_DTOSTR_BUF_SIZE];
		g_string_append_printf(
			out, "%s%s", i ? "," : "", g_ascii_dtostr(text, sizeof text, g_array_index(values, double, i)));
	}
	return g_string_free(g_string_append_c(out, '\n'), FALSE);
}

static void add(GArray *values, double value)
{
	g_array_append_val(values, value);
}

static void put_file(const char *folder, const char *name, const GString *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
}

static void append_line(GString *out, GArray *values)
{
	g_autofree char *line = join_doubles(values);
	g_string_append(out, line);
	g_array_set_size(values, 0);
}

static void write_students(const struct analysis *analysis, const char *folder)
{
	const struct exam *exam = analysis->results->exam;
	g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(double));
	g_autoptr(GString) points = g_string_new(NULL), marks = g_string_new(NULL);
	for (unsigned i = 0; i < analysis->n; i++) {
		const struct student *student = analysis->students[i];
		for (unsigned q = 0; q < exam->n_questions; q++)
			add(line, (double)student->questions[q].score.num / (double)student->questions[q].score.den);
		append_line(points, line);
		for (unsigned item = exam->n_fields; item < exam->n_items; item++)
			add(line, student->marked[item]);
		append_line(marks, line);
	}
	put_file(folder, "points.csv", points);
	put_file(folder, "marks.csv", marks);
}

static void write_exam(const struct analysis *analysis, const char *folder)
{
	g_autoptr(GArray) line = g_array_new(FALSE, FALSE, sizeof(double));
	g_autoptr(GString) most = g_string_new(NULL), rows = g_string_new(NULL);
	for (unsigned q = 0; q < analysis->n_questions; q++)
		add(line, analysis->questions[q].maximum);
	append_line(most, line);
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		for (unsigned r = 0; r < analysis->questions[q].n_rows; r++) {
			const struct exam_item *item = analysis->questions[q].rows[r].item;
			add(line, q + 1);
			add(line, item->key);
			add(line, item->n_choices);
			append_line(rows, line);
		}
	}
	put_file(folder, "most.csv", most);
	put_file(folder, "rows.csv", rows);
}

// What R says, by name: double *.
static GHashTable *ask_r(const char *folder)
{
	g_autofree char *rscript = g_find_program_in_path("Rscript"), *out = NULL, *err = NULL;
	int status = -1;
	const char *const argv[] = {rscript, "--vanilla", "tests/item-analysis.R", folder, NULL};
	assert_true(g_spawn_sync(
		NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
	if (status)
		fail_msg("R failed: %s", err);
	GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
	for (char **line = lines; *line && **line; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 3);
		double *value = g_new(double, 1);
		// R writes NA and NaN.
		*value = words[1][0] == 'N' ? NAN : g_ascii_strtod(words[1], NULL);
		g_hash_table_insert(values, g_strdup(words[0]), value);
	}
	return values;
}

static void agree(GHashTable *r, unsigned *n, double value, const char *format, ...) G_GNUC_PRINTF(4, 5);

static void agree(GHashTable *r, unsigned *n, double value, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *name = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	const double *theirs = g_hash_table_lookup(r, name);
	if (!theirs)
		fail_msg("R says nothing of %s", name);
	else if (isnan(*theirs) != isnan(value) || fabs(*theirs - value) > 1e-9)
		fail_msg("%s: %.12g, by R %.12g", name, value, *theirs);
	(*n)++;
}

static void agree_on_row(GHashTable *r, unsigned *n, unsigned number, const struct analysis_row *row)
{
	agree(r, n, row->difficulty, "row.%u.difficulty", number);
	agree(r, n, row->discrimination, "row.%u.discrimination", number);
	agree(r, n, row->correlation, "row.%u.correlation", number);
	for (unsigned choice = 0; choice < row->item->n_choices; choice++) {
		const struct analysis_response *response = &row->choices[choice];
		agree(r, n, response->n, "row.%u.%u.n", number, choice + 1);
		agree(r, n, response->mean_rest, "row.%u.%u.rest", number, choice + 1);
		agree(r, n, response->correlation, "row.%u.%u.correlation", number, choice + 1);
		agree(r, n, response->upper, "row.%u.%u.upper", number, choice + 1);
		agree(r, n, response->lower, "row.%u.%u.lower", number, choice + 1);
		for (unsigned g = 0; g < ANALYSIS_CURVE_POINTS; g++)
			agree(r, n, response->curve[g], "row.%u.%u.curve.%u", number, choice + 1, g);
	}
}

static void agree_on_all(GHashTable *r, unsigned *n, const struct analysis *analysis)
{
	agree(r, n, analysis->mean, "mean");
	agree(r, n, analysis->deviation, "deviation");
	agree(r, n, analysis->median, "median");
	agree(r, n, analysis->quartiles[0], "quartile.1");
	agree(r, n, analysis->quartiles[1], "quartile.3");
	agree(r, n, analysis->lowest, "lowest");
	agree(r, n, analysis->highest, "highest");
	agree(r, n, analysis->alpha, "alpha");
	agree(r, n, analysis->sem, "sem");
	unsigned row = 0;
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		const struct analysis_question *question = &analysis->questions[q];
		agree(r, n, question->mean, "question.%u.mean", q + 1);
		agree(r, n, question->deviation, "question.%u.deviation", q + 1);
		agree(r, n, question->difficulty, "question.%u.difficulty", q + 1);
		agree(r, n, question->discrimination, "question.%u.discrimination", q + 1);
		agree(r, n, question->correlation, "question.%u.correlation", q + 1);
		agree(r, n, question->alpha_without, "question.%u.alpha", q + 1);
		for (unsigned i = 0; i < question->n_rows; i++)
			agree_on_row(r, n, ++row, &question->rows[i]);
	}
}

static void r_agrees_on_every_number(void **state)
{
	(void)state;
	shell_skip_without("Rscript", "r-base-core");
	static const unsigned SIZES[] = {37, 203};
	for (size_t i = 0; i < G_N_ELEMENTS(SIZES); i++) {
		CLASS_AUTO class = class_of(SIZES[i], 5 + (unsigned)i, NULL, NULL);
		g_autofree char *folder = g_dir_make_tmp("sheaf-r-XXXXXX", NULL);
		write_students(class.analysis, folder);
		write_exam(class.analysis, folder);
		g_autoptr(GHashTable) r = ask_r(folder);
		static const char *const FILES[] = {"points.csv", "marks.csv", "most.csv", "rows.csv"};
		for (size_t f = 0; f < G_N_ELEMENTS(FILES); f++) {
			g_autofree char *path = g_build_filename(folder, FILES[f], NULL);
			g_remove(path);
		}
		g_rmdir(folder);
		unsigned n = 0;
		agree_on_all(r, &n, class.analysis);
		assert_int_equal(n, g_hash_table_size(r));
		assert_true(n > 2000);
	}
}

// --- keys

static void a_wrong_key_is_named_first(void **state)
{
	(void)state;
	static const struct {
		const char *old, *new, *item, *choice;
	} ROWS[] = {
		{"{choices: 5, key: C} # 2", "{choices: 5, key: E}", "2", "C"},
		{"{choices: 3, key: B} # 6", "{choices: 3, key: A}", "6", "B"},
		{"{key: FTFT} # 23", "{key: FTFF}", "23.D", "T"},
		{"{choices: 4, key: A} # 15", "{choices: 4, key: B}", "15", "A"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
		CLASS_AUTO class = class_of(150, 11, ROWS[i].old, ROWS[i].new);
		const struct analysis *analysis = class.analysis;
		assert_true(analysis->n_suspects >= 1);
		const struct analysis_row *row = analysis->suspects[0];
		assert_string_equal(row->item->id, ROWS[i].item);
		assert_string_equal(row->item->choices[row->suspect], ROWS[i].choice);
		assert_non_null(strstr(row->evidence, "Of the best 41 students, "));
		g_autofree char *html = report_html(analysis, NULL, "results");
		const char *first = strstr(html, "class=alert");
		g_autofree char *id = g_strdup_printf("#r%s\"", ROWS[i].item);
		assert_non_null(first);
		assert_true(strstr(first, id) - first < 100);
		assert_true(first < strstr(html, "id=scores"));
	}
}

static void sound_keys_are_not_suspected(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 10; seed++) {
		CLASS_AUTO class = class_of(150, seed, NULL, NULL);
		assert_int_equal(class.analysis->n_suspects, 0);
		g_autofree char *html = report_html(class.analysis, NULL, "results");
		assert_non_null(strstr(html, "No key looks wrong"));
	}
}

// Where something was decided about a question, its key is no news.
static void what_is_settled_is_not_suspected(void **state)
{
	(void)state;
	static const char *const NEW[] = {"{choices: 5, key: E, accept: [C]}", "{choices: 5, key: E, event: drop}",
		"{choices: 5, key: E, event: credit-all}"};
	for (size_t i = 0; i < G_N_ELEMENTS(NEW); i++) {
		CLASS_AUTO class = class_of(150, 11, "{choices: 5, key: C} # 2", NEW[i]);
		assert_int_equal(class.analysis->n_suspects, 0);
		g_autofree char *key = analysis_key_text(&class.analysis->questions[1].rows[0]);
		assert_string_equal(key, i ? "E" : "E or C");
		g_autofree char *html = report_html(class.analysis, NULL, "results"), *csv = items_csv(class.analysis);
		assert_null(strstr(csv, "nan"));
		static const char *const SAID[] = {"<h2", ">dropped<", ">credit given<"};
		assert_non_null(strstr(html, SAID[i]));
	}
	CLASS_AUTO class = class_of(150, 11, "{choices: 5, key: C} # 2", "{choices: 5, key: E, accept: [C]}");
	CLASS_AUTO sound = class_of(150, 11, NULL, NULL);
	assert_true(class.analysis->questions[1].rows[0].difficulty >= sound.analysis->questions[1].rows[0].difficulty);
}

static struct results *small_results(const struct exam *exam, const struct layout *layout, const struct roster *roster)
{
	static const char *const LINES[] = {"1=A; 2=A|B", "1=A; 2=A|B", "1=A; 2=A", "1=B; 2=A|C", "1=B", "1=A|B; 2=C"};
	struct batch *batch = batch_new(exam, layout, roster);
	for (unsigned i = 0; i < G_N_ELEMENTS(LINES); i++) {
		g_autofree char *id = g_strdup_printf("%u", i + 1);
		batch_add(batch, id, i, papers_page(layout, id, NULL, 1, LINES[i]));
	}
	return batch_finish(batch);
}

#define SMALL                                                                                                          \
	"exam: small\ntitle: '<script>alert(1)</script> & co'\npaper: a4\nsections:\n  - title: '\"><b>One'\n"         \
	"    questions:\n      - {choices: ['<i>', B], key: '<i>'}\n      - {type: multiple, choices: 3, key: AB}\n"

static void other_peoples_texts_are_escaped(void **state)
{
	(void)state;
	EXAM_AUTO exam = exam_parse("e", SMALL, strlen(SMALL), NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	static const char ROSTER[] = "student_id,section\n1,<u>x\n2,<u>x\n3,y\n4,y\n5,y\n6,y\n7,y\n";
	ROSTER_AUTO roster = roster_parse("r", ROSTER, strlen(ROSTER), NULL);
	struct batch *batch = batch_new(exam, layout, roster);
	for (unsigned i = 0; i < 6; i++) {
		g_autofree char *id = g_strdup_printf("%u", i + 1);
		batch_add(batch, id, i, papers_page(layout, id, NULL, 1, i % 2 ? "1=<i>; 2=A|B" : "1=B; 2=C"));
	}
	RESULTS_AUTO results = batch_finish(batch);
	ANALYSIS_AUTO analysis = analysis_new(results);
	g_autofree char *html = report_html(analysis, NULL, "a<b");
	static const char *const RAW[] = {"<script", "<i>", "<u>", "\"><b>", "a<b"};
	for (size_t i = 0; i < G_N_ELEMENTS(RAW); i++)
		assert_null(strstr(html, RAW[i]));
	assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co"));
	assert_non_null(strstr(html, "&lt;u&gt;x"));
	assert_non_null(strstr(html, "1 absent"));
	// Nothing is loaded from anywhere.
	assert_null(strstr(html, "src="));
	assert_null(strstr(html, "http://"));
	assert_null(strstr(html, "https://"));
	assert_non_null(strstr(html, "default-src 'none'"));
}

// Counted by hand. Question 1: four of six right with one point each; question 2: key A and B, two right.
static void the_table_by_hand(void **state)
{
	(void)state;
	static const char TEXT[] = "exam: small\ntitle: Small\npaper: a4\nsections:\n  - title: One\n    questions:\n"
				   "      - {choices: 2, key: A}\n      - {type: multiple, choices: 3, key: AB}\n"
				   "  - title: Two\n    type: true-false\n    questions:\n      - {key: TF}\n";
	EXAM_AUTO exam = exam_parse("e", TEXT, strlen(TEXT), NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	RESULTS_AUTO results = small_results(exam, layout, NULL);
	ANALYSIS_AUTO analysis = analysis_new(results);
	g_autofree char *text = items_csv(analysis);
	CSV_IN_AUTO table = csv_in_parse("items.csv", text, strlen(text), NULL);
	static const struct {
		unsigned row;
		const char *column, *cell;
	} CELLS[] = {
		{0, "item", "1"},
		{0, "section", "One"},
		{0, "key", "A"},
		{0, "n", "6"},
		{0, "max", "1"},
		{0, "mean", "0.5"},
		{0, "difficulty", "0.5"},
		{0, "discrimination", "1"},
		{0, "choices", "A|B"},
		{0, "counts", "3|2"},
		{0, "mean_rest", "0.666666666667|0"},
		{0, "blank", "0"},
		{0, "several", "1"},
		{1, "key", "A|B"},
		{1, "choices", "A|B|C"},
		{1, "counts", "4|2|2"},
		{1, "blank", "1"},
		{1, "several", "0"},
		{2, "item", "3"},
		{2, "mean", "0"},
		{2, "corrected_item_total", ""},
		{2, "choices", ""},
		{3, "item", "3.A"},
		{3, "section", "Two"},
		{3, "key", "T"},
		{3, "counts", "0|0"},
		{3, "blank", "6"},
		{4, "item", "3.B"},
		{4, "suspect", ""},
	};
	assert_int_equal(csv_in_n_rows(table), 5);
	for (size_t i = 0; i < G_N_ELEMENTS(CELLS); i++)
		assert_string_equal(
			csv_in_cell(table, CELLS[i].row, csv_in_find(table, CELLS[i].column)), CELLS[i].cell);
}

static void classes_of_nobody_and_of_one(void **state)
{
	(void)state;
	for (unsigned n = 0; n <= 2; n++) {
		CLASS_AUTO class = class_of(n, 1, NULL, NULL);
		assert_int_equal(class.analysis->n, n);
		g_autofree char *html = report_html(class.analysis, NULL, "results"), *csv = items_csv(class.analysis);
		assert_true(g_str_has_suffix(html, "</html>\n"));
		assert_null(strstr(html, "nan"));
		assert_null(strstr(csv, "nan"));
		assert_null(strstr(csv, "inf"));
	}
}

static void papers_that_lack_a_page_are_left_out(void **state)
{
	(void)state;
	EXAM_AUTO exam = exam_load(EXAM, NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	struct batch *batch = batch_new(exam, layout, NULL);
	batch_add(batch, "1", 1, papers_page(layout, "1", NULL, 1, "1=D"));
	batch_add(batch, "2", 2, papers_page(layout, "1", NULL, 2, ""));
	batch_add(batch, "3", 3, papers_page(layout, "2", NULL, 1, "1=D"));
	RESULTS_AUTO results = batch_finish(batch);
	ANALYSIS_AUTO analysis = analysis_new(results);
	assert_int_equal(analysis->n, 1);
	g_autofree char *html = report_html(analysis, NULL, "results");
	assert_non_null(strstr(html, "1 incomplete and 0 absent are not in it"));
}

// --- groups

static void groups_by_roster_field_and_form(void **state)
{
	(void)state;
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(EXAM, &text, NULL, NULL));
	g_autofree char *with_forms = g_strconcat(text, "\nforms: [{form: A}, {form: B}]\n", NULL);
	EXAM_AUTO exam = exam_parse("exam.yaml", with_forms, strlen(with_forms), NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	static const char ROSTER[] = "student_id,section\n1,101\n2,101\n3,102\n";
	ROSTER_AUTO roster = roster_parse("r", ROSTER, strlen(ROSTER), NULL);
	struct batch *batch = batch_new(exam, layout, roster);
	static const char *const LINES[] = {"1=D; course=CS 182", "1=D; 2=C; course=CS 282A", "course=CS 182"};
	for (unsigned i = 0; i < 6; i++) {
		g_autofree char *id = g_strdup_printf("%u", i / 2 + 1), *file = g_strdup_printf("%u", i);
		struct answers *answers = papers_page(layout, id, NULL, i % 2 + 1, i % 2 ? "" : LINES[i / 2]);
		answers->form = i < 2 ? 'A' : 'B';
		batch_add(batch, file, i, answers);
	}
	RESULTS_AUTO results = batch_finish(batch);
	ANALYSIS_AUTO analysis = analysis_new(results);
	static const struct {
		const char *kind, *name;
		unsigned n;
		double mean;
	} GROUPS[] = {{"Section", "101", 2, 1.5}, {"Section", "102", 1, 0}, {"Form", "A", 1, 1}, {"Form", "B", 2, 1},
		{"course", "CS 182", 2, 0.5}, {"course", "CS 282A", 1, 2}};
	assert_int_equal(analysis->n_groups, G_N_ELEMENTS(GROUPS));
	for (size_t i = 0; i < G_N_ELEMENTS(GROUPS); i++) {
		assert_string_equal(analysis->groups[i].kind, GROUPS[i].kind);
		assert_string_equal(analysis->groups[i].name, GROUPS[i].name);
		assert_int_equal(analysis->groups[i].n, GROUPS[i].n);
		assert_true(fabs(analysis->groups[i].mean - GROUPS[i].mean) < 1e-12);
	}
}

// --- speed

static void ten_thousand_in_five_seconds(void **state)
{
	(void)state;
	EXAM_AUTO exam = exam_load(EXAM, NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	RESULTS_AUTO results = classes_results(exam, exam, layout, NULL, 10000, 3, NULL, NULL);
	gint64 start = g_get_monotonic_time();
	ANALYSIS_AUTO analysis = analysis_new(results);
	g_autofree char *html = report_html(analysis, NULL, "results"), *csv = items_csv(analysis);
	double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
	assert_int_equal(analysis->n, 10000);
	assert_non_null(strstr(html, "10000 complete papers"));
	assert_non_null(strstr(csv, ",10000,"));
	print_message("10,000 papers analysed in %.2f s\n", seconds);
	assert_true(seconds < SECONDS_FOR_10000 * TEST_SLOWNESS);
}

// --- the command

static int run(char **out, char **err, const char *const *words)
{
	int status = -1;
	GSpawnFlags flags = out ? G_SPAWN_DEFAULT : G_SPAWN_STDOUT_TO_DEV_NULL;
	assert_true(g_spawn_sync(NULL, (char **)(uintptr_t)words, NULL, flags, NULL, NULL, out, err, &status, NULL));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void the_command_writes_both_files(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("sheaf-report-XXXXXX", NULL), *out = NULL, *err = NULL, *none = NULL;
	const char *const grade[] = {
		SHEAF_PROGRAM, "grade", EXAM, "fixtures/scans", "--roster", "fixtures/roster.csv", "-o", folder, NULL};
	const char *const report[] = {SHEAF_PROGRAM, "report", folder, "--similarity", NULL};
	assert_int_equal(run(NULL, &none, report), 1);
	assert_non_null(strstr(none, "nothing was graded into this folder"));
	assert_int_equal(run(NULL, NULL, grade), 0);
	assert_int_equal(run(&out, &err, report), 0);
	assert_non_null(strstr(out, "/report.html: 8 complete papers of 12 students\n"));
	assert_string_equal(err, "");
	static const char *const NAMES[] = {"report.html", "items.csv"};
	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
		g_autofree char *path = g_build_filename(folder, NAMES[i], NULL), *text = NULL;
		GStatBuf status;
		assert_true(g_file_get_contents(path, &text, NULL, NULL));
		assert_int_equal(g_stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
		assert_non_null(strstr(text, i ? "\n32.c.D,Several parts,F,8," : "Fewer than 20 papers"));
	}
	const char *const clean[] = {"/bin/rm", "-rf", folder, NULL};
	assert_int_equal(run(NULL, NULL, clean), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(r_agrees_on_every_number),
		cmocka_unit_test(a_wrong_key_is_named_first),
		cmocka_unit_test(sound_keys_are_not_suspected),
		cmocka_unit_test(what_is_settled_is_not_suspected),
		cmocka_unit_test(other_peoples_texts_are_escaped),
		cmocka_unit_test(the_table_by_hand),
		cmocka_unit_test(classes_of_nobody_and_of_one),
		cmocka_unit_test(papers_that_lack_a_page_are_left_out),
		cmocka_unit_test(groups_by_roster_field_and_form),
		cmocka_unit_test(ten_thousand_in_five_seconds),
		cmocka_unit_test(the_command_writes_both_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
