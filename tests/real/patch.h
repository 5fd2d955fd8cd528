// SPDX-License-Identifier: GPL-3.0-or-later
// A crop of one bubble on a raster of its own: whatever the scanner's resolution, a bubble's radius is PATCH_RADIUS
// cells. Knows greys; knows neither forms nor marks.
#ifndef SHEAF_TESTS_REAL_PATCH_H
#define SHEAF_TESTS_REAL_PATCH_H

#include "detect/grey.h"

#define PATCH_RADIUS 20 // cells
#define PATCH_REACH 36  // cells from the middle to the border: 1.8 radii; crops end at 1.9
#define PATCH_SIDE (2 * PATCH_REACH + 1)

struct patch {
	float grey[PATCH_SIDE][PATCH_SIDE]; // 0 black to 255 white; [y][x]
};

// Samples a crop whose middle is the bubble's and whose bubble has this radius.
void patch_take(struct patch *patch, const struct grey_view *crop, double radius_px);

// The grey that a share of the n values stays below. Sorts the values.
float patch_quantile(float *values, unsigned n, double share);

// Thin dark lines alone, 0 to 255: how much darker each cell is than it were without lines narrower than a third of a
// radius (the black top-hat; Serra, Image Analysis and Mathematical Morphology, 1982).
void patch_lines(const struct patch *patch, struct patch *lines);

#endif
