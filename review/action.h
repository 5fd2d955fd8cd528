// SPDX-License-Identifier: GPL-3.0-or-later
// A request to decide something, as JSON, to decisions: checked against what there is, and against what the person saw,
// so that of two people who decide the same thing the second is told. Knows requests; the desk keeps what comes of
// them.
#ifndef SHEAF_REVIEW_ACTION_H
#define SHEAF_REVIEW_ACTION_H

#include <jansson.h>

#include "review/desk.h"

// Carries out one request:
//
//	{action: mark, page, item, from, to}       from is what the person saw marked; "A|C", "" for blank
//	{action: identity, page, from, to, number} from is whose the page was; number which page of the paper it is
//	{action: set-aside, pages, as}             as: "duplicate" or "not counted"
//	{action: missing-page, student, number}
//	{action: unknown-student, student}
//	{action: undo, id}
//
// and person and reason with each; flag names what must still be open, where the request is about a flag. False with
// error set (DESK_ERROR), and nothing kept.
bool action_run(struct desk *desk, const json_t *request, GError **error);

#endif
