// SPDX-License-Identifier: GPL-3.0-or-later
// One question of an exam file: its settings on top of its section's, its parts, keys and items, and whether all that
// makes sense together. Used by sheet/exam_file.c only.
#ifndef SHEAF_SHEET_EXAM_QUESTION_H
#define SHEAF_SHEET_EXAM_QUESTION_H

#include <glib.h>
#include <stdbool.h>

#include "sheet/exam.h"
#include "sheet/exam_reader.h"

// What a section gives its questions, and a question its parts (except the bounds).
struct question_settings {
	enum exam_question_type type;
	struct exam_points points;
	bool has_minimum, has_maximum;
	struct rational minimum, maximum;
	char **choices;      // NULL where none are given; borrowed from the builder
	unsigned statements; // 0 where not given
};

#define QUESTION_SETTINGS_DEFAULT                                                                                      \
	((struct question_settings){                                                                                   \
		.type = EXAM_SINGLE, .points = {{1, 1}, RATIONAL_ZERO, RATIONAL_ZERO, RATIONAL_ZERO}})

// An exam while it grows.
struct exam_builder {
	struct exam_reader reader;
	struct exam *exam;
	GArray *items;               // struct exam_item
	GArray *questions;           // struct exam_question
	GPtrArray *choices;          // char **: lists of labels that settings borrow
	int64_t common_denominator;  // of all points and bounds so far
	struct rational largest_sum; // of the absolute values of all points and bounds so far
};

// Reads type, points, bounds, choices and statements of a mapping into *settings, where it has them.
bool question_settings_read(
	struct exam_builder *builder, const struct yaml_node *map, struct question_settings *settings);

// Reads the next question of the exam; section holds its defaults.
bool exam_question_read(
	struct exam_builder *builder, const struct yaml_node *node, const struct question_settings *section);

// Appends an item; id and row become the builder's, the choices are copied.
bool exam_builder_add_item(
	struct exam_builder *builder, const struct exam_item *item, char *const *choices, unsigned line);

#endif
