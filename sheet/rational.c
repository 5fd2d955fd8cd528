// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/rational.h"

#include <glib.h>
#include <stddef.h>

// No numerator or denominator in a file is longer; beyond it parsing stops before anything can overflow.
#define MAX_DIGITS 15

static int64_t gcd(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a < 0 ? -a : a;
}

static int64_t times(int64_t a, int64_t b)
{
	int64_t product;
	bool overflow = __builtin_mul_overflow(a, b, &product);
	g_assert(!overflow);
	return product;
}

struct rational rational_make(int64_t num, int64_t den)
{
	g_assert(den != 0 && num > INT64_MIN && den > INT64_MIN);
	int64_t divisor = gcd(num, den);
	if (den < 0)
		divisor = -divisor;
	return (struct rational){num / divisor, den / divisor};
}

// Both are brought to their least common denominator, not to the product: a sum over an exam then never needs more than
// the exam's common denominator, which the loader bounds.
struct rational rational_add(struct rational a, struct rational b)
{
	int64_t divisor = gcd(a.den, b.den);
	int64_t num;
	bool overflow = __builtin_add_overflow(times(a.num, b.den / divisor), times(b.num, a.den / divisor), &num);
	g_assert(!overflow);
	return rational_make(num, times(a.den / divisor, b.den));
}

struct rational rational_subtract(struct rational a, struct rational b)
{
	g_assert(b.num > INT64_MIN);
	return rational_add(a, (struct rational){-b.num, b.den});
}

struct rational rational_multiply(struct rational a, struct rational b)
{
	struct rational left = rational_make(a.num, b.den), right = rational_make(b.num, a.den);
	return (struct rational){times(left.num, right.num), times(left.den, right.den)};
}

bool rational_divide(struct rational a, struct rational b, struct rational *quotient)
{
	int64_t num, den;
	if (b.num == 0)
		return false;
	struct rational left = rational_make(a.num, b.num), right = rational_make(b.den, a.den);
	if (__builtin_mul_overflow(left.num, right.num, &num) || __builtin_mul_overflow(left.den, right.den, &den))
		return false;
	*quotient = rational_make(num, den);
	return true;
}

// The multiple of 1 that the value goes to.
static int64_t round_whole(struct rational value, enum rational_rounding rounding)
{
	int64_t below = value.num / value.den - (value.num % value.den < 0), rest = value.num - below * value.den;
	if (rest == 0)
		return below;
	bool tie = rest == value.den - rest, above_half = rest > value.den - rest;
	switch (rounding) {
	case RATIONAL_DOWN:
		return below;
	case RATIONAL_UP:
		return below + 1;
	case RATIONAL_HALF_EVEN:
		return below + (above_half || (tie && below % 2 != 0));
	case RATIONAL_HALF_UP:
		break;
	}
	return below + (above_half || (tie && below >= 0));
}

struct rational rational_round(struct rational value, enum rational_rounding rounding, struct rational grain)
{
	g_assert(grain.num > 0);
	struct rational grains = rational_multiply(value, (struct rational){grain.den, grain.num});
	return rational_multiply(rational_make(round_whole(grains, rounding), 1), grain);
}

int rational_compare(struct rational a, struct rational b)
{
	int64_t divisor = gcd(a.den, b.den);
	int64_t left = times(a.num, b.den / divisor), right = times(b.num, a.den / divisor);
	return (left > right) - (left < right);
}

struct rational rational_min(struct rational a, struct rational b)
{
	return rational_compare(a, b) <= 0 ? a : b;
}

struct rational rational_max(struct rational a, struct rational b)
{
	return rational_compare(a, b) >= 0 ? a : b;
}

// Reads digits into *number behind those it already holds. Returns how many, or -1 where there are too many.
static int parse_digits(const char **text, int64_t *number)
{
	int n_digits = 0;
	for (; g_ascii_isdigit(**text); (*text)++) {
		if (*number >= INT64_C(1000000000000000) || ++n_digits > MAX_DIGITS)
			return -1;
		*number = *number * 10 + (**text - '0');
	}
	return n_digits;
}

bool rational_parse(const char *text, struct rational *value)
{
	bool negative = *text == '-';
	if (negative)
		text++;
	int64_t num = 0, den = 1;
	int whole_digits = parse_digits(&text, &num);
	if (whole_digits < 0)
		return false;
	if (*text == '.') {
		text++;
		int decimals = parse_digits(&text, &num);
		if (decimals < 1)
			return false;
		for (int i = 0; i < decimals; i++)
			den *= 10;
	} else if (whole_digits == 0) {
		return false;
	} else if (*text == '/') {
		text++;
		den = 0;
		if (parse_digits(&text, &den) < 1 || den == 0)
			return false;
	}
	if (*text != '\0')
		return false;
	struct rational lowest = rational_make(negative ? -num : num, den);
	if (lowest.den > RATIONAL_MAX_DENOMINATOR || num / den > RATIONAL_MAX_VALUE ||
		(num / den == RATIONAL_MAX_VALUE && num % den != 0))
		return false;
	*value = lowest;
	return true;
}

const char *rational_format(struct rational value, char text[RATIONAL_TEXT_SIZE])
{
	g_assert(value.den > 0 && value.num > INT64_MIN);
	int64_t magnitude = value.num < 0 ? -value.num : value.num;
	int64_t whole = magnitude / value.den, rest = magnitude % value.den;
	int64_t decimals = 0, unit = 1;
	for (int i = 0; i < RATIONAL_DECIMALS; i++) {
		rest = times(rest, 10);
		decimals = decimals * 10 + rest / value.den;
		rest %= value.den;
		unit *= 10;
	}
	if (rest >= value.den - rest)
		decimals++;
	whole += decimals / unit;
	decimals %= unit;
	const char *sign = value.num < 0 && (whole > 0 || decimals > 0) ? "-" : "";
	int length = g_snprintf(text, RATIONAL_TEXT_SIZE, "%s%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, sign, whole,
		RATIONAL_DECIMALS, decimals);
	while (text[length - 1] == '0')
		text[--length] = '\0';
	if (text[length - 1] == '.')
		text[--length] = '\0';
	return text;
}
