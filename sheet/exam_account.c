// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_account.h"

// The caps on the points of a whole exam: with them, numerators over the common denominator stay below 2^63.
#define MAX_COMMON_DENOMINATOR INT64_C(1000000000)
#define MAX_POINTS_SUM INT64_C(1000000000)

static struct rational size_of(struct rational value)
{
	return (struct rational){value.num < 0 ? -value.num : value.num, value.den};
}

static bool account_denominator(struct exam_account *account, struct exam_reader *reader, int64_t den, unsigned line)
{
	int64_t common;
	bool overflow = __builtin_mul_overflow(account->common_denominator, den, &common);
	account->common_denominator = overflow ? MAX_COMMON_DENOMINATOR + 1 : common;
	return account->common_denominator <= MAX_COMMON_DENOMINATOR ||
	       exam_reader_fail(reader, line,
		       "the fractions of this exam's points have no common denominator up to %" G_GINT64_FORMAT
		       "; use fewer different ones",
		       MAX_COMMON_DENOMINATOR);
}

static bool check_sum(const struct exam_account *account, struct exam_reader *reader, unsigned line)
{
	return rational_compare(account->largest_sum, rational_make(MAX_POINTS_SUM, 1)) <= 0 ||
	       exam_reader_fail(reader, line, "the points of this exam are too large; divide them all");
}

bool exam_account_value(
	struct exam_account *account, struct exam_reader *reader, struct rational value, unsigned times, unsigned line)
{
	// Reducing common / den takes their greatest common divisor out of den; what is left makes the least common
	// multiple.
	if (!account_denominator(account, reader, rational_make(account->common_denominator, value.den).den, line))
		return false;
	struct rational all = rational_multiply(rational_make(times, 1), size_of(value));
	account->largest_sum = rational_add(account->largest_sum, all);
	return check_sum(account, reader, line);
}

bool exam_account_bounds(
	struct exam_account *account, struct exam_reader *reader, const struct exam_bounds *bounds, unsigned line)
{
	return (!bounds->has_minimum || exam_account_value(account, reader, bounds->minimum, 1, line)) &&
	       (!bounds->has_maximum || exam_account_value(account, reader, bounds->maximum, 1, line));
}

// Points of which a rule gives shares: so many equal ones at most.
static bool account_share(struct exam_account *account, struct exam_reader *reader, struct rational points,
	unsigned whole, unsigned times, unsigned line)
{
	if (whole == 0)
		return true;
	struct rational one = rational_multiply(points, rational_make(1, whole));
	return exam_account_value(account, reader, one, times, line);
}

// Of n choices or decisions, m of them right.
static bool account_rule(struct exam_account *account, struct exam_reader *reader, const struct exam_question *question,
	unsigned n, unsigned m)
{
	struct rational right = question->points.right, wrong = question->points.wrong;
	unsigned line = question->line;
	switch (question->rule) {
	case RULE_SUM:
	case RULE_ALL:
		return true;
	case RULE_PER_OPTION:
		return account_share(account, reader, right, 1, n, line) &&
		       account_share(account, reader, wrong, 1, n, line);
	case RULE_PS1N:
		return account_share(account, reader, right, n, n, line) &&
		       account_share(account, reader, wrong, n, n, line);
	case RULE_HALF_POINT:
	case RULE_PS50:
		return account_share(account, reader, right, 2, 2, line);
	case RULE_PS1M:
	case RULE_RIPKEY:
		return account_share(account, reader, right, m, n, line) &&
		       account_share(account, reader, wrong, m, n, line);
	case RULE_PROPORTIONAL:
		break;
	}
	return account_share(account, reader, right, m, m, line) &&
	       account_share(account, reader, wrong, n - m, n - m, line);
}

static bool account_rules(struct exam_account *account, struct exam_reader *reader,
	const struct exam_question *question, const struct exam_item *items)
{
	if (question->type != EXAM_MULTIPLE)
		return account_rule(account, reader, question, question->n_items, question->n_items);
	for (unsigned k = 0; k < question->n_keys; k++)
		if (!account_rule(account, reader, question, items[0].n_choices,
			    (unsigned)__builtin_popcount(exam_item_key(&items[0], k))))
			return false;
	return true;
}

bool exam_account_points(struct exam_account *account, struct exam_reader *reader, const struct exam_question *question,
	const struct exam_item *items)
{
	const struct exam_points *points = &question->points;
	unsigned times = question->rule == RULE_SUM ? question->n_items : 1, line = question->line;
	return exam_account_value(account, reader, points->right, times, line) &&
	       exam_account_value(account, reader, points->wrong, times, line) &&
	       exam_account_value(account, reader, points->blank, times, line) &&
	       exam_account_value(account, reader, points->multiple, times, line) &&
	       account_rules(account, reader, question, items) &&
	       exam_account_bounds(account, reader, &question->each, line);
}

static int64_t ceiling_of(struct rational value)
{
	return value.num / value.den + (value.num % value.den > 0);
}

// A sum over the common denominator times the factor may need any product of the two denominators. Whole numbers that
// are no smaller do for the sizes, and cannot overflow.
bool exam_account_factor(
	struct exam_account *account, struct exam_reader *reader, struct rational factor, unsigned line)
{
	if (!account_denominator(account, reader, factor.den, line))
		return false;
	int64_t times = MAX(ceiling_of(size_of(factor)), 1), sum = ceiling_of(account->largest_sum);
	bool fits = times <= MAX_POINTS_SUM && sum * times <= MAX_POINTS_SUM;
	account->largest_sum = rational_make(fits ? sum * times : MAX_POINTS_SUM + 1, 1);
	return check_sum(account, reader, line);
}
