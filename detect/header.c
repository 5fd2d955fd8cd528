// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/header.h"

#define UM_A_MM 1000.0
#define HEAD_MM 55.0 // the name, the ID in words and both upper codes stand in it, on every page of a sheet
#define PX_A_MM 6.0  // some 150 dpi: handwriting can be read
#define BED_GREY 255 // what is not on the scan

static void draw_row(cairo_surface_t *surface, int y, const struct layout *layout, const struct grey_view *image,
	const struct placement *placement)
{
	uint32_t *row = (uint32_t *)(void *)(cairo_image_surface_get_data(surface) +
					     (ptrdiff_t)y * cairo_image_surface_get_stride(surface));
	for (int x = 0; x < cairo_image_surface_get_width(surface); x++) {
		struct sheet_point point = {(int)(x / PX_A_MM * UM_A_MM), (int)(y / PX_A_MM * UM_A_MM)};
		struct image_point at = placement_at(placement, layout, point);
		struct page_point on_page = {at.x_px, at.y_px};
		bool seen = grey_contains(image, on_page);
		row[x] = picture_grey(seen ? (uint32_t)(grey_at(image, at.x_px, at.y_px) + 0.5) : BED_GREY);
	}
}

void header_draw(const struct layout *layout, const struct grey_view *image, const struct placement *placement,
	picture_sink *sink, void *data)
{
	struct placement *own = placement_copy(placement);
	placement_resize(own, (unsigned)image->width_px, (unsigned)image->height_px);
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)(layout->width_um / UM_A_MM * PX_A_MM), (int)(HEAD_MM * PX_A_MM));
	if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
		for (int y = 0; y < cairo_image_surface_get_height(surface); y++)
			draw_row(surface, y, layout, image, own);
		cairo_surface_mark_dirty(surface);
		picture_send(surface, HEADER_PICTURE, sink, data);
	}
	cairo_surface_destroy(surface);
	placement_free(own);
}
