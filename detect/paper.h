// SPDX-License-Identifier: GPL-3.0-or-later
// How bright the paper is, everywhere on the page: lamps fade, pages yellow, phones shade. Knows brightness only.
#ifndef SHEAF_DETECT_PAPER_H
#define SHEAF_DETECT_PAPER_H

#include <glib.h>
#include <stdbool.h>

#include "detect/grey.h"

// Levels of square tiles, read between tiles by bilinear interpolation.
struct paper_map {
	int columns, rows, tile_px;
	float *levels;
	float usual; // the median of the levels of what is bright
};

// Takes the level of each tile of tile_px pixels from its brighter pixels. False if memory is not to be had. The caller
// clears *map.
bool paper_map_init(struct paper_map *map, const struct grey_view *image, int tile_px);
void paper_map_clear(struct paper_map *map);

// The paper's grey at a point of the image the map was made from.
double paper_at(const struct paper_map *map, double x_px, double y_px);

// The same as a share of what is usual: on the whole page, or if it is darker there, in the tiles around. A shadow is
// wide and soft; what is dark and narrow is no paper, but the bed behind a tear.
double paper_share_at(const struct paper_map *map, double x_px, double y_px);

#endif
