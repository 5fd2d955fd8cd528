// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/piecemeal.h"

#include "grade/corrections_csv.h"
#include "grade/exceptions_csv.h"
#include "grade/gradebook.h"
#include "grade/marks_csv.h"
#include "tests/harness.h"

struct piecemeal piecemeal_begin(const struct layout *layout)
{
	return (struct piecemeal){layout, g_ptr_array_new_with_free_func(g_free)};
}

struct answers *piecemeal_head(struct piecemeal *piecemeal, uint64_t rank, const struct answers *answers)
{
	char *text = answers_format(answers, piecemeal->layout);
	if (piecemeal->texts->len <= rank)
		g_ptr_array_set_size(piecemeal->texts, (gint)rank + 1);
	g_free(g_ptr_array_index(piecemeal->texts, rank));
	g_ptr_array_index(piecemeal->texts, rank) = text;
	struct answers *head = answers_parse_head(text, piecemeal->layout, NULL);
	assert_non_null(head);
	return head;
}

// --- the second way

struct tables {
	const struct piecemeal *piecemeal;
	struct csv_out gradebook, marks;
};

static struct answers *fetch(void *data, uint64_t rank, GError **error)
{
	const struct piecemeal *piecemeal = ((const struct tables *)data)->piecemeal;
	assert_true(rank < piecemeal->texts->len);
	return answers_parse(g_ptr_array_index(piecemeal->texts, rank), piecemeal->layout, error);
}

static void put(void *data, const struct results *results, const struct student *student)
{
	struct tables *tables = data;
	gradebook_put(&tables->gradebook, student, results);
	marks_csv_put(&tables->marks, student, results->layout);
}

static void assert_same_counts(const struct results *one, const struct results *other)
{
	assert_int_equal(one->n_pages, other->n_pages);
	assert_int_equal(one->n_students, other->n_students);
	assert_memory_equal(one->fates, other->fates, sizeof one->fates);
	assert_memory_equal(one->statuses, other->statuses, sizeof one->statuses);
	assert_memory_equal(one->seals.counts, other->seals.counts, sizeof one->seals.counts);
}

static void assert_same_texts(char *one, char *other)
{
	assert_string_equal(one, other);
	g_free(one);
	g_free(other);
}

struct results *piecemeal_finish(struct piecemeal *piecemeal, struct batch *whole, struct batch *heads)
{
	GError *error = NULL;
	struct tables tables = {.piecemeal = piecemeal};
	const struct batch_papers papers = {fetch, put, &tables};
	struct results *results = batch_finish(whole);
	csv_out_init(&tables.gradebook);
	csv_out_init(&tables.marks);
	gradebook_begin(&tables.gradebook, results->exam);
	marks_csv_begin(&tables.marks);
	RESULTS_AUTO other = batch_finish_papers(heads, &papers, &error);
	assert_null(error);
	assert_non_null(other);
	assert_same_counts(results, other);
	assert_same_texts(gradebook_csv(results), csv_out_finish(&tables.gradebook));
	assert_same_texts(marks_csv(results), csv_out_finish(&tables.marks));
	assert_same_texts(exceptions_csv(results), exceptions_csv(other));
	if (results->rulings)
		assert_same_texts(corrections_csv(results->rulings), corrections_csv(other->rulings));
	for (unsigned i = 0; i < other->n_students; i++)
		assert_true(!other->students[i].marked && !other->students[i].questions); // nothing is kept
	g_ptr_array_unref(piecemeal->texts);
	return results;
}
