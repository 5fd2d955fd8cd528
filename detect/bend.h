// SPDX-License-Identifier: GPL-3.0-or-later
// What the paper did between printing and scanning, beyond what a flat sheet can: stretch and waves from the feeder,
// measured at the anchors along the four edges and carried to the inside. Knows anchors; no images.
#ifndef SHEAF_DETECT_BEND_H
#define SHEAF_DETECT_BEND_H

#include <stdbool.h>

#include "detect/grey.h"
#include "detect/homography.h"
#include "sheet/layout.h"

#define BEND_SIDES 4 // left, right, top, bottom
#define BEND_SIDE_MOST 24

// How far the anchors of one edge are seen from where the flat map puts them, along the edge.
struct bend_side {
	unsigned n;
	double at[BEND_SIDE_MOST];             // along the edge, 0 at its first corner, 1 at its second; ascending
	struct page_point off[BEND_SIDE_MOST]; // pixels
	unsigned point[BEND_SIDE_MOST];        // which of the pairs given
};

struct bend {
	double left_um, top_um, right_um, bottom_um; // the frame that the anchors' centres stand on
	struct bend_side sides[BEND_SIDES];
	struct page_point corners[4]; // top left, top right, bottom left, bottom right
};

// Takes the bend from anchors seen. False if two opposite edges have too few anchors to tell.
bool bend_fit(const struct layout *layout, const struct homography *flat, const struct point_pair *pairs, unsigned n,
	struct bend *bend);

// The correction at a printed point, in pixels to be added to what the flat map says.
struct page_point bend_at(const struct bend *bend, struct sheet_point point);

// What all points of one x, or of one y, have in common of that: for many points on a raster.
struct bend_column {
	double u;
	struct page_point top, bottom, corners_top, corners_bottom;
};
struct bend_row {
	double v;
	struct page_point left, right;
};
struct bend_column bend_column_at(const struct bend *bend, int32_t x_um);
struct bend_row bend_row_at(const struct bend *bend, int32_t y_um);
struct page_point bend_where(const struct bend_column *column, const struct bend_row *row);

// How far each pair's anchor lies from what its neighbours along the edge predict, in pixels; 0 where they cannot tell
// (corners, and next to a gap).
void bend_disagreement(const struct bend *bend, unsigned n, double *errors);

#endif
