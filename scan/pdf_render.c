// SPDX-License-Identifier: GPL-3.0-or-later
// poppler paints what it can of a broken page and says so only in its log, which goes to GLib's as debug messages of
// the domain "Poppler". They are caught while a page is rendered: any but those on fonts makes the page damaged.
#include "scan/pdf_render.h"

#include <dlfcn.h>
#include <math.h>
#include <poppler.h>
#include <string.h>

#define POINTS_PER_INCH 72

#ifndef POPPLER_LIBRARY // the Makefile knows it
#define POPPLER_LIBRARY "libpoppler-glib.so.8"
#endif

// Of poppler, what is needed here.
static struct {
	bool loaded;
	__typeof__(poppler_document_new_from_bytes) *document_new_from_bytes;
	__typeof__(poppler_document_get_n_pages) *document_get_n_pages;
	__typeof__(poppler_document_get_page) *document_get_page;
	__typeof__(poppler_page_get_size) *page_get_size;
	__typeof__(poppler_page_render) *page_render;
} poppler;

// C has no way from dlsym's pointer to one of a function but POSIX's. False if the library lacks it.
static bool find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);
	memcpy(function, &found, sizeof found);
	return found != NULL;
}

bool pdf_render_load(void)
{
	void *library = poppler.loaded ? NULL : dlopen(POPPLER_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (library) // it stays
		poppler.loaded = find(library, "poppler_document_new_from_bytes", &poppler.document_new_from_bytes) &&
				 find(library, "poppler_document_get_n_pages", &poppler.document_get_n_pages) &&
				 find(library, "poppler_document_get_page", &poppler.document_get_page) &&
				 find(library, "poppler_page_get_size", &poppler.page_get_size) &&
				 find(library, "poppler_page_render", &poppler.page_render);
	return poppler.loaded;
}

struct pdf_renderer {
	PopplerDocument *document;
};

static void on_log(const char *domain, GLogLevelFlags level, const char *message, void *data)
{
	(void)domain;
	(void)level;
	// A font that this machine lacks is replaced by another.
	if (!g_str_has_prefix(message, "Config error"))
		*(bool *)data = true;
}

static guint watch_log(bool *complained)
{
	*complained = false;
	return g_log_set_handler("Poppler", G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION, on_log, complained);
}

struct pdf_renderer *pdf_renderer_new(const uint8_t *bytes, size_t size, unsigned n_pages)
{
	bool complained; // of the file as a whole: whether pages are missing shows in their number
	guint watch = watch_log(&complained);
	g_autoptr(GBytes) whole = g_bytes_new_static(bytes, size);
	PopplerDocument *document = poppler.document_new_from_bytes(whole, NULL, NULL);
	bool fits = document && poppler.document_get_n_pages(document) == (int)n_pages;
	g_log_remove_handler("Poppler", watch);
	if (!fits) {
		g_clear_object(&document);
		return NULL;
	}
	struct pdf_renderer *renderer = g_new(struct pdf_renderer, 1);
	renderer->document = document;
	return renderer;
}

void pdf_renderer_free(struct pdf_renderer *renderer)
{
	if (!renderer)
		return;
	g_object_unref(renderer->document);
	g_free(renderer);
}

static bool paint(PopplerPage *page, cairo_surface_t *surface, double scale)
{
	bool complained;
	guint watch = watch_log(&complained);
	cairo_t *cairo = cairo_create(surface);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, scale, scale);
	poppler.page_render(page, cairo);
	bool painted = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	g_log_remove_handler("Poppler", watch);
	return painted && !complained;
}

static void set_damaged(GError **error)
{
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED,
		"this page of the PDF file is cut off or damaged; scan it again");
}

static void to_grey(cairo_surface_t *surface, struct page_image *image)
{
	const uint8_t *pixels = cairo_image_surface_get_data(surface);
	const int stride = cairo_image_surface_get_stride(surface);
	for (int y = 0; y < image->height_px; y++) {
		const uint32_t *row = (const uint32_t *)(const void *)(pixels + (ptrdiff_t)y * stride);
		uint8_t *out = image->pixels + (ptrdiff_t)y * image->width_px;
		for (int x = 0; x < image->width_px; x++)
			out[x] = format_luma(row[x] >> 16 & 255, row[x] >> 8 & 255, row[x] & 255);
	}
}

static struct page_image *render(PopplerPage *page, double scale, const struct scan_limits *limits, GError **error)
{
	double width = 0, height = 0;
	poppler.page_get_size(page, &width, &height);
	// A thousandth of a pixel more is a rounding error and no pixel.
	const double columns = ceil(width * scale - 1e-3), rows = ceil(height * scale - 1e-3);
	if (!(columns >= 1 && rows >= 1 && columns < G_MAXINT32 && rows < G_MAXINT32)) {
		set_damaged(error);
		return NULL;
	}
	struct page_image *image = format_new_page((int64_t)columns, (int64_t)rows, limits, error);
	if (!image)
		return NULL;
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, image->width_px, image->height_px);
	bool room = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
	bool painted = room && paint(page, surface, scale);
	if (painted)
		to_grey(surface, image);
	else if (room)
		set_damaged(error);
	else
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE, "not enough memory for this image");
	cairo_surface_destroy(surface);
	if (!painted)
		g_clear_pointer(&image, page_image_free);
	return image;
}

struct page_image *pdf_render(struct pdf_renderer *renderer, unsigned index, double dots_per_inch,
	const struct scan_limits *limits, GError **error)
{
	PopplerPage *page = poppler.document_get_page(renderer->document, (int)index);
	if (!page) {
		set_damaged(error);
		return NULL;
	}
	struct page_image *image = render(page, dots_per_inch / POINTS_PER_INCH, limits, error);
	g_object_unref(page);
	return image;
}
