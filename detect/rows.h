// SPDX-License-Identifier: GPL-3.0-or-later
// Where the rows of a registered page's bubbles lie, and what is measured of them: first where the frame says, then
// where their rings are found. And what the page's rings can tell at all. Decides nothing about marks.
#ifndef SHEAF_DETECT_ROWS_H
#define SHEAF_DETECT_ROWS_H

#include "detect/align.h"
#include "detect/bubbles.h"
#include "detect/identity.h"
#include "detect/levels.h"

// What reading the marks of one registered page works on.
struct sheet_view {
	const struct registration *registration;
	const struct grey_view *work;
	const struct paper_map *paper;
	const struct code *code;
};

// Of the page at hand, by the layout's index.
struct rows {
	const struct layout *layout;
	struct bubble_raster *raster;
	struct bubble *bubbles; // n is 0 for one of another page
	struct align_shift *shifts;
	bool *lost;        // by item: its rings are not where they should be, nor found around
	unsigned left_out; // set of rules (detect/rules.h) that a measurement does without; 0 otherwise
};

struct rows *rows_new(const struct layout *layout); // the layout outlives it
void rows_free(struct rows *rows);                  // accepts NULL

// Whether an item is read on the page of this code.
bool rows_has(const struct layout_item *item, const struct code *code);

// Measures the bubbles of all items of the page, and takes the page's levels from them; spill_mm is not known yet.
struct page_levels rows_measure(struct rows *rows, const struct sheet_view *sheet);

// Where the bubble of this index was found on the sheet.
struct sheet_point rows_found_at(const struct rows *rows, unsigned bubble);

#endif
