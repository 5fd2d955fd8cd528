// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/grey.h"

#include <string.h>

#include "detect/vectors.h"

void grey_image_clear(struct grey_image *image)
{
	g_clear_pointer(&image->pixels, g_free);
	image->view = (struct grey_view){0};
}

static bool allocate(struct grey_image *image, int width, int height)
{
	// One spare row and column: grey_at reads a pixel's right and lower neighbours.
	const gsize stride = (gsize)width + 1;
	image->pixels = g_try_malloc_n((gsize)height + 1, stride);
	image->view = (struct grey_view){image->pixels, width, height, width + 1};
	if (!image->pixels)
		return false;
	for (gsize y = 0; y < (gsize)height; y++)
		image->pixels[y * stride + (gsize)width] = 0;
	memset(image->pixels + (gsize)height * stride, 0, stride);
	return true;
}

// Two rows to one. Pairs of pixels are read as 16-bit numbers, whose bytes are added in whatever order: vectors of that
// are eight pixels wide on every machine.
VECTORS static void halve_rows(
	const uint8_t *restrict upper, const uint8_t *restrict lower, int width, uint8_t *restrict out)
{
	for (int x = 0; x < width; x++) {
		uint16_t a, b;
		memcpy(&a, upper + 2 * (size_t)x, 2);
		memcpy(&b, lower + 2 * (size_t)x, 2);
		out[x] = (uint8_t)(((a & 255) + (a >> 8) + (b & 255) + (b >> 8) + 2) >> 2);
	}
}

// Adds the rows that make one row of the reduced image. Kept apart and simple, so that the compiler makes vectors of
// it.
static void add_rows(const uint8_t *restrict rows, ptrdiff_t stride, int n, int width, uint16_t *restrict sums)
{
	for (int x = 0; x < width; x++)
		sums[x] = rows[x];
	for (int k = 1; k < n; k++) {
		const uint8_t *row = rows + k * stride;
		for (int x = 0; x < width; x++)
			sums[x] = (uint16_t)(sums[x] + row[x]);
	}
}

// Means over groups of `factor` sums. A division by the area, rounded, as a multiplication: exact for areas up to 16
// * 16.
static void mean_groups(const uint16_t *restrict sums, int factor, int width, uint8_t *restrict out)
{
	const uint32_t area = (uint32_t)(factor * factor), inverse = (1u << 24) / area + 1;
	for (int x = 0; x < width; x++) {
		uint32_t sum = area / 2;
		for (int i = 0; i < factor; i++)
			sum += sums[x * factor + i];
		out[x] = (uint8_t)((uint64_t)sum * inverse >> 24);
	}
}

bool grey_reduce(const struct grey_view *view, int factor, struct grey_image *image)
{
	if (factor < 1 || factor > GREY_MOST_FACTOR)
		return false;
	int width = view->width_px / factor, height = view->height_px / factor;
	if (width < 2 || height < 2 || !allocate(image, width, height))
		return false;
	g_autofree uint16_t *sums = g_new0(uint16_t, (gsize)(width * factor));
	for (int y = 0; y < height; y++) {
		const uint8_t *rows = view->pixels + (ptrdiff_t)y * factor * view->stride_px;
		uint8_t *out = image->pixels + (ptrdiff_t)y * image->view.stride_px;
		if (factor == 2) {
			halve_rows(rows, rows + view->stride_px, width, out);
			continue;
		}
		add_rows(rows, view->stride_px, factor, width * factor, sums);
		mean_groups(sums, factor, width, out);
	}
	return true;
}

bool grey_crop(
	const struct grey_view *view, int left, int top, int width, int height, int magnify, struct grey_image *image)
{
	int right = MIN(left + width, view->width_px), bottom = MIN(top + height, view->height_px);
	left = MAX(left, 0);
	top = MAX(top, 0);
	if (right - left < 2 || bottom - top < 2 ||
		!allocate(image, (right - left) * magnify, (bottom - top) * magnify))
		return false;
	for (int y = 0; y < image->view.height_px; y++) {
		uint8_t *out = image->pixels + (ptrdiff_t)y * image->view.stride_px;
		const uint8_t *row = view->pixels + (ptrdiff_t)(top + y) * view->stride_px + left;
		if (magnify == 1) {
			memcpy(out, row, (gsize)image->view.width_px);
			continue;
		}
		for (int x = 0; x < image->view.width_px; x++)
			out[x] = (uint8_t)(grey_at(view, left + (double)x / magnify, top + (double)y / magnify) + 0.5);
	}
	return true;
}

static void smooth_line(uint8_t *line, int n, ptrdiff_t step)
{
	unsigned before = line[0];
	for (int i = 1; i + 1 < n; i++) {
		uint8_t *at = line + i * step;
		unsigned own = *at;
		*at = (uint8_t)((before + 2 * own + at[step] + 2) / 4);
		before = own;
	}
}

void grey_smooth(struct grey_image *image, int times)
{
	const struct grey_view *view = &image->view;
	for (int pass = 0; pass < times; pass++) {
		for (int y = 0; y < view->height_px; y++)
			smooth_line(image->pixels + (ptrdiff_t)y * view->stride_px, view->width_px, 1);
		for (int x = 0; x < view->width_px; x++)
			smooth_line(image->pixels + x, view->height_px, view->stride_px);
	}
}
