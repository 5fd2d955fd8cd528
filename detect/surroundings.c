// SPDX-License-Identifier: GPL-3.0-or-later
// A square of 13 mm around the bubble, on a raster fixed to the sheet, is ink or paper at each sample. Ink inside the
// disc is followed to all that it touches (8-connected). A tick or a cross ends within some millimetres; a crease
// or a streak runs on to the square's border on opposite sides.
#include "detect/surroundings.h"

#include <math.h>
#include <string.h>

#define STEP_UM 300 // a hair line of 0.2 mm, blurred by the scanner, still hits a sample of every row
#define REACH 22    // samples from the middle to the border: 6.6 mm
#define SIDE (2 * REACH + 1)
#define RING_UM (LAYOUT_BUBBLE_UM / 2)
#define ARM_UM 500 // beyond the ring: farther than an unsteady hand fills

// A quarter of the circle that arms are counted on, 48 places 0.33 mm apart, in samples from the middle. The others
// follow by turning it.
#define QUARTER 12
static const int ARC[QUARTER][2] = {
	{8, 0}, {8, 1}, {8, 2}, {8, 3}, {7, 4}, {7, 5}, {6, 6}, {5, 7}, {4, 7}, {3, 8}, {2, 8}, {1, 8}};
G_STATIC_ASSERT(RING_UM + ARM_UM == 2500 && STEP_UM == 300); // of this radius it is

enum cell { UNSEEN, PAPER, JOINED };

// Only what hangs together with the bubble's ink is looked at, and what is next to it.
struct patch {
	const struct grey_view *image;
	struct local_map map;
	bool inside; // of the image, all of it
	struct darkness_scale scale;
	double least; // the darkness of ink
	uint8_t cells[SIDE][SIDE];
	int n_joined; // all joined cells, in the order in which they were found
	struct cell_at {
		int16_t i, j;
	} joined[SIDE * SIDE];
};

static void begin(struct patch *patch, const struct registration *registration, const struct grey_view *image,
	const struct paper_map *paper, struct sheet_point point, double level)
{
	patch->image = image;
	patch->map = registration_local(registration, point);
	patch->inside = local_is_inside(&patch->map, image, REACH * STEP_UM);
	patch->scale = bubble_darkness_scale(registration, paper, patch->map.origin);
	patch->least =
		floor(level * BUBBLE_BLACK) + 1; // darker than the level, in the whole numbers of bubble_darkness
	patch->n_joined = 0;
	memset(patch->cells, UNSEEN, sizeof patch->cells);
}

static bool is_ink(const struct patch *patch, int i, int j)
{
	struct page_point at = local_at(&patch->map, (i - REACH) * STEP_UM, (j - REACH) * STEP_UM);
	double grey =
		patch->inside ? grey_inside(patch->image, at.x_px, at.y_px) : grey_at(patch->image, at.x_px, at.y_px);
	return bubble_darkness(&patch->scale, grey) >= patch->least;
}

static int distance_squared(int i, int j)
{
	return (i - REACH) * (i - REACH) + (j - REACH) * (j - REACH);
}

static void push(struct patch *patch, int i, int j)
{
	if (i < 0 || j < 0 || i >= SIDE || j >= SIDE || patch->cells[j][i] != UNSEEN)
		return;
	patch->cells[j][i] = PAPER;
	if (!is_ink(patch, i, j))
		return;
	patch->cells[j][i] = JOINED;
	patch->joined[patch->n_joined++] = (struct cell_at){(int16_t)i, (int16_t)j};
}

// Marks all ink that hangs together with ink inside the disc.
static void join(struct patch *patch)
{
	const int reach = BUBBLE_RADIUS_UM / STEP_UM + 1;
	for (int j = REACH - reach; j <= REACH + reach; j++)
		for (int i = REACH - reach; i <= REACH + reach; i++)
			if (distance_squared(i, j) * STEP_UM * STEP_UM <= BUBBLE_RADIUS_UM * BUBBLE_RADIUS_UM)
				push(patch, i, j);
	for (int n = 0; n < patch->n_joined; n++) {
		struct cell_at at = patch->joined[n];
		for (int dj = -1; dj <= 1; dj++)
			for (int di = -1; di <= 1; di++)
				push(patch, at.i + di, at.j + dj);
	}
}

// The extent of the joined ink in 8 directions, and whether it leaves on opposite sides in one of them.
static void measure_span(const struct patch *patch, struct surroundings *out)
{
	for (int d = 0; d < 8; d++) {
		double c = cos(d * G_PI / 8), s = sin(d * G_PI / 8), least = REACH * 2, most = -REACH * 2;
		for (int n = 0; n < patch->n_joined; n++) {
			struct cell_at at = patch->joined[n];
			double along = (at.i - REACH) * c + (at.j - REACH) * s;
			least = MIN(least, along);
			most = MAX(most, along);
		}
		out->span_mm = MAX(out->span_mm, (most - least) * STEP_UM / 1000);
		out->crosses |= most >= REACH - 1 && least <= 1 - REACH;
	}
}

// How far beyond the ring the joined ink goes.
static void measure_reach(const struct patch *patch, struct surroundings *out)
{
	int most = 0;
	for (int n = 0; n < patch->n_joined; n++)
		most = MAX(most, distance_squared(patch->joined[n].i, patch->joined[n].j));
	out->outside_mm = (MAX(sqrt(most) * STEP_UM, RING_UM) - RING_UM) / 1000;
}

// How many separate arcs of a circle beyond the ring are covered by joined ink.
static unsigned count_arms(const struct patch *patch)
{
	unsigned arms = 0;
	bool before = patch->cells[REACH - ARC[1][1]][REACH + ARC[1][0]] == JOINED; // the last place of all
	for (int d = 0; d < 4 * QUARTER; d++) {
		int i = ARC[d % QUARTER][0], j = ARC[d % QUARTER][1];
		for (int turn = 0; turn < d / QUARTER; turn++) {
			int k = i;
			i = -j;
			j = k;
		}
		bool inked = patch->cells[REACH + j][REACH + i] == JOINED;
		arms += inked && !before;
		before = inked;
	}
	return arms;
}

struct surroundings surroundings_look(const struct registration *registration, const struct grey_view *image,
	const struct paper_map *paper, struct sheet_point point, double level)
{
	struct patch patch;
	struct surroundings out = {0};
	begin(&patch, registration, image, paper, point, level);
	join(&patch);
	measure_span(&patch, &out);
	measure_reach(&patch, &out);
	out.arms = count_arms(&patch);
	out.covered = (double)patch.n_joined / (SIDE * SIDE);
	return out;
}
