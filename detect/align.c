// SPDX-License-Identifier: GPL-3.0-or-later
// The rings around are tried at shifts on a grid, coarse and then fine; the best is where the circle of the ring's line
// is darkest against a circle around it. One bubble says little (it may be filled, or under a fold), so the rows next
// to the item's are added: they are 7 mm away, and paper does not bend much within that.
#include "detect/align.h"

#include <math.h>
#include <stdlib.h>

// Rows are aligned again where their rings are fainter than this share of the page's: a shift of 0.15 mm costs a
// quarter.
#define NEEDED_BELOW 0.75
#define FOUND_ABOVE 0.60
// Beyond this, the registration is wrong and not just imprecise. Less than half of the way to the next ring.
#define COARSE_STEP_UM 250
#define COARSE_STEPS 8
#define FINE_STEP_UM 80
#define FINE_STEPS 2
#define NEIGHBOUR_UM 8000
// A mark is darker than any ring and must not outweigh the others.
#define RING_CAP 1.5
#define NEARLY 0.999999 // of a sum, for what rounding does to it

struct rings {
	unsigned n;
	struct sheet_point at[3 * EXAM_MAX_CHOICES];
};

static void add_rings(const struct layout *layout, unsigned item, struct rings *rings)
{
	const struct layout_item *of = &layout->items[item];
	for (unsigned i = 0; i < of->n_bubbles; i++) {
		const struct sheet_box *box = &layout->bubbles[of->first_bubble + i].box;
		rings->at[rings->n++] = (struct sheet_point){box->x_um, box->y_um};
	}
}

static bool is_next_to(const struct layout *layout, unsigned a, unsigned b)
{
	const struct layout_item *one = &layout->items[a], *other = &layout->items[b];
	const struct sheet_box *p = &layout->bubbles[one->first_bubble].box;
	const struct sheet_box *q = &layout->bubbles[other->first_bubble].box;
	return one->page == other->page && !one->exam_item == !other->exam_item &&
	       abs(p->x_um - q->x_um) <= NEIGHBOUR_UM && abs(p->y_um - q->y_um) <= NEIGHBOUR_UM;
}

// Given up, with less than it would be, once it cannot come to more than `most` any more.
static double score(const struct align_view *view, const struct rings *rings, struct align_shift shift, double most)
{
	const double cap = RING_CAP * view->ring;
	double sum = 0;
	for (unsigned i = 0; i < rings->n; i++) {
		if (sum + (rings->n - i) * cap < most * rings->n * NEARLY)
			break;
		struct sheet_point at = {rings->at[i].x_um + shift.dx_um, rings->at[i].y_um + shift.dy_um};
		double ring = bubble_ring(view->registration, view->image, view->paper, at);
		sum += CLAMP(ring, 0, cap);
	}
	return sum / rings->n;
}

static double search(
	const struct align_view *view, const struct rings *rings, int step_um, int steps, struct align_shift *best)
{
	const struct align_shift middle = *best;
	double most = -1;
	for (int j = -steps; j <= steps; j++)
		for (int i = -steps; i <= steps; i++) {
			struct align_shift shift = {middle.dx_um + i * step_um, middle.dy_um + j * step_um};
			double is = score(view, rings, shift, most);
			if (is > most) {
				most = is;
				*best = shift;
			}
		}
	return most;
}

bool align_is_needed(double ring, double page_ring)
{
	return ring < NEEDED_BELOW * page_ring;
}

bool align_item(const struct align_view *view, unsigned item, struct align_shift *shift)
{
	struct rings rings = {0};
	add_rings(view->layout, item, &rings);
	if (item > 0 && is_next_to(view->layout, item, item - 1))
		add_rings(view->layout, item - 1, &rings);
	if (item + 1 < view->layout->n_items && is_next_to(view->layout, item, item + 1))
		add_rings(view->layout, item + 1, &rings);
	*shift = (struct align_shift){0, 0};
	search(view, &rings, COARSE_STEP_UM, COARSE_STEPS, shift);
	if (search(view, &rings, FINE_STEP_UM, FINE_STEPS, shift) >= FOUND_ABOVE * view->ring)
		return true;
	*shift = (struct align_shift){0, 0};
	return false;
}
