// SPDX-License-Identifier: GPL-3.0-or-later
// Levels of tiles against a plain way of finding them: all samples sorted.
#include "tests/harness.h"

#include <glib.h>
#include <stdlib.h>

#include "detect/tiles.h"

static int compare_bytes(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

// Every third pixel of every third row, and the level that more than a fifth of them reach.
static float plain_level(const struct grey_view *image, int left, int top, int tile_px)
{
	g_autoptr(GByteArray) samples = g_byte_array_new();
	for (int y = top; y < MIN(top + tile_px, image->height_px); y += 3)
		for (int x = left; x < MIN(left + tile_px, image->width_px); x += 3)
			g_byte_array_append(samples, image->pixels + (ptrdiff_t)y * image->stride_px + x, 1);
	qsort(samples->data, samples->len, 1, compare_bytes);
	return samples->data[samples->len - 1 - samples->len / 5];
}

enum look { NOISE, PAPER, BLACK_AND_WHITE, WHITE, BLACK, N_LOOKS };

static uint8_t grey_of(enum look look, GRand *random, int x)
{
	switch (look) {
	case NOISE:
		return (uint8_t)g_rand_int_range(random, 0, 256);
	case PAPER: // it darkens to the right, and has print on it
		return (uint8_t)(g_rand_int_range(random, 0, 8) ? 200 - x % 150 + g_rand_int_range(random, 0, 9) : 20);
	case BLACK_AND_WHITE:
		return g_rand_int_range(random, 0, 5) ? 0 : UINT8_MAX;
	case WHITE:
		return UINT8_MAX;
	default:
		return 0;
	}
}

static void check(enum look look, GRand *random, int width, int height, int tile_px)
{
	const int stride = width + g_rand_int_range(random, 0, 7);
	g_autofree uint8_t *pixels = g_malloc((gsize)stride * (gsize)height); // just so long: sanitizers see any more
	for (int y = 0; y < height; y++)
		for (int x = 0; x < stride; x++)
			pixels[(ptrdiff_t)y * stride + x] = grey_of(look, random, x);
	const struct grey_view image = {pixels, width, height, stride};
	const int columns = (width + tile_px - 1) / tile_px, rows = (height + tile_px - 1) / tile_px;
	g_autofree float *levels = g_new(float, (gsize)columns *(gsize)rows);
	assert_true(tiles_measure(&image, tile_px, columns, rows, levels));
	for (int row = 0; row < rows; row++)
		for (int column = 0; column < columns; column++) {
			float is = levels[row * columns + column];
			float should = plain_level(&image, column * tile_px, row * tile_px, tile_px);
			if (is != should)
				fail_msg("look %d, %d by %d, tiles of %d: tile %d, %d is %g, not %g", look, width,
					height, tile_px, column, row, (double)is, (double)should);
		}
}

static void levels_are_what_a_fifth_reaches(void **state)
{
	(void)state;
	GRand *random = g_rand_new_with_seed(20261128);
	for (enum look look = 0; look < N_LOOKS; look++) {
		for (int i = 0; i < 60; i++)
			check(look, random, g_rand_int_range(random, 1, 300), g_rand_int_range(random, 1, 200),
				g_rand_int_range(random, 4, 70));
		check(look, random, 1275, 120, 47);  // 150 dpi
		check(look, random, 900, 1000, 900); // more samples than lanes can count
	}
	g_rand_free(random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(levels_are_what_a_fifth_reaches)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
