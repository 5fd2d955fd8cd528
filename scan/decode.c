// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/decode.h"

#include <string.h>

#include "scan/format.h"
#include "scan/pdf_render.h"

static const struct scan_format *const FORMATS[] = {&format_png, &format_jpeg, &format_tiff, &format_pdf, &format_pnm};

// Formats that people do put into the folder and that we do not read: they deserve better than "no image".
static const struct {
	size_t offset, size;
	const char *magic, *name;
} KNOWN[] = {
	{0, 4, "GIF8", "a GIF file"},
	{0, 2, "BM", "a BMP file"},
	{8, 4, "WEBP", "a WebP file"},
	{4, 8, "ftypheic", "an HEIC photo"},
	{4, 8, "ftypmif1", "an HEIC photo"},
};

struct scan_document {
	const struct scan_format *format;
	struct scan_source source;
	void *state; // the format's
	unsigned pages;
};

static const struct scan_format *find_format(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++)
		if (FORMATS[i]->probe(bytes, size))
			return FORMATS[i];
	return NULL;
}

bool scan_is_image(const uint8_t *bytes, size_t size)
{
	return find_format(bytes, size) != NULL;
}

void scan_prepare(const uint8_t *bytes, size_t size)
{
	if (!bytes || format_pdf.probe(bytes, size))
		pdf_render_load();
}

static void set_unknown(const uint8_t *bytes, size_t size, GError **error)
{
	if (size == 0) {
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_UNREADABLE, "the file is empty");
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++)
		if (size >= KNOWN[i].offset + KNOWN[i].size &&
			memcmp(bytes + KNOWN[i].offset, KNOWN[i].magic, KNOWN[i].size) == 0) {
			g_set_error(error, SCAN_ERROR, SCAN_ERROR_UNREADABLE,
				"this is %s, which this version cannot read; scan to PDF, TIFF, PNG or JPEG",
				KNOWN[i].name);
			return;
		}
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_UNREADABLE, "this is not an image that sheaf can read");
}

struct scan_document *scan_document_new(
	const uint8_t *bytes, size_t size, const struct scan_limits *limits, GError **error)
{
	const struct scan_format *format = find_format(bytes, size);
	if (!format) {
		set_unknown(bytes, size, error);
		return NULL;
	}
	struct scan_document *document = g_new(struct scan_document, 1);
	*document = (struct scan_document){format, {bytes, size, *limits}, NULL, 1};
	if (format->open && !(document->state = format->open(&document->source, &document->pages, error)))
		g_clear_pointer(&document, g_free);
	return document;
}

void scan_document_free(struct scan_document *document)
{
	if (!document)
		return;
	if (document->format->close)
		document->format->close(document->state);
	g_free(document);
}

unsigned scan_document_pages(const struct scan_document *document)
{
	return document->pages;
}

bool scan_document_is_form(const struct scan_document *document)
{
	return document->format->is_form && document->format->is_form(document->state);
}

struct page_image *scan_document_decode(struct scan_document *document, unsigned index, GError **error)
{
	g_assert(index < document->pages);
	return document->format->decode(&document->source, document->state, index, error);
}

bool scan_document_jpeg(struct scan_document *document, unsigned index, struct scan_jpeg *jpeg)
{
	g_assert(index < document->pages);
	return document->format->jpeg && document->format->jpeg(&document->source, document->state, index, jpeg);
}

struct page_image *scan_document_decode_full(struct scan_document *document, unsigned index, GError **error)
{
	const int enough_px = document->source.limits.enough_px;
	document->source.limits.enough_px = 0;
	struct page_image *image = scan_document_decode(document, index, error);
	document->source.limits.enough_px = enough_px;
	return image;
}

bool format_size_allowed(int64_t width_px, int64_t height_px, const struct scan_limits *limits, GError **error)
{
	if (width_px > 0 && height_px > 0 && width_px <= limits->max_side_px && height_px <= limits->max_side_px &&
		width_px * height_px <= limits->max_pixels)
		return true;
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE,
		"the image has %" G_GINT64_FORMAT " by %" G_GINT64_FORMAT
		" pixels, more than any sheet needs; scan with 300 dpi",
		width_px, height_px);
	return false;
}

struct page_image *format_new_page(
	int64_t width_px, int64_t height_px, const struct scan_limits *limits, GError **error)
{
	if (!format_size_allowed(width_px, height_px, limits, error))
		return NULL;
	struct page_image *image = page_image_new((int)width_px, (int)height_px);
	if (!image)
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE, "not enough memory for this image");
	return image;
}
