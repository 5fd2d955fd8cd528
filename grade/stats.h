// SPDX-License-Identifier: GPL-3.0-or-later
// Classical test statistics on plain arrays. Knows numbers, refuses to know exams and students. docs/item-analysis.md
// has the formulas and their sources. What is not defined (a correlation with something that does not vary, a
// reliability of one question) is NAN.
#ifndef SHEAF_GRADE_STATS_H
#define SHEAF_GRADE_STATS_H

#include <glib.h>
#include <stdbool.h>

double stats_mean(const double *x, unsigned n);
double stats_variance(const double *x, unsigned n); // with n - 1
double stats_deviation(const double *x, unsigned n);
double stats_correlation(const double *x, const double *y, unsigned n); // Pearson's

// A quantile of ascending values, straight between the two nearest (Hyndman and Fan's type 7, as R's default).
double stats_quantile(const double *sorted, unsigned n, double share);

// The indices of x by ascending value; equal values by index. order has room for n.
void stats_order(const double *x, unsigned n, unsigned *order);

// How much each belongs to the `size` highest (or lowest) values: 1, 0, or a share for those who tie at the border, so
// that nothing depends on the order of equals. The weights sum to size. order is stats_order's.
void stats_upper_weights(const double *x, const unsigned *order, unsigned n, unsigned size, double *weights);
void stats_lower_weights(const double *x, const unsigned *order, unsigned n, unsigned size, double *weights);

// The number of groups of equal size that values are put into by rank; equal values come into the same group, by the
// middle of their ranks. groups[i] is from 0 to n_groups - 1.
void stats_groups(const double *x, const unsigned *order, unsigned n, unsigned n_groups, unsigned *groups);

double stats_weighted_mean(const double *x, const double *weights, unsigned n);

// How many of n make up the extreme groups of 27 % (Kelley 1939), rounded; at least 1.
unsigned stats_extreme_size(unsigned n);

// Cronbach's alpha of k questions by the sum of their variances and the variance of their sum. For questions that are
// all 0 or 1 it is KR-20.
double stats_alpha(double sum_of_variances, double total_variance, unsigned k);

// P(X >= m) of a binomial variable with n trials of probability p, of a Poisson variable with this mean, and of one
// whose values beyond n are left out (not rescaled).
double stats_binomial_tail(unsigned m, unsigned n, double p);
double stats_poisson_tail(unsigned m, unsigned n, double mean);

// The least m from 1 on whose tail is not above the level; n + 1 if there is none. 0 < p < 1, mean > 0.
unsigned stats_binomial_bound(unsigned n, double p, double level);
unsigned stats_poisson_bound(unsigned n, double mean, double level);

// Student's t of a correlation.
double stats_correlation_t(double r, unsigned n);

#endif
