// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_key.h"

#include <string.h>

static int find_label(char *const *choices, const char *label)
{
	for (int i = 0; choices[i] != NULL; i++)
		if (strcmp(choices[i], label) == 0)
			return i;
	return -1;
}

static bool fail_label(struct exam_reader *reader, unsigned line, const char *label, char *const *choices)
{
	g_autofree char *possible = exam_reader_list_labels(choices);
	return exam_reader_fail(reader, line, "key has `%.40s`, the choices are %s", label, possible);
}

// Adds the label to *key.
static bool take_label(
	struct exam_reader *reader, unsigned line, const char *label, char *const *choices, exam_choices *key)
{
	int choice = find_label(choices, label);
	if (choice < 0)
		return fail_label(reader, line, label, choices);
	if (*key & (exam_choices)1 << choice)
		return exam_reader_fail(reader, line, "key has `%s` twice", label);
	*key |= (exam_choices)1 << choice;
	return true;
}

bool exam_key_single(struct exam_reader *reader, const struct yaml_node *node, char *const *choices, exam_choices *key)
{
	*key = 0;
	if (node->kind != YAML_SCALAR)
		return exam_reader_fail(reader, node->line,
			"key must be one choice; for a set of right choices write `type: multiple`, for several parts "
			"`type: parts`");
	if (node->text[0] == '\0')
		return exam_reader_fail(reader, node->line, "key is empty");
	return take_label(reader, node->line, node->text, choices, key);
}

// True if every character of the text is a label.
static bool all_letters(const char *text, char *const *choices)
{
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		g_autofree char *letter = g_strndup(text, (size_t)(g_utf8_next_char(text) - text));
		if (find_label(choices, letter) < 0)
			return false;
	}
	return true;
}

static bool take_letters(
	struct exam_reader *reader, const struct yaml_node *node, char *const *choices, exam_choices *key)
{
	for (const char *text = node->text; *text != '\0'; text = g_utf8_next_char(text)) {
		g_autofree char *letter = g_strndup(text, (size_t)(g_utf8_next_char(text) - text));
		if (!take_label(reader, node->line, letter, choices, key))
			return false;
	}
	return true;
}

static bool take_text(struct exam_reader *reader, const struct yaml_node *node, char *const *choices, exam_choices *key)
{
	bool is_label = find_label(choices, node->text) >= 0;
	bool is_letters = all_letters(node->text, choices);
	if (is_label && is_letters && g_utf8_strlen(node->text, -1) > 1)
		return exam_reader_fail(reader, node->line,
			"key `%s` is one choice, and also a row of one-letter choices; write the one that is meant as "
			"a [list]",
			node->text);
	if (is_letters)
		return take_letters(reader, node, choices, key);
	return take_label(reader, node->line, node->text, choices, key);
}

bool exam_key_multiple(
	struct exam_reader *reader, const struct yaml_node *node, char *const *choices, exam_choices *key)
{
	*key = 0;
	if (node->kind == YAML_MAP)
		return exam_reader_fail(reader, node->line, "key must be a list of choices, such as [A, C]");
	bool empty = node->kind == YAML_SCALAR ? node->text[0] == '\0' : node->nodes->len == 0;
	if (empty)
		return exam_reader_fail(reader, node->line, "key is empty; name at least one right choice");
	if (node->kind == YAML_SCALAR)
		return take_text(reader, node, choices, key);
	for (unsigned i = 0; i < node->nodes->len; i++) {
		const struct yaml_node *label = yaml_node_at(node, i);
		if (label->kind != YAML_SCALAR)
			return exam_reader_fail(reader, label->line, "key must be a list of choices, such as [A, C]");
		if (!take_label(reader, label->line, label->text, choices, key))
			return false;
	}
	return true;
}

const char *exam_key_statements(
	struct exam_reader *reader, const struct yaml_node *node, unsigned expected, const char *what)
{
	const char *advice = "write one letter T or F a statement, such as TFTF";
	size_t count = node->kind == YAML_SCALAR ? strspn(node->text, "TF*-") : 0;
	if (node->kind != YAML_SCALAR)
		exam_reader_fail(reader, node->line, "key must be one text; %s", advice);
	else if (node->text[0] == '\0')
		exam_reader_fail(reader, node->line, "key is empty; %s", advice);
	else if (node->text[count] != '\0')
		exam_reader_fail(reader, node->line, "key is `%.40s`; %s", node->text, advice);
	else if (count > EXAM_MAX_STATEMENTS)
		exam_reader_fail(reader, node->line, "key has %zu statements, at most %d are possible", count,
			EXAM_MAX_STATEMENTS);
	else if (expected != 0 && count != expected)
		exam_reader_fail(reader, node->line, "key has %zu statement%s, the %s has %u", count,
			count == 1 ? "" : "s", what, expected);
	else
		return node->text;
	return NULL;
}
