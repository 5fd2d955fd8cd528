// SPDX-License-Identifier: GPL-3.0-or-later
// Decides what the student meant: measured bubbles to marks, or to a flag with its reason. Everything that counts as a
// mark is a number here, with its reason. Knows no pixels and no points.
#ifndef SHEAF_DETECT_MARKS_H
#define SHEAF_DETECT_MARKS_H

#include "detect/bubbles.h"
#include "detect/surroundings.h"
#include "sheet/answers.h"
#include "sheet/layout.h"

// What is usual on this page, taken from all its bubbles.
struct page_levels {
	double blank;    // darkness of its unmarked bubbles: noise, bleed-through, what is left of the form
	double pen;      // darkness of this student's pen or pencil
	double ring;     // darkness of the form's rings
	double spill_mm; // how far this student's marks usually reach beyond their rings
};

// The levels of a page from its n bubbles; spill_mm is not known yet.
struct page_levels marks_levels(const struct bubble *bubbles, unsigned n);

// Adds spill_mm from what is around the same bubbles; those of blank bubbles do not matter.
void marks_levels_add_spill(
	struct page_levels *levels, const struct bubble *bubbles, const struct surroundings *around, unsigned n);

// How much of a bubble is inked, 0 to 1: the share of samples at least half as dark as this student's pen.
double marks_fill(const struct bubble *bubble, const struct page_levels *levels);

// The darkness from which something counts as ink on this page.
double marks_ink_level(const struct page_levels *levels);

// False where the scan shows no rings, as bilevel scans may; then nothing can be said of bubbles by their rings.
bool marks_shows_rings(const struct page_levels *levels);

// True if a bubble is surely blank: its surroundings need not be looked at.
bool marks_is_blank(const struct bubble *bubble, const struct page_levels *levels);

// Decides one item from its bubbles and what is around them (bubbles[0] and around[0] are its first choice's).
// mark->item is the caller's; mark->reason is newly allocated where something is not sure.
void marks_decide(const struct layout *layout, unsigned item, const struct bubble *bubbles,
	const struct surroundings *around, const struct page_levels *levels, struct answers_mark *mark);

#endif
