// SPDX-License-Identifier: GPL-3.0-or-later
// What the page in the browser is told, as JSON: what is open, one flag with all that is needed to decide it, pages,
// students, what was decided. Knows how things are told; changes nothing.
#ifndef SHEAF_REVIEW_VIEW_H
#define SHEAF_REVIEW_VIEW_H

#include <jansson.h>

#include "review/desk.h"

// The exam, the counts, and every open flag in short, worst first. person: whose last decision can be undone. Owned by
// the caller, as are all below.
json_t *view_overview(const struct desk *desk, const char *person);

// One flag with what is needed to decide it.
json_t *view_flag(const struct desk *desk, const struct desk_flag *flag);

// A page with all its rows: where they are, what is marked, what is in doubt.
json_t *view_page(const struct desk *desk, const struct batch_page *page);

// A student with pages and scores.
json_t *view_student(const struct desk *desk, const struct student *student);

// Students of whom any part of name or ID is like the query, at most VIEW_MOST_FOUND; those who still miss a page
// first, and with an empty query nobody else.
#define VIEW_MOST_FOUND 40
json_t *view_search(const struct desk *desk, const char *query);

// What was decided, the last first.
json_t *view_history(const struct desk *desk);

#endif
