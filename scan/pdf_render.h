// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of a PDF that are more than one image, rendered by poppler. Knows how to render and to tell that something went
// wrong; not what is on the page.
#ifndef SHEAF_SCAN_PDF_RENDER_H
#define SHEAF_SCAN_PDF_RENDER_H

#include "scan/format.h"

// Whether poppler is at hand. It is loaded when this is first asked, and not when the program starts: few files need
// it, it takes as long to load as everything else, and what is not in a process cannot be broken in it. A process that
// may open no libraries any more has it only if it asked before.
bool pdf_render_load(void);

struct pdf_renderer;

// Opens the file for rendering, once poppler is loaded; it stays borrowed. n_pages: as many as it must have. NULL if
// poppler cannot read it or counts its pages differently.
struct pdf_renderer *pdf_renderer_new(const uint8_t *bytes, size_t size, unsigned n_pages);
void pdf_renderer_free(struct pdf_renderer *renderer); // accepts NULL

// A page, from 0, as it would be shown, in grey over white. NULL with error set.
struct page_image *pdf_render(struct pdf_renderer *renderer, unsigned page, double dots_per_inch,
	const struct scan_limits *limits, GError **error);

#endif
