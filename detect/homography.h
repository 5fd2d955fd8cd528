// SPDX-License-Identifier: GPL-3.0-or-later
// Plane projective maps from the sheet to a page image: what a flat sheet under any scanner or camera obeys (Hartley
// and Zisserman, Multiple View Geometry, 2nd ed., section 4.1). Knows points, not what they are.
#ifndef SHEAF_DETECT_HOMOGRAPHY_H
#define SHEAF_DETECT_HOMOGRAPHY_H

#include <stdbool.h>

#include "detect/grey.h"
#include "sheet/layout.h"

// A printed place and where it was seen.
struct point_pair {
	struct sheet_point sheet;
	struct page_point page;
};

// Row after row, sheet in millimetres to page in pixels.
struct homography {
	double h[9];
};

struct page_point homography_map(const struct homography *map, struct sheet_point point);

// The least-squares map of the pairs, in the algebraic error of normalised points: affine from 3 pairs on, projective
// when asked for with 4 or more. False if the points do not determine it.
bool homography_fit(const struct point_pair *pairs, unsigned n, bool projective, struct homography *map);

// Pixels per millimetre at a point of the sheet: the square root of the change of area. 0 or less: mirrored or
// degenerate.
double homography_scale(const struct homography *map, struct sheet_point at);

#endif
