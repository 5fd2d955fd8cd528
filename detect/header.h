// SPDX-License-Identifier: GPL-3.0-or-later
// The head of a sheet, cut out of a scan and turned upright: where the name stands, for whoever must find the student
// when no code can be read. Cuts only; reads nothing.
#ifndef SHEAF_DETECT_HEADER_H
#define SHEAF_DETECT_HEADER_H

#include "detect/grey.h"
#include "detect/picture.h"
#include "sheet/layout.h"
#include "sheet/placement.h"

#define HEADER_PICTURE "header.png" // its name to the sink

// image: the page at any size; the placement may be on another size of it.
void header_draw(const struct layout *layout, const struct grey_view *image, const struct placement *placement,
	picture_sink *sink, void *data);

#endif
