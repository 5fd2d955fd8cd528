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
	unsigned item; // index into layout.items
	exam_choices marked;
	bool review;                            // false: state ok
	char *reason;                           // NULL when ok; one short phrase for staff
	uint8_t fill_percent[EXAM_MAX_CHOICES]; // how much of each bubble is inked, by choice
};

struct answers {
	enum answers_outcome outcome;
	char *kind;                 // for an exception: one of the kinds above
	char *detail;               // for an exception: one sentence for staff, without the file's name
	char *student;              // from the code; NULL if not read. On a walk-in sheet: NULL, see serial
	char *serial;               // of a sheet printed without a name; NULL otherwise
	unsigned page;              // from 1; 0 if not known
	char form;                  // 'A' to 'Z', from the code; 0 if none is printed or known
	struct answers_mark *marks; // in the order of the layout's items on this page, all of them when outcome is READ
	unsigned n_marks;
};

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

// As lines of tab-separated text that answers_parse reads back; readable in a debugger and stable between runs. Owned
// by the caller.
char *answers_format(const struct answers *answers, const struct layout *layout);

// NULL with error set where the text is not what answers_format writes for this layout: it may come from a worker that
// broke. A page that was read has whose it is, which page, and exactly the page's items, each once and in order; the
// digit columns belong to a sheet with a serial only. Other outcomes have no marks.
struct answers *answers_parse(const char *text, const struct layout *layout, GError **error);

#endif
