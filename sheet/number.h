// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that students fill in digit by digit: a grid of columns, perhaps a sign, perhaps digits behind a printed
// decimal point. Knows how columns and numbers go together; knows no points and no paper positions.
#ifndef SHEAF_SHEET_NUMBER_H
#define SHEAF_SHEET_NUMBER_H

#include "sheet/exam.h"

enum number_state {
	NUMBER_BLANK,   // nothing is marked
	NUMBER_READ,    // *value is what was filled in
	NUMBER_SEVERAL, // a column has several marks
	NUMBER_GAP,     // a blank column behind a digit, or in front of one behind the point: 5, 50 or 500?
};

// What the columns of a number say; marked holds theirs, n_items of them, the sign first where there is one. Blank
// columns in front of a number, and behind the last digit after the point, are noughts; a blank sign is a plus. *column
// is that of the trouble, if there is any.
enum number_state number_read(
	const struct exam_question *question, const exam_choices *marked, struct rational *value, unsigned *column);

// The number nearest to the value that the grid can hold, and its columns, all digits filled in (n_items of them).
// False if the value does not fit into the grid.
bool number_write(
	const struct exam_question *question, struct rational value, struct rational *nearest, exam_choices *columns);

// Whether a number is one of the accepted ones, each with the tolerance.
bool number_is_right(const struct exam_question *question, struct rational value, unsigned key);

// Whether column i is behind the decimal point.
bool number_is_decimal(const struct exam_question *question, unsigned column);

#endif
