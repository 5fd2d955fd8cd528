// SPDX-License-Identifier: GPL-3.0-or-later
// Sums of squares are taken about the mean, in a second pass: scores are a few dozen points with spreads of a few, and
// the textbook's one-pass formula would lose digits that R keeps.
#include "grade/stats.h"

#include <math.h>
#include <stdlib.h>

#define EXTREME_PERCENT 27

double stats_mean(const double *x, unsigned n)
{
	double sum = 0;
	for (unsigned i = 0; i < n; i++)
		sum += x[i];
	return n ? sum / n : NAN;
}

// The sum of products of deviations.
static double co_deviation(const double *x, double mean_x, const double *y, double mean_y, unsigned n)
{
	double sum = 0;
	for (unsigned i = 0; i < n; i++)
		sum += (x[i] - mean_x) * (y[i] - mean_y);
	return sum;
}

double stats_variance(const double *x, unsigned n)
{
	double mean = stats_mean(x, n);
	return n > 1 ? co_deviation(x, mean, x, mean, n) / (n - 1) : NAN;
}

double stats_deviation(const double *x, unsigned n)
{
	return sqrt(stats_variance(x, n));
}

// What is left of rounding when values that do not vary are compared with their mean.
static bool varies(double sum_of_squares, const double *x, unsigned n)
{
	double largest = 0;
	for (unsigned i = 0; i < n; i++)
		largest = fmax(largest, fabs(x[i]));
	return sum_of_squares > n * largest * largest * 1e-24;
}

double stats_correlation(const double *x, const double *y, unsigned n)
{
	double mean_x = stats_mean(x, n), mean_y = stats_mean(y, n);
	double xx = co_deviation(x, mean_x, x, mean_x, n), yy = co_deviation(y, mean_y, y, mean_y, n);
	if (n < 2 || !varies(xx, x, n) || !varies(yy, y, n))
		return NAN;
	return co_deviation(x, mean_x, y, mean_y, n) / sqrt(xx) / sqrt(yy);
}

double stats_quantile(const double *sorted, unsigned n, double share)
{
	if (!n)
		return NAN;
	double at = share * (n - 1), below = floor(at);
	unsigned i = (unsigned)below;
	return i + 1 < n ? sorted[i] + (at - below) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

// --- order

static int compare_values(const void *a, const void *b, void *data)
{
	const double *x = data;
	unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;
	if (x[left] != x[right])
		return x[left] < x[right] ? -1 : 1;
	return left < right ? -1 : left > right;
}

void stats_order(const double *x, unsigned n, unsigned *order)
{
	for (unsigned i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof *order, compare_values, (void *)(guintptr)x);
}

// The first place behind those that tie with the value at place `from`.
static unsigned end_of_tie(const double *x, const unsigned *order, unsigned n, unsigned from)
{
	unsigned end = from + 1;
	while (end < n && x[order[end]] == x[order[from]])
		end++;
	return end;
}

void stats_lower_weights(const double *x, const unsigned *order, unsigned n, unsigned size, double *weights)
{
	for (unsigned from = 0, end; from < n; from = end) {
		end = end_of_tie(x, order, n, from);
		double inside = from < size ? MIN(end, size) - from : 0;
		for (unsigned i = from; i < end; i++)
			weights[order[i]] = inside / (end - from);
	}
}

void stats_upper_weights(const double *x, const unsigned *order, unsigned n, unsigned size, double *weights)
{
	stats_lower_weights(x, order, n, n - size, weights);
	for (unsigned i = 0; i < n; i++)
		weights[i] = 1 - weights[i];
}

void stats_groups(const double *x, const unsigned *order, unsigned n, unsigned n_groups, unsigned *groups)
{
	for (unsigned from = 0, end; from < n; from = end) {
		end = end_of_tie(x, order, n, from);
		// Twice the middle, in whole numbers: ranks from to end - 1.
		unsigned long group = (unsigned long)n_groups * (from + end) / (2UL * n);
		for (unsigned i = from; i < end; i++)
			groups[order[i]] = (unsigned)group;
	}
}

double stats_weighted_mean(const double *x, const double *weights, unsigned n)
{
	double sum = 0, weight = 0;
	for (unsigned i = 0; i < n; i++) {
		sum += weights[i] * x[i];
		weight += weights[i];
	}
	return weight > 0 ? sum / weight : NAN;
}

unsigned stats_extreme_size(unsigned n)
{
	return MAX((n * EXTREME_PERCENT + 50) / 100, 1);
}

// --- reliability

double stats_alpha(double sum_of_variances, double total_variance, unsigned k)
{
	return k > 1 && total_variance > 0 ? k / (k - 1.0) * (1 - sum_of_variances / total_variance) : NAN;
}

// --- chance

// The term for i successes of n, 0 < p < 1.
static double binomial_term(unsigned i, unsigned n, double p)
{
	return exp(lgamma(n + 1.0) - lgamma(i + 1.0) - lgamma(n - i + 1.0) + i * log(p) + (n - i) * log1p(-p));
}

static double poisson_term(unsigned i, double mean)
{
	return exp(i * log(mean) - mean - lgamma(i + 1.0));
}

// Tails are summed from the far end, where the terms are smallest.
double stats_binomial_tail(unsigned m, unsigned n, double p)
{
	double sum = 0;
	if (m == 0)
		return 1;
	if (p <= 0 || p >= 1)
		return p > 0 && m <= n ? 1 : 0;
	for (unsigned i = n; i >= m && i <= n; i--)
		sum += binomial_term(i, n, p);
	return fmin(sum, 1);
}

double stats_poisson_tail(unsigned m, unsigned n, double mean)
{
	double sum = 0;
	if (mean <= 0)
		return m == 0;
	for (unsigned i = n; i >= m && i <= n; i--)
		sum += poisson_term(i, mean);
	return fmin(sum, 1);
}

unsigned stats_binomial_bound(unsigned n, double p, double level)
{
	unsigned least = n + 1;
	for (double sum = 0; least > 1; least--) {
		sum += binomial_term(least - 1, n, p);
		if (sum > level)
			break;
	}
	return least;
}

unsigned stats_poisson_bound(unsigned n, double mean, double level)
{
	unsigned least = n + 1;
	for (double sum = 0; least > 1; least--) {
		sum += poisson_term(least - 1, mean);
		if (sum > level)
			break;
	}
	return least;
}

double stats_correlation_t(double r, unsigned n)
{
	return n > 2 ? r * sqrt((n - 2) / (1 - r * r)) : 0;
}
