// SPDX-License-Identifier: GPL-3.0-or-later
// Draws what the detector saw, a picture a step, over the page itself: for whoever must trust a reading, or mend one.
// Draws only; decides nothing.
#ifndef SHEAF_DETECT_EXPLAIN_H
#define SHEAF_DETECT_EXPLAIN_H

#include "detect/grey.h"
#include "detect/page.h"
#include "detect/picture.h"
#include "sheet/answers.h"
#include "sheet/layout.h"

// Draws the steps that a page went through: 1-anchors, 2-fit, 3-samples, 4-decisions; fewer where reading ended
// earlier.
void explain_page(const struct layout *layout, const struct grey_view *image, const struct page_trace *trace,
	const struct answers *answers, picture_sink *sink, void *data);

#endif
