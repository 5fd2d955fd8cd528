// SPDX-License-Identifier: GPL-3.0-or-later
// The decision about marks, fed with measurements: what counts, what does not, and what is never guessed.
#include "tests/harness.h"

#include <string.h>

#include "detect/decide.h"
#include "detect/marks.h"
#include "detect/rules.h"
#include "tests/judged.h"

static void set_ring(struct bubble *bubble, double darkness, double rest)
{
	bubble->ring = (float)darkness;
	bubble->ring_rest = (float)rest;
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
		page->around[2] = THROUGH;
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
	page->bubbles[1] = bubble_of(1, 0.19, 0.19);
	assert_decided(page, "1", 0, "not surely filled or blank");
}

static void what_an_eraser_leaves_is_never_decided(void **state)
{
	struct page *page = *state;
	for (int percent = 16; percent <= 28; percent += 4) {
		all_blank(page);
		// Strokes that were missed, in what is left of the others.
		page->bubbles[0] = bubble_of(0.3, 2 * percent / 100.0, 0.6 * percent / 100.0);
		page->around[0] = THROUGH;
		page->bubbles[3] = filled();
		assert_decided(page, "1", 0, "not surely filled or blank: A 0.");
	}
}

// What an eraser left or a stroke beside the ring, on pages where it is nearly as dark as marks; and the mark next to
// it that is read.
static void what_looks_nearly_like_a_faint_mark_is_not_one(void **state)
{
	static const struct {
		double pen, full, grain;
		double fill, dark, light, halo, inside_mm;
		bool read;
	} cases[] = {
		// a dark piece of a stroke in a thick haze, less than this hand's marks; as much as they are
		{0.55, 0.51, 0.03, 0.43, 0.49, 0.18, 0.02, 2.8, false},
		{0.55, 0.36, 0.03, 0.43, 0.49, 0.18, 0.02, 2.8, true},
		// a broad rest, with hardly a place in it that would be clean; and with one
		{0.55, 0.45, 0.03, 0.79, 0.38, 0.28, 0.15, 2.8, false},
		{0.55, 0.45, 0.03, 0.65, 0.38, 0.03, 0.02, 2.8, true},
		// a light piece of a stroke; a stroke from rim to rim
		{0.30, 0.31, 0.03, 0.42, 0.24, 0.035, 0.02, 2.2, false},
		{0.30, 0.31, 0.03, 0.42, 0.24, 0.035, 0.02, 2.6, true},
		// hardly anything, in noise; and without
		{0.36, 0.34, 0.085, 0.22, 0.34, 0.035, 0.02, 2.8, false},
		{0.36, 0.34, 0.03, 0.22, 0.34, 0.035, 0.02, 2.8, true},
		// pale strokes in a haze, less than this hand's marks; as much as they are; and that on a noisy page
		{0.55, 0.50, 0.03, 0.46, 0.40, 0.12, 0.02, 2.8, false},
		{0.55, 0.32, 0.03, 0.46, 0.40, 0.12, 0.02, 2.8, true},
		{0.55, 0.32, 0.085, 0.46, 0.40, 0.12, 0.02, 2.8, false},
		// a stroke in so much noise that it seems dark; and with less of it
		{0.36, 0.34, 0.103, 0.38, 0.30, 0.035, 0.02, 2.9, false},
		{0.36, 0.34, 0.070, 0.38, 0.30, 0.035, 0.02, 2.9, true},
		// a haze around it; and ink of its own, too dark for what an eraser leaves
		{0.41, 0.38, 0.03, 0.78, 0.36, 0.20, 0.14, 2.8, false},
		{0.41, 0.38, 0.03, 0.78, 0.36, 0.20, 0.17, 2.8, true},
		// a broad mark that is paler than others are; and not
		{0.34, 0.50, 0.03, 0.75, 0.28, 0.09, 0.02, 2.8, false},
		{0.34, 0.30, 0.03, 0.75, 0.28, 0.09, 0.02, 2.8, true},
	};
	struct page *page = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		all_blank(page);
		page->levels.pen = cases[i].pen;
		page->levels.full = cases[i].full;
		page->levels.grain = cases[i].grain;
		page->bubbles[1] = bubble_of(cases[i].fill, cases[i].dark, cases[i].light);
		page->bubbles[1].halo = (float)cases[i].halo;
		page->around[1] = THROUGH;
		page->around[1].extent.inside_mm = cases[i].inside_mm;
		assert_decided(page, "1", 1u << 1, cases[i].read ? NULL : "not surely filled or blank: B");
	}
}

// On a page of which most is faint, even light marks are read; but not half of what this hand fills.
static void a_faint_page_has_erasures_too(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->levels.faint = true;
	page->levels.pen = 0.475;
	page->levels.grain = 0.062;
	page->bubbles[1] = bubble_of(0.65, 0.29, 0.20);
	page->bubbles[1].halo = 0.09f;
	page->around[1] = THROUGH;
	page->levels.full = 0.386;
	assert_decided(page, "1", 0, "not surely filled or blank: B");
	page->levels.full = 0.28;
	assert_decided(page, "1", 1u << 1, NULL);
}

// A thin tick of a faint pencil, which noise could have made of a stroke beside the ring; but not where there is none.
static void a_thin_tick_of_a_faint_pencil_is_read_where_it_is_quiet(void **state)
{
	static const struct {
		double grain, fill;
		bool read;
	} cases[] = {{0.012, 0.18, true}, {0.03, 0.18, false}, {0.03, 0.22, true}, {0.012, 0.14, false}};
	struct page *page = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		all_blank(page);
		page->levels.faint = true;
		page->levels.pen = 0.45;
		page->levels.grain = cases[i].grain;
		page->bubbles[1] = bubble_of(cases[i].fill, 0.49, 0.02);
		page->around[1] = THROUGH;
		assert_decided(page, "1", 1u << 1, cases[i].read ? NULL : "not surely filled or blank: B");
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
	page->around[2].extent = (struct bubble_extent){.inside_mm = 1.2, .through_mm = 0.6, .nearest_mm = 0};
	assert_decided(page, "1", 0, "only a dot: C");
}

// An eraser's rest fades towards the ring, and lies around it.
static void an_even_pencil_is_read_beside_any_pen(void **state)
{
	struct page *page = *state;
	page->levels.full = 0.81;
	all_blank(page);
	page->bubbles[1] = bubble_of(1, 0.28, 0.28);
	assert_decided(page, "1", 1u << 1, NULL);
	page->bubbles[1] = bubble_of(0.9, 0.30, 0.20);
	assert_decided(page, "1", 0, "not surely filled or blank");
	page->bubbles[1] = bubble_of(1, 0.28, 0.28);
	page->bubbles[1].halo = 0.10f;
	assert_decided(page, "1", 0, "not surely filled or blank");
}

static void lines_that_run_on_are_no_marks(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[1] = bubble_of(0.30, 0.80, 0.03);
	page->around[1] = THROUGH;
	page->around[1].crosses = true;
	assert_decided(page, "1", 0, "a fold or a streak");
	// A crease with the shadow beside it leaves little in the ring, as it has much around it too.
	page->bubbles[1] = bubble_of(0.25, 0.28, 0.06);
	page->bubbles[1].halo = 0.06f;
	assert_decided(page, "1", 0, NULL);
	page->bubbles[1].halo = 0.03f; // more than it leaves: a pale tick as well?
	assert_decided(page, "1", 0, "a fold or a streak");
	page->around[1].crosses = false;
	page->bubbles[1].halo = 0.06f;
	assert_decided(page, "1", 0, "not surely filled or blank");
	page->around[1].crosses = true;
	// A filled bubble that a line runs through is filled all the same.
	page->bubbles[1] = filled();
	assert_decided(page, "1", 1u << 1, NULL);
}

static void a_bubble_that_is_not_there_is_flagged(void **state)
{
	struct page *page = *state;
	all_blank(page);
	set_ring(&page->bubbles[3], 0.02, 0.01); // torn off, over a white bed
	assert_decided(page, "1", 0, "cannot be seen");
	set_ring(&page->bubbles[3], 0.12, 0.01); // covered, but for the end of a stroke over the rim
	assert_decided(page, "1", 0, "cannot be seen");
	set_ring(&page->bubbles[3], 0.12, 0.09); // lies a little aside
	assert_decided(page, "1", 0, NULL);
	page->levels.ring = 0.03; // a bilevel scan that shows no rings at all
	for (unsigned i = 0; i < 4; i++)
		page->bubbles[i].ring = 0;
	assert_decided(page, "1", 0, NULL);
	page->bubbles[2].ring = 0.12f; // what runs along there is no ring, but a stroke: of a mark that lies aside?
	assert_decided(page, "1", 0, "not surely filled or blank");
	page->bubbles[2].ring = 0;
	page->bubbles[3].on_page = false;
	assert_decided(page, "1", 0, "cannot be seen");
}

// Black and white: what an eraser left is as black as a stroke where it is black at all.
static void grains_are_no_strokes(void **state)
{
	static const struct {
		double fill, dark, inside_mm;
		unsigned arms;
		const char *reason;
	} cases[] = {{0.25, 1, 2.9, 0, NULL}, {0.25, 1, 2.4, 0, "not surely"}, {0.18, 1, 2.9, 0, "not surely"},
		{0.18, 1, 2.4, 1, NULL}, {0.40, 1, 2.4, 0, NULL}, {0.45, 0.82, 2.4, 0, NULL},
		{0.45, 0.79, 2.9, 3, "not surely"}, {0.32, 0.82, 2.9, 1, "not surely"}};
	struct page *page = *state;
	page->levels = (struct page_levels){.pen = 1, .ring = 0.30, .full = 0.75};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		all_blank(page);
		page->bubbles[1] = bubble_of(cases[i].fill, cases[i].dark, 0);
		page->around[1] = THROUGH;
		page->around[1].extent.inside_mm = cases[i].inside_mm;
		page->around[1].arms = cases[i].arms;
		assert_decided(page, "1", 1u << 1, cases[i].reason);
	}
	// A student who ticks everywhere is believed the slightest tick.
	page->levels.full = 0.35;
	page->bubbles[1] = bubble_of(0.24, 1, 0);
	page->around[1].arms = 0;
	page->around[1].extent.inside_mm = 2.4;
	assert_decided(page, "1", 1u << 1, NULL);
}

// A scanner that lost most of the rings: whether one is there says nothing, what is darker than any ring does.
static void rings_that_the_scanner_lost_are_not_missed(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->levels = (struct page_levels){.pen = 1, .ring = 0.5, .usual_ring = 0.1, .ringless = true};
	page->bubbles[0].ring = 0;
	page->bubbles[1].ring = 0.4f;
	assert_decided(page, "1", 0, NULL);
	page->bubbles[1].ring = 0.6f;
	assert_decided(page, "1", 0, "not surely");
	page->levels.ringless = false;
	page->bubbles[1].ring = 0.4f;
	assert_decided(page, "1", 0, "cannot be seen");
}

// What shows through from the other side, a smear: as dark outside of the ring as inside.
static void shades_without_an_edge_are_no_marks(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[1] = bubble_of(1, 0.10, 0.10);
	assert_decided(page, "1", 0, NULL);
	page->bubbles[0] = filled();
	page->bubbles[1] = bubble_of(1, 0.12, 0.12);
	assert_decided(page, "1", 1u << 0, NULL);
	page->bubbles[1] = bubble_of(1, 0.15, 0.15);
	page->bubbles[1].halo = 0.06f;
	assert_decided(page, "1", 1u << 0, NULL);
	page->bubbles[1].halo = 0.02f; // it ends at the ring: a fill, paler than this student's others?
	assert_decided(page, "1", 0, "not surely filled or blank");
	page->bubbles[1].halo = 0.06f;
	page->bubbles[0] = blank(); // with nothing else marked, it may be the answer
	assert_decided(page, "1", 0, "not surely filled or blank");
	page->bubbles[1] = bubble_of(1, 0.30, 0.30);
	page->bubbles[1].halo = 0.18f;
	page->around[1] = THROUGH;
	page->levels.pen = 0.40;
	assert_decided(page, "1", 0, "not surely filled or blank");
	page->bubbles[1].halo = 0.02f;
	assert_decided(page, "1", 1u << 1, NULL);
}

// Marks of the other side that lie exactly behind the rings end there too; they are many, and do not ask for a mark.
static void what_shows_through_at_the_rings_is_known_by_its_number(void **state)
{
	struct page *page = *state;
	struct bubble bubbles[40];
	for (unsigned i = 0; i < G_N_ELEMENTS(bubbles); i++)
		bubbles[i] = blank();
	bubbles[7] = bubble_of(1, 0.15, 0.15);
	assert_false(marks_show_through(bubbles, 40, &page->levels));
	bubbles[8] = bubble_of(1, 0.15, 0.15);
	assert_true(marks_show_through(bubbles, 40, &page->levels));
	bubbles[8] = bubble_of(1, 0.30, 0.30); // too dark for that
	assert_false(marks_show_through(bubbles, 40, &page->levels));
	assert_false(marks_show_through(bubbles, 0, &page->levels));

	all_blank(page);
	page->bubbles[0] = filled();
	page->bubbles[1] = bubble_of(1, 0.15, 0.15);
	assert_decided(page, "1", 0, "not surely filled or blank: B");
	page->levels.shows_through = true;
	assert_decided(page, "1", 1u << 0, NULL);
	page->bubbles[0] = blank(); // nothing else is marked: is this the answer?
	assert_decided(page, "1", 0, "not surely filled or blank: B");
}

static void strokes_that_come_in_from_beside_are_asked_about(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = bubble_of(0.20, 0.85, 0.02);
	page->around[0] = (struct surroundings){
		.extent = {.inside_mm = 1.3, .through_mm = -0.3, .nearest_mm = 0.4}, .arms = 1, .outside_mm = 0.8};
	assert_decided(page, "1", 0, "hardly enters: A");
}

static void streaks_are_named_wherever_they_touch(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = filled();
	page->around[2].streak = 0.2;
	assert_decided(page, "1", 0, "a streak of the scanner runs through: C");
}

static void both_readers_must_agree(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = filled();
	for (unsigned i = 0; i < JUDGED_N; i++)
		page->second[i] = i == 0 ? SECOND_MARKED : SECOND_BLANK;
	assert_decided(page, "1", 1u << 0, NULL);
	page->second[2] = SECOND_MARKED;
	assert_decided(page, "1", 0, "two ways of reading it disagree: C");
	page->second[2] = SECOND_BLANK;
	page->second[0] = SECOND_BLANK;
	assert_decided(page, "1", 0, "two ways of reading it disagree: A");
}

static void a_rule_left_out_in_a_measurement_does_not_hold(void **state)
{
	struct page *page = *state;
	all_blank(page);
	page->bubbles[0] = filled();
	page->around[2].streak = 0.2;
	page->levels.left_out = 1u << RULE_STREAK;
	assert_decided(page, "1", 1u << 0, NULL);
	enum rule rule = RULE_N;
	assert_true(rule_parse("streak", &rule));
	assert_int_equal(rule, RULE_STREAK);
	assert_false(rule_parse("strike", &rule));
}

static void every_threshold_has_a_unit_and_a_reason(void **state)
{
	(void)state;
	unsigned n;
	const struct threshold *list = rules_thresholds(&n);
	assert_true(n > 30);
	for (unsigned i = 0; i < n; i++)
		if (list[i].value <= 0 || !*list[i].unit || strlen(list[i].about) < 8)
			fail_msg("%s", list[i].name);
}

static void levels_come_from_the_page(void **state)
{
	(void)state;
	struct bubble bubbles[40];
	for (unsigned i = 0; i < 40; i++)
		bubbles[i] = i % 4 == 0 ? bubble_of(0.9, 0.4, 0.1) : bubble_of(0, 0, 0.04);
	struct page_levels levels = levels_of(bubbles, 40);
	assert_float_equal(levels.blank, 0.04, 0.01);
	assert_float_equal(levels.pen, 0.40, 0.01);
	assert_float_equal(levels.ring, 0.30, 0.01);
	// Nobody marked anything: no pen to be known.
	for (unsigned i = 0; i < 40; i++)
		bubbles[i] = blank();
	levels = levels_of(bubbles, 40);
	assert_in_range((unsigned)(levels.pen * 100), 40, 60);
	levels = levels_of(bubbles, 0);
	assert_float_equal(levels.blank, 0, 0.001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		page_test(marks_that_any_person_would_count),
		page_test(a_faint_even_pencil_is_judged_by_its_own_page),
		page_test(what_an_eraser_leaves_is_never_decided),
		page_test(what_looks_nearly_like_a_faint_mark_is_not_one),
		page_test(a_faint_page_has_erasures_too),
		page_test(a_thin_tick_of_a_faint_pencil_is_read_where_it_is_quiet),
		page_test(small_dirt_is_blank_and_larger_dirt_is_flagged),
		page_test(a_dot_is_asked_about),
		page_test(an_even_pencil_is_read_beside_any_pen),
		page_test(lines_that_run_on_are_no_marks),
		page_test(a_bubble_that_is_not_there_is_flagged),
		page_test(grains_are_no_strokes),
		page_test(rings_that_the_scanner_lost_are_not_missed),
		page_test(shades_without_an_edge_are_no_marks),
		page_test(what_shows_through_at_the_rings_is_known_by_its_number),
		page_test(strokes_that_come_in_from_beside_are_asked_about),
		page_test(streaks_are_named_wherever_they_touch),
		page_test(both_readers_must_agree),
		page_test(a_rule_left_out_in_a_measurement_does_not_hold),
		cmocka_unit_test(every_threshold_has_a_unit_and_a_reason),
		cmocka_unit_test(levels_come_from_the_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
