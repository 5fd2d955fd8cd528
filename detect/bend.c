// SPDX-License-Identifier: GPL-3.0-or-later
// A feeder that slips or stretches moves whole lines of the page, across the feed, alike. So the deviation seen at the
// left and the right edge holds between them, and the same for top and bottom if the sheet went in sideways. That is a
// Coons patch (Coons 1967, MIT/LCS/TR-41): the sum of the two rulings, less the bilinear patch of the corners that both
// contain. A smooth two-dimensional spline would not do: it forgets the edges towards the middle of the page.
//
// Along an edge, anchors are joined by cubic Hermite pieces with finite-difference slopes: waves shorter than three or
// four anchors cannot be known, and are the reason why bubbles are aligned again by their own rings (detect/align.h).
#include "detect/bend.h"

#include <math.h>

#define EDGE_LEAST 3 // anchors; fewer say nothing about the edge's shape

enum side { LEFT, RIGHT, TOP, BOTTOM };

static struct page_point plus(struct page_point a, struct page_point b)
{
	return (struct page_point){a.x_px + b.x_px, a.y_px + b.y_px};
}

static struct page_point minus(struct page_point a, struct page_point b)
{
	return (struct page_point){a.x_px - b.x_px, a.y_px - b.y_px};
}

static struct page_point times(double f, struct page_point a)
{
	return (struct page_point){f * a.x_px, f * a.y_px};
}

static struct page_point mix(struct page_point a, struct page_point b, double t)
{
	return plus(times(1 - t, a), times(t, b));
}

// The slope at a node from its neighbours; one-sided at the ends.
static struct page_point slope(const struct bend_side *side, unsigned i)
{
	unsigned before = i > 0 ? i - 1 : i, after = i + 1 < side->n ? i + 1 : i;
	return times(1 / (side->at[after] - side->at[before]), minus(side->off[after], side->off[before]));
}

// The deviation at a place along an edge; that of the last anchor beyond it.
static struct page_point side_at(const struct bend_side *side, double t)
{
	if (t <= side->at[0])
		return side->off[0];
	if (t >= side->at[side->n - 1])
		return side->off[side->n - 1];
	unsigned i = 0;
	while (side->at[i + 1] < t)
		i++;
	double h = side->at[i + 1] - side->at[i], s = (t - side->at[i]) / h, ss = s * s, sss = ss * s;
	struct page_point ends = mix(side->off[i], side->off[i + 1], 3 * ss - 2 * sss);
	struct page_point slopes =
		plus(times(h * (sss - 2 * ss + s), slope(side, i)), times(h * (sss - ss), slope(side, i + 1)));
	return plus(ends, slopes);
}

static void add_node(struct bend_side *side, double at, struct page_point off, unsigned point)
{
	if (side->n == BEND_SIDE_MOST)
		return;
	unsigned i = side->n++;
	for (; i > 0 && side->at[i - 1] > at; i--) {
		side->at[i] = side->at[i - 1];
		side->off[i] = side->off[i - 1];
		side->point[i] = side->point[i - 1];
	}
	side->at[i] = at;
	side->off[i] = off;
	side->point[i] = point;
}

static bool known(const struct bend *bend, enum side side)
{
	return bend->sides[side].n >= EDGE_LEAST;
}

// An edge that was lost bends like the opposite one, between the corners that the other two edges end in.
static void replace_lost(struct bend *bend, enum side lost, enum side opposite, enum side first, enum side second)
{
	if (known(bend, lost))
		return;
	double end = lost == LEFT || lost == TOP ? 0 : 1;
	const struct bend_side *model = &bend->sides[opposite];
	struct page_point from = side_at(&bend->sides[first], end), to = side_at(&bend->sides[second], end);
	struct page_point model_from = side_at(model, 0), model_to = side_at(model, 1);
	struct bend_side *side = &bend->sides[lost];
	*side = *model;
	for (unsigned i = 0; i < side->n; i++) {
		double t = side->at[i];
		side->off[i] = plus(minus(model->off[i], mix(model_from, model_to, t)), mix(from, to, t));
	}
}

bool bend_fit(const struct layout *layout, const struct homography *flat, const struct point_pair *pairs, unsigned n,
	struct bend *bend)
{
	const int32_t inset = layout->anchors[0].x_um;
	const int32_t right = layout->width_um - inset, bottom = layout->height_um - inset;
	*bend = (struct bend){.left_um = inset, .top_um = inset, .right_um = right, .bottom_um = bottom};
	for (unsigned i = 0; i < n; i++) {
		struct sheet_point p = pairs[i].sheet;
		struct page_point off = minus(pairs[i].page, homography_map(flat, p));
		double u = (double)(p.x_um - inset) / (right - inset), v = (double)(p.y_um - inset) / (bottom - inset);
		if (p.x_um == inset)
			add_node(&bend->sides[LEFT], v, off, i);
		if (p.x_um == right)
			add_node(&bend->sides[RIGHT], v, off, i);
		if (p.y_um == inset)
			add_node(&bend->sides[TOP], u, off, i);
		if (p.y_um == bottom)
			add_node(&bend->sides[BOTTOM], u, off, i);
	}
	if ((!known(bend, LEFT) && !known(bend, RIGHT)) || (!known(bend, TOP) && !known(bend, BOTTOM)) ||
		(known(bend, LEFT) + known(bend, RIGHT) + known(bend, TOP) + known(bend, BOTTOM) < 3))
		return false;
	replace_lost(bend, LEFT, RIGHT, TOP, BOTTOM);
	replace_lost(bend, RIGHT, LEFT, TOP, BOTTOM);
	replace_lost(bend, TOP, BOTTOM, LEFT, RIGHT);
	replace_lost(bend, BOTTOM, TOP, LEFT, RIGHT);
	for (unsigned i = 0; i < 4; i++) {
		double u = i % 2, v = i / 2;
		struct page_point along = side_at(&bend->sides[u > 0 ? RIGHT : LEFT], v);
		struct page_point across = side_at(&bend->sides[v > 0 ? BOTTOM : TOP], u);
		bend->corners[i] = mix(along, across, 0.5);
	}
	return true;
}

struct bend_column bend_column_at(const struct bend *bend, int32_t x_um)
{
	double u = (x_um - bend->left_um) / (bend->right_um - bend->left_um);
	u = CLAMP(u, 0, 1);
	return (struct bend_column){
		.u = u,
		.top = side_at(&bend->sides[TOP], u),
		.bottom = side_at(&bend->sides[BOTTOM], u),
		.corners_top = mix(bend->corners[0], bend->corners[1], u),
		.corners_bottom = mix(bend->corners[2], bend->corners[3], u),
	};
}

struct bend_row bend_row_at(const struct bend *bend, int32_t y_um)
{
	double v = (y_um - bend->top_um) / (bend->bottom_um - bend->top_um);
	v = CLAMP(v, 0, 1);
	return (struct bend_row){v, side_at(&bend->sides[LEFT], v), side_at(&bend->sides[RIGHT], v)};
}

struct page_point bend_where(const struct bend_column *column, const struct bend_row *row)
{
	struct page_point across = mix(row->left, row->right, column->u);
	struct page_point along = mix(column->top, column->bottom, row->v);
	struct page_point both = mix(column->corners_top, column->corners_bottom, row->v);
	return minus(plus(across, along), both);
}

struct page_point bend_at(const struct bend *bend, struct sheet_point point)
{
	struct bend_column column = bend_column_at(bend, point.x_um);
	struct bend_row row = bend_row_at(bend, point.y_um);
	return bend_where(&column, &row);
}

void bend_disagreement(const struct bend *bend, unsigned n, double *errors)
{
	for (unsigned i = 0; i < n; i++)
		errors[i] = 0;
	for (unsigned s = 0; s < BEND_SIDES; s++)
		for (unsigned i = 1; i + 1 < bend->sides[s].n; i++) {
			struct bend_side others = bend->sides[s];
			others.n--;
			for (unsigned k = i; k < others.n; k++) {
				others.at[k] = others.at[k + 1];
				others.off[k] = others.off[k + 1];
			}
			struct page_point off = minus(bend->sides[s].off[i], side_at(&others, bend->sides[s].at[i]));
			unsigned point = bend->sides[s].point[i];
			if (point < n)
				errors[point] = fmax(errors[point], hypot(off.x_px, off.y_px));
		}
}
