// SPDX-License-Identifier: GPL-3.0-or-later
// What a changed exam file does to grades: who moves, by how much, in which questions. Knows two results of the same
// pages; writes nothing.
#ifndef SHEAF_GRADE_COMPARE_H
#define SHEAF_GRADE_COMPARE_H

#include "grade/batch.h"

// A few lines on questions and means, then a line for everybody who moves. Both results are of the same session, so the
// students are the same; both exams put the same on paper, so the questions are. Owned by the caller.
char *compare_text(const struct results *before, const struct results *after);

#endif
