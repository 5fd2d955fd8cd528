// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/page_image.h"

struct page_image *page_image_new(int width_px, int height_px)
{
	struct page_image *image = g_new0(struct page_image, 1);
	image->width_px = image->full_width_px = width_px;
	image->height_px = image->full_height_px = height_px;
	image->reduction = 1;
	image->pixels = g_try_malloc((gsize)width_px * (gsize)height_px);
	if (image->pixels)
		return image;
	g_free(image);
	return NULL;
}

void page_image_free(struct page_image *image)
{
	if (!image)
		return;
	g_free(image->pixels);
	g_free(image);
}
