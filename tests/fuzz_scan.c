// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz_scan.h"

#include <string.h>

#include "scan/decode.h"

static void read_page(struct scan_document *document, unsigned index, const struct scan_limits *limits)
{
	GError *error = NULL;
	struct page_image *image = scan_document_decode(document, index, &error);
	g_assert((image == NULL) == (error != NULL));
	g_clear_error(&error);
	if (!image)
		return;
	g_assert(image->width_px <= limits->max_side_px && image->height_px <= limits->max_side_px);
	volatile uint8_t sum = 0;
	for (int i = 0; i < image->width_px * image->height_px; i++)
		sum = (uint8_t)(sum + image->pixels[i]);
	page_image_free(image);
}

void fuzz_scan(const char *start, const uint8_t *data, size_t size)
{
	if (size < strlen(start) || memcmp(data, start, strlen(start)) != 0)
		return;
	// Small, so that a run spends its time on the formats and not on pixels.
	const struct scan_limits limits = {.max_pixels = 256 * 256, .max_side_px = 1024};
	GError *error = NULL;
	struct scan_document *document = scan_document_new(data, size, &limits, &error);
	g_assert((document == NULL) == (error != NULL));
	g_clear_error(&error);
	for (unsigned i = 0; document && i < scan_document_pages(document); i++)
		read_page(document, i, &limits);
	scan_document_free(document);
}
