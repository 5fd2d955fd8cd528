// SPDX-License-Identifier: GPL-3.0-or-later
// Picture files made in memory, for tests of what reads them: a PNG writer for every kind of PNG, and surgery on the
// chunks of one. Fails the test at hand where a picture cannot be made.
#ifndef SHEAF_TESTS_PICTURES_H
#define SHEAF_TESTS_PICTURES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a PNG is made of. rows are as PNG packs them: height_px runs of pictures_row_bytes().
struct pictures_png {
	int width_px, height_px, depth, colour_type; // as in the IHDR chunk
	bool interlaced;
	const uint8_t *rows;
	const uint8_t (*palette)[3]; // n_palette colours, or NULL
	int n_palette;
	const uint8_t *palette_alpha; // n_palette_alpha values of the palette's first colours, or NULL
	int n_palette_alpha;
	const uint16_t *transparent; // grey, or red, green and blue of the colour that is transparent; or NULL
};

size_t pictures_row_bytes(const struct pictures_png *picture);

// Owned by the caller.
GByteArray *pictures_png(const struct pictures_png *picture);

// An 8-bit grey PNG. Owned by the caller.
GByteArray *pictures_grey_png(int width_px, int height_px, const uint8_t *pixels);

// An 8-bit grey JPEG. Owned by the caller.
GByteArray *pictures_grey_jpeg(int width_px, int height_px, const uint8_t *pixels, int quality);

// A chunk with its length and checksum put in at a place. type has four letters.
void pictures_insert_chunk(GByteArray *png, size_t at, const char *type, const void *body, size_t size);

// Where the first chunk of this type begins, with its length; fails the test if there is none.
size_t pictures_find_chunk(const GByteArray *png, const char *type);

// Makes the checksum of the chunk that begins at a place right again.
void pictures_seal_chunk(GByteArray *png, size_t at);

#endif
