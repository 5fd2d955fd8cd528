// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/classes.h"

#include <math.h>
#include <string.h>

#define FAVOURITE_SHARE 0.6 // of those who are wrong

// The sum of twelve uniform numbers less six is as good as normal.
static double normal(GRand *rand)
{
	double sum = -6;
	for (unsigned i = 0; i < 12; i++)
		sum += g_rand_double(rand);
	return sum;
}

static double difficulty_of(unsigned item)
{
	return -1.6 + 2.6 * ((item * 37u % 23u) / 22.0);
}

static unsigned first_choice(exam_choices choices)
{
	unsigned choice = 0;
	while (!(choices >> choice & 1))
		choice++;
	return choice;
}

static exam_choices wrong_choice(const struct exam_item *item, unsigned index, GRand *rand)
{
	unsigned key = first_choice(item->key), others = item->n_choices - 1;
	unsigned nth = g_rand_double(rand) < FAVOURITE_SHARE ? index % others
							     : (unsigned)g_rand_int_range(rand, 0, (gint32)others);
	return (exam_choices)1 << (nth < key ? nth : nth + 1);
}

static exam_choices answer_item(const struct exam_item *item, unsigned index, double ability, GRand *rand)
{
	double knows = 1 / (1 + exp(-1.3 * (ability - difficulty_of(index))));
	if (item->kind == EXAM_ITEM_FIELD)
		return (exam_choices)1 << g_rand_int_range(rand, 0, (gint32)item->n_choices);
	if (g_rand_double(rand) < 0.02)
		return 0;
	bool right = g_rand_double(rand) < knows + (1 - knows) / item->n_choices;
	if (item->kind != EXAM_ITEM_MULTIPLE)
		return right ? item->key : wrong_choice(item, index, rand);
	return right ? item->key : item->key ^ (exam_choices)1 << g_rand_int_range(rand, 0, (gint32)item->n_choices);
}

exam_choices *classes_answer(const struct exam *exam, unsigned seed, unsigned student)
{
	exam_choices *marked = g_new0(exam_choices, exam->n_items + 1);
	GRand *rand = g_rand_new_with_seed(seed * 1000003u + student);
	double ability = normal(rand);
	for (unsigned i = 0; i < exam->n_items; i++)
		marked[i] = answer_item(&exam->items[i], i, ability, rand);
	g_rand_free(rand);
	return marked;
}

struct answers *classes_page(const struct layout *layout, const char *id, unsigned page, const exam_choices *marked)
{
	struct answers *answers = g_new0(struct answers, 1);
	*answers = (struct answers){.outcome = ANSWERS_READ, .student = g_strdup(id), .page = page};
	answers_make_room(answers, layout);
	for (unsigned i = 0; i < layout->n_items; i++) {
		const struct exam_item *item = layout->items[i].exam_item;
		if (!item || layout->items[i].page != page)
			continue;
		answers->marks[answers->n_marks++] =
			(struct answers_mark){.item = i, .marked = marked[item - layout->exam->items]};
	}
	return answers;
}

struct results *classes_results(const struct exam *known, const struct exam *exam, const struct layout *layout,
	const struct roster *roster, unsigned n, unsigned seed, classes_change *change, void *data)
{
	struct batch *batch = batch_new(exam, layout, roster);
	for (unsigned i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("%04u", i + 1);
		g_autofree exam_choices *marked = classes_answer(known, seed, i);
		if (change)
			change(data, i, marked);
		for (unsigned page = 1; page <= layout->n_pages; page++)
			batch_add(batch, id, (uint64_t)i << 32 | page, classes_page(layout, id, page, marked));
	}
	return batch_finish(batch);
}
