// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an exam file: an exam whose maximum can be computed and which can be scored, or an error of one line.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "grade/score.h"
#include "sheet/exam_file.h"
#include "sheet/exam_total.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum manner { BLANK, KEY, FIRST, ALL, N_MANNERS };

// Nobody scores more than the maximum, but for bonus questions; and no sum leaves 64 bits.
static void score(const struct exam *exam, enum manner manner)
{
	g_autofree exam_choices *marked = g_new0(exam_choices, exam->n_items + 1);
	g_autofree struct rational *points = g_new0(struct rational, exam->n_questions + 1);
	bool bonus = false;
	for (unsigned i = 0; i < exam->n_items && manner != BLANK; i++)
		marked[i] = manner == KEY     ? exam->items[i].key
			    : manner == FIRST ? 1
					      : ((exam_choices)1 << exam->items[i].n_choices) - 1;
	for (unsigned q = 0; q < exam->n_questions; q++) {
		points[q] = score_question(exam, &exam->questions[q], marked);
		bonus = bonus || exam->questions[q].bonus;
		g_assert(rational_compare(points[q], exam_question_maximum(exam, &exam->questions[q])) <= 0);
	}
	struct rational total = exam_total(exam, points, NULL);
	exam_round(exam, total);
	g_assert(bonus || rational_compare(total, exam_maximum(exam)) <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	EXAM_AUTO exam = exam_parse("fuzz", (const char *)data, size, &error);
	g_assert((exam == NULL) == (error != NULL));
	if (error != NULL) {
		g_assert(strchr(error->message, '\n') == NULL && g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	g_assert(exam_maximum(exam).num >= 0);
	for (enum manner manner = BLANK; manner < N_MANNERS; manner++)
		score(exam, manner);
	for (unsigned i = 0; i < exam->n_items; i++) {
		const struct exam_item *item = &exam->items[i];
		g_autofree char *text = exam_choices_text(item, item->key);
		exam_choices key;
		g_assert(exam_choices_parse(item, text, &key) && key == item->key);
	}
	return 0;
}
