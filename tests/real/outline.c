// SPDX-License-Identifier: GPL-3.0-or-later
// Every size of every shape is laid over the patch's thin dark lines at every place near its middle. A place scores by
// the power mean (of exponent one half) of the line's darkness along it, so that a letter or a stroke which happens to
// touch a third of the outline counts for a ninth.
#include "tests/real/outline.h"

#include <math.h>

#define POINTS 40
#define REACH 5         // cells: crops are cut with up to a quarter of a radius of error
#define SHIFT_COST 0.01 // of the score, for each cell off the middle: of equals, the one in the middle

#define BISECTIONS 12

struct place {
	int8_t x, y; // cells off the outline's middle
};

struct outline_traces {
	struct place of[OUTLINE_SHAPES][OUTLINE_SIZES_W][OUTLINE_SIZES_H][POINTS];
};

double outline_distance(const struct outline *outline, double x, double y)
{
	double a = outline->half_w, b = outline->half_h;
	x = fabs(x - outline->x);
	y = fabs(y - outline->y);
	if (outline->shape == OUTLINE_ELLIPSE) {
		// First order: the function's value over the length of its gradient.
		double k = hypot(x / a, y / b), slope = hypot(x / (a * a), y / (b * b));
		return k > 0.2 ? (k - 1) * k / slope : -MIN(a, b) * (1 - k);
	}
	double corner = outline->shape == OUTLINE_STADIUM ? MIN(a, b) : 0;
	double dx = x - a + corner, dy = y - b + corner;
	return hypot(MAX(dx, 0), MAX(dy, 0)) + MIN(MAX(dx, dy), 0) - corner;
}

// The outline's points, spread by angle in the frame in which it is as wide as high.
static void trace(const struct outline *outline, struct place *points)
{
	for (int i = 0; i < POINTS; i++) {
		double angle = (i + 0.5) * 2 * G_PI / POINTS;
		double c = outline->half_w * cos(angle), s = outline->half_h * sin(angle), inside = 0.5, outside = 1.5;
		for (int step = 0; step < BISECTIONS; step++) {
			double t = (inside + outside) / 2;
			if (outline_distance(outline, t * c, t * s) < 0)
				inside = t;
			else
				outside = t;
		}
		points[i] = (struct place){(int8_t)lround(inside * c), (int8_t)lround(inside * s)};
	}
}

static struct outline sized(enum outline_shape shape, int w, int h)
{
	return (struct outline){.shape = shape,
		.w = w,
		.h = h,
		.half_w = (w + OUTLINE_LEAST_W) * OUTLINE_STEP * PATCH_RADIUS,
		.half_h = (h + OUTLINE_LEAST_H) * OUTLINE_STEP * PATCH_RADIUS};
}

struct outline_traces *outline_traces_new(void)
{
	struct outline_traces *traces = g_new(struct outline_traces, 1);
	for (int shape = 0; shape < OUTLINE_SHAPES; shape++)
		for (int w = 0; w < OUTLINE_SIZES_W; w++)
			for (int h = 0; h < OUTLINE_SIZES_H; h++) {
				struct outline outline = sized((enum outline_shape)shape, w, h);
				trace(&outline, traces->of[shape][w][h]);
			}
	return traces;
}

void outline_traces_free(struct outline_traces *traces)
{
	g_free(traces);
}

void outline_roots(const struct patch *patch, struct patch *roots)
{
	patch_lines(patch, roots);
	for (int j = 0; j < PATCH_SIDE; j++)
		for (int i = 0; i < PATCH_SIDE; i++)
			roots->grey[j][i] = sqrtf(MAX(roots->grey[j][i], 0));
}

// No outline reaches a patch's border, wherever within REACH it lies.
G_STATIC_ASSERT(OUTLINE_MOST_W + REACH < PATCH_REACH && OUTLINE_MOST_H + REACH < PATCH_REACH);

static double score_at(const struct patch *roots, const struct place *points, int x, int y)
{
	float sum = 0;
	for (int i = 0; i < POINTS; i++)
		sum += roots->grey[PATCH_REACH + y + points[i].y][PATCH_REACH + x + points[i].x];
	double mean = (double)sum / POINTS;
	return mean * mean * (1 - SHIFT_COST * hypot(x, y));
}

// Moves an outline to where it is seen best.
static void place(
	const struct outline_traces *traces, const struct patch *roots, struct outline *outline, int reach, int step)
{
	const struct place *points = traces->of[outline->shape][outline->w][outline->h];
	for (int y = -reach; y <= reach; y += step)
		for (int x = -reach; x <= reach; x += step) {
			double score = score_at(roots, points, x, y);
			if (score > outline->score) {
				outline->score = score;
				outline->x = x;
				outline->y = y;
			}
		}
}

void outline_score(const struct outline_traces *traces, const struct patch *roots, struct outline_scores *scores)
{
	for (int shape = 0; shape < OUTLINE_SHAPES; shape++)
		for (int w = 0; w < OUTLINE_SIZES_W; w++)
			for (int h = 0; h < OUTLINE_SIZES_H; h++) {
				struct outline outline = sized((enum outline_shape)shape, w, h);
				place(traces, roots, &outline, REACH - 1, 2);
				scores->of[shape][w][h] = (float)outline.score;
			}
}

struct outline outline_best(const struct outline_scores *scores)
{
	struct outline best = sized(OUTLINE_ELLIPSE, OUTLINE_SIZES_W / 2, OUTLINE_SIZES_H / 2);
	for (int shape = 0; shape < OUTLINE_SHAPES; shape++)
		for (int w = 0; w < OUTLINE_SIZES_W; w++)
			for (int h = 0; h < OUTLINE_SIZES_H; h++)
				if ((double)scores->of[shape][w][h] > best.score) {
					best = sized((enum outline_shape)shape, w, h);
					best.score = (double)scores->of[shape][w][h];
				}
	return best;
}

struct outline outline_locate(
	const struct outline_traces *traces, const struct patch *roots, const struct outline *like)
{
	struct outline best = sized(like->shape, like->w, like->h);
	for (int w = MAX(like->w - 1, 0); w <= MIN(like->w + 1, OUTLINE_SIZES_W - 1); w++)
		for (int h = MAX(like->h - 1, 0); h <= MIN(like->h + 1, OUTLINE_SIZES_H - 1); h++) {
			struct outline tried = sized(like->shape, w, h);
			place(traces, roots, &tried, REACH, 1);
			if (tried.score > best.score)
				best = tried;
		}
	return best;
}
