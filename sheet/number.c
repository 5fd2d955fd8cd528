// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/number.h"

#include <glib.h>

#define MINUS ((exam_choices)2) // the sign's second choice

static int64_t power_of_ten(unsigned exponent)
{
	int64_t power = 1;
	for (unsigned i = 0; i < exponent; i++)
		power *= 10;
	return power;
}

// Digit columns begin behind the sign.
static unsigned first_digit(const struct exam_question *question)
{
	return question->number.sign ? 1 : 0;
}

bool number_is_decimal(const struct exam_question *question, unsigned column)
{
	return column >= first_digit(question) + question->number.digits;
}

static bool all_blank(const struct exam_question *question, const exam_choices *marked)
{
	for (unsigned i = 0; i < question->n_items; i++)
		if (marked[i])
			return false;
	return true;
}

// A blank column that may be a nought or not: behind a digit in front of the point, or in front of one behind it. False
// if there is none.
static bool find_gap(const struct exam_question *question, const exam_choices *marked, unsigned *column)
{
	bool digit = false, blank = false;
	for (unsigned i = first_digit(question); i < question->n_items; i++) {
		bool decimal = number_is_decimal(question, i);
		if (!decimal && !marked[i] && digit) {
			*column = i;
			return true;
		}
		if (decimal && marked[i] && blank) {
			*column = i - 1;
			return true;
		}
		digit = digit || marked[i];
		blank = decimal && !marked[i];
	}
	*column = 0;
	return !digit; // a sign alone
}

enum number_state number_read(
	const struct exam_question *question, const exam_choices *marked, struct rational *value, unsigned *column)
{
	int64_t digits = 0;
	if (all_blank(question, marked))
		return NUMBER_BLANK;
	for (unsigned i = 0; i < question->n_items; i++)
		if (marked[i] & (marked[i] - 1)) {
			*column = i;
			return NUMBER_SEVERAL;
		}
	if (find_gap(question, marked, column))
		return NUMBER_GAP;
	for (unsigned i = first_digit(question); i < question->n_items; i++)
		digits = digits * 10 + (marked[i] ? __builtin_ctz(marked[i]) : 0);
	bool negative = question->number.sign && marked[0] == MINUS;
	*value = rational_make(negative ? -digits : digits, power_of_ten(question->number.decimals));
	return NUMBER_READ;
}

bool number_write(
	const struct exam_question *question, struct rational value, struct rational *nearest, exam_choices *columns)
{
	int64_t unit = power_of_ten(question->number.decimals);
	*nearest = rational_round(value, RATIONAL_HALF_UP, rational_make(1, unit));
	int64_t digits = nearest->num * (unit / nearest->den);
	if ((digits < 0 && !question->number.sign) ||
		ABS(digits) >= power_of_ten(question->number.digits + question->number.decimals))
		return false;
	if (question->number.sign)
		columns[0] = digits < 0 ? MINUS : 1;
	digits = ABS(digits);
	for (unsigned i = question->n_items; i > first_digit(question); i--, digits /= 10)
		columns[i - 1] = (exam_choices)1 << digits % 10;
	return true;
}

bool number_is_right(const struct exam_question *question, struct rational value, unsigned key)
{
	struct rational off = rational_subtract(value, question->number.keys[key]);
	struct rational distance = off.num < 0 ? rational_subtract(RATIONAL_ZERO, off) : off;
	return rational_compare(distance, question->number.tolerance) <= 0;
}
