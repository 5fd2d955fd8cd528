// SPDX-License-Identifier: GPL-3.0-or-later
// From the points of questions to those of the exam: the best of a section, its bounds and weight, bonus questions,
// rescaling, the exam's bounds, and the rounding. Knows points, and neither marks nor how they came about.
#ifndef SHEAF_SHEET_EXAM_TOTAL_H
#define SHEAF_SHEET_EXAM_TOTAL_H

#include <stdbool.h>

#include "sheet/exam.h"

// The exact score of the exam. points[q] are those of exam->questions[q]; where known[q] is false they are not known (a
// page is missing) and the question is left out; known NULL: all are.
struct rational exam_total(const struct exam *exam, const struct rational *points, const bool *known);

// The most that can be scored, bonus questions aside. Exact.
struct rational exam_maximum(const struct exam *exam);

// The score as it is exported: rounded where and as the exam file says.
struct rational exam_round(const struct exam *exam, struct rational score);

// --- for the loader

// What the section is worth before its factor, bonus questions aside.
struct rational exam_section_maximum(const struct exam *exam, const struct exam_section *section);

// Sets exam->scale so that the maximum stays what it is with the questions that are dropped with rescaling. False if
// nothing is left to multiply, or the numbers become too large.
bool exam_set_scale(struct exam *exam);

#endif
