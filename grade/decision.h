// SPDX-License-Identifier: GPL-3.0-or-later
// One thing that a person decided, as it is kept: what about, from what to what, who, when and why. Knows the kinds;
// what follows from decisions is grade/rulings.h's to know.
//
// A decision about a page is about its bytes: content and number, not a file's name. So it holds for the same scan
// wherever it lies and however often it is read again, and holds no more once the page is scanned anew.
#ifndef SHEAF_GRADE_DECISION_H
#define SHEAF_GRADE_DECISION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum decision_kind {
	DECISION_MARK,      // what is marked in an item of a page: becomes "A|C", "" for blank
	DECISION_IDENTITY,  // whose page it is, and which: becomes the student's ID; item the form's letter, or ""
	DECISION_SET_ASIDE, // the page or file counts for nothing; becomes DECISION_AS_DUPLICATE or
			    // DECISION_NOT_COUNTED
	DECISION_MISSING,   // a page of a student will not come any more
	DECISION_STRANGER,  // a student may stay who is not on the roster
	DECISION_UNDO,      // an earlier one holds no more
};
#define DECISION_N_KINDS 6
#define DECISION_AS_DUPLICATE "duplicate"
#define DECISION_NOT_COUNTED "not counted"

struct decision {
	int64_t id; // ascending; 0 before it is kept
	char *time; // UTC, as 2022-03-14T15:09:26Z
	char *person;
	enum decision_kind kind;
	char *content;   // SHA-256 of the file; "" for what is about a student
	unsigned number; // the page within the file, from 0
	char *file;      // the page's name in the reports of the time
	char *student;   // "" if not known
	unsigned page;   // of the student's paper; 0 if not known
	char *item;
	char *was, *becomes;
	char *reason;
	int64_t undoes; // the id of another one; 0 if it is no DECISION_UNDO
};

// A decision with a copy of each text; NULL stands for "". The caller frees it.
struct decision *decision_copy(const struct decision *decision);
void decision_free(void *decision); // accepts NULL

// "mark", "identity", … Static.
const char *decision_kind_text(enum decision_kind kind);
// False, with *kind untouched, if there is no such kind.
bool decision_kind_parse(const char *text, enum decision_kind *kind);

#endif
