// SPDX-License-Identifier: GPL-3.0-or-later
// One question of an exam file: its settings on top of its section's, its parts, keys and items, and whether all that
// makes sense together. Used by sheet/exam_file.c only.
#ifndef SHEAF_SHEET_EXAM_QUESTION_H
#define SHEAF_SHEET_EXAM_QUESTION_H

#include <glib.h>
#include <stdbool.h>

#include "sheet/exam.h"
#include "sheet/exam_account.h"
#include "sheet/exam_reader.h"
#include "sheet/exam_settings.h"

// An exam while it grows.
struct exam_builder {
	struct exam_reader reader;
	struct exam *exam;
	GArray *items;      // struct exam_item
	GArray *questions;  // struct exam_question
	GPtrArray *choices; // char **: lists of labels that settings borrow
	struct exam_account account;
	unsigned rescaled_line; // of a question dropped with rescaling; 0 if there is none
};

// Reads the next question of the exam; section holds its defaults.
bool exam_question_read(
	struct exam_builder *builder, const struct yaml_node *node, const struct question_settings *section);

// Lets the exam use the items and questions read so far, until the next one is read.
void exam_builder_lend(struct exam_builder *builder);

// Appends an item; id and row become the builder's, the choices are copied.
bool exam_builder_add_item(
	struct exam_builder *builder, const struct exam_item *item, char *const *choices, unsigned line);

#endif
