// SPDX-License-Identifier: GPL-3.0-or-later
// Decides what the student meant by one item, or flags it with its reason. Knows the item's bubbles and what else was
// seen of them; no pixels and no points.
#ifndef SHEAF_DETECT_DECIDE_H
#define SHEAF_DETECT_DECIDE_H

#include "detect/bubbles.h"
#include "detect/levels.h"
#include "detect/second.h"
#include "detect/surroundings.h"
#include "sheet/answers.h"
#include "sheet/layout.h"

// All that is known of an item's bubbles, by choice. second may be NULL.
struct item_evidence {
	const struct bubble *bubbles;
	const struct surroundings *around;
	const enum second_says *second;
	bool lost; // the row's rings are not where they should be
};

// mark->item is the caller's; mark->reason is newly allocated where something is not sure. fill_percent takes one for
// each of the item's bubbles.
void decide_item(const struct layout *layout, unsigned item, const struct item_evidence *evidence,
	const struct page_levels *levels, struct answers_mark *mark, uint8_t *fill_percent);

#endif
