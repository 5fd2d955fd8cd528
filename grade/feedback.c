// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/feedback.h"

#include "grade/forms.h"
#include "grade/keys.h"

static const struct exam_question *question_of(const struct exam *exam, unsigned item)
{
	for (unsigned q = 0; q < exam->n_questions; q++) {
		const struct exam_question *question = &exam->questions[q];
		if (item >= question->first_item && item < question->first_item + question->n_items)
			return question;
	}
	return NULL;
}

static void add(struct feedback *feedback, enum feedback_sign sign, unsigned item, unsigned choice)
{
	const struct feedback_mark mark = {sign, item, choice};
	g_array_append_val(feedback->marks, mark);
}

// One row of the sheet, in the words of the exam's own order: on a form's sheet it stands for another row, and its
// choices for others.
struct sheet_row {
	const struct results *results;
	const struct answers *answers;
	const struct answers_mark *mark;
	struct form_mark master; // which item it stands for, and what is marked in that
};

static bool sheet_row_init(struct sheet_row *row, const struct results *results, const struct answers *answers,
	const struct answers_mark *mark)
{
	*row = (struct sheet_row){.results = results, .answers = answers, .mark = mark};
	return forms_translate(results->layout, answers, mark, &row->master);
}

// The one choice that a ring of the sheet stands for.
static exam_choices master_of_ring(const struct sheet_row *row, unsigned choice)
{
	const struct answers_mark one = {.item = row->mark->item, .marked = (exam_choices)1 << choice};
	struct form_mark master;
	return forms_translate(row->results->layout, row->answers, &one, &master) ? master.marked : 0;
}

// A set is compared with the key that it is, or else with the first; a single answer with all that are accepted, of
// which one suffices.
static void judge_row(
	struct feedback *feedback, const struct item_keys *keys, const struct sheet_row *row, bool show_key)
{
	bool is_set = keys->item->kind == EXAM_ITEM_MULTIPLE;
	exam_choices marked = row->master.marked, wanted = is_set ? keys->item->key : keys->keyed;
	if (keys_ask_for(keys, marked))
		wanted = marked;
	bool satisfied = !is_set && (marked & wanted);
	for (unsigned choice = 0; choice < row->results->layout->items[row->mark->item].n_bubbles; choice++) {
		exam_choices ring = master_of_ring(row, choice);
		if (marked & ring)
			add(feedback, wanted & ring ? FEEDBACK_RIGHT : FEEDBACK_WRONG, row->mark->item, choice);
		else if ((wanted & ring) && !satisfied && show_key)
			add(feedback, FEEDBACK_MISSED, row->mark->item, choice);
	}
	if (row->mark->review)
		add(feedback, FEEDBACK_DOUBT, row->mark->item, 0);
}

static void add_points(struct feedback *feedback, const struct results *results, const struct student *student,
	const struct exam_question *question, unsigned item)
{
	const struct student_question *scored = &student->questions[question - results->exam->questions];
	struct feedback_points points = {.item = item, .last_item = item};
	if (!scored->scored)
		return;
	struct rational most = exam_question_maximum(results->exam, question);
	char score_text[RATIONAL_TEXT_SIZE], most_text[RATIONAL_TEXT_SIZE];
	points.text =
		g_strdup_printf("%s/%s", rational_format(scored->score, score_text), rational_format(most, most_text));
	points.is_most = rational_compare(scored->score, most) >= 0;
	points.is_nought = !points.is_most && rational_compare(scored->score, RATIONAL_ZERO) <= 0;
	g_array_append_val(feedback->points, points);
}

static void points_clear(void *points)
{
	g_free(((struct feedback_points *)points)->text);
}

void feedback_init(struct feedback *feedback, const struct results *results, const struct student *student,
	const struct batch_page *page, bool show_key)
{
	const struct exam *exam = results->exam;
	const struct exam_question *before = NULL;
	feedback->marks = g_array_new(FALSE, FALSE, sizeof(struct feedback_mark));
	feedback->points = g_array_new(FALSE, FALSE, sizeof(struct feedback_points));
	g_array_set_clear_func(feedback->points, points_clear);
	for (unsigned i = 0; i < page->answers->n_marks; i++) {
		const struct answers_mark *mark = &page->answers->marks[i];
		struct sheet_row row;
		const struct exam_question *question = NULL;
		if (sheet_row_init(&row, results, page->answers, mark))
			question = question_of(exam, row.master.item);
		if (!question)
			continue;
		const struct item_keys keys = keys_of_item(exam, question, row.master.item);
		if (!keys.is_settled)
			judge_row(feedback, &keys, &row, show_key);
		unsigned n_points = feedback->points->len;
		if (question != before)
			add_points(feedback, results, student, question, mark->item);
		else if (n_points)
			g_array_index(feedback->points, struct feedback_points, n_points - 1).last_item = mark->item;
		before = question;
	}
}

void feedback_clear(struct feedback *feedback)
{
	g_clear_pointer(&feedback->marks, g_array_unref);
	g_clear_pointer(&feedback->points, g_array_unref);
}
