// SPDX-License-Identifier: GPL-3.0-or-later
// What goes on around a bubble that is not blank: does its ink run on as a long thin line (a fold, a scanner's streak),
// does much of it stand outside of the ring (scratched out)? Knows ink and shape; decides nothing.
#ifndef SHEAF_DETECT_SURROUNDINGS_H
#define SHEAF_DETECT_SURROUNDINGS_H

#include <stdbool.h>

#include "detect/bubbles.h"

struct surroundings {
	struct bubble_extent extent; // of the ink within the ring
	double outside_mm;           // how far ink that is joined to the bubble's reaches beyond the ring
	unsigned arms;               // into how many separate directions it does so by half a millimetre
	double span_mm;              // from end to end of all that ink
	double covered;              // share of the whole neighbourhood that this ink covers
	double streak; // darkness of a scanner's streak that touches the bubble; 0: none (detect/streaks.h)
	bool crosses;  // it leaves the neighbourhood on two sides: longer than any stroke of a student's mark
};

// Looks around the bubble printed at point. level is the darkness, 0 to 1 of the printed black, from which something
// counts as ink. extent and streak are the caller's to fill.
struct surroundings surroundings_look(const struct registration *registration, const struct grey_view *image,
	const struct paper_map *paper, struct sheet_point point, double level);

#endif
