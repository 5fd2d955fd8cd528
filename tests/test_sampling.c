// SPDX-License-Identifier: GPL-3.0-or-later
// Many places at once against one by one: the same darkness, to the last bit. And how far what is inked of them
// reaches.
#include "tests/harness.h"

#include "detect/bubbles.h"
#include "detect/sampling.h"

#define SIDE 64

static uint8_t pixels[(SIDE + 1) * SIDE];
static const struct grey_view view = {pixels, SIDE, SIDE, SIDE};

static int fill_with_noise(void **state)
{
	(void)state;
	uint32_t noise = 11;
	for (size_t i = 0; i < sizeof pixels; i++) {
		noise = noise * 1664525u + 1013904223u;
		pixels[i] = (uint8_t)(noise >> 30 == 0 ? 255 : noise >> 16);
	}
	return 0;
}

static struct sampling square_of(int side)
{
	struct sampling sampling = {0};
	for (int j = 0; j < side; j++)
		for (int i = 0; i < side; i++)
			sampling_add(&sampling, 250 * (i - side / 2), 250 * (j - side / 2));
	return sampling;
}

static void as_one_by_one(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct local_map map;
		struct darkness_scale scale;
		int side; // of the places: fewer than a group, a group and some, all that fit
	} cases[] = {
		{"upright", {{30, 30}, 0.0059, 0, 0, 0.0059}, {240, 0.9}, 4},
		{"turned", {{31.3, 29.8}, 0.0057, -0.0012, 0.0012, 0.0057}, {231.7, 1.1}, 12},
		{"upside down", {{32.01, 33.99}, -0.0061, 0.0002, -0.0002, -0.0061}, {199.5, 2.3}, 9},
		{"over the corner", {{1.5, 2.5}, 0.0059, 0.0001, 0.0001, 0.0059}, {240, 0.9}, 9},
		{"beyond the edge", {{SIDE + 3, 20}, 0.0059, 0, 0, 0.0059}, {240, 0.9}, 5},
		{"black paper", {{30, 30}, 0.0059, 0, 0, 0.0059}, {0, 200}, 6},
		{"all darker than any ink", {{30, 30}, 0.0059, 0, 0, 0.0059}, {900, 200}, 6},
	};
	for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
		const struct sampling sampling = square_of(cases[k].side);
		uint8_t taken[SAMPLING_MOST];
		sampling_take(&sampling, &cases[k].map, &view, &cases[k].scale, taken);
		for (unsigned i = 0; i < sampling.n; i++) {
			struct page_point at = local_at(&cases[k].map, sampling.dx_um[i], sampling.dy_um[i]);
			uint8_t alone = bubble_darkness(&cases[k].scale, grey_at(&view, at.x_px, at.y_px));
			if (taken[i] != alone)
				fail_msg("%s: place %u is %u, and %u alone", cases[k].name, i, taken[i], alone);
		}
	}
}

// A stroke of two samples' breadth, 1.5 mm long, from the right to the middle; then noise at the far ends.
static void noise_lengthens_no_stroke(void **state)
{
	(void)state;
	struct bubble_offset inked[20];
	unsigned n = 0;
	for (int i = 0; i <= 6; i++)
		for (int j = 0; j <= 1; j++)
			inked[n++] = (struct bubble_offset){
				(int16_t)(i * BUBBLE_SAMPLE_UM), (int16_t)(j * BUBBLE_SAMPLE_UM)};
	const struct bubble_extent stroke = bubble_extent_of(inked, n, false);
	assert_float_equal(stroke.inside_mm, 1.5, 0.01);
	assert_float_equal(stroke.nearest_mm, 0, 0.001);
	assert_true(stroke.through_mm < 0.3);
	inked[n++] = (struct bubble_offset){-6 * BUBBLE_SAMPLE_UM, 0};
	inked[n++] = (struct bubble_offset){0, -5 * BUBBLE_SAMPLE_UM};
	const struct bubble_extent noisy = bubble_extent_of(inked, n, false);
	assert_float_equal(noisy.inside_mm, stroke.inside_mm, 0);
	assert_float_equal(noisy.through_mm, stroke.through_mm, 0);
	// Two of them side by side are ink, but another piece of it.
	inked[n++] = (struct bubble_offset){-6 * BUBBLE_SAMPLE_UM, BUBBLE_SAMPLE_UM};
	assert_float_equal(bubble_extent_of(inked, n, false).inside_mm, stroke.inside_mm, 0);
	assert_float_equal(bubble_extent_of(inked, 0, false).inside_mm, 0, 0);
}

static void add_square(struct bubble_offset *inked, unsigned *n, int x, int y)
{
	for (int i = 0; i < 4; i++)
		inked[(*n)++] = (struct bubble_offset){
			(int16_t)((x + i % 2) * BUBBLE_SAMPLE_UM), (int16_t)((y + i / 2) * BUBBLE_SAMPLE_UM)};
}

// What an eraser missed at both ends of a mark is no stroke between them; what a letter hides the middle of, is.
static void a_stroke_hangs_together(void **state)
{
	(void)state;
	struct bubble_offset inked[16];
	unsigned n = 0;
	add_square(inked, &n, -6, 0);
	add_square(inked, &n, 4, 0);
	assert_float_equal(bubble_extent_of(inked, n, false).inside_mm, 0.36, 0.02);
	assert_float_equal(bubble_extent_of(inked, n, true).inside_mm, 2.75, 0.03); // of a pen as pale as the letter
	add_square(inked, &n, 0, 0); // 1 mm from the one, 0.75 mm from the other
	assert_float_equal(bubble_extent_of(inked, n, false).inside_mm, 1.27, 0.02);
	add_square(inked, &n, -3, 0);
	assert_float_equal(bubble_extent_of(inked, n, false).inside_mm, 2.75, 0.03);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(as_one_by_one, fill_with_noise),
		cmocka_unit_test(noise_lengthens_no_stroke),
		cmocka_unit_test(a_stroke_hangs_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
