// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/place.h"

struct placement *place_sheet(const struct layout *layout, const struct registration *registration, int factor,
	const struct page_source *page)
{
	if (page->full_width_px > PLACEMENT_MOST_PX || page->full_height_px > PLACEMENT_MOST_PX)
		return NULL;
	struct placement *placement = placement_new((unsigned)page->full_width_px, (unsigned)page->full_height_px);
	bool good = true;
	for (unsigned row = 0; row < PLACEMENT_ROWS; row++)
		for (unsigned column = 0; column < PLACEMENT_COLUMNS; column++) {
			struct sheet_point point = placement_node_point(layout, row, column);
			struct page_point at = grey_enlarge_point(registration_map(registration, point), factor);
			good = good &&
			       placement_set_node(placement, row, column, (struct image_point){at.x_px, at.y_px});
		}
	if (good)
		return placement;
	placement_free(placement);
	return NULL;
}

void place_rows(
	struct placement *placement, const struct layout *layout, const struct align_shift *shifts, unsigned page)
{
	for (unsigned i = 0; placement && i < layout->n_items; i++)
		if (layout->items[i].page == page)
			placement_add_shift(placement, i, shifts[i].dx_um, shifts[i].dy_um);
}
