// SPDX-License-Identifier: GPL-3.0-or-later
// Decides what each bubble is: blank, marked, or not sure. Every number is in detect/thresholds.h, with its reason.
// Knows measured bubbles; no pixels, no items and no points.
#ifndef SHEAF_DETECT_MARKS_H
#define SHEAF_DETECT_MARKS_H

#include "detect/bubbles.h"
#include "detect/levels.h"
#include "detect/surroundings.h"

enum bubble_state {
	BUBBLE_BLANK,
	BUBBLE_SHADED, // a pale even shade: beside a mark, it is blank
	BUBBLE_EDGED,  // one that ends at the ring: blank beside a mark, if the other side shows through on this page
	BUBBLE_MARKED,
	BUBBLE_DOUBTFUL, // something is there, and a careful person would look twice
	BUBBLE_HIDDEN,   // the ring itself cannot be seen
};

// Decides one bubble from its samples, what is around it and what is usual on its page.
enum bubble_state marks_state(
	const struct bubble *bubble, const struct surroundings *around, const struct page_levels *levels);

// True if a bubble is surely blank: its surroundings need not be looked at.
bool marks_is_blank(const struct bubble *bubble, const struct page_levels *levels);

// Whether so many of a page's n bubbles have a pale even shade that it must be the other side's marks showing through.
bool marks_show_through(const struct bubble *bubbles, unsigned n, const struct page_levels *levels);

#endif
