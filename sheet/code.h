// SPDX-License-Identifier: GPL-3.0-or-later
// The text in a sheet's QR codes: which exam, which version of its layout, which page, whose. Knows the text form and
// how to distrust it; knows no images.
#ifndef SHEAF_SHEET_CODE_H
#define SHEAF_SHEET_CODE_H

#include <glib.h>
#include <stdbool.h>

// SHEAF1/<EXAM>/<FINGERPRINT>/<page>/<copy>/[F<form>/]<S or W><id>: capitals, digits and signs of the QR alphanumeric
// mode as far as possible, because that mode takes 5.5 bits a character and keeps the modules large. Only the id keeps
// its case. The form's part is there only where the exam has forms.
#define CODE_MAX_BYTES 400
#define CODE_MAX_ID_BYTES 64

struct code {
	char *exam;          // the exam id
	char fingerprint[9]; // of the layout, as in struct layout
	unsigned page;       // from 1
	unsigned copy; // which of the page's codes this is: 0 or 1. A code found in the other's place: upside down
	char form;     // 'A' to 'Z': which version of the questions belongs to the sheet; 0 where there is but one
	bool walk_in;  // the sheet was printed without a name: id is its serial
	char *id;      // student id or serial, UTF-8
};

void code_clear(struct code *code);

// Owned by the caller.
char *code_format(const struct code *code);

// False, with *code untouched, if the text is not one of our codes. On success the caller clears *code.
bool code_parse(const char *text, struct code *code);

#endif
