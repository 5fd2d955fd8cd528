// SPDX-License-Identifier: GPL-3.0-or-later
// The decision about items with several marks, and about marks that were taken back.
#include "tests/judged.h"

static void equally_clear_marks_are_what_the_student_wrote(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = page->bubbles[2] = filled();
	assert_decided(page, "1", 1u << 0 | 1u << 2, NULL);
	assert_decided(page, "2", 1u << 0 | 1u << 2, NULL);
}

// Ticks, lines and light fills alike: how much of a ring a stroke covers is chance, and so is a fill's part of what
// counts as ink beside a dark pen.
static void equal_marks_of_any_kind_are_read(void **state)
{
	struct page *page = *state;
	const struct {
		struct bubble one, other;
		const char *reason;
	} pairs[] = {
		{bubble_of(0.29, 0.60, 0.03), bubble_of(0.48, 0.60, 0.03), NULL}, // lines
		{bubble_of(0.22, 0.60, 0.03), bubble_of(0.48, 0.60, 0.03), "unequally"},
		{bubble_of(0.29, 0.57, 0.03), bubble_of(0.48, 0.80, 0.03), "unequally"}, // of paler ink
		{bubble_of(1, 0.34, 0.34), bubble_of(1, 0.36, 0.36), NULL},              // light fills
		{bubble_of(0.62, 0.60, 0.11), bubble_of(0.58, 0.60, 0.11), NULL}, // on paper that is grey for both
		{bubble_of(0.62, 0.60, 0.03), bubble_of(0.58, 0.60, 0.11), "unequally"},
		{filled(), bubble_of(0.95, 0.62, 0.10), "unequally"}, // a fill, and a paler one
	};
	page->levels.pen = 0.70;
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		all_blank(page);
		page->bubbles[0] = pairs[i].one;
		page->bubbles[2] = pairs[i].other;
		page->around[0] = page->around[2] = THROUGH;
		assert_decided(page, "2", 1u << 0 | 1u << 2, pairs[i].reason);
	}
}

static void changes_of_mind_are_flagged(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = filled();
	page->bubbles[2] = bubble_of(0.45, 0.80, 0.05);
	page->around[2] = THROUGH;
	assert_decided(page, "1", 0, "perhaps a change of mind: A 0.81, C 0.39");
	page->bubbles[2] = filled();
	page->around[2] = (struct surroundings){.outside_mm = 1.1, .arms = 4};
	assert_decided(page, "1", 0, "scratched out");
}

static void a_lone_mark_that_was_crossed_out_is_asked_about(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[3] = filled();
	page->around[3] = (struct surroundings){.outside_mm = 1.2, .arms = 4, .span_mm = 6.5};
	assert_decided(page, "1", 0, "perhaps crossed out: D");
	// A hand that overfills its rings does so all around, and not so far.
	page->levels.spill_mm = 0.6;
	page->around[3].arms = 6;
	page->bubbles[3].halo = 0.22f;
	assert_decided(page, "1", 1u << 3, NULL);
	page->bubbles[3].halo = 0.15f;
	assert_decided(page, "1", 0, "perhaps crossed out: D");
}

// How far a hand spills is not told by a page of which most marks are crossed out.
static void one_of_two_marks_may_be_crossed_out_as_many_are(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->levels.spill_mm = 1.7;
	page->bubbles[1] = page->bubbles[2] = filled();
	page->around[1].outside_mm = 0.1;
	page->around[2] = (struct surroundings){.outside_mm = 1.2, .arms = 2};
	assert_decided(page, "2", 0, "scratched out: B 0.81, C 0.81");
	page->around[2].outside_mm = 0.9; // as far as careless hands go
	assert_decided(page, "2", 1u << 1 | 1u << 2, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		page_test(equally_clear_marks_are_what_the_student_wrote),
		page_test(equal_marks_of_any_kind_are_read),
		page_test(changes_of_mind_are_flagged),
		page_test(a_lone_mark_that_was_crossed_out_is_asked_about),
		page_test(one_of_two_marks_may_be_crossed_out_as_many_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
