// SPDX-License-Identifier: GPL-3.0-or-later
// Reduction, crops and smoothing of grey pixels against plain arithmetic.
#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>

#include "detect/grey.h"

#define WIDTH 203
#define HEIGHT 101
#define STRIDE 210

static uint8_t pixels[HEIGHT * STRIDE];
static const struct grey_view view = {pixels, WIDTH, HEIGHT, STRIDE};

static int fill_with_noise(void **state)
{
	(void)state;
	uint32_t noise = 7;
	for (size_t i = 0; i < sizeof pixels; i++) {
		noise = noise * 1664525u + 1013904223u;
		// Many whites and blacks: where sums are largest and smallest.
		pixels[i] = (uint8_t)(noise >> 30 == 0 ? 0 : noise >> 30 == 1 ? 255 : noise >> 16);
	}
	return 0;
}

static unsigned mean_of(int left, int top, int factor)
{
	unsigned sum = 0, area = (unsigned)(factor * factor);
	for (int y = 0; y < factor; y++)
		for (int x = 0; x < factor; x++)
			sum += pixels[(top + y) * STRIDE + left + x];
	return (sum + area / 2) / area;
}

static void reduction_is_the_rounded_mean(void **state)
{
	(void)state;
	for (int factor = 1; factor <= GREY_MOST_FACTOR; factor++) {
		struct grey_image image;
		assert_true(grey_reduce(&view, factor, &image));
		assert_int_equal(image.view.width_px, WIDTH / factor);
		assert_int_equal(image.view.height_px, HEIGHT / factor);
		for (int y = 0; y < image.view.height_px; y++)
			for (int x = 0; x < image.view.width_px; x++)
				assert_int_equal(image.pixels[y * image.view.stride_px + x],
					mean_of(x * factor, y * factor, factor));
		grey_image_clear(&image);
	}
}

static void what_would_vanish_is_refused(void **state)
{
	(void)state;
	const struct grey_view thin = {pixels, WIDTH, 3, STRIDE};
	struct grey_image image;
	assert_false(grey_reduce(&thin, 2, &image));
	assert_false(grey_reduce(&view, 0, &image));
	assert_false(grey_reduce(&view, GREY_MOST_FACTOR + 1, &image));
	assert_false(grey_crop(&view, WIDTH + 5, 0, 20, 20, 1, &image));
	assert_false(grey_crop(&view, -30, 0, 20, 20, 1, &image));
}

static void crops_are_clipped_and_magnified(void **state)
{
	(void)state;
	struct grey_image image;
	assert_true(grey_crop(&view, -5, 90, 20, 20, 1, &image));
	assert_int_equal(image.view.width_px, 15);
	assert_int_equal(image.view.height_px, 11);
	for (int y = 0; y < 11; y++)
		assert_memory_equal(image.pixels + y * image.view.stride_px, pixels + (90 + y) * STRIDE, 15);
	grey_image_clear(&image);
	assert_true(grey_crop(&view, 10, 10, 20, 20, 3, &image));
	assert_int_equal(image.view.width_px, 60);
	for (int i = 0; i < 20; i++)
		assert_int_equal(
			image.pixels[3 * i * image.view.stride_px + 3 * i], pixels[(10 + i) * STRIDE + 10 + i]);
	grey_image_clear(&image);
}

static void smoothing_keeps_evenness_and_lowers_noise(void **state)
{
	(void)state;
	struct grey_image image;
	assert_true(grey_crop(&view, 0, 0, WIDTH, HEIGHT, 1, &image));
	long before = 0, after = 0;
	for (int i = 50 * image.view.stride_px; i < 50 * image.view.stride_px + 200; i++)
		before += labs((long)image.pixels[i] - image.pixels[i + 1]);
	grey_smooth(&image, 2);
	for (int i = 50 * image.view.stride_px; i < 50 * image.view.stride_px + 200; i++)
		after += labs((long)image.pixels[i] - image.pixels[i + 1]);
	assert_true(after < before / 3);
	memset(image.pixels, 131, (size_t)image.view.stride_px * (size_t)image.view.height_px);
	grey_smooth(&image, 4);
	for (int y = 0; y < image.view.height_px; y++)
		for (int x = 0; x < image.view.width_px; x++)
			assert_int_equal(image.pixels[y * image.view.stride_px + x], 131);
	grey_image_clear(&image);
}

static void points_go_there_and_back(void **state)
{
	(void)state;
	// The first two pixels of a row become one: their middle is at 0.5.
	struct page_point middle = grey_enlarge_point((struct page_point){0, 0}, 2);
	assert_float_equal(middle.x_px, 0.5, 1e-9);
	for (int factor = 1; factor < 5; factor++) {
		struct page_point there = grey_enlarge_point((struct page_point){12.25, 7.5}, factor);
		struct page_point back = grey_reduce_point(there, factor);
		assert_float_equal(back.x_px, 12.25, 1e-9);
		assert_float_equal(back.y_px, 7.5, 1e-9);
	}
	assert_float_equal(grey_at(&view, -3, 0), pixels[0], 1e-9);
	assert_float_equal(grey_at(&view, WIDTH + 3, HEIGHT + 3), pixels[(HEIGHT - 1) * STRIDE + WIDTH - 1], 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reduction_is_the_rounded_mean),
		cmocka_unit_test(what_would_vanish_is_refused),
		cmocka_unit_test(crops_are_clipped_and_magnified),
		cmocka_unit_test(smoothing_keeps_evenness_and_lowers_noise),
		cmocka_unit_test(points_go_there_and_back),
	};
	return cmocka_run_group_tests(tests, fill_with_noise, NULL);
}
