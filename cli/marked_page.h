// SPDX-License-Identifier: GPL-3.0-or-later
// One page of a marked paper: the scan as it is, turned upright, with what is right, wrong and missed drawn over it and
// a line above it for whose it is and the points. Knows a picture, a placement and what to draw; nothing of files.
#ifndef SHEAF_CLI_MARKED_PAGE_H
#define SHEAF_CLI_MARKED_PAGE_H

#include <cairo.h>

#include "cli/page_jpeg.h"
#include "grade/feedback.h"
#include "sheet/layout.h"
#include "sheet/placement.h"

struct marked_page {
	const struct layout *layout;
	const struct page_jpeg *jpeg; // NULL: the scan cannot be shown, and the page says so
	struct placement *placement;  // of the upright scan, in its pixels; NULL as for jpeg, or where it is not known
	const struct feedback *feedback;
	const char *name, *id; // name may be ""
	const char *total;     // "44.25 of 50"
	const char *note;      // what to know about the total; "" if nothing
	unsigned page, n_pages;
	bool show_key;
};

// In points.
void marked_page_size(const struct marked_page *page, double *width, double *height);

// Draws onto a page of that size.
void marked_page_draw(const struct marked_page *page, cairo_t *cr);

#endif
