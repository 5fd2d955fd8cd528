// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/interval.h"

#include <string.h>

#include "grade/paper.h"

// Rows are gone through again, since what is best in one may hang on another.
#define ROUNDS 2

static unsigned item_index(const struct results *results, const struct layout_item *item)
{
	return (unsigned)(item->exam_item - results->exam->items);
}

static bool is_scored(const struct layout_item *item)
{
	return item->exam_item && item->exam_item->kind != EXAM_ITEM_FIELD;
}

// --- what is open

static void open_page(const struct results *results, unsigned page, bool *open)
{
	for (unsigned i = 0; i < results->layout->n_items; i++) {
		const struct layout_item *item = &results->layout->items[i];
		if (item->page == page && is_scored(item))
			open[item_index(results, item)] = true;
	}
}

static void open_doubts(const struct results *results, const struct answers *answers, bool *open)
{
	for (unsigned i = 0; i < answers->n_marks; i++) {
		const struct layout_item *item = &results->layout->items[answers->marks[i].item];
		if (answers->marks[i].review && is_scored(item))
			open[item_index(results, item)] = true;
	}
}

// Where a scan that is set aside as contradicting says something else.
static void open_differences(
	const struct results *results, const struct student *student, const struct batch_page *other, bool *open)
{
	for (unsigned i = 0; i < other->answers->n_marks; i++) {
		const struct answers_mark *mark = &other->answers->marks[i];
		const struct layout_item *item = &results->layout->items[mark->item];
		if (is_scored(item) && student->marked[item_index(results, item)] != mark->marked)
			open[item_index(results, item)] = true;
	}
}

// Which items of the exam may still change. Owned by the caller.
static bool *open_items(const struct results *results, const struct student *student)
{
	bool *open = g_new0(bool, results->exam->n_items + 1);
	for (unsigned p = 0; p < results->layout->n_pages; p++) {
		const struct batch_page *page = student->has_score ? student->pages[p] : NULL;
		if (page)
			open_doubts(results, page->answers, open);
		else if (!rulings_page_is_lost(results->rulings, student->id, p + 1))
			open_page(results, p + 1, open);
	}
	for (unsigned i = 0; student->has_score && i < results->n_exceptions; i++) {
		const struct batch_page *scan = results->exceptions[i].scan;
		if (scan && strcmp(results->exceptions[i].kind, BATCH_KIND_CONFLICT) == 0 &&
			g_strcmp0(scan->student_id, student->id) == 0)
			open_differences(results, student, scan, open);
	}
	return open;
}

// --- how far it can go

struct search {
	const struct results *results;
	const struct student *student;
	const bool *open;
	exam_choices *marked; // what is tried
	int sign;             // 1: the highest, -1: the lowest
};

static struct rational total(const struct search *search)
{
	return paper_total_if(search->student, search->marked, search->results);
}

// Tries everything in one row and leaves it at the best.
static struct rational try_item(const struct search *search, unsigned index, exam_choices read)
{
	const struct exam_item *item = &search->results->exam->items[index];
	exam_choices best_marks = search->marked[index];
	struct rational best = total(search);
	for (unsigned i = 0; i < item->n_choices + 3; i++) {
		exam_choices one = i < item->n_choices ? (exam_choices)1 << i : 0;
		search->marked[index] = i == item->n_choices + 1 ? item->key : i == item->n_choices + 2 ? read : one;
		struct rational points = total(search);
		if (search->sign * rational_compare(points, best) > 0) {
			best = points;
			best_marks = search->marked[index];
		}
	}
	search->marked[index] = best_marks;
	return best;
}

static struct rational climb(const struct search *search, const exam_choices *read)
{
	struct rational best = total(search);
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 0; i < search->results->exam->n_items; i++)
			if (search->open[i])
				best = try_item(search, i, read[i]);
	return best;
}

// From what was read, and from the key.
static struct rational extreme(const struct results *results, const struct student *student, const bool *open,
	const exam_choices *read, int sign)
{
	unsigned n = results->exam->n_items;
	g_autofree exam_choices *marked = g_memdup2(read, n * sizeof *read);
	const struct search search = {results, student, open, marked, sign};
	struct rational best = climb(&search, read);
	for (unsigned i = 0; i < n; i++)
		marked[i] = open[i] ? results->exam->items[i].key : read[i];
	struct rational other = climb(&search, read);
	return sign * rational_compare(other, best) > 0 ? other : best;
}

static struct interval interval_over(const struct results *results, const struct student *student, const bool *open)
{
	g_autofree exam_choices *none = g_new0(exam_choices, results->exam->n_items + 1);
	const exam_choices *read = student->has_score ? student->marked : none;
	return (struct interval){extreme(results, student, open, read, -1), extreme(results, student, open, read, 1)};
}

struct interval interval_of_student(const struct results *results, const struct student *student)
{
	g_autofree bool *open = open_items(results, student);
	bool any = false;
	for (unsigned i = 0; i < results->exam->n_items; i++)
		any = any || open[i];
	if (!any)
		return (struct interval){student->total, student->total};
	return interval_over(results, student, open);
}

struct interval interval_of_item(const struct results *results, const struct student *student, unsigned item)
{
	g_autofree bool *open = g_new0(bool, results->exam->n_items + 1);
	open[item] = true;
	return interval_over(results, student, open);
}
