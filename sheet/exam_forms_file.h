// SPDX-License-Identifier: GPL-3.0-or-later
// What an exam file says of forms. Used by sheet/exam_file.c only.
#ifndef SHEAF_SHEET_EXAM_FORMS_FILE_H
#define SHEAF_SHEET_EXAM_FORMS_FILE_H

#include <stdbool.h>

#include "sheet/exam_question.h"

// Reads `forms`, if there are any, once all questions are read. False with the reader's error set on failure.
bool exam_forms_read(struct exam_builder *builder, const struct yaml_node *root);

#endif
