// SPDX-License-Identifier: GPL-3.0-or-later
// An image object of a PDF to grey pixels, as stored: without the page's turns. Knows the filters and colours in which
// scanners write; images in any other have to be rendered.
#ifndef SHEAF_SCAN_PDF_IMAGE_H
#define SHEAF_SCAN_PDF_IMAGE_H

#include <qpdf/qpdf-c.h>

#include "scan/format.h"

// The image's pixels; the caller frees them. NULL with error set if it cannot be read; NULL without an error if it is
// of a kind that this module leaves to rendering. black: a stencil would be painted in black.
struct page_image *pdf_image_read(
	qpdf_data pdf, qpdf_oh image, bool black, const struct scan_limits *limits, GError **error);

// The image's bytes if it is stored as a JPEG whose pixels are seen as they are: without masks, and without a turning
// of its colours. NULL otherwise. The caller unrefs them.
GBytes *pdf_image_jpeg(qpdf_data pdf, qpdf_oh image);

// False if the image is of a kind that this module can judge, and cut off or damaged. Rendering would show it all the
// same.
bool pdf_image_is_sound(qpdf_data pdf, qpdf_oh image, const struct scan_limits *limits);

// Forgets what qpdf had to complain about; true if there was anything.
bool pdf_complaints(qpdf_data pdf);

// A number under a key of a dictionary; otherwise what is given for it.
double pdf_number(qpdf_data pdf, qpdf_oh dictionary, const char *key, double otherwise);

#endif
