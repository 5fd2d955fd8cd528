// SPDX-License-Identifier: GPL-3.0-or-later
// Where what is printed on a sheet lies on one scan of it: sheet point in, image point out. Reading finds it once and
// keeps it with the answers, so that anybody can later cut out a row or draw over a page from the file alone. Knows a
// mesh; refuses to know pixels and how the mesh was found.
#ifndef SHEAF_SHEET_PLACEMENT_H
#define SHEAF_SHEET_PLACEMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sheet/layout.h"

// A point on a page's image as it is decoded, upright by the file's own orientation tag; the centre of the top left
// pixel is (0, 0), y downwards. Where the sheet lies sideways on the glass, so do its points.
struct image_point {
	double x_px, y_px;
};

// The mesh's nodes, from edge to edge of the sheet, are some 30 mm apart. Paper bends in waves half a page long and up
// to 2 mm high; between nodes so close, a straight line is off by less than a sixth of a bubble, and usually by nothing
// to be seen.
#define PLACEMENT_COLUMNS 8
#define PLACEMENT_ROWS 10
#define PLACEMENT_MOST_PX 30000       // of a side; scans are smaller
#define PLACEMENT_MOST_SHIFT_UM 10000 // a row that was found farther off was not found

// Tenths of pixels: whole numbers read back as what was written.
struct placement_node {
	int32_t x_tenth_px, y_tenth_px;
};

// A row of bubbles that lies off its place on the sheet, as paper folds and bulges between the edges.
struct placement_shift {
	unsigned item; // index into layout.items
	int32_t dx_um, dy_um;
};

struct placement {
	unsigned width_px, height_px; // of the image that the nodes are on
	struct placement_node nodes[PLACEMENT_ROWS][PLACEMENT_COLUMNS];
	struct placement_shift *shifts; // by item, ascending; rows that lie where they should are not here
	unsigned n_shifts;
};

// Where a point of the sheet lies on the image. Points off the sheet go on straight.
struct image_point placement_at(
	const struct placement *placement, const struct layout *layout, struct sheet_point point);

// The same for what belongs to an item's row: its bubbles, its label. With the row's own shift.
struct image_point placement_at_item(
	const struct placement *placement, const struct layout *layout, unsigned item, struct sheet_point point);

// The row's shift on the sheet; zero for a row that lies where it should. item is 0 in what comes back if there is
// none.
struct placement_shift placement_shift_of(const struct placement *placement, unsigned item);

// How the sheet lies on the image: by so many degrees clockwise (0, 90, 180, 270) its top is turned away from the
// image's.
unsigned placement_turn(const struct placement *placement);

// Pixels a millimetre around the middle of the sheet.
double placement_px_per_mm(const struct placement *placement, const struct layout *layout);

// For an image of the same page decoded at another size: the nodes are moved onto it.
void placement_resize(struct placement *placement, unsigned width_px, unsigned height_px);

// --- made by reading

// The printed point that a node stands for.
struct sheet_point placement_node_point(const struct layout *layout, unsigned row, unsigned column);

// Sets a node. False, with nothing set, if the point is so far off the image that nobody could want it.
bool placement_set_node(struct placement *placement, unsigned row, unsigned column, struct image_point at);

// Adds an item's shift. Items come in ascending order; a shift of nothing, or beyond PLACEMENT_MOST_SHIFT_UM, is left
// out.
void placement_add_shift(struct placement *placement, unsigned item, int32_t dx_um, int32_t dy_um);

struct placement *placement_new(unsigned width_px, unsigned height_px); // nodes all at (0, 0), no shifts
struct placement *placement_copy(const struct placement *placement);
void placement_free(struct placement *placement); // accepts NULL

// --- as text, for sheet/answers.c

// The values of three lines: `scan` (1240,1754), `mesh` (x,y of each node in tenths of a pixel, row by row) and
// `shifts` (7=120,-80: the item's index, micrometres), which is NULL if there are none. Owned by the caller.
void placement_format(const struct placement *placement, char **scan, char **mesh, char **shifts);

// The reverse; shifts may be NULL. NULL if it is not what placement_format writes for this layout: it may come from a
// worker that broke.
struct placement *placement_parse(const char *scan, const char *mesh, const char *shifts, const struct layout *layout);

#endif
