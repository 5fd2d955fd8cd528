// SPDX-License-Identifier: GPL-3.0-or-later
// Along the feed a streak is the same on every line, while print, marks and folds come and go. So lines are averaged in
// blocks of some eight, which takes the noise down; in each block a pixel stands out if it is darker than what lies
// half a millimetre to either side; and a column that stands out in most of the blocks, from one end of the image to
// the other, is a streak. Rulings of the form do not reach that far.
#include "detect/streaks.h"

#include <stdlib.h>
#include <string.h>

#include "detect/vectors.h"

#define BLOCK_LINES 8
#define ASIDE_MM 0.6      // beyond half of the broadest streak that is dirt and not an object
#define STANDS_OUT 4      // grey levels in a block: noise of 14 levels leaves 5 there, now and then
#define BLOCKS_LEAST 0.65 // of all blocks; print interrupts a third of a streak at most
#define DEEPEST 64        // grey levels; more says no more about a block

// By column of pixels along the feed.
struct tallies {
	int width;
	int blocks;          // in all
	int32_t *stands_out; // blocks
	int32_t *depth;      // sum over the blocks in which it stands out
};

static bool tallies_init(struct tallies *tallies, int width, int blocks)
{
	*tallies = (struct tallies){width, blocks, g_try_new0(int32_t, width), g_try_new0(int32_t, width)};
	return tallies->stands_out && tallies->depth;
}

static void tallies_clear(struct tallies *tallies)
{
	g_free(tallies->stands_out);
	g_free(tallies->depth);
}

// A sum of a block's eight pixels stays below 2^11, so sixteen bits hold it, which makes vectors of eight.
static inline void judge(int16_t before, int16_t own, int16_t after, int32_t *stands_out, int32_t *depth)
{
	int16_t deep = (int16_t)(MIN(before, after) - own), capped = MIN(deep, DEEPEST * BLOCK_LINES);
	int16_t out = (int16_t) - (deep >= STANDS_OUT * BLOCK_LINES);
	*stands_out -= out;
	*depth += (int16_t)(capped & out);
}

VECTORS static void sum_lines(const uint8_t *restrict first, ptrdiff_t stride, int width, int16_t *restrict sums)
{
	for (int x = 0; x < width; x++) {
		int16_t sum = 0;
		for (int k = 0; k < BLOCK_LINES; k++)
			sum = (int16_t)(sum + first[k * stride + x]);
		sums[x] = sum;
	}
}

VECTORS static void judge_columns(
	const int16_t *restrict sums, int n, int aside, int32_t *restrict stands_out, int32_t *restrict depth)
{
	const int16_t *own = sums + aside, *after = own + aside;
	for (int x = 0; x < n; x++)
		judge(sums[x], own[x], after[x], &stands_out[x], &depth[x]);
}

// The feed runs along the image's columns.
static bool tally_upright(const struct grey_view *image, int aside, struct tallies *tallies)
{
	g_autofree int16_t *sums = g_try_new0(int16_t, image->width_px);
	if (!sums || !tallies_init(tallies, image->width_px, image->height_px / BLOCK_LINES))
		return false;
	for (int block = 0; block < tallies->blocks; block++) {
		const uint8_t *first = image->pixels + (ptrdiff_t)block * BLOCK_LINES * image->stride_px;
		sum_lines(first, image->stride_px, image->width_px, sums);
		judge_columns(
			sums, image->width_px - 2 * aside, aside, tallies->stands_out + aside, tallies->depth + aside);
	}
	return true;
}

// Each eight pixels of a row, added up within a word: odd and even bytes, then the four pairs.
static void sum_groups(const uint8_t *restrict row, int n, int16_t *restrict sums)
{
	const uint64_t bytes = 0x00ff00ff00ff00ff, ones = 0x0001000100010001;
	for (int i = 0; i < n; i++) {
		uint64_t word;
		memcpy(&word, row + (ptrdiff_t)i * BLOCK_LINES, sizeof word);
		sums[i] = (int16_t)(((word & bytes) + (word >> 8 & bytes)) * ones >> 48);
	}
}

VECTORS static void judge_row(const int16_t *restrict before, const int16_t *restrict own,
	const int16_t *restrict after, int n, int32_t *stands_out, int32_t *depth)
{
	int32_t out = 0, deep = 0;
	for (int i = 0; i < n; i++)
		judge(before[i], own[i], after[i], &out, &deep);
	*stands_out = out;
	*depth = deep;
}

// The feed runs along the image's rows. Row by row, as the pixels lie: of the rows' sums, those are kept that the next
// one is held against.
static bool tally_lying(const struct grey_view *image, int aside, struct tallies *tallies)
{
	const int kept = 2 * aside + 1, n = image->width_px / BLOCK_LINES;
	g_autofree int16_t *window = g_try_malloc_n((gsize)kept * (gsize)MAX(n, 1), sizeof *window);
	if (!window || !tallies_init(tallies, image->height_px, n))
		return false;
	for (int y = 0; y < image->height_px; y++) {
		int16_t *sums = window + (ptrdiff_t)(y % kept) * n;
		sum_groups(image->pixels + (ptrdiff_t)y * image->stride_px, n, sums);
		if (y < 2 * aside)
			continue;
		const int16_t *before = window + (ptrdiff_t)((y - 2 * aside) % kept) * n;
		const int16_t *own = window + (ptrdiff_t)((y - aside) % kept) * n;
		judge_row(before, own, sums, n, &tallies->stands_out[y - aside], &tallies->depth[y - aside]);
	}
	return true;
}

static void add_streak(struct streaks *streaks, const struct tallies *tallies, int first, int last, bool upright)
{
	double deepest = 0;
	for (int x = first; x <= last; x++)
		deepest = MAX(deepest, (double)tallies->depth[x] / MAX(tallies->stands_out[x], 1));
	if (streaks->n < STREAKS_MOST)
		streaks->found[streaks->n++] = (struct streak){
			.upright = upright,
			.at_px = (first + last) / 2.0,
			.half_px = (last - first + 1) / 2.0,
			.dark = deepest / BLOCK_LINES / 255,
		};
}

static void find_along(const struct grey_view *image, bool upright, double px_per_mm, struct streaks *streaks)
{
	const int aside = MAX((int)(ASIDE_MM * px_per_mm + 0.5), 2);
	struct tallies tallies = {0};
	bool told = upright ? tally_upright(image, aside, &tallies) : tally_lying(image, aside, &tallies);
	for (int x = 0; told && x < tallies.width; x++) {
		int first = x;
		while (x < tallies.width && tallies.stands_out[x] > BLOCKS_LEAST * tallies.blocks)
			x++;
		if (x > first)
			add_streak(streaks, &tallies, first, x - 1, upright);
	}
	tallies_clear(&tallies);
}

struct streaks streaks_find(const struct grey_view *image, double px_per_mm)
{
	struct streaks streaks = {0};
	find_along(image, true, px_per_mm, &streaks);
	find_along(image, false, px_per_mm, &streaks);
	return streaks;
}

const struct streak *streaks_touching(const struct streaks *streaks, struct page_point at, double within_px)
{
	const struct streak *darkest = NULL;
	for (unsigned i = 0; i < streaks->n; i++) {
		const struct streak *streak = &streaks->found[i];
		double away = (streak->upright ? at.x_px : at.y_px) - streak->at_px;
		bool touches = away < within_px + streak->half_px && -away < within_px + streak->half_px;
		if (touches && (!darkest || streak->dark > darkest->dark))
			darkest = streak;
	}
	return darkest;
}
