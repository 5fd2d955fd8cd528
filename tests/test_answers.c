// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/harness.h"

#include <string.h>

#include "sheet/answers.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"

static const char EXAM[] = "exam: small\ntitle: Small\npaper: a4\n"
			   "fields:\n  - {name: course, choices: [CS 1, CS 2]}\n"
			   "sections:\n  - title: One\n    type: single\n    questions:\n"
			   "      - {choices: 3, key: A}\n      - {choices: 4, key: B}\n";

struct setting {
	struct exam *exam;
	struct layout *layout;
};

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_parse("exam.yaml", EXAM, strlen(EXAM), NULL);
	assert_non_null(setting->exam);
	setting->layout = layout_new(setting->exam, NULL);
	assert_non_null(setting->layout);
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

// A page that was read, of a student, has a head without marks; anything else is all there.
static void assert_head(const char *text, struct answers *whole, const struct layout *layout)
{
	ANSWERS_AUTO head = answers_parse_head(text, layout, NULL);
	assert_non_null(head);
	bool read = whole->outcome == ANSWERS_READ && whole->student;
	assert_true(!read || (!head->marks && head->n_marks == 0));
	if (read) {
		answers_forget_picture(whole);
		answers_forget_marks(whole);
	}
	g_autofree char *expected = answers_format(whole, layout), *is = answers_format(head, layout);
	assert_string_equal(is, expected);
}

// What comes back says the same, and is written the same.
static void assert_round_trip(const struct answers *answers, const struct layout *layout, const char *expected)
{
	GError *error = NULL;
	g_autofree char *text = answers_format(answers, layout);
	if (expected)
		assert_string_equal(text, expected);
	ANSWERS_AUTO back = answers_parse(text, layout, &error);
	if (error)
		print_error("%s\n", error->message);
	assert_non_null(back);
	g_autofree char *again = answers_format(back, layout);
	assert_string_equal(again, text);
	assert_head(text, back, layout);
}

static void test_read_page(void **state)
{
	const struct setting *setting = *state;
	ANSWERS_AUTO answers = papers_page(setting->layout, "0042", NULL, 1, "course=CS 2; 1=A|C; 2?=D");
	assert_round_trip(answers, setting->layout,
		"answers\t1\noutcome\tread\nstudent\t0042\npage\t1\nmarks\t3\n"
		"mark\tcourse\tCS 2\tok\t\t2,97\n"
		"mark\t1\tA|C\tok\t\t97,2,97\n"
		"mark\t2\tD\treview\tfaint mark\t2,2,2,97\n");
	g_autofree char *text = answers_format(answers, setting->layout);
	ANSWERS_AUTO back = answers_parse(text, setting->layout, NULL);
	assert_int_equal(back->n_marks, 3);
	assert_int_equal(back->marks[1].marked, 5);
	assert_int_equal(back->fill_percent[setting->layout->items[back->marks[2].item].first_bubble + 3], 97);
	assert_true(back->marks[2].review);
	assert_null(back->marks[1].reason);
}

static void test_walk_in_page(void **state)
{
	const struct setting *setting = *state;
	ANSWERS_AUTO answers = papers_page(setting->layout, NULL, "W7", 1, "id.1=3; id.2=0|9; 2=A");
	assert_int_equal(answers->n_marks, setting->layout->n_id_items + 3);
	assert_round_trip(answers, setting->layout, NULL);
	g_autofree char *digits = answers_choices_text(setting->layout, 1, answers->marks[1].marked);
	assert_string_equal(digits, "0|9");
}

static void test_other_outcomes(void **state)
{
	const struct setting *setting = *state;
	ANSWERS_AUTO blank = g_new0(struct answers, 1);
	blank->outcome = ANSWERS_BLANK;
	assert_round_trip(blank, setting->layout, "answers\t1\noutcome\tblank\nmarks\t0\n");
	ANSWERS_AUTO damaged = answers_new_exception(ANSWERS_KIND_DAMAGED, "cut\toff \\ at\nline\r \x01 caf\xe9");
	damaged->student = g_strdup("0042");
	damaged->page = 1;
	assert_round_trip(damaged, setting->layout,
		"answers\t1\noutcome\texception\nkind\tdamaged\n"
		"detail\tcut\\toff \\\\ at\\nline\\r   caf\xEF\xBF\xBD\nstudent\t0042\npage\t1\nmarks\t0\n");
}

// Where the sheet lies and, while nobody knows whose it is, the marks of every page.
static void test_place(void **state)
{
	const struct setting *setting = *state;
	static const char *const LOST = "neither code can be read";
	ANSWERS_AUTO answers = papers_page(setting->layout, "0042", NULL, 1, "1=A|C; 2?=D");
	answers->placement = placement_new(1240, 1754);
	placement_add_shift(answers->placement, setting->layout->n_id_items, 80, -80);
	assert_round_trip(answers, setting->layout, NULL);
	g_clear_pointer(&answers->student, g_free);
	answers->outcome = ANSWERS_EXCEPTION;
	answers->kind = g_strdup(ANSWERS_KIND_NO_IDENTITY);
	answers->detail = g_strdup(LOST);
	answers->page = 0;
	answers->likely_page = 1;
	assert_round_trip(answers, setting->layout, NULL);
	ANSWERS_AUTO found = answers_identified(answers, setting->layout, "0043", 1);
	assert_round_trip(found, setting->layout, NULL);
	assert_int_equal(found->marks[1].marked, 5);
	assert_string_equal(found->student, "0043");
	assert_int_equal(found->placement->n_shifts, 1);
}

static void test_form(void **state)
{
	const struct setting *setting = *state;
	ANSWERS_AUTO answers = papers_page(setting->layout, "0042", NULL, 1, "");
	answers->form = 'B';
	g_autofree char *text = answers_format(answers, setting->layout);
	assert_non_null(strstr(text, "page\t1\nform\tB\nmarks"));
	ANSWERS_AUTO back = answers_parse(text, setting->layout, NULL);
	assert_int_equal(back->form, 'B');
}

#define HEAD "answers\t1\noutcome\tread\nstudent\t0042\npage\t1\nmarks\t3\n"
#define COURSE "mark\tcourse\t\tok\t\t0,0\n"
#define FIRST "mark\t1\t\tok\t\t0,0,0\n"
#define SECOND "mark\t2\t\tok\t\t0,0,0,0\n"

static void test_refusals(void **state)
{
	const struct setting *setting = *state;
	static const char *const BROKEN[] = {
		"",
		"\n",
		"answers\t1\n",
		"answers\t2\noutcome\tblank\nmarks\t0\n",
		"answers\t1\noutcome\tblank\nmarks\t0",            // cut off
		"answers\t1\noutcome\tblank\nmarks\t0\n\n",        // more than expected
		"answers\t1\noutcome\tblank\nmarks\t1\n" COURSE,   // a blank page has no marks
		"answers\t1\noutcome\tblank\nkind\ta\nmarks\t0\n", // nor a kind
		"answers\t1\noutcome\tfine\nmarks\t0\n",           //
		"answers\t1\noutcome\texception\nmarks\t0\n",      // of which kind?
		"answers\t1\noutcome\texception\nkind\tx\nmarks\t0\n",
		"answers\t1\noutcome\texception\nkind\tA B\ndetail\tx\nmarks\t0\n",
		"answers\t1\noutcome\texception\nkind\tx\ndetail\tx\npage\t9\nmarks\t0\n",
		"answers\t1\noutcome\texception\nkind\tx\ndetail\t\\q\nmarks\t0\n",
		"answers\t1\noutcome\texception\nkind\tx\ndetail\t\xff\nmarks\t0\n",
		"answers\t1\noutcome\tread\npage\t1\nmarks\t3\n" COURSE FIRST SECOND,    // whose?
		"answers\t1\noutcome\tread\nstudent\t1\nmarks\t3\n" COURSE FIRST SECOND, // which page?
		"answers\t1\noutcome\tread\nstudent\t1\npage\t0\nmarks\t0\n",
		"answers\t1\noutcome\tread\nstudent\t1\npage\t2\nmarks\t0\n",
		"answers\t1\noutcome\tblank\nform\tb\nmarks\t0\n",
		"answers\t1\noutcome\tblank\nform\tAB\nmarks\t0\n",
		"answers\t1\noutcome\tblank\nform\t\nmarks\t0\n",
		"answers\t1\noutcome\tread\nstudent\t1\npage\t-1\nmarks\t0\n",
		"answers\t1\noutcome\tread\nstudent\t1\npage\t99999999999999999999\nmarks\t0\n",
		"answers\t1\noutcome\tread\nstudent\t1\nserial\t2\npage\t1\nmarks\t3\n" COURSE FIRST SECOND,
		"answers\t1\noutcome\tread\nserial\t2\npage\t1\nmarks\t3\n" COURSE FIRST SECOND, // no digits
		"answers\t1\noutcome\tread\nstudent\t1\\n2\npage\t1\nmarks\t3\n" COURSE FIRST SECOND,
		"answers\t1\noutcome\tblank\nscan\t10,10\nmarks\t0\n", // a place without its mesh
		"answers\t1\noutcome\texception\nkind\tno-identity\ndetail\tx\nlikely\t1\nmarks\t0\n",
		"answers\t1\noutcome\texception\nkind\tno-identity\ndetail\tx\nmarks\t3\n" COURSE FIRST
			SECOND,                  // where?
		HEAD COURSE FIRST,               // one missing
		HEAD COURSE FIRST SECOND SECOND, // one more
		HEAD COURSE FIRST FIRST,         // one twice
		HEAD FIRST COURSE SECOND,        // out of order
		HEAD COURSE FIRST "mark\t3\t\tok\t\t0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\tE\tok\t\t0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\tA|A\tok\t\t0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\tA|\tok\t\t0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\t\tmaybe\t\t0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\t\treview\t\t0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\t\tok\tfaint\t0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\t\tok\t\t0,0,0\n",
		HEAD COURSE FIRST "mark\t2\t\tok\t\t0,0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\t\tok\t\t0,0,0,101\n",
		HEAD COURSE FIRST "mark\t2\t\tok\t\t0,0,0,\n",
		HEAD COURSE FIRST "mark\t2\t\tok\t\t0,0,0, 1\n",
		HEAD COURSE FIRST "mark\t2\t\tok\t0,0,0,0\n",
		HEAD COURSE FIRST "mark\t2\t\tok\t\t0,0,0,0\t\n",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(BROKEN); i++) {
		GError *error = NULL;
		struct answers *answers = answers_parse(BROKEN[i], setting->layout, &error);
		if (answers)
			print_error("accepted: %s\n", BROKEN[i]);
		assert_null(answers);
		assert_non_null(error);
		assert_null(strchr(error->message, '\n'));
		g_error_free(error);
	}
	ANSWERS_AUTO sound = answers_parse(HEAD COURSE FIRST SECOND, setting->layout, NULL);
	assert_non_null(sound);
}

// Every beginning of a sound text is refused without a crash, as is the text with any one byte replaced by a few others
// (refused, or taken as what it then says).
static void test_any_damage(void **state)
{
	const struct setting *setting = *state;
	ANSWERS_AUTO answers = papers_page(setting->layout, NULL, "W7", 1, "id.1=3; course=CS 2; 1=A|C; 2?=D");
	g_autofree char *text = answers_format(answers, setting->layout);
	size_t length = strlen(text);
	for (size_t cut = 0; cut < length; cut++) {
		g_autofree char *begin = g_strndup(text, cut);
		assert_null(answers_parse(begin, setting->layout, NULL));
	}
	for (size_t at = 0; at < length; at++) {
		static const char BYTES[] = "\t\n\\|,9\x80";
		for (const char *byte = BYTES; *byte; byte++) {
			g_autofree char *damaged = g_strdup(text);
			damaged[at] = *byte;
			answers_free(answers_parse(damaged, setting->layout, NULL));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_page),
		cmocka_unit_test(test_walk_in_page),
		cmocka_unit_test(test_other_outcomes),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_any_damage),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
