// SPDX-License-Identifier: GPL-3.0-or-later
// The closing summary: what came of a batch, in plain words for the people who ran it. Knows the results and where they
// were written; refuses to know terminals (no colours, no width).
#ifndef SHEAF_GRADE_SUMMARY_H
#define SHEAF_GRADE_SUMMARY_H

#include "grade/batch.h"

// Lines of text, the last one ended. folder is where the files of results stand, as the user would type it; NULL if
// they were not written. Pages balance; every file that did not become a grade is named, up to a cap beyond which
// exceptions.csv is pointed to. Owned by the caller.
char *summary_text(const struct results *results, const char *folder);

#endif
