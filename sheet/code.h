// SPDX-License-Identifier: GPL-3.0-or-later
// The text in a sheet's QR codes: which exam, which version of its layout, which page, whose, and the seal that proves
// it. Knows the text form and how to distrust it; knows no images.
#ifndef SHEAF_SHEET_CODE_H
#define SHEAF_SHEET_CODE_H

#include <glib.h>
#include <stdbool.h>

#include "sheet/seal.h"

// SHEAF1/<EXAM>/<FINGERPRINT>/<page>/<copy>/[F<form>/]<S or W><id>[/M<SEAL>]: capitals, digits and signs of the QR
// alphanumeric mode as far as possible, because that mode takes 5.5 bits a character and keeps the modules large. Only
// the id keeps its case. The form's part is there only where the exam has forms. The seal is last, and covers all
// before it.
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
	char seal[SEAL_SIZE]; // "" for none
};

void code_clear(struct code *code);

// Owned by the caller.
char *code_format(const struct code *code);

// Seals a code, over all that it says.
void code_seal(struct code *code, const struct seal_key *key);
// Whether its seal is that of all it says. False if it has none.
bool code_seal_holds(const struct code *code, const struct seal_key *key);

// False, with *code untouched, if the text is not one of our codes. On success the caller clears *code.
bool code_parse(const char *text, struct code *code);

#endif
