// SPDX-License-Identifier: GPL-3.0-or-later
// The answers read off one page: what a reading worker says, what the session stores, and all that grading sees. Plain
// text outside, a struct inside. Knows no pixels and no points.
#ifndef SHEAF_SHEET_ANSWERS_H
#define SHEAF_SHEET_ANSWERS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sheet/exam.h"
#include "sheet/layout.h"
#include "sheet/placement.h"
#include "sheet/seal.h"

#define ANSWERS_ERROR (g_quark_from_static_string("sheaf-answers"))

enum answers_outcome {
	ANSWERS_READ,      // identity known, every item of the page decided or flagged
	ANSWERS_BLANK,     // an empty page, such as the back of a sheet
	ANSWERS_EXCEPTION, // a person must look: kind and detail say why
};

// Kinds of exception that reading finds; grading adds its own (grade/batch.h). The text is the `kind` of
// exceptions.csv.
#define ANSWERS_KIND_UNREADABLE "unreadable"     // no image can be decoded from the file
#define ANSWERS_KIND_DAMAGED "damaged"           // the image file is cut off or corrupt
#define ANSWERS_KIND_TOO_LARGE "too-large"       // beyond the caps on pixels or memory
#define ANSWERS_KIND_NOT_A_SHEET "not-a-sheet"   // no registration marks and no code of ours
#define ANSWERS_KIND_UNREGISTERED "unregistered" // a sheet, but too few marks or too distorted to be read
#define ANSWERS_KIND_NO_IDENTITY "no-identity"   // registered, but neither code can be read
#define ANSWERS_KIND_OTHER_EXAM "other-exam"     // a page of another exam
#define ANSWERS_KIND_OTHER_LAYOUT "other-layout" // printed from another version of this exam file
#define ANSWERS_KIND_NOT_A_SCAN "not-a-scan"     // the sheets as printed, left among the scans
#define ANSWERS_KIND_CRASHED "crashed"           // the reading worker died on it

struct answers_mark {
	char *reason;  // NULL when ok; one short phrase for staff
	unsigned item; // index into layout.items
	exam_choices marked;
	bool review;  // false: state ok
	bool decided; // by a person, after it was read; no part of the text form
};

// The seal of the code that the page was named by, and what came of checking it.
struct answers_seal {
	enum seal_state state;
	unsigned copy;        // which of the page's codes
	char text[SEAL_SIZE]; // "" where state is SEAL_NONE
};

struct answers {
	enum answers_outcome outcome;
	char *kind;                  // for an exception: one of the kinds above
	char *detail;                // for an exception: one sentence for staff, without the file's name
	char *student;               // from the code; NULL if not read. On a walk-in sheet: NULL, see serial
	char *serial;                // of a sheet printed without a name; NULL otherwise
	unsigned page;               // from 1; 0 if not known
	char form;                   // 'A' to 'Z', from the code; 0 if none is printed or known
	struct answers_seal seal;    // SEAL_NONE unless outcome is READ
	unsigned likely_page;        // of a page without identity: which it looks like; 0 if that is not clear
	struct placement *placement; // where the sheet lies on the scan; NULL where it was not found
	// In the order of the layout's items. When outcome is READ: all of this page. Of a page without identity whose
	// place was found: those of every page of the paper, each as if it were that one, without the digit columns; so
	// a person need only say whose it is, and which.
	struct answers_mark *marks;
	unsigned n_marks;
	// How much of each bubble is inked, in percent, by bubble of the layout: all of them, 0 for those of other
	// pages. NULL where nobody asked to know.
	uint8_t *fill_percent;
};

// A page's marks, none yet: room for those of every item, and for all fills.
void answers_make_room(struct answers *answers, const struct layout *layout);

// Drops what only a picture of the page needs: where the sheet lies, and the fills.
void answers_forget_picture(struct answers *answers);

// Drops the marks. What is left is what answers_parse_head gives, if nothing was changed.
void answers_forget_marks(struct answers *answers);

struct answers *answers_new_exception(const char *kind, const char *detail);
void answers_free(struct answers *answers); // accepts NULL

static inline void answers_clear_pointer(struct answers **answers)
{
	answers_free(*answers);
}
#define ANSWERS_AUTO __attribute__((cleanup(answers_clear_pointer))) struct answers * // freed at the end of the scope

// The choices of layout.items[item] as text joined by '|': "A|C", or "3" for a digit column; "" for none. Owned by the
// caller.
char *answers_choices_text(const struct layout *layout, unsigned item, exam_choices choices);

// Checks the seal against what the answers say of exam, student and page, whoever wrote them: a worker that broke
// cannot name a page after another student. Without a key (NULL) a seal is unchecked.
void answers_check_seal(struct answers *answers, const struct layout *layout, const struct seal_key *key);

// As lines of tab-separated text that answers_parse reads back; readable in a debugger and stable between runs. Owned
// by the caller.
char *answers_format(const struct answers *answers, const struct layout *layout);

// NULL with error set where the text is not what answers_format writes for this layout: it may come from a worker that
// broke. A page that was read has whose it is, which page, and exactly the page's items, each once and in order; the
// digit columns belong to a sheet with a serial only. A page without identity may have the items of all pages. Other
// outcomes have no marks.
struct answers *answers_parse(const char *text, const struct layout *layout, GError **error);

// The same of a page that was read and has a student, but only whose it is and which page: without its marks and where
// it lies, which are not looked at. Of any other page, all.
struct answers *answers_parse_head(const char *text, const struct layout *layout, GError **error);

// A page without identity as what a person says it is: read, of this student, this page of the paper. NULL if its marks
// were not read or there is no such page. The caller frees it.
struct answers *answers_identified(
	const struct answers *answers, const struct layout *layout, const char *student, unsigned page);

#endif
