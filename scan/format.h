// SPDX-License-Identifier: GPL-3.0-or-later
// What a file format has to offer to scan/decode.c, one format a file. Private to this room.
#ifndef SHEAF_SCAN_FORMAT_H
#define SHEAF_SCAN_FORMAT_H

#include <stdbool.h>

#include "scan/decode.h"

struct scan_format {
	const char *name;
	// Whether the bytes begin like this format.
	bool (*probe)(const uint8_t *bytes, size_t size);
	// The number of pages; 0 with error set. NULL: always one.
	unsigned (*count)(const uint8_t *bytes, size_t size, GError **error);
	// Decodes a page as scan_document_decode promises.
	struct page_image *(*decode)(
		const uint8_t *bytes, size_t size, unsigned page, const struct scan_limits *limits, GError **error);
};

extern const struct scan_format format_png, format_jpeg;

// Allocates a page after checking it against the limits. NULL with error set (SCAN_ERROR_TOO_LARGE).
struct page_image *format_new_page(
	int64_t width_px, int64_t height_px, const struct scan_limits *limits, GError **error);

// False with error set if a page of this size is beyond the limits.
bool format_size_allowed(int64_t width_px, int64_t height_px, const struct scan_limits *limits, GError **error);

// ITU-R BT.601 luma of 8-bit red, green and blue, in rounded 16-bit fixed point; exact for greys.
static inline uint8_t format_luma(unsigned red, unsigned green, unsigned blue)
{
	return (uint8_t)((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
}

#endif
