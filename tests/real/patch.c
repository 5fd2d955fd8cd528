// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/real/patch.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SUBSAMPLES 6
#define LINE_CELLS 3 // lines up to twice that wide, and one

static int compare_floats(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

float patch_quantile(float *values, unsigned n, double share)
{
	if (n == 0)
		return 0;
	qsort(values, n, sizeof *values, compare_floats);
	return values[(unsigned)(share * (n - 1) + 0.5)];
}

void patch_take(struct patch *patch, const struct grey_view *crop, double radius_px)
{
	double cell = radius_px / PATCH_RADIUS, x0 = (crop->width_px - 1) / 2.0, y0 = (crop->height_px - 1) / 2.0;
	int sub = CLAMP((int)(cell + 1.5), 1, MOST_SUBSAMPLES);
	for (int j = 0; j < PATCH_SIDE; j++)
		for (int i = 0; i < PATCH_SIDE; i++) {
			double sum = 0;
			for (int v = 0; v < sub; v++)
				for (int u = 0; u < sub; u++)
					sum += grey_at(crop, x0 + (i - PATCH_REACH + (u + 0.5) / sub - 0.5) * cell,
						y0 + (j - PATCH_REACH + (v + 0.5) / sub - 0.5) * cell);
			patch->grey[j][i] = (float)(sum / (sub * sub));
		}
}

// The brightest (or darkest) value within LINE_CELLS along rows or columns.
static void spread(const struct patch *from, struct patch *to, bool brightest, bool along_rows)
{
	for (int j = 0; j < PATCH_SIDE; j++)
		for (int i = 0; i < PATCH_SIDE; i++) {
			float best = from->grey[j][i];
			for (int k = -LINE_CELLS; k <= LINE_CELLS; k++) {
				int y = CLAMP(along_rows ? j : j + k, 0, PATCH_SIDE - 1);
				int x = CLAMP(along_rows ? i + k : i, 0, PATCH_SIDE - 1);
				float value = from->grey[y][x];
				best = brightest ? MAX(best, value) : MIN(best, value);
			}
			to->grey[j][i] = best;
		}
}

void patch_lines(const struct patch *patch, struct patch *lines)
{
	struct patch a, b;
	spread(patch, &a, true, true);
	spread(&a, &b, true, false);
	spread(&b, &a, false, true);
	spread(&a, &b, false, false);
	for (int j = 0; j < PATCH_SIDE; j++)
		for (int i = 0; i < PATCH_SIDE; i++)
			lines->grey[j][i] = b.grey[j][i] - patch->grey[j][i];
}
