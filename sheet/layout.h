// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything is on the paper: the one table that printing, reading, review and tests share. Made from an exam by
// layout_new; knows positions in micrometres from the page's top left corner, and nothing of pixels, keys or points.
// Changing a key or points never changes it; changing anything that moves a bubble changes its fingerprint.
#ifndef SHEAF_SHEET_LAYOUT_H
#define SHEAF_SHEET_LAYOUT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sheet/exam.h"

// A point on the printed sheet, from the top left corner, y downwards.
struct sheet_point {
	int32_t x_um, y_um;
};

// Centre and size on the printed sheet.
struct sheet_box {
	int32_t x_um, y_um, w_um, h_um;
};

// One ring. item indexes layout.items.
struct layout_bubble {
	struct sheet_box box;
	uint16_t item, choice;
};

// One item in the order of the sheet: an exam's item, or a digit column of the student-ID grid (id.1, id.2, …).
struct layout_item {
	char *id;
	const struct exam_item *exam_item; // borrowed from the exam; NULL for a digit column
	unsigned page;                     // from 1
	unsigned first_bubble, n_bubbles;  // its run in layout.bubbles, one a choice, in order
	bool labels_beside;                // its labels stand beside the rings, being too long for one of them
};

// Printed words that are not inside a bubble.
enum layout_text_kind {
	LAYOUT_TEXT_SECTION,  // a section's title
	LAYOUT_TEXT_QUESTION, // a question's number
	LAYOUT_TEXT_ROW,      // a row's letter: statement or part
	LAYOUT_TEXT_CHOICE,   // a choice too long to stand in its ring, beside it
	LAYOUT_TEXT_FIELD,    // a field's name
	LAYOUT_TEXT_POINT,    // the decimal point between two columns of a number
};

// box: x_um is the left edge here, y_um the middle of the line, w_um the room.
struct layout_text {
	enum layout_text_kind kind;
	unsigned page;
	struct sheet_box box;
	char *text;
};

// The code stands on every page twice, in opposite corners; qr[0] top right, qr[1] bottom left.
#define LAYOUT_QR_COUNT 2

// Sizes that printing and reading share.
#define LAYOUT_BUBBLE_UM 4000 // outer diameter of a ring
#define LAYOUT_RING_UM 200    // its line
// A column of digits: its rings stand so far apart, and above the first is a box to write the digit into.
#define LAYOUT_DIGIT_PITCH_UM 5600
#define LAYOUT_DIGIT_BOX_ABOVE_UM 7200 // from the first ring's middle to the box's
#define LAYOUT_DIGIT_BOX_UM 6600       // its height
#define LAYOUT_MOST_ANCHORS 64

struct layout {
	const struct exam *exam; // borrowed; outlives the layout
	int32_t width_um, height_um;
	unsigned n_pages;
	struct sheet_box *anchors; // the same on every page
	unsigned n_anchors;
	struct sheet_box qr[LAYOUT_QR_COUNT]; // without the quiet zone; the same on every page
	struct sheet_box header;              // where name and ID stand on page 1, for a person's eye
	struct sheet_box grid;                // where the student-ID grid stands on page 1 of sheets without a name
	struct layout_item *items;
	unsigned n_items, n_id_items; // the n_id_items digit columns stand first
	struct layout_bubble *bubbles;
	unsigned n_bubbles;
	struct layout_text *texts;
	unsigned n_texts;
	char fingerprint[9]; // 8 hexadecimal digits of the SHA-256 of the table below
};

#define LAYOUT_ERROR (g_quark_from_static_string("sheaf-layout"))

// Lays an exam out. NULL with error set if a question does not fit into a column.
struct layout *layout_new(const struct exam *exam, GError **error);
void layout_free(struct layout *layout); // accepts NULL

static inline void layout_clear_pointer(struct layout **layout)
{
	layout_free(*layout);
}
#define LAYOUT_AUTO __attribute__((cleanup(layout_clear_pointer))) struct layout * // freed at the end of the scope

// The label of a bubble: the exam's choice, or a digit. Borrowed.
const char *layout_choice(const struct layout *layout, const struct layout_bubble *bubble);

// The label that is printed inside a bubble's ring; "" where it stands beside. Borrowed.
const char *layout_ring_label(const struct layout *layout, const struct layout_bubble *bubble);

// The index of the item with this id, or -1.
int layout_find_item(const struct layout *layout, const char *id);

// The table as CSV, `page,item,choice,x,y,w,h` in mm with three decimals. Anchors (anchor.1, …), codes (qr.1, qr.2)
// stand first on each page, with an empty choice. Owned by the caller.
char *layout_csv(const struct layout *layout);

#endif
