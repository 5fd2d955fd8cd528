// SPDX-License-Identifier: GPL-3.0-or-later
// Points as exact fractions. Knows arithmetic, comparing, reading "1/3" or "-0.25", and rounding at export;
// knows nothing of questions. The exam file's loader bounds every value (RATIONAL_MAX_*), the common denominator and
// the sum of all (1e9 each), so sums over a whole exam stay inside 64 bits; the arithmetic asserts on overflow, which
// would be a bug.
#ifndef SHEAF_SHEET_RATIONAL_H
#define SHEAF_SHEET_RATIONAL_H

#include <stdbool.h>
#include <stdint.h>

// Always in lowest terms with den > 0.
struct rational {
	int64_t num, den;
};

// The largest absolute value and denominator that rational_parse accepts.
#define RATIONAL_MAX_VALUE 1000000
#define RATIONAL_MAX_DENOMINATOR 10000

#define RATIONAL_ZERO ((struct rational){0, 1})

struct rational rational_make(int64_t num, int64_t den);
struct rational rational_add(struct rational a, struct rational b);
struct rational rational_subtract(struct rational a, struct rational b);
struct rational rational_multiply(struct rational a, struct rational b);
int rational_compare(struct rational a, struct rational b); // <0, 0, >0
struct rational rational_min(struct rational a, struct rational b);
struct rational rational_max(struct rational a, struct rational b);

// a / b. False, *quotient untouched, where b is 0 or the result needs more than 64 bits: for values that no loader
// bounds yet.
bool rational_divide(struct rational a, struct rational b, struct rational *quotient);

// How a value goes to a multiple of a grain: the nearest one, of two equally near ones that away from zero or the even
// multiple; or the next lower or higher one.
enum rational_rounding {
	RATIONAL_HALF_UP,
	RATIONAL_HALF_EVEN,
	RATIONAL_DOWN, // towards minus infinity: nobody gets more than they scored
	RATIONAL_UP,   // towards plus infinity
};
// grain is more than 0, and its denominator is counted among those that the loader bounds.
struct rational rational_round(struct rational value, enum rational_rounding rounding, struct rational grain);

// Reads "2", "-0.25", ".5" or "-1/3", nothing around it. False, *value untouched, if it is not a number or beyond the
// bounds.
bool rational_parse(const char *text, struct rational *value);

// Room for any value with RATIONAL_DECIMALS decimals.
#define RATIONAL_TEXT_SIZE 32
#define RATIONAL_DECIMALS 4

// The decimal text of a value, rounded half away from zero to RATIONAL_DECIMALS, without trailing zeros: "12.5", "0",
// "-0.3333". Returns text. Independent of the locale.
const char *rational_format(struct rational value, char text[RATIONAL_TEXT_SIZE]);

#endif
