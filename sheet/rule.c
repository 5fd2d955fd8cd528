// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/rule.h"

#include <glib.h>

static struct rational share(struct rational points, unsigned part, unsigned whole)
{
	if (part == 0) // also where there is no whole
		return RATIONAL_ZERO;
	return rational_multiply(points, rational_make(part, whole));
}

static struct rational two_shares(
	const struct exam_points *points, unsigned hits, unsigned of_right, unsigned others, unsigned of_wrong)
{
	return rational_add(share(points->right, hits, of_right), share(points->wrong, others, of_wrong));
}

struct rational rule_score_decisions(
	enum exam_rule rule, const struct exam_points *points, unsigned n, unsigned n_right)
{
	g_assert(n > 0 && n_right <= n);
	bool half = (rule == RULE_HALF_POINT && n_right + 1 == n) || (rule == RULE_PS50 && 2 * n_right > n);
	if (rule == RULE_PS1N)
		return two_shares(points, n_right, n, n - n_right, n);
	if (n_right == n)
		return points->right;
	return half ? share(points->right, 1, 2) : points->wrong;
}

struct rational rule_score_set(enum exam_rule rule, const struct exam_points *points, const struct rule_marks *marks)
{
	unsigned n = marks->n_choices, m = marks->n_keyed, hits = marks->hits, others = marks->others;
	g_assert(m > 0 && hits <= m && m + others <= n);
	if (hits + others == 0)
		return points->blank;
	switch (rule) {
	case RULE_PER_OPTION:
		return two_shares(points, hits, 1, others, 1);
	case RULE_PS1M:
		return two_shares(points, hits, m, others, m);
	case RULE_RIPKEY:
		return hits + others > m || hits == 0 ? points->wrong : share(points->right, hits, m);
	case RULE_PROPORTIONAL:
		return two_shares(points, hits, m, others, n - m);
	case RULE_SUM:
	case RULE_ALL:
	case RULE_PS1N:
	case RULE_HALF_POINT:
	case RULE_PS50:
		break;
	}
	return rule_score_decisions(rule, points, n, n - (m - hits) - others);
}

struct rational rule_most_of_set(
	enum exam_rule rule, const struct exam_points *points, unsigned n_choices, unsigned n_keyed)
{
	struct rational most = points->blank;
	for (unsigned hits = 0; hits <= n_keyed; hits++)
		for (unsigned others = 0; others <= n_choices - n_keyed; others++) {
			const struct rule_marks marks = {n_choices, n_keyed, hits, others};
			most = rational_max(most, rule_score_set(rule, points, &marks));
		}
	return most;
}

struct rational rule_most_of_decisions(enum exam_rule rule, const struct exam_points *points, unsigned n)
{
	struct rational most = points->blank;
	for (unsigned n_right = 0; n_right <= n; n_right++)
		most = rational_max(most, rule_score_decisions(rule, points, n, n_right));
	return most;
}
