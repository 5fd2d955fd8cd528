// SPDX-License-Identifier: GPL-3.0-or-later
// Where the detector gets a page's pixels from: reduced as they are at hand, and all of them when it asks. Most pages
// are read without, and making all pixels is what costs most. Knows no files; whoever calls the detector does.
#ifndef SHEAF_DETECT_SOURCE_H
#define SHEAF_DETECT_SOURCE_H

#include <stdbool.h>

#include "detect/grey.h"

struct page_source {
	struct grey_view image; // each pixel stands for a square of `reduction` by `reduction` of the page's
	int reduction;          // 1: the image is the page
	int full_width_px, full_height_px;
	// Gets the page with all its pixels, which stay borrowed while the page is read. False if it cannot be had.
	// Called at most once; not needed where reduction is 1.
	bool (*fetch)(void *data, struct grey_view *full);
	void *data;
	bool fetched; // fetch was called, and full is what it gave: no pixels if it could not be had
	struct grey_view full;
};

// A page of which all pixels are at hand.
struct page_source page_source_of(const struct grey_view *image);

// All pixels of the page. NULL if they cannot be had.
const struct grey_view *page_source_full(struct page_source *source);

#endif
