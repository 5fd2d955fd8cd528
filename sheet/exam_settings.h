// SPDX-License-Identifier: GPL-3.0-or-later
// What a section says for its questions and a question for its parts: type, rule, points, bounds, choices. Knows how
// these are written and which rule fits which type; knows no keys. Used by sheet/exam_question.c and exam_file.c only.
#ifndef SHEAF_SHEET_EXAM_SETTINGS_H
#define SHEAF_SHEET_EXAM_SETTINGS_H

#include <glib.h>
#include <stdbool.h>

#include "sheet/exam.h"
#include "sheet/exam_reader.h"

// The keys that question_settings_read reads, for lists of what is known.
#define QUESTION_SETTINGS_KEYS                                                                                         \
	"type", "rule", "choices", "statements", "digits", "decimals", "sign", "tolerance", "right", "wrong", "blank", \
		"multiple", "minimum", "maximum", "each"

// What several marks on a single-answer item score, or a number that cannot be read: usually 0 points, and of a number
// for review.
enum exam_several {
	EXAM_SEVERAL_USUAL,
	EXAM_SEVERAL_POINTS,
	EXAM_SEVERAL_WRONG,
	EXAM_SEVERAL_BLANK,
	EXAM_SEVERAL_REVIEW
};

struct question_settings {
	enum exam_question_type type;
	enum exam_rule rule;
	struct exam_points points; // without what the next three say
	bool formula;              // `wrong` follows from the number of choices
	bool chance;               // `blank` does
	enum exam_several several;
	struct exam_bounds bounds, each;
	bool bonus;
	char **choices;      // NULL where none are given; borrowed
	unsigned statements; // 0 where not given
	unsigned digits;     // of a number; 0 where not given
	unsigned decimals;
	bool sign;
	struct rational tolerance;
};

#define QUESTION_SETTINGS_DEFAULT                                                                                      \
	((struct question_settings){.type = EXAM_SINGLE,                                                               \
		.points = {{1, 1}, RATIONAL_ZERO, RATIONAL_ZERO, RATIONAL_ZERO},                                       \
		.tolerance = RATIONAL_ZERO,                                                                            \
		.bounds = {.minimum = RATIONAL_ZERO, .maximum = RATIONAL_ZERO},                                        \
		.each = {.minimum = RATIONAL_ZERO, .maximum = RATIONAL_ZERO}})

// Reads what a mapping has of them into *settings. Lists of labels are added to choices (char **), which must outlive
// the settings. False with the reader's error set on failure; so below.
bool question_settings_read(struct exam_reader *reader, const struct yaml_node *map, GPtrArray *choices,
	struct question_settings *settings);

// `minimum` and `maximum` of a mapping.
bool exam_bounds_read(struct exam_reader *reader, const struct yaml_node *map, struct exam_bounds *bounds);

// The points of a question or part of this type with this number of choices in a row. A rule, a policy or bounds that
// the type cannot have are an error where the mapping itself gives them, and left out where they are inherited. map is
// NULL where a part is only a label in a list.
bool question_settings_apply(struct exam_reader *reader, const struct question_settings *settings,
	const struct yaml_node *map, unsigned n_choices, struct exam_question *question);

#endif
