// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/harness.h"

#include <glib.h>
#include <math.h>

#include "detect/homography.h"

#define MM_UM 1000

static double apart(struct page_point a, struct page_point b)
{
	return hypot(a.x_px - b.x_px, a.y_px - b.y_px);
}

// Points all over a letter sheet, and where a map puts them.
static void grid(const struct homography *map, struct point_pair *pairs, unsigned across, unsigned down)
{
	for (unsigned i = 0; i < across * down; i++) {
		struct sheet_point at = {(int32_t)(i % across * 200 * MM_UM / (across - 1) + 8 * MM_UM),
			(int32_t)(i / across * 260 * MM_UM / (down - 1) + 9 * MM_UM)};
		pairs[i] = (struct point_pair){at, homography_map(map, at)};
	}
}

static void assert_same_map(const struct homography *a, const struct homography *b)
{
	for (int32_t x = 0; x <= 216; x += 27)
		for (int32_t y = 0; y <= 279; y += 31) {
			struct sheet_point at = {x * MM_UM, y * MM_UM};
			double off = apart(homography_map(a, at), homography_map(b, at));
			if (!(off < 1e-6))
				fail_msg("%g px apart at %d, %d mm", off, x, y);
		}
}

// Turned, stretched, mirrored, sheared and seen askew.
static const struct homography MAPS[] = {
	{{5.9, 0, 0, 0, 5.9, 0, 0, 0, 1}},
	{{0, -5.9, 1700, 5.9, 0, 3, 0, 0, 1}},
	{{-5.9, 0.1, 1300, -0.1, -5.9, 1700, 0, 0, 1}},
	{{5.9, 0.5, -40, 0.3, 6.2, 25, 0, 0, 1}},
	{{-11.8, 0, 2500, 0, 11.8, 0, 0, 0, 1}},
	{{6.1, 0.2, 10, -0.1, 5.7, 30, 2e-4, -3e-4, 1}},
	{{0.3, -5.5, 1600, 5.8, 0.2, 12, -4e-4, 2e-4, 1}},
};

static void test_known_maps(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(MAPS); i++) {
		struct point_pair pairs[64];
		struct homography found;
		grid(&MAPS[i], pairs, 8, 8);
		assert_true(homography_fit(pairs, 64, true, &found));
		assert_same_map(&found, &MAPS[i]);
		const struct point_pair corners[] = {pairs[0], pairs[7], pairs[56], pairs[63]};
		assert_true(homography_fit(corners, 4, true, &found));
		assert_same_map(&found, &MAPS[i]);
		bool affine = MAPS[i].h[6] == 0 && MAPS[i].h[7] == 0;
		if (!affine)
			continue;
		assert_true(homography_fit(corners, 3, false, &found));
		assert_same_map(&found, &MAPS[i]);
		// Three points do not say how a sheet stands in space.
		assert_true(homography_fit(corners, 3, true, &found));
		assert_same_map(&found, &MAPS[i]);
	}
}

static void test_noise_averages_out(void **state)
{
	(void)state;
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	for (size_t i = 0; i < G_N_ELEMENTS(MAPS); i++) {
		struct point_pair pairs[64];
		struct homography found;
		grid(&MAPS[i], pairs, 8, 8);
		for (unsigned k = 0; k < 64; k++) {
			pairs[k].page.x_px += g_rand_double_range(random, -0.5, 0.5);
			pairs[k].page.y_px += g_rand_double_range(random, -0.5, 0.5);
		}
		assert_true(homography_fit(pairs, 64, true, &found));
		struct sheet_point middle = {108 * MM_UM, 140 * MM_UM};
		assert_true(apart(homography_map(&found, middle), homography_map(&MAPS[i], middle)) < 0.15);
	}
}

static void test_not_determined(void **state)
{
	(void)state;
	struct point_pair pairs[8];
	struct homography map = MAPS[0];
	for (unsigned i = 0; i < 8; i++) {
		struct sheet_point at = {(int32_t)i * 20 * MM_UM, (int32_t)i * 30 * MM_UM};
		pairs[i] = (struct point_pair){at, homography_map(&map, at)};
	}
	struct homography found = MAPS[1];
	assert_false(homography_fit(pairs, 8, true, &found));
	assert_false(homography_fit(pairs, 8, false, &found));
	assert_false(homography_fit(pairs, 2, false, &found));
	assert_false(homography_fit(pairs, 0, false, &found));
	for (unsigned i = 0; i < 8; i++)
		pairs[i] = pairs[0];
	assert_false(homography_fit(pairs, 8, true, &found));
	grid(&map, pairs, 4, 2);
	pairs[3].page.x_px = NAN;
	assert_false(homography_fit(pairs, 8, true, &found));
	assert_memory_equal(&found, &MAPS[1], sizeof found);
}

static void test_scale(void **state)
{
	(void)state;
	const struct sheet_point middle = {108 * MM_UM, 140 * MM_UM};
	assert_true(fabs(homography_scale(&MAPS[0], middle) - 5.9) < 1e-9);
	assert_true(fabs(homography_scale(&MAPS[1], middle) - 5.9) < 1e-9);
	assert_true(homography_scale(&MAPS[4], middle) < 0); // mirrored
	// Nearer to the camera it is larger.
	struct sheet_point left = {0, 140 * MM_UM}, right = {216 * MM_UM, 140 * MM_UM};
	assert_true(homography_scale(&MAPS[5], left) > homography_scale(&MAPS[5], right));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_maps),
		cmocka_unit_test(test_noise_averages_out),
		cmocka_unit_test(test_not_determined),
		cmocka_unit_test(test_scale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
