// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_number.h"

#include <string.h>

#include "sheet/number.h"

static char *const sign_choices[] = {(char[]){"+"}, (char[]){"-"}, NULL};
static char *const digit_choices[] = {(char[]){"0"}, (char[]){"1"}, (char[]){"2"}, (char[]){"3"}, (char[]){"4"},
	(char[]){"5"}, (char[]){"6"}, (char[]){"7"}, (char[]){"8"}, (char[]){"9"}, NULL};

// The grid must be able to say a number that is right. Fills in the columns that say it.
static bool check_key(struct exam_builder *builder, const struct yaml_node *node, const struct exam_question *question,
	unsigned number, exam_choices *columns)
{
	const struct exam_number *grid = &question->number;
	struct rational nearest;
	if (grid->keys[number].num < 0 && !grid->sign)
		return exam_reader_fail(&builder->reader, node->line,
			"key is `%s`, but the grid has no sign; write `sign: yes`", node->text);
	if (!number_write(question, grid->keys[number], &nearest, columns))
		return exam_reader_fail(&builder->reader, node->line,
			"key is `%s`, which does not fit into %u digit%s in front of the point; raise `digits`",
			node->text, grid->digits, grid->digits == 1 ? "" : "s");
	return number_is_right(question, nearest, number) ||
	       exam_reader_fail(&builder->reader, node->line,
		       "key is `%s`, which cannot be written with %u decimal%s; raise `decimals`, or give a "
		       "`tolerance`",
		       node->text, grid->decimals, grid->decimals == 1 ? "" : "s");
}

static bool read_key(
	struct exam_builder *builder, const struct yaml_node *node, struct exam_question *question, unsigned number)
{
	if (node->kind != YAML_SCALAR || !rational_parse(node->text, &question->number.keys[number]))
		return exam_reader_fail(&builder->reader, node->line,
			"key must be a number such as 42, -0.5 or 1/3 (up to %d, denominator up to %d)",
			RATIONAL_MAX_VALUE, RATIONAL_MAX_DENOMINATOR);
	return true;
}

static bool check_settings(struct exam_builder *builder, const struct yaml_node *map,
	const struct question_settings *settings, const struct exam_question *question)
{
	struct exam_reader *reader = &builder->reader;
	static const char *const others[] = {"choices", "statements"};
	for (size_t i = 0; map != NULL && i < G_N_ELEMENTS(others); i++) {
		const struct yaml_node *node = yaml_node_get(map, others[i]);
		if (node != NULL)
			return exam_reader_fail(reader, node->key_line, "a number has digits, and no %s; delete `%s`",
				others[i], others[i]);
	}
	return settings->digits > 0 ||
	       exam_reader_fail(reader, question->line,
		       "`digits` is missing: write how many there are in front of the point, such as `digits: 3`");
}

static bool add_columns(struct exam_builder *builder, const struct exam_question *question, const exam_choices *columns)
{
	unsigned digit = 0;
	for (unsigned i = 0; i < question->n_items; i++) {
		bool sign = question->number.sign && i == 0;
		struct exam_item item = {.kind = EXAM_ITEM_DIGIT, .row = g_strdup(""), .key = columns[i]};
		item.id = sign ? g_strdup_printf("%s.sign", question->id)
			       : g_strdup_printf("%s.%u", question->id, ++digit);
		if (!exam_builder_add_item(builder, &item, sign ? sign_choices : digit_choices, question->line))
			return false;
	}
	return true;
}

bool exam_number_read(struct exam_builder *builder, const struct yaml_node *key, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	exam_choices columns[1 + EXAM_MAX_DIGITS + EXAM_MAX_DECIMALS] = {0};
	if (!check_settings(builder, map, settings, question))
		return false;
	question->number = (struct exam_number){
		.digits = settings->digits,
		.decimals = settings->decimals,
		.sign = settings->sign,
		.tolerance = settings->tolerance,
		.keys = g_new0(struct rational, EXAM_MAX_KEYS),
	};
	question->n_items = settings->digits + settings->decimals + settings->sign;
	return read_key(builder, key, question, 0) && check_key(builder, key, question, 0, columns) &&
	       add_columns(builder, question, columns);
}

bool exam_number_accept(
	struct exam_builder *builder, const struct yaml_node *key, struct exam_question *question, unsigned number)
{
	exam_choices columns[1 + EXAM_MAX_DIGITS + EXAM_MAX_DECIMALS] = {0};
	return read_key(builder, key, question, number) && check_key(builder, key, question, number, columns);
}
