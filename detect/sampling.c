// SPDX-License-Identifier: GPL-3.0-or-later
// Group by group, in three steps, so that the compiler can make vectors of the arithmetic before and after the pixels
// are fetched one by one. Each place's numbers are made by the same operations in the same order as one by one
// (grey_inside, bubble_darkness), so the results are the same to the last bit.
#include "detect/sampling.h"

#include "detect/vectors.h"

struct darkness_scale bubble_darkness_scale(
	const struct registration *registration, const struct paper_map *paper, struct page_point at)
{
	struct darkness_scale scale = {.paper = paper_at(paper, at.x_px, at.y_px)};
	scale.factor = BUBBLE_BLACK / MAX(scale.paper * (1 - registration->ink_share), 1);
	return scale;
}

void sampling_add(struct sampling *sampling, double dx_um, double dy_um)
{
	g_assert(sampling->n < SAMPLING_MOST);
	sampling->dx_um[sampling->n] = dx_um;
	sampling->dy_um[sampling->n++] = dy_um;
	sampling->reach_um = MAX(sampling->reach_um, MAX(fabs(dx_um), fabs(dy_um)));
}

// Where the places of a group lie: whole pixels, and what remains.
struct group {
	int32_t x_px[SAMPLING_GROUP], y_px[SAMPLING_GROUP];
	double u[SAMPLING_GROUP], v[SAMPLING_GROUP];
};

// The four pixels around each place of a group. In words, as wide as what else is counted with.
struct corners {
	int32_t p0[SAMPLING_GROUP], p1[SAMPLING_GROUP], q0[SAMPLING_GROUP], q1[SAMPLING_GROUP];
};

VECTORS static void locate(const struct local_map *map, const double *restrict dx_um, const double *restrict dy_um,
	struct group *restrict at)
{
	for (int i = 0; i < SAMPLING_GROUP; i++) {
		double x = map->origin.x_px + map->xx * dx_um[i] + map->xy * dy_um[i];
		double y = map->origin.y_px + map->yx * dx_um[i] + map->yy * dy_um[i];
		int32_t x_px = (int32_t)x, y_px = (int32_t)y;
		at->x_px[i] = x_px;
		at->y_px[i] = y_px;
		at->u[i] = x - x_px;
		at->v[i] = y - y_px;
	}
}

static void fetch(const struct grey_view *image, const struct group *at, struct corners *corners)
{
	for (int i = 0; i < SAMPLING_GROUP; i++) {
		const uint8_t *p = image->pixels + (ptrdiff_t)at->y_px[i] * image->stride_px + at->x_px[i];
		const uint8_t *q = p + image->stride_px;
		corners->p0[i] = p[0];
		corners->p1[i] = p[1];
		corners->q0[i] = q[0];
		corners->q1[i] = q[1];
	}
}

VECTORS static void weigh(const struct group *restrict at, const struct corners *restrict corners,
	const struct darkness_scale *scale, int32_t *restrict out)
{
	const double paper = scale->paper, factor = scale->factor;
	for (int i = 0; i < SAMPLING_GROUP; i++) {
		double u = at->u[i], v = at->v[i];
		double grey = (1 - v) * ((1 - u) * corners->p0[i] + u * corners->p1[i]) +
			      v * ((1 - u) * corners->q0[i] + u * corners->q1[i]);
		double dark = (paper - grey) * factor + 0.5;
		dark = dark > 0 ? dark : 0;
		dark = dark < BUBBLE_DARKNESS_MOST ? dark : BUBBLE_DARKNESS_MOST;
		out[i] = (int32_t)dark;
	}
}

void sampling_take(const struct sampling *sampling, const struct local_map *map, const struct grey_view *image,
	const struct darkness_scale *scale, uint8_t *out)
{
	if (!local_is_inside(map, image, sampling->reach_um)) {
		for (unsigned i = 0; i < sampling->n; i++) {
			struct page_point at = local_at(map, sampling->dx_um[i], sampling->dy_um[i]);
			out[i] = bubble_darkness(scale, grey_at(image, at.x_px, at.y_px));
		}
		return;
	}
	for (unsigned first = 0; first < sampling->n; first += SAMPLING_GROUP) {
		struct group at;
		struct corners corners;
		int32_t darkness[SAMPLING_GROUP];
		locate(map, sampling->dx_um + first, sampling->dy_um + first, &at);
		fetch(image, &at, &corners);
		weigh(&at, &corners, scale, darkness);
		for (int i = 0; i < SAMPLING_GROUP; i++)
			out[first + (unsigned)i] = (uint8_t)darkness[i];
	}
}
