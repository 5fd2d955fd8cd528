// SPDX-License-Identifier: GPL-3.0-or-later
// TIFF files made in memory by libtiff, for tests of what reads them. Fails the test at hand where one cannot be made.
#ifndef SHEAF_TESTS_TIFF_FILES_H
#define SHEAF_TESTS_TIFF_FILES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

// A page. What is 0 takes the format's default; bits, samples and rows_per_strip then are 8, 1 and all.
struct tiff_recipe {
	uint32_t width, height, rows_per_strip, subfile, fax_options;
	uint16_t bits, samples, photometric, compression, planar, orientation;
	uint32_t tile;           // side of a tile; 0: strips
	const uint8_t *rows;     // packed as TIFF packs them; in planes where planar is PLANARCONFIG_SEPARATE
	const uint16_t *palette; // red, green, blue: 1 << bits values each; or NULL
	uint16_t extra;          // what the last sample is, an EXTRASAMPLE value, if has_extra
	bool has_extra;
};

// mode: "w" with libtiff's modifiers for byte order ("l", "b") and BigTIFF ("8"). Owned by the caller.
GByteArray *tiff_file(const struct tiff_recipe *pages, size_t n_pages, const char *mode);

#endif
