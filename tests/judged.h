// SPDX-License-Identifier: GPL-3.0-or-later
// A page of two items whose bubbles' measurements are set by hand, to see what is decided of them.
#ifndef SHEAF_TESTS_JUDGED_H
#define SHEAF_TESTS_JUDGED_H

#include "detect/decide.h"
#include "tests/harness.h"

#define JUDGED_N 4

// Item 1 takes a single choice, item 2 several; what is set holds for either.
struct page {
	struct exam *exam;
	struct layout *layout;
	struct page_levels levels;
	struct bubble bubbles[JUDGED_N];
	struct surroundings around[JUDGED_N];
	enum second_says second[JUDGED_N];
};

// A test whose state is a page: of a dark pen, its bubbles not set.
int judged_set_up(void **state);
int judged_tear_down(void **state);
#define page_test(f) cmocka_unit_test_setup_teardown(f, judged_set_up, judged_tear_down)

// A bubble of which a share is as dark as `dark` and the rest as `light` (0 paper, 1 printed black).
struct bubble bubble_of(double share, double dark, double light);
struct bubble blank(void);
struct bubble filled(void);
void all_blank(struct page *page);

// What is around a stroke through the middle.
extern const struct surroundings THROUGH;

// Fails unless the item (1 or 2) is flagged with a reason that has these words or, where reason is NULL, is read as
// marked.
void assert_decided(const struct page *page, const char *item, exam_choices marked, const char *reason);

// What is decided of the item. The reason is the caller's to free.
struct answers_mark decide(const struct page *page, const char *item);

#endif
