// SPDX-License-Identifier: GPL-3.0-or-later
// Each bubble's state first (detect/marks.h), then whatever may make an item's reading doubtful, the gravest first:
// what cannot be seen, what is no student's mark at all, what is unsure by itself, and what is unsure beside another
// mark.
#include "detect/decide.h"

#include <limits.h>
#include <math.h>

#include "detect/marks.h"
#include "detect/rules.h"
#include "detect/thresholds.h"

// A resting pen's dot, in words.
#define DOT_MM 1.8

struct item {
	const struct layout *layout;
	unsigned index, n;
	const struct item_evidence *see;
	const struct page_levels *levels;
	exam_choices marked, shaded, edged, doubtful, hidden;
};

static bool holds(const struct item *item, enum rule rule)
{
	return rule_holds(item->levels->left_out, rule);
}

static double fill(const struct item *item, unsigned i)
{
	return levels_fill(item->levels, &item->see->bubbles[i]);
}

// The same for a mark lighter than this student's others: by its own ink.
static double fill_by_itself(const struct item *item, unsigned i)
{
	const struct bubble *bubble = &item->see->bubbles[i];
	return MAX(fill(item, i), bubble_share_above(bubble, levels_ink_of(item->levels, bubble)));
}

static double shade(const struct item *item, unsigned i)
{
	return item->see->bubbles[i].darkness - item->levels->blank;
}

// "B 0.81, D 0.34": the bubbles of a set, with how dark they are.
static char *name_bubbles(const struct item *item, exam_choices which)
{
	GString *text = g_string_new(NULL);
	const struct layout_item *of = &item->layout->items[item->index];
	for (unsigned i = 0; i < item->n; i++)
		if (which >> i & 1) {
			int percent = (int)(item->see->bubbles[i].darkness * 100 + 0.5f);
			g_string_append_printf(text, "%s%s %d.%02d", text->len ? ", " : "",
				layout_choice(item->layout, &item->layout->bubbles[of->first_bubble + i]),
				MAX(percent, 0) / 100, MAX(percent, 0) % 100);
		}
	return g_string_free(text, FALSE);
}

static char *named(const struct item *item, const char *what, exam_choices which)
{
	g_autofree char *names = name_bubbles(item, which);
	return g_strdup_printf("%s: %s", what, names);
}

// The bubbles of a set that something is true of.
typedef bool bubble_test(const struct item *item, unsigned i);

static exam_choices those(const struct item *item, exam_choices of, bubble_test *test)
{
	exam_choices which = 0;
	for (unsigned i = 0; i < item->n; i++)
		if (of >> i & 1 && test(item, i))
			which |= (exam_choices)1 << i;
	return which;
}

// Something large and dark lies over the bubble or reaches into it: a torn edge over a dark bed, a flap, a note.
static bool is_covered(const struct item *item, unsigned i)
{
	return item->see->around[i].covered >= COVERED;
}

static bool is_streaked(const struct item *item, unsigned i)
{
	return item->see->around[i].streak >= STREAK_DARK;
}

// A long thin line that runs through the bubble and on: nobody marks like that.
static bool is_line(const struct item *item, unsigned i)
{
	return item->see->around[i].crosses && fill(item, i) < LINE_MOST;
}

static bool is_dot(const struct item *item, unsigned i)
{
	double across = item->see->around[i].extent.inside_mm;
	return fill(item, i) >= FILL_BLANK && across > 0 && across < DOT_MM && item->see->around[i].arms == 0;
}

static bool is_graze(const struct item *item, unsigned i)
{
	const struct surroundings *around = &item->see->around[i];
	return fill(item, i) >= FILL_BLANK && fill(item, i) < SLIGHT_FILL && around->arms > 0 && !around->crosses;
}

// How far this hand spills over its rings.
static double usual_spill(const struct item *item)
{
	return MIN(item->levels->spill_mm, SPILL_MOST_MM);
}

// A mark that was filled and then crossed out: strokes run far out of the ring, on several sides, and farther than
// this hand's others do.
static bool is_struck(const struct item *item, unsigned i)
{
	const struct surroundings *around = &item->see->around[i];
	if (fill_by_itself(item, i) < STRUCK_FILL || around->arms < STRUCK_ARMS)
		return false;
	if (around->crosses) // a fold runs through and on; it has two arms of its own
		return around->arms >= STRUCK_ARMS + 2;
	double far = item->see->bubbles[i].halo < OVERFILLED ? STRUCK_MM : STRUCK_OVERFILLED_MM;
	return around->outside_mm >= MAX(far, usual_spill(item) + STRUCK_SPILL_MM);
}

// Both readers looked at every bubble; this is where they differ.
static bool readers_differ(const struct item *item, unsigned i)
{
	bool marked = item->marked >> i & 1;
	return item->see->second && item->see->second[i] == (marked ? SECOND_BLANK : SECOND_MARKED);
}

// The extremes of something over the marked bubbles.
typedef double bubble_measure_of(const struct item *item, unsigned i);

static void extremes(const struct item *item, bubble_measure_of *measure, double *least, double *most)
{
	*least = HUGE_VAL;
	*most = -HUGE_VAL;
	for (unsigned i = 0; i < item->n; i++)
		if (item->marked >> i & 1) {
			*least = MIN(*least, measure(item, i));
			*most = MAX(*most, measure(item, i));
		}
}

static double outside(const struct item *item, unsigned i)
{
	return item->see->around[i].outside_mm;
}

static double arms(const struct item *item, unsigned i)
{
	return item->see->around[i].arms;
}

static double ink(const struct item *item, unsigned i)
{
	return levels_ink_in(&item->see->bubbles[i], fill(item, i));
}

// How grey the paper between a mark's strokes is.
static double ground(const struct item *item, unsigned i)
{
	return bubble_quantile(&item->see->bubbles[i], 0.1) - item->levels->blank;
}

// The same where it can be a haze's: broad marks hide the paper.
static double haze(const struct item *item, unsigned i)
{
	return fill(item, i) >= HAZE_SURE_FILL ? 0 : ground(item, i);
}

// Of several marks, one was perhaps taken back: weaker, of paler ink, slighter (a tick or a dot beside another mark is
// hardly a second answer), or in an eraser's haze.
static bool are_unequal(const struct item *item)
{
	double least, most, clean, hazy;
	extremes(item, ink, &least, &most);
	if (least < PALER * most)
		return true;
	extremes(item, fill_by_itself, &least, &most);
	bool strokes = most < FILL_BROAD;
	if (least < SLIGHT_FILL && least < (strokes ? STROKE_OF_OTHER : SLIGHT_OF_OTHER) * most)
		return true;
	extremes(item, shade, &least, &most);
	if (least < (strokes ? STROKE_OF_OTHER : WEAKER) * most)
		return true;
	extremes(item, ground, &clean, &most);
	extremes(item, haze, &least, &hazy);
	return hazy - clean > HAZE;
}

// Of several marks, one whose strokes were carried out of its ring while another's were not.
static bool one_is_scratched(const struct item *item)
{
	double least, most, fewest_arms, most_arms;
	extremes(item, outside, &least, &most);
	extremes(item, arms, &fewest_arms, &most_arms);
	if (most < usual_spill(item) + SCRATCHED_SPILL_MM)
		return false;
	return (most_arms - fewest_arms >= SCRATCHED_ARMS && most >= SCRATCHED_REACH_MM) ||
	       most - least >= SCRATCHED_MM || (most_arms > SCRATCHED_ARMS && most >= SPILT_MM);
}

// What is there, but not by this student's pen.
static char *no_mark_reason(const struct item *item)
{
	static const struct {
		enum rule rule;
		bubble_test *test;
		bool any; // also where nothing seems to be marked
		const char *words;
	} LOOKS[] = {
		{RULE_COVERED, is_covered, false, "something dark reaches into a bubble"},
		{RULE_STREAK, is_streaked, true, "a streak of the scanner runs through"},
		{RULE_LINE, is_line, false, "a long line runs through, perhaps a fold or a streak"},
	};
	const exam_choices all = ((exam_choices)1 << item->n) - 1;
	for (size_t i = 0; i < G_N_ELEMENTS(LOOKS); i++) {
		exam_choices of = LOOKS[i].any ? all : item->marked | item->doubtful;
		exam_choices which = holds(item, LOOKS[i].rule) ? those(item, of, LOOKS[i].test) : 0;
		if (which)
			return named(item, LOOKS[i].words, which);
	}
	return NULL;
}

static char *doubtful_reason(const struct item *item)
{
	exam_choices dots = those(item, item->doubtful, is_dot), grazes = those(item, item->doubtful, is_graze);
	if (dots == item->doubtful)
		return named(item, "only a dot", dots);
	if (grazes == item->doubtful)
		return named(item, "a stroke that hardly enters", grazes);
	return named(item, "not surely filled or blank", item->doubtful);
}

static char *reason_for(const struct item *item)
{
	if (item->hidden)
		return g_strdup("a bubble cannot be seen: torn, covered or bent");
	if (item->levels->unsure)
		return g_strdup("rings hardly to be seen, or too dark around them: nothing on this page is sure");
	if (item->see->lost && holds(item, RULE_RING))
		return g_strdup("the row is not where it should be: bent, torn or covered");
	char *no_mark = no_mark_reason(item);
	if (no_mark)
		return no_mark;
	if (item->doubtful)
		return doubtful_reason(item);
	bool several = (item->marked & (item->marked - 1)) != 0;
	if (several && !item->layout->items[item->index].exam_item)
		return named(item, "more than one digit filled", item->marked);
	if (several && holds(item, RULE_UNEQUAL) && are_unequal(item))
		return named(item, "bubbles filled unequally, perhaps a change of mind", item->marked);
	if (several && holds(item, RULE_STRUCK) && one_is_scratched(item))
		return named(item, "one of the marks looks scratched out", item->marked);
	exam_choices struck = holds(item, RULE_STRUCK) ? those(item, item->marked, is_struck) : 0;
	if (struck)
		return named(item, "filled, then perhaps crossed out", struck);
	exam_choices all = ((exam_choices)1 << item->n) - 1, differ = those(item, all, readers_differ);
	if (differ && holds(item, RULE_SECOND))
		return named(item, "two ways of reading it disagree", differ);
	return NULL;
}

void decide_item(const struct layout *layout, unsigned index, const struct item_evidence *evidence,
	const struct page_levels *levels, struct answers_mark *mark, uint8_t *fill_percent)
{
	struct item item = {
		.layout = layout,
		.index = index,
		.n = layout->items[index].n_bubbles,
		.see = evidence,
		.levels = levels,
	};
	for (unsigned i = 0; i < item.n; i++) {
		enum bubble_state state = marks_state(&evidence->bubbles[i], &evidence->around[i], levels);
		exam_choices bit = (exam_choices)1 << i;
		item.marked |= state == BUBBLE_MARKED ? bit : 0;
		item.shaded |= state == BUBBLE_SHADED ? bit : 0;
		item.edged |= state == BUBBLE_EDGED ? bit : 0;
		item.doubtful |= state == BUBBLE_DOUBTFUL ? bit : 0;
		item.hidden |= state == BUBBLE_HIDDEN ? bit : 0;
		fill_percent[i] = (uint8_t)(fill(&item, i) * 100 + 0.5);
	}
	// Where nothing is marked, even the palest shade may be the answer.
	if (!item.marked)
		item.doubtful |= item.shaded;
	if (!item.marked || !levels->shows_through)
		item.doubtful |= item.edged;
	mark->marked = item.marked;
	mark->reason = reason_for(&item);
	mark->review = mark->reason != NULL;
}
