// SPDX-License-Identifier: GPL-3.0-or-later
// A section's points are those of its best questions, then those of its bonus questions, kept within the section's
// bounds and multiplied with its factor. The exam's are the sections' together, multiplied with the scale and kept
// within the exam's bounds. The maximum is the same sum over what can be scored most, without bonus questions.
#include "sheet/exam_total.h"

#include <stdlib.h>

struct tally {
	const struct exam *exam;
	const struct rational *points;
	const bool *known; // NULL: all are
	bool maximum;      // bonus questions are left out
	bool rescaled;     // what is dropped with rescaling is left out too
};

static bool counts(const struct tally *tally, unsigned q)
{
	const struct exam_question *question = &tally->exam->questions[q];
	if (question->event == EXAM_EVENT_DROP || (tally->known && !tally->known[q]))
		return false;
	return !(question->event == EXAM_EVENT_RESCALE && tally->rescaled);
}

static int most_first(const void *a, const void *b)
{
	return rational_compare(*(const struct rational *)b, *(const struct rational *)a);
}

static struct rational section_points(const struct tally *tally, const struct exam_section *section)
{
	g_autofree struct rational *regular = g_new0(struct rational, MAX(section->n_questions, 1));
	struct rational sum = RATIONAL_ZERO;
	unsigned n = 0;
	for (unsigned q = section->first_question; q < section->first_question + section->n_questions; q++) {
		if (!counts(tally, q))
			continue;
		if (!tally->exam->questions[q].bonus)
			regular[n++] = tally->points[q];
		else if (!tally->maximum)
			sum = rational_add(sum, tally->points[q]);
	}
	if (section->total.best > 0 && n > section->total.best) {
		qsort(regular, n, sizeof *regular, most_first);
		n = section->total.best;
	}
	for (unsigned i = 0; i < n; i++)
		// Set above, then sorted, which the analyzer loses sight of.
		// NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage)
		sum = rational_add(sum, regular[i]);
	return exam_bounded(&section->total.bounds, sum);
}

static struct rational sum_sections(const struct tally *tally)
{
	struct rational sum = RATIONAL_ZERO;
	for (unsigned i = 0; i < tally->exam->n_sections; i++) {
		const struct exam_section *section = &tally->exam->sections[i];
		if (section->total.has_worth && !tally->rescaled) // whatever is dropped
			sum = rational_add(sum, section->total.worth);
		else
			sum = rational_add(
				sum, rational_multiply(section_points(tally, section), section->total.factor));
	}
	return sum;
}

struct rational exam_total(const struct exam *exam, const struct rational *points, const bool *known)
{
	const struct tally tally = {exam, points, known, false, true};
	return exam_bounded(&exam->bounds, rational_multiply(sum_sections(&tally), exam->scale));
}

static struct rational *nominal_maxima(const struct exam *exam)
{
	struct rational *maxima = g_new(struct rational, MAX(exam->n_questions, 1));
	for (unsigned q = 0; q < exam->n_questions; q++)
		maxima[q] = exam_question_nominal_maximum(exam, &exam->questions[q]);
	return maxima;
}

struct rational exam_maximum(const struct exam *exam)
{
	g_autofree struct rational *maxima = nominal_maxima(exam);
	const struct tally tally = {exam, maxima, NULL, true, true};
	return exam_bounded(&exam->bounds, rational_multiply(sum_sections(&tally), exam->scale));
}

struct rational exam_section_maximum(const struct exam *exam, const struct exam_section *section)
{
	g_autofree struct rational *maxima = nominal_maxima(exam);
	const struct tally tally = {exam, maxima, NULL, true, true};
	return section_points(&tally, section);
}

bool exam_set_scale(struct exam *exam)
{
	g_autofree struct rational *maxima = nominal_maxima(exam);
	const struct tally with = {exam, maxima, NULL, true, false}, without = {exam, maxima, NULL, true, true};
	struct rational all = sum_sections(&with), left = sum_sections(&without);
	return left.num > 0 && rational_divide(all, left, &exam->scale);
}

struct rational exam_round(const struct exam *exam, struct rational score)
{
	return exam->rounds ? rational_round(score, exam->rounding, exam->grain) : score;
}
