// SPDX-License-Identifier: GPL-3.0-or-later
// K2 (Sotaridona and Meijer 2002): papers are grouped by their number of wrong answers. For a source s with w wrong
// answers, the share of these that papers of group r have as well is averaged in each group, and the averages are
// fitted by a parabola in r: the chance that a paper of group r shares one. The number shared is binomial in w and that
// chance.
//
// S2 (the same 2003): right answers that are shared count too, by weights between 0 and 1: those that few in the
// copier's group know count most. Averages by group are fitted log-linearly in r, and the number is Poisson.
//
// A paper is a set of bits, one a row and wrong choice, and one a right row: two papers are compared by AND and
// popcount. What is tested depends on the source and the copier's group alone, so the least number that is significant
// is worked out once for each, and most pairs cost no more than the comparison.
#include "grade/similarity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grade/stats.h"

#define WORD_BITS 64
#define LEAST_CHANCE 0.001 // a fitted parabola may leave 0 to 1
#define FIT_STEPS 60       // Newton's method settles in ten
#define FIT_ENOUGH 1e-14

struct screen {
	const struct analysis *analysis;
	unsigned n, n_rows, wrong_words, right_words;
	const struct analysis_row **rows;
	uint64_t *wrong, *right; // a paper's words after another's
	unsigned *n_wrong;       // by paper: its group
	unsigned *group_sizes;   // by number wrong, 0 to n_rows
	double *weights;         // by group, by row: of a shared right answer
};

// --- papers as bits

static void set_bit(uint64_t *words, unsigned bit)
{
	words[bit / WORD_BITS] |= (uint64_t)1 << bit % WORD_BITS;
}

// A set of choices as a number among all that this row was given, so that equal sets are equal bits.
static unsigned response_number(GHashTable *known, unsigned row, exam_choices marked)
{
	gint64 key = (gint64)row << 32 | marked;
	gpointer number = g_hash_table_lookup(known, &key);
	if (number)
		return GPOINTER_TO_UINT(number) - 1;
	gint64 *kept = g_new(gint64, 1);
	*kept = key;
	g_hash_table_insert(known, kept, GUINT_TO_POINTER(g_hash_table_size(known) + 1));
	return g_hash_table_size(known) - 1;
}

static void take_rows(struct screen *screen)
{
	const struct analysis *analysis = screen->analysis;
	screen->rows = g_new0(const struct analysis_row *, analysis->results->exam->n_items + 1);
	for (unsigned q = 0; q < analysis->n_questions; q++)
		for (unsigned r = 0; r < analysis->questions[q].n_rows; r++)
			if (!analysis->questions[q].rows[r].keys.is_settled)
				screen->rows[screen->n_rows++] = &analysis->questions[q].rows[r];
}

// Every wrong response that anybody gave, numbered.
static GHashTable *number_responses(const struct screen *screen)
{
	const struct exam_item *items = screen->analysis->results->exam->items;
	GHashTable *known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (unsigned i = 0; i < screen->n; i++) {
		for (unsigned r = 0; r < screen->n_rows; r++) {
			exam_choices marked = screen->analysis->students[i]->marked[screen->rows[r]->item - items];
			if (marked && !keys_ask_for(&screen->rows[r]->keys, marked))
				response_number(known, r, marked);
		}
	}
	return known;
}

static void take_papers(struct screen *screen)
{
	const struct exam_item *items = screen->analysis->results->exam->items;
	g_autoptr(GHashTable) known = number_responses(screen);
	screen->wrong_words = g_hash_table_size(known) / WORD_BITS + 1;
	screen->right_words = screen->n_rows / WORD_BITS + 1;
	screen->wrong = g_new0(uint64_t, (size_t)screen->n * screen->wrong_words + 1);
	screen->right = g_new0(uint64_t, (size_t)screen->n * screen->right_words + 1);
	screen->n_wrong = g_new0(unsigned, screen->n + 1);
	screen->group_sizes = g_new0(unsigned, screen->n_rows + 1);
	for (unsigned i = 0; i < screen->n; i++) {
		for (unsigned r = 0; r < screen->n_rows; r++) {
			exam_choices marked = screen->analysis->students[i]->marked[screen->rows[r]->item - items];
			if (keys_ask_for(&screen->rows[r]->keys, marked)) {
				set_bit(screen->right + (size_t)i * screen->right_words, r);
			} else if (marked) {
				set_bit(screen->wrong + (size_t)i * screen->wrong_words,
					response_number(known, r, marked));
				screen->n_wrong[i]++;
			}
		}
		screen->group_sizes[screen->n_wrong[i]]++;
	}
}

static bool has_right(const struct screen *screen, unsigned paper, unsigned row)
{
	return screen->right[(size_t)paper * screen->right_words + row / WORD_BITS] >> row % WORD_BITS & 1;
}

// How likely somebody who guesses has a row right.
static double guess_of(const struct exam_item *item)
{
	return item->kind == EXAM_ITEM_MULTIPLE ? pow(0.5, item->n_choices) : 1.0 / item->n_choices;
}

// d1 to the power of d2 P, with d1 = e (1 + g) / (1 - g) and d2 = -(1 + g) / g, P being the share of the group that has
// the row right.
static void weigh_right_answers(struct screen *screen)
{
	screen->weights = g_new0(double, (size_t)(screen->n_rows + 1) * screen->n_rows + 1);
	for (unsigned i = 0; i < screen->n; i++)
		for (unsigned r = 0; r < screen->n_rows; r++)
			screen->weights[(size_t)screen->n_wrong[i] * screen->n_rows + r] += has_right(screen, i, r);
	for (unsigned group = 0; group <= screen->n_rows; group++) {
		for (unsigned r = 0; r < screen->n_rows; r++) {
			double *weight = &screen->weights[(size_t)group * screen->n_rows + r];
			double g = guess_of(screen->rows[r]->item);
			double share = screen->group_sizes[group] ? *weight / screen->group_sizes[group] : 0;
			*weight = pow(G_E * (1 + g) / (1 - g), -(1 + g) / g * share);
		}
	}
}

static void screen_init(struct screen *screen, const struct analysis *analysis)
{
	*screen = (struct screen){.analysis = analysis, .n = analysis->n};
	take_rows(screen);
	take_papers(screen);
	weigh_right_answers(screen);
}

static void screen_clear(struct screen *screen)
{
	g_free(screen->rows);
	g_free(screen->wrong);
	g_free(screen->right);
	g_free(screen->n_wrong);
	g_free(screen->group_sizes);
	g_free(screen->weights);
}

// --- two papers

static unsigned shared(const uint64_t *one, const uint64_t *other, unsigned n_words)
{
	unsigned n = 0;
	for (unsigned w = 0; w < n_words; w++)
		n += (unsigned)__builtin_popcountll(one[w] & other[w]);
	return n;
}

static unsigned shared_wrong(const struct screen *screen, unsigned one, unsigned other)
{
	return shared(screen->wrong + (size_t)one * screen->wrong_words,
		screen->wrong + (size_t)other * screen->wrong_words, screen->wrong_words);
}

static unsigned shared_right(const struct screen *screen, unsigned one, unsigned other)
{
	return shared(screen->right + (size_t)one * screen->right_words,
		screen->right + (size_t)other * screen->right_words, screen->right_words);
}

// The weights, by the copier's group, of the rows that both have right.
static double weighted_right(const struct screen *screen, unsigned copier, unsigned source)
{
	const uint64_t *one = screen->right + (size_t)copier * screen->right_words;
	const uint64_t *other = screen->right + (size_t)source * screen->right_words;
	const double *weights = screen->weights + (size_t)screen->n_wrong[copier] * screen->n_rows;
	double sum = 0;
	for (unsigned w = 0; w < screen->right_words; w++)
		for (uint64_t left = one[w] & other[w]; left; left &= left - 1)
			sum += weights[w * WORD_BITS + (unsigned)__builtin_ctzll(left)];
	return sum;
}

// --- fitting

// Solves a symmetric system of up to three equations in place (Gauss with pivots). False if it has no one solution.
static bool solve(double a[3][4], unsigned n)
{
	for (unsigned column = 0; column < n; column++) {
		unsigned pivot = column;
		for (unsigned row = column + 1; row < n; row++)
			if (fabs(a[row][column]) > fabs(a[pivot][column]))
				pivot = row;
		if (!(fabs(a[pivot][column]) > 1e-12))
			return false;
		for (unsigned k = 0; k <= 3; k++) {
			double swapped = a[column][k];
			a[column][k] = a[pivot][k];
			a[pivot][k] = swapped;
		}
		for (unsigned row = 0; row < n; row++) {
			double factor = row == column ? 0 : a[row][column] / a[column][column];
			for (unsigned k = column; k <= 3; k++)
				a[row][k] -= factor * a[column][k];
		}
	}
	for (unsigned row = 0; row < n; row++)
		a[row][3] /= a[row][row];
	return true;
}

// Least squares of y on 1, x, x² up to the degree; fewer where the points do not tell so many apart.
static void fit_parabola(const double *x, const double *y, unsigned n, double coefficients[3])
{
	for (unsigned size = MIN(n, 3); size > 0; size--) {
		double a[3][4] = {{0}};
		for (unsigned i = 0; i < n; i++) {
			const double powers[3] = {1, x[i], x[i] * x[i]};
			for (unsigned row = 0; row < size; row++) {
				for (unsigned column = 0; column < size; column++)
					a[row][column] += powers[row] * powers[column];
				a[row][3] += powers[row] * y[i];
			}
		}
		coefficients[0] = coefficients[1] = coefficients[2] = 0;
		if (!solve(a, size))
			continue;
		for (unsigned row = 0; row < size; row++)
			coefficients[row] = a[row][3];
		return;
	}
}

// The Poisson regression of y on x with a logarithmic link: log of the mean is c0 + c1 x. By Newton's method from the
// mean of all.
static void fit_log_linear(const double *x, const double *y, unsigned n, double c[2])
{
	double mean = stats_mean(y, n);
	c[0] = mean > 0 ? log(mean) : -30;
	c[1] = 0;
	for (unsigned step = 0; mean > 0 && step < FIT_STEPS; step++) {
		double a[3][4] = {{0}};
		for (unsigned i = 0; i < n; i++) {
			double mu = exp(c[0] + c[1] * x[i]);
			a[0][0] += mu;
			a[0][1] += mu * x[i];
			a[1][1] += mu * x[i] * x[i];
			a[0][3] += y[i] - mu;
			a[1][3] += (y[i] - mu) * x[i];
		}
		a[1][0] = a[0][1];
		if (!solve(a, 2))
			return;
		c[0] += a[0][3];
		c[1] += a[1][3];
		if (fabs(a[0][3]) + fabs(a[1][3]) < FIT_ENOUGH)
			return;
	}
}

// --- one source

// What chance gives a copier, by the group of the copier.
struct chance {
	double *shared_wrong; // K2's probability of sharing one wrong answer
	double *mean;         // S2's mean
};

static struct chance chance_of(const struct screen *screen, unsigned source)
{
	unsigned n_groups = screen->n_rows + 1, n = 0;
	g_autofree double *wrong = g_new0(double, n_groups), *weighted = g_new0(double, n_groups);
	g_autofree double *x = g_new0(double, n_groups), *counts = g_new0(double, n_groups);
	g_autofree unsigned *sizes = g_new0(unsigned, n_groups);
	for (unsigned i = 0; i < screen->n; i++) {
		if (i == source)
			continue;
		unsigned group = screen->n_wrong[i], same = shared_wrong(screen, i, source);
		sizes[group]++;
		wrong[group] += same;
		weighted[group] += same + weighted_right(screen, i, source);
	}
	for (unsigned group = 0; group < n_groups; group++) {
		if (!sizes[group])
			continue;
		x[n] = (double)group / screen->n_rows;
		counts[n] = group;
		wrong[n] = wrong[group] / sizes[group] / MAX(screen->n_wrong[source], 1);
		weighted[n++] = weighted[group] / sizes[group];
	}
	double parabola[3], line[2];
	fit_parabola(x, wrong, n, parabola);
	fit_log_linear(counts, weighted, n, line);
	struct chance chance = {g_new0(double, n_groups), g_new0(double, n_groups)};
	for (unsigned group = 0; group < n_groups; group++) {
		double q = (double)group / screen->n_rows;
		double p = parabola[0] + parabola[1] * q + parabola[2] * q * q;
		chance.shared_wrong[group] = fmin(fmax(p, LEAST_CHANCE), 1 - LEAST_CHANCE);
		chance.mean[group] = fmin(exp(line[0] + line[1] * group), screen->n_rows);
	}
	return chance;
}

static void chance_clear(struct chance *chance)
{
	g_free(chance->shared_wrong);
	g_free(chance->mean);
}

// The weighted number is rounded down: rounding adds no evidence.
static unsigned weighted_number(const struct screen *screen, unsigned copier, unsigned source)
{
	return (unsigned)floor(shared_wrong(screen, copier, source) + weighted_right(screen, copier, source) + 1e-9);
}

static double k2_of(const struct screen *screen, const struct chance *chance, unsigned copier, unsigned source)
{
	return stats_binomial_tail(shared_wrong(screen, copier, source), screen->n_wrong[source],
		chance->shared_wrong[screen->n_wrong[copier]]);
}

static double s2_of(const struct screen *screen, const struct chance *chance, unsigned copier, unsigned source)
{
	return stats_poisson_tail(
		weighted_number(screen, copier, source), screen->n_rows, chance->mean[screen->n_wrong[copier]]);
}

void similarity_of_pair(const struct analysis *analysis, unsigned copier, unsigned source, double *k2, double *s2)
{
	struct screen screen;
	screen_init(&screen, analysis);
	struct chance chance = chance_of(&screen, source);
	*k2 = k2_of(&screen, &chance, copier, source);
	*s2 = s2_of(&screen, &chance, copier, source);
	chance_clear(&chance);
	screen_clear(&screen);
}

// --- all pairs

// The least shared number that is significant, by the copier's group; beyond all numbers where none is.
struct bounds {
	unsigned *wrong, *weighted;
};

static struct bounds bounds_of(const struct screen *screen, const struct chance *chance, unsigned source, double level)
{
	unsigned n_groups = screen->n_rows + 1;
	struct bounds bounds = {g_new0(unsigned, n_groups), g_new0(unsigned, n_groups)};
	for (unsigned group = 0; group < n_groups; group++) {
		if (!screen->group_sizes[group])
			continue;
		bounds.wrong[group] = stats_binomial_bound(screen->n_wrong[source], chance->shared_wrong[group], level);
		bounds.weighted[group] =
			stats_poisson_bound(screen->n_rows, fmax(chance->mean[group], LEAST_CHANCE), level);
	}
	return bounds;
}

static void add_pair(GHashTable *found, const struct screen *screen, const struct chance *chance, unsigned copier,
	unsigned source, double n_comparisons)
{
	const struct analysis *analysis = screen->analysis;
	unsigned one = MIN(copier, source), other = MAX(copier, source);
	gint64 key = (gint64)one << 32 | other;
	double k2 = fmin(k2_of(screen, chance, copier, source) * n_comparisons, 1);
	double s2 = fmin(s2_of(screen, chance, copier, source) * n_comparisons, 1);
	double expected = chance->shared_wrong[screen->n_wrong[copier]] * screen->n_wrong[source];
	struct similarity_pair *pair = g_hash_table_lookup(found, &key);
	if (pair) {
		pair->expected = k2 < pair->k2 ? expected : pair->expected;
		pair->k2 = fmin(pair->k2, k2);
		pair->s2 = fmin(pair->s2, s2);
		return;
	}
	gint64 *kept = g_new(gint64, 1);
	*kept = key;
	pair = g_new(struct similarity_pair, 1);
	*pair = (struct similarity_pair){analysis->students[one], analysis->students[other],
		{screen->n_wrong[one], screen->n_wrong[other]}, shared_wrong(screen, one, other),
		shared_right(screen, one, other), expected, k2, s2};
	g_hash_table_insert(found, kept, pair);
}

static void compare_with_source(GHashTable *found, const struct screen *screen, unsigned source, double n_comparisons)
{
	struct chance chance = chance_of(screen, source);
	struct bounds bounds = bounds_of(screen, &chance, source, SIMILARITY_LEVEL / n_comparisons);
	for (unsigned i = 0; i < screen->n; i++) {
		if (i == source)
			continue;
		unsigned group = screen->n_wrong[i], same = shared_wrong(screen, i, source);
		// Without identical wrong answers nothing is to be explained.
		if (same &&
			(same >= bounds.wrong[group] || weighted_number(screen, i, source) >= bounds.weighted[group]))
			add_pair(found, screen, &chance, i, source, n_comparisons);
	}
	g_free(bounds.wrong);
	g_free(bounds.weighted);
	chance_clear(&chance);
}

static int compare_pairs(const void *a, const void *b)
{
	const struct similarity_pair *left = a, *right = b;
	double of_left = fmin(left->k2, left->s2), of_right = fmin(right->k2, right->s2);
	if (of_left != of_right)
		return of_left < of_right ? -1 : 1;
	if (left->same_wrong != right->same_wrong)
		return left->same_wrong > right->same_wrong ? -1 : 1;
	int order = strcmp(left->one->id, right->one->id);
	return order ? order : strcmp(left->other->id, right->other->id);
}

static void collect(struct similarity *similarity, GHashTable *found)
{
	GHashTableIter iter;
	gpointer pair;
	similarity->n_found = g_hash_table_size(found);
	similarity->pairs = g_new0(struct similarity_pair, similarity->n_found + 1);
	g_hash_table_iter_init(&iter, found);
	for (unsigned i = 0; g_hash_table_iter_next(&iter, NULL, &pair); i++)
		similarity->pairs[i] = *(const struct similarity_pair *)pair;
	qsort(similarity->pairs, similarity->n_found, sizeof *similarity->pairs, compare_pairs);
	similarity->n_pairs = MIN(similarity->n_found, SIMILARITY_MOST_PAIRS);
}

struct similarity *similarity_new(const struct analysis *analysis)
{
	struct similarity *similarity = g_new0(struct similarity, 1);
	struct screen screen;
	g_autoptr(GHashTable) found = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	screen_init(&screen, analysis);
	*similarity = (struct similarity){
		.n = screen.n, .n_rows = screen.n_rows, .n_comparisons = 2.0 * screen.n * (screen.n - 1.0)};
	for (unsigned source = 0; screen.n >= SIMILARITY_MIN_PAPERS && screen.n_rows && source < screen.n; source++)
		compare_with_source(found, &screen, source, similarity->n_comparisons);
	collect(similarity, found);
	screen_clear(&screen);
	return similarity;
}

void similarity_free(struct similarity *similarity)
{
	if (!similarity)
		return;
	g_free(similarity->pairs);
	g_free(similarity);
}
