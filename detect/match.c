// SPDX-License-Identifier: GPL-3.0-or-later
// Hypothesise and verify. The anchors are the outermost print of the sheet, so the blobs on the convex hull of all
// blobs are mostly anchors, whatever was filled in between. Hypotheses come from
//   1. the largest quadrilateral on the hull taken for the four corners, in four orientations (any perspective), or
//      for what is left of the frame where corners or a whole edge were lost, then
//   2. pairs of hull blobs taken for pairs of anchors (a similarity; corners may be missing), then
//   3. pairs of any blobs (the hull is spoilt by what lies outside of the sheet).
// Each is verified by pulling it in: anchors take their nearest blob within a tolerance, the map is fitted again, the
// tolerance shrinks. The search ends early at a map that explains most anchors: the frame fits itself in no second way.
#include "detect/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MM_UM 1000
// Distances in mm between where a map puts an anchor and the blob it takes. At first a similarity meets perspective and
// 3 % of stretch over the sheet; at last only bends of the paper remain.
static const double TOLERANCES_MM[] = {8, 5, 3.5, 3};
#define TOLERANCES (sizeof TOLERANCES_MM / sizeof TOLERANCES_MM[0])
#define SCALE_LEAST 0.70 // of the expected scale, at the sheet's middle
#define SCALE_MOST 1.35
// At a corner, of the scale in the middle: a phone 30 cm above the sheet and tilted by 20 degrees shrinks the far
// corner to 0.75 and enlarges the near one to 1.5.
#define CORNER_LEAST 0.55
#define CORNER_MOST 1.80
#define GOOD_SHARE 0.75   // of the anchors: no second map can explain as many
#define PAIR_LEAST_MM 110 // shorter pairs say too little about the rest of the sheet
#define HULL_MOST 24
#define CANDIDATES 3 // for each of the four corners
#define CHOICES (CANDIDATES * CANDIDATES * CANDIDATES * CANDIDATES)
#define TRIES_MOST 60000 // of pairs; bounds the time on a page full of blobs

struct search {
	const struct layout *layout;
	const struct anchor_blob *blobs;
	unsigned n_blobs;
	double px_per_mm;
	// A grid of buckets over the blobs, for finding the nearest.
	double cell_px, left_px, top_px;
	int columns, rows;
	int *heads, *nexts;
	unsigned tries;
	struct homography best;
	unsigned best_n;
};

static void fill_grid(struct search *s)
{
	double right = -1e9, bottom = -1e9;
	s->left_px = s->top_px = 1e9;
	for (unsigned i = 0; i < s->n_blobs; i++) {
		s->left_px = MIN(s->left_px, s->blobs[i].centre.x_px);
		s->top_px = MIN(s->top_px, s->blobs[i].centre.y_px);
		right = MAX(right, s->blobs[i].centre.x_px);
		bottom = MAX(bottom, s->blobs[i].centre.y_px);
	}
	s->cell_px = TOLERANCES_MM[0] * s->px_per_mm * SCALE_MOST;
	s->columns = (int)((right - s->left_px) / s->cell_px) + 1;
	s->rows = (int)((bottom - s->top_px) / s->cell_px) + 1;
	s->heads = g_new(int, (gsize)s->columns *(gsize)s->rows);
	s->nexts = g_new(int, s->n_blobs);
	for (int i = 0; i < s->columns * s->rows; i++)
		s->heads[i] = -1;
	for (unsigned i = 0; i < s->n_blobs; i++) {
		int column = (int)((s->blobs[i].centre.x_px - s->left_px) / s->cell_px);
		int row = (int)((s->blobs[i].centre.y_px - s->top_px) / s->cell_px);
		int *head = &s->heads[row * s->columns + column];
		s->nexts[i] = *head;
		*head = (int)i;
	}
}

// The blob nearest to a point within a distance, or -1.
static int nearest(const struct search *s, struct page_point at, double within_px)
{
	double x = floor((at.x_px - s->left_px) / s->cell_px), y = floor((at.y_px - s->top_px) / s->cell_px);
	if (!(x >= -1 && y >= -1 && x <= s->columns && y <= s->rows))
		return -1;
	int best = -1, column = (int)x, row = (int)y;
	double least = within_px * within_px;
	for (int r = MAX(row - 1, 0); r <= MIN(row + 1, s->rows - 1); r++)
		for (int c = MAX(column - 1, 0); c <= MIN(column + 1, s->columns - 1); c++)
			for (int i = s->heads[r * s->columns + c]; i >= 0; i = s->nexts[i]) {
				double dx = s->blobs[i].centre.x_px - at.x_px, dy = s->blobs[i].centre.y_px - at.y_px;
				if (dx * dx + dy * dy < least) {
					least = dx * dx + dy * dy;
					best = i;
				}
			}
	return best;
}

static struct sheet_point anchor_point(const struct layout *layout, unsigned i)
{
	return (struct sheet_point){layout->anchors[i].x_um, layout->anchors[i].y_um};
}

static unsigned pairs_within(
	const struct search *s, const struct homography *map, double within_mm, struct point_pair *pairs)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->layout->n_anchors; i++) {
		struct sheet_point sheet = anchor_point(s->layout, i);
		int blob = nearest(s, homography_map(map, sheet), within_mm * s->px_per_mm);
		if (blob >= 0)
			pairs[n++] = (struct point_pair){sheet, s->blobs[blob].centre};
	}
	return n;
}

static bool plausible(const struct search *s, const struct homography *map)
{
	int32_t w = s->layout->width_um, h = s->layout->height_um;
	const struct sheet_point corners[4] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
	double middle = homography_scale(map, (struct sheet_point){w / 2, h / 2});
	if (!(middle > SCALE_LEAST * s->px_per_mm && middle < SCALE_MOST * s->px_per_mm))
		return false;
	for (int i = 0; i < 4; i++) {
		double scale = homography_scale(map, corners[i]);
		if (!(scale > CORNER_LEAST * middle && scale < CORNER_MOST * middle))
			return false;
	}
	return true;
}

static bool good(const struct search *s)
{
	return s->best_n >= GOOD_SHARE * s->layout->n_anchors;
}

// Pulls a hypothesis in, and keeps it if it explains more anchors than the best so far.
static void verify(struct search *s, struct homography map, bool projective)
{
	struct point_pair pairs[LAYOUT_MOST_ANCHORS];
	unsigned n = 0;
	for (unsigned i = 0; i < TOLERANCES; i++) {
		n = pairs_within(s, &map, TOLERANCES_MM[i], pairs);
		// A similarity that is wrong finds few blobs at once: most hypotheses end here.
		if (n < MATCH_LEAST || n <= s->best_n / 2)
			return;
		if (!homography_fit(pairs, n, projective || i > 0, &map) || !plausible(s, &map))
			return;
	}
	n = pairs_within(s, &map, TOLERANCES_MM[TOLERANCES - 1], pairs);
	if (n > s->best_n) {
		s->best_n = n;
		s->best = map;
	}
}

static double cross(struct page_point o, struct page_point a, struct page_point b)
{
	return (a.x_px - o.x_px) * (b.y_px - o.y_px) - (a.y_px - o.y_px) * (b.x_px - o.x_px);
}

static int compare_points(const void *a, const void *b)
{
	const struct page_point *p = a, *q = b;
	if (p->x_px != q->x_px)
		return p->x_px < q->x_px ? -1 : 1;
	return (p->y_px > q->y_px) - (p->y_px < q->y_px);
}

// Andrew's monotone chain: the blobs' convex hull, clockwise as seen on the page. Returns its size.
static unsigned convex_hull(const struct search *s, struct page_point *hull)
{
	g_autofree struct page_point *points = g_new(struct page_point, s->n_blobs);
	for (unsigned i = 0; i < s->n_blobs; i++)
		points[i] = s->blobs[i].centre;
	qsort(points, s->n_blobs, sizeof *points, compare_points);
	unsigned n = 0;
	for (unsigned pass = 0, least = 2; pass < 2; pass++, least = n + 1) {
		for (unsigned k = pass; k < s->n_blobs; k++) {
			struct page_point point = points[pass ? s->n_blobs - 1 - k : k];
			while (n >= least && cross(hull[n - 2], hull[n - 1], point) <= 0)
				n--;
			hull[n++] = point;
		}
	}
	return n - 1;
}

// Drops the hull's flattest vertices until so many are left.
static unsigned thin_hull(struct page_point *hull, unsigned n, unsigned most)
{
	while (n > most) {
		unsigned flattest = 0;
		double least = HUGE_VAL;
		for (unsigned i = 0; i < n; i++) {
			double area = fabs(cross(hull[(i + n - 1) % n], hull[i], hull[(i + 1) % n]));
			if (area < least) {
				least = area;
				flattest = i;
			}
		}
		n--;
		for (unsigned i = flattest; i < n; i++)
			hull[i] = hull[i + 1];
	}
	return n;
}

// The largest quadrilateral on the hull. False if there is none.
static bool largest_quad(const struct page_point *hull, unsigned n, struct page_point *corners)
{
	unsigned quad[4] = {0};
	double most = 0;
	for (unsigned a = 0; a < n; a++)
		for (unsigned b = a + 1; b < n; b++)
			for (unsigned c = b + 1; c < n; c++)
				for (unsigned d = c + 1; d < n; d++) {
					double area = fabs(cross(hull[a], hull[b], hull[c])) +
						      fabs(cross(hull[a], hull[c], hull[d]));
					if (area > most) {
						most = area;
						memcpy(quad, (unsigned[]){a, b, c, d}, sizeof quad);
					}
				}
	for (unsigned i = 0; i < 4; i++)
		corners[i] = hull[quad[i]];
	return most > 0;
}

// What may be seen as a corner of the frame: its corner's anchor, or where that was lost, the next one along either
// edge. In the hull's order of turning: top left, top right, bottom right, bottom left.
static void corner_candidates(const struct layout *layout, struct sheet_point (*candidates)[CANDIDATES])
{
	int32_t left = layout->anchors[0].x_um, top = layout->anchors[0].y_um;
	int32_t right = layout->width_um - left, bottom = layout->height_um - top;
	const struct sheet_point corners[4] = {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
	for (unsigned c = 0; c < 4; c++) {
		struct sheet_point *of = candidates[c];
		int32_t nearest_x = INT32_MAX, nearest_y = INT32_MAX;
		of[0] = of[1] = of[2] = corners[c];
		for (unsigned i = 0; i < layout->n_anchors; i++) {
			struct sheet_point p = anchor_point(layout, i);
			int32_t dx = abs(p.x_um - corners[c].x_um), dy = abs(p.y_um - corners[c].y_um);
			if (dy == 0 && dx > 0 && dx < nearest_x) {
				nearest_x = dx;
				of[1] = p;
			}
			if (dx == 0 && dy > 0 && dy < nearest_y) {
				nearest_y = dy;
				of[2] = p;
			}
		}
	}
}

// The frame's own corners first, then those of a frame that lost some.
static void try_corners(struct search *s, const struct page_point *hull, unsigned n)
{
	struct page_point seen[4];
	struct sheet_point candidates[4][CANDIDATES];
	if (!largest_quad(hull, n, seen))
		return;
	corner_candidates(s->layout, candidates);
	for (unsigned choice = 0; choice < CHOICES && !good(s); choice++)
		for (unsigned turn = 0; turn < 4; turn++) {
			struct point_pair pairs[4];
			for (unsigned i = 0, rest = choice; i < 4; i++, rest /= CANDIDATES)
				pairs[i] = (struct point_pair){candidates[i][rest % CANDIDATES], seen[(i + turn) % 4]};
			struct homography map;
			if (homography_fit(pairs, 4, true, &map) && plausible(s, &map))
				verify(s, map, true);
		}
}

// The similarity that takes anchors a and b to these points, if its scale is believable.
static bool similarity(const struct search *s, struct sheet_point a, struct sheet_point b, struct page_point p,
	struct page_point q, struct homography *map)
{
	double dx = (double)(b.x_um - a.x_um) / MM_UM, dy = (double)(b.y_um - a.y_um) / MM_UM;
	double du = q.x_px - p.x_px, dv = q.y_px - p.y_px, length = dx * dx + dy * dy;
	double scale = sqrt((du * du + dv * dv) / length) / s->px_per_mm;
	if (scale < SCALE_LEAST || scale > SCALE_MOST || length < (double)PAIR_LEAST_MM * PAIR_LEAST_MM)
		return false;
	double c = (du * dx + dv * dy) / length, t = (dv * dx - du * dy) / length;
	double x = (double)a.x_um / MM_UM, y = (double)a.y_um / MM_UM;
	*map = (struct homography){{c, -t, p.x_px - c * x + t * y, t, c, p.y_px - t * x - c * y, 0, 0, 1}};
	return true;
}

static void try_pair(struct search *s, struct page_point p, struct page_point q)
{
	if (hypot(p.x_px - q.x_px, p.y_px - q.y_px) < PAIR_LEAST_MM * s->px_per_mm * SCALE_LEAST)
		return;
	for (unsigned a = 0; a < s->layout->n_anchors; a++)
		for (unsigned b = 0; b < s->layout->n_anchors; b++) {
			struct homography map;
			if (a == b || good(s) || s->tries >= TRIES_MOST)
				continue;
			if (!similarity(s, anchor_point(s->layout, a), anchor_point(s->layout, b), p, q, &map))
				continue;
			s->tries++;
			verify(s, map, false);
		}
}

static void try_hull_pairs(struct search *s, const struct page_point *hull, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = i + 1; k < n && !good(s) && s->tries < TRIES_MOST; k++)
			try_pair(s, hull[i], hull[k]);
}

// In an order that mixes near and far blobs, so that a bound on the tries does not favour one part of the page.
static void try_all_pairs(struct search *s)
{
	for (unsigned step = s->n_blobs / 2; step > 0; step--)
		for (unsigned i = 0; i + step < s->n_blobs && !good(s) && s->tries < TRIES_MOST; i++)
			try_pair(s, s->blobs[i].centre, s->blobs[i + step].centre);
}

bool match_frame(
	const struct layout *layout, const GArray *blobs, double px_per_mm, struct homography *map, unsigned *n_matched)
{
	*n_matched = 0;
	if (blobs->len < MATCH_LEAST)
		return false;
	struct search s = {
		.layout = layout,
		.blobs = (const struct anchor_blob *)(const void *)blobs->data,
		.n_blobs = blobs->len,
		.px_per_mm = px_per_mm,
	};
	fill_grid(&s);
	g_autofree struct page_point *hull = g_new(struct page_point, 2 * s.n_blobs + 2);
	unsigned n_hull = thin_hull(hull, convex_hull(&s, hull), HULL_MOST);
	try_corners(&s, hull, n_hull);
	if (!good(&s))
		try_hull_pairs(&s, hull, n_hull);
	if (!good(&s))
		try_all_pairs(&s);
	g_free(s.heads);
	g_free(s.nexts);
	*map = s.best;
	*n_matched = s.best_n;
	return s.best_n >= MATCH_LEAST;
}
