// SPDX-License-Identifier: GPL-3.0-or-later
// What a file format has to offer to scan/decode.c, one format a file. Private to this room.
#ifndef SHEAF_SCAN_FORMAT_H
#define SHEAF_SCAN_FORMAT_H

#include <stdbool.h>

#include "scan/decode.h"

// A file in memory, and how large its pages may be. Outlives the state that a format makes of it.
struct scan_source {
	const uint8_t *bytes;
	size_t size;
	struct scan_limits limits;
};

struct scan_format {
	const char *name;
	// Whether the bytes begin like this format.
	bool (*probe)(const uint8_t *bytes, size_t size);
	// What decoding several pages has in common; *pages is at least 1. NULL with error set. The format that has no
	// open has one page and no state.
	void *(*open)(const struct scan_source *source, unsigned *pages, GError **error);
	// Decodes a page as scan_document_decode promises.
	struct page_image *(*decode)(const struct scan_source *source, void *state, unsigned page, GError **error);
	void (*close)(void *state);
	// As scan_document_jpeg. NULL: never.
	bool (*jpeg)(const struct scan_source *source, void *state, unsigned page, struct scan_jpeg *jpeg);
	// Whether the file is what `sheaf print` made and no scan. NULL: never.
	bool (*is_form)(void *state);
};

extern const struct scan_format format_png, format_jpeg, format_tiff, format_pdf, format_pnm;

// A JPEG as it lies in another file, whatever its own orientation tag says. As decode.
struct page_image *format_jpeg_as_stored(const struct scan_source *source, GError **error);

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
