// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/view_rows.h"

#include <stdlib.h>

// Around a row: the question's number or the row's letter to its left, and the rows above and below.
#define LEFT_UM 17000
#define RIGHT_UM 17000
#define ABOVE_UM 11000
#define BESIDE_UM 30000 // for labels that stand beside the rings

const struct answers_mark *view_find_mark(const struct batch_page *page, unsigned item)
{
	for (unsigned i = 0; i < page->answers->n_marks; i++)
		if (page->answers->marks[i].item == item)
			return &page->answers->marks[i];
	return NULL;
}

static struct placement_shift shift_of(const struct batch_page *page, unsigned item)
{
	const struct placement *placement = page->answers->placement;
	return placement ? placement_shift_of(placement, item) : (struct placement_shift){0};
}

static const char *kind_of(const struct exam_item *item)
{
	static const char *const KINDS[] = {[EXAM_ITEM_FIELD] = "field",
		[EXAM_ITEM_SINGLE] = "single",
		[EXAM_ITEM_MULTIPLE] = "multiple",
		[EXAM_ITEM_STATEMENT] = "statement"};
	return KINDS[item->kind];
}

// What the piece of the scan around a row shows, on the sheet.
static json_t *piece(const struct layout *layout, const struct layout_item *item)
{
	const struct layout_bubble *bubbles = &layout->bubbles[item->first_bubble];
	int32_t left = G_MAXINT32, right = 0, top = G_MAXINT32, bottom = 0;
	for (unsigned i = 0; i < item->n_bubbles; i++) {
		const struct sheet_box *box = &bubbles[i].box;
		left = MIN(left, box->x_um - LEFT_UM);
		right = MAX(right, box->x_um + RIGHT_UM + (item->labels_beside ? BESIDE_UM : 0));
		top = MIN(top, box->y_um - ABOVE_UM);
		bottom = MAX(bottom, box->y_um + ABOVE_UM);
	}
	left = MAX(left, 0), top = MAX(top, 0);
	right = MIN(right, layout->width_um), bottom = MIN(bottom, layout->height_um);
	return json_pack("{s:i,s:i,s:i,s:i}", "x", left, "y", top, "w", right - left, "h", bottom - top);
}

json_t *view_row(const struct desk *desk, const struct batch_page *page, const struct answers_mark *mark)
{
	const struct results *results = desk_results(desk);
	const struct layout_item *item = &results->layout->items[mark->item];
	struct placement_shift shift = shift_of(page, mark->item);
	g_autofree char *marked = answers_choices_text(results->layout, mark->item, mark->marked);
	g_autofree char *name = desk_page_name(page);
	const uint8_t *all_fills = page->answers->fill_percent,
		      *fills = all_fills ? all_fills + item->first_bubble : NULL;
	json_t *bubbles = json_array();
	for (unsigned i = 0; i < item->n_bubbles; i++) {
		const struct layout_bubble *bubble = &results->layout->bubbles[item->first_bubble + i];
		json_array_append_new(
			bubbles, json_pack("{s:s,s:i,s:i,s:i,s:b}", "label", layout_choice(results->layout, bubble),
					 "x", bubble->box.x_um + shift.dx_um, "y", bubble->box.y_um + shift.dy_um,
					 "fill", fills ? (int)fills[i] : 0, "marked", (int)(mark->marked >> i & 1)));
	}
	json_t *row = json_pack("{s:s,s:i,s:s,s:s,s:s,s:b,s:b,s:s,s:o,s:o,s:i,s:i}", "item", item->id, "index",
		(int)mark->item, "kind", kind_of(item->exam_item), "marked", marked, "page", name, "review",
		mark->review, "decided", mark->decided, "reason", mark->reason ? mark->reason : "", "bubbles", bubbles,
		"piece", piece(results->layout, item), "dx", shift.dx_um, "dy", shift.dy_um);
	const struct decision *ruling =
		page->content ? rulings_find(results->rulings, DECISION_MARK, page->content, page->number, item->id)
			      : NULL;
	if (ruling)
		json_object_set_new(row, "was", json_string(ruling->was));
	return row;
}

json_t *view_neighbours(const struct desk *desk, const struct batch_page *page, const struct answers_mark *mark)
{
	const struct layout *layout = desk_results(desk)->layout;
	const struct layout_item *own = &layout->items[mark->item];
	const struct sheet_box *box = &layout->bubbles[own->first_bubble].box;
	json_t *rows = json_array();
	for (unsigned i = 0; i < page->answers->n_marks; i++) {
		const struct answers_mark *other = &page->answers->marks[i];
		const struct layout_item *item = &layout->items[other->item];
		const struct sheet_box *at = &layout->bubbles[item->first_bubble].box;
		if (other == mark || !item->exam_item || abs(at->y_um - box->y_um) > ABOVE_UM ||
			abs(at->x_um - box->x_um) > LEFT_UM)
			continue;
		json_array_append_new(rows, view_row(desk, page, other));
	}
	return rows;
}
