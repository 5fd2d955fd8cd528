// SPDX-License-Identifier: GPL-3.0-or-later
// One question in the report: its line in the table, its choices with their curves, and the evidence against its key.
// Used by grade/report.c only.
#ifndef SHEAF_GRADE_REPORT_QUESTION_H
#define SHEAF_GRADE_REPORT_QUESTION_H

#include "grade/analysis.h"

bool report_has_suspect(const struct analysis_question *question);

void report_suspect(GString *out, const struct analysis *analysis, const struct analysis_row *row);
void report_question_line(GString *out, const struct analysis *analysis, const struct analysis_question *question);
void report_question_cards(GString *out, const struct analysis *analysis, const struct analysis_question *question);

#endif
