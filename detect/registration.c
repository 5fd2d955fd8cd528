// SPDX-License-Identifier: GPL-3.0-or-later
// Coarse to fine. Blobs are found in a small image (some 70 dpi) and matched to the frame (detect/match.h). Then each
// anchor, also those that were not found as blobs, is looked for where the map puts it, at the full working resolution,
// and the map is fitted again to their centroids. What remains is the paper's own, and is taken up by detect/bend.h.
//
// Every anchor is predicted from its neighbours along the edge; the worst that disagrees by more than the tolerance is
// dropped and all is fitted anew, until the rest agree. What they still disagree by is the residual reported.
#include "detect/registration.h"

#include <math.h>
#include <string.h>

#include "detect/anchors.h"
#include "detect/match.h"

#define MM_UM 1000.0
// The small image that blobs are found in: 4.5 mm anchors are then some 12 pixels wide.
#define SMALL_PX_PER_MM 2.8
#define TILE_MM 8.0
#define INK_SHARE_MOST 0.9 // anchors are found only where they are darker
// What a sheet measures of what it would if it filled the image. A scanner's fills it; in a photo it may be as small as
// half of it, and less along the picture's long side. Each finds what is within a third (detect/match.h).
static const double SCALES[] = {1, 0.65, 0.45};
// 110 dpi: a ring's line is under one pixel below that, and the band between blank and filled gets too wide.
#define COARSEST_PX_PER_MM 4.3
// Off the flat map by more: not this anchor. Feeders bend pages by up to 2 mm.
#define BEND_MOST_MM 3.0
// An anchor that its neighbours contradict by more is dropped; the worst waves of a feeder, 2 mm high and as long as
// half the page, make neighbours 30 mm away err by 0.9 mm.
#define AGREE_MM 1.5
// With more left than this, bubbles between anchors may be missed: a sixth of a bubble.
#define RESIDUAL_MOST_UM 600
// So much of the frame's area must lie between anchors: one lost edge strip leaves 85 %.
#define AREA_LEAST 0.70
// So many of the anchors must be seen: a lost edge strip and a torn corner leave two thirds. With fewer, a frame half
// found under perspective can agree with itself and be wrong between.
#define POINTS_LEAST 0.47
// And of each edge's anchors so many, but for one edge. Two edges seen whole and the other two nearly not at all are
// what a wrong map under perspective looks like: it swings around the corner where the two meet.
#define EDGE_LEAST 0.40
// So many need no second opinion from another scale.
#define POINTS_PLENTY 0.75

struct page_point registration_map(const struct registration *r, struct sheet_point point)
{
	struct page_point flat = homography_map(&r->flat, point), off = bend_at(&r->bend, point);
	return (struct page_point){flat.x_px + off.x_px, flat.y_px + off.y_px};
}

static struct page_point map_bent(const struct registration *r, struct sheet_point point,
	const struct bend_column *column, const struct bend_row *row)
{
	struct page_point flat = homography_map(&r->flat, point), off = bend_where(column, row);
	return (struct page_point){flat.x_px + off.x_px, flat.y_px + off.y_px};
}

struct local_map registration_local_bent(const struct registration *r, struct sheet_point point,
	const struct bend_column *column, const struct bend_column *right, const struct bend_row *row,
	const struct bend_row *below)
{
	const int32_t step = REGISTRATION_LOCAL_UM;
	struct page_point o = map_bent(r, point, column, row);
	struct page_point x = map_bent(r, (struct sheet_point){point.x_um + step, point.y_um}, right, row);
	struct page_point y = map_bent(r, (struct sheet_point){point.x_um, point.y_um + step}, column, below);
	return (struct local_map){
		.origin = o,
		.xx = (x.x_px - o.x_px) / step,
		.yx = (x.y_px - o.y_px) / step,
		.xy = (y.x_px - o.x_px) / step,
		.yy = (y.y_px - o.y_px) / step,
	};
}

struct local_map registration_local(const struct registration *r, struct sheet_point point)
{
	struct bend_column column = bend_column_at(&r->bend, point.x_um);
	struct bend_column right = bend_column_at(&r->bend, point.x_um + REGISTRATION_LOCAL_UM);
	struct bend_row row = bend_row_at(&r->bend, point.y_um);
	struct bend_row below = bend_row_at(&r->bend, point.y_um + REGISTRATION_LOCAL_UM);
	return registration_local_bent(r, point, &column, &right, &row, &below);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

// Looks for every anchor where the flat map puts it.
static void refine_points(const struct layout *layout, const struct grey_view *image, const struct homography *flat,
	struct registration *r)
{
	r->n_points = 0;
	for (unsigned i = 0; i < layout->n_anchors; i++) {
		const struct sheet_box *anchor = &layout->anchors[i];
		struct point_pair pair = {.sheet = {anchor->x_um, anchor->y_um}};
		double scale = homography_scale(flat, pair.sheet), side = scale * anchor->w_um / MM_UM;
		struct page_point near = homography_map(flat, pair.sheet);
		if (!anchors_refine(image, near, side, &pair.page, &r->inks[r->n_points]))
			continue;
		if (hypot(pair.page.x_px - near.x_px, pair.page.y_px - near.y_px) > BEND_MOST_MM * scale)
			continue;
		r->points[r->n_points++] = pair;
	}
}

void registration_weigh_ink(struct registration *r, const struct paper_map *paper)
{
	double shares[LAYOUT_MOST_ANCHORS];
	for (unsigned i = 0; i < r->n_points; i++)
		shares[i] = r->inks[i] / MAX(paper_at(paper, r->points[i].page.x_px, r->points[i].page.y_px), 1);
	qsort(shares, r->n_points, sizeof shares[0], compare_doubles);
	r->ink_share = r->n_points ? MIN(shares[r->n_points / 2], INK_SHARE_MOST) : 0;
}

// The area of the convex hull of the points used, on the sheet, as a share of the whole frame's.
static double covered_share(const struct layout *layout, const struct registration *r)
{
	// The frame is convex and its anchors stand on its sides, so the extreme anchors in 16 directions are hull
	// enough.
	double area = 0;
	struct sheet_point first = {0}, last = {0};
	for (int d = 0; d < 16; d++) {
		double c = cos(d * G_PI / 8), s = sin(d * G_PI / 8), most = -HUGE_VAL;
		struct sheet_point extreme = {0};
		for (unsigned i = 0; i < r->n_points; i++) {
			struct sheet_point p = r->points[i].sheet;
			if (c * p.x_um + s * p.y_um > most) {
				most = c * p.x_um + s * p.y_um;
				extreme = p;
			}
		}
		if (d == 0)
			first = extreme;
		else
			area += ((double)last.x_um * extreme.y_um - (double)extreme.x_um * last.y_um) / 2;
		last = extreme;
	}
	area += ((double)last.x_um * first.y_um - (double)first.x_um * last.y_um) / 2;
	double inset = 2.0 * layout->anchors[0].x_um;
	return fabs(area) / ((layout->width_um - inset) * (layout->height_um - inset));
}

// How many of the four edges have too few anchors seen.
static unsigned lost_edges(const struct layout *layout, const struct registration *r)
{
	const int32_t near = layout->anchors[0].x_um;
	unsigned all[4] = {0}, seen[4] = {0}, lost = 0;
	for (unsigned i = 0; i < layout->n_anchors + r->n_points; i++) {
		bool printed = i < layout->n_anchors;
		int32_t x = printed ? layout->anchors[i].x_um : r->points[i - layout->n_anchors].sheet.x_um;
		int32_t y = printed ? layout->anchors[i].y_um : r->points[i - layout->n_anchors].sheet.y_um;
		unsigned *of = printed ? all : seen;
		of[0] += x == near;
		of[1] += y == near;
		of[2] += x == layout->width_um - near;
		of[3] += y == layout->height_um - near;
	}
	for (unsigned i = 0; i < 4; i++)
		lost += seen[i] < EDGE_LEAST * all[i];
	return lost;
}

static void measure_residual(struct registration *r, const double *errors)
{
	double sum = 0, worst = 0;
	for (unsigned i = 0; i < r->n_points; i++) {
		sum += errors[i] * errors[i];
		worst = MAX(worst, errors[i]);
	}
	r->residual_um = sqrt(sum / r->n_points) / r->px_per_mm * MM_UM;
	r->worst_um = worst / r->px_per_mm * MM_UM;
}

// Fits the flat map and the bend, dropping anchors that the others contradict.
static enum registration_failure fit_points(const struct layout *layout, struct registration *r)
{
	double errors[LAYOUT_MOST_ANCHORS];
	for (;;) {
		if (r->n_points < MAX(MATCH_LEAST, POINTS_LEAST * layout->n_anchors) ||
			covered_share(layout, r) < AREA_LEAST || lost_edges(layout, r) > 1)
			return REGISTRATION_TOO_FEW;
		if (!homography_fit(r->points, r->n_points, true, &r->flat))
			return REGISTRATION_DISTORTED;
		r->px_per_mm =
			homography_scale(&r->flat, (struct sheet_point){layout->width_um / 2, layout->height_um / 2});
		if (r->px_per_mm < COARSEST_PX_PER_MM)
			return REGISTRATION_COARSE;
		if (!bend_fit(layout, &r->flat, r->points, r->n_points, &r->bend))
			return REGISTRATION_TOO_FEW;
		bend_disagreement(&r->bend, r->n_points, errors);
		unsigned worst = 0;
		for (unsigned i = 1; i < r->n_points; i++)
			if (errors[i] > errors[worst])
				worst = i;
		if (errors[worst] <= AGREE_MM * r->px_per_mm)
			break;
		r->n_points--;
		memmove(r->points + worst, r->points + worst + 1, (r->n_points - worst) * sizeof r->points[0]);
		memmove(r->inks + worst, r->inks + worst + 1, (r->n_points - worst) * sizeof r->inks[0]);
	}
	measure_residual(r, errors);
	return r->residual_um <= RESIDUAL_MOST_UM ? REGISTRATION_OK : REGISTRATION_DISTORTED;
}

// The scale if the sheet fills the image, as a scan does.
static double expected_scale(const struct layout *layout, const struct grey_view *image)
{
	double longer = MAX(image->width_px, image->height_px), shorter = MIN(image->width_px, image->height_px);
	double by_length = longer * MM_UM / MAX(layout->width_um, layout->height_um);
	double by_width = shorter * MM_UM / MIN(layout->width_um, layout->height_um);
	return MIN(by_length, by_width);
}

static enum registration_failure find_coarse(
	const struct layout *layout, const struct grey_view *image, double scale, struct homography *map)
{
	int factor = MAX((int)(scale / SMALL_PX_PER_MM), 1);
	struct grey_image small;
	if (!grey_reduce(image, factor, &small))
		return REGISTRATION_NO_MEMORY;
	double small_scale = scale / factor;
	struct paper_map paper = {0};
	g_autoptr(GArray) blobs = g_array_new(FALSE, FALSE, sizeof(struct anchor_blob));
	bool done = paper_map_init(&paper, &small.view, MAX((int)(TILE_MM * small_scale), 4));
	if (done)
		anchors_find(&small.view, &paper, small_scale * layout->anchors[0].w_um / MM_UM, blobs);
	paper_map_clear(&paper);
	grey_image_clear(&small);
	if (!done)
		return REGISTRATION_NO_MEMORY;
	for (unsigned i = 0; i < blobs->len; i++) {
		struct anchor_blob *blob = &g_array_index(blobs, struct anchor_blob, i);
		blob->centre = grey_enlarge_point(blob->centre, factor);
		blob->side_px *= factor;
	}
	unsigned matched;
	return match_frame(layout, blobs, scale, map, &matched) ? REGISTRATION_OK : REGISTRATION_NO_ANCHORS;
}

static enum registration_failure find_at(
	const struct layout *layout, const struct grey_view *image, double scale, struct registration *registration)
{
	struct homography coarse;
	*registration = (struct registration){0};
	enum registration_failure failure = find_coarse(layout, image, scale, &coarse);
	if (failure != REGISTRATION_OK)
		return failure;
	refine_points(layout, image, &coarse, registration);
	return fit_points(layout, registration);
}

enum registration_failure registration_find(
	const struct layout *layout, const struct grey_view *image, struct registration *registration)
{
	// Failures are listed from the least to the most that was found; the one that got farthest is told.
	enum registration_failure failure = REGISTRATION_NO_ANCHORS;
	double expected = expected_scale(layout, image);
	*registration = (struct registration){0};
	if (expected < COARSEST_PX_PER_MM)
		return REGISTRATION_COARSE;
	for (unsigned i = 0; i < G_N_ELEMENTS(SCALES) && SCALES[i] * expected >= SMALL_PX_PER_MM; i++) {
		struct registration one;
		enum registration_failure found = find_at(layout, image, SCALES[i] * expected, &one);
		bool first = failure != REGISTRATION_OK;
		if (found == REGISTRATION_OK ? first || one.n_points > registration->n_points
					     : first && found >= failure) {
			*registration = one;
			failure = found;
		}
		if (found == REGISTRATION_OK && one.n_points >= POINTS_PLENTY * layout->n_anchors)
			break;
	}
	return failure;
}

static bool is_used(const struct registration *r, const struct sheet_box *anchor)
{
	for (unsigned i = 0; i < r->n_points; i++)
		if (r->points[i].sheet.x_um == anchor->x_um && r->points[i].sheet.y_um == anchor->y_um)
			return true;
	return false;
}

bool registration_lost_near(const struct registration *registration, const struct layout *layout,
	struct sheet_point point, double within_um)
{
	double least = HUGE_VAL;
	const struct sheet_box *nearest = NULL;
	for (unsigned i = 0; i < layout->n_anchors; i++) {
		const struct sheet_box *anchor = &layout->anchors[i];
		double far = hypot(anchor->x_um - point.x_um, anchor->y_um - point.y_um);
		if (far < least) {
			least = far;
			nearest = anchor;
		}
	}
	return nearest && least <= within_um && !is_used(registration, nearest);
}
