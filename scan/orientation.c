// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/orientation.h"

#include <stdbool.h>
#include <string.h>

#define EXIF_HEAD 6 // "Exif" and two NULs; offsets count from behind it
#define TIFF_HEAD 8 // byte order, version, and where the directory is
#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3
#define ENTRY_BYTES 12

// Reads whole numbers in either byte order; once past the end it stays failed and reads zeros.
struct tiff_bytes {
	const uint8_t *bytes;
	size_t size;
	bool big_endian, failed;
};

static unsigned read_16(struct tiff_bytes *in, size_t at)
{
	if (at > in->size || in->size - at < 2) {
		in->failed = true;
		return 0;
	}
	const uint8_t *p = in->bytes + at;
	return in->big_endian ? (unsigned)(p[0] << 8 | p[1]) : (unsigned)(p[1] << 8 | p[0]);
}

static size_t read_32(struct tiff_bytes *in, size_t at)
{
	size_t first = read_16(in, at), second = read_16(in, at + 2);
	return in->big_endian ? first << 16 | second : second << 16 | first;
}

int orientation_from_exif(const uint8_t *bytes, size_t size)
{
	if (size < EXIF_HEAD || memcmp(bytes, "Exif\0", EXIF_HEAD) != 0)
		return 1;
	return orientation_from_tiff(bytes + EXIF_HEAD, size - EXIF_HEAD);
}

int orientation_from_tiff(const uint8_t *bytes, size_t size)
{
	if (size < TIFF_HEAD)
		return 1;
	struct tiff_bytes in = {bytes, size, bytes[0] == 'M', false};
	size_t directory = read_32(&in, 4);
	unsigned entries = read_16(&in, directory);
	for (unsigned i = 0; i < entries && !in.failed; i++) {
		size_t entry = directory + 2 + (size_t)i * ENTRY_BYTES;
		if (read_16(&in, entry) != TAG_ORIENTATION || read_16(&in, entry + 2) != TYPE_SHORT)
			continue;
		unsigned value = read_16(&in, entry + 8);
		return !in.failed && value >= 1 && value <= 8 ? (int)value : 1;
	}
	return 1;
}

struct page_image *orientation_apply(struct page_image *image, int orientation)
{
	if (orientation <= 1 || orientation > 8)
		return image;
	const int width = image->width_px, height = image->height_px;
	const bool sideways = orientation >= 5;
	struct page_image *upright = page_image_new(sideways ? height : width, sideways ? width : height);
	if (upright) {
		upright->full_width_px = sideways ? image->full_height_px : image->full_width_px;
		upright->full_height_px = sideways ? image->full_width_px : image->full_height_px;
		upright->reduction = image->reduction;
	}
	// Which image pixel stands at (x, y) upright: mirrored left to right, top to bottom, or both, after exchanging
	// rows and columns where sideways.
	const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
	const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
	for (int y = 0; upright && y < upright->height_px; y++)
		for (int x = 0; x < upright->width_px; x++) {
			int from_x = sideways ? y : x, from_y = sideways ? x : y;
			from_x = flip_x ? width - 1 - from_x : from_x;
			from_y = flip_y ? height - 1 - from_y : from_y;
			upright->pixels[(ptrdiff_t)y * upright->width_px + x] =
				image->pixels[(ptrdiff_t)from_y * width + from_x];
		}
	page_image_free(image);
	return upright;
}
