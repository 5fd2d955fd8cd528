// SPDX-License-Identifier: GPL-3.0-or-later
// What is usual on one page, taken from all its bubbles: how dark an empty ring is, how dark this student's pen, how
// dark the print, how far this hand spills. Knows one page; decides nothing.
#ifndef SHEAF_DETECT_LEVELS_H
#define SHEAF_DETECT_LEVELS_H

#include "detect/bubbles.h"
#include "detect/surroundings.h"

struct page_levels {
	double blank; // darkness of its unmarked bubbles: noise, bleed-through, what is left of the form; 0.1 at most
	double grain; // how far the darkest twentieth of a blank bubble usually is above its mean: noise, print
	double pen;   // darkness of this student's pen or pencil
	double full;  // darkness of this student's plainly filled rings, 0 where too few are
	double ring;  // darkness of the form's rings, of the best tenth
	double usual_ring; // of half of them
	double arc;      // the same of their faintest thirds; 0 where the scan shows them too unevenly to judge any by
	double spill_mm; // how far this student's marks usually reach beyond their rings
	bool ringless;   // the scanner lost so many of the rings that nothing can be said by them
	bool faint;      // most of what is drawn on the page is lighter than what makes a mark elsewhere
	bool shows_through; // the other side's marks do, so much that they shade rings (detect/marks.h)
	bool unsure;        // even its blank bubbles are darker than that: something is wrong with the whole page
	unsigned left_out;  // set of rules (detect/rules.h) that a measurement does without; 0 otherwise
};

// The levels of a page from its n bubbles, with no rule left out; spill_mm and shows_through are not known yet.
struct page_levels levels_of(const struct bubble *bubbles, unsigned n);

// Adds spill_mm from what is around the same bubbles; those of blank bubbles do not matter.
void levels_add_spill(
	struct page_levels *levels, const struct bubble *bubbles, const struct surroundings *around, unsigned n);

// The darkness from which something counts as ink on this page.
double levels_ink(const struct page_levels *levels);

// The same around one bubble: strokes that belong to a mark lighter than this student's others are seen all the same.
double levels_ink_of(const struct page_levels *levels, const struct bubble *bubble);

// What is darker than this on a printed letter's strokes is no print.
double levels_over_letter(const struct page_levels *levels);

// Whether this pen is so pale that a printed letter hides what it drew across it.
bool levels_letter_hides(const struct page_levels *levels);

// False where the scan shows no rings or too few, as bilevel scans may; then nothing can be said of bubbles by theirs.
bool levels_shows_rings(const struct page_levels *levels);

// Whether the page shows nothing between paper and ink, as black and white scans do.
bool levels_are_solid(const struct page_levels *levels);

// How dark the inked part of a bubble is, which is so much of it.
double levels_ink_in(const struct bubble *bubble, double fill);

// How much of a bubble is inked, 0 to 1: the share of samples at least half as dark as this student's pen.
double levels_fill(const struct page_levels *levels, const struct bubble *bubble);

// How much darker than its surroundings a bubble is: what a haze, a shadow or the other side of the paper adds inside
// and outside of the ring alike does not count.
double levels_lift(const struct page_levels *levels, const struct bubble *bubble);

#endif
