// SPDX-License-Identifier: GPL-3.0-or-later
// Files made to do harm: small ones that unpack to a lot, that lead in circles, that promise more than they hold. Knows
// formats, not what ought to become of such a file.
#ifndef SHEAF_TESTS_BOMBS_H
#define SHEAF_TESTS_BOMBS_H

#include <glib.h>

// A black bilevel PNG. 30000 by 30000 takes some 110 KB. Owned by the caller, as are all below.
GByteArray *bomb_png(unsigned width_px, unsigned height_px);
// A PNG with a text chunk that unpacks to so many MB.
GByteArray *bomb_png_text(unsigned megabytes);

// A grey JPEG of so many pixels with so many progressive scans, of which each costs a pass over all of it.
GByteArray *bomb_jpeg_scans(unsigned side_px, unsigned scans);

// A TIFF whose only directory names itself as the next one; one whose directories go round in a circle of two; one of
// so many directories, all of them the same.
GByteArray *bomb_tiff_circle(unsigned n);
GByteArray *bomb_tiff_pages(unsigned n);
// A TIFF of one strip that unpacks to so many MB.
GByteArray *bomb_tiff_deflate(unsigned megabytes);

// PDFs: an array in an array in an array; a page tree as deep; a page tree that is its own child; a picture that paints
// itself; a content stream that unpacks to so many MB; one that paints one picture many times over.
GByteArray *bomb_pdf_arrays(unsigned depth);
GByteArray *bomb_pdf_tree(unsigned depth);
GByteArray *bomb_pdf_circle(void);
GByteArray *bomb_pdf_form(void);
GByteArray *bomb_pdf_content(unsigned megabytes);
GByteArray *bomb_pdf_repeated(unsigned times);
// A PDF whose page is an image of so many pixels that unpacks from nearly nothing.
GByteArray *bomb_pdf_image(unsigned side_px);

#endif
