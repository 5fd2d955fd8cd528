// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/harness.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "sheet/layout.h"
#include "sheet/stroke_font.h"

// Within this, also the pen's width, a letter stands clear of its ring's line.
#define INNER_UM (LAYOUT_BUBBLE_UM / 2 - LAYOUT_RING_UM)

static const char KNOWN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789()+-.=<>/";

static void assert_inside(const char *label)
{
	struct stroke strokes[STROKE_MAX];
	unsigned n = stroke_label(label, strokes);
	assert_in_range(n, 1, STROKE_MAX);
	for (unsigned i = 0; i < n; i++) {
		const struct stroke *s = &strokes[i];
		double reach = fmax(hypot(s->x0_um, s->y0_um), hypot(s->x1_um, s->y1_um)) + STROKE_PEN_UM / 2.0;
		if (reach > INNER_UM)
			fail_msg("\"%s\" reaches out to %.0f um", label, reach);
		// Not a dot, and no longer than a letter is high and wide.
		double length = hypot(s->x1_um - s->x0_um, s->y1_um - s->y0_um);
		if (length < 1 || length > 2500)
			fail_msg("\"%s\" has a stroke of %.0f um", label, length);
	}
}

static void test_one_two_three_letters(void **state)
{
	(void)state;
	for (const char *a = KNOWN; *a; a++) {
		const char one[] = {*a, 0}, three[] = {*a, *a, *a, 0};
		assert_true(stroke_label_fits(one));
		assert_inside(one);
		assert_inside(three);
		for (const char *b = KNOWN; *b; b++) {
			const char two[] = {*a, *b, 0}, mixed[] = {*b, *a, *b, 0};
			assert_inside(two);
			assert_inside(mixed);
		}
	}
}

// A label's strokes as text, to compare labels by.
static char *drawing(const char *label)
{
	struct stroke strokes[STROKE_MAX];
	unsigned n = stroke_label(label, strokes);
	GString *text = g_string_new(NULL);
	for (unsigned i = 0; i < n; i++)
		g_string_append_printf(
			text, "%d,%d-%d,%d;", strokes[i].x0_um, strokes[i].y0_um, strokes[i].x1_um, strokes[i].y1_um);
	return g_string_free(text, FALSE);
}

static void test_no_two_alike(void **state)
{
	(void)state;
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (const char *a = KNOWN; *a; a++) {
		const char label[] = {*a, 0};
		// A zero is drawn like the letter O.
		if (*a != '0' && !g_hash_table_add(seen, drawing(label)))
			fail_msg("\"%s\" looks like another letter", label);
	}
}

// Letters stand side by side, not one upon the other.
static void test_letters_apart(void **state)
{
	(void)state;
	struct stroke one[STROKE_MAX], two[STROKE_MAX];
	unsigned n = stroke_label("H", one), m = stroke_label("HH", two);
	assert_int_equal(m, 2 * n);
	for (unsigned i = 0; i < n; i++) {
		assert_true(MAX(two[i].x0_um, two[i].x1_um) < -STROKE_PEN_UM);
		assert_true(MIN(two[n + i].x0_um, two[n + i].x1_um) > STROKE_PEN_UM);
	}
}

static void test_what_does_not_fit(void **state)
{
	(void)state;
	static const char *const labels[] = {"", "ABCD", "none", "A B", " ", "\xc3\x84", "\xce\xb1", "A\n", "?", "a,b",
		"\x7f", "\xff", "A long label that is a sentence"};
	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
		if (stroke_label_fits(labels[i]))
			fail_msg("\"%s\" is said to fit", labels[i]);
	// Whatever byte it is, the answer is one.
	for (int c = 1; c < 256; c++) {
		const char label[] = {(char)c, 0};
		assert_int_equal(stroke_label_fits(label), strchr(KNOWN, c) != NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_two_three_letters),
		cmocka_unit_test(test_no_two_alike),
		cmocka_unit_test(test_letters_apart),
		cmocka_unit_test(test_what_does_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
