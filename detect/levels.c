// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/levels.h"

#include <stdlib.h>

#include "detect/rules.h"
#include "detect/thresholds.h"

// A pen is judged from bubbles at least this dark.
#define PEN_SEEN 0.25
#define PEN_BUBBLES 3
#define PEN_STROKE 0.20   // darkest twentieth of a bubble that a stroke runs through
#define PEN_FAINTEST 0.30 // what is lighter is no pencil, but what an eraser left
#define PEN_UNSEEN 0.50   // assumed where no bubble is marked
#define FAINT_BUBBLES 12  // so many tell a hand; fewer may be what an eraser left
#define BLANK_MOST 0.10   // more is not a page's usual haze, and may hide marks
#define BLANK_UNSURE 0.20 // blank bubbles so dark leave no room below the faintest pencil
#define SPILL_SEEN 0.22   // bubbles that tell how far a hand spills
#define OWN_INK 0.9       // of a bubble's samples; a tick covers a tenth at least
#define ARC_EVEN 0.4      // of a ring, where rows lie where they should
#define SOLID_PEN 0.97    // of black: nothing but black
#define SOLID_BLANK 0.01  // specks
#define HALO_MOST 0.25    // outside of a ring, more is ink that ran over and no haze

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double quantile(double *values, unsigned n, double share)
{
	if (n == 0)
		return 0;
	qsort(values, n, sizeof *values, compare_doubles);
	return values[(unsigned)(share * (n - 1))];
}

// The pen's darkness: from what is filled, or on the page of a student who only ticks and crosses, from the strokes.
static double pen_of(const struct bubble *bubbles, unsigned n, double blank, double *values)
{
	unsigned seen = 0, strokes = 0;
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubbles[i].darkness - blank > PEN_SEEN)
			values[seen++] = bubble_quantile(&bubbles[i], 0.8);
	if (seen >= PEN_BUBBLES)
		return quantile(values, seen, 0.5);
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubble_quantile(&bubbles[i], 0.95) - blank > PEN_STROKE)
			values[strokes++] = bubble_quantile(&bubbles[i], 0.95);
	return strokes ? MAX(quantile(values, strokes, 0.5), PEN_FAINTEST) : PEN_UNSEEN;
}

// How dark the inked part is of all that stands out of its surroundings by more than what shows through the paper, if
// most of that is so light that it might be an eraser's rest: nobody rubs out most of a page. 0 on any other page.
static double faint_pen_of(const struct bubble *bubbles, unsigned n, double blank, double *values)
{
	unsigned seen = 0, light = 0;
	for (unsigned i = 0; i < n; i++) {
		double lift = bubbles[i].darkness - MAX(bubbles[i].halo, blank);
		if (bubbles[i].n == 0 || lift < LIFT_FAINT)
			continue;
		values[seen++] = bubble_quantile(&bubbles[i], 0.8);
		light += lift < LIFT_BROAD;
	}
	return seen >= FAINT_BUBBLES && 2 * light > seen ? quantile(values, seen, 0.5) : 0;
}

// From what is filled and keeps within its ring, so that nothing else can have darkened it.
static double full_of(const struct bubble *bubbles, unsigned n, double blank, double *values)
{
	unsigned seen = 0;
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubbles[i].darkness - MAX(bubbles[i].halo, blank) >= LIFT_BROAD)
			values[seen++] = bubbles[i].darkness;
	return seen >= PEN_BUBBLES ? quantile(values, seen, 0.5) : 0;
}

// A quarter of the rings may be covered, or bent aside.
static double arc_of(const struct bubble *bubbles, unsigned n, const struct page_levels *levels, double *values)
{
	unsigned unmarked = 0;
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubbles[i].darkness - levels->blank < DARKNESS_BLANK)
			values[unmarked++] = bubbles[i].ring_least;
	double arc = quantile(values, unmarked, 0.25);
	return arc >= ARC_EVEN * levels->ring ? arc : 0;
}

struct page_levels levels_of(const struct bubble *bubbles, unsigned n)
{
	g_autofree double *values = g_new(double, MAX(n, 1));
	struct page_levels levels = {0};
	unsigned measured = 0, unmarked = 0;
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0)
			values[measured++] = bubbles[i].darkness;
	// A quarter of a page's bubbles are always blank, or the sheet is beyond reading by rows.
	levels.blank = quantile(values, measured, 0.25);
	double usual = levels.blank;
	levels.blank = MIN(usual, BLANK_MOST);
	double faint = faint_pen_of(bubbles, n, levels.blank, values);
	levels.faint = faint > 0 && faint < FAINT_PEN;
	levels.pen = levels.faint ? faint : pen_of(bubbles, n, levels.blank, values);
	levels.full = full_of(bubbles, n, levels.blank, values);
	// The best tenth of the unmarked bubbles shows how dark rings are where they are well aligned: on a bent page,
	// few are.
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubbles[i].darkness - levels.blank < DARKNESS_BLANK)
			values[unmarked++] = bubbles[i].ring;
	levels.ring = quantile(values, unmarked, 0.9);
	levels.usual_ring = quantile(values, unmarked, 0.5);
	levels.arc = arc_of(bubbles, n, &levels, values);
	unmarked = 0;
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubbles[i].darkness - levels.blank < DARKNESS_BLANK)
			values[unmarked++] = bubble_quantile(&bubbles[i], 0.95) - bubbles[i].darkness;
	levels.grain = quantile(values, unmarked, 0.5);
	// Haze is borne where the rings at least show that the sheet lies as it should.
	levels.unsure = usual > (levels_shows_rings(&levels) ? BLANK_UNSURE : BLANK_MOST);
	return levels;
}

void levels_add_spill(
	struct page_levels *levels, const struct bubble *bubbles, const struct surroundings *around, unsigned n)
{
	g_autofree double *values = g_new(double, MAX(n, 1));
	unsigned marked = 0;
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubbles[i].darkness - levels->blank >= SPILL_SEEN)
			values[marked++] = around[i].outside_mm;
	levels->spill_mm = quantile(values, marked, 0.5);
}

double levels_ink(const struct page_levels *levels)
{
	double noise = MIN(levels->blank + INK_GRAIN * levels->grain, INK_MOST * levels->pen);
	return MAX(MAX(levels->pen / 2, levels->blank + DARKNESS_BLANK), noise);
}

double levels_ink_of(const struct page_levels *levels, const struct bubble *bubble)
{
	double half = bubble_quantile(bubble, OWN_INK) / 2;
	return CLAMP(half, levels->blank + DARKNESS_BLANK, levels_ink(levels));
}

double levels_over_letter(const struct page_levels *levels)
{
	return MAX(MAX(levels_ink(levels), LETTER_OF_RING * levels->ring), LETTER_LEAST);
}

bool levels_letter_hides(const struct page_levels *levels)
{
	return levels->pen < levels_over_letter(levels);
}

bool levels_shows_rings(const struct page_levels *levels)
{
	return levels->ring >= RING_PRINTED && !levels->ringless;
}

bool levels_are_solid(const struct page_levels *levels)
{
	return levels->pen >= SOLID_PEN && levels->blank <= SOLID_BLANK && levels->grain <= 0;
}

double levels_ink_in(const struct bubble *bubble, double fill)
{
	return bubble_quantile(bubble, 1 - fill / 2);
}

double levels_fill(const struct page_levels *levels, const struct bubble *bubble)
{
	double share = bubble_share_above(bubble, levels_ink(levels));
	if (rule_holds(levels->left_out, RULE_LETTER))
		return share;
	unsigned all = (unsigned)bubble->n + bubble->n_letter;
	return all ? share * bubble->n / all + bubble_letter_share_above(bubble, levels_ink(levels)) : 0;
}

double levels_lift(const struct page_levels *levels, const struct bubble *bubble)
{
	// Darker than what an eraser may leave, it is ink that ran over.
	double most = levels->full > 0 ? MIN(HALO_MOST, RUBBED * levels->full) : HALO_MOST;
	double around = rule_holds(levels->left_out, RULE_HAZE) && bubble->halo < most ? bubble->halo : 0;
	return bubble->darkness - MAX(around, levels->blank);
}
