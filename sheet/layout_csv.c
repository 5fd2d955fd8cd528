// SPDX-License-Identifier: GPL-3.0-or-later
// The layout as a table for people and other programs. Written by integers, so that no locale or floating point can
// change a byte: the fingerprint is taken over this text.
#include <string.h>

#include "sheet/layout.h"

static void append_mm(GString *csv, int32_t um)
{
	g_string_append_printf(csv, ",%s%d.%03d", um < 0 ? "-" : "", abs(um) / 1000, abs(um) % 1000);
}

// Quoted only where RFC 4180 asks for it.
static void append_cell(GString *csv, const char *text)
{
	g_string_append_c(csv, ',');
	if (!strpbrk(text, ",\"\r\n")) {
		g_string_append(csv, text);
		return;
	}
	g_string_append_c(csv, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			g_string_append_c(csv, '"');
		g_string_append_c(csv, *p);
	}
	g_string_append_c(csv, '"');
}

static void append_row(GString *csv, unsigned page, const char *item, const char *choice, const struct sheet_box *box)
{
	g_string_append_printf(csv, "%u", page);
	append_cell(csv, item);
	append_cell(csv, choice);
	append_mm(csv, box->x_um);
	append_mm(csv, box->y_um);
	append_mm(csv, box->w_um);
	append_mm(csv, box->h_um);
	g_string_append_c(csv, '\n');
}

static void append_frame(GString *csv, const struct layout *layout, unsigned page)
{
	for (unsigned i = 0; i < layout->n_anchors; i++) {
		char item[16];
		g_snprintf(item, sizeof item, "anchor.%u", i + 1);
		append_row(csv, page, item, "", &layout->anchors[i]);
	}
	for (unsigned i = 0; i < LAYOUT_QR_COUNT; i++) {
		char item[16];
		g_snprintf(item, sizeof item, "qr.%u", i + 1);
		append_row(csv, page, item, "", &layout->qr[i]);
	}
}

char *layout_csv(const struct layout *layout)
{
	GString *csv = g_string_new("page,item,choice,x,y,w,h\n");
	for (unsigned page = 1; page <= layout->n_pages; page++) {
		append_frame(csv, layout, page);
		for (unsigned i = 0; i < layout->n_bubbles; i++) {
			const struct layout_bubble *bubble = &layout->bubbles[i];
			const struct layout_item *item = &layout->items[bubble->item];
			if (item->page == page)
				append_row(csv, page, item->id, layout_choice(layout, bubble), &bubble->box);
		}
	}
	return g_string_free(csv, FALSE);
}
