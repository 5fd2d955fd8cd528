// SPDX-License-Identifier: GPL-3.0-or-later
// Where each printed thing is on a page image: a projective map, corrected for paper that stretched or bent, with a
// measured residual. Knows geometry; decides nothing about marks.
#ifndef SHEAF_DETECT_REGISTRATION_H
#define SHEAF_DETECT_REGISTRATION_H

#include <glib.h>
#include <math.h>
#include <stdbool.h>

#include "detect/bend.h"
#include "detect/grey.h"
#include "detect/homography.h"
#include "detect/paper.h"
#include "sheet/layout.h"

struct registration {
	struct homography flat;
	struct bend bend;
	unsigned n_points;
	struct point_pair points[LAYOUT_MOST_ANCHORS]; // the anchors used, and where they were seen
	double px_per_mm;
	double residual_um;               // root mean square: each anchor against what its neighbours predict for it
	double worst_um;                  // the worst of these
	double inks[LAYOUT_MOST_ANCHORS]; // grey of each point's printed black
	double ink_share; // the same as a share of the paper around, the points' median: light falls on both alike
};

// Why a page could not be registered.
enum registration_failure {
	REGISTRATION_OK,
	REGISTRATION_NO_ANCHORS, // it does not look like a sheet at all
	REGISTRATION_TOO_FEW,    // anchors, or all on one side
	REGISTRATION_DISTORTED,  // the anchors contradict each other
	REGISTRATION_COARSE,     // too few pixels a millimetre
	REGISTRATION_NO_MEMORY,
};

// Registers a page image, in any orientation.
enum registration_failure registration_find(
	const struct layout *layout, const struct grey_view *image, struct registration *registration);

// Takes the share of ink from the paper's brightness. Whoever measures darkness on a registered page calls it first.
void registration_weigh_ink(struct registration *registration, const struct paper_map *paper);

// Whether the anchor nearest to a printed point is within a distance of it and was not seen: torn off or covered, and
// perhaps the point with it.
bool registration_lost_near(const struct registration *registration, const struct layout *layout,
	struct sheet_point point, double within_um);

struct page_point registration_map(const struct registration *registration, struct sheet_point point);

// The same at a place in micrometres off a printed point, for many places around it: linear in a neighbourhood of a
// bubble.
struct local_map {
	struct page_point origin;
	double xx, xy, yx, yy; // pixels per micrometre: du = xx dx + xy dy, dv = yx dx + yy dy
};

struct local_map registration_local(const struct registration *registration, struct sheet_point point);

// The same where the bend is at hand, for points on a raster: of the point's own column and row, and of those
// REGISTRATION_LOCAL_UM to the right and below.
#define REGISTRATION_LOCAL_UM (LAYOUT_BUBBLE_UM / 2)
struct local_map registration_local_bent(const struct registration *registration, struct sheet_point point,
	const struct bend_column *column, const struct bend_column *right, const struct bend_row *row,
	const struct bend_row *below);

static inline struct page_point local_at(const struct local_map *map, double dx_um, double dy_um)
{
	return (struct page_point){map->origin.x_px + map->xx * dx_um + map->xy * dy_um,
		map->origin.y_px + map->yx * dx_um + map->yy * dy_um};
}

// Whether all points up to so far from the origin, both ways, can be read by grey_inside.
static inline bool local_is_inside(const struct local_map *map, const struct grey_view *image, double reach_um)
{
	double x = (fabs(map->xx) + fabs(map->xy)) * reach_um + 1, y = (fabs(map->yx) + fabs(map->yy)) * reach_um + 1;
	return map->origin.x_px >= x && map->origin.y_px >= y && map->origin.x_px < image->width_px - 1 - x &&
	       map->origin.y_px < image->height_px - 1 - y;
}

#endif
