// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam.h"

#include <string.h>

static void question_clear(struct exam_question *question)
{
	for (unsigned i = 0; i < question->n_parts; i++)
		question_clear(&question->parts[i]);
	g_free(question->parts);
	g_free(question->id);
}

static void item_clear(struct exam_item *item)
{
	g_free(item->id);
	g_free(item->row);
	g_strfreev(item->choices);
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

// The best response to one item, bounds aside. Every kind of response can be given: the loader sees to it that an item
// has at least two choices, so there is always a wrong one and room for several marks. The one exception, a multiple
// item of which every non-empty set would be right, cannot exist for the same reason.
static struct rational best_response(enum exam_question_type type, const struct exam_points *points)
{
	struct rational best = rational_max(points->right, rational_max(points->wrong, points->blank));
	if (type == EXAM_SINGLE)
		best = rational_max(best, points->multiple);
	if (type == EXAM_TRUE_FALSE) // both T and F marked
		best = rational_max(best, rational_add(points->right, points->wrong));
	return best;
}

// Items of a question do not constrain each other, so the best score is the sum of the best responses. `permutation`
// does constrain them, but the loader accepts it only where the key is a permutation and `right` is the best response
// of every part.
struct rational exam_question_maximum(const struct exam *exam, const struct exam_question *question)
{
	struct rational sum = RATIONAL_ZERO;
	if (question->type == EXAM_PARTS) {
		for (unsigned i = 0; i < question->n_parts; i++)
			sum = rational_add(sum, exam_question_maximum(exam, &question->parts[i]));
	} else {
		struct rational n_items = rational_make(question->n_items, 1);
		sum = rational_multiply(n_items, best_response(question->type, &question->points));
	}
	if (question->has_maximum)
		sum = rational_min(sum, question->maximum);
	if (question->has_minimum)
		sum = rational_max(sum, question->minimum);
	return sum;
}

struct rational exam_maximum(const struct exam *exam)
{
	struct rational sum = RATIONAL_ZERO;
	for (unsigned i = 0; i < exam->n_questions; i++)
		sum = rational_add(sum, exam_question_maximum(exam, &exam->questions[i]));
	return sum;
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
