// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/interval.h"

#include <string.h>

#include "grade/forms.h"
#include "grade/paper.h"

// Rows are gone through again, since what is best in one may hang on another.
#define ROUNDS 2

// The exam's item behind a mark, and what it says there. False where no points hang on it.
static bool scored_mark(const struct results *results, const struct answers *answers, const struct answers_mark *mark,
	struct form_mark *translated)
{
	return forms_translate(results->layout, answers, mark, translated) &&
	       translated->item >= results->exam->n_fields;
}

// --- what is open

// A page that is missing is of the student's form, as far as that is known.
static void open_page(const struct results *results, const struct student *student, unsigned page, bool *open)
{
	const struct answers as_if = {.form = student->form};
	for (unsigned i = 0; i < results->layout->n_items; i++) {
		const struct answers_mark mark = {.item = i};
		struct form_mark translated;
		if (results->layout->items[i].page == page && scored_mark(results, &as_if, &mark, &translated))
			open[translated.item] = true;
	}
}

static void open_doubts(const struct results *results, const struct answers *answers, bool *open)
{
	for (unsigned i = 0; i < answers->n_marks; i++) {
		struct form_mark translated;
		if (answers->marks[i].review && scored_mark(results, answers, &answers->marks[i], &translated))
			open[translated.item] = true;
	}
}

// Where a scan that is set aside as contradicting says something else.
static void open_differences(
	const struct results *results, const struct student *student, const struct batch_page *other, bool *open)
{
	for (unsigned i = 0; i < other->answers->n_marks; i++) {
		struct form_mark said;
		if (scored_mark(results, other->answers, &other->answers->marks[i], &said) &&
			student->marked[said.item] != said.marked)
			open[said.item] = true;
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
			open_page(results, student, p + 1, open);
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
