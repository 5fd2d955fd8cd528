// SPDX-License-Identifier: GPL-3.0-or-later
// How an exam is scored, in words for the person who wrote it. Knows every rule there is; counts nothing itself.
#ifndef SHEAF_CLI_SCORING_WORDS_H
#define SHEAF_CLI_SCORING_WORDS_H

#include "sheet/exam.h"

// Exact, always: a fraction that decimals cannot show stays a fraction. Owned by the caller; so below.
char *scoring_points_text(struct rational points);

// The points of one question or part, in one line: "each right 0.5, wrong -0.5, at least 0".
char *scoring_question_words(const struct exam_question *question);

// Sentences, a line each, on what a question's line does not say: rules, sections, events, rounding. "" if there is
// nothing.
char *scoring_exam_words(const struct exam *exam);

// A form's sheet, a line for each row of bubbles: its number there, the exam file's item, and the key in the sheet's
// choices.
char *scoring_form_words(const struct exam *exam, const struct exam_form *form);

#endif
