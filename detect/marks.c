// SPDX-License-Identifier: GPL-3.0-or-later
// Four kinds of mark are sure, each by measures that fail in different ways:
//   broad   most of the disc is inked, and it is darker than its surroundings: filled rings;
//   full    all of the disc is as dark as this student's plainly filled rings: filled, and over the rim;
//   even    the disc is as dark all over as a light pencil leaves it, and its surroundings are not;
//   stroke  ink as dark as this student's pen elsewhere, long enough, and through the middle: ticks, crosses, lines.
// Blank is what has hardly any ink and hardly any shade. All else is doubtful: an eraser's rest (strokes in a haze), a
// smear (a haze without an edge at the ring), dots, what only grazes the ring. A doubt is never decided here.
#include "detect/marks.h"

#include "detect/rules.h"
#include "detect/thresholds.h"

// One bubble under judgement, with what several rules ask for.
struct view {
	const struct bubble *bubble;
	const struct surroundings *around;
	const struct page_levels *levels;
	double fill, darkness, lift;
};

static bool holds(const struct view *v, enum rule rule)
{
	return rule_holds(v->levels->left_out, rule);
}

static bool is_noisy(const struct view *v)
{
	return v->levels->grain >= NOISY;
}

// How dark the inked part of the disc is.
static double ink_of(const struct view *v)
{
	return levels_ink_in(v->bubble, v->fill);
}

// The paper between strokes is not clean. Where little of it is left, only its lightest third tells.
static bool is_hazy(const struct view *v, double ground_most)
{
	double third_most = MAX(HAZE_THIRD, ground_most);
	if (!holds(v, RULE_HAZE))
		return false;
	double ground = bubble_quantile(v->bubble, 0.1) - v->levels->blank;
	double third = bubble_quantile(v->bubble, (1 - v->fill) / 3) - v->levels->blank;
	return (v->fill < HAZE_SURE_FILL && ground > ground_most) || third > third_most;
}

// About as much as this student's other marks: an eraser takes more.
static bool is_usual(const struct view *v)
{
	return holds(v, RULE_HAND) && v->levels->full > 0 && v->lift >= USUAL_OF_FULL * v->levels->full;
}

// So perhaps an eraser left both.
static bool stands_in_haze(const struct view *v)
{
	bool faint = v->levels->pen < FAINT_PEN, noisy = is_noisy(v);
	if (is_usual(v) && !faint && !noisy)
		return false;
	double sure = faint ? FAINT_SURE : noisy ? NOISY_SURE : STROKE_SURE;
	return (!is_usual(v) && is_hazy(v, HAZE_THICK)) ||
	       (is_hazy(v, faint ? FAINT_HAZE : HAZE) && ink_of(v) < sure * v->levels->pen);
}

static bool is_broad(const struct view *v)
{
	bool faint = holds(v, RULE_HAND) && v->levels->faint;
	double least = faint ? MAX(LIFT_FAINT, FAINT_OF_FULL * v->levels->full) : LIFT_BROAD;
	return v->fill >= FILL_BROAD && (v->lift >= least || is_usual(v));
}

// As dark all over as rings that this student plainly filled, though ink ran over around it.
static bool is_full(const struct view *v)
{
	return holds(v, RULE_HAND) && v->levels->full > 0 && v->fill >= FILL_BROAD &&
	       bubble_quantile(v->bubble, 0.2) >= FULL_OF_PEN * v->levels->full;
}

// How dark an eraser may leave this student's marks.
static double rubbed(const struct view *v)
{
	return holds(v, RULE_HAND) ? RUBBED * v->levels->full : 0;
}

static bool is_even(const struct view *v)
{
	double around = v->darkness - v->lift + v->levels->blank;
	double least = bubble_quantile(v->bubble, 0.2) - around, all = bubble_quantile(v->bubble, 0.05) - around;
	if (!holds(v, RULE_HAZE))
		return v->darkness >= LIFT_EVEN;
	double enough = all >= EVEN_ALL * v->lift ? LIFT_EVEN : MAX(LIFT_EVEN, rubbed(v));
	return v->lift >= enough && least >= EVEN_LEAST && least >= EVEN_SHARE * v->lift;
}

static bool is_long_enough(const struct view *v)
{
	const struct surroundings *around = v->around;
	if (!holds(v, RULE_SPAN))
		return true;
	double off = v->fill < SLIGHT_FILL ? STROKE_OFF_MM : STROKE_FAR_MM;
	return around->extent.nearest_mm <= off && around->extent.inside_mm >= SPAN_MM &&
	       around->extent.through_mm >= THROUGH_MM && (v->fill >= FILL_MARK || !around->crosses);
}

static bool is_of_this_pen(const struct view *v)
{
	double faint = v->around->extent.inside_mm >= FAINT_SPAN_MM ? FAINT_STROKE : FAINT_SHORT;
	if (is_noisy(v) && v->lift < NOISY_LIFT * v->levels->grain)
		faint = NOISY_SURE;
	double share = v->levels->pen < FAINT_PEN ? faint : STROKE_OF_PEN;
	return !holds(v, RULE_PEN) || ink_of(v) >= share * v->levels->pen;
}

// Dark enough as a whole that no eraser left it.
static bool is_surely_drawn(const struct view *v)
{
	return v->lift >= MAX(LIFT_SURE, rubbed(v));
}

// A scanner that knows no grey makes an eraser's rest as black as strokes, but it is grainy, gathers around the letter,
// and is less than what this hand usually draws.
static bool is_solid_stroke(const struct view *v)
{
	const struct surroundings *around = v->around;
	bool usual = v->levels->full > 0 && v->darkness >= SOLID_OF_FULL * v->levels->full;
	bool beyond_letter = usual || around->arms > 0 || v->fill >= SOLID_BROAD ||
			     (v->fill >= SOLID_FILL && around->extent.inside_mm >= SOLID_SPAN_MM);
	double share = is_surely_drawn(v) ? SOLID_SURE : STROKE_OF_SOLID;
	bool black = !holds(v, RULE_PEN) || ink_of(v) >= share * v->levels->pen;
	return beyond_letter && black && !is_hazy(v, HAZE);
}

// What a stroke leaves of the ring's darkness, at least.
static double least_of_stroke(const struct view *v)
{
	double share = v->levels->grain < QUIET ? STROKE_LIFT_QUIET : STROKE_LIFT_OF_PEN;
	return is_noisy(v) ? STROKE_LIFT : MIN(STROKE_LIFT, share * v->levels->pen);
}

static bool is_stroke(const struct view *v)
{
	if (v->fill < STROKE_FILL || v->lift < least_of_stroke(v) || !is_long_enough(v))
		return false;
	if (levels_are_solid(v->levels))
		return is_solid_stroke(v);
	// What is lighter than this pen's strokes and lies in a haze is an eraser's rest, however dark.
	return is_of_this_pen(v) ? is_surely_drawn(v) || !stands_in_haze(v) : is_surely_drawn(v) && !is_hazy(v, HAZE);
}

// Ink on the letter's strokes that is darker than the form's own ink, which the rings show.
static bool hides_under_letter(const struct view *v)
{
	return holds(v, RULE_LETTER) &&
	       bubble_letter_share_above(v->bubble, levels_over_letter(v->levels)) >= LETTER_BLANK;
}

static bool has_no_ink(const struct view *v)
{
	return v->fill < FILL_BLANK || (v->fill < SPECK_FILL && v->darkness < SPECK_DARKNESS);
}

static bool is_crease(const struct view *v)
{
	return holds(v, RULE_LINE) && v->around->crosses && v->lift < CREASE_LIFT;
}

// Hardly any shade, and an even one; or a crease.
static bool has_little_shade(const struct view *v)
{
	double stands_out = bubble_quantile(v->bubble, 0.95) - v->bubble->darkness;
	bool even = stands_out < MAX(SHADE_UNEVEN, SHADE_GRAIN * v->levels->grain);
	return v->darkness < SHADE_BLANK && (even || is_crease(v));
}

// That shade may be a pale mark all the same: it ends at the ring, as what shows through seldom does, or this pen is no
// darker than to leave as much.
static enum bubble_state shade_of(const struct view *v)
{
	if (v->darkness < DARKNESS_BLANK || is_crease(v))
		return BUBBLE_BLANK;
	bool edged = v->lift >= SHADE_LIFT || v->darkness >= SHADE_OF_PEN * v->levels->pen;
	return edged ? BUBBLE_EDGED : BUBBLE_SHADED;
}

// Its ring is not there, or one side of it, or all of it but a piece, which may be the end of a covered stroke.
static bool is_unseen(const struct view *v)
{
	const struct bubble *bubble = v->bubble;
	if (!holds(v, RULE_RING) || !levels_shows_rings(v->levels))
		return false;
	bool half = bubble->ring_least < ARC_SEEN * v->levels->arc && bubble->ring_across > ARC_WHOLE * v->levels->ring;
	bool hardly = bubble->ring_rest < RING_REST * v->levels->ring;
	return half || hardly || bubble->ring < MAX(RING_SEEN * v->levels->ring, RING_WHOLE * v->levels->arc);
}

// A stroke over the rim, on a page whose rings are not to be seen: perhaps a mark beside the place where its ring is
// believed to be.
static bool is_beside(const struct view *v)
{
	return holds(v, RULE_RING) && !levels_shows_rings(v->levels) &&
	       v->bubble->ring > MAX(RIM_INKED, v->levels->ring);
}

enum bubble_state marks_state(
	const struct bubble *bubble, const struct surroundings *around, const struct page_levels *levels)
{
	const struct view v = {
		.bubble = bubble,
		.around = around,
		.levels = levels,
		.fill = levels_fill(levels, bubble),
		.darkness = bubble->darkness - levels->blank,
		.lift = levels_lift(levels, bubble),
	};
	if (!bubble->on_page || (holds(&v, RULE_COVERED) && bubble->paper < PAPER_SEEN))
		return BUBBLE_HIDDEN;
	if (is_broad(&v) || is_full(&v) || is_even(&v) || is_stroke(&v))
		return BUBBLE_MARKED;
	if (!has_no_ink(&v) || !has_little_shade(&v) || hides_under_letter(&v) || is_beside(&v))
		return BUBBLE_DOUBTFUL;
	return is_unseen(&v) ? BUBBLE_HIDDEN : shade_of(&v);
}

bool marks_is_blank(const struct bubble *bubble, const struct page_levels *levels)
{
	const struct surroundings none = {0};
	return marks_state(bubble, &none, levels) == BUBBLE_BLANK;
}

bool marks_show_through(const struct bubble *bubbles, unsigned n, const struct page_levels *levels)
{
	const struct surroundings none = {0};
	unsigned measured = 0, shaded = 0;
	for (unsigned i = 0; i < n; i++) {
		if (bubbles[i].n == 0)
			continue;
		enum bubble_state state = marks_state(&bubbles[i], &none, levels);
		measured++;
		shaded += state == BUBBLE_SHADED || state == BUBBLE_EDGED;
	}
	return shaded > 0 && shaded >= SHADED_RINGS * measured;
}
