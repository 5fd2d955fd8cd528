// SPDX-License-Identifier: GPL-3.0-or-later
// Aligns rows of bubbles by their own rings, where the anchors at the edges could not tell what the paper did in
// between. Knows rings; no marks.
#ifndef SHEAF_DETECT_ALIGN_H
#define SHEAF_DETECT_ALIGN_H

#include <stdbool.h>

#include "detect/bubbles.h"

// How far a row lies from where the registration puts it, on the sheet.
struct align_shift {
	int32_t dx_um, dy_um;
};

// What is looked at.
struct align_view {
	const struct layout *layout;
	const struct registration *registration;
	const struct grey_view *image;
	const struct paper_map *paper;
	double ring; // how dark the page's rings are where they are seen well
};

// True if the rings of an item (ring is their mean darkness as measured) stand out too little to be where they are
// looked for.
bool align_is_needed(double ring, double page_ring);

// Aligns the rows of one page. The view is copied; what it leads to stays borrowed. The caller frees it.
struct aligner;
struct aligner *aligner_new(const struct align_view *view);
void aligner_free(struct aligner *aligner); // accepts NULL

// Looks for the rings of an item, together with the rows next to it. False, *shift zero, if they are not found either.
// Quickest if items come in their order.
bool align_item(struct aligner *aligner, unsigned item, struct align_shift *shift);

#endif
