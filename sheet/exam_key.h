// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of an exam file: the text or list that names the right choices, against the choices that there are. Used by
// sheet/exam_question.c only.
#ifndef SHEAF_SHEET_EXAM_KEY_H
#define SHEAF_SHEET_EXAM_KEY_H

#include <stdbool.h>

#include "sheet/exam.h"
#include "sheet/exam_reader.h"

// One label. False with the reader's error set on failure; so below.
bool exam_key_single(struct exam_reader *reader, const struct yaml_node *node, char *const *choices, exam_choices *key);

// A list of labels, one label, or a text of one-letter labels such as ACD; at least one.
bool exam_key_multiple(
	struct exam_reader *reader, const struct yaml_node *node, char *const *choices, exam_choices *key);

// Letters T and F, one a statement; * for one that is everybody's, - for one that is out of the score. expected is how
// many there must be, or 0 for any number; what says whose they are, "question" or "part". NULL on failure. Borrowed
// from node.
const char *exam_key_statements(
	struct exam_reader *reader, const struct yaml_node *node, unsigned expected, const char *what);

#endif
