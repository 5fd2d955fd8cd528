// SPDX-License-Identifier: GPL-3.0-or-later
// Streaks: dirt on a scanner's glass, drawn along the feed over the whole image. Knows straight lines of pixels; knows
// neither paper nor bubbles.
#ifndef SHEAF_DETECT_STREAKS_H
#define SHEAF_DETECT_STREAKS_H

#include <stdbool.h>

#include "detect/grey.h"

#define STREAKS_MOST 16 // more, and the scanner needs cleaning before anything else

struct streak {
	bool upright;   // along the image's columns; otherwise along its rows
	double at_px;   // its middle, across
	double dark;    // how much of the light it takes, 0 to 1
	double half_px; // half its width
};

struct streaks {
	unsigned n;
	struct streak found[STREAKS_MOST];
};

// Finds the streaks of an image.
struct streaks streaks_find(const struct grey_view *image, double px_per_mm);

// The darkest streak that passes a point at a distance below within_px; NULL if none does.
const struct streak *streaks_touching(const struct streaks *streaks, struct page_point at, double within_px);

#endif
