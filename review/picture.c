// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/picture.h"

#include <math.h>
#include <png.h>
#include <string.h>

#define MM_UM 1000.0
#define OFF_THE_SCAN 200

void picture_free(void *data)
{
	struct picture *picture = data;
	if (!picture)
		return;
	g_free(picture->pixels);
	g_free(picture);
}

static GBytes *as_png(const uint8_t *pixels, unsigned width, unsigned height)
{
	png_image image = {.version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = PNG_FORMAT_GRAY};
	image.flags = PNG_IMAGE_FLAG_FAST;
	png_alloc_size_t size = 0;
	GBytes *bytes = NULL;
	if (!png_image_write_get_memory_size(image, size, 0, pixels, 0, NULL))
		return NULL;
	uint8_t *out = g_try_malloc(size);
	if (out && png_image_write_to_memory(&image, out, &size, 0, pixels, 0, NULL))
		bytes = g_bytes_new_take(g_steal_pointer(&out), size);
	g_free(out);
	return bytes;
}

// Between pixels, bilinear.
static uint8_t grey_at(const struct picture *picture, struct image_point at)
{
	if (!(at.x_px >= 0 && at.y_px >= 0 && at.x_px < picture->width_px - 1 && at.y_px < picture->height_px - 1))
		return OFF_THE_SCAN;
	unsigned x = (unsigned)at.x_px, y = (unsigned)at.y_px;
	double u = at.x_px - x, v = at.y_px - y;
	const uint8_t *p = picture->pixels + (size_t)y * picture->width_px + x, *q = p + picture->width_px;
	return (uint8_t)lround((1 - v) * ((1 - u) * p[0] + u * p[1]) + v * ((1 - u) * q[0] + u * q[1]));
}

GBytes *picture_cut(const struct picture *picture, const struct placement *placement, const struct layout *layout,
	const struct picture_piece *piece)
{
	double width = ceil(piece->width_um / MM_UM * piece->px_per_mm);
	double height = ceil(piece->height_um / MM_UM * piece->px_per_mm);
	if (!(width >= 1 && height >= 1 && width * height <= PICTURE_MOST_PX))
		return NULL;
	struct placement *here = placement_copy(placement);
	if (here->width_px != picture->width_px || here->height_px != picture->height_px)
		placement_resize(here, picture->width_px, picture->height_px);
	unsigned columns = (unsigned)width, rows = (unsigned)height;
	g_autofree uint8_t *pixels = g_try_malloc((size_t)columns * rows);
	for (unsigned y = 0; pixels && y < rows; y++)
		for (unsigned x = 0; x < columns; x++) {
			struct sheet_point point = {
				piece->left_um + (int32_t)((x + 0.5) / piece->px_per_mm * MM_UM) + piece->shift.dx_um,
				piece->top_um + (int32_t)((y + 0.5) / piece->px_per_mm * MM_UM) + piece->shift.dy_um};
			pixels[(size_t)y * columns + x] = grey_at(picture, placement_at(here, layout, point));
		}
	placement_free(here);
	return pixels ? as_png(pixels, columns, rows) : NULL;
}

#define FACTOR_MOST 1000 // no picture is so large

GBytes *picture_whole(const struct picture *picture, unsigned most_px)
{
	unsigned longer = MAX(picture->width_px, picture->height_px);
	unsigned factor = CLAMP((longer + most_px - 1) / most_px, 1, FACTOR_MOST), area = MAX(factor * factor, 1);
	unsigned columns = picture->width_px / factor, rows = picture->height_px / factor;
	if (!columns || !rows)
		return NULL;
	g_autofree uint8_t *pixels = g_try_malloc((size_t)columns * rows);
	for (unsigned y = 0; pixels && y < rows; y++)
		for (unsigned x = 0; x < columns; x++) {
			unsigned sum = 0;
			for (unsigned k = 0; k < area; k++)
				sum += picture->pixels[((size_t)y * factor + k / factor) * picture->width_px +
						       (size_t)x * factor + k % factor];
			pixels[(size_t)y * columns + x] = (uint8_t)(sum / area);
		}
	return pixels ? as_png(pixels, columns, rows) : NULL;
}
