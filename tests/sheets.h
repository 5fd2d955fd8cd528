// SPDX-License-Identifier: GPL-3.0-or-later
// Printed sheets as page images: printing and rasterising, as a perfect scanner would see them. Fails the test at hand
// where that is not possible.
#ifndef SHEAF_TESTS_SHEETS_H
#define SHEAF_TESTS_SHEETS_H

#include "scan/page_image.h"
#include "sheet/layout.h"
#include "sheet/print.h"

// A path for a temporary file, which the caller removes and frees.
char *sheets_temporary(const char *suffix);

// A page (from 1) of a PDF file, in pixels of 1/dpi inch. Owned by the caller.
struct page_image *sheets_rasterise(const char *pdf, unsigned page, double dpi);

// A page (from 1) of a printed sheet. Owned by the caller.
struct page_image *sheets_page(const struct layout *layout, const struct print_sheet *sheet, unsigned page, double dpi);

// An exam, how it is laid out, and a page (from 1) of one of its sheets as printed.
struct printed {
	struct exam *exam;
	struct layout *layout;
	struct page_image *sheet;
};

struct printed *printed_new(const char *exam_file, const struct print_sheet *sheet, unsigned page, double dpi);
void printed_free(struct printed *printed); // accepts NULL

// The page as a PNG file's bytes. Owned by the caller.
GByteArray *sheets_png(const struct page_image *image);

#endif
