// SPDX-License-Identifier: GPL-3.0-or-later
// How dark a page is at many places around a printed point, at once. Knows pixels and the scale of darkness; neither
// rings nor marks.
#ifndef SHEAF_DETECT_SAMPLING_H
#define SHEAF_DETECT_SAMPLING_H

#include "detect/grey.h"
#include "detect/paper.h"
#include "detect/registration.h"

// Darkness 0 is the local paper, 200 the page's printed black; darker is capped.
#define BUBBLE_BLACK 200
#define BUBBLE_DARKNESS_MOST 250

// Grey to darkness at one place of the page.
struct darkness_scale {
	double paper, factor;
};

struct darkness_scale bubble_darkness_scale(
	const struct registration *registration, const struct paper_map *paper, struct page_point at);

static inline uint8_t bubble_darkness(const struct darkness_scale *scale, double grey)
{
	return (uint8_t)CLAMP((scale->paper - grey) * scale->factor + 0.5, 0, BUBBLE_DARKNESS_MOST);
}

// Places are taken by groups of so many: a circle's points.
#define SAMPLING_GROUP 24
#define SAMPLING_MOST 168

// Places, as offsets from a printed point, filled up to a whole group with the point itself.
struct sampling {
	unsigned n;
	double reach_um; // no place is farther, along either axis
	double dx_um[SAMPLING_MOST], dy_um[SAMPLING_MOST];
};

// Starts with { 0 }; takes SAMPLING_MOST places.
void sampling_add(struct sampling *sampling, double dx_um, double dy_um);

// The darkness at all places around the map's origin, in their order; out has room for whole groups.
void sampling_take(const struct sampling *sampling, const struct local_map *map, const struct grey_view *image,
	const struct darkness_scale *scale, uint8_t *out);

#endif
