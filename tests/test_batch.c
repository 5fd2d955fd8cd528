// SPDX-License-Identifier: GPL-3.0-or-later
// The accounts over the flagship's two pages: question 1 is on page 1, question 32 on page 2.
#include "tests/harness.h"

#include <string.h>

#include "grade/batch.h"
#include "grade/exceptions_csv.h"
#include "grade/gradebook.h"
#include "grade/marks_csv.h"
#include "grade/summary.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"
#include "tests/piecemeal.h"

#define HEADER "kind,file,page,student_id,item,detail\n"
#define TO_DO "find the student by the name on the sheet"

static const char ROSTER[] = "student_id,name\n0301,Ada Lovelace\n0302,Alan Turing\n0303,Grace Hopper\n";

struct setting {
	struct exam *exam;
	struct layout *layout;
	struct roster *roster;
};

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	setting->layout = layout_new(setting->exam, NULL);
	setting->roster = roster_parse("roster.csv", ROSTER, strlen(ROSTER), NULL);
	assert_non_null(setting->roster);
	assert_int_equal(setting->layout->n_pages, 2);
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	roster_free(setting->roster);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

// One page of input: read, with these marks; or, with a kind, an exception whose detail is the line.
struct input {
	const char *file, *student, *serial;
	unsigned page;
	const char *line, *kind;
};

static struct answers *answers_of(const struct setting *setting, const struct input *input)
{
	if (!input->kind)
		return papers_page(setting->layout, input->student, input->serial, input->page, input->line);
	struct answers *answers = answers_new_exception(input->kind, input->line);
	answers->student = g_strdup(input->student);
	answers->serial = g_strdup(input->serial);
	answers->page = input->page;
	return answers;
}

static struct results *run(const struct setting *setting, const struct input *inputs, unsigned n)
{
	struct batch *whole = batch_new(setting->exam, setting->layout, setting->roster);
	struct batch *heads = batch_new(setting->exam, setting->layout, setting->roster);
	struct piecemeal piecemeal = piecemeal_begin(setting->layout);
	for (unsigned i = 0; i < n; i++) {
		struct answers *answers = answers_of(setting, &inputs[i]);
		batch_add(heads, inputs[i].file, i, piecemeal_head(&piecemeal, i, answers));
		batch_add(whole, inputs[i].file, i, answers);
	}
	return piecemeal_finish(&piecemeal, whole, heads);
}
#define RUN(setting, inputs) run((setting), (inputs), G_N_ELEMENTS(inputs))

// "0301 graded 1.5; 0302 absent": everybody in the order of the results.
static void assert_students(const struct results *results, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (unsigned i = 0; i < results->n_students; i++) {
		const struct student *student = &results->students[i];
		char score[RATIONAL_TEXT_SIZE];
		g_string_append_printf(
			text, "%s%s %s", i ? "; " : "", student->id, student_status_text(student->status));
		if (student->has_score)
			g_string_append_printf(text, " %s", rational_format(student->total, score));
	}
	assert_string_equal(text->str, expected);
}

static void assert_exceptions(const struct results *results, const char *expected)
{
	g_autofree char *text = exceptions_csv(results);
	assert_string_equal(text, expected);
}

static void assert_fates(const struct results *results, const unsigned expected[PAGE_N_FATES])
{
	assert_memory_equal(results->fates, expected, sizeof results->fates);
}

static void test_statuses(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", "0302", NULL, 2, "32.b.D=T", NULL},
		{"2.png", "0302", NULL, 1, "1=D; 2=C; 3=B", NULL},
		{"3.png", "x10", NULL, 1, "1=D", NULL},
		{"4.png", "x9", NULL, 1, "1=D", NULL},
		{"5.png", "x9", NULL, 2, "", NULL},
		{"6.png", "0301", NULL, 1, "1=D", NULL},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 incomplete 1; 0302 graded 2.25; 0303 absent; x9 unknown 1; x10 unknown 1");
	assert_exceptions(results,
		HEADER "missing-page,,2,0301,,page 2 was not found; page 1 of this student is 6.png\n"
		       "unknown-student,4.png,1,x9,,the student ID printed on this sheet is not on the roster\n"
		       "missing-page,,2,x10,,page 2 was not found; page 1 of this student is 3.png\n"
		       "unknown-student,3.png,1,x10,,the student ID printed on this sheet is not on the roster\n");
	const struct student *ada = &results->students[0];
	assert_true(ada->questions[0].scored);
	assert_false(ada->questions[31].scored);
	assert_true(results_need_person(results));
}

static void test_without_roster(void **state)
{
	struct setting setting = *(const struct setting *)*state;
	setting.roster = NULL;
	static const struct input INPUTS[] = {
		{"1.png", "10", NULL, 1, "1=D", NULL},
		{"2.png", "10", NULL, 2, "", NULL},
		{"3.png", "9", NULL, 1, "", NULL},
		{"4.png", "9", NULL, 2, "", NULL},
	};
	RESULTS_AUTO results = RUN(&setting, INPUTS);
	assert_students(results, "9 graded 0; 10 graded 1");
	assert_exceptions(results, HEADER);
	assert_false(results_need_person(results));
}

static void test_flags(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", "0301", NULL, 1, "1?=D; course?=CS 182", NULL},
		{"2.png", "0301", NULL, 2, "", NULL},
		{"3.png", "0302", NULL, 1, "course?=", NULL},
		{"4.png", "0302", NULL, 2, "", NULL},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 review 1; 0302 graded 0; 0303 absent");
	assert_exceptions(results, HEADER "mark,1.png,1,0301,course,faint mark\n"
					  "mark,1.png,1,0301,1,faint mark\n"
					  "mark,3.png,1,0302,course,faint mark\n");
}

static void test_duplicates(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", "0301", NULL, 1, "1?=A; 2=C", NULL},
		{"2.png", "0301", NULL, 2, "", NULL},
		{"3.png", "0301", NULL, 1, "1=D; 2=C", NULL},
		{"4.png", "0301", NULL, 1, "1=D; 2=C", NULL},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 graded 2; 0302 absent; 0303 absent");
	assert_exceptions(results,
		HEADER "duplicate,1.png,1,0301,,\"the same page as 3.png, and nothing in it differs\"\n"
		       "duplicate,4.png,1,0301,,\"the same page as 3.png, and nothing in it differs\"\n");
	assert_fates(results, (const unsigned[]){2, 0, 2, 0});
	assert_false(results_need_person(results));
}

static void test_conflicts(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", "0301", NULL, 1, "1=D; 2?=C; 3=A", NULL},
		{"2.png", "0301", NULL, 2, "", NULL},
		{"3.png", "0301", NULL, 1, "1=A; 2=C; 3=A; 16.B=F", NULL},
		{"4.png", "0301", NULL, 1, "1=D; 2?=B; 3=A", NULL},
		{"5.png", "0301", NULL, 1, "1?=D; 2=D; 3=A", NULL},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 review 3; 0302 absent; 0303 absent");
	assert_exceptions(results,
		HEADER "mark,1.png,1,0301,2,faint mark\n"
		       "conflict,3.png,1,0301,,\"the same page as 1.png, but it differs in 1, 2, 16.B: find out which "
		       "one counts\"\n"
		       "duplicate,4.png,1,0301,,\"the same page as 1.png, and nothing in it differs\"\n"
		       "conflict,5.png,1,0301,,\"the same page as 1.png, but it differs in 2: find out which one "
		       "counts\"\n");
	assert_fates(results, (const unsigned[]){2, 0, 1, 2});
}

static void test_walk_ins(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", NULL, "W1", 2, "32.b.D=T", NULL},
		{"2.png", NULL, "W1", 1, "id.1=0; id.2=3; id.3=0; id.4=2; 1=D", NULL},
		{"3.png", NULL, "W2", 1, "id.1=7; 1=D", NULL},
		{"4.png", NULL, "W2", 2, "", NULL},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 absent; 0302 graded 1.25; 0303 absent; 7 unknown 1");
	assert_exceptions(results,
		HEADER "unknown-student,3.png,1,7,,the student ID filled in on this sheet is not on the roster\n");
}

static void test_walk_ins_without_identity(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", NULL, "W1", 1, "id.1=0; id.2?=3; id.3=0; id.4=2", NULL},
		{"2.png", NULL, "W1", 2, "", NULL},
		{"3.png", NULL, "W2", 1, "id.1=0; id.2=3|4", NULL},
		{"4.png", NULL, "W3", 1, "id.1=0; id.3=0", NULL},
		{"5.png", NULL, "W4", 1, "", NULL},
		{"6.png", NULL, "W5", 2, "", NULL},
		{"7.png", NULL, "W6", 1, "id.1=1", NULL},
		{"8.png", NULL, "W6", 1, "id.1=2", NULL},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 absent; 0302 absent; 0303 absent");
	assert_exceptions(results, HEADER
		"no-identity,1.png,1,,,digit 2 of the student ID is doubtful (faint mark): " TO_DO "\n"
		"no-identity,2.png,2,,,on page 1 of this sheet (W1) digit 2 of the student ID is doubtful "
		"(faint mark): " TO_DO "\n"
		"no-identity,3.png,1,,,digit 2 of the student ID has several marks: " TO_DO "\n"
		"no-identity,4.png,1,,,\"digit 2 of the student ID is blank, but a later one is not: " TO_DO "\"\n"
		"no-identity,5.png,1,,,no digit of the student ID is marked: " TO_DO "\n"
		"no-identity,6.png,2,,,\"page 1 of sheet W5, which has the student ID, was not read: scan it, "
		"or " TO_DO "\"\n"
		"no-identity,7.png,1,,,scans of page 1 of sheet W6 show different student IDs: " TO_DO "\n"
		"no-identity,8.png,1,,,scans of page 1 of sheet W6 show different student IDs: " TO_DO "\n");
	assert_fates(results, (const unsigned[]){0, 0, 0, 8});
}

// A second scan of page 1 on which the digits are clear settles who it is.
static void test_walk_in_scanned_again(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", NULL, "W1", 1, "id.1=0; id.2?=3; id.3=0; id.4=2; 1=D", NULL},
		{"2.png", NULL, "W1", 2, "", NULL},
		{"3.png", NULL, "W1", 1, "id.1=0; id.2=3; id.3=0; id.4=2; 1=D", NULL},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 absent; 0302 graded 1; 0303 absent");
	assert_exceptions(
		results, HEADER "duplicate,1.png,1,0302,,\"the same page as 3.png, and nothing in it differs\"\n");
}

// Somebody filled in an ID that has a printed paper: the two must not mix, not even where they agree.
static void test_two_papers(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", NULL, "W1", 1, "id.1=0; id.2=3; id.3=0; id.4=1; 1=D", NULL},
		{"2.png", NULL, "W1", 2, "32.b.D=T", NULL},
		{"3.png", "0301", NULL, 1, "1=A", NULL},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 incomplete 0; 0302 absent; 0303 absent");
	assert_exceptions(results,
		HEADER "conflict,1.png,1,0301,,another paper with this student ID was read (3.png): find out whose "
		       "this one is\n"
		       "conflict,2.png,2,0301,,another paper with this student ID was read (3.png): find out whose "
		       "this one is\n"
		       "missing-page,,2,0301,,page 2 was not found; page 1 of this student is 3.png\n");
}

static void test_pages_that_failed(void **state)
{
	static const struct input INPUTS[] = {
		{"1.png", "0301", NULL, 1, "it is cut off", ANSWERS_KIND_DAMAGED},
		{"2.png", "0301", NULL, 2, "", NULL},
		{"3.png", "0302", NULL, 1, "1=D", NULL},
		{"4.png", "0302", NULL, 2, "", NULL},
		{"5.png", "0302", NULL, 1, "it is cut off", ANSWERS_KIND_DAMAGED},
		{"6.png", "0303", NULL, 1, "it is of another exam", ANSWERS_KIND_OTHER_EXAM},
		{"7.png", NULL, NULL, 0, "no marks", ANSWERS_KIND_NOT_A_SHEET},
	};
	RESULTS_AUTO results = RUN(*state, INPUTS);
	assert_students(results, "0301 incomplete 0; 0302 graded 1; 0303 absent");
	assert_exceptions(results, HEADER "damaged,1.png,1,0301,,it is cut off\n"
					  "damaged,5.png,1,0302,,it is cut off\n"
					  "other-exam,6.png,1,,,it is of another exam\n"
					  "not-a-sheet,7.png,,,,no marks\n");
	RESULTS_AUTO nothing_read = run(*state, INPUTS, 1);
	assert_students(nothing_read, "0301 incomplete; 0302 absent; 0303 absent");
	// Which page failed is not known, so it may have held anything.
	static const struct input UNCLEAR[] = {
		{"3.png", "0302", NULL, 1, "1=D", NULL},
		{"4.png", "0302", NULL, 2, "", NULL},
		{"5.png", "0302", NULL, 0, "it is torn", ANSWERS_KIND_UNREGISTERED},
	};
	RESULTS_AUTO unclear = RUN(*state, UNCLEAR);
	assert_students(unclear, "0301 absent; 0302 review 1; 0303 absent");
}

static void test_every_page_counts(void **state)
{
	const struct setting *setting = *state;
	struct batch *batch = batch_new(setting->exam, setting->layout, setting->roster);
	struct answers *blank = g_new0(struct answers, 1);
	blank->outcome = ANSWERS_BLANK;
	batch_add(batch, "b.png", 2, blank);
	batch_add_not_a_page(batch, "notes.docx", 1, "it is no image", "");
	RESULTS_AUTO results = batch_finish(batch);
	assert_int_equal(results->n_pages, 2);
	assert_fates(results, (const unsigned[]){0, 1, 0, 1});
	assert_exceptions(results, HEADER "not-an-image,notes.docx,,,,it is no image\n");
	RESULTS_AUTO nothing = batch_finish(batch_new(setting->exam, setting->layout, NULL));
	assert_int_equal(nothing->n_pages, 0);
	assert_false(results_need_person(nothing));
	batch_free(batch_new(setting->exam, setting->layout, NULL));
}

static char *all_texts(const struct results *results)
{
	g_autofree char *grades = gradebook_csv(results), *marks = marks_csv(results);
	g_autofree char *exceptions = exceptions_csv(results), *summary = summary_text(results, "results");
	return g_strjoin("\n", grades, marks, exceptions, summary, NULL);
}

static void test_order_does_not_matter(void **state)
{
	const struct setting *setting = *state;
	static const struct input INPUTS[] = {
		{"1.png", NULL, "W1", 2, "", NULL},
		{"2.png", "0301", NULL, 1, "1=D", NULL},
		{"3.png", "0301", NULL, 1, "1=A", NULL},
		{"4.png", "0301", NULL, 1, "1=B", NULL},
		{"5.png", NULL, "W1", 1, "id.1=7", NULL},
		{"6.png", "z", NULL, 1, "2?=D", NULL},
		{"7.png", "0302", NULL, 1, "2=D", NULL},
		{"8.png", "0302", NULL, 1, "2=D", NULL},
		{"9.png", "0302", NULL, 2, "it is torn", ANSWERS_KIND_UNREGISTERED},
	};
	enum { N = G_N_ELEMENTS(INPUTS) };
	RESULTS_AUTO results = RUN(setting, INPUTS);
	g_autofree char *expected = all_texts(results);
	for (unsigned step = 2; step < N; step++) {
		struct batch *batch = batch_new(setting->exam, setting->layout, setting->roster);
		bool added[N] = {false};
		for (unsigned i = 0, at = step; i < N; i++, at = (at + step) % N) {
			while (added[at])
				at = (at + 1) % N;
			added[at] = true;
			batch_add(batch, INPUTS[at].file, at, answers_of(setting, &INPUTS[at]));
		}
		RESULTS_AUTO other = batch_finish(batch);
		g_autofree char *text = all_texts(other);
		assert_string_equal(text, expected);
	}
}

// 10,000 students of two pages each: well under a second in a release build; the bound leaves room for sanitizers, and
// none for anything quadratic.
static void test_many_students(void **state)
{
	const struct setting *setting = *state;
	enum { STUDENTS = 10000 };
	struct batch *batch = batch_new(setting->exam, setting->layout, NULL);
	for (unsigned i = 0; i < STUDENTS; i++) {
		g_autofree char *id = g_strdup_printf("%u", STUDENTS - i);
		for (unsigned page = 1; page <= 2; page++)
			batch_add(batch, "stack.pdf", i * 2 + page,
				papers_page(setting->layout, id, NULL, page, i % 7 ? "1=D" : "1?=D"));
	}
	gint64 start = g_get_monotonic_time();
	RESULTS_AUTO results = batch_finish(batch);
	g_autofree char *text = all_texts(results);
	double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
	print_message("%d students: %.2f s\n", STUDENTS, seconds);
	assert_int_equal(results->n_students, STUDENTS);
	assert_string_equal(results->students[9].id, "10");
	assert_non_null(strstr(text, "20000 in = 20000 read"));
	assert_true(seconds < 20 * TEST_SLOWNESS);
}

static struct answers *no_marks(void *data, uint64_t rank, GError **error)
{
	(void)data;
	g_set_error(error, ANSWERS_ERROR, 0, "page %u is gone", (unsigned)rank);
	return NULL;
}

static void count_students(void *data, const struct results *results, const struct student *student)
{
	(void)results;
	(void)student;
	++*(unsigned *)data;
}

// A session that somebody else changes meanwhile: nothing is graded by halves.
static void marks_that_cannot_be_had_end_it(void **state)
{
	const struct setting *setting = *state;
	GError *error = NULL;
	unsigned n = 0;
	const struct batch_papers papers = {no_marks, count_students, &n};
	struct piecemeal piecemeal = piecemeal_begin(setting->layout);
	ANSWERS_AUTO answers = papers_page(setting->layout, "0301", NULL, 1, "");
	struct batch *batch = batch_new(setting->exam, setting->layout, NULL);
	batch_add(batch, "a", 5, piecemeal_head(&piecemeal, 5, answers));
	assert_null(batch_finish_papers(batch, &papers, &error));
	assert_string_equal(error->message, "page 5 is gone");
	assert_int_equal(n, 0);
	g_error_free(error);
	g_ptr_array_unref(piecemeal.texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_without_roster),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_walk_ins),
		cmocka_unit_test(test_walk_ins_without_identity),
		cmocka_unit_test(test_walk_in_scanned_again),
		cmocka_unit_test(test_two_papers),
		cmocka_unit_test(test_pages_that_failed),
		cmocka_unit_test(test_every_page_counts),
		cmocka_unit_test(test_order_does_not_matter),
		cmocka_unit_test(test_many_students),
		cmocka_unit_test(marks_that_cannot_be_had_end_it),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
