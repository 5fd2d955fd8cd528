// SPDX-License-Identifier: GPL-3.0-or-later
// First what is surely a mark or surely none by its extent alone; then strokes, which must not be taken for a letter
// that is printed broad, nor for an outline that lies elsewhere. The measures are of area and place: how much of the
// disc is broad ink, how far round the rim is inked.
#include "tests/real/shape.h"

#define RIM_INKED_CLEAN 0.03 // share of the rim: specks, and what the outline's place may be wrong
// Broad ink over half of the disc: filled, whatever the form prints. Half of that may be a large dot.
#define SOLID_FILLED 0.50
#define SOLID_RIM 0.34 // of black: lest a letter make it out of the haze that an eraser leaves
#define SECTORS_FILLED (FOREIGN_SECTORS / 2)
// Strokes: a line through the bubble inks two sectors of the rim or more and a tenth of it.
#define STROKE_INKED 0.10
#define STROKE_SECTORS 2
#define STROKE_DARK 0.50 // of black: what an eraser leaves is lighter, and so is what bleeds in from a blurred outline
// Where letters are printed, both its ends come near the outline, so many sectors apart.
#define STROKE_SPREAD 5
#define STROKE_DISC 0.15 // of black: mean over the disc
// Where letters are printed: so much less dark near the outline than in the middle, letter aside, it may be a dot.
#define RIM_OF_SURPLUS 0.50
#define STROKE_OUTLINE 0.30 // how plainly the outline must be seen, lest it be taken for a stroke
// A letter as usual, in units of the page's.
#define LETTER_PEAK_MOST 1.35
#define LETTER_BLOT_MOST 1.65
#define LETTER_MEAN_MOST 1.5
#define LETTER_MEAN_SLACK 0.08
#define LETTER_NONE_PEAK 0.25 // of the outline's darkness: more is a dot
// A page whose outlines nobody sees, and whose middles are nearly all solid: all its bubbles are filled.
#define CORES_MOST 0.8
#define CORES_PAGE 4
// A blot over most of the bubble's whole radius is a filled bubble, whatever its outline; a dot is far smaller.
#define BROAD_FILLED 0.55
#define NOTHING 0.06 // of the paper: not even an outline

static enum reading flagged(const char **reason, const char *why)
{
	*reason = why;
	return READING_FLAGGED;
}

static enum reading read_without_outline(
	const struct foreign_bubble *bubble, const struct foreign_page *page, const char **reason)
{
	bool solid = foreign_core_is_solid(bubble);
	if (bubble->darkest <= NOTHING)
		return READING_EMPTY;
	if (solid && bubble->broad >= BROAD_FILLED)
		return READING_FILLED;
	if (solid && page->n >= CORES_PAGE && page->cores >= CORES_MOST)
		return READING_FILLED;
	return flagged(reason, "the printed outline cannot be seen");
}

static bool is_clean(const struct foreign_bubble *bubble)
{
	return foreign_rim_is_clean(bubble) && bubble->rim_inked <= RIM_INKED_CLEAN;
}

static enum reading read_letter(
	const struct foreign_bubble *bubble, const struct foreign_page *page, const char **reason)
{
	double ring = MAX(bubble->ring, FOREIGN_RING_LEAST);
	if (bubble->letter <= FOREIGN_LETTER_NONE * ring && bubble->letter_peak <= LETTER_NONE_PEAK * ring)
		return READING_EMPTY;
	if (foreign_core_is_solid(bubble))
		return flagged(reason, "solid in the middle, as no letter is");
	if (page->letterless)
		return flagged(reason, "something small in the middle");
	if (!page->lettered)
		return flagged(reason, "a printed letter, or a mark? too few bubbles of this form to tell");
	if (bubble->letter_peak > LETTER_PEAK_MOST * page->letter_peak * ring ||
		bubble->letter_blot > LETTER_BLOT_MOST * page->letter_blot * ring ||
		bubble->letter > (LETTER_MEAN_MOST * page->letter + LETTER_MEAN_SLACK) * ring)
		return flagged(reason, "darker in the middle than this form's letters");
	return READING_EMPTY;
}

enum reading shape_read(const struct foreign_bubble *bubble, const struct foreign_page *page, const char **reason)
{
	if (bubble->dark_around)
		return flagged(reason, "something dark all around");
	if (!bubble->outline_known)
		return read_without_outline(bubble, page, reason);
	if (is_clean(bubble))
		return read_letter(bubble, page, reason);
	double surplus = bubble->letter - (page->lettered ? page->letter * bubble->ring : 0);
	if (!page->letterless && bubble->rim < RIM_OF_SURPLUS * surplus)
		return flagged(reason, "dark in the middle only");
	bool rim_filled = page->letterless || bubble->rim >= SOLID_RIM * bubble->black;
	if (bubble->disc_solid >= SOLID_FILLED && bubble->rim_sectors >= SECTORS_FILLED && rim_filled)
		return READING_FILLED;
	if (bubble->outline_seen < STROKE_OUTLINE)
		return flagged(reason, "neither broad nor clean, and the printed outline cannot be seen");
	bool far_enough = page->letterless || bubble->rim_spread >= STROKE_SPREAD;
	if (bubble->rim_darkest >= STROKE_DARK * bubble->black && bubble->rim_inked >= STROKE_INKED &&
		bubble->rim_sectors >= STROKE_SECTORS && far_enough && bubble->disc >= STROKE_DISC * bubble->black)
		return READING_FILLED;
	return flagged(reason, "some ink, but neither broad nor a stroke");
}
