// SPDX-License-Identifier: GPL-3.0-or-later
// Each bubble is blank, marked or doubtful by two measures that fail in different ways. The fill counts samples at
// least half as dark as the student's own pen elsewhere on the page: it sees thin strokes (a tick, a cross) and
// overlooks the haze that an erasure leaves. The darkness is the mean over the disc: it sees an even, faint pencil, and
// overlooks specks. A bubble is marked if either says so, blank only if both do, and doubtful between: a doubt is never
// decided here.
#include "detect/marks.h"

#include <limits.h>
#include <math.h>
#include <string.h>

// A line of 1 mm across the bubble (VVSG 2.0, 1.1.6-H) covers 0.37 of the disc; a thin tick's strokes of 0.5 mm, 4 mm
// of them within, cover 0.25. Less than half of that tick is not surely meant.
#define FILL_MARK 0.16
// Specks and the edge of a neighbour's stroke stay below; a pen point set down and lifted (0.7 mm) is 0.05.
#define FILL_BLANK 0.05
// The strokes of a mark are about as dark as this pen's filling; blurring takes up to a quarter from the thinnest. What
// an eraser leaves of strokes is lighter.
#define STROKE_OF_PEN 0.70
// The faintest even pencil that counts (paper 243, mark 175, printed black 30) is 0.32 dark; erasures leave up to 0.2.
#define DARKNESS_MARK 0.22
// A haze much lighter than this student's own pen is no mark of that pen: it may be what an eraser left.
#define DARKNESS_MARK_OF_PEN 0.35
#define DARKNESS_BLANK 0.09
// Of two marks in one item: lighter than this share of the other, it may have been taken back.
#define WEAKER 0.60
// Less than FILL_MARK is a mark if it is a stroke: longer than three quarters of the disc, and through its middle,
// where what only grazes the bubble does not come.
#define STROKE_FILL 0.10
#define STROKE_MM 2.4
#define STROKE_OFF_MM 0.5
// A dot is smaller than half the bubble both ways; 1.8 mm across, it would cover 0.34 of the disc.
#define DOT_MM 1.8
#define DOT_FILL 0.35
#define SLIGHT_OF_OTHER 0.70
#define SLIGHT_FILL 0.30 // of several marks in one item, less than a cross or a line covers
// A pen is judged from bubbles at least this dark.
#define PEN_SEEN 0.25
#define PEN_BUBBLES 3
#define PEN_STROKE 0.20   // darkest twentieth of a bubble that a stroke runs through
#define PEN_FAINTEST 0.30 // see DARKNESS_MARK: what is lighter is no pencil, but what an eraser left
#define PEN_UNSEEN 0.50   // assumed where no bubble is marked
#define BLANK_MOST 0.10   // more is not a page's usual haze, and may hide marks
// A ring fainter than this share of the page's rings is not there: torn off, covered, or not registered.
#define RING_SEEN 0.30
// Ink that leaves the neighbourhood on two sides is a fold, a streak or a stroke through the whole row, unless it fills
// more of the disc than a line can: 1 mm wide, a line covers 0.41 of it at most.
#define LINE_MOST 0.45
// Strokes that scratch a mark out leave its ring on several sides, and farther than those that filled the other one.
#define SCRATCHED_ARMS 2        // more than the other
#define SCRATCHED_REACH_MM 0.55 // the ragged edge of a mark no broader than its ring stays below
#define SCRATCHED_MM 0.28
#define SPILT_MM 0.75 // so far out in several places, either may be crossed out, however the other one looks
// A lone mark is taken for crossed out if its disc is full and strokes leave its ring in up to five places, as the arms
// of a cross do (one perhaps split), well out but not so far that a fold or a streak must have joined in; and if this
// hand stays near its rings elsewhere on the page. A hand that always spills fills in more places.
#define STRUCK_ARMS_MOST 5
#define STRUCK_MM 0.65
#define STRUCK_MM_MOST 2.0
#define STRUCK_FILL 0.85
#define STEADY_MM 0.35
// The neighbourhood is 13 mm wide. Two marks run together, both filled well beyond their rings, cover 0.18 of it.
#define COVERED 0.22
// Darker than half of the page's paper, it is no paper of this page.
#define PAPER_SEEN 0.55
// Letters are printed like rings, whose darkness is the mean along a blurred line; a letter's crossings are up to twice
// that.
#define LETTER_OF_RING 2.2
#define LETTER_LEAST 0.50
#define LETTER_BLANK 0.05 // of the disc, as FILL_BLANK
#define RING_PRINTED 0.06 // rings are judged only where the scanner shows them at all: bilevel scans may drop grey

enum bubble_state { BUBBLE_BLANK, BUBBLE_MARKED, BUBBLE_DOUBTFUL, BUBBLE_HIDDEN };

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

struct page_levels marks_levels(const struct bubble *bubbles, unsigned n)
{
	g_autofree double *values = g_new(double, MAX(n, 1));
	struct page_levels levels = {0};
	unsigned measured = 0, unmarked = 0;
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0)
			values[measured++] = bubbles[i].darkness;
	// A quarter of a page's bubbles are always blank, or the sheet is beyond reading by rows.
	levels.blank = MIN(quantile(values, measured, 0.25), BLANK_MOST);
	levels.pen = pen_of(bubbles, n, levels.blank, values);
	// The better half of the unmarked bubbles shows how dark rings are where they are well aligned.
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubbles[i].darkness - levels.blank < DARKNESS_BLANK)
			values[unmarked++] = bubbles[i].ring;
	levels.ring = quantile(values, unmarked, 0.75);
	return levels;
}

void marks_levels_add_spill(
	struct page_levels *levels, const struct bubble *bubbles, const struct surroundings *around, unsigned n)
{
	g_autofree double *values = g_new(double, MAX(n, 1));
	unsigned marked = 0;
	for (unsigned i = 0; i < n; i++)
		if (bubbles[i].n > 0 && bubbles[i].darkness - levels->blank >= DARKNESS_MARK)
			values[marked++] = around[i].outside_mm;
	levels->spill_mm = quantile(values, marked, 0.5);
}

double marks_ink_level(const struct page_levels *levels)
{
	return MAX(levels->pen / 2, levels->blank + DARKNESS_BLANK);
}

double marks_fill(const struct bubble *bubble, const struct page_levels *levels)
{
	return bubble_share_above(bubble, marks_ink_level(levels));
}

bool marks_shows_rings(const struct page_levels *levels)
{
	return levels->ring >= RING_PRINTED;
}

// A thin stroke, drawn through the middle with this student's pen.
static bool is_stroke(const struct bubble *bubble, const struct surroundings *around, const struct page_levels *levels)
{
	return marks_fill(bubble, levels) >= STROKE_FILL && around->span_mm >= STROKE_MM &&
	       around->nearest_mm <= STROKE_OFF_MM && !around->crosses;
}

// Ink on the letter's strokes that is darker than the form's own ink, which the rings show.
static bool hides_under_letter(const struct bubble *bubble, const struct page_levels *levels)
{
	double level = MAX(marks_ink_level(levels), LETTER_OF_RING * levels->ring);
	return bubble_letter_share_above(bubble, MAX(level, LETTER_LEAST)) >= LETTER_BLANK;
}

static enum bubble_state state_of(
	const struct bubble *bubble, const struct surroundings *around, const struct page_levels *levels)
{
	if (!bubble->on_page || bubble->paper < PAPER_SEEN)
		return BUBBLE_HIDDEN;
	double fill = marks_fill(bubble, levels), darkness = bubble->darkness - levels->blank;
	if (darkness >= MAX(DARKNESS_MARK, DARKNESS_MARK_OF_PEN * levels->pen))
		return BUBBLE_MARKED;
	bool beside = fill < SLIGHT_FILL && around->nearest_mm > STROKE_OFF_MM;
	bool enough = (fill >= FILL_MARK && !beside) || is_stroke(bubble, around, levels);
	if (enough && bubble_quantile(bubble, 1 - fill / 2) >= STROKE_OF_PEN * levels->pen)
		return BUBBLE_MARKED;
	if (fill >= FILL_BLANK || darkness >= DARKNESS_BLANK || hides_under_letter(bubble, levels))
		return BUBBLE_DOUBTFUL;
	return marks_shows_rings(levels) && bubble->ring < RING_SEEN * levels->ring ? BUBBLE_HIDDEN : BUBBLE_BLANK;
}

bool marks_is_blank(const struct bubble *bubble, const struct page_levels *levels)
{
	const struct surroundings none = {0};
	return state_of(bubble, &none, levels) == BUBBLE_BLANK;
}

// A long thin line that runs through the bubble and on: nobody marks like that.
static bool is_line(const struct bubble *bubble, const struct surroundings *around, const struct page_levels *levels)
{
	return around->crosses && marks_fill(bubble, levels) < LINE_MOST;
}

// A single mark that is filled and carried out of its ring as crossing out does, by a hand that otherwise stays inside.
static bool is_struck(const struct bubble *bubbles, const struct surroundings *around, unsigned n, exam_choices marked,
	const struct page_levels *levels)
{
	if (levels->spill_mm > STEADY_MM)
		return false;
	for (unsigned i = 0; i < n; i++)
		if (marked >> i & 1 && around[i].arms >= 1 && around[i].arms <= STRUCK_ARMS_MOST &&
			around[i].outside_mm >= STRUCK_MM && around[i].outside_mm <= STRUCK_MM_MOST &&
			marks_fill(&bubbles[i], levels) >= STRUCK_FILL)
			return true;
	return false;
}

// A pen set down and lifted, however hard: a tick or a line is longer.
static bool is_dot(const struct bubble *bubble, const struct surroundings *around, const struct page_levels *levels)
{
	return marks_fill(bubble, levels) < DOT_FILL && around->span_mm < DOT_MM;
}

// Something large and dark lies over the bubble or reaches into it: a torn edge over a dark bed, a flap, a note.
static bool is_covered(const struct surroundings *around)
{
	return around->covered >= COVERED;
}

// Among several marks, one whose strokes were carried out of its ring while another's were not.
static bool one_is_scratched(const struct surroundings *around, unsigned n, exam_choices marked)
{
	double least = HUGE_VAL, most = 0;
	unsigned fewest = UINT_MAX, arms = 0;
	for (unsigned i = 0; i < n; i++)
		if (marked >> i & 1) {
			least = MIN(least, around[i].outside_mm);
			most = MAX(most, around[i].outside_mm);
			arms = MAX(arms, around[i].arms);
			fewest = MIN(fewest, around[i].arms);
		}
	return (arms - fewest >= SCRATCHED_ARMS && most >= SCRATCHED_REACH_MM) || most - least >= SCRATCHED_MM ||
	       (arms > SCRATCHED_ARMS && most >= SPILT_MM);
}

// "B 0.81, D 0.34": the bubbles in a set of states, with how dark they are.
static char *name_bubbles(const struct layout *layout, unsigned item, const struct bubble *bubbles, exam_choices which)
{
	GString *text = g_string_new(NULL);
	const struct layout_item *of = &layout->items[item];
	for (unsigned i = 0; i < of->n_bubbles; i++)
		if (which >> i & 1) {
			int percent = (int)(bubbles[i].darkness * 100 + 0.5f);
			g_string_append_printf(text, "%s%s %d.%02d", text->len ? ", " : "",
				layout_choice(layout, &layout->bubbles[of->first_bubble + i]), percent / 100,
				percent % 100);
		}
	return g_string_free(text, FALSE);
}

static char *named(
	const char *what, const struct layout *layout, unsigned item, const struct bubble *bubbles, exam_choices which)
{
	g_autofree char *names = name_bubbles(layout, item, bubbles, which);
	return g_strdup_printf("%s: %s", what, names);
}

static bool one_is_weaker(
	const struct bubble *bubbles, unsigned n, exam_choices marked, const struct page_levels *levels)
{
	double least = 2, most = 0;
	for (unsigned i = 0; i < n; i++)
		if (marked >> i & 1) {
			least = MIN(least, bubbles[i].darkness - levels->blank);
			most = MAX(most, bubbles[i].darkness - levels->blank);
		}
	return least < WEAKER * most;
}

// A tick or a dot beside another mark is hardly a second answer.
static bool one_is_slight(
	const struct bubble *bubbles, unsigned n, exam_choices marked, const struct page_levels *levels)
{
	double least = 1, most = 0;
	for (unsigned i = 0; i < n; i++)
		if (marked >> i & 1) {
			least = MIN(least, marks_fill(&bubbles[i], levels));
			most = MAX(most, marks_fill(&bubbles[i], levels));
		}
	return least < SLIGHT_FILL && least < SLIGHT_OF_OTHER * most;
}

static char *reason_for(const struct layout *layout, unsigned item, const struct bubble *bubbles,
	const struct surroundings *around, const struct page_levels *levels, const exam_choices in_state[4])
{
	unsigned n = layout->items[item].n_bubbles;
	exam_choices marked = in_state[BUBBLE_MARKED], doubtful = in_state[BUBBLE_DOUBTFUL];
	bool several = (marked & (marked - 1)) != 0;
	if (in_state[BUBBLE_HIDDEN])
		return g_strdup("a bubble cannot be seen: torn, covered or bent");
	for (unsigned i = 0; i < n; i++)
		if ((marked | doubtful) >> i & 1 && is_covered(&around[i]))
			return named("something dark reaches into a bubble", layout, item, bubbles, 1u << i);
	for (unsigned i = 0; i < n; i++)
		if ((marked | doubtful) >> i & 1 && is_line(&bubbles[i], &around[i], levels))
			return named(
				"a long line runs through, perhaps a fold or a streak", layout, item, bubbles, 1u << i);
	for (unsigned i = 0; i < n; i++)
		if (marked >> i & 1 && is_dot(&bubbles[i], &around[i], levels))
			return named("only a dot", layout, item, bubbles, 1u << i);
	if (doubtful)
		return named("not surely filled or blank", layout, item, bubbles, doubtful);
	if (several && !layout->items[item].exam_item)
		return named("more than one digit filled", layout, item, bubbles, marked);
	if (several && (one_is_weaker(bubbles, n, marked, levels) || one_is_slight(bubbles, n, marked, levels)))
		return named("bubbles filled unequally, perhaps a change of mind", layout, item, bubbles, marked);
	if (several && one_is_scratched(around, n, marked))
		return named("one of the marks looks scratched out", layout, item, bubbles, marked);
	if (is_struck(bubbles, around, n, marked, levels))
		return named("filled, then perhaps crossed out", layout, item, bubbles, marked);
	return NULL;
}

void marks_decide(const struct layout *layout, unsigned item, const struct bubble *bubbles,
	const struct surroundings *around, const struct page_levels *levels, struct answers_mark *mark)
{
	unsigned n = layout->items[item].n_bubbles;
	exam_choices in_state[4] = {0};
	for (unsigned i = 0; i < n; i++) {
		in_state[state_of(&bubbles[i], &around[i], levels)] |= (exam_choices)1 << i;
		mark->fill_percent[i] = (uint8_t)(marks_fill(&bubbles[i], levels) * 100 + 0.5);
	}
	mark->marked = in_state[BUBBLE_MARKED];
	mark->reason = reason_for(layout, item, bubbles, around, levels, in_state);
	mark->review = mark->reason != NULL;
}
