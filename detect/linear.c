// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/linear.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// Relative to the largest element at the start: below this, a pivot is rounding noise.
#define SINGULAR 1e-12

static double largest(int n, const double *matrix)
{
	double most = 0;
	for (int i = 0; i < n * n; i++)
		most = fmax(most, fabs(matrix[i]));
	return most;
}

// Brings the row with the largest element in this column, from row k down, to row k. Returns where it was.
static int pivot(int n, double *matrix, int k)
{
	int best = k;
	for (int i = k + 1; i < n; i++)
		if (fabs(matrix[i * n + k]) > fabs(matrix[best * n + k]))
			best = i;
	for (int j = 0; best != k && j < n; j++) {
		double t = matrix[k * n + j];
		matrix[k * n + j] = matrix[best * n + j];
		matrix[best * n + j] = t;
	}
	return best;
}

bool linear_solve(int n, double *matrix, double *vector)
{
	double floor = largest(n, matrix) * SINGULAR;
	for (int k = 0; k < n; k++) {
		int from = pivot(n, matrix, k);
		double t = vector[k];
		vector[k] = vector[from];
		vector[from] = t;
		if (!(fabs(matrix[k * n + k]) > floor))
			return false;
		for (int i = k + 1; i < n; i++) {
			double factor = matrix[i * n + k] / matrix[k * n + k];
			for (int j = k; j < n; j++)
				matrix[i * n + j] -= factor * matrix[k * n + j];
			vector[i] -= factor * vector[k];
		}
	}
	for (int k = n - 1; k >= 0; k--) {
		for (int j = k + 1; j < n; j++)
			vector[k] -= matrix[k * n + j] * vector[j];
		vector[k] /= matrix[k * n + k];
	}
	return true;
}

bool linear_invert(int n, double *matrix)
{
	assert(n > 0 && n <= LINEAR_MAX);
	double floor = largest(n, matrix) * SINGULAR;
	int from[LINEAR_MAX];
	for (int k = 0; k < n; k++) {
		from[k] = pivot(n, matrix, k);
		double p = matrix[k * n + k];
		if (!(fabs(p) > floor))
			return false;
		matrix[k * n + k] = 1;
		for (int j = 0; j < n; j++)
			matrix[k * n + j] /= p;
		for (int i = 0; i < n; i++) {
			double factor = matrix[i * n + k];
			if (i == k || factor == 0)
				continue;
			matrix[i * n + k] = 0;
			for (int j = 0; j < n; j++)
				matrix[i * n + j] -= factor * matrix[k * n + j];
		}
	}
	// Exchanged rows of the matrix are exchanged columns of its inverse, undone last first.
	for (int k = n - 1; k >= 0; k--)
		for (int i = 0; from[k] != k && i < n; i++) {
			double t = matrix[i * n + k];
			matrix[i * n + k] = matrix[i * n + from[k]];
			matrix[i * n + from[k]] = t;
		}
	return true;
}
