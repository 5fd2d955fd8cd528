// SPDX-License-Identifier: GPL-3.0-or-later
// Forms: which of the master's questions and choices a ring of a form's sheet stands for, and that grades and marks
// speak of the master's. The round trip at the end prints, fills in, scans and grades sheets of both forms.
#include "tests/harness.h"

#include <glib.h>
#include <string.h>
#include <sys/wait.h>

#include "grade/batch.h"
#include "grade/exceptions_csv.h"
#include "grade/gradebook.h"
#include "grade/marks_csv.h"
#include "sheet/exam_file.h"
#include "sheet/exam_forms.h"
#include "tests/papers.h"
#include "tests/piecemeal.h"
#include "tests/scoring.h"

#define EXAM "fixtures/exams/forms.yaml"

static struct exam *load(void)
{
	g_autoptr(GError) error = NULL;
	struct exam *exam = exam_load(EXAM, &error);
	if (!exam)
		fail_msg("%s", error->message);
	return exam;
}

// Worked out by hand from the exam file.
static void test_places(void **state)
{
	(void)state;
	static const struct {
		const char *place, *marked, *item, *choices;
	} CASES[] = {
		{"1", "B", "3", "B"},
		// Question 1 stands second, its choices backwards.
		{"2", "A", "1", "D"},
		{"2", "C|D", "1", "A|B"},
		{"3", "D", "2", "D"},
		{"4", "A", "4", "C"},
		{"4", "B|E", "4", "A|D"},
		// Statements B A D C of question 5, which stands sixth.
		{"5.A", "F", "6.A", "F"},
		{"6.A", "T", "5.B", "T"},
		{"6.D", "T|F", "5.C", "T|F"},
		// Part c first, then a, whose choices stand (2) (3) (1), then b.
		{"7.a", "(1)", "7.c", "(1)"},
		{"7.b", "(1)", "7.a", "(2)"},
		{"7.b", "(3)", "7.a", "(1)"},
		{"7.c", "(2)", "7.b", "(2)"},
	};
	EXAM_AUTO exam = load();
	const struct exam_form *form = exam_find_form(exam, 'B');
	assert_non_null(form);
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		const struct exam_item *place = exam_find_item(exam, CASES[i].place);
		const struct exam_form_place *stands = &form->places[place - exam->items];
		exam_choices marked;
		assert_true(exam_choices_parse(place, CASES[i].marked, &marked));
		g_autofree char *choices =
			exam_choices_text(&exam->items[stands->item], exam_form_to_master(stands, marked));
		assert_string_equal(exam->items[stands->item].id, CASES[i].item);
		assert_string_equal(choices, CASES[i].choices);
		assert_int_equal(exam_form_from_master(stands, place, exam_form_to_master(stands, marked)), marked);
	}
	const struct exam_form *master = exam_find_form(exam, 'A');
	for (unsigned i = 0; i < exam->n_items; i++)
		assert_int_equal(master->places[i].item, i);
}

static void test_who_gets_which(void **state)
{
	(void)state;
	EXAM_AUTO exam = load();
	assert_int_equal(exam_form_for(exam, NULL, 0), 'A');
	assert_int_equal(exam_form_for(exam, "", 1), 'B');
	assert_int_equal(exam_form_for(exam, NULL, 2), 'A');
	assert_int_equal(exam_form_for(exam, "B", 2), 'B');
	assert_int_equal(exam_form_for(exam, " b ", 2), 'B');
	assert_int_equal(exam_form_for(exam, "C", 0), 0);
	assert_int_equal(exam_form_for(exam, "AB", 0), 0);
	EXAM_AUTO plain = scoring_question("choices: 4", "{key: A}");
	assert_int_equal(exam_form_for(plain, "A", 0), 0);
}

// Both forms are printed alike, and forms can be added or corrected after printing.
static void test_forms_leave_the_layout_alone(void **state)
{
	(void)state;
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(EXAM, &text, NULL, NULL));
	strstr(text, "\nforms:")[1] = '\0';
	EXAM_AUTO without = scoring_exam(text);
	EXAM_AUTO with = load();
	LAYOUT_AUTO plain = layout_new(without, NULL);
	LAYOUT_AUTO forms = layout_new(with, NULL);
	assert_string_equal(plain->fingerprint, forms->fingerprint);
}

struct page {
	const char *file, *student;
	char form;
	const char *line;
};

static struct results *grade(const struct exam *exam, const struct layout *layout, const struct page *pages, size_t n)
{
	struct batch *whole = batch_new(exam, layout, NULL), *heads = batch_new(exam, layout, NULL);
	struct piecemeal piecemeal = piecemeal_begin(layout);
	for (size_t i = 0; i < n; i++) {
		struct answers *answers = papers_page(layout, pages[i].student, NULL, 1, pages[i].line);
		answers->form = pages[i].form;
		batch_add(heads, pages[i].file, i, piecemeal_head(&piecemeal, i, answers));
		batch_add(whole, pages[i].file, i, answers);
	}
	return piecemeal_finish(&piecemeal, whole, heads);
}

// Everything right in the places of form B.
#define ALL_B "1=B; 2=D; 3=D; 4=A; 5.A=F; 5.B=F; 5.C=T; 5.D=F; 6.A=F; 6.B=T; 6.C=F; 6.D=T; 7.a=(2); 7.b=(2); 7.c=(1)"

static void test_results_speak_of_the_master(void **state)
{
	(void)state;
	EXAM_AUTO exam = load();
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	static const struct page PAGES[] = {
		{"a.png", "1", 'A', "1=A; 2=D; 3=C"},
		{"b.png", "2", 'B', "1?=C; 2=D; 3=D"},
		{"c.png", "3", 'B', ALL_B},
	};
	RESULTS_AUTO results = grade(exam, layout, PAGES, G_N_ELEMENTS(PAGES));
	g_autofree char *gradebook = gradebook_csv(results);
	g_autofree char *marks = marks_csv(results);
	g_autofree char *exceptions = exceptions_csv(results);
	assert_string_equal(gradebook, "student_id,name,status,score,max_score,Q1,Q2,Q3,Q4,Q5,Q6,Q7\n"
				       "1,,graded,2,15,1,1,0,0,0,0,0\n"
				       "2,,review,2,15,1,1,0,0,0,0,0\n"
				       "3,,graded,15,15,1,1,1,1,4,4,3\n");
	assert_non_null(strstr(marks, "2,1,b.png,3,C,review,faint mark\n"));
	assert_non_null(strstr(marks, "2,1,b.png,1,A,ok,\n"));
	assert_non_null(strstr(marks, "3,1,c.png,7.a,(3),ok,\n"));
	assert_non_null(strstr(exceptions, "mark,b.png,1,2,3,\"faint mark (1 on this sheet, form B: C)\"\n"));
	assert_int_equal(results->students[1].form, 'B');
}

static void test_a_form_that_is_not_known_is_no_guess(void **state)
{
	(void)state;
	EXAM_AUTO exam = load();
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	static const struct page PAGES[] = {{"a.png", "1", 'C', ALL_B}, {"b.png", "2", 0, ALL_B}};
	RESULTS_AUTO results = grade(exam, layout, PAGES, G_N_ELEMENTS(PAGES));
	g_autofree char *exceptions = exceptions_csv(results);
	assert_string_equal(exceptions,
		"kind,file,page,student_id,item,detail\n"
		"unknown-form,a.png,1,1,,\"the sheet is of form C, but the exam file has A, B: add the form to it, and "
		"grade again\"\n"
		"unknown-form,b.png,1,2,,\"no form is printed on this sheet, but the exam has forms (A, B): find out "
		"which questions the student had\"\n");
	assert_int_equal(results->statuses[STUDENT_INCOMPLETE], 2);

	EXAM_AUTO plain = scoring_question("choices: 4", "{key: A}");
	LAYOUT_AUTO plain_layout = layout_new(plain, NULL);
	static const struct page FORM[] = {{"a.png", "1", 'A', "1=A"}};
	RESULTS_AUTO refused = grade(plain, plain_layout, FORM, 1);
	assert_int_equal(refused->fates[PAGE_EXCEPTION], 1);
	assert_string_equal(refused->exceptions[0].detail,
		"the sheet is of form A, but the exam file has no forms: add them to it, and grade again");
}

static void test_one_student_has_one_form(void **state)
{
	(void)state;
	EXAM_AUTO exam = load();
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	static const struct page PAGES[] = {{"a.png", "1", 'A', "1=A"}, {"b.png", "1", 'B', "1=A"}};
	RESULTS_AUTO results = grade(exam, layout, PAGES, G_N_ELEMENTS(PAGES));
	assert_int_equal(results->n_exceptions, 1);
	assert_string_equal(results->exceptions[0].kind, BATCH_KIND_CONFLICT);
	assert_string_equal(results->exceptions[0].detail,
		"a sheet of form B, but this student has one of form A as well (a.png): find out which questions the "
		"student had");
	assert_int_equal(results->students[0].status, STUDENT_REVIEW);
}

// `multiple: review`: a flag, and the points of nobody until someone has looked.
static void test_several_marks_for_review(void **state)
{
	(void)state;
	EXAM_AUTO exam = scoring_exam("exam: e\ntitle: t\nsections:\n- title: s\n  choices: 4\n  questions:\n"
				      "  - {key: A, multiple: review}\n  - {key: A, multiple: 0.5}\n"
				      "  - {type: parts, key: [A, B], multiple: review}\n");
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	static const struct page PAGES[] = {
		{"a.png", "1", 0, "1=A|B; 2=A|B; 3.a=A; 3.b=B|C"}, {"b.png", "2", 0, "1=A; 2=A|B; 3.a=A; 3.b=B"}};
	RESULTS_AUTO results = grade(exam, layout, PAGES, G_N_ELEMENTS(PAGES));
	g_autofree char *gradebook = gradebook_csv(results);
	g_autofree char *marks = marks_csv(results);
	g_autofree char *exceptions = exceptions_csv(results);
	assert_string_equal(gradebook, "student_id,name,status,score,max_score,Q1,Q2,Q3\n"
				       "1,,review,1.5,4,0,0.5,1\n"
				       "2,,graded,3.5,4,1,0.5,2\n");
	assert_string_equal(exceptions, "kind,file,page,student_id,item,detail\n"
					"mark,a.png,1,1,1,several choices are marked\n"
					"mark,a.png,1,1,3.b,several choices are marked\n");
	assert_non_null(strstr(marks, "1,1,a.png,1,A|B,review,several choices are marked\n"));
	assert_non_null(strstr(marks, "1,1,a.png,2,A|B,ok,\n"));

	// Someone has looked, and left both: no flag again.
	struct batch *batch = batch_new(exam, layout, NULL);
	struct answers *decided = papers_page(layout, "1", NULL, 1, "1=A|B; 3.a=A; 3.b=B");
	decided->marks[0].decided = true;
	batch_add(batch, "a.png", 0, decided);
	RESULTS_AUTO settled = batch_finish(batch);
	assert_int_equal(settled->n_exceptions, 0);
	assert_int_equal(settled->students[0].status, STUDENT_GRADED);
}

// --- on paper

static void run(const char *first, ...)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_ptr_array_add(argv, (char *)first);
	va_list words;
	va_start(words, first);
	for (const char *word = va_arg(words, const char *); word; word = va_arg(words, const char *))
		g_ptr_array_add(argv, (char *)word);
	va_end(words);
	g_ptr_array_add(argv, NULL);
	int status = -1;
	g_autofree char *out = NULL, *err = NULL;
	assert_true(g_spawn_sync(NULL, (char **)argv->pdata, NULL, 0, NULL, NULL, &out, &err, &status, NULL));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("%s failed: %s%s", first, out, err);
}

static char *put(const char *folder, const char *name, const char *text)
{
	char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

// The roster gives the third student form B; the others alternate. The first two know everything, the third nothing.
static void test_round_trip(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("sheaf-forms-XXXXXX", NULL);
	g_autofree char *roster = put(folder, "who.csv", "student_id,form\n01,\n02,\n03,B\n04,\n");
	g_autofree char *plan = put(folder, "plan.csv",
		"student_id,item,marked,kind\n01,*,key,fill\n02,*,key,cross\n03,*,wrong,fill\n04,*,random,fill\n");
	g_autofree char *scans = g_build_filename(folder, "scans", NULL);
	g_autofree char *results = g_build_filename(folder, "results", NULL);
	g_autofree char *path = g_build_filename(results, "gradebook.csv", NULL);
	run(SIMULATE_PROGRAM, EXAM, "--roster", roster, "-o", folder, "--plan", plan, "--profile", "clean", "--jobs",
		"1", NULL);
	run(SHEAF_PROGRAM, "grade", EXAM, scans, "--roster", roster, "-o", results, NULL);
	g_autofree char *gradebook = NULL;
	assert_true(g_file_get_contents(path, &gradebook, NULL, NULL));
	assert_non_null(strstr(gradebook, "\n01,,graded,15,15,1,1,1,1,4,4,3\n02,,graded,15,15,1,1,1,1,4,4,3\n"
					  "03,,graded,0,15,0,0,0,0,0,0,0\n"));
	// Item by item, in the master's terms, against what was put on paper.
	run(SIMULATE_PROGRAM, "compare", folder, results, NULL);
	run("/bin/rm", "-r", folder, NULL);
}

static void test_the_roster_cannot_ask_for_what_there_is_not(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("sheaf-forms-XXXXXX", NULL);
	g_autofree char *roster = put(folder, "who.csv", "student_id,form\n01,A\n02,D\n");
	g_autofree char *sheets = g_build_filename(folder, "sheets.pdf", NULL);
	g_autofree char *exam = NULL, *err = NULL;
	assert_true(g_file_get_contents(EXAM, &exam, NULL, NULL));
	g_autofree char *copy = put(folder, "exam.yaml", exam);
	char *argv[] = {
		(char *)SHEAF_PROGRAM, (char *)"print", copy, (char *)"--roster", roster, (char *)"-o", sheets, NULL};
	int status = -1;
	assert_true(g_spawn_sync(NULL, argv, NULL, 0, NULL, NULL, NULL, &err, &status, NULL));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_non_null(strstr(err, "who.csv:3: form `D` is not in the exam file, which has A, B\n"));
	assert_false(g_file_test(sheets, G_FILE_TEST_EXISTS));
	run("/bin/rm", "-r", folder, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_who_gets_which),
		cmocka_unit_test(test_forms_leave_the_layout_alone),
		cmocka_unit_test(test_results_speak_of_the_master),
		cmocka_unit_test(test_a_form_that_is_not_known_is_no_guess),
		cmocka_unit_test(test_one_student_has_one_form),
		cmocka_unit_test(test_several_marks_for_review),
		cmocka_unit_test(test_the_roster_cannot_ask_for_what_there_is_not),
		cmocka_unit_test(test_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
