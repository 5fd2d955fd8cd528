// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/harness.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "detect/linear.h"

static void assert_near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.17g, not %.17g", value, expected);
}

static void test_known_solution(void **state)
{
	(void)state;
	// A zero on the diagonal: rows have to be exchanged.
	double matrix[] = {0, 2, 1, 1, 1, 1, 2, 1, -1}, vector[] = {7, 6, 1};
	assert_true(linear_solve(3, matrix, vector));
	for (int i = 0; i < 3; i++)
		assert_near(vector[i], i + 1, 1e-12);
	double one[] = {4}, x[] = {2};
	assert_true(linear_solve(1, one, x));
	assert_near(x[0], 0.5, 0);
}

static void test_known_inverse(void **state)
{
	(void)state;
	double matrix[] = {0, 1, 0, 0, 0, 4, 2, 0, 0};
	const double inverse[] = {0, 0, 0.5, 1, 0, 0, 0, 0.25, 0};
	assert_true(linear_invert(3, matrix));
	for (int i = 0; i < 9; i++)
		assert_near(matrix[i], inverse[i], 1e-15);
}

static void fill(GRand *random, double *values, int n, double scale)
{
	for (int i = 0; i < n; i++)
		values[i] = scale * g_rand_double_range(random, -1, 1);
}

// The matrix times what came out is what went in; also for very large and very small numbers.
static void test_random_systems(void **state)
{
	(void)state;
	static const int sizes[] = {1, 2, 3, 8, 35, LINEAR_MAX};
	static const double scales[] = {1, 1e-9, 1e9};
	static double matrix[LINEAR_MAX * LINEAR_MAX], work[LINEAR_MAX * LINEAR_MAX];
	double vector[LINEAR_MAX], x[LINEAR_MAX];
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++)
		for (size_t k = 0; k < G_N_ELEMENTS(scales); k++) {
			const int n = sizes[s];
			fill(random, matrix, n * n, scales[k]);
			fill(random, x, n, 1);
			for (int i = 0; i < n; i++) {
				vector[i] = 0;
				for (int j = 0; j < n; j++)
					vector[i] += matrix[i * n + j] * x[j];
			}
			memcpy(work, matrix, sizeof work);
			assert_true(linear_solve(n, work, vector));
			for (int i = 0; i < n; i++)
				assert_near(vector[i], x[i], 1e-8);
			memcpy(work, matrix, sizeof work);
			assert_true(linear_invert(n, work));
			for (int i = 0; i < n * n; i++) {
				double sum = 0;
				for (int j = 0; j < n; j++)
					sum += matrix[i / n * n + j] * work[j * n + i % n];
				assert_near(sum, i / n == i % n, 1e-8);
			}
		}
}

static void test_singular(void **state)
{
	(void)state;
	static const double singular[][9] = {
		{0},
		{1, 2, 3, 2, 4, 6, 1, 1, 1},
		{1, 2, 3, 4, 5, 6, 7, 8, 9},
		{1, 0, 0, 0, 1, 0, 0, 0, 1e-14},
		{1e9, 0, 0, 0, 1e9, 0, 0, 0, 1e-5},
		{NAN, 0, 0, 0, 1, 0, 0, 0, 1},
		{1, 0, 0, 0, NAN, 0, 0, 0, 1},
		{NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(singular); i++) {
		double a[9], b[9], vector[3] = {1, 2, 3};
		memcpy(a, singular[i], sizeof a);
		memcpy(b, singular[i], sizeof b);
		if (linear_solve(3, a, vector) || linear_invert(3, b))
			fail_msg("matrix %zu passes for regular", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_solution),
		cmocka_unit_test(test_known_inverse),
		cmocka_unit_test(test_random_systems),
		cmocka_unit_test(test_singular),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
