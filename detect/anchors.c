// SPDX-License-Identifier: GPL-3.0-or-later
// Pixels darker than a share of the local paper are joined into 8-connected blobs, run by run with a union-find forest;
// area and second moments of each blob come from its runs in closed form. A blob may be an anchor if its area is near
// that of the square, and its moments are those of something solid and about as wide as high.
#include "detect/anchors.h"

#include <math.h>
#include <string.h>

#include "detect/vectors.h"

// Anchors are printed black. A pale photocopy leaves them at half the paper's grey; pencil stays above this share.
#define DARK_SHARE 0.70
// A side that differs by more is something else: the scale is guessed from the image's size, which for a photo says
// little.
#define SIDE_LEAST 0.60
#define SIDE_MOST 1.60
// Long over short axis; a square under strong perspective stays below.
#define ELONGATION_MOST 1.5
// Area over that of the rectangle with the same second moments: 1 for a rectangle, 1.05 for a disc, below for what has
// holes.
#define SOLIDITY_LEAST 0.88
#define SOLIDITY_MOST 1.12

struct run {
	int y, left, right; // right is one past the end
	int parent;         // index of another run, or its own: the first of its blob
	int blob;           // of such a first run: its index among the blobs
};

struct moments {
	double n, x, y, xx, yy, xy;
};

static int root_of(struct run *runs, int i)
{
	while (runs[i].parent != i) {
		runs[i].parent = runs[runs[i].parent].parent;
		i = runs[i].parent;
	}
	return i;
}

static void join(struct run *runs, int a, int b)
{
	a = root_of(runs, a);
	b = root_of(runs, b);
	if (a < b)
		runs[b].parent = a;
	else
		runs[a].parent = b;
}

// Paper changes slowly: limits hold for so many rows.
#define LIMIT_ROWS 4

// What is darker than these is ink, by column: in each tile of the paper alike.
static void set_limits(const struct paper_map *paper, int width, int y, uint8_t *limits)
{
	for (int tile = 0; tile < width; tile += paper->tile_px) {
		int end = MIN(tile + paper->tile_px, width);
		double limit = ceil(DARK_SHARE * paper_at(paper, (tile + end) / 2.0, y));
		memset(limits + tile, (uint8_t)limit, (size_t)(end - tile));
	}
}

// Marks the dark pixels of a row with 1.
VECTORS static void mark_dark(
	const uint8_t *restrict row, const uint8_t *restrict limits, int width, uint8_t *restrict dark)
{
	for (int x = 0; x < width; x++)
		dark[x] = row[x] < limits[x];
}

// Adds the runs of a row whose dark pixels are marked.
static void add_row_runs(const uint8_t *dark, int width, int y, GArray *runs)
{
	const uint8_t *end = dark + width, *at = dark;
	while ((at = memchr(at, 1, (size_t)(end - at)))) {
		const uint8_t *after = memchr(at, 0, (size_t)(end - at));
		after = after ? after : end;
		struct run run = {y, (int)(at - dark), (int)(after - dark), (int)runs->len, 0};
		g_array_append_val(runs, run);
		at = after;
	}
}

// Joins the runs from `row` on with those they touch in the row above, which begin at `above`.
static void join_rows(GArray *array, unsigned above, unsigned row)
{
	struct run *runs = (struct run *)(void *)array->data;
	unsigned i = above;
	for (unsigned k = row; k < array->len; k++) {
		while (i < row && runs[i].right < runs[k].left)
			i++;
		for (unsigned j = i; j < row && runs[j].left <= runs[k].right; j++)
			join(runs, (int)j, (int)k);
	}
}

static GArray *find_runs(const struct grey_view *image, const struct paper_map *paper)
{
	GArray *runs = g_array_sized_new(FALSE, FALSE, sizeof(struct run), 16384);
	g_autofree uint8_t *dark = g_malloc((gsize)image->width_px), *limits = g_malloc((gsize)image->width_px);
	unsigned above = 0;
	for (int y = 0; y < image->height_px; y++) {
		unsigned row = runs->len;
		if (y % LIMIT_ROWS == 0)
			set_limits(paper, image->width_px, y, limits);
		mark_dark(image->pixels + (ptrdiff_t)y * image->stride_px, limits, image->width_px, dark);
		add_row_runs(dark, image->width_px, y, runs);
		join_rows(runs, above, row);
		above = row;
	}
	return runs;
}

static void add_run(struct moments *m, const struct run *run)
{
	double n = run->right - run->left, first = run->left, last = run->right - 1, y = run->y;
	double x = n * (first + last) / 2;
	m->n += n;
	m->x += x;
	m->y += n * y;
	// The sum of the squares of first..last.
	m->xx += (last * (last + 1) * (2 * last + 1) - (first - 1) * first * (2 * first - 1)) / 6;
	m->yy += n * y * y;
	m->xy += x * y;
}

static bool may_be_anchor(const struct moments *m, double side_px, struct anchor_blob *blob)
{
	double side = sqrt(m->n);
	if (side < SIDE_LEAST * side_px || side > SIDE_MOST * side_px)
		return false;
	double x = m->x / m->n, y = m->y / m->n;
	// A pixel is a square of variance 1/12, not a point.
	double xx = m->xx / m->n - x * x + 1 / 12.0, yy = m->yy / m->n - y * y + 1 / 12.0, xy = m->xy / m->n - x * y;
	double mean = (xx + yy) / 2, spread = hypot((xx - yy) / 2, xy);
	double longest = mean + spread, shortest = mean - spread;
	if (shortest <= 0 || longest > ELONGATION_MOST * ELONGATION_MOST * shortest)
		return false;
	double solidity = m->n / (12 * sqrt(longest * shortest));
	if (solidity < SOLIDITY_LEAST || solidity > SOLIDITY_MOST)
		return false;
	*blob = (struct anchor_blob){{x, y}, side};
	return true;
}

// The moments of each blob, in the order of their first runs.
static GArray *add_up(GArray *array)
{
	GArray *blobs = g_array_sized_new(FALSE, TRUE, sizeof(struct moments), 1024);
	struct run *runs = (struct run *)(void *)array->data;
	for (int i = 0; i < (int)array->len; i++) {
		int first = root_of(runs, i); // never behind i, as joining keeps the earlier one
		if (first == i) {
			runs[i].blob = (int)blobs->len;
			g_array_set_size(blobs, blobs->len + 1);
		}
		add_run(&g_array_index(blobs, struct moments, runs[first].blob), &runs[i]);
	}
	return blobs;
}

void anchors_find(const struct grey_view *image, const struct paper_map *paper, double side_px, GArray *blobs)
{
	g_autoptr(GArray) runs = find_runs(image, paper);
	g_autoptr(GArray) moments = add_up(runs);
	for (unsigned i = 0; i < moments->len && blobs->len < ANCHOR_MAX_BLOBS; i++) {
		struct anchor_blob blob;
		if (may_be_anchor(&g_array_index(moments, struct moments, i), side_px, &blob))
			g_array_append_val(blobs, blob);
	}
}

// The window reaches this far from the middle, in sides: into the white around, not to the next print.
#define WINDOW 0.85
#define INK_SHARE 0.25 // of the side: from the middle, all ink
// The darkness found in the window, as a share of the square's area. Less: torn or hidden; more: run together with
// others.
#define MASS_LEAST 0.75
#define MASS_MOST 1.30
// Darkness on the window's border, as a share: it should be paper.
#define BORDER_MOST 0.20

struct window {
	double n, x, y; // sums over all pixels, weighted by darkness
	double border, n_border;
};

static void levels_around(
	const struct grey_view *image, struct page_point at, double side_px, double *dark, double *light)
{
	static const double DIAGONAL = 0.7071067811865476;
	static const struct {
		double x, y;
	} AROUND[8] = {{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}};
	double ink = 0, paper = 0;
	for (int i = 0; i < 8; i++) {
		double near = INK_SHARE * side_px * (i % 2 ? DIAGONAL : 1), far = WINDOW * side_px;
		ink += grey_at(image, at.x_px + near * AROUND[i].x, at.y_px + near * AROUND[i].y);
		paper = MAX(paper, grey_at(image, at.x_px + far * AROUND[i].x, at.y_px + far * AROUND[i].y));
	}
	*dark = ink / 8;
	*light = paper;
}

// The sums over a row from left to right, by every second pixel: two additions that do not wait for each other.
static void weigh_row(const uint8_t *row, int left, int right, const double *weights, double *n, double *x)
{
	double even = 0, odd = 0, even_x = 0, odd_x = 0;
	int i = left;
	for (; i < right; i += 2) {
		double a = weights[row[i]], b = weights[row[i + 1]];
		even += a;
		odd += b;
		even_x += a * i;
		odd_x += b * (i + 1);
	}
	double last = i == right ? weights[row[i]] : 0;
	*n = even + odd + last;
	*x = even_x + odd_x + last * right;
}

static struct window weigh(
	const struct grey_view *image, struct page_point at, double side_px, double dark, double light)
{
	struct window w = {0};
	double weights[256];
	// The lowest and highest fifths are noise of ink and paper.
	for (int value = 0; value < 256; value++)
		weights[value] = CLAMP(((light - value) / (light - dark) - 0.2) / 0.6, 0, 1);
	int left = (int)ceil(at.x_px - WINDOW * side_px), right = (int)floor(at.x_px + WINDOW * side_px);
	int top = (int)ceil(at.y_px - WINDOW * side_px), bottom = (int)floor(at.y_px + WINDOW * side_px);
	for (int y = top; y <= bottom; y++) {
		const uint8_t *row = image->pixels + (ptrdiff_t)y * image->stride_px;
		double n, x;
		weigh_row(row, left, right, weights, &n, &x);
		w.n += n;
		w.x += x;
		w.y += n * y;
		w.border += y == top || y == bottom ? n : weights[row[left]] + weights[row[right]];
	}
	w.n_border = 2.0 * (right - left + 1 + bottom - top - 1);
	return w;
}

bool anchors_refine(
	const struct grey_view *image, struct page_point near, double side_px, struct page_point *centre, double *ink)
{
	struct page_point at = near;
	struct window w = {0};
	// Twice: the second window is centred on what the first found.
	for (int pass = 0; pass < 2; pass++) {
		double reach = WINDOW * side_px + 1, dark, light;
		if (at.x_px < reach || at.y_px < reach || at.x_px > image->width_px - 1 - reach ||
			at.y_px > image->height_px - 1 - reach)
			return false;
		levels_around(image, at, side_px, &dark, &light);
		// Written so that nothing but true contrast passes: black on black has neither a centre nor a share.
		if (!(dark < DARK_SHARE * light))
			return false;
		w = weigh(image, at, side_px, dark, light);
		if (w.n < MASS_LEAST * side_px * side_px / 2)
			return false;
		at = (struct page_point){w.x / w.n, w.y / w.n};
		*ink = dark;
	}
	double mass = w.n / (side_px * side_px);
	if (mass < MASS_LEAST || mass > MASS_MOST || w.border > BORDER_MOST * w.n_border)
		return false;
	*centre = at;
	return true;
}
