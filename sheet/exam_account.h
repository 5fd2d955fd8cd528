// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps every sum over an exam inside 64 bits: all points that can occur are announced here while the file is read, and
// the common denominator of all and the sum of their sizes are bounded. Used by the loader only.
#ifndef SHEAF_SHEET_EXAM_ACCOUNT_H
#define SHEAF_SHEET_EXAM_ACCOUNT_H

#include <stdbool.h>

#include "sheet/exam.h"
#include "sheet/exam_reader.h"

struct exam_account {
	int64_t common_denominator;  // of all points and bounds so far
	struct rational largest_sum; // of the sizes of all points and bounds so far
};

#define EXAM_ACCOUNT_EMPTY ((struct exam_account){1, RATIONAL_ZERO})

// A value that occurs so many times. False with the reader's error set where a bound is passed; so below.
bool exam_account_value(
	struct exam_account *account, struct exam_reader *reader, struct rational value, unsigned times, unsigned line);
bool exam_account_bounds(
	struct exam_account *account, struct exam_reader *reader, const struct exam_bounds *bounds, unsigned line);

// The points of a question or part without parts, by its rule; items are its own.
bool exam_account_points(struct exam_account *account, struct exam_reader *reader, const struct exam_question *question,
	const struct exam_item *items);

// A factor that sums are multiplied with.
bool exam_account_factor(
	struct exam_account *account, struct exam_reader *reader, struct rational factor, unsigned line);

#endif
