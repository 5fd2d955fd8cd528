// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/several.h"

#include "grade/forms.h"
#include "sheet/number.h"

#define REASON "several choices are marked"
#define REASON_GAP "this column is blank, and it is not clear which number is meant"

struct several {
	const struct layout *layout;
	const struct exam_question **questions; // by item of the exam: its question or part, if that waits for a person
};

// Whether anything ever waits.
static bool find_waiting(struct several *several)
{
	const struct exam *exam = several->layout->exam;
	bool any = false;
	for (unsigned q = 0; q < exam->n_questions; q++) {
		const struct exam_question *question = &exam->questions[q];
		for (unsigned i = 0; i < MAX(question->n_parts, 1); i++) {
			const struct exam_question *rows = question->n_parts ? &question->parts[i] : question;
			for (unsigned k = 0; k < rows->n_items && rows->review_several; k++)
				several->questions[rows->first_item + k] = rows;
			any = any || rows->review_several;
		}
	}
	return any;
}

static void flag(struct answers_mark *mark, const char *reason)
{
	if (mark->review || mark->decided)
		return;
	mark->review = true;
	mark->reason = g_strdup(reason);
}

// The columns of a number stand together on the sheet, so their marks do here. A number with a doubtful column waits
// for a person anyway, and one of which every column was decided is not asked about again.
static void look_at_number(const struct exam_question *question, struct answers_mark *marks)
{
	exam_choices marked[1 + EXAM_MAX_DIGITS + EXAM_MAX_DECIMALS] = {0};
	struct rational value;
	unsigned column;
	for (unsigned i = 0; i < question->n_items; i++) {
		marked[i] = marks[i].marked;
		if (marks[i].review)
			return;
	}
	enum number_state state = number_read(question, marked, &value, &column);
	if (state == NUMBER_GAP)
		flag(&marks[column], REASON_GAP);
	for (unsigned i = 0; i < question->n_items && state == NUMBER_SEVERAL; i++)
		if (marked[i] & (marked[i] - 1))
			flag(&marks[i], REASON);
}

static void look_at_page(struct answers *answers, const struct several *several)
{
	for (unsigned i = 0; i < answers->n_marks; i++) {
		struct answers_mark *mark = &answers->marks[i];
		struct form_mark translated;
		if (!forms_translate(several->layout, answers, mark, &translated))
			continue;
		const struct exam_question *question = several->questions[translated.item];
		if (question && question->type == EXAM_NUMBER && translated.item == question->first_item)
			look_at_number(question, mark);
		if (question && question->type == EXAM_SINGLE && (mark->marked & (mark->marked - 1)))
			flag(mark, REASON);
	}
}

struct several *several_new(const struct layout *layout)
{
	struct several *several = g_new(struct several, 1);
	*several = (struct several){layout, g_new0(const struct exam_question *, layout->exam->n_items + 1)};
	if (!find_waiting(several))
		g_clear_pointer(&several, several_free);
	return several;
}

void several_free(struct several *several)
{
	if (!several)
		return;
	g_free(several->questions);
	g_free(several);
}

void several_flag(const struct several *several, GPtrArray *pages)
{
	for (unsigned i = 0; several && i < pages->len; i++) {
		const struct batch_page *page = g_ptr_array_index(pages, i);
		if (page->fate == PAGE_READ)
			look_at_page(page->answers, several);
	}
}
