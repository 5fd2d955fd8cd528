// SPDX-License-Identifier: GPL-3.0-or-later
// Finds what may be printed anchors: dark solid blobs of about the right size. Knows nothing of where anchors belong:
// filled bubbles are found as well, and detect/match.h tells which blobs are the frame.
#ifndef SHEAF_DETECT_ANCHORS_H
#define SHEAF_DETECT_ANCHORS_H

#include <glib.h>
#include <stdbool.h>

#include "detect/grey.h"
#include "detect/paper.h"

struct anchor_blob {
	struct page_point centre;
	double side_px; // of the square of the same area
};

// More blobs than a full sheet with every bubble filled can have mean a page of something else; the rest is dropped.
#define ANCHOR_MAX_BLOBS 1024

// Appends struct anchor_blob to blobs for dark blobs whose side is near side_px, in the pixels of image.
void anchors_find(const struct grey_view *image, const struct paper_map *paper, double side_px, GArray *blobs);

// Measures the centre of an anchor near a point: the centroid of darkness in a window of its surroundings. False if
// there is no clean square of about this size: hidden, torn, or run together with something else. ink gets the grey of
// its middle.
bool anchors_refine(
	const struct grey_view *image, struct page_point near, double side_px, struct page_point *centre, double *ink);

#endif
