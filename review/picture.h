// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts pieces out of a scan, upright and straight however the sheet lay on the glass, so that what is printed at a
// place of the sheet is at that place of the piece. Knows grey pixels and a placement; decides nothing.
#ifndef SHEAF_REVIEW_PICTURE_H
#define SHEAF_REVIEW_PICTURE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sheet/layout.h"
#include "sheet/placement.h"

// A scan's grey pixels, 0 black to 255 white, without padding.
struct picture {
	unsigned width_px, height_px;
	uint8_t *pixels; // owned
};

void picture_free(void *picture); // accepts NULL

// What to cut out: a rectangle of the sheet in micrometres, and at how many pixels a millimetre.
struct picture_piece {
	int32_t left_um, top_um, width_um, height_um;
	double px_per_mm;
	struct placement_shift shift; // of the row that the piece is about
};

// The piece as PNG. NULL if it would be larger than PICTURE_MOST_PX or memory is not to be had. What lies off the scan
// is grey. The placement is of this picture, resized to it if need be.
#define PICTURE_MOST_PX (6 * 1000 * 1000)
GBytes *picture_cut(const struct picture *picture, const struct placement *placement, const struct layout *layout,
	const struct picture_piece *piece);

// The whole scan as it lies, made smaller to fit into so many pixels a side. NULL as above.
GBytes *picture_whole(const struct picture *picture, unsigned most_px);

#endif
