// SPDX-License-Identifier: GPL-3.0-or-later
// The level of a tile is the grey that one fifth of its pixels exceed: print and marks never cover four fifths of a
// tile of 8 mm, and a fifth is far above noise. A tile darker than its neighbours' median by much (a punch hole over
// the scanner's bed, a scribble) takes theirs: paper changes slowly.
#include "detect/paper.h"

#include <string.h>

#include "detect/tiles.h"

#define OUTLIER 0.85     // of the neighbours' median
#define SHADED 0.75      // of the page's usual: looked at more closely
#define SHADE_LEAST 0.30 // in daylight no shadow takes more
#define AROUND 4         // tiles each way: some 35 mm

// Ascending. By counting, as all levels are whole greys.
static void sort_levels(float *levels, gsize n)
{
	gsize counts[UINT8_MAX + 1] = {0};
	for (gsize i = 0; i < n; i++)
		counts[(uint8_t)levels[i]]++;
	for (gsize value = 0, at = 0; at < n; value++)
		for (gsize k = counts[value]; k > 0; k--)
			levels[at++] = (float)value;
}

static float neighbours_median(const struct paper_map *map, const float *levels, int column, int row)
{
	float around[9];
	int n = 0;
	for (int r = MAX(row - 1, 0); r <= MIN(row + 1, map->rows - 1); r++)
		for (int c = MAX(column - 1, 0); c <= MIN(column + 1, map->columns - 1); c++) {
			float level = levels[r * map->columns + c];
			int at = n++;
			for (; at > 0 && around[at - 1] > level; at--)
				around[at] = around[at - 1];
			around[at] = level;
		}
	return around[n / 2];
}

// The median of the levels that are at least half as bright as the brightest tenth: a dark table or bed is no paper.
// Sorts the levels.
static float usual_of(float *levels, gsize n)
{
	sort_levels(levels, n);
	gsize dark = 0;
	while (dark < n && levels[dark] < levels[n - 1 - n / 10] / 2)
		dark++;
	return levels[dark + (n - dark) / 2];
}

bool paper_map_init(struct paper_map *map, const struct grey_view *image, int tile_px)
{
	map->tile_px = tile_px;
	map->columns = (image->width_px + tile_px - 1) / tile_px;
	map->rows = (image->height_px + tile_px - 1) / tile_px;
	gsize n = (gsize)map->columns * (gsize)map->rows;
	map->levels = g_try_new(float, n);
	g_autofree float *raw = g_try_new(float, n);
	if (!map->levels || !raw || !tiles_measure(image, tile_px, map->columns, map->rows, raw)) {
		paper_map_clear(map);
		return false;
	}
	for (int row = 0; row < map->rows; row++)
		for (int column = 0; column < map->columns; column++) {
			float own = raw[row * map->columns + column], median = neighbours_median(map, raw, column, row);
			map->levels[row * map->columns + column] = own < OUTLIER * median ? median : own;
		}
	memcpy(raw, map->levels, n * sizeof *raw);
	map->usual = usual_of(raw, n);
	return true;
}

// The median level of the tiles around a point.
static double usual_around(const struct paper_map *map, double x_px, double y_px)
{
	float around[(2 * AROUND + 1) * (2 * AROUND + 1)];
	int column = (int)(x_px / map->tile_px), row = (int)(y_px / map->tile_px), n = 0;
	for (int r = MAX(row - AROUND, 0); r <= MIN(row + AROUND, map->rows - 1); r++)
		for (int c = MAX(column - AROUND, 0); c <= MIN(column + AROUND, map->columns - 1); c++)
			around[n++] = map->levels[r * map->columns + c];
	if (n == 0)
		return map->usual;
	sort_levels(around, (gsize)n);
	return around[n / 2];
}

double paper_share_at(const struct paper_map *map, double x_px, double y_px)
{
	double level = paper_at(map, x_px, y_px), usual = MAX(map->usual, 1);
	if (level < SHADED * usual)
		usual = MIN(usual, MAX(usual_around(map, x_px, y_px), SHADE_LEAST * usual));
	return level / MAX(usual, 1);
}

void paper_map_clear(struct paper_map *map)
{
	g_clear_pointer(&map->levels, g_free);
}

double paper_at(const struct paper_map *map, double x_px, double y_px)
{
	double x = CLAMP(x_px / map->tile_px - 0.5, 0, map->columns - 1);
	double y = CLAMP(y_px / map->tile_px - 0.5, 0, map->rows - 1);
	int c = MIN((int)x, MAX(map->columns - 2, 0)), r = MIN((int)y, MAX(map->rows - 2, 0));
	int c1 = MIN(c + 1, map->columns - 1), r1 = MIN(r + 1, map->rows - 1);
	double u = x - c, v = y - r;
	const float *above = map->levels + (ptrdiff_t)r * map->columns,
		    *below = map->levels + (ptrdiff_t)r1 * map->columns;
	return (1 - v) * ((1 - u) * above[c] + u * above[c1]) + v * ((1 - u) * below[c] + u * below[c1]);
}
