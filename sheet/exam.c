// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam.h"

#include <string.h>

#include "sheet/exam_forms.h"

static void question_clear(struct exam_question *question)
{
	for (unsigned i = 0; i < question->n_parts; i++)
		question_clear(&question->parts[i]);
	g_free(question->parts);
	g_free(question->number.keys);
	g_free(question->id);
}

static void item_clear(struct exam_item *item)
{
	g_free(item->id);
	g_free(item->row);
	g_strfreev(item->choices);
	g_free(item->also);
}

void exam_free(struct exam *exam)
{
	if (exam == NULL)
		return;
	for (unsigned i = 0; i < exam->n_sections; i++)
		g_free(exam->sections[i].title);
	for (unsigned i = 0; i < exam->n_questions; i++)
		question_clear(&exam->questions[i]);
	for (unsigned i = 0; i < exam->n_items; i++)
		item_clear(&exam->items[i]);
	exam_forms_free(exam->forms, exam->n_forms);
	g_free(exam->sections);
	g_free(exam->questions);
	g_free(exam->items);
	g_free(exam->name);
	g_free(exam->title);
	g_free(exam);
}

const struct exam_item *exam_find_item(const struct exam *exam, const char *id)
{
	for (unsigned i = 0; i < exam->n_items; i++)
		if (strcmp(exam->items[i].id, id) == 0)
			return &exam->items[i];
	return NULL;
}

exam_choices exam_item_key(const struct exam_item *item, unsigned number)
{
	return number == 0 || item->also == NULL ? item->key : item->also[number - 1];
}

struct rational exam_bounded(const struct exam_bounds *bounds, struct rational score)
{
	if (bounds->has_minimum)
		score = rational_max(score, bounds->minimum);
	if (bounds->has_maximum)
		score = rational_min(score, bounds->maximum);
	return score;
}

// The best response to a single-answer item, or to a number. Every kind of response can be given: the loader sees to it
// that an item has at least two choices, so there is always a wrong one and room for several marks.
static struct rational most_of_single(const struct exam_points *points)
{
	struct rational best = rational_max(points->right, rational_max(points->wrong, points->blank));
	return rational_max(best, points->multiple);
}

static struct rational most_of_multiple(const struct exam_item *item, const struct exam_question *question)
{
	struct rational most = rule_most_of_set(
		question->rule, &question->points, item->n_choices, (unsigned)__builtin_popcount(item->key));
	for (unsigned k = 1; k < question->n_keys; k++) {
		unsigned n_keyed = (unsigned)__builtin_popcount(exam_item_key(item, k));
		most = rational_max(
			most, rule_most_of_set(question->rule, &question->points, item->n_choices, n_keyed));
	}
	return most;
}

// T and F both marked are one right and one wrong response.
static struct rational most_of_statement(const struct exam_item *item, const struct exam_question *question)
{
	const struct exam_points *points = &question->points;
	if (item->event == EXAM_EVENT_DROP)
		return RATIONAL_ZERO;
	struct rational most = rational_max(points->right, rational_max(points->wrong, points->blank));
	if (item->event == EXAM_EVENT_NONE)
		most = rational_max(most, rational_add(points->right, points->wrong));
	return exam_bounded(&question->each, item->event == EXAM_EVENT_NONE ? most : points->right);
}

static struct rational most_of_statements(const struct exam_item *items, const struct exam_question *question)
{
	struct rational sum = RATIONAL_ZERO;
	unsigned counted = 0;
	for (unsigned i = 0; i < question->n_items; i++) {
		sum = rational_add(sum, most_of_statement(&items[i], question));
		counted += items[i].event != EXAM_EVENT_DROP;
	}
	if (question->rule == RULE_SUM || counted == 0)
		return question->rule == RULE_SUM ? sum : RATIONAL_ZERO;
	return rule_most_of_decisions(question->rule, &question->points, counted);
}

// Items of a question do not constrain each other, so the best score is the sum of the best responses. `permutation`
// does constrain them, but the loader accepts it only where the key is a permutation and `right` is the best response
// of every part. Where all parts must be right, nothing is the other score that there is.
static struct rational most_of_parts(const struct exam *exam, const struct exam_question *question)
{
	struct rational sum = RATIONAL_ZERO;
	for (unsigned i = 0; i < question->n_parts; i++)
		sum = rational_add(sum, exam_question_maximum(exam, &question->parts[i]));
	return question->rule == RULE_ALL ? rational_max(sum, RATIONAL_ZERO) : sum;
}

static struct rational most_unbounded(const struct exam *exam, const struct exam_question *question)
{
	const struct exam_item *items = exam->items + question->first_item;
	switch (question->type) {
	case EXAM_MULTIPLE:
		return most_of_multiple(items, question);
	case EXAM_TRUE_FALSE:
		return most_of_statements(items, question);
	case EXAM_PARTS:
		return most_of_parts(exam, question);
	case EXAM_SINGLE:
	case EXAM_NUMBER:
		break;
	}
	return most_of_single(&question->points);
}

struct rational exam_question_nominal_maximum(const struct exam *exam, const struct exam_question *question)
{
	return exam_bounded(&question->bounds, most_unbounded(exam, question));
}

struct rational exam_question_maximum(const struct exam *exam, const struct exam_question *question)
{
	if (question->event == EXAM_EVENT_DROP || question->event == EXAM_EVENT_RESCALE)
		return RATIONAL_ZERO;
	return exam_question_nominal_maximum(exam, question);
}

char *exam_choices_text(const struct exam_item *item, exam_choices choices)
{
	GString *text = g_string_new(NULL);
	for (unsigned i = 0; i < item->n_choices; i++) {
		if (!(choices & (exam_choices)1 << i))
			continue;
		if (text->len > 0)
			g_string_append_c(text, '|');
		g_string_append(text, item->choices[i]);
	}
	return g_string_free(text, FALSE);
}

bool exam_choices_parse(const struct exam_item *item, const char *text, exam_choices *choices)
{
	exam_choices named = 0;
	// g_strsplit gives an empty text no pieces at all, which is what it means here: no choice.
	g_auto(GStrv) labels = g_strsplit(text, "|", -1);
	for (char **label = labels; *label != NULL; label++) {
		unsigned i = 0;
		while (i < item->n_choices && strcmp(item->choices[i], *label) != 0)
			i++;
		if (i == item->n_choices || named & (exam_choices)1 << i)
			return false;
		named |= (exam_choices)1 << i;
	}
	*choices = named;
	return true;
}
