// SPDX-License-Identifier: GPL-3.0-or-later
// Crops come without their page. What stands in for it are those of the same source and tone and of nearly the same
// radius; fewer than PAGE_ENOUGH, and the net is cast wider. The page's outline is the one that most of its crops show
// (a filled bubble hides it), and letters are what stands in the middle of most bubbles with a clean rim.
#include "tests/real/foreign.h"

#include <math.h>

#define PAGE_ENOUGH 12
static const double PAGE_RATIOS[] = {1.02, 1.08, 1.20}; // of radii
// Fewer, and crops of another tone are better than none.
#define PAGE_LEAST 4

// The outline of a page is known if it is this plain in this share of its crops, or this plain in the crop itself.
#define OUTLINE_SEEN 0.35
#define OUTLINE_SEEN_SHARE 0.34
#define OUTLINE_PLAIN 0.60

// Next to the outline's middle: half of its line, its blur, and what its place may be wrong. No more than a share of
// the way to the bubble's middle.
#define EDGE_CELLS 4.0
#define EDGE_PX 1.8
#define EDGE_MOST 0.5
#define RIM_DARKEST_SHARE 0.95
#define OUTER_CELLS 1 // the rim's outermost cells, which letters hardly reach
// A capital letter in a circle is two thirds as high; in a flat oval nearly as high as the oval.
#define LETTER_OF_CIRCLE 0.62
#define LETTER_OF_OVAL 0.80

#define PAPER_CELLS 9      // outside of the outline
#define PAPER_SHARE 0.65   // of what lies around the outline is paper
#define PAPER_COVERED 0.75 // of the crop's bright parts: darker, and a mark covers what lies around
#define BLEED_SHARE 0.5    // blur is all around, strokes that leave the bubble are not
// Paper is seen if a third of what lies around, so far out, is not dark, and is as bright as paper may be: of grey 255,
// and of what is usual on the page.
#define AROUND_SHARE 0.3
#define AROUND_CELLS 14
#define AROUND_MOST 0.40 // of black
#define PAPER_LEAST 80
#define PAPER_OF_PAGE 0.60
// Black is what the darkest fiftieth of a bubble is on most of a page's crops, as unmarked ones show thin lines only;
// on paper with neither it is not darker than this.
#define BLACK_SHARE 0.98
#define BLACK_PAGES_SHARE 0.75
#define BLACK_LEAST 0.35
#define INK_OF_BLACK 0.30 // as a share of the page's black, and of the outline's darkness
#define INK_OF_RING 0.60
#define STROKE_REACH 2 // cells: a square of a quarter of the radius, broader than a letter's stroke
#define BLOT_REACH 4   // cells: a square of nearly half of the radius
#define SOLID_REACH 3  // cells: a square of a third of the radius
#define SOLID_OF_BLACK 0.40
// What no flat oval's filling is smaller than, and no letter fills: cells, either way from the middle.
#define CORE_W 8.5
#define CORE_H 5.5
#define CORE_OF_ITS_DARKEST 0.6
#define CORE_SOLID 0.85
#define CORE_DARK 0.50 // of black

// A form has letters or has none if so many of at least so many clean bubbles say so.
#define LETTER_ENOUGH 2
#define USUAL_SHARE 0.33 // below the median, as some of them may hold a dot
#define LETTER_MOST 0.8  // of the unmarked bubbles

struct learning {
	struct patch patch, roots;
	struct outline_scores scores;
	double contrast; // grey levels between the crop's bright and its darkest parts
};

// Runs over every cell of a patch; x and y are its place off the middle.
#define EACH_CELL(x, y)                                                                                                \
	for (int y = -PATCH_REACH; y <= PATCH_REACH; y++)                                                              \
		for (int x = -PATCH_REACH; x <= PATCH_REACH; x++)

static float at(const struct patch *patch, int x, int y)
{
	return patch->grey[y + PATCH_REACH][x + PATCH_REACH];
}

static double mean_around(const struct patch *patch, int x, int y, int reach)
{
	double sum = 0;
	for (int v = -reach; v <= reach; v++)
		for (int u = -reach; u <= reach; u++)
			sum += (double)at(patch, CLAMP(x + u, -PATCH_REACH, PATCH_REACH),
				CLAMP(y + v, -PATCH_REACH, PATCH_REACH));
	return sum / ((2 * reach + 1) * (2 * reach + 1));
}

static double share_of_patch(const struct patch *patch, double share)
{
	float values[PATCH_SIDE * PATCH_SIDE];
	unsigned n = 0;
	EACH_CELL(x, y) values[n++] = at(patch, x, y);
	return (double)patch_quantile(values, n, share);
}

// --- pages ---

static bool resemble(const struct foreign_crop *a, const struct foreign_crop *b, double ratio, bool same_tone)
{
	double of = a->radius_px / b->radius_px;
	return g_str_equal(a->source, b->source) && (!same_tone || g_str_equal(a->tone, b->tone)) &&
	       MAX(of, 1 / of) <= ratio;
}

static void gather(const struct foreign_crop *crops, unsigned n, unsigned of, double ratio, bool same_tone,
	struct foreign_page *page)
{
	page->n = 0;
	for (unsigned i = 0; i < n; i++)
		if (resemble(&crops[of], &crops[i], ratio, same_tone))
			page->members[page->n++] = i;
}

static void find_page(const struct foreign_crop *crops, unsigned n, unsigned of, struct foreign_page *page)
{
	page->members = g_new0(unsigned, n);
	for (unsigned r = 0; r < G_N_ELEMENTS(PAGE_RATIOS) && page->n < PAGE_ENOUGH; r++)
		gather(crops, n, of, PAGE_RATIOS[r], true, page);
	if (page->n < PAGE_LEAST)
		gather(crops, n, of, PAGE_RATIOS[G_N_ELEMENTS(PAGE_RATIOS) - 1], false, page);
	while (!resemble(&crops[of], &crops[page->first], 1, true))
		page->first++;
}

// The root mean square over a page's crops: a few that show an outline plainly outvote many that show something vague.
static struct outline page_outline(const struct foreign_page *page, const struct learning *learning)
{
	g_autofree struct outline_scores *sum = g_new0(struct outline_scores, 1);
	for (int shape = 0; shape < OUTLINE_SHAPES; shape++)
		for (int w = 0; w < OUTLINE_SIZES_W; w++)
			for (int h = 0; h < OUTLINE_SIZES_H; h++) {
				float squares = 0;
				for (unsigned i = 0; i < page->n; i++) {
					float score = learning[page->members[i]].scores.of[shape][w][h];
					squares += score * score;
				}
				sum->of[shape][w][h] = sqrtf(squares / (float)page->n);
			}
	return outline_best(sum);
}

// Whether enough of a page's crops show its outline.
static bool page_shows(
	const struct outline_traces *traces, const struct foreign_page *page, const struct learning *learning)
{
	unsigned seen = 0;
	for (unsigned i = 0; i < page->n; i++) {
		const struct learning *member = &learning[page->members[i]];
		seen += outline_locate(traces, &member->roots, &page->outline).score >= OUTLINE_SEEN * member->contrast;
	}
	return seen >= OUTLINE_SEEN_SHARE * page->n;
}

static void find_outlines(const struct outline_traces *traces, const struct learning *learning, struct foreign_set *set)
{
	for (unsigned i = 0; i < set->n; i++) {
		struct foreign_page *page = &set->pages[i];
		if (page->first < i) {
			page->outline = set->pages[page->first].outline;
			page->outline_known = set->pages[page->first].outline_known;
		} else {
			page->outline = page_outline(page, learning);
			page->outline_known = page_shows(traces, page, learning);
		}
		struct foreign_bubble *bubble = &set->bubbles[i];
		bubble->outline = outline_locate(traces, &learning[i].roots, &page->outline);
		bubble->outline_seen = bubble->outline.score / learning[i].contrast;
		bubble->outline_known = page->outline_known || bubble->outline_seen >= OUTLINE_PLAIN;
	}
}

// --- one crop ---

static double distance_at(const struct foreign_bubble *bubble, int x, int y)
{
	return outline_distance(&bubble->outline, x, y);
}

static double paper_around(const struct patch *patch, const struct foreign_bubble *bubble)
{
	float values[PATCH_SIDE * PATCH_SIDE];
	unsigned n = 0;
	EACH_CELL(x, y)
	{
		double distance = distance_at(bubble, x, y);
		if (distance > bubble->edge_cells - 1 && distance < PAPER_CELLS)
			values[n++] = at(patch, x, y);
	}
	double paper = (double)patch_quantile(values, n, PAPER_SHARE), bright = share_of_patch(patch, 0.9);
	return MAX(paper < PAPER_COVERED * bright ? share_of_patch(patch, 0.8) : paper, 1);
}

static double darkest_of(const struct foreign_bubble *bubble)
{
	float values[PATCH_SIDE * PATCH_SIDE];
	unsigned n = 0;
	EACH_CELL(x, y) if (distance_at(bubble, x, y) < 2) values[n++] = at(&bubble->darkness, x, y);
	return (double)patch_quantile(values, n, BLACK_SHARE);
}

// The darkness that a share of the places so far outside of the outline stay below.
static double outside_of(const struct foreign_bubble *bubble, double from, double to, double share)
{
	float values[PATCH_SIDE * PATCH_SIDE];
	unsigned n = 0;
	EACH_CELL(x, y)
	{
		double distance = distance_at(bubble, x, y);
		if (distance >= from && distance <= to)
			values[n++] = at(&bubble->darkness, x, y);
	}
	return (double)patch_quantile(values, n, share);
}

static void measure_lines(const struct learning *learning, double radius_px, struct foreign_bubble *bubble)
{
	double ring = 0, least = MIN(bubble->outline.half_w, bubble->outline.half_h);
	bubble->edge_cells = CLAMP(EDGE_PX / radius_px * PATCH_RADIUS, EDGE_CELLS, MAX(EDGE_CELLS, EDGE_MOST * least));
	bubble->paper = paper_around(&learning->patch, bubble);
	unsigned n_ring = 0;
	EACH_CELL(x, y)
	{
		double darkness = MAX(1 - (double)at(&learning->patch, x, y) / bubble->paper, 0);
		bubble->darkness.grey[y + PATCH_REACH][x + PATCH_REACH] = (float)darkness;
		if (fabs(distance_at(bubble, x, y)) <= 1) {
			ring += darkness;
			n_ring++;
		}
	}
	bubble->ring = ring / MAX(n_ring, 1);
	bubble->bleed = outside_of(bubble, bubble->edge_cells, bubble->edge_cells + 2, BLEED_SHARE);
	bubble->darkest = darkest_of(bubble);
	const struct outline *o = &bubble->outline;
	double aspect = MAX(o->half_w, o->half_h) / least;
	bubble->letter_cells = least * MIN(LETTER_OF_CIRCLE * sqrt(aspect), LETTER_OF_OVAL);
}

static void measure_core(struct foreign_bubble *bubble)
{
	float values[PATCH_SIDE * PATCH_SIDE];
	unsigned n = 0, solid = 0;
	EACH_CELL(x, y) if (hypot(x / CORE_W, y / CORE_H) <= 1) values[n++] = at(&bubble->darkness, x, y);
	bubble->core_darkness = (double)patch_quantile(values, n, 0.8);
	for (unsigned i = 0; i < n; i++)
		solid += (double)values[i] >= CORE_OF_ITS_DARKEST * bubble->core_darkness;
	bubble->core_solid = (double)solid / n;
}

static bool lies_broad(const struct foreign_bubble *bubble, int x, int y)
{
	return mean_around(&bubble->darkness, x, y, SOLID_REACH) >= SOLID_OF_BLACK * bubble->black;
}

static void measure_disc(struct foreign_bubble *bubble)
{
	double sum = 0;
	unsigned n = 0, broad = 0, n_disc = 0, solid = 0;
	EACH_CELL(x, y)
	{
		bool in_radius = hypot(x, y) <= PATCH_RADIUS,
		     in_disc = distance_at(bubble, x, y) <= -bubble->edge_cells;
		if (!in_radius && !in_disc)
			continue;
		bool is_broad = lies_broad(bubble, x, y);
		n += in_radius;
		broad += in_radius && is_broad;
		n_disc += in_disc;
		sum += in_disc ? (double)at(&bubble->darkness, x, y) : 0;
		solid += in_disc && is_broad;
	}
	bubble->broad = (double)broad / MAX(n, 1);
	bubble->disc_solid = (double)solid / MAX(n_disc, 1);
	bubble->disc = sum / MAX(n_disc, 1);
}

static bool in_letter(const struct foreign_bubble *bubble, int x, int y)
{
	return hypot(x - bubble->outline.x, y - bubble->outline.y) <= bubble->letter_cells;
}

static void measure_letter(struct foreign_bubble *bubble)
{
	double sum = 0;
	unsigned n = 0;
	EACH_CELL(x, y)
	{
		if (distance_at(bubble, x, y) > -bubble->edge_cells || !in_letter(bubble, x, y))
			continue;
		sum += (double)at(&bubble->darkness, x, y);
		n++;
		bubble->letter_peak = MAX(bubble->letter_peak, mean_around(&bubble->darkness, x, y, STROKE_REACH));
		bubble->letter_blot = MAX(bubble->letter_blot, mean_around(&bubble->darkness, x, y, BLOT_REACH));
	}
	bubble->letter = sum / MAX(n, 1);
}

static void measure_sectors(struct foreign_bubble *bubble, double ink)
{
	bool inked[FOREIGN_SECTORS] = {false};
	EACH_CELL(x, y)
	{
		double distance = distance_at(bubble, x, y) + bubble->edge_cells;
		if (distance > 0 || distance <= -OUTER_CELLS || in_letter(bubble, x, y))
			continue;
		double angle = atan2(y - bubble->outline.y, x - bubble->outline.x) / (2 * G_PI) + 0.5;
		int sector = CLAMP((int)(angle * FOREIGN_SECTORS), 0, FOREIGN_SECTORS - 1);
		inked[sector] |= (double)at(&bubble->darkness, x, y) >= ink;
	}
	for (unsigned a = 0; a < FOREIGN_SECTORS; a++) {
		bubble->rim_sectors += inked[a];
		for (unsigned b = 0; b < a && inked[a]; b++)
			if (inked[b])
				bubble->rim_spread = MAX(bubble->rim_spread, MIN(a - b, FOREIGN_SECTORS - (a - b)));
	}
}

static void measure_rim(struct foreign_bubble *bubble)
{
	const double ink = MAX(INK_OF_BLACK * bubble->black, INK_OF_RING * bubble->ring);
	float values[PATCH_SIDE * PATCH_SIDE];
	double sum = 0;
	unsigned n = 0, inked = 0;
	EACH_CELL(x, y)
	{
		if (distance_at(bubble, x, y) > -bubble->edge_cells || in_letter(bubble, x, y))
			continue;
		values[n] = at(&bubble->darkness, x, y);
		sum += (double)values[n];
		inked += (double)values[n++] >= ink;
	}
	bubble->rim = sum / MAX(n, 1);
	bubble->rim_inked = (double)inked / MAX(n, 1);
	bubble->rim_darkest = (double)patch_quantile(values, n, RIM_DARKEST_SHARE);
	measure_sectors(bubble, ink);
}

static void measure_inside(struct foreign_bubble *bubble)
{
	measure_disc(bubble);
	measure_letter(bubble);
	measure_rim(bubble);
}

double foreign_darkness(const struct foreign_bubble *bubble, double x, double y)
{
	double u = PATCH_REACH + bubble->outline.x + x * bubble->outline.half_w;
	double v = PATCH_REACH + bubble->outline.y + y * bubble->outline.half_h;
	u = CLAMP(u, 0, PATCH_SIDE - 1);
	v = CLAMP(v, 0, PATCH_SIDE - 1);
	int i = MIN((int)u, PATCH_SIDE - 2), j = MIN((int)v, PATCH_SIDE - 2);
	const float(*d)[PATCH_SIDE] = bubble->darkness.grey;
	double s = u - i, t = v - j;
	return (1 - t) * ((1 - s) * (double)d[j][i] + s * (double)d[j][i + 1]) +
	       t * ((1 - s) * (double)d[j + 1][i] + s * (double)d[j + 1][i + 1]);
}

bool foreign_rim_is_clean(const struct foreign_bubble *bubble)
{
	return bubble->rim <= FOREIGN_RIM_CLEAN * bubble->black + bubble->bleed;
}

bool foreign_core_is_solid(const struct foreign_bubble *bubble)
{
	return bubble->core_solid >= CORE_SOLID && bubble->core_darkness >= CORE_DARK * bubble->black;
}

// --- what the page says of each ---

static double page_quantile(const struct foreign_page *page, const double *values, double share)
{
	g_autofree float *own = g_new(float, page->n);
	for (unsigned i = 0; i < page->n; i++)
		own[i] = (float)values[page->members[i]];
	return (double)patch_quantile(own, page->n, share);
}

// Blackness, the outline's darkness where the crop does not show it, and whether there is paper around.
static void adopt_levels(struct foreign_set *set)
{
	g_autofree double *blacks = g_new(double, set->n), *rings = g_new(double, set->n);
	g_autofree double *papers = g_new(double, set->n);
	for (unsigned i = 0; i < set->n; i++) {
		blacks[i] = set->bubbles[i].darkest;
		rings[i] = set->bubbles[i].ring;
		papers[i] = set->bubbles[i].paper;
	}
	for (unsigned i = 0; i < set->n; i++) {
		struct foreign_bubble *bubble = &set->bubbles[i];
		struct foreign_page *page = &set->pages[i];
		bubble->black = MAX(page_quantile(page, blacks, BLACK_PAGES_SHARE), BLACK_LEAST);
		if (bubble->outline_seen < OUTLINE_SEEN)
			bubble->ring = page_quantile(page, rings, 0.5);
		bubble->dark_around =
			bubble->paper < MAX(PAPER_LEAST, PAPER_OF_PAGE * page_quantile(page, papers, 0.5)) ||
			outside_of(bubble, bubble->edge_cells, AROUND_CELLS, AROUND_SHARE) >
				AROUND_MOST * bubble->black;
	}
}

static bool shows_print(const struct foreign_bubble *bubble)
{
	return bubble->outline_known && bubble->outline_seen >= OUTLINE_SEEN && foreign_rim_is_clean(bubble);
}

static void learn_letters(const struct foreign_set *set, struct foreign_page *page)
{
	g_autofree float *means = g_new(float, page->n), *peaks = g_new(float, page->n);
	g_autofree float *blots = g_new(float, page->n);
	unsigned n = 0, empty = 0, cores = 0;
	for (unsigned i = 0; i < page->n; i++) {
		const struct foreign_bubble *bubble = &set->bubbles[page->members[i]];
		double ring = MAX(bubble->ring, FOREIGN_RING_LEAST);
		cores += foreign_core_is_solid(bubble);
		if (!shows_print(bubble))
			continue;
		empty += bubble->letter <= FOREIGN_LETTER_NONE * ring;
		means[n] = (float)(bubble->letter / ring);
		blots[n] = (float)(bubble->letter_blot / ring);
		peaks[n++] = (float)(bubble->letter_peak / ring);
	}
	page->cores = (double)cores / page->n;
	page->letterless = n >= LETTER_ENOUGH && empty >= LETTER_MOST * n;
	page->lettered = n >= LETTER_ENOUGH && n - empty >= LETTER_MOST * n;
	page->letter = (double)patch_quantile(means, n, USUAL_SHARE);
	page->letter_peak = (double)patch_quantile(peaks, n, USUAL_SHARE);
	page->letter_blot = (double)patch_quantile(blots, n, USUAL_SHARE);
}

void foreign_measure(const struct foreign_crop *crops, unsigned n, struct foreign_set *set)
{
	*set = (struct foreign_set){
		.n = n, .bubbles = g_new0(struct foreign_bubble, n), .pages = g_new0(struct foreign_page, n)};
	g_autofree struct learning *learning = g_new0(struct learning, n);
	struct outline_traces *traces = outline_traces_new();
	for (unsigned i = 0; i < n; i++) {
		patch_take(&learning[i].patch, &crops[i].view, crops[i].radius_px);
		outline_roots(&learning[i].patch, &learning[i].roots);
		outline_score(traces, &learning[i].roots, &learning[i].scores);
		learning[i].contrast =
			MAX(share_of_patch(&learning[i].patch, 0.9) - share_of_patch(&learning[i].patch, 0.02), 1);
		find_page(crops, n, i, &set->pages[i]);
	}
	find_outlines(traces, learning, set);
	outline_traces_free(traces);
	for (unsigned i = 0; i < n; i++) {
		measure_lines(&learning[i], crops[i].radius_px, &set->bubbles[i]);
		measure_core(&set->bubbles[i]);
	}
	adopt_levels(set);
	for (unsigned i = 0; i < n; i++)
		measure_inside(&set->bubbles[i]);
	for (unsigned i = 0; i < n; i++)
		learn_letters(set, &set->pages[i]);
}

void foreign_clear(struct foreign_set *set)
{
	for (unsigned i = 0; i < set->n; i++)
		g_free(set->pages[i].members);
	g_clear_pointer(&set->pages, g_free);
	g_clear_pointer(&set->bubbles, g_free);
	set->n = 0;
}
