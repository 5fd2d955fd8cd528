// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sheets.h"

#include <cairo.h>
#include <glib/gstdio.h>
#include <math.h>
#include <poppler.h>
#include <unistd.h>

#include "sheet/exam_file.h"
#include "tests/harness.h"
#include "tests/pictures.h"

#define POINTS_AN_INCH 72.0

char *sheets_temporary(const char *suffix)
{
	g_autofree char *template = g_strconcat("sheaf-test-XXXXXX", suffix, NULL);
	char *path = NULL;
	int fd = g_file_open_tmp(template, &path, NULL);
	assert_true(fd >= 0);
	close(fd);
	return path;
}

static PopplerDocument *open_pdf(const char *path)
{
	g_autofree char *absolute = g_canonicalize_filename(path, NULL);
	g_autofree char *uri = g_filename_to_uri(absolute, NULL, NULL);
	PopplerDocument *document = poppler_document_new_from_file(uri, NULL, NULL);
	assert_non_null(document);
	return document;
}

static struct page_image *greys_of(cairo_surface_t *surface)
{
	cairo_surface_flush(surface);
	struct page_image *image =
		page_image_new(cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface));
	const unsigned char *data = cairo_image_surface_get_data(surface);
	const int stride = cairo_image_surface_get_stride(surface);
	for (int y = 0; y < image->height_px; y++)
		for (int x = 0; x < image->width_px; x++) // form ink has no colour: any channel will do
			image->pixels[y * image->width_px + x] = data[y * stride + 4 * x + 1];
	return image;
}

struct page_image *sheets_rasterise(const char *pdf, unsigned page, double dpi)
{
	PopplerDocument *document = open_pdf(pdf);
	PopplerPage *sheet = poppler_document_get_page(document, (int)page - 1);
	assert_non_null(sheet);
	double width, height, scale = dpi / POINTS_AN_INCH;
	poppler_page_get_size(sheet, &width, &height);
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width * scale), (int)lround(height * scale));
	cairo_t *cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, scale, scale);
	poppler_page_render(sheet, cr);
	cairo_destroy(cr);
	struct page_image *image = greys_of(surface);
	cairo_surface_destroy(surface);
	g_object_unref(sheet);
	g_object_unref(document);
	return image;
}

struct page_image *sheets_page(const struct layout *layout, const struct print_sheet *sheet, unsigned page, double dpi)
{
	g_autofree char *path = sheets_temporary(".pdf");
	assert_true(print_pdf(layout, NULL, sheet, 1, path, NULL));
	struct page_image *image = sheets_rasterise(path, page, dpi);
	g_remove(path);
	return image;
}

struct printed *printed_new(const char *exam_file, const struct print_sheet *sheet, unsigned page, double dpi)
{
	GError *error = NULL;
	struct printed *printed = g_new0(struct printed, 1);
	printed->exam = exam_load(exam_file, &error);
	printed->layout = printed->exam ? layout_new(printed->exam, &error) : NULL;
	if (!printed->layout)
		fail_msg("%s", error->message);
	printed->sheet = sheets_page(printed->layout, sheet, page, dpi);
	return printed;
}

void printed_free(struct printed *printed)
{
	if (!printed)
		return;
	page_image_free(printed->sheet);
	layout_free(printed->layout);
	exam_free(printed->exam);
	g_free(printed);
}

GByteArray *sheets_png(const struct page_image *image)
{
	return pictures_grey_png(image->width_px, image->height_px, image->pixels);
}
