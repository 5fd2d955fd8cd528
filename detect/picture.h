// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that the detector hands out: a canvas of cairo as a PNG file's bytes, and where those go.
#ifndef SHEAF_DETECT_PICTURE_H
#define SHEAF_DETECT_PICTURE_H

#include <cairo.h>
#include <stddef.h>
#include <stdint.h>

// Takes one picture: a name such as "1-anchors.png", and the PNG's bytes, borrowed.
typedef void picture_sink(void *data, const char *name, const uint8_t *png, size_t size);

// Hands the picture over. Nothing is if it cannot be made, for lack of memory.
void picture_send(cairo_surface_t *surface, const char *name, picture_sink *sink, void *data);

// A pixel of CAIRO_FORMAT_RGB24.
static inline uint32_t picture_grey(uint32_t grey)
{
	return grey << 16 | grey << 8 | grey;
}

#endif
