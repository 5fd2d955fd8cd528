// SPDX-License-Identifier: GPL-3.0-or-later
// The rules by which marks become points, as arithmetic on counts: how many choices there are, how many of the right
// ones are marked, how many others. Scoring and the exam's maximum share them, so that they cannot disagree. Knows no
// questions, items and students. Each rule's source is in docs/scoring.md.
#ifndef SHEAF_SHEET_RULE_H
#define SHEAF_SHEET_RULE_H

#include "sheet/rational.h"

enum exam_rule {
	RULE_SUM,          // each row of bubbles by itself: statements, parts, a single answer
	RULE_ALL,          // all-or-nothing
	RULE_PER_OPTION,   // each mark by itself: right or wrong
	RULE_PS1N,         // each choice, marked or not, is a decision worth 1/n
	RULE_HALF_POINT,   // half if one decision is wrong
	RULE_PS50,         // half if more than half of the decisions are right
	RULE_PS1M,         // each right choice that is marked is worth 1/m
	RULE_RIPKEY,       // the same, and nothing if more are marked than are right
	RULE_PROPORTIONAL, // the share of the right choices, and the share of the others
};

// Points of one response. What they are for depends on the rule; `multiple` is for several marks on a single-answer
// item.
struct exam_points {
	struct rational right, wrong, blank, multiple;
};

// What is marked of a set of choices.
struct rule_marks {
	unsigned n_choices; // that there are
	unsigned n_keyed;   // of them right: 1 to n_choices
	unsigned hits;      // right and marked
	unsigned others;    // marked, but not right
};

// The points of a set of choices, by any rule but RULE_SUM. Nothing marked scores `blank`.
struct rational rule_score_set(enum exam_rule rule, const struct exam_points *points, const struct rule_marks *marks);

// The points of n decisions (at least 1), such as true-false statements, of which n_right are right and not all were
// left blank: by RULE_ALL, RULE_PS1N, RULE_HALF_POINT or RULE_PS50.
struct rational rule_score_decisions(
	enum exam_rule rule, const struct exam_points *points, unsigned n, unsigned n_right);

// The most that a set of choices or n decisions can score, whatever is marked. Exact.
struct rational rule_most_of_set(
	enum exam_rule rule, const struct exam_points *points, unsigned n_choices, unsigned n_keyed);
struct rational rule_most_of_decisions(enum exam_rule rule, const struct exam_points *points, unsigned n);

#endif
