// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/analysis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grade/analysis_row.h"
#include "grade/stats.h"
#include "sheet/exam_total.h"

#define INVERTED_T (-1.645) // as far below 0 as chance comes in one of twenty: one-sided 5 %
#define TEXT_BLOCK_BYTES 1024

static double number(struct rational value)
{
	return (double)value.num / (double)value.den;
}

// --- who is analysed

static bool is_complete(const struct student *student, const struct exam *exam)
{
	for (unsigned q = 0; student->has_score && q < exam->n_questions; q++)
		if (!student->questions[q].scored)
			return false;
	return student->has_score;
}

static void take_students(struct analysis *analysis)
{
	const struct results *results = analysis->results;
	analysis->students = g_new(const struct student *, results->n_students + 1);
	for (unsigned i = 0; i < results->n_students; i++)
		if (is_complete(&results->students[i], results->exam))
			analysis->students[analysis->n++] = &results->students[i];
	analysis->totals = g_new0(double, analysis->n + 1);
	analysis->sums = g_new0(double, analysis->n + 1);
	for (unsigned i = 0; i < analysis->n; i++)
		analysis->totals[i] = number(exam_round(results->exam, analysis->students[i]->total));
	analysis->extreme_size = stats_extreme_size(analysis->n);
}

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return left < right ? -1 : left > right;
}

static double *sorted_copy(const double *x, unsigned n)
{
	double *copy = g_new(double, n + 1);
	for (unsigned i = 0; i < n; i++)
		copy[i] = x[i];
	qsort(copy, n, sizeof *copy, compare_doubles);
	return copy;
}

static void describe_totals(struct analysis *analysis)
{
	g_autofree double *sorted = sorted_copy(analysis->totals, analysis->n);
	analysis->mean = stats_mean(analysis->totals, analysis->n);
	analysis->deviation = stats_deviation(analysis->totals, analysis->n);
	analysis->median = stats_quantile(sorted, analysis->n, 0.5);
	analysis->quartiles[0] = stats_quantile(sorted, analysis->n, 0.25);
	analysis->quartiles[1] = stats_quantile(sorted, analysis->n, 0.75);
	analysis->lowest = stats_quantile(sorted, analysis->n, 0);
	analysis->highest = stats_quantile(sorted, analysis->n, 1);
}

// --- questions

// The points of every question, n a question, and their sums.
static double **take_points(struct analysis *analysis)
{
	double **points = g_new0(double *, analysis->n_questions + 1);
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		points[q] = g_new(double, analysis->n + 1);
		for (unsigned i = 0; i < analysis->n; i++) {
			points[q][i] = number(analysis->students[i]->questions[q].score);
			analysis->sums[i] += points[q][i];
		}
	}
	return points;
}

static void free_points(double **points, unsigned n)
{
	for (unsigned q = 0; q < n; q++)
		g_free(points[q]);
	g_free(points);
}

// What all questions are measured with.
struct measures {
	double *variances, sum_of_variances, *upper, *lower;
};

static struct measures measures_new(const struct analysis *analysis, double **points)
{
	struct measures measures = {.variances = g_new0(double, analysis->n_questions + 1),
		.upper = g_new0(double, analysis->n + 1),
		.lower = g_new0(double, analysis->n + 1)};
	g_autofree unsigned *order = g_new(unsigned, analysis->n + 1);
	stats_order(analysis->sums, analysis->n, order);
	stats_upper_weights(analysis->sums, order, analysis->n, analysis->extreme_size, measures.upper);
	stats_lower_weights(analysis->sums, order, analysis->n, analysis->extreme_size, measures.lower);
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		measures.variances[q] = stats_variance(points[q], analysis->n);
		measures.sum_of_variances += measures.variances[q];
	}
	return measures;
}

static void measures_clear(struct measures *measures)
{
	g_free(measures->variances);
	g_free(measures->upper);
	g_free(measures->lower);
}

static void rest_init(struct analysis_rest *rest, const struct analysis *analysis, const double *score)
{
	unsigned n = analysis->n, size = analysis->extreme_size;
	*rest = (struct analysis_rest){.score = score,
		.mean = stats_mean(score, n),
		.deviation = stats_deviation(score, n),
		.upper = g_new0(double, n + 1),
		.lower = g_new0(double, n + 1),
		.curve_group = g_new0(unsigned, n + 1)};
	g_autofree unsigned *order = g_new(unsigned, n + 1);
	stats_order(score, n, order);
	stats_upper_weights(score, order, n, size, rest->upper);
	stats_lower_weights(score, order, n, size, rest->lower);
	stats_groups(score, order, n, ANALYSIS_CURVE_POINTS, rest->curve_group);
	for (unsigned i = 0; i < n; i++)
		rest->curve_sizes[rest->curve_group[i]]++;
}

static void rest_clear(struct analysis_rest *rest)
{
	g_free(rest->upper);
	g_free(rest->lower);
	g_free(rest->curve_group);
}

static void measure_question(struct analysis_question *out, const struct analysis *analysis, const double *points,
	double variance, const struct measures *measures)
{
	const struct exam *exam = analysis->results->exam;
	unsigned n = analysis->n;
	g_autofree double *score = g_new(double, n + 1);
	for (unsigned i = 0; i < n; i++)
		score[i] = analysis->sums[i] - points[i];
	out->maximum = number(exam_question_maximum(exam, out->question));
	out->mean = stats_mean(points, n);
	out->deviation = sqrt(variance);
	out->difficulty = out->maximum > 0 ? out->mean / out->maximum : NAN;
	double apart =
		stats_weighted_mean(points, measures->upper, n) - stats_weighted_mean(points, measures->lower, n);
	out->discrimination = out->maximum > 0 ? apart / out->maximum : NAN;
	out->correlation = stats_correlation(points, score, n);
	out->alpha_without =
		stats_alpha(measures->sum_of_variances - variance, stats_variance(score, n), analysis->n_questions - 1);
	out->is_inverted = stats_correlation_t(out->correlation, n) <= INVERTED_T;
	struct analysis_rest rest;
	rest_init(&rest, analysis, score);
	out->n_rows = out->question->n_items;
	out->rows = g_new0(struct analysis_row, out->n_rows + 1);
	for (unsigned r = 0; r < out->n_rows; r++)
		analysis_row_init(&out->rows[r], analysis, out->question, r, &rest, measures->upper, measures->lower);
	rest_clear(&rest);
}

static unsigned section_of(const struct exam *exam, unsigned question)
{
	unsigned section = 0;
	while (section + 1 < exam->n_sections && question >= exam->sections[section + 1].first_question)
		section++;
	return section;
}

static bool all_dichotomous(const struct analysis *analysis, double **points)
{
	double most = analysis->n_questions ? analysis->questions[0].maximum : 0;
	for (unsigned q = 0; q < analysis->n_questions; q++)
		for (unsigned i = 0; i < analysis->n; i++)
			if (analysis->questions[q].maximum != most || (points[q][i] != 0 && points[q][i] != most))
				return false;
	return analysis->n_questions > 0;
}

// --- sections of the exam

static void measure_part(struct analysis_part *part, const struct analysis *analysis, double **points)
{
	unsigned n = analysis->n, first = part->section->first_question;
	g_autofree double *score = g_new0(double, n + 1), *rest = g_new(double, n + 1);
	double variances = 0;
	for (unsigned q = first; q < first + part->n_questions; q++) {
		part->maximum += analysis->questions[q].maximum;
		variances += stats_variance(points[q], n);
		for (unsigned i = 0; i < n; i++)
			score[i] += points[q][i];
	}
	for (unsigned i = 0; i < n; i++)
		rest[i] = analysis->sums[i] - score[i];
	part->mean = stats_mean(score, n);
	part->deviation = stats_deviation(score, n);
	part->alpha = stats_alpha(variances, stats_variance(score, n), part->n_questions);
	part->correlation = stats_correlation(score, rest, n);
}

static void measure_parts(struct analysis *analysis, double **points)
{
	const struct exam *exam = analysis->results->exam;
	analysis->n_parts = exam->n_sections;
	analysis->parts = g_new0(struct analysis_part, exam->n_sections + 1);
	for (unsigned s = 0; s < exam->n_sections; s++) {
		analysis->parts[s].section = &exam->sections[s];
		analysis->parts[s].n_questions = exam->sections[s].n_questions;
		measure_part(&analysis->parts[s], analysis, points);
	}
}

// --- groups of students

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// names[i] is the group of student i, never NULL. Groups by name; none at all where all are in one.
static void add_groups(struct analysis *analysis, GArray *groups, const char *kind, const char **names)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) kinds = g_ptr_array_new();
	for (unsigned i = 0; i < analysis->n; i++)
		if (g_hash_table_add(seen, (char *)(guintptr)names[i]))
			g_ptr_array_add(kinds, (char *)(guintptr)names[i]);
	if (kinds->len < 2)
		return;
	g_ptr_array_sort(kinds, compare_names);
	g_autofree double *scores = g_new(double, analysis->n + 1);
	for (unsigned k = 0; k < kinds->len; k++) {
		struct analysis_group group = {.kind = g_string_chunk_insert_const(analysis->texts, kind),
			.name = g_string_chunk_insert_const(analysis->texts, g_ptr_array_index(kinds, k))};
		for (unsigned i = 0; i < analysis->n; i++)
			if (strcmp(names[i], group.name) == 0)
				scores[group.n++] = analysis->totals[i];
		qsort(scores, group.n, sizeof *scores, compare_doubles);
		group.mean = stats_mean(scores, group.n);
		group.deviation = stats_deviation(scores, group.n);
		group.median = stats_quantile(scores, group.n, 0.5);
		group.lowest = scores[0];
		group.highest = scores[group.n - 1];
		g_array_append_val(groups, group);
	}
}

static const char *roster_section_of(const struct analysis *analysis, const struct student *student)
{
	return student->row ? roster_cell(analysis->results->roster, student->row, ROSTER_SECTION) : "";
}

static const char *form_of(const struct analysis *analysis, const struct student *student)
{
	for (unsigned p = 0; p < analysis->results->layout->n_pages; p++) {
		const struct batch_page *page = student->pages[p];
		const char form[] = {page ? page->answers->form : '\0', '\0'};
		if (form[0])
			return g_string_chunk_insert_const(analysis->texts, form);
	}
	return "";
}

static const char *field_of(const struct analysis *analysis, const struct student *student, unsigned field)
{
	g_autofree char *text = exam_choices_text(&analysis->results->exam->items[field], student->marked[field]);
	return g_string_chunk_insert_const(analysis->texts, text);
}

static void measure_groups(struct analysis *analysis)
{
	const struct exam *exam = analysis->results->exam;
	GArray *groups = g_array_new(FALSE, FALSE, sizeof(struct analysis_group));
	g_autofree const char **names = g_new0(const char *, analysis->n + 1);
	for (unsigned i = 0; i < analysis->n; i++)
		names[i] = roster_section_of(analysis, analysis->students[i]);
	add_groups(analysis, groups, "Section", names);
	for (unsigned i = 0; i < analysis->n; i++)
		names[i] = form_of(analysis, analysis->students[i]);
	add_groups(analysis, groups, "Form", names);
	for (unsigned field = 0; field < exam->n_fields; field++) {
		for (unsigned i = 0; i < analysis->n; i++)
			names[i] = field_of(analysis, analysis->students[i], field);
		add_groups(analysis, groups, exam->items[field].id, names);
	}
	analysis->n_groups = groups->len;
	analysis->groups = (struct analysis_group *)(void *)g_array_free(groups, FALSE);
}

// --- suspects

static int compare_suspects(const void *a, const void *b)
{
	const struct analysis_row *left = *(struct analysis_row *const *)a, *right = *(struct analysis_row *const *)b;
	if (left->suspicion != right->suspicion)
		return left->suspicion > right->suspicion ? -1 : 1;
	return left->item < right->item ? -1 : left->item > right->item;
}

static void collect_suspects(struct analysis *analysis)
{
	g_autoptr(GPtrArray) suspects = g_ptr_array_new();
	for (unsigned q = 0; q < analysis->n_questions; q++)
		for (unsigned r = 0; r < analysis->questions[q].n_rows; r++)
			if (analysis->questions[q].rows[r].suspect >= 0)
				g_ptr_array_add(suspects, &analysis->questions[q].rows[r]);
	g_ptr_array_sort(suspects, compare_suspects);
	analysis->n_suspects = suspects->len;
	analysis->suspects = (struct analysis_row **)g_ptr_array_free(g_steal_pointer(&suspects), FALSE);
}

// --- all together

static void measure_questions(struct analysis *analysis, double **points)
{
	const struct exam *exam = analysis->results->exam;
	struct measures measures = measures_new(analysis, points);
	double total_variance = stats_variance(analysis->sums, analysis->n);
	analysis->alpha = stats_alpha(measures.sum_of_variances, total_variance, analysis->n_questions);
	analysis->sem = sqrt(total_variance) * sqrt(1 - analysis->alpha);
	analysis->questions = g_new0(struct analysis_question, analysis->n_questions + 1);
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		analysis->questions[q].question = &exam->questions[q];
		analysis->questions[q].section = section_of(exam, q);
		measure_question(&analysis->questions[q], analysis, points[q], measures.variances[q], &measures);
	}
	measures_clear(&measures);
	analysis->is_kr20 = all_dichotomous(analysis, points);
}

struct analysis *analysis_new(const struct results *results)
{
	struct analysis *analysis = g_new0(struct analysis, 1);
	*analysis = (struct analysis){.results = results,
		.n_questions = results->exam->n_questions,
		.texts = g_string_chunk_new(TEXT_BLOCK_BYTES)};
	take_students(analysis);
	describe_totals(analysis);
	double **points = take_points(analysis);
	measure_questions(analysis, points);
	measure_parts(analysis, points);
	measure_groups(analysis);
	collect_suspects(analysis);
	free_points(points, analysis->n_questions);
	return analysis;
}

void analysis_free(struct analysis *analysis)
{
	if (!analysis)
		return;
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		for (unsigned r = 0; r < analysis->questions[q].n_rows; r++)
			analysis_row_clear(&analysis->questions[q].rows[r]);
		g_free(analysis->questions[q].rows);
	}
	g_free(analysis->questions);
	g_free(analysis->students);
	g_free(analysis->totals);
	g_free(analysis->sums);
	g_free(analysis->groups);
	g_free(analysis->parts);
	g_free(analysis->suspects);
	g_string_chunk_free(analysis->texts);
	g_free(analysis);
}

const struct analysis_question *analysis_question_of(const struct analysis *analysis, const struct analysis_row *row)
{
	for (unsigned q = 0; q < analysis->n_questions; q++)
		if (row >= analysis->questions[q].rows &&
			row < analysis->questions[q].rows + analysis->questions[q].n_rows)
			return &analysis->questions[q];
	return NULL;
}
