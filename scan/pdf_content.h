// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a PDF page is a scan and nothing else: its content draws one image over the whole page. Knows the operators
// of content streams; nothing of files, objects or pixels. Whatever it does not understand is no such page.
#ifndef SHEAF_SCAN_PDF_CONTENT_H
#define SHEAF_SCAN_PDF_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PDF_NAME_MOST 64 // with its NUL
#define PDF_STATES_MOST 4

struct pdf_box {
	double left, bottom, right, top; // in points, left < right, bottom < top
};

// [x y 1] times it gives a place on the page (ISO 32000-1, 8.3.3): the image's unit square to points.
struct pdf_matrix {
	double a, b, c, d, e, f;
};

struct pdf_drawing {
	char name[PDF_NAME_MOST]; // of the image, with its slash
	struct pdf_matrix place;
	bool black;                                  // the colour to fill with is the black that a page begins with
	char states[PDF_STATES_MOST][PDF_NAME_MOST]; // graphics states used (gs), which the caller has to look at
	unsigned n_states;
};

// True with *drawing filled if the content draws one image over the page's visible box, and besides only text that is
// invisible.
bool pdf_content_is_one_image(
	const uint8_t *bytes, size_t size, const struct pdf_box *page, struct pdf_drawing *drawing);

#endif
