// SPDX-License-Identifier: GPL-3.0-or-later
// A PNG with its pixels inflated at once by libdeflate, in a third of zlib's time, for libpng to read: the file's own
// chunks, but for one IDAT of stored blocks in place of its own. Knows chunks and checksums; pixels are libpng's.
#ifndef SHEAF_SCAN_PNG_STORED_H
#define SHEAF_SCAN_PNG_STORED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct png_stored;

// NULL where the file has to be read as it is: interlaced, of more than PNG_STORED_MOST_BYTES of pixels, damaged (for
// libpng to say so), or memory is not to be had. The bytes outlive it.
#define PNG_STORED_MOST_BYTES (36u * 1024 * 1024) // 600 dpi in grey
struct png_stored *png_stored_new(const uint8_t *bytes, size_t size);
void png_stored_free(struct png_stored *stored); // accepts NULL

// The next n bytes of the file. False if it has no more. The checksums of its critical chunks were right; the new
// IDAT's is not, and neither is its Adler-32, for the time that they take.
bool png_stored_read(struct png_stored *stored, uint8_t *out, size_t n);

#endif
