// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/paper.h"

#include <string.h>

#include "grade/forms.h"
#include "grade/score.h"
#include "sheet/exam_total.h"

// Takes over what a page says; seen is by item of the exam. Whether an item that is scored is in doubt.
static bool take_marks(
	struct student *student, const struct batch_page *page, const struct results *results, bool *seen)
{
	bool doubt = false;
	for (unsigned i = 0; i < page->answers->n_marks; i++) {
		const struct answers_mark *mark = &page->answers->marks[i];
		struct form_mark translated;
		if (!forms_translate(results->layout, page->answers, mark, &translated))
			continue;
		student->marked[translated.item] = translated.marked;
		seen[translated.item] = true;
		doubt = doubt || (mark->review && translated.item >= results->exam->n_fields);
	}
	return doubt;
}

static bool all_seen(const struct exam_question *question, const bool *seen)
{
	for (unsigned i = 0; i < question->n_items; i++)
		if (!seen[question->first_item + i])
			return false;
	return true;
}

static void score(struct student *student, const struct exam *exam, const bool *seen)
{
	g_autofree struct rational *points = g_new0(struct rational, MAX(exam->n_questions, 1));
	g_autofree bool *known = g_new0(bool, MAX(exam->n_questions, 1));
	for (unsigned q = 0; q < exam->n_questions; q++) {
		const struct exam_question *question = &exam->questions[q];
		known[q] = all_seen(question, seen);
		if (!known[q])
			continue;
		points[q] = score_question(exam, question, student->marked);
		student->questions[q] = (struct student_question){.scored = true, .score = points[q]};
	}
	student->total = exam_total(exam, points, known);
}

struct rational paper_total_if(const struct student *student, const exam_choices *marked, const struct results *results)
{
	struct student other = *student;
	g_autofree bool *seen = g_new(bool, results->exam->n_items + 1);
	memset(seen, true, results->exam->n_items + 1);
	other.marked = (exam_choices *)(uintptr_t)marked;
	other.questions = g_new0(struct student_question, MAX(results->exam->n_questions, 1));
	score(&other, results->exam, seen);
	g_free(other.questions);
	return other.total;
}

// A bad scan of a page of the same paper that was read all the same asks nothing of a person; any other exception might
// hold something that changes the grade.
static bool is_settled(const struct student *student, const struct batch_page *page)
{
	unsigned number = page->answers->page;
	if (page->fate != PAGE_EXCEPTION || page->settled)
		return true;
	const struct batch_page *read = student->has_score && number ? student->pages[number - 1] : NULL;
	return read && page_same_paper(read, page);
}

static enum student_status status_of(
	const struct student *student, GPtrArray *pages, bool flagged, const struct results *results)
{
	if (results->roster && !student->row)
		return STUDENT_UNKNOWN;
	if (!pages)
		return STUDENT_ABSENT;
	if (!student->has_score)
		return STUDENT_INCOMPLETE;
	for (unsigned p = 0; p < results->layout->n_pages; p++)
		if (!student->pages[p])
			return STUDENT_INCOMPLETE;
	for (unsigned i = 0; i < pages->len; i++)
		flagged = flagged || !is_settled(student, g_ptr_array_index(pages, i));
	return flagged ? STUDENT_REVIEW : STUDENT_GRADED;
}

static void take_pages(struct student *student, GPtrArray *pages, const struct results *results)
{
	for (unsigned i = 0; i < pages->len; i++) {
		const struct batch_page *page = g_ptr_array_index(pages, i);
		if (page->fate != PAGE_READ)
			continue;
		if (!student->has_score) {
			student->has_score = true;
			student->pages = g_new0(const struct batch_page *, results->layout->n_pages);
			student->marked = g_new0(exam_choices, MAX(results->exam->n_items, 1));
			student->questions = g_new0(struct student_question, MAX(results->exam->n_questions, 1));
		}
		student->pages[page->answers->page - 1] = page;
		student->form = page->answers->form;
	}
}

void paper_account(struct student *student, GPtrArray *pages, bool flagged, const struct results *results)
{
	student->total = RATIONAL_ZERO;
	if (pages)
		take_pages(student, pages, results);
	if (student->has_score) {
		g_autofree bool *seen = g_new0(bool, results->exam->n_items + 1);
		for (unsigned p = 0; p < results->layout->n_pages; p++)
			if (student->pages[p])
				flagged = take_marks(student, student->pages[p], results, seen) || flagged;
		score(student, results->exam, seen);
	}
	student->status = status_of(student, pages, flagged, results);
}

void paper_forget(struct student *student)
{
	g_clear_pointer(&student->marked, g_free);
	g_clear_pointer(&student->questions, g_free);
}

void paper_clear(struct student *student)
{
	paper_forget(student);
	g_free(student->pages);
}
