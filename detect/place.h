// SPDX-License-Identifier: GPL-3.0-or-later
// Writes down where a registered sheet lies on its scan, for those who come later with nothing but the file. Knows a
// registration and the mesh it becomes (sheet/placement.h).
#ifndef SHEAF_DETECT_PLACE_H
#define SHEAF_DETECT_PLACE_H

#include "detect/align.h"
#include "detect/registration.h"
#include "detect/source.h"
#include "sheet/placement.h"

// The registration is of the page reduced by factor; the placement is of all its pixels. NULL if the map leads far off
// the image, which no sheet on a scan does. The caller frees it.
struct placement *place_sheet(const struct layout *layout, const struct registration *registration, int factor,
	const struct page_source *page);

// Adds the shifts of a page's rows; shifts is by item of the layout.
void place_rows(
	struct placement *placement, const struct layout *layout, const struct align_shift *shifts, unsigned page);

#endif
