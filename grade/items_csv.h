// SPDX-License-Identifier: GPL-3.0-or-later
// items.csv: the numbers of item analysis for other programs, a row a question, and below it one for each of its
// statements and parts. Knows the columns; grade/analysis.h has the numbers.
#ifndef SHEAF_GRADE_ITEMS_CSV_H
#define SHEAF_GRADE_ITEMS_CSV_H

#include "grade/analysis.h"

// The file's text, owned by the caller. Numbers have twelve digits; what is not defined is an empty cell.
//
//	item, section, key          of the question; of a row also its key
//	n, max, mean, sd            papers, points
//	difficulty, discrimination, corrected_item_total, alpha_if_deleted
//	choices, counts, mean_rest  by choice, joined by |
//	blank, several              how many
//	suspect                     the choice that the best seem to hold for the right one
char *items_csv(const struct analysis *analysis);

#endif
