// SPDX-License-Identifier: GPL-3.0-or-later
// A page as 8-bit grey pixels, as decoding delivers it. Knows pixels, not what is on them.
#ifndef SHEAF_SCAN_PAGE_IMAGE_H
#define SHEAF_SCAN_PAGE_IMAGE_H

#include <glib.h>
#include <stdint.h>

struct page_image {
	int width_px, height_px;
	// As scanned; each of our pixels stands for a square of `reduction` by `reduction` of these.
	int full_width_px, full_height_px, reduction;
	uint8_t *pixels; // rows of width_px bytes, top row first, no padding; 0 is black, 255 is white; owned
};

// Room for width_px by height_px pixels, not cleared, of reduction 1. NULL if the memory is not to be had.
struct page_image *page_image_new(int width_px, int height_px);
void page_image_free(struct page_image *image); // accepts NULL

#endif
