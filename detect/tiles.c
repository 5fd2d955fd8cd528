// SPDX-License-Identifier: GPL-3.0-or-later
// A table of all greys, filled sample by sample, took most of the time: each addition waits for the last one, as paper
// is one grey nearly everywhere. Here samples are gathered first and then counted against a level, many at once. Paper
// changes little from tile to tile, so a few levels around the last tile's are enough.
#include "detect/tiles.h"

#include <glib.h>
#include <string.h>

#include "detect/vectors.h"

#define BRIGHTER_SHARE 5 // one in five
#define SAMPLED 3        // every third row and column tell as much, and fall on no raster of a JPEG
#define EARLY_SHARE 3    // after a third of a tile's rows, print leaves a fifth of it white nearly everywhere
#define LANES 32         // samples that are counted at once
#define PIECE 16         // that are gathered at once

// What a row of tiles is measured with.
struct sampler {
	uint8_t *thirds[SAMPLED]; // an image row's pixels 0, 3, 6, …, then 1, 4, 7, … and 2, 5, 8, …
	uint8_t *samples;         // of the tiles, one after another
	size_t room;              // for each: a multiple of LANES, and LANES more than there can be
};

static bool sampler_init(struct sampler *sampler, int width_px, int tile_px, int columns)
{
	const size_t side = (size_t)(tile_px + SAMPLED - 1) / SAMPLED, third = (size_t)width_px / SAMPLED + 1 + PIECE;
	sampler->room = (side * side / LANES + 2) * LANES;
	sampler->samples = g_try_malloc0_n((gsize)columns, sampler->room);
	sampler->thirds[0] = g_try_malloc0_n(SAMPLED, third);
	for (int i = 1; i < SAMPLED && sampler->thirds[0]; i++)
		sampler->thirds[i] = sampler->thirds[0] + (size_t)i * third;
	return sampler->samples && sampler->thirds[0];
}

static void sampler_clear(struct sampler *sampler)
{
	g_free(sampler->samples);
	g_free(sampler->thirds[0]);
}

VECTORS static void take_apart(
	const uint8_t *restrict row, size_t n, uint8_t *restrict a, uint8_t *restrict b, uint8_t *restrict c)
{
	for (size_t i = 0; i < n; i++) {
		a[i] = row[SAMPLED * i];
		b[i] = row[SAMPLED * i + 1];
		c[i] = row[SAMPLED * i + 2];
	}
}

static void take_row(struct sampler *sampler, const uint8_t *row, int width_px)
{
	const size_t whole = (size_t)width_px / SAMPLED;
	take_apart(row, whole, sampler->thirds[0], sampler->thirds[1], sampler->thirds[2]);
	for (int i = 0; i < width_px % SAMPLED; i++)
		sampler->thirds[i][whole] = row[whole * SAMPLED + (size_t)i];
}

static size_t samples_across(int from, int to)
{
	return (size_t)(to - from + SAMPLED - 1) / SAMPLED;
}

// Of row number `index` of the samples, each tile's part goes to the tile's. What a piece holds too much is written
// over by the next row.
static void gather(struct sampler *sampler, int width_px, int tile_px, int columns, size_t index)
{
	for (int c = 0; c < columns; c++) {
		const int left = c * tile_px;
		const size_t across = samples_across(left, MIN(left + tile_px, width_px));
		const uint8_t *from = sampler->thirds[left % SAMPLED] + left / SAMPLED;
		uint8_t *to = sampler->samples + (size_t)c * sampler->room + index * across;
		for (size_t i = 0; i < across; i += PIECE)
			memcpy(to + i, from + i, PIECE);
	}
}

// How many are at least as bright. n is a multiple of LANES.
VECTORS static unsigned count_bright(const uint8_t *restrict samples, size_t n, uint8_t level)
{
	unsigned count = 0;
	for (size_t at = 0; at < n;) {
		uint8_t lanes[LANES] = {0};
		for (const size_t end = MIN(n, at + (size_t)UINT8_MAX * LANES); at < end; at += LANES)
			for (size_t i = 0; i < LANES; i++)
				lanes[i] = (uint8_t)(lanes[i] + (samples[at + i] >= level));
		for (size_t i = 0; i < LANES; i++)
			count += lanes[i];
	}
	return count;
}

// The highest level that more than `wanted` of the samples reach, looked for from a guess outwards and then by halves.
static int highest_level(const uint8_t *samples, size_t n, unsigned wanted, int guess)
{
	int reached = 0, missed = UINT8_MAX + 1, step = 1;
	for (int level = guess; missed - reached > 1; step *= 2) {
		const bool reaches = count_bright(samples, n, (uint8_t)level) > wanted;
		if (reaches)
			reached = level;
		else
			missed = level;
		level = reaches ? reached + step : missed - step;
		if (level <= reached || level >= missed)
			level = (reached + missed) / 2;
	}
	return reached;
}

// Whether what is gathered so far makes all tiles of a row white already, as it does on most of a black and white page.
static bool are_white(const struct sampler *sampler, int width_px, int tile_px, int columns, size_t rows, size_t down)
{
	bool white = true;
	for (int c = 0; c < columns && white; c++) {
		const size_t across = samples_across(c * tile_px, MIN((c + 1) * tile_px, width_px));
		uint8_t *samples = sampler->samples + (size_t)c * sampler->room;
		memset(samples + rows * across, 0, LANES);
		white = count_bright(samples, (rows * across + LANES - 1) / LANES * LANES, UINT8_MAX) >
			(unsigned)(down * across) / BRIGHTER_SHARE;
	}
	return white;
}

static void measure_row(
	struct sampler *sampler, const struct grey_view *image, int tile_px, int columns, int top, float *levels)
{
	const int bottom = MIN(top + tile_px, image->height_px);
	const size_t down = samples_across(top, bottom);
	int guess = UINT8_MAX; // as on most of a black and white page
	for (size_t i = 0; i < down; i++) {
		const ptrdiff_t y = top + (ptrdiff_t)i * SAMPLED;
		take_row(sampler, image->pixels + y * image->stride_px, image->width_px);
		gather(sampler, image->width_px, tile_px, columns, i);
		if (i != down / EARLY_SHARE || !are_white(sampler, image->width_px, tile_px, columns, i + 1, down))
			continue;
		for (int c = 0; c < columns; c++)
			levels[c] = UINT8_MAX;
		return;
	}
	for (int c = 0; c < columns; c++) {
		const int left = c * tile_px;
		const size_t n = down * samples_across(left, MIN(left + tile_px, image->width_px));
		uint8_t *samples = sampler->samples + (size_t)c * sampler->room;
		memset(samples + n, 0, LANES); // which reach no level but 0
		guess = highest_level(
			samples, (n + LANES - 1) / LANES * LANES, (unsigned)n / BRIGHTER_SHARE, MAX(guess, 1));
		levels[c] = (float)guess;
	}
}

bool tiles_measure(const struct grey_view *image, int tile_px, int columns, int rows, float *levels)
{
	struct sampler sampler;
	const bool room = sampler_init(&sampler, image->width_px, tile_px, columns);
	for (int row = 0; room && row < rows; row++)
		measure_row(&sampler, image, tile_px, columns, row * tile_px, levels + (ptrdiff_t)row * columns);
	sampler_clear(&sampler);
	return room;
}
