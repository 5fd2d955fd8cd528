// SPDX-License-Identifier: GPL-3.0-or-later
// How bright the tiles of a picture are, as fast as it goes: what is bright in each, by rank. Knows greys; not what
// they are of.
#ifndef SHEAF_DETECT_TILES_H
#define SHEAF_DETECT_TILES_H

#include <stdbool.h>

#include "detect/grey.h"

// Of each tile of tile_px by tile_px pixels (those at the right and below may be smaller), row by row of them, the
// highest grey that more than a fifth of its samples reach: every third pixel of every third row. levels has room for
// them all. False if memory is not to be had.
bool tiles_measure(const struct grey_view *image, int tile_px, int columns, int rows, float *levels);

#endif
