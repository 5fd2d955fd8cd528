// SPDX-License-Identifier: GPL-3.0-or-later
// The decision about marks, fed with measurements: what counts, what does not, and what is never guessed.
#include "tests/harness.h"

#include <string.h>

#include "detect/marks.h"
#include "sheet/exam_file.h"
#include "sheet/layout.h"

static const char EXAM[] = "exam: marks\n"
			   "title: Marks\n"
			   "sections:\n"
			   "  - title: One\n"
			   "    type: single\n"
			   "    questions:\n"
			   "      - {choices: 4, key: A}\n"
			   "  - title: Two\n"
			   "    type: multiple\n"
			   "    questions:\n"
			   "      - {choices: 4, key: AB}\n";

#define N 4

struct page {
	struct exam *exam;
	struct layout *layout;
	struct page_levels levels;
	struct bubble bubbles[N];
	struct surroundings around[N];
};

static int set_up(void **state)
{
	struct page *page = g_new0(struct page, 1);
	page->exam = exam_parse("marks.yaml", EXAM, strlen(EXAM), NULL);
	page->layout = page->exam ? layout_new(page->exam, NULL) : NULL;
	page->levels = (struct page_levels){.blank = 0.02, .pen = 0.85, .ring = 0.30};
	*state = page;
	return page->layout ? 0 : -1;
}

static int tear_down(void **state)
{
	struct page *page = *state;
	layout_free(page->layout);
	exam_free(page->exam);
	g_free(page);
	return 0;
}

// A bubble of which a share is as dark as `dark` and the rest as `light` (0 paper, 1 printed black).
static struct bubble bubble_of(double share, double dark, double light)
{
	struct bubble bubble = {.n = 100, .ring = 0.30f, .paper = 1, .on_page = true};
	unsigned inked = (unsigned)(share * bubble.n + 0.5);
	for (unsigned i = 0; i < bubble.n; i++)
		bubble.samples[i] = (uint8_t)((i < bubble.n - inked ? light : dark) * BUBBLE_BLACK + 0.5);
	bubble.darkness = (float)(share * dark + (1 - share) * light);
	return bubble;
}

static struct bubble blank(void)
{
	return bubble_of(0, 0, 0.02);
}

static struct bubble filled(void)
{
	return bubble_of(0.95, 0.85, 0.1);
}

static void all_blank(struct page *page)
{
	for (unsigned i = 0; i < N; i++)
		page->bubbles[i] = blank();
	memset(page->around, 0, sizeof page->around);
}

// Decides question 1 (single) or 2 (multiple).
static struct answers_mark decide(const struct page *page, const char *item)
{
	struct answers_mark mark = {0};
	int index = layout_find_item(page->layout, item);
	assert_true(index >= 0);
	marks_decide(page->layout, (unsigned)index, page->bubbles, page->around, &page->levels, &mark);
	assert_int_equal(mark.review, mark.reason != NULL);
	return mark;
}

static void assert_decided(const struct page *page, const char *item, exam_choices marked, const char *reason)
{
	struct answers_mark mark = decide(page, item);
	if (reason && (!mark.reason || !strstr(mark.reason, reason)))
		fail_msg("expected \"%s\", got \"%s\"", reason, mark.reason ? mark.reason : "ok");
	if (!reason && mark.reason)
		fail_msg("flagged: %s", mark.reason);
	if (!reason)
		assert_int_equal(mark.marked, marked);
	g_free(mark.reason);
}

static void marks_that_any_person_would_count(void **state)
{
	struct page *page = *state;
	const struct bubble marks[] = {
		filled(), bubble_of(0.60, 0.85, 0.05), // half filled
		bubble_of(0.22, 0.80, 0.03),           // a thin tick
		bubble_of(0.37, 0.70, 0.03),           // a line of 1 mm
		bubble_of(0.40, 0.85, 0.04),           // a cross
	};
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		all_blank(page);
		page->bubbles[2] = marks[i];
		page->around[2].span_mm = 3.5;
		assert_decided(page, "1", 1u << 2, NULL);
	}
	all_blank(page);
	assert_decided(page, "1", 0, NULL);
}

static void a_faint_even_pencil_is_judged_by_its_own_page(void **state)
{
	struct page *page = *state;
	page->levels.pen = 0.32; // paper 243, mark 175, print 30
	all_blank(page);
	page->bubbles[1] = bubble_of(1, 0.32, 0.32);
	assert_decided(page, "1", 1u << 1, NULL);
	// Lighter than any pencil of a student with a dark pen, it may be what an eraser left.
	page->levels.pen = 0.85;
	page->bubbles[1] = bubble_of(1, 0.27, 0.27);
	assert_decided(page, "1", 0, "not surely filled or blank");
}

static void what_an_eraser_leaves_is_never_decided(void **state)
{
	struct page *page = *state;
	for (int percent = 12; percent <= 24; percent += 4) {
		all_blank(page);
		page->bubbles[0] = bubble_of(1, percent / 100.0, percent / 100.0);
		page->bubbles[3] = filled();
		assert_decided(page, "1", 0, "not surely filled or blank: A 0.");
	}
}

static void small_dirt_is_blank_and_larger_dirt_is_flagged(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = bubble_of(0.03, 0.9, 0.02); // a speck of half a millimetre
	assert_decided(page, "1", 0, NULL);
	page->bubbles[0] = bubble_of(0.09, 0.9, 0.02);
	assert_decided(page, "1", 0, "not surely filled or blank");
}

static void a_dot_is_asked_about(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[2] = bubble_of(0.22, 0.80, 0.03); // as much ink as a tick, all in one spot
	page->around[2].span_mm = 1.2;
	assert_decided(page, "1", 0, "only a dot: C");
}

static void equally_clear_marks_are_what_the_student_wrote(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = page->bubbles[2] = filled();
	assert_decided(page, "1", 1u << 0 | 1u << 2, NULL);
	assert_decided(page, "2", 1u << 0 | 1u << 2, NULL);
}

static void changes_of_mind_are_flagged(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = filled();
	page->bubbles[2] = bubble_of(0.45, 0.80, 0.05);
	assert_decided(page, "1", 0, "perhaps a change of mind: A 0.81, C 0.39");
	page->bubbles[2] = filled();
	page->around[2] = (struct surroundings){.outside_mm = 1.1, .arms = 4};
	assert_decided(page, "1", 0, "scratched out");
}

static void lines_that_run_on_are_no_marks(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[1] = bubble_of(0.30, 0.80, 0.03);
	page->around[1].crosses = true;
	assert_decided(page, "1", 0, "a fold or a streak");
	// A filled bubble that a line runs through is filled all the same.
	page->bubbles[1] = filled();
	assert_decided(page, "1", 1u << 1, NULL);
}

static void a_bubble_that_is_not_there_is_flagged(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[3].ring = 0.02f; // torn off, over a white bed
	assert_decided(page, "1", 0, "cannot be seen");
	page->levels.ring = 0.03; // a bilevel scan that shows no rings at all
	assert_decided(page, "1", 0, NULL);
	page->bubbles[3].on_page = false;
	assert_decided(page, "1", 0, "cannot be seen");
}

static void levels_come_from_the_page(void **state)
{
	(void)state;
	struct bubble bubbles[40];
	for (unsigned i = 0; i < 40; i++)
		bubbles[i] = i % 4 == 0 ? bubble_of(0.9, 0.4, 0.1) : bubble_of(0, 0, 0.04);
	struct page_levels levels = marks_levels(bubbles, 40);
	assert_float_equal(levels.blank, 0.04, 0.01);
	assert_float_equal(levels.pen, 0.40, 0.01);
	assert_float_equal(levels.ring, 0.30, 0.01);
	// Nobody marked anything: no pen to be known.
	for (unsigned i = 0; i < 40; i++)
		bubbles[i] = blank();
	levels = marks_levels(bubbles, 40);
	assert_in_range((unsigned)(levels.pen * 100), 40, 60);
	levels = marks_levels(bubbles, 0);
	assert_float_equal(levels.blank, 0, 0.001);
}

#define page_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		page_test(marks_that_any_person_would_count),
		page_test(a_faint_even_pencil_is_judged_by_its_own_page),
		page_test(what_an_eraser_leaves_is_never_decided),
		page_test(small_dirt_is_blank_and_larger_dirt_is_flagged),
		page_test(a_dot_is_asked_about),
		page_test(equally_clear_marks_are_what_the_student_wrote),
		page_test(changes_of_mind_are_flagged),
		page_test(lines_that_run_on_are_no_marks),
		page_test(a_bubble_that_is_not_there_is_flagged),
		cmocka_unit_test(levels_come_from_the_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
