// SPDX-License-Identifier: GPL-3.0-or-later
// The scoring rules: choices marked to points, as pure functions on exact fractions. Knows an exam's keys, points and
// bounds; refuses to know students, pages and doubts: what is marked is taken as meant.
#ifndef SHEAF_GRADE_SCORE_H
#define SHEAF_GRADE_SCORE_H

#include "sheet/exam.h"
#include "sheet/rational.h"

// The points of one question (or part) of the exam. marked[i] is what the student meant in exam->items[i], for all
// items of the question; other entries are not looked at. Never fails.
struct rational score_question(
	const struct exam *exam, const struct exam_question *question, const exam_choices *marked);

#endif
