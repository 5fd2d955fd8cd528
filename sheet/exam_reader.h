// SPDX-License-Identifier: GPL-3.0-or-later
// Typed values out of the YAML tree of an exam file, and the one place where its errors are worded: "FILE:LINE: PLACE:
// what is wrong and what to do". Knows how a text, a number or a list of choices is written, and not which keys an exam
// has.
#ifndef SHEAF_SHEET_EXAM_READER_H
#define SHEAF_SHEET_EXAM_READER_H

#include <glib.h>
#include <stdbool.h>

#include "sheet/exam.h"
#include "sheet/yaml_tree.h"

#define EXAM_READER_MAX_TITLE_BYTES 250

struct exam_reader {
	const char *name; // of the file, for messages
	char place[48];   // "question 16", "section 2", or ""
	GError **error;
};

// All functions below return false with *reader->error set on failure.

// Sets the error; always false, so that callers can return it.
bool exam_reader_fail(struct exam_reader *reader, unsigned line, const char *format, ...) G_GNUC_PRINTF(3, 4);
void exam_reader_enter(struct exam_reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

// The node is a mapping and has no key but the NULL-terminated known ones.
bool exam_reader_check_keys(struct exam_reader *reader, const struct yaml_node *node, const char *const *known);
// The node is a list of 1 to max elements. what names them in the plural.
bool exam_reader_check_list(struct exam_reader *reader, const struct yaml_node *node, unsigned max, const char *what);

// The value under key, which must be there. NULL on failure. Borrowed.
const struct yaml_node *exam_reader_need(struct exam_reader *reader, const struct yaml_node *map, const char *key);
// The text of a scalar in a mapping that is not empty, of max_bytes at most. NULL on failure. Borrowed.
const char *exam_reader_text(struct exam_reader *reader, const struct yaml_node *node, size_t max_bytes);

// These leave *value alone where the mapping has no such key.
bool exam_reader_number(
	struct exam_reader *reader, const struct yaml_node *map, const char *key, struct rational *value);
bool exam_reader_count(struct exam_reader *reader, const struct yaml_node *map, const char *key, unsigned min,
	unsigned max, unsigned *value);
// One of the NULL-terminated words; *value is its index.
bool exam_reader_word(struct exam_reader *reader, const struct yaml_node *map, const char *key,
	const char *const *words, unsigned *value);

// A count or a list of labels to NULL-terminated labels that the caller frees with g_strfreev. NULL on failure.
char **exam_reader_choices(struct exam_reader *reader, const struct yaml_node *node);
// The labels for a message: "A, B, C, D", shortened where there are many. Owned by the caller.
char *exam_reader_list_labels(char *const *labels);

#endif
