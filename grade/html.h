// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of a page of HTML: escaped text, numbers, and the style that our pages share. Everything stands in the one
// file; nothing is loaded, nothing runs. Knows no exams.
#ifndef SHEAF_GRADE_HTML_H
#define SHEAF_GRADE_HTML_H

#include <glib.h>

// Other people's text as it may stand in an element or in a quoted attribute: markup escaped, and characters that act
// without being seen shown as U+FFFD. Owned by the caller.
char *html_escape(const char *text);

// Other people's text: escaped, and kept from turning the direction of what stands around it.
void html_text(GString *out, const char *text);

// With so many decimals; a dash where the number is not defined.
void html_number(GString *out, double value, int decimals);
void html_percent(GString *out, double share); // whole percents

// A cell of a table, aligned as numbers are.
void html_cell_number(GString *out, double value, int decimals);
void html_cell_text(GString *out, const char *text);

// From the doctype to the end of the heading; title is text.
void html_begin(GString *out, const char *title);
void html_end(GString *out);

#endif
