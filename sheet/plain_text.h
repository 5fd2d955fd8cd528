// SPDX-License-Identifier: GPL-3.0-or-later
// Other people's text for a line on a terminal or a page: what acts without being seen is made to be seen. Knows
// characters; no markup.
#ifndef SHEAF_SHEET_PLAIN_TEXT_H
#define SHEAF_SHEET_PLAIN_TEXT_H

#include <glib.h>
#include <stdbool.h>

// Whether a character does something without being seen: control characters, and those that turn the direction of what
// stands after them (the rest of the line, in the worst case), by which a name could make a line say something else.
bool plain_text_acts(gunichar character);

// The text with '?' in the place of each such character; any bytes. Owned by the caller.
char *plain_text(const char *text);

#endif
