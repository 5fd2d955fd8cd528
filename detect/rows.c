// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/rows.h"

#include <string.h>

#include "detect/rules.h"
#include "detect/thresholds.h"
#include "detect/vectors.h"

#define RISEN 1.1       // rings this much darker than believed: look again at rows that seemed well aligned
#define WHITE_SHARE 0.7 // most of a burnt-out page is pure white
// Where no rings tell whether the rows lie where they should, only a frame that fits this well is believed: rows
// between two anchors may be off by twice as much, a third of a ring's radius.
#define RINGLESS_RESIDUAL_UM 300
#define FLAP_UM 30000.0 // twice the widest strip that is borne: what is folded over lies on as much again

struct rows *rows_new(const struct layout *layout)
{
	struct rows *rows = g_new0(struct rows, 1);
	rows->layout = layout;
	rows->raster = bubble_raster_new(layout);
	rows->bubbles = g_new0(struct bubble, MAX(layout->n_bubbles, 1));
	rows->shifts = g_new0(struct align_shift, MAX(layout->n_items, 1));
	rows->lost = g_new0(bool, MAX(layout->n_items, 1));
	return rows;
}

void rows_free(struct rows *rows)
{
	if (!rows)
		return;
	bubble_raster_free(rows->raster);
	g_free(rows->bubbles);
	g_free(rows->shifts);
	g_free(rows->lost);
	g_free(rows);
}

bool rows_has(const struct layout_item *item, const struct code *code)
{
	return item->page == code->page && (item->exam_item || code->walk_in);
}

static void measure_item(struct rows *rows, const struct sheet_view *sheet, unsigned item)
{
	const struct layout *layout = rows->layout;
	const struct layout_item *of = &layout->items[item];
	struct align_shift shift = rows->shifts[item];
	for (unsigned i = of->first_bubble; i < of->first_bubble + of->n_bubbles; i++) {
		const struct sheet_box *box = &layout->bubbles[i].box;
		bubble_measure(rows->raster, i, sheet->registration, sheet->work, sheet->paper,
			(struct sheet_point){box->x_um + shift.dx_um, box->y_um + shift.dy_um}, &rows->bubbles[i]);
	}
}

static double mean_ring(const struct rows *rows, const struct layout_item *item, double cap)
{
	double sum = 0;
	for (unsigned i = 0; i < item->n_bubbles; i++)
		sum += CLAMP(rows->bubbles[item->first_bubble + i].ring, 0, cap);
	return sum / item->n_bubbles;
}

// Whether the row's rings are missing, those of marked bubbles aside: marks hide them.
static bool is_lost(const struct rows *rows, const struct layout_item *item, double ring)
{
	double sum = 0;
	unsigned seen = 0;
	for (unsigned i = 0; i < item->n_bubbles; i++) {
		const struct bubble *bubble = &rows->bubbles[item->first_bubble + i];
		if (bubble->darkness >= LIFT_EVEN)
			continue;
		sum += CLAMP(bubble->ring, 0, ring);
		seen++;
	}
	return seen > 0 && sum < ROW_SEEN * ring * seen;
}

// Rows whose rings are not where they are looked for are looked for around, and measured again where they are found.
static void align_rows(struct rows *rows, const struct sheet_view *sheet, double ring)
{
	const struct align_view view = {rows->layout, sheet->registration, sheet->work, sheet->paper, ring};
	struct aligner *aligner = aligner_new(&view);
	for (unsigned i = 0; i < rows->layout->n_items; i++) {
		const struct layout_item *item = &rows->layout->items[i];
		if (!rows_has(item, sheet->code) || !align_is_needed(mean_ring(rows, item, ring), ring))
			continue;
		struct align_shift shift;
		if (rule_holds(rows->left_out, RULE_ALIGN) && align_item(aligner, i, &shift)) {
			rows->shifts[i] = shift;
			measure_item(rows, sheet, i);
		}
		rows->lost[i] = is_lost(rows, item, ring);
	}
	aligner_free(aligner);
}

// Of every third pixel, how many are white.
VECTORS static unsigned count_white(const uint8_t *row, unsigned n)
{
	unsigned white = 0;
	for (unsigned i = 0; i < n; i++)
		white += row[3 * (size_t)i] == UINT8_MAX;
	return white;
}

// Whether the scan has no greys near white: black and white, or with its background taken out. The rings' pale grey may
// be gone with it; anywhere else, a sheet without rings does not lie where it is believed to lie.
static bool is_burnt_out(const struct grey_view *work)
{
	const unsigned across = (unsigned)(work->width_px + 2) / 3, down = (unsigned)(work->height_px + 2) / 3;
	const double enough = WHITE_SHARE * ((double)across * down);
	unsigned long white = 0;
	for (int y = 0; y < work->height_px && (double)white <= enough; y += 3)
		white += count_white(work->pixels + (ptrdiff_t)y * work->stride_px, across);
	return (double)white > enough;
}

// Where rings cannot tell what lies behind a flap or is torn off, the frame does: an edge that is folded over
// hides its anchors.
static void hide_lost_edges(struct rows *rows, const struct sheet_view *sheet)
{
	for (unsigned i = 0; i < rows->layout->n_bubbles; i++) {
		const struct sheet_box *box = &rows->layout->bubbles[i].box;
		struct sheet_point at = {box->x_um, box->y_um};
		if (rows->bubbles[i].n > 0 && registration_lost_near(sheet->registration, rows->layout, at, FLAP_UM))
			rows->bubbles[i].on_page = false;
	}
}

// What the page's rings can tell, and what is left to say where they tell nothing.
static void judge_rings(struct rows *rows, const struct sheet_view *sheet, struct page_levels *levels)
{
	if (levels_shows_rings(levels) && levels->usual_ring >= RINGS_FOUND * levels->ring)
		return;
	const bool bent = sheet->registration->residual_um > RINGLESS_RESIDUAL_UM;
	const bool burnt_out = is_burnt_out(sheet->work);
	// A tear or a note takes a few rings; half of them, only a scanner that knows no grey.
	levels->ringless = levels->usual_ring < RING_SEEN * levels->ring && !bent && burnt_out;
	if (levels->ringless)
		memset(rows->lost, 0, rows->layout->n_items * sizeof *rows->lost);
	levels->unsure |= !burnt_out;
	if (levels_shows_rings(levels))
		return;
	hide_lost_edges(rows, sheet);
	levels->unsure |= bent;
}

// Measures the bubbles of all items of the page where the frame says that they are.
static struct page_levels measure_rows(struct rows *rows, const struct sheet_view *sheet)
{
	const struct layout *layout = rows->layout;
	memset(rows->shifts, 0, layout->n_items * sizeof *rows->shifts);
	memset(rows->bubbles, 0, layout->n_bubbles * sizeof *rows->bubbles);
	memset(rows->lost, 0, layout->n_items * sizeof *rows->lost);
	for (unsigned i = 0; i < layout->n_items; i++)
		if (rows_has(&layout->items[i], sheet->code))
			measure_item(rows, sheet, i);
	return levels_of(rows->bubbles, layout->n_bubbles);
}

// How dark rings are is only known where they lie well; on a bent page, that is once some rows are aligned.
static void align_page(struct rows *rows, const struct sheet_view *sheet, struct page_levels *levels)
{
	for (double before = 0; levels_shows_rings(levels) && levels->ring > RISEN * before;) {
		before = levels->ring;
		align_rows(rows, sheet, levels->ring);
		*levels = levels_of(rows->bubbles, rows->layout->n_bubbles);
	}
}

// On a badly bent page all rows may lie aside, so that no rings seem to be there. They were found if they are there all
// around, and if their lines and letters do not darken the bubbles any more: marks and noise do otherwise.
static void search_rings(struct rows *rows, const struct sheet_view *sheet, struct page_levels *levels)
{
	align_rows(rows, sheet, RING_PRINTED);
	// Now it is known how dark they are, they are looked for again: what is much lighter tells little of the place.
	const double ring = levels_of(rows->bubbles, rows->layout->n_bubbles).ring;
	measure_rows(rows, sheet);
	align_rows(rows, sheet, MAX(ring, RING_PRINTED));
	struct page_levels found = levels_of(rows->bubbles, rows->layout->n_bubbles);
	align_page(rows, sheet, &found);
	if (levels_shows_rings(&found) && found.arc > 0 && found.blank <= levels->blank && found.grain < levels->grain)
		*levels = found;
	else
		*levels = measure_rows(rows, sheet);
}

struct page_levels rows_measure(struct rows *rows, const struct sheet_view *sheet)
{
	struct page_levels levels = measure_rows(rows, sheet);
	if (levels_shows_rings(&levels))
		align_page(rows, sheet, &levels);
	else if (!is_burnt_out(sheet->work))
		search_rings(rows, sheet, &levels);
	levels.left_out = rows->left_out;
	if (rule_holds(rows->left_out, RULE_RING))
		judge_rings(rows, sheet, &levels);
	return levels;
}

struct sheet_point rows_found_at(const struct rows *rows, unsigned bubble)
{
	const struct layout_bubble *of = &rows->layout->bubbles[bubble];
	struct align_shift shift = rows->shifts[of->item];
	return (struct sheet_point){of->box.x_um + shift.dx_um, of->box.y_um + shift.dy_um};
}
