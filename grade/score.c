// SPDX-License-Identifier: GPL-3.0-or-later
// A question's score is the sum over its items, or over its parts where it has any, unless its rule looks at them
// together. Bounds are applied where they stand: a statement's and a part's before they are added, a question's to the
// sum. Of several accepted keys the one counts under which the answer scores most.
#include "grade/score.h"

#include "sheet/number.h"

static bool one_choice(exam_choices choices)
{
	return choices && !(choices & (choices - 1));
}

static unsigned count(exam_choices choices)
{
	return (unsigned)__builtin_popcount(choices);
}

static struct rational score_single(const struct exam_points *points, exam_choices key, exam_choices marked)
{
	if (!marked)
		return points->blank;
	if (!one_choice(marked))
		return points->multiple;
	return (marked & key) ? points->right : points->wrong;
}

static struct rational score_multiple(
	const struct exam_question *question, const struct exam_item *item, exam_choices key, exam_choices marked)
{
	const struct rule_marks marks = {item->n_choices, count(key), count(marked & key), count(marked & ~key)};
	return rule_score_set(question->rule, &question->points, &marks);
}

// T and F both marked are one right and one wrong response.
static struct rational score_statement(
	const struct exam_question *question, const struct exam_item *item, exam_choices key, exam_choices marked)
{
	const struct exam_points *points = &question->points;
	struct rational score;
	if (item->event == EXAM_EVENT_DROP)
		return RATIONAL_ZERO;
	if (item->event == EXAM_EVENT_CREDIT_ALL)
		score = points->right;
	else if (!marked)
		score = points->blank;
	else if (marked & key)
		score = marked & ~key ? rational_add(points->right, points->wrong) : points->right;
	else
		score = points->wrong;
	return exam_bounded(&question->each, score);
}

// All statements that count, one by one.
static struct rational sum_statements(const struct exam_question *question, const struct exam_item *items,
	const exam_choices *marked, unsigned number)
{
	struct rational sum = RATIONAL_ZERO;
	for (unsigned i = 0; i < question->n_items; i++)
		sum = rational_add(
			sum, score_statement(question, &items[i], exam_item_key(&items[i], number), marked[i]));
	return sum;
}

// All statements that count, together.
static struct rational score_statements(const struct exam_question *question, const struct exam_item *items,
	const exam_choices *marked, unsigned number)
{
	unsigned n = 0, right = 0;
	bool blank = true;
	if (question->rule == RULE_SUM)
		return sum_statements(question, items, marked, number);
	for (unsigned i = 0; i < question->n_items; i++) {
		if (items[i].event == EXAM_EVENT_DROP)
			continue;
		n++;
		right += items[i].event == EXAM_EVENT_CREDIT_ALL || marked[i] == exam_item_key(&items[i], number);
		blank = blank && !marked[i];
	}
	if (n == 0)
		return RATIONAL_ZERO;
	return blank ? question->points.blank : rule_score_decisions(question->rule, &question->points, n, right);
}

// A number that cannot be read scores as several marks do.
static struct rational score_number(const struct exam_question *question, const exam_choices *marked, unsigned number)
{
	const struct exam_points *points = &question->points;
	struct rational value;
	unsigned column;
	switch (number_read(question, marked, &value, &column)) {
	case NUMBER_BLANK:
		return points->blank;
	case NUMBER_READ:
		return number_is_right(question, value, number) ? points->right : points->wrong;
	case NUMBER_SEVERAL:
	case NUMBER_GAP:
		break;
	}
	return points->multiple;
}

static struct rational score_by_key(const struct exam_question *question, const struct exam_item *items,
	const exam_choices *marked, unsigned number)
{
	if (question->type == EXAM_NUMBER)
		return score_number(question, marked, number);
	exam_choices key = exam_item_key(items, number);
	if (question->type == EXAM_SINGLE)
		return score_single(&question->points, key, marked[0]);
	if (question->type == EXAM_MULTIPLE)
		return score_multiple(question, items, key, marked[0]);
	return score_statements(question, items, marked, number);
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

static bool any_mark(const struct exam_question *question, const exam_choices *marked)
{
	for (unsigned i = question->first_item; i < question->first_item + question->n_items; i++)
		if (marked[i])
			return true;
	return false;
}

static bool gets_credit(const struct exam_question *question, const exam_choices *marked)
{
	return question->event == EXAM_EVENT_CREDIT_ALL ||
	       (question->event == EXAM_EVENT_CREDIT_ATTEMPTERS && any_mark(question, marked));
}

// Of a question without parts, or of a part.
static struct rational score_rows(
	const struct exam *exam, const struct exam_question *question, const exam_choices *marked)
{
	const struct exam_item *items = exam->items + question->first_item;
	marked += question->first_item;
	struct rational best = score_by_key(question, items, marked, 0);
	for (unsigned number = 1; number < question->n_keys; number++)
		best = rational_max(best, score_by_key(question, items, marked, number));
	return best;
}

static struct rational score_parts(
	const struct exam *exam, const struct exam_question *question, const exam_choices *marked)
{
	struct rational sum = RATIONAL_ZERO;
	bool all = true;
	for (unsigned i = 0; i < question->n_parts; i++) {
		struct rational part = score_question(exam, &question->parts[i], marked);
		if (question->rule == RULE_ALL)
			all = all && rational_compare(part, exam_question_maximum(exam, &question->parts[i])) == 0;
		sum = rational_add(sum, part);
	}
	return all ? sum : RATIONAL_ZERO;
}

// Parts come back here, one level deep.
struct rational score_question( // NOLINT(misc-no-recursion)
	const struct exam *exam, const struct exam_question *question, const exam_choices *marked)
{
	if (question->event == EXAM_EVENT_DROP || question->event == EXAM_EVENT_RESCALE)
		return RATIONAL_ZERO;
	if (gets_credit(question, marked))
		return exam_question_maximum(exam, question);
	if (question->permutation && !is_permutation(exam, question, marked))
		return RATIONAL_ZERO;
	struct rational score =
		question->n_parts > 0 ? score_parts(exam, question, marked) : score_rows(exam, question, marked);
	return exam_bounded(&question->bounds, score);
}
