// SPDX-License-Identifier: GPL-3.0-or-later
// One page image to its answers: the way through this room. image -> registered page -> identity -> bubbles -> marks.
#ifndef SHEAF_DETECT_PAGE_H
#define SHEAF_DETECT_PAGE_H

#include "detect/align.h"
#include "detect/bubbles.h"
#include "detect/grey.h"
#include "detect/identity.h"
#include "detect/levels.h"
#include "detect/registration.h"
#include "detect/source.h"
#include "sheet/answers.h"
#include "sheet/layout.h"

// All that reading pages of one layout needs again and again. Not for two threads at once.
struct detector;

struct detector *detector_new(const struct layout *layout); // the layout outlives it
void detector_free(struct detector *detector);              // accepts NULL

// Leaves rules out (a set of detect/rules.h), to measure what they are there for. None are unless this is called.
void detector_leave_out(struct detector *detector, unsigned rules);

// What was found on the way, for showing it (detect/explain.h). Filled as far as reading got.
struct page_trace {
	int factor; // the working image is the page reduced by this
	bool registered;
	struct registration registration; // in pixels of the working image
	unsigned page;                    // 0: identity not known
	bool walk_in;
	struct page_levels levels;
	struct surroundings *around; // by bubble; all zeros where nothing stands out
	struct bubble *bubbles;      // those of the layout, by index; n is 0 where not measured
	struct align_shift *shifts;  // by item: how far its row was found from its place
};

void page_trace_clear(struct page_trace *trace);

// Reads a page. Always returns answers: read, blank, or an exception that says why. The caller frees them. trace may be
// NULL; otherwise the caller clears it.
struct answers *detect_page(struct detector *detector, const struct grey_view *image, struct page_trace *trace);

// The same of a page that is at hand reduced. Of how many pixels, along its longer side, is told by detect_enough_px.
struct answers *detect_source(struct detector *detector, struct page_source *source, struct page_trace *trace);

// A page reduced by a whole factor, and no further than to so many pixels along its longer side, is read as well as one
// with more.
int detect_enough_px(const struct layout *layout);

#endif
