// SPDX-License-Identifier: GPL-3.0-or-later
// Along the feed a streak is the same on every line, while print, marks and folds come and go. So lines are averaged in
// blocks of some eight, which takes the noise down; in each block a pixel stands out if it is darker than what lies
// half a millimetre to either side; and a column that stands out in most of the blocks, from one end of the image to
// the other, is a streak. Rulings of the form do not reach that far.
#include "detect/streaks.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_LINES 8
#define ASIDE_MM 0.6      // beyond half of the broadest streak that is dirt and not an object
#define STANDS_OUT 4      // grey levels in a block: noise of 14 levels leaves 5 there, now and then
#define BLOCKS_LEAST 0.65 // of all blocks; print interrupts a third of a streak at most
#define DEEPEST 64        // grey levels; more says no more about a block

struct tally {
	unsigned stands_out;
	int depth; // sum over the blocks in which it stands out
};

// Adds the lines of one block up: along the feed, for each column.
static void sum_lines(const struct grey_view *image, bool upright, int first, uint16_t *restrict sums, int width)
{
	memset(sums, 0, (size_t)width * sizeof *sums);
	for (int k = 0; k < BLOCK_LINES; k++) {
		if (upright) {
			const uint8_t *row = image->pixels + (ptrdiff_t)(first + k) * image->stride_px;
			for (int x = 0; x < width; x++)
				sums[x] = (uint16_t)(sums[x] + row[x]);
		}
	}
	if (upright)
		return;
	for (int y = 0; y < width; y++) {
		const uint8_t *at = image->pixels + (ptrdiff_t)y * image->stride_px + first;
		unsigned sum = 0;
		for (int k = 0; k < BLOCK_LINES; k++)
			sum += at[k];
		sums[y] = (uint16_t)sum;
	}
}

static void judge_block(const uint16_t *sums, int width, int aside, struct tally *tallies)
{
	for (int x = aside; x < width - aside; x++) {
		int depth = MIN(sums[x - aside], sums[x + aside]) - sums[x];
		bool out = depth >= STANDS_OUT * BLOCK_LINES;
		tallies[x].stands_out += out;
		tallies[x].depth += out ? MIN(depth, DEEPEST * BLOCK_LINES) : 0;
	}
}

static void add_streak(struct streaks *streaks, const struct tally *tallies, int first, int last, bool upright)
{
	double deepest = 0;
	for (int x = first; x <= last; x++)
		deepest = MAX(deepest, (double)tallies[x].depth / MAX(tallies[x].stands_out, 1));
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
	int width = upright ? image->width_px : image->height_px, length = upright ? image->height_px : image->width_px;
	int aside = MAX((int)(ASIDE_MM * px_per_mm + 0.5), 2);
	g_autofree uint16_t *sums = g_try_new(uint16_t, width);
	g_autofree struct tally *tallies = g_try_new0(struct tally, width);
	if (!sums || !tallies)
		return;
	unsigned blocks = 0;
	for (int first = 0; first + BLOCK_LINES <= length; first += BLOCK_LINES, blocks++) {
		sum_lines(image, upright, first, sums, width);
		judge_block(sums, width, aside, tallies);
	}
	for (int x = 0; x < width; x++) {
		int first = x;
		while (x < width && tallies[x].stands_out > BLOCKS_LEAST * blocks)
			x++;
		if (x > first)
			add_streak(streaks, tallies, first, x - 1, upright);
	}
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
