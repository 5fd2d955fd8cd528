// SPDX-License-Identifier: GPL-3.0-or-later
// A question's score is the sum over its items, or over its parts where it has any. Bounds are applied where they
// stand: a part's to the part before it is added, a question's to the sum.
#include "grade/score.h"

static bool one_choice(exam_choices choices)
{
	return choices && !(choices & (choices - 1));
}

static struct rational score_single(const struct exam_points *points, exam_choices key, exam_choices marked)
{
	if (!marked)
		return points->blank;
	if (!one_choice(marked))
		return points->multiple;
	return (marked & key) ? points->right : points->wrong;
}

static struct rational score_multiple(const struct exam_points *points, exam_choices key, exam_choices marked)
{
	if (marked == key)
		return points->right;
	return marked ? points->wrong : points->blank;
}

// T and F both marked are one right and one wrong response.
static struct rational score_statement(const struct exam_points *points, exam_choices key, exam_choices marked)
{
	if (!marked)
		return points->blank;
	struct rational score = RATIONAL_ZERO;
	if (marked & key)
		score = rational_add(score, points->right);
	if (marked & ~key)
		score = rational_add(score, points->wrong);
	return score;
}

static struct rational score_item(const struct exam_item *item, const struct exam_points *points, exam_choices marked)
{
	switch (item->kind) {
	case EXAM_ITEM_SINGLE:
		return score_single(points, item->key, marked);
	case EXAM_ITEM_MULTIPLE:
		return score_multiple(points, item->key, marked);
	case EXAM_ITEM_STATEMENT:
		return score_statement(points, item->key, marked);
	case EXAM_ITEM_FIELD:
		break;
	}
	return RATIONAL_ZERO;
}

// Each item has one mark, and each choice is used by one item.
static bool is_permutation(const struct exam *exam, const struct exam_question *question, const exam_choices *marked)
{
	exam_choices used = 0, all = 0;
	for (unsigned i = question->first_item; i < question->first_item + question->n_items; i++) {
		if (!one_choice(marked[i]) || (used & marked[i]))
			return false;
		used |= marked[i];
		all |= ((exam_choices)1 << exam->items[i].n_choices) - 1;
	}
	return used == all;
}

static struct rational bounded(const struct exam_question *question, struct rational score)
{
	if (question->has_minimum)
		score = rational_max(score, question->minimum);
	if (question->has_maximum)
		score = rational_min(score, question->maximum);
	return score;
}

static struct rational score_items(
	const struct exam *exam, const struct exam_question *question, const exam_choices *marked)
{
	struct rational sum = RATIONAL_ZERO;
	for (unsigned i = question->first_item; i < question->first_item + question->n_items; i++)
		sum = rational_add(sum, score_item(&exam->items[i], &question->points, marked[i]));
	return bounded(question, sum);
}

struct rational score_question(
	const struct exam *exam, const struct exam_question *question, const exam_choices *marked)
{
	if (question->permutation && !is_permutation(exam, question, marked))
		return RATIONAL_ZERO;
	if (question->type != EXAM_PARTS)
		return score_items(exam, question, marked);
	struct rational sum = RATIONAL_ZERO;
	for (unsigned i = 0; i < question->n_parts; i++)
		sum = rational_add(sum, score_items(exam, &question->parts[i], marked));
	return bounded(question, sum);
}
