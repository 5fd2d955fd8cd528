// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/judged.h"

#include <string.h>

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

int judged_set_up(void **state)
{
	struct page *page = g_new0(struct page, 1);
	page->exam = exam_parse("marks.yaml", EXAM, strlen(EXAM), NULL);
	page->layout = page->exam ? layout_new(page->exam, NULL) : NULL;
	page->levels = (struct page_levels){.blank = 0.02, .pen = 0.85, .ring = 0.30};
	*state = page;
	return page->layout ? 0 : -1;
}

int judged_tear_down(void **state)
{
	struct page *page = *state;
	layout_free(page->layout);
	exam_free(page->exam);
	g_free(page);
	return 0;
}

struct bubble bubble_of(double share, double dark, double light)
{
	struct bubble bubble = {.n = 100, .ring = 0.30f, .ring_rest = 0.28f, .paper = 1, .on_page = true};
	unsigned inked = (unsigned)(share * bubble.n + 0.5);
	bubble.halo = 0.02f;
	for (unsigned i = 0; i < bubble.n; i++)
		bubble.samples[i] = (uint8_t)((i < bubble.n - inked ? light : dark) * BUBBLE_BLACK + 0.5);
	bubble.darkness = (float)(share * dark + (1 - share) * light);
	return bubble;
}

struct bubble blank(void)
{
	return bubble_of(0, 0, 0.02);
}

struct bubble filled(void)
{
	return bubble_of(0.95, 0.85, 0.1);
}

void all_blank(struct page *page)
{
	for (unsigned i = 0; i < JUDGED_N; i++)
		page->bubbles[i] = blank();
	memset(page->around, 0, sizeof page->around);
	memset(page->second, 0, sizeof page->second);
}

const struct surroundings THROUGH = {
	.extent = {.inside_mm = 2.8, .through_mm = 1.3, .nearest_mm = 0.2}, .span_mm = 3.5};

struct answers_mark decide(const struct page *page, const char *item)
{
	struct answers_mark mark = {0};
	uint8_t fill_percent[JUDGED_N];
	int index = layout_find_item(page->layout, item);
	assert_true(index >= 0);
	const struct item_evidence evidence = {
		.bubbles = page->bubbles, .around = page->around, .second = page->second};
	decide_item(page->layout, (unsigned)index, &evidence, &page->levels, &mark, fill_percent);
	assert_int_equal(mark.review, mark.reason != NULL);
	return mark;
}

void assert_decided(const struct page *page, const char *item, exam_choices marked, const char *reason)
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
