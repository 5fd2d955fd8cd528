// SPDX-License-Identifier: GPL-3.0-or-later
// One page of input: where it is from, what was read off it, and what becomes of it. Knows nothing of other pages.
#ifndef SHEAF_GRADE_PAGE_H
#define SHEAF_GRADE_PAGE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sheet/answers.h"

// Kinds of exception that grading adds to those of sheet/answers.h. Walk-in sheets without a usable student ID are
// ANSWERS_KIND_NO_IDENTITY.
#define BATCH_KIND_NOT_AN_IMAGE "not-an-image"       // a file that is no scan at all
#define BATCH_KIND_MARK "mark"                       // an item whose marks are not certain
#define BATCH_KIND_UNKNOWN_FORM "unknown-form"       // of a form that the exam file does not have
#define BATCH_KIND_DUPLICATE "duplicate"             // the same page again, saying the same; asks nothing of a person
#define BATCH_KIND_CONFLICT "conflict"               // the same page again, saying something else; or a second paper
#define BATCH_KIND_FORGED "forged"                   // the seal that the other sheets bear is missing or wrong
#define BATCH_KIND_MISSING_PAGE "missing-page"       // a student's paper lacks a page
#define BATCH_KIND_UNKNOWN_STUDENT "unknown-student" // not on the roster

// What becomes of a page. Each page is exactly one of these.
enum page_fate { PAGE_READ, PAGE_BLANK, PAGE_DUPLICATE, PAGE_EXCEPTION };
#define PAGE_N_FATES 4

struct batch_page {
	uint64_t rank;
	char *file;
	struct answers *answers;
	enum page_fate fate;
	const char *kind;       // of a duplicate or an exception; NULL otherwise
	char *detail;           // with it: one sentence
	const char *student_id; // whose page it is, a walk-in's ID included; NULL where not known
	bool assigned;          // a person said whose it is
	bool settled;           // a person set it aside: it asks nothing more
	char *content;          // by which decisions know it, with number; NULL if none can have been made
	unsigned number;
};

// The page as it comes in: its fate follows from the answers alone. file is copied; answers become the page's.
void page_init(struct batch_page *page, const char *file, uint64_t rank, struct answers *answers);
void page_clear(struct batch_page *page);

// Whether two pages of one student can be of one paper: both printed for them, or both of one sheet without a name. A
// page that a person gave to the student belongs to whatever paper there is.
bool page_same_paper(const struct batch_page *a, const struct batch_page *b);

// The page is not read after all. kind is static or lives as long as the page; detail becomes the page's.
void page_set_aside(struct batch_page *page, enum page_fate fate, const char *kind, char *detail);

#endif
