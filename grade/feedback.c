// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/feedback.h"

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

// A set is compared with the key that it is, or else with the first; a single answer with all that are accepted, of
// which one suffices.
static void judge_row(
	struct feedback *feedback, const struct item_keys *keys, const struct answers_mark *mark, bool show_key)
{
	bool is_set = keys->item->kind == EXAM_ITEM_MULTIPLE;
	exam_choices wanted = is_set ? keys->item->key : keys->keyed;
	if (keys_ask_for(keys, mark->marked))
		wanted = mark->marked;
	bool satisfied = !is_set && (mark->marked & wanted);
	for (unsigned choice = 0; choice < keys->item->n_choices; choice++) {
		bool marked = mark->marked >> choice & 1, keyed = wanted >> choice & 1;
		if (marked)
			add(feedback, keyed ? FEEDBACK_RIGHT : FEEDBACK_WRONG, mark->item, choice);
		else if (keyed && !satisfied && show_key)
			add(feedback, FEEDBACK_MISSED, mark->item, choice);
	}
	if (mark->review)
		add(feedback, FEEDBACK_DOUBT, mark->item, 0);
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
		const struct exam_item *item = results->layout->items[mark->item].exam_item;
		const struct exam_question *question = item ? question_of(exam, (unsigned)(item - exam->items)) : NULL;
		if (!question)
			continue;
		const struct item_keys keys = keys_of_item(exam, question, (unsigned)(item - exam->items));
		if (!keys.is_settled)
			judge_row(feedback, &keys, mark, show_key);
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
