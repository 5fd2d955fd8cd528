// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics against values worked out by hand, and against a published example: the reliability of the ratings in
// Chatterjee and Price's survey of a firm's clerks (R's data set attitude), whose analysis the manual of R's package
// psych shows at its function alpha. tests/test_analysis.c compares all with R itself.
#include "tests/harness.h"

#include <math.h>

#include "grade/stats.h"

#define assert_near(value, expected, tolerance)                                                                        \
	do {                                                                                                           \
		double is = (value), should = (expected);                                                              \
		if (!(fabs(is - should) <= (tolerance)))                                                               \
			fail_msg("%s is %.12g, not %.12g", #value, is, should);                                        \
	} while (0)

// --- by hand

static void mean_variance_and_correlation(void **state)
{
	(void)state;
	static const double X[] = {1, 2, 3, 4}, Y[] = {2, 4, 6, 8}, Z[] = {1, 0, 0, 1}, SAME[] = {5, 5, 5, 5};
	assert_near(stats_mean(X, 4), 2.5, 0);
	assert_near(stats_variance(X, 4), 5.0 / 3, 1e-15);
	assert_near(stats_correlation(X, Y, 4), 1, 1e-15);
	assert_near(stats_correlation(X, Z, 4), 0, 1e-15);
	assert_true(isnan(stats_correlation(X, SAME, 4)));
	assert_true(isnan(stats_correlation(X, Y, 1)));
	assert_true(isnan(stats_mean(X, 0)));
	assert_true(isnan(stats_variance(X, 1)));
	static const double THIRDS[] = {0.1 + 0.2, 0.3, 0.3}, ANY[] = {1, 2, 3};
	assert_true(isnan(stats_correlation(THIRDS, ANY, 3))); // they differ by rounding only
}

static void quantiles(void **state)
{
	(void)state;
	static const double X[] = {1, 2, 4, 8};
	assert_near(stats_quantile(X, 4, 0), 1, 0);
	assert_near(stats_quantile(X, 4, 0.25), 1.75, 1e-15);
	assert_near(stats_quantile(X, 4, 0.5), 3, 1e-15);
	assert_near(stats_quantile(X, 4, 1), 8, 0);
	assert_near(stats_quantile(X, 1, 0.5), 1, 0);
	assert_true(isnan(stats_quantile(X, 0, 0.5)));
}

// Five students, of whom two are to be the upper group: 9 is in it, the two 7 share what is left.
static void ties_at_the_border_are_shared(void **state)
{
	(void)state;
	static const double X[] = {7, 3, 9, 7, 1};
	static const double UPPER[] = {0.5, 0, 1, 0.5, 0}, LOWER[] = {0, 1, 0, 0, 1};
	unsigned order[5];
	double weights[5];
	stats_order(X, 5, order);
	assert_int_equal(order[0], 4);
	assert_int_equal(order[2], 0);
	assert_int_equal(order[3], 3);
	stats_upper_weights(X, order, 5, 2, weights);
	for (unsigned i = 0; i < 5; i++)
		assert_near(weights[i], UPPER[i], 0);
	stats_lower_weights(X, order, 5, 2, weights);
	for (unsigned i = 0; i < 5; i++)
		assert_near(weights[i], LOWER[i], 0);
	static const double SAME[] = {2, 2, 2, 2};
	stats_order(SAME, 4, order);
	stats_upper_weights(SAME, order, 4, 1, weights);
	assert_near(weights[3], 0.25, 0);
	assert_near(stats_weighted_mean(X, UPPER, 5), 8, 0);
}

static void groups_keep_ties_together(void **state)
{
	(void)state;
	static const double X[] = {5, 1, 5, 5, 9, 2};
	static const unsigned EXPECTED[] = {1, 0, 1, 1, 2, 0};
	unsigned order[6], groups[6];
	stats_order(X, 6, order);
	stats_groups(X, order, 6, 3, groups);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(groups[i], EXPECTED[i]);
}

static void the_extreme_groups(void **state)
{
	(void)state;
	static const unsigned ROWS[][2] = {{1, 1}, {2, 1}, {10, 3}, {100, 27}, {370, 100}, {10000, 2700}};
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
		assert_int_equal(stats_extreme_size(ROWS[i][0]), ROWS[i][1]);
}

// Three questions, four students: (1,1,1) (1,1,0) (1,0,0) (0,0,0). Variances 1/4, 1/3, 1/4; of the sums 3, 2, 1, 0:
// 5/3. KR-20 = 3/2 (1 - (5/6) / (5/3)) = 3/4.
static void kr20_by_hand(void **state)
{
	(void)state;
	static const double X[3][4] = {{1, 1, 1, 0}, {1, 1, 0, 0}, {1, 0, 0, 0}}, TOTAL[] = {3, 2, 1, 0};
	double sum = stats_variance(X[0], 4) + stats_variance(X[1], 4) + stats_variance(X[2], 4);
	assert_near(sum, 5.0 / 6, 1e-15);
	assert_near(stats_alpha(sum, stats_variance(TOTAL, 4), 3), 0.75, 1e-15);
	assert_true(isnan(stats_alpha(1, 1, 1)));
	assert_true(isnan(stats_alpha(0, 0, 3)));
}

static void chances_by_hand(void **state)
{
	(void)state;
	assert_near(stats_binomial_tail(0, 3, 0.5), 1, 0);
	assert_near(stats_binomial_tail(2, 3, 0.5), 0.5, 1e-14);
	assert_near(stats_binomial_tail(3, 3, 0.1), 0.001, 1e-15);
	assert_near(stats_binomial_tail(4, 3, 0.5), 0, 0);
	assert_near(stats_binomial_tail(2, 3, 0), 0, 0);
	assert_near(stats_binomial_tail(2, 3, 1), 1, 0);
	// e^-1 (1/2 + 1/6) for two or three of mean 1.
	assert_near(stats_poisson_tail(2, 3, 1), exp(-1) * 2 / 3, 1e-15);
	assert_near(stats_poisson_tail(0, 50, 1), 1, 1e-14);
	assert_near(stats_poisson_tail(0, 3, 0), 1, 0);
	assert_near(stats_poisson_tail(1, 3, 0), 0, 0);
	for (unsigned n = 0; n < 12; n++) {
		unsigned least = stats_binomial_bound(n, 0.3, 0.02), most = stats_poisson_bound(n, 1.5, 0.02);
		assert_true(least == n + 1 || stats_binomial_tail(least, n, 0.3) <= 0.02);
		assert_true(least == 1 || stats_binomial_tail(least - 1, n, 0.3) > 0.02);
		assert_true(most == n + 1 || stats_poisson_tail(most, n, 1.5) <= 0.02);
		assert_true(most == 1 || stats_poisson_tail(most - 1, n, 1.5) > 0.02);
	}
	assert_near(stats_correlation_t(0.5, 14), 2, 1e-14);
}

// --- published

#define CLERKS 30
#define RATINGS 7

static const double ATTITUDE[RATINGS][CLERKS] = {
	{43, 63, 71, 61, 81, 43, 58, 71, 72, 67, 64, 67, 69, 68, 77, 81, 74, 65, 65, 50, 50, 64, 53, 40, 63, 66, 78, 48,
		85, 82},
	{51, 64, 70, 63, 78, 55, 67, 75, 82, 61, 53, 60, 62, 83, 77, 90, 85, 60, 70, 58, 40, 61, 66, 37, 54, 77, 75, 57,
		85, 82},
	{30, 51, 68, 45, 56, 49, 42, 50, 72, 45, 53, 47, 57, 83, 54, 50, 64, 65, 46, 68, 33, 52, 52, 42, 42, 66, 58, 44,
		71, 39},
	{39, 54, 69, 47, 66, 44, 56, 55, 67, 47, 58, 39, 42, 45, 72, 72, 69, 75, 57, 54, 34, 62, 50, 58, 48, 63, 74, 45,
		71, 59},
	{61, 63, 76, 54, 71, 54, 66, 70, 71, 62, 58, 59, 55, 59, 79, 60, 79, 55, 75, 64, 43, 66, 63, 50, 66, 88, 80, 51,
		77, 64},
	{92, 73, 86, 84, 83, 49, 68, 66, 83, 80, 67, 74, 63, 77, 77, 54, 79, 80, 85, 78, 64, 80, 80, 57, 75, 76, 78, 83,
		74, 78},
	{45, 47, 48, 35, 47, 34, 35, 41, 31, 41, 34, 41, 25, 35, 46, 36, 63, 60, 46, 52, 33, 41, 37, 49, 33, 72, 49, 38,
		55, 39},
};

static void the_published_example_of_alpha(void **state)
{
	(void)state;
	// psych's manual, alpha(attitude): raw_alpha if dropped, r.drop, mean, sd, to two digits (means to whole ones).
	static const struct {
		double alpha_without, correlation, mean, deviation;
	} PUBLISHED[RATINGS] = {{0.81, 0.67, 65, 12.2}, {0.80, 0.74, 67, 13.3}, {0.83, 0.56, 53, 12.2},
		{0.80, 0.71, 56, 11.7}, {0.80, 0.79, 65, 10.4}, {0.86, 0.27, 75, 9.9}, {0.84, 0.46, 43, 10.3}};
	double total[CLERKS] = {0}, sum = 0;
	for (unsigned j = 0; j < RATINGS; j++) {
		sum += stats_variance(ATTITUDE[j], CLERKS);
		for (unsigned i = 0; i < CLERKS; i++)
			total[i] += ATTITUDE[j][i];
	}
	assert_near(stats_alpha(sum, stats_variance(total, CLERKS), RATINGS), 0.84, 0.005);
	for (unsigned j = 0; j < RATINGS; j++) {
		double rest[CLERKS];
		for (unsigned i = 0; i < CLERKS; i++)
			rest[i] = total[i] - ATTITUDE[j][i];
		double without = stats_alpha(
			sum - stats_variance(ATTITUDE[j], CLERKS), stats_variance(rest, CLERKS), RATINGS - 1);
		assert_near(without, PUBLISHED[j].alpha_without, 0.005);
		assert_near(stats_correlation(ATTITUDE[j], rest, CLERKS), PUBLISHED[j].correlation, 0.005);
		assert_near(stats_mean(ATTITUDE[j], CLERKS), PUBLISHED[j].mean, 0.5);
		assert_near(stats_deviation(ATTITUDE[j], CLERKS), PUBLISHED[j].deviation, 0.05);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mean_variance_and_correlation),
		cmocka_unit_test(quantiles),
		cmocka_unit_test(ties_at_the_border_are_shared),
		cmocka_unit_test(groups_keep_ties_together),
		cmocka_unit_test(the_extreme_groups),
		cmocka_unit_test(kr20_by_hand),
		cmocka_unit_test(chances_by_hand),
		cmocka_unit_test(the_published_example_of_alpha),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
