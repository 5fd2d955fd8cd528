// SPDX-License-Identifier: GPL-3.0-or-later
// A key is suspected where all of this holds:
//
//	- more of the best 27 % (by the rest of the exam) gave another response than the key's, by more than the toss of
// a 	  coin would (sign test, 1 %);
//	- those who gave it are better on the rest of the exam (its correlation is positive, 5 %), and more so than
// those 	  who gave the key's.
//
// The first alone would name every hard question with a good distractor; the second alone every question with a rare
// one.
#include "grade/analysis_row.h"

#include <math.h>

#include "grade/stats.h"

#define SIGN_TEST_LEVEL 0.01
#define CORRELATION_T 1.645 // the normal distribution's 95 % quantile: one-sided 5 %

static bool is_keyed(const struct analysis_row *row, unsigned choice)
{
	return row->keys.keyed >> choice & 1;
}

char *analysis_key_text(const struct analysis_row *row)
{
	GString *text = g_string_new(NULL);
	for (unsigned k = 0; k < row->keys.n_keys; k++) {
		g_autofree char *key = exam_choices_text(row->item, exam_item_key(row->item, k));
		// Keys of a grid may differ in other rows only.
		bool known = false;
		for (unsigned before = 0; before < k; before++)
			known = known || exam_item_key(row->item, before) == exam_item_key(row->item, k);
		if (!known)
			g_string_append_printf(text, "%s%s", k ? " or " : "", key);
	}
	return g_string_free(text, FALSE);
}

static bool is_one(exam_choices marked)
{
	return marked && !(marked & (marked - 1));
}

// What a student responded: the choice, or one of these. Of a multiple-answer row the choices are asked one by one.
enum { NO_CHOICE_BLANK = EXAM_MAX_CHOICES, NO_CHOICE_SEVERAL };

static bool responded(const struct exam_item *item, exam_choices marked, unsigned response)
{
	if (response == NO_CHOICE_BLANK)
		return !marked;
	if (response == NO_CHOICE_SEVERAL)
		return item->kind != EXAM_ITEM_MULTIPLE && marked && !is_one(marked);
	return item->kind == EXAM_ITEM_MULTIPLE ? marked >> response & 1 : marked == (exam_choices)1 << response;
}

// The correlation of being one of n with this mean on the rest, with the rest.
static double point_biserial(unsigned n, double mean, const struct analysis *analysis, const struct analysis_rest *rest)
{
	if (n == 0 || n == analysis->n || !(rest->deviation > 0))
		return NAN;
	double share = (double)n / analysis->n, others = analysis->n - n;
	double mean_of_others = (rest->mean * analysis->n - mean * n) / others;
	double spread = rest->deviation * sqrt((analysis->n - 1.0) / analysis->n);
	return (mean - mean_of_others) * sqrt(share * (1 - share)) / spread;
}

static struct analysis_response count(const struct analysis *analysis, const struct exam_item *item, unsigned response,
	const struct analysis_rest *rest)
{
	struct analysis_response out = {0};
	size_t index = (size_t)(item - analysis->results->exam->items);
	double sum = 0;
	for (unsigned i = 0; i < analysis->n; i++) {
		if (!responded(item, analysis->students[i]->marked[index], response))
			continue;
		out.n++;
		sum += rest->score[i] - rest->mean;
		out.upper += rest->upper[i];
		out.lower += rest->lower[i];
		out.curve[rest->curve_group[i]]++;
	}
	for (unsigned g = 0; g < ANALYSIS_CURVE_POINTS; g++)
		out.curve[g] = rest->curve_sizes[g] ? out.curve[g] / rest->curve_sizes[g] : NAN;
	out.mean_rest = out.n ? rest->mean + sum / out.n : NAN;
	out.correlation = point_biserial(out.n, out.mean_rest, analysis, rest);
	return out;
}

static void measure(struct analysis_row *row, const struct analysis *analysis, const struct analysis_rest *rest,
	const double *upper, const double *lower)
{
	size_t index = (size_t)(row->item - analysis->results->exam->items);
	g_autofree double *right = g_new(double, analysis->n + 1);
	for (unsigned i = 0; i < analysis->n; i++)
		right[i] = keys_ask_for(&row->keys, analysis->students[i]->marked[index]);
	row->difficulty = stats_mean(right, analysis->n);
	row->discrimination =
		stats_weighted_mean(right, upper, analysis->n) - stats_weighted_mean(right, lower, analysis->n);
	row->correlation = stats_correlation(right, rest->score, analysis->n);
}

// --- suspects

static bool is_positive(double correlation, unsigned n)
{
	return !isnan(correlation) && stats_correlation_t(correlation, n) >= CORRELATION_T;
}

// Whether more than chance prefer the first.
static bool prefer(double first, double second)
{
	unsigned a = (unsigned)lround(first), b = (unsigned)lround(second);
	return a > b && stats_binomial_tail(a, a + b, 0.5) <= SIGN_TEST_LEVEL;
}

// The key's own response: that of the best of several keyed ones.
static const struct analysis_response *response_of_key(const struct analysis_row *row)
{
	const struct analysis_response *best = NULL;
	for (unsigned choice = 0; choice < row->item->n_choices; choice++)
		if (is_keyed(row, choice) && (!best || row->choices[choice].upper > best->upper))
			best = &row->choices[choice];
	return best;
}

static double or_zero(double value)
{
	return isnan(value) ? 0 : value;
}

static void suspect_single(struct analysis_row *row, const struct analysis *analysis)
{
	const struct analysis_response *key = response_of_key(row), *preferred = NULL;
	for (unsigned choice = 0; key && choice < row->item->n_choices; choice++) {
		const struct analysis_response *other = &row->choices[choice];
		double suspicion = other->correlation - or_zero(key->correlation);
		if (is_keyed(row, choice) || !prefer(other->upper, key->upper) ||
			!is_positive(other->correlation, analysis->n) || !(suspicion > row->suspicion))
			continue;
		preferred = other;
		row->suspect = (int)choice;
		row->suspicion = suspicion;
	}
	if (!preferred || !key)
		return;
	g_autofree char *key_text = analysis_key_text(row);
	GString *text = g_string_new(NULL);
	g_string_append_printf(text, "Of the best %u students, %ld chose %s, and %ld the key %s. ",
		analysis->extreme_size, lround(preferred->upper), row->item->choices[row->suspect], lround(key->upper),
		key_text);
	g_string_append_printf(text, "Those who chose %s scored %.1f points on the rest of the exam on average, ",
		row->item->choices[row->suspect], preferred->mean_rest);
	if (key->n)
		g_string_append_printf(text, "those who chose %s %.1f.", key_text, key->mean_rest);
	else
		g_string_append_printf(text, "and nobody chose %s.", key_text);
	row->evidence = g_string_free(text, FALSE);
}

// Of a multiple-answer row each choice is a statement of its own: to be marked, or not to be.
static void suspect_multiple(struct analysis_row *row, const struct analysis *analysis)
{
	for (unsigned choice = 0; choice < row->item->n_choices; choice++) {
		const struct analysis_response *marked = &row->choices[choice];
		bool keyed = is_keyed(row, choice);
		double against = keyed ? analysis->extreme_size - marked->upper : marked->upper;
		double correlation = keyed ? -marked->correlation : marked->correlation;
		if (!prefer(against, analysis->extreme_size - against) || !is_positive(correlation, analysis->n) ||
			!(2 * correlation > row->suspicion))
			continue;
		row->suspect = (int)choice;
		row->suspicion = 2 * correlation;
	}
	if (row->suspect < 0)
		return;
	const struct analysis_response *marked = &row->choices[row->suspect];
	bool keyed = is_keyed(row, (unsigned)row->suspect);
	row->evidence =
		g_strdup_printf("Of the best %u students, %ld marked %s, which is %s the key. Those who marked it "
				"scored %.1f points on the rest of the exam on average, all together %.1f.",
			analysis->extreme_size, lround(marked->upper), row->item->choices[row->suspect],
			keyed ? "in" : "not in", marked->n ? marked->mean_rest : 0.0, analysis->mean);
}

void analysis_row_init(struct analysis_row *row, const struct analysis *analysis, const struct exam_question *question,
	unsigned number, const struct analysis_rest *rest, const double *upper_by_total, const double *lower_by_total)
{
	unsigned index = question->first_item + number;
	const struct exam_item *item = &analysis->results->exam->items[index];
	*row = (struct analysis_row){
		.item = item, .keys = keys_of_item(analysis->results->exam, question, index), .suspect = -1};
	row->choices = g_new0(struct analysis_response, item->n_choices);
	for (unsigned choice = 0; choice < item->n_choices; choice++)
		row->choices[choice] = count(analysis, item, choice, rest);
	row->blank = count(analysis, item, NO_CHOICE_BLANK, rest);
	row->several = count(analysis, item, NO_CHOICE_SEVERAL, rest);
	measure(row, analysis, rest, upper_by_total, lower_by_total);
	if (analysis->n < ANALYSIS_MIN_FOR_SUSPECTS || row->keys.is_settled)
		return;
	if (item->kind == EXAM_ITEM_MULTIPLE)
		suspect_multiple(row, analysis);
	else
		suspect_single(row, analysis);
}

void analysis_row_clear(struct analysis_row *row)
{
	g_free(row->choices);
	g_free(row->evidence);
}
