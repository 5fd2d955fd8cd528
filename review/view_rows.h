// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of bubbles as JSON: where on the sheet, which choices, what was read in each, and which piece of the scan shows
// them. Knows the layout; positions are micrometres of the sheet.
#ifndef SHEAF_REVIEW_VIEW_ROWS_H
#define SHEAF_REVIEW_VIEW_ROWS_H

#include <jansson.h>

#include "review/desk.h"

// The page's mark for an item of the layout; NULL if it has none. Borrowed.
const struct answers_mark *view_find_mark(const struct batch_page *page, unsigned item);

// The row of a mark; owned by the caller, as is the next.
json_t *view_row(const struct desk *desk, const struct batch_page *page, const struct answers_mark *mark);

// The rows that a piece around this one shows as well.
json_t *view_neighbours(const struct desk *desk, const struct batch_page *page, const struct answers_mark *mark);

#endif
