// SPDX-License-Identifier: GPL-3.0-or-later
// Number questions of an exam file: their grid, keys and tolerance. Used by sheet/exam_question.c only.
#ifndef SHEAF_SHEET_EXAM_NUMBER_H
#define SHEAF_SHEET_EXAM_NUMBER_H

#include <stdbool.h>

#include "sheet/exam_question.h"

// Takes over the grid and the first key, and appends the columns as items. map is NULL where the key stands in a list
// of keys. False with the reader's error set on failure; so below.
bool exam_number_read(struct exam_builder *builder, const struct yaml_node *key, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question);

// Takes over an accepted key: number 1 is the first after the question's own.
bool exam_number_accept(
	struct exam_builder *builder, const struct yaml_node *key, struct exam_question *question, unsigned number);

#endif
