// SPDX-License-Identifier: GPL-3.0-or-later
// How a JPEG file is stored, by its header alone: for putting it into another file as it is. Decodes nothing.
#ifndef SHEAF_SCAN_JPEG_HEADER_H
#define SHEAF_SCAN_JPEG_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jpeg_header {
	int width_px, height_px; // as stored, before it is turned upright
	int orientation;         // the tag of EXIF: 1 is upright
	bool is_plain;           // grey or YCbCr with 8 bits: every program shows it alike
};

// False if the bytes are no JPEG whose header can be read.
bool jpeg_header_read(const uint8_t *bytes, size_t size, struct jpeg_header *header);

#endif
