// SPDX-License-Identifier: GPL-3.0-or-later
// report.html: item analysis as a page to read. What needs a person comes first, then the whole, then every question.
// Knows how it is told; grade/analysis.h has the numbers.
#ifndef SHEAF_GRADE_REPORT_H
#define SHEAF_GRADE_REPORT_H

#include "grade/analysis.h"
#include "grade/similarity.h"

// The page: one file that needs no other, and no scripts. similarity is NULL unless the user asked for it. folder is
// where the results are, as the user would type it. Owned by the caller.
char *report_html(const struct analysis *analysis, const struct similarity *similarity, const char *folder);

#endif
