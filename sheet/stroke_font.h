// SPDX-License-Identifier: GPL-3.0-or-later
// The letters inside the rings, as single strokes of our own. Reading has to know the form's own ink to the last
// stroke, on every machine alike, so these letters never depend on the fonts that are installed. Knows ASCII letters,
// digits and a few signs; everything else on the sheet is set by Pango.
#ifndef SHEAF_SHEET_STROKE_FONT_H
#define SHEAF_SHEET_STROKE_FONT_H

#include <stdbool.h>
#include <stdint.h>

// The longest label that fits into a ring.
#define STROKE_MAX_CHARS 3
// Width of the pen that draws the strokes.
#define STROKE_PEN_UM 180

// One straight stroke, in micrometres from the ring's centre, y downwards.
struct stroke {
	int32_t x0_um, y0_um, x1_um, y1_um;
};

#define STROKE_MAX (STROKE_MAX_CHARS * 24)

// True if the label can be drawn inside a ring.
bool stroke_label_fits(const char *label);

// The strokes of a label that fits, centred on the ring. Returns their number, at most STROKE_MAX.
unsigned stroke_label(const char *label, struct stroke strokes[STROKE_MAX]);

#endif
