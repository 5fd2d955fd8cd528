// SPDX-License-Identifier: GPL-3.0-or-later
// What is being reviewed: the results as they stand, what is open in them, and the decisions that change them. Knows
// flags and decisions; refuses to know HTTP, and where scans and files are, which its hooks know.
#ifndef SHEAF_REVIEW_DESK_H
#define SHEAF_REVIEW_DESK_H

#include <glib.h>
#include <stdbool.h>

#include "grade/batch.h"
#include "grade/interval.h"
#include "grade/session.h"
#include "review/picture.h"

#define DESK_ERROR (g_quark_from_static_string("sheaf-review"))

enum desk_error {
	DESK_ERROR_WRONG,     // the request makes no sense
	DESK_ERROR_OVERTAKEN, // somebody else decided it meanwhile, or it is not open any more
	DESK_ERROR_GONE,      // the scan is not where it was
	DESK_ERROR_FAILED,    // the session or the results cannot be written
};

struct desk_hooks {
	// Everything in the session graded anew. NULL with error set.
	struct results *(*grade)(void *data, GError **error);
	// Writes the results' files. False with error set.
	bool (*write)(void *data, const struct results *results, GError **error);
	// The page with this content and number as pixels. NULL with error set, one sentence for staff.
	struct picture *(*picture)(void *data, const char *content, unsigned number, GError **error);
	void *data;
};

// Something open. Elements of desk_flags.
struct desk_flag {
	char *id; // stays the same as long as the flag is open
	const struct batch_exception *exception;
	const struct student *student; // NULL if not known
	struct interval stake;         // what the student's score, or the exam's, can become by it
};

struct desk;

// session and hooks outlive it. NULL with error set if grading fails.
struct desk *desk_new(struct session *session, const struct desk_hooks *hooks, GError **error);
void desk_free(struct desk *desk); // accepts NULL

const struct results *desk_results(const struct desk *desk);

// What is open, worst first: struct desk_flag *. Borrowed until the next decision.
const GPtrArray *desk_flags(const struct desk *desk);
const struct desk_flag *desk_find_flag(const struct desk *desk, const char *id);

// The page by its name in addresses, "<content>:<number>"; NULL if there is none. Of several with the same bytes, the
// one that counts.
const struct batch_page *desk_find_page(const struct desk *desk, const char *name);
char *desk_page_name(const struct batch_page *page); // owned by the caller

// The student by ID; NULL if there is none.
const struct student *desk_find_student(const struct desk *desk, const char *id);

// The scan of a page. Borrowed until the next call. NULL with error set (DESK_ERROR_GONE).
const struct picture *desk_picture(struct desk *desk, const struct batch_page *page, GError **error);

// Keeps decisions, all about one thing, and grades anew; kind, place, texts and person are set, time and id are not.
// False with error set; if the session cannot be written, nothing holds.
bool desk_decide(struct desk *desk, struct decision *decisions, unsigned n, GError **error);

// Whether the results' files are to be written again; and writes them. False with error set.
bool desk_is_dirty(const struct desk *desk);
bool desk_write(struct desk *desk, GError **error);

#endif
