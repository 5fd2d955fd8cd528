// SPDX-License-Identifier: GPL-3.0-or-later
// What people decide, through the whole accounts: a decision settles its flag and nothing else, holds for the bytes it
// was made about, can be undone, and leaves a trace of every step.
#include "tests/harness.h"

#include <string.h>

#include "grade/batch.h"
#include "grade/corrections_csv.h"
#include "grade/exceptions_csv.h"
#include "grade/interval.h"
#include "grade/marks_csv.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"
#include "tests/piecemeal.h"

static const char ROSTER[] = "student_id,name\n0301,Ada Lovelace\n0302,Alan Turing\n";

struct setting {
	struct exam *exam;
	struct layout *layout;
	struct roster *roster;
	GPtrArray *decisions; // struct decision, those of the test at hand
};

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	setting->layout = layout_new(setting->exam, NULL);
	setting->roster = roster_parse("roster.csv", ROSTER, strlen(ROSTER), NULL);
	setting->decisions = g_ptr_array_new_with_free_func(decision_free);
	*state = setting;
	return setting->layout->n_pages == 2 ? 0 : -1;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	g_ptr_array_unref(setting->decisions);
	roster_free(setting->roster);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

static void decide(struct setting *setting, struct decision decision)
{
	decision.id = setting->decisions->len + 1;
	decision.time = (char *)"2022-03-14T15:09:26Z";
	decision.person = (char *)"Pat";
	decision.file = decision.content;
	decision.reason = decision.reason ? decision.reason : (char *)"looked at";
	g_ptr_array_add(setting->decisions, decision_copy(&decision));
}

static void undo(struct setting *setting, int64_t which)
{
	decide(setting, (struct decision){.kind = DECISION_UNDO, .undoes = which, .content = (char *)"a"});
}

// A page whose bytes are known by its file's name.
struct input {
	const char *file, *student, *serial;
	unsigned page;
	const char *line, *kind;
};

static struct answers *answers_of(const struct setting *setting, const struct input *input)
{
	if (!input->kind)
		return papers_page(setting->layout, input->student, input->serial, input->page, input->line);
	struct answers *answers = answers_new_exception(input->kind, "for a person");
	answers->student = g_strdup(input->student);
	answers->page = input->page;
	if (strcmp(input->kind, ANSWERS_KIND_NO_IDENTITY) != 0 || !input->line)
		return answers;
	// As reading leaves it: the marks of every page, as if it were that one.
	ANSWERS_AUTO one = papers_page(setting->layout, "x", NULL, 1, input->line);
	ANSWERS_AUTO two = papers_page(setting->layout, "x", NULL, 2, input->line);
	answers->placement = placement_new(10, 10);
	answers_make_room(answers, setting->layout);
	for (unsigned i = 0; i < one->n_marks + two->n_marks; i++) {
		struct answers_mark *mark = i < one->n_marks ? &one->marks[i] : &two->marks[i - one->n_marks];
		answers->marks[answers->n_marks++] = *mark;
		mark->reason = NULL;
	}
	return answers;
}

static struct batch *new_batch(const struct setting *setting)
{
	struct batch *batch = batch_new(setting->exam, setting->layout, setting->roster);
	GPtrArray *decisions = g_ptr_array_new_with_free_func(decision_free);
	for (guint i = 0; i < setting->decisions->len; i++)
		g_ptr_array_add(decisions, decision_copy(g_ptr_array_index(setting->decisions, i)));
	batch_set_rulings(batch, rulings_new(decisions));
	return batch;
}

static struct results *run(const struct setting *setting, const struct input *inputs, unsigned n)
{
	struct batch *whole = new_batch(setting), *heads = new_batch(setting);
	struct piecemeal piecemeal = piecemeal_begin(setting->layout);
	for (unsigned i = 0; i < n; i++) {
		struct answers *answers = answers_of(setting, &inputs[i]);
		struct answers *head = piecemeal_head(&piecemeal, i, answers);
		batch_add_ruled(heads, inputs[i].file, i, head, inputs[i].file, 0);
		batch_add_ruled(whole, inputs[i].file, i, answers, inputs[i].file, 0);
	}
	return piecemeal_finish(&piecemeal, whole, heads);
}
#define RUN(setting, inputs) run((setting), (inputs), G_N_ELEMENTS(inputs))

// "0301 graded 1.5; 0302 absent", then the kinds of what is open, in order.
static void assert_outcome(const struct results *results, const char *students, const char *kinds)
{
	g_autoptr(GString) text = g_string_new(NULL), open = g_string_new(NULL);
	for (unsigned i = 0; i < results->n_students; i++) {
		const struct student *student = &results->students[i];
		char score[RATIONAL_TEXT_SIZE];
		g_string_append_printf(
			text, "%s%s %s", i ? "; " : "", student->id, student_status_text(student->status));
		if (student->has_score)
			g_string_append_printf(text, " %s", rational_format(student->total, score));
	}
	for (unsigned i = 0; i < results->n_exceptions; i++)
		g_string_append_printf(open, "%s%s", i ? " " : "", results->exceptions[i].kind);
	assert_string_equal(text->str, students);
	assert_string_equal(open->str, kinds);
}

static void assert_states(const struct results *results, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const GPtrArray *decisions = rulings_decisions(results->rulings);
	for (guint i = 0; i < decisions->len; i++)
		g_string_append_printf(
			text, "%s%s", i ? " " : "", rulings_state(results->rulings, g_ptr_array_index(decisions, i)));
	assert_string_equal(text->str, expected);
}

#define TEXT(text) ((char *)(uintptr_t)(text))
#define MARK(file, which, to)                                                                                          \
	((struct decision){.kind = DECISION_MARK, .content = TEXT(file), .item = TEXT(which), .becomes = TEXT(to)})

static void a_mark_is_settled_by_a_person_and_only_that_mark(void **state)
{
	struct setting *setting = *state;
	static const struct input INPUTS[] = {
		{"a", "0301", NULL, 1, "1?=D; 2?=A; course?=CS 182", NULL}, {"b", "0301", NULL, 2, "", NULL}};
	RESULTS_AUTO before = RUN(setting, INPUTS);
	assert_outcome(before, "0301 review 1; 0302 absent", "mark mark mark");
	decide(setting, MARK("a", "2", "C"));
	decide(setting, MARK("a", "course", ""));
	RESULTS_AUTO after = RUN(setting, INPUTS);
	assert_outcome(after, "0301 review 2; 0302 absent", "mark");
	g_autofree char *marks = marks_csv(after);
	assert_non_null(strstr(marks, "0301,1,a,1,D,review,"));
	assert_non_null(strstr(marks, "0301,1,a,2,C,ok,\n"));
	assert_non_null(strstr(marks, "0301,1,a,course,,ok,\n"));
	decide(setting, MARK("a", "1", ""));
	RESULTS_AUTO last = RUN(setting, INPUTS);
	assert_outcome(last, "0301 graded 1; 0302 absent", "");
}

static void the_last_decision_holds_and_what_is_undone_does_not(void **state)
{
	struct setting *setting = *state;
	static const struct input INPUTS[] = {{"a", "0301", NULL, 1, "1?=D", NULL}, {"b", "0301", NULL, 2, "", NULL}};
	decide(setting, MARK("a", "1", "A"));
	decide(setting, MARK("a", "1", "D"));
	RESULTS_AUTO second = RUN(setting, INPUTS);
	assert_outcome(second, "0301 graded 1; 0302 absent", "");
	assert_states(second, "replaced holds");
	undo(setting, 2);
	RESULTS_AUTO first = RUN(setting, INPUTS);
	assert_outcome(first, "0301 graded 0; 0302 absent", "");
	assert_states(first, "holds undone holds");
	undo(setting, 1);
	RESULTS_AUTO none = RUN(setting, INPUTS);
	assert_outcome(none, "0301 review 1; 0302 absent", "mark");
	g_autofree char *text = corrections_csv(none->rulings);
	assert_string_equal(text, "time,person,item,from,to,reason,kind,student_id,page,file,state\n"
				  "2022-03-14T15:09:26Z,Pat,1,,A,looked at,mark,,,a,undone\n"
				  "2022-03-14T15:09:26Z,Pat,1,,D,looked at,mark,,,a,undone\n"
				  "2022-03-14T15:09:26Z,Pat,,,,looked at,undo,,,a,holds\n"
				  "2022-03-14T15:09:26Z,Pat,,,,looked at,undo,,,a,holds\n");
}

static void a_decision_ends_with_the_bytes_it_was_made_about(void **state)
{
	struct setting *setting = *state;
	static const struct input AGAIN[] = {{"a2", "0301", NULL, 1, "1?=D", NULL}, {"b", "0301", NULL, 2, "", NULL}};
	decide(setting, MARK("a", "1", "A"));
	decide(setting, MARK("a2", "no such item", "A"));
	decide(setting, MARK("a2", "1", "no such choice"));
	RESULTS_AUTO results = RUN(setting, AGAIN);
	assert_outcome(results, "0301 review 1; 0302 absent", "mark");
	assert_string_equal(
		rulings_state(results->rulings, g_ptr_array_index(rulings_decisions(results->rulings), 0)), "reopened");
}

static void a_page_without_identity_is_given_to_a_student(void **state)
{
	struct setting *setting = *state;
	static const struct input INPUTS[] = {{"a", "0301", NULL, 1, "1=D", NULL},
		{"b", NULL, NULL, 0, "1=A; 32.b.D=T", ANSWERS_KIND_NO_IDENTITY},
		{"c", NULL, NULL, 0, NULL, ANSWERS_KIND_DAMAGED}};
	RESULTS_AUTO before = RUN(setting, INPUTS);
	assert_outcome(before, "0301 incomplete 1; 0302 absent", "no-identity damaged missing-page");
	decide(setting,
		(struct decision){.kind = DECISION_IDENTITY, .content = TEXT("b"), .page = 2, .becomes = TEXT("0301")});
	RESULTS_AUTO after = RUN(setting, INPUTS);
	assert_outcome(after, "0301 graded 1.25; 0302 absent", "damaged");
	decide(setting,
		(struct decision){
			.kind = DECISION_SET_ASIDE, .content = TEXT("c"), .becomes = TEXT(DECISION_NOT_COUNTED)});
	RESULTS_AUTO last = RUN(setting, INPUTS);
	assert_outcome(last, "0301 graded 1.25; 0302 absent", "");
	static const unsigned fates[PAGE_N_FATES] = {[PAGE_READ] = 2, [PAGE_EXCEPTION] = 1};
	assert_memory_equal(last->fates, fates, sizeof fates);
	// It was the other student's after all: nothing of its marks changes.
	decide(setting,
		(struct decision){.kind = DECISION_IDENTITY, .content = TEXT("b"), .page = 2, .becomes = TEXT("0302")});
	RESULTS_AUTO moved = RUN(setting, INPUTS);
	assert_outcome(moved, "0301 incomplete 1; 0302 incomplete 0.25", "missing-page missing-page");
}

// Of a page that cannot be read at all, each row waits for a person to enter it.
static void an_unreadable_page_is_entered_by_hand(void **state)
{
	struct setting *setting = *state;
	static const struct input INPUTS[] = {
		{"a", "0301", NULL, 1, "1=D", NULL}, {"b", "0301", NULL, 2, NULL, ANSWERS_KIND_UNREGISTERED}};
	decide(setting,
		(struct decision){.kind = DECISION_IDENTITY, .content = TEXT("b"), .page = 2, .becomes = TEXT("0301")});
	unsigned n = 0;
	for (unsigned i = 0; i < setting->layout->n_items; i++) {
		const struct layout_item *item = &setting->layout->items[i];
		if (item->page != 2)
			continue;
		decide(setting, MARK("b", item->id, strcmp(item->id, "32.b.D") == 0 ? "T" : ""));
		n++;
	}
	assert_true(n > 20);
	RESULTS_AUTO results = RUN(setting, INPUTS);
	assert_outcome(results, "0301 graded 1.25; 0302 absent", "");
	undo(setting, setting->decisions->len);
	RESULTS_AUTO one_left = RUN(setting, INPUTS);
	assert_int_equal(one_left->n_exceptions, 1);
	assert_string_equal(one_left->exceptions[0].kind, BATCH_KIND_MARK);
}

static void of_two_scans_one_is_chosen(void **state)
{
	struct setting *setting = *state;
	static const struct input INPUTS[] = {{"a", "0301", NULL, 1, "1=D; 2=A", NULL},
		{"b", "0301", NULL, 1, "1=A; 2=A", NULL}, {"c", "0301", NULL, 2, "", NULL}};
	RESULTS_AUTO before = RUN(setting, INPUTS);
	assert_outcome(before, "0301 review 1; 0302 absent", "conflict");
	struct interval interval = interval_of_student(before, &before->students[0]);
	assert_int_equal(rational_compare(interval.low, RATIONAL_ZERO), 0);
	assert_int_equal(rational_compare(interval.high, rational_make(1, 1)), 0);
	decide(setting,
		(struct decision){
			.kind = DECISION_SET_ASIDE, .content = TEXT("a"), .becomes = TEXT(DECISION_NOT_COUNTED)});
	RESULTS_AUTO after = RUN(setting, INPUTS);
	assert_outcome(after, "0301 graded 0; 0302 absent", "");
	undo(setting, 1);
	// Or the student of the second one was another.
	decide(setting,
		(struct decision){.kind = DECISION_IDENTITY, .content = TEXT("b"), .page = 1, .becomes = TEXT("0302")});
	RESULTS_AUTO other = RUN(setting, INPUTS);
	assert_outcome(other, "0301 graded 1; 0302 incomplete 0", "missing-page");
	decide(setting, (struct decision){.kind = DECISION_MISSING, .student = TEXT("0302"), .page = 2});
	RESULTS_AUTO lost = RUN(setting, INPUTS);
	assert_outcome(lost, "0301 graded 1; 0302 incomplete 0", "");
	assert_false(results_need_person(lost));
}

// Two scans that both leave a row in doubt: what is decided on one holds, whichever is read.
static void a_decision_outweighs_another_scan_of_the_page(void **state)
{
	struct setting *setting = *state;
	static const struct input INPUTS[] = {{"a", "0301", NULL, 1, "1?=D; 2=A", NULL},
		{"b", "0301", NULL, 1, "1=D; 2=A", NULL}, {"c", "0301", NULL, 2, "", NULL}};
	decide(setting, MARK("a", "1", "A"));
	decide(setting, MARK("b", "2", "C"));
	RESULTS_AUTO results = RUN(setting, INPUTS);
	assert_outcome(results, "0301 graded 1; 0302 absent", "duplicate");
	g_autofree char *marks = marks_csv(results);
	assert_non_null(strstr(marks, ",1,A,ok,"));
	assert_non_null(strstr(marks, ",2,C,ok,"));
	decide(setting,
		(struct decision){
			.kind = DECISION_SET_ASIDE, .content = TEXT("b"), .becomes = TEXT(DECISION_AS_DUPLICATE)});
	RESULTS_AUTO confirmed = RUN(setting, INPUTS);
	assert_int_equal(confirmed->n_exceptions, 0);
	assert_int_equal(confirmed->fates[PAGE_DUPLICATE], 1);
}

static void sheets_without_a_name_are_given_whole(void **state)
{
	struct setting *setting = *state;
	static const struct input INPUTS[] = {{"a", NULL, "W1", 1, "1=D", NULL}, {"b", NULL, "W1", 2, "32.b.D=T", NULL},
		{"c", NULL, "W2", 1, "id.1=9; 1=A", NULL}, {"d", NULL, "W2", 2, "", NULL}};
	RESULTS_AUTO before = RUN(setting, INPUTS);
	assert_outcome(before, "0301 absent; 0302 absent; 9 unknown 0", "no-identity no-identity unknown-student");
	decide(setting, (struct decision){.kind = DECISION_IDENTITY, .content = TEXT("b"), .becomes = TEXT("0302")});
	decide(setting, (struct decision){.kind = DECISION_STRANGER, .student = TEXT("9")});
	RESULTS_AUTO after = RUN(setting, INPUTS);
	assert_outcome(after, "0301 absent; 0302 graded 1.25; 9 unknown 0", "");
	decide(setting, (struct decision){.kind = DECISION_IDENTITY, .content = TEXT("c"), .becomes = TEXT("0301")});
	RESULTS_AUTO known = RUN(setting, INPUTS);
	assert_outcome(known, "0301 graded 0; 0302 graded 1.25", "");
}

static void the_interval_holds_every_outcome(void **state)
{
	struct setting *setting = *state;
	// 1 (1 point, key D) and two statements of 16 (+-0.5, not below 0 in sum) are open.
	static const struct input INPUTS[] = {
		{"a", "0301", NULL, 1, "1?=A; 2=C; 16.A?=T; 16.B?=T", NULL}, {"b", "0301", NULL, 2, "", NULL}};
	RESULTS_AUTO results = RUN(setting, INPUTS);
	struct interval all = interval_of_student(results, &results->students[0]);
	assert_int_equal(rational_compare(all.low, rational_make(1, 1)), 0);
	assert_int_equal(rational_compare(all.high, rational_make(3, 1)), 0);
	unsigned first = (unsigned)(exam_find_item(setting->exam, "1") - setting->exam->items);
	struct interval one = interval_of_item(results, &results->students[0], first);
	assert_int_equal(rational_compare(one.low, rational_make(1, 1)), 0);
	assert_int_equal(rational_compare(one.high, rational_make(2, 1)), 0);
	// A whole page missing, with a question that is right only as a permutation: 50 less what page 1 is worth.
	static const struct input HALF[] = {{"a", "0301", NULL, 1, "1=D", NULL}};
	RESULTS_AUTO half = RUN(setting, HALF);
	struct interval open = interval_of_student(half, &half->students[0]);
	assert_int_equal(rational_compare(open.low, rational_make(1, 1)), 0);
	struct rational most = rational_make(1, 1);
	for (unsigned q = 0; q < setting->exam->n_questions; q++)
		if (!half->students[0].questions[q].scored)
			most = rational_add(most, exam_question_maximum(setting->exam, &setting->exam->questions[q]));
	assert_int_equal(rational_compare(open.high, most), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_mark_is_settled_by_a_person_and_only_that_mark),
		TEST(the_last_decision_holds_and_what_is_undone_does_not),
		TEST(a_decision_ends_with_the_bytes_it_was_made_about),
		TEST(a_page_without_identity_is_given_to_a_student),
		TEST(an_unreadable_page_is_entered_by_hand),
		TEST(of_two_scans_one_is_chosen),
		TEST(a_decision_outweighs_another_scan_of_the_page),
		TEST(sheets_without_a_name_are_given_whole),
		TEST(the_interval_holds_every_outcome),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
