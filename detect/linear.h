// SPDX-License-Identifier: GPL-3.0-or-later
// Small dense linear algebra: the few dozen unknowns that fitting a page needs.
#ifndef SHEAF_DETECT_LINEAR_H
#define SHEAF_DETECT_LINEAR_H

#include <stdbool.h>

// Inverts the n by n matrix (row after row) in place by Gauss-Jordan elimination with partial pivoting. False, the
// matrix spoilt, if it is singular to working precision. n is at most LINEAR_MAX.
#define LINEAR_MAX 96
bool linear_invert(int n, double *matrix);

// Solves matrix * x = vector in place: vector becomes x, the matrix is spoilt. False if singular.
bool linear_solve(int n, double *matrix, double *vector);

#endif
