// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/harness.h"

#include <glib.h>

#include "sheet/rational.h"

static void assert_rational(struct rational value, int64_t num, int64_t den)
{
	assert_int_equal(value.num, num);
	assert_int_equal(value.den, den);
}

static void test_values_are_in_lowest_terms(void **state)
{
	(void)state;
	assert_rational(rational_make(6, 4), 3, 2);
	assert_rational(rational_make(6, -4), -3, 2);
	assert_rational(rational_make(-6, -4), 3, 2);
	assert_rational(rational_make(0, -7), 0, 1);
}

static void test_arithmetic_is_exact(void **state)
{
	(void)state;
	struct rational third = rational_make(1, 3), half = rational_make(1, 2);
	assert_rational(rational_add(third, half), 5, 6);
	assert_rational(rational_subtract(third, half), -1, 6);
	assert_rational(rational_multiply(rational_make(-2, 3), rational_make(9, 4)), -3, 2);
	assert_rational(rational_add(rational_add(third, third), third), 1, 1);
	assert_rational(rational_multiply(RATIONAL_ZERO, third), 0, 1);
	struct rational sum = RATIONAL_ZERO;
	for (int i = 0; i < 10; i++)
		sum = rational_add(sum, rational_make(1, 10));
	assert_rational(sum, 1, 1);
}

static void test_order(void **state)
{
	(void)state;
	struct rational third = rational_make(1, 3), quarter = rational_make(1, 4), less = rational_make(-1, 3);
	assert_true(rational_compare(quarter, third) < 0);
	assert_true(rational_compare(third, less) > 0);
	assert_int_equal(rational_compare(third, rational_make(2, 6)), 0);
	assert_rational(rational_min(third, less), -1, 3);
	assert_rational(rational_max(third, less), 1, 3);
}

// The widest sum that the exam file's loader lets through.
static void test_the_caps_of_an_exam_fit(void **state)
{
	(void)state;
	struct rational sum = rational_make(INT64_C(999999999) * 1000000000 - 1, 1000000000);
	struct rational total = rational_add(sum, rational_make(1, 999999999 + 1));
	assert_rational(total, 999999999, 1);
	assert_true(rational_compare(sum, total) < 0);
}

static void test_parsing(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t num, den;
	} sound[] = {{"2", 2, 1}, {"-0.25", -1, 4}, {".5", 1, 2}, {"-.5", -1, 2}, {"-1/3", -1, 3}, {"4/6", 2, 3},
		{"0", 0, 1}, {"-0", 0, 1}, {"007", 7, 1}, {"0.50000000", 1, 2}, {"1000000", 1000000, 1},
		{"-1000000", -1000000, 1}, {"1/10000", 1, 10000}, {"20000/20000", 1, 1}, {"0.0001", 1, 10000}};
	for (size_t i = 0; i < G_N_ELEMENTS(sound); i++) {
		struct rational value = {-1, -1};
		assert_true(rational_parse(sound[i].text, &value));
		assert_rational(value, sound[i].num, sound[i].den);
	}
}

static void test_what_is_no_number_is_refused(void **state)
{
	(void)state;
	static const char *const broken[] = {"", "-", ".", "-.", "2.", "+1", "--1", " 1", "1 ", "1,5", "1e3", "0x1",
		"one", "1/", "/2", "1/0", "1/-2", "1/2/3", "1.5/2", "1/2.5", "1..2", "inf", "nan", "1000001",
		"-1000001", "1000000.5", "1/10001", "0.00001", "9999999999999999999999", "1/9999999999999999999999",
		"0.0000000000000000000001", "1000000000000000000000000/1", "−1", "½"};
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		struct rational value = {-7, 7};
		if (rational_parse(broken[i], &value))
			fail_msg("accepted: %s", broken[i]);
		assert_int_equal(value.num, -7);
		assert_int_equal(value.den, 7);
	}
}

static void test_formatting_rounds_half_away_from_zero(void **state)
{
	(void)state;
	static const struct {
		int64_t num, den;
		const char *text;
	} cases[] = {{0, 1, "0"}, {25, 2, "12.5"}, {-1, 3, "-0.3333"}, {2, 3, "0.6667"}, {-2, 3, "-0.6667"},
		{100, 1, "100"}, {1, 20000, "0.0001"}, {-1, 20000, "-0.0001"}, {1, 20001, "0"}, {-1, 20001, "0"},
		{99999, 100000, "1"}, {-199999, 100000, "-2"}, {1, 10000, "0.0001"}, {10001, 10, "1000.1"},
		{999999999999, 1000, "999999999.999"}, {INT64_MAX, 1, "9223372036854775807"},
		{-INT64_MAX, 2, "-4611686018427387903.5"}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char text[RATIONAL_TEXT_SIZE];
		assert_string_equal(rational_format(rational_make(cases[i].num, cases[i].den), text), cases[i].text);
		assert_ptr_equal(rational_format(RATIONAL_ZERO, text), text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_in_lowest_terms),
		cmocka_unit_test(test_arithmetic_is_exact),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_the_caps_of_an_exam_fit),
		cmocka_unit_test(test_parsing),
		cmocka_unit_test(test_what_is_no_number_is_refused),
		cmocka_unit_test(test_formatting_rounds_half_away_from_zero),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
