// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/picture.h"

#include <glib.h>

static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned length)
{
	g_byte_array_append(closure, data, length);
	return CAIRO_STATUS_SUCCESS;
}

void picture_send(cairo_surface_t *surface, const char *name, picture_sink *sink, void *data)
{
	g_autoptr(GByteArray) png = g_byte_array_new();
	if (cairo_surface_write_to_png_stream(surface, append_bytes, png) == CAIRO_STATUS_SUCCESS)
		sink(data, name, png->data, png->len);
}
