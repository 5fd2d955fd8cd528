// SPDX-License-Identifier: GPL-3.0-or-later
// The orientation tag that EXIF and TIFF share (TIFF 6.0, page 36): 1 is upright, 2 to 8 mirror and turn.
#ifndef SHEAF_SCAN_ORIENTATION_H
#define SHEAF_SCAN_ORIENTATION_H

#include <glib.h>
#include <stdint.h>

#include "scan/page_image.h"

// The tag in an EXIF block (the body of a JPEG's APP1 marker); 1 where there is none or it makes no sense.
int orientation_from_exif(const uint8_t *bytes, size_t size);

// The same for the TIFF block alone, as a PNG file holds it.
int orientation_from_tiff(const uint8_t *bytes, size_t size);

// Turns an image upright. Takes the image, returns it or a new one; NULL if memory is not to be had, the image freed.
struct page_image *orientation_apply(struct page_image *image, int orientation);

#endif
