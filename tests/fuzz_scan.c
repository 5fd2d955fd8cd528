// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz_scan.h"

#include <string.h>

#include "scan/decode.h"

// full: with all its pixels, whatever suffices.
static void read_page(struct scan_document *document, unsigned index, const struct scan_limits *limits, bool full)
{
	GError *error = NULL;
	struct page_image *image = full ? scan_document_decode_full(document, index, &error)
					: scan_document_decode(document, index, &error);
	g_assert((image == NULL) == (error != NULL));
	g_clear_error(&error);
	if (!image)
		return;
	g_assert(image->width_px <= limits->max_side_px && image->height_px <= limits->max_side_px);
	g_assert(image->reduction >= 1 && (!full || image->reduction == 1));
	volatile uint8_t sum = 0;
	for (int i = 0; i < image->width_px * image->height_px; i++)
		sum = (uint8_t)(sum + image->pixels[i]);
	page_image_free(image);
}

// A page that is one JPEG, of which feedback takes the bytes as they are.
static void look_at_jpeg(struct scan_document *document, unsigned index)
{
	struct scan_jpeg jpeg;
	if (!scan_document_jpeg(document, index, &jpeg))
		return;
	gsize size;
	const uint8_t *bytes = g_bytes_get_data(jpeg.bytes, &size);
	g_assert(size > 2 && bytes[0] == 0xff && bytes[1] == 0xd8);
	g_assert(jpeg.width_px > 0 && jpeg.height_px > 0 && jpeg.orientation >= 1 && jpeg.orientation <= 8);
	g_bytes_unref(jpeg.bytes);
}

void fuzz_scan(const char *start, const uint8_t *data, size_t size)
{
	if (size < strlen(start) || memcmp(data, start, strlen(start)) != 0)
		return;
	// Small, so that a run spends its time on the formats and not on pixels. The last byte says what suffices.
	const struct scan_limits limits = {
		.max_pixels = 256 * 256, .max_side_px = 1024, .enough_px = size ? data[size - 1] % 64 : 0};
	GError *error = NULL;
	struct scan_document *document = scan_document_new(data, size, &limits, &error);
	g_assert((document == NULL) == (error != NULL));
	g_clear_error(&error);
	for (unsigned i = 0; document && i < scan_document_pages(document); i++) {
		read_page(document, i, &limits, false);
		read_page(document, i, &limits, true);
		look_at_jpeg(document, i);
	}
	scan_document_free(document);
}
