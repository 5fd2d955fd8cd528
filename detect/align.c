// SPDX-License-Identifier: GPL-3.0-or-later
// The rings around are tried at shifts on a grid, coarse and then fine; the best is where the circle of the ring's line
// is darkest against a circle around it. One bubble says little (it may be filled, or under a fold), so the rows next
// to the item's are added: they are 7 mm away, and paper does not bend much within that.
//
// Shifts are tried from the middle outwards, as a good one early on lets most others be given up half way; of equals,
// the first in reading order is taken, so that the order of trying decides nothing. Rows next to each other try the
// same rings at the same coarse shifts, so these are kept for the last three rows.
#include "detect/align.h"

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

#define COARSE_SIDE (2 * COARSE_STEPS + 1)
#define COARSE_SHIFTS (COARSE_SIDE * COARSE_SIDE)
#define LOCAL_STEPS (REGISTRATION_LOCAL_UM / COARSE_STEP_UM)
#define RASTER (COARSE_SIDE + LOCAL_STEPS) // places along one axis that coarse shifts look at
#define ROWS_KEPT 3                        // an item's, and one to either side
#define UNKNOWN UINT16_MAX                 // no sum of a circle comes to that

G_STATIC_ASSERT(REGISTRATION_LOCAL_UM % COARSE_STEP_UM == 0);

// A ring and what is known of it at the coarse shifts.
struct ring {
	struct sheet_point at;
	struct bend_column columns[RASTER];
	struct bend_row rows[RASTER];
	uint16_t line[COARSE_SHIFTS], around[COARSE_SHIFTS];
};

struct row {
	const struct layout_item *item; // NULL: none yet
	struct ring rings[EXAM_MAX_CHOICES];
};

struct aligner {
	struct align_view view;
	uint16_t coarse_order[COARSE_SHIFTS], fine_order[COARSE_SHIFTS];
	struct row kept[ROWS_KEPT];
};

// The rings that a shift is judged by.
struct rings {
	unsigned n;
	struct ring *of[ROWS_KEPT * EXAM_MAX_CHOICES];
};

// Shifts in steps to either side of a middle. By number, in reading order.
struct raster {
	int step_um, steps;
	const uint16_t *order; // of trying
	struct align_shift middle;
};

static int distance_squared(int number, int steps)
{
	const int side = 2 * steps + 1, i = number % side - steps, j = number / side - steps;
	return i * i + j * j;
}

// By counting: there are few distances.
static void from_the_middle(int steps, uint16_t *order)
{
	const int n = (2 * steps + 1) * (2 * steps + 1);
	for (int square = 0, at = 0; at < n; square++)
		for (int i = 0; i < n; i++)
			if (distance_squared(i, steps) == square)
				order[at++] = (uint16_t)i;
}

struct aligner *aligner_new(const struct align_view *view)
{
	struct aligner *aligner = g_new(struct aligner, 1);
	aligner->view = *view;
	from_the_middle(COARSE_STEPS, aligner->coarse_order);
	from_the_middle(FINE_STEPS, aligner->fine_order);
	for (unsigned i = 0; i < ROWS_KEPT; i++)
		aligner->kept[i].item = NULL;
	return aligner;
}

void aligner_free(struct aligner *aligner)
{
	g_free(aligner);
}

static void begin_ring(const struct bend *bend, const struct sheet_box *box, struct ring *ring)
{
	ring->at = (struct sheet_point){box->x_um, box->y_um};
	for (int i = 0; i < RASTER; i++) {
		ring->columns[i] = bend_column_at(bend, box->x_um + (i - COARSE_STEPS) * COARSE_STEP_UM);
		ring->rows[i] = bend_row_at(bend, box->y_um + (i - COARSE_STEPS) * COARSE_STEP_UM);
	}
	for (int i = 0; i < COARSE_SHIFTS; i++)
		ring->line[i] = ring->around[i] = UNKNOWN;
}

// Adds the rings of an item, with what is known of them from the items before.
static void add_rings(struct aligner *aligner, unsigned item, struct rings *rings)
{
	const struct layout *layout = aligner->view.layout;
	const struct layout_item *of = &layout->items[item];
	struct row *row = &aligner->kept[item % ROWS_KEPT];
	for (unsigned i = 0; i < of->n_bubbles; i++) {
		if (row->item != of)
			begin_ring(&aligner->view.registration->bend, &layout->bubbles[of->first_bubble + i].box,
				&row->rings[i]);
		rings->of[rings->n++] = &row->rings[i];
	}
	row->item = of;
}

static bool is_next_to(const struct layout *layout, unsigned a, unsigned b)
{
	const struct layout_item *one = &layout->items[a], *other = &layout->items[b];
	const struct sheet_box *p = &layout->bubbles[one->first_bubble].box;
	const struct sheet_box *q = &layout->bubbles[other->first_bubble].box;
	return one->page == other->page && !one->exam_item == !other->exam_item &&
	       abs(p->x_um - q->x_um) <= NEIGHBOUR_UM && abs(p->y_um - q->y_um) <= NEIGHBOUR_UM;
}

typedef unsigned circle_sum(
	const struct local_map *map, const struct grey_view *image, const struct darkness_scale *scale);

static struct align_shift shift_of(const struct raster *raster, unsigned number)
{
	const int side = 2 * raster->steps + 1, i = (int)number % side, j = (int)number / side;
	return (struct align_shift){raster->middle.dx_um + (i - raster->steps) * raster->step_um,
		raster->middle.dy_um + (j - raster->steps) * raster->step_um};
}

static struct local_map coarse_map(
	const struct align_view *view, const struct ring *ring, struct sheet_point at, unsigned number)
{
	const struct bend_column *column = &ring->columns[number % COARSE_SIDE];
	const struct bend_row *row = &ring->rows[number / COARSE_SIDE];
	return registration_local_bent(view->registration, at, column, column + LOCAL_STEPS, row, row + LOCAL_STEPS);
}

// A circle's sum for a ring at a shift; kept holds what is known at the coarse ones.
static unsigned sum_of(const struct aligner *aligner, const struct ring *ring, const struct raster *raster,
	unsigned number, circle_sum *sum, uint16_t *kept)
{
	const bool coarse = raster->steps == COARSE_STEPS;
	if (coarse && kept[number] != UNKNOWN)
		return kept[number];
	const struct align_shift shift = shift_of(raster, number);
	const struct sheet_point at = {ring->at.x_um + shift.dx_um, ring->at.y_um + shift.dy_um};
	const struct align_view *view = &aligner->view;
	struct local_map map = coarse ? coarse_map(view, ring, at, number) : registration_local(view->registration, at);
	struct darkness_scale scale = bubble_darkness_scale(view->registration, view->paper, map.origin);
	unsigned value = sum(&map, view->image, &scale);
	if (coarse)
		kept[number] = (uint16_t)value;
	return value;
}

// Given up, with less than it would be, once it cannot come to as much as `most` any more. A ring stands out by its
// line at most, so the circles around the lines are looked at last.
static double score(const struct aligner *aligner, const struct rings *rings, const struct raster *raster,
	unsigned number, double most)
{
	const double cap = RING_CAP * aligner->view.ring, needed = most * rings->n * NEARLY;
	unsigned lines[ROWS_KEPT * EXAM_MAX_CHOICES];
	double bound = rings->n * cap;
	for (unsigned i = 0; i < rings->n; i++) {
		struct ring *ring = rings->of[i];
		lines[i] = sum_of(aligner, ring, raster, number, bubble_ring_line, ring->line);
		bound -= cap - MIN(bubble_ring(lines[i], 0), cap);
		if (bound < needed)
			return -1;
	}
	double sum = 0;
	for (unsigned i = 0; i < rings->n; i++) {
		struct ring *ring = rings->of[i];
		unsigned around = sum_of(aligner, ring, raster, number, bubble_ring_around, ring->around);
		sum += CLAMP(bubble_ring(lines[i], around), 0, cap);
	}
	return sum / rings->n;
}

// The best shift of a raster, and what it comes to.
static double search(
	const struct aligner *aligner, const struct rings *rings, const struct raster *raster, struct align_shift *best)
{
	const int n = (2 * raster->steps + 1) * (2 * raster->steps + 1);
	double most = -1;
	unsigned best_number = 0;
	for (int i = 0; i < n; i++) {
		unsigned number = raster->order[i];
		double is = score(aligner, rings, raster, number, most);
		if (is > most || (is == most && number < best_number)) {
			most = is;
			best_number = number;
		}
	}
	*best = shift_of(raster, best_number);
	return most;
}

bool align_is_needed(double ring, double page_ring)
{
	return ring < NEEDED_BELOW * page_ring;
}

bool align_item(struct aligner *aligner, unsigned item, struct align_shift *shift)
{
	const struct layout *layout = aligner->view.layout;
	struct rings rings = {0};
	add_rings(aligner, item, &rings);
	if (item > 0 && is_next_to(layout, item, item - 1))
		add_rings(aligner, item - 1, &rings);
	if (item + 1 < layout->n_items && is_next_to(layout, item, item + 1))
		add_rings(aligner, item + 1, &rings);
	const struct raster coarse = {COARSE_STEP_UM, COARSE_STEPS, aligner->coarse_order, {0, 0}};
	struct raster fine = {FINE_STEP_UM, FINE_STEPS, aligner->fine_order, {0, 0}};
	search(aligner, &rings, &coarse, &fine.middle);
	if (search(aligner, &rings, &fine, shift) >= FOUND_ABOVE * aligner->view.ring)
		return true;
	*shift = (struct align_shift){0, 0};
	return false;
}
