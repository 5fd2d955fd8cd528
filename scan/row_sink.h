// SPDX-License-Identifier: GPL-3.0-or-later
// Takes a page's rows from top to bottom and makes the page image of them, reduced on the way where fewer pixels
// suffice (struct scan_limits): a large page then never stands in memory as a whole. Knows pixels and no formats.
#ifndef SHEAF_SCAN_ROW_SINK_H
#define SHEAF_SCAN_ROW_SINK_H

#include <stdbool.h>

#include "scan/decode.h"

struct row_sink {
	struct page_image *image; // owned until taken
	int width_px;             // of the rows that come in
	int factor;               // so many of them make one row of the image
	int row;                  // the next to come
	bool direct;              // rows are written where they stay
	uint8_t *band;            // otherwise: the rows that make the image's next one
	uint16_t *sums;           // of a band, by column
	uint32_t pairs[256];      // white bits in the pairs of a byte, where pages are halved
};

// The reduction to decode a page at: by how much it has to be reduced to come down to what suffices.
int row_sink_reduction(int64_t width_px, int64_t height_px, const struct scan_limits *limits);

// For a page of this size, whose rows come in reduced by `done` already (a divisor of row_sink_reduction); columns and
// rows that fill no whole pixel of the image are dropped. False with error set (SCAN_ERROR_TOO_LARGE) if it is beyond
// the limits or memory is not to be had. The caller clears the sink in any case.
bool row_sink_init(struct row_sink *sink, int64_t width_px, int64_t height_px, int done,
	const struct scan_limits *limits, GError **error);
void row_sink_clear(struct row_sink *sink);

// The place for the next row, of width_px bytes; row_sink_put says that it is filled. No more rows than the page has.
uint8_t *row_sink_place(struct row_sink *sink);
void row_sink_put(struct row_sink *sink);

// Puts a row of packed bits, the leftmost first: 1 is white. flip: 0 is.
void row_sink_put_bits(struct row_sink *sink, const uint8_t *bits, bool flip);

// The image, which becomes the caller's.
struct page_image *row_sink_take(struct row_sink *sink);

#endif
