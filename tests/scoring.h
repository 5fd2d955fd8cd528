// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of scores worked out by hand: an exam as text, marks as a line of text, points as they are exported. Fails the
// test at hand where they disagree.
#ifndef SHEAF_TESTS_SCORING_H
#define SHEAF_TESTS_SCORING_H

#include <stddef.h>

#include "sheet/exam.h"

// The exam of this text; the test fails, with the message, if it is not sound.
struct exam *scoring_exam(const char *text);

struct scoring_row {
	const char *marks, *score; // "1=A|C; 2.B=T" as in tests/papers.h; a fraction is written as one: "-1/3"
};

// What the marks score on one question (from 1), and on the whole exam, exactly.
void scoring_check_question(const struct exam *exam, unsigned question, const struct scoring_row *rows, size_t n);
void scoring_check_total(const struct exam *exam, const struct scoring_row *rows, size_t n);

// The maximum of a question, or with 0 of the exam.
void scoring_check_maximum(const struct exam *exam, unsigned question, const char *maximum);

// One question of a section that says what is in the first line, such as "type: multiple".
struct exam *scoring_question(const char *section, const char *question);

#endif
