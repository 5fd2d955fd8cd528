// SPDX-License-Identifier: GPL-3.0-or-later
// Tells which blobs of a page are the sheet's anchors, in any orientation, with blobs missing and others added. Knows
// the frame of anchors; knows no pixels' values.
#ifndef SHEAF_DETECT_MATCH_H
#define SHEAF_DETECT_MATCH_H

#include <glib.h>
#include <stdbool.h>

#include "detect/anchors.h"
#include "detect/homography.h"
#include "sheet/layout.h"

// Fewer anchors than this do not prove that it is a sheet, let alone where.
#define MATCH_LEAST 10

// Finds the map from sheet to page that puts the most anchors onto blobs. px_per_mm is the expected scale, within a
// third. False if no map explains at least MATCH_LEAST anchors. n_matched gets how many it does.
bool match_frame(const struct layout *layout, const GArray *blobs, double px_per_mm, struct homography *map,
	unsigned *n_matched);

#endif
