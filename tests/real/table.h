// SPDX-License-Identifier: GPL-3.0-or-later
// What the decisions are worth: held against the truth, counted by kind, source and tone, with the silent errors by
// name. The only place that looks at kind and truth.
#ifndef SHEAF_TESTS_REAL_TABLE_H
#define SHEAF_TESTS_REAL_TABLE_H

#include <stdio.h>

#include "tests/real/crops.h"
#include "tests/real/decide.h"

// Of the crops that are plainly filled or empty, so many may be flagged.
#define TABLE_FLAGGED_MOST_PERCENT 3.0

// A crop counts as unambiguous unless its truth is neither "filled" nor "empty"; such a crop should be flagged.
bool table_is_silent_error(const char *truth, enum reading reading);

// Prints the tables. True if nothing is silently wrong and few enough are flagged.
bool table_print(FILE *to, const struct crops *crops, const struct decision *decisions);

#endif
