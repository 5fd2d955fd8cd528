// SPDX-License-Identifier: GPL-3.0-or-later
// What an exam file says of totals: the `total` of a section or of the exam, and `rounding`. Used by sheet/exam_file.c
// only.
#ifndef SHEAF_SHEET_EXAM_TOTAL_FILE_H
#define SHEAF_SHEET_EXAM_TOTAL_FILE_H

#include <stdbool.h>

#include "sheet/exam_question.h"

// The section's total, once its questions are read. False with the reader's error set on failure; so below.
bool exam_total_read_section(struct exam_builder *builder, const struct yaml_node *map, struct exam_section *section);

// The exam's bounds, scale and rounding, once all sections are read.
bool exam_total_read(struct exam_builder *builder, const struct yaml_node *root);

#endif
