// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/source.h"

struct page_source page_source_of(const struct grey_view *image)
{
	return (struct page_source){
		.image = *image, .reduction = 1, .full_width_px = image->width_px, .full_height_px = image->height_px};
}

const struct grey_view *page_source_full(struct page_source *source)
{
	if (source->reduction == 1)
		return &source->image;
	if (!source->fetched && !source->fetch(source->data, &source->full))
		source->full = (struct grey_view){0};
	source->fetched = true;
	return source->full.pixels ? &source->full : NULL;
}
