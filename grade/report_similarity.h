// SPDX-License-Identifier: GPL-3.0-or-later
// Copy screening in the report, with what it is not. Used by grade/report.c only.
#ifndef SHEAF_GRADE_REPORT_SIMILARITY_H
#define SHEAF_GRADE_REPORT_SIMILARITY_H

#include "grade/similarity.h"

void report_similarity(GString *out, const struct analysis *analysis, const struct similarity *similarity);

#endif
