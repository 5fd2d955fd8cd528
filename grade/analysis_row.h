// SPDX-License-Identifier: GPL-3.0-or-later
// One row of bubbles in item analysis: who marked what, and whether the key looks wrong. Used by grade/analysis.c only.
#ifndef SHEAF_GRADE_ANALYSIS_ROW_H
#define SHEAF_GRADE_ANALYSIS_ROW_H

#include "grade/analysis.h"

// The students by their score on the rest of the exam: everything but the row's question.
struct analysis_rest {
	const double *score; // by student
	double mean, deviation;
	double *upper, *lower; // weights in the extreme groups
	unsigned *curve_group; // from 0, the worst
	unsigned curve_sizes[ANALYSIS_CURVE_POINTS];
};

// Fills in *row for a row of the question, counted from 0. The weights are those of the extreme groups by the whole
// score.
void analysis_row_init(struct analysis_row *row, const struct analysis *analysis, const struct exam_question *question,
	unsigned number, const struct analysis_rest *rest, const double *upper_by_total, const double *lower_by_total);
void analysis_row_clear(struct analysis_row *row);

#endif
