// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_question.h"

#include <string.h>

#include "sheet/exam_key.h"

// The caps on the points of a whole exam: with them, numerators over the common denominator stay below 2^63.
#define MAX_COMMON_DENOMINATOR INT64_C(1000000000)
#define MAX_POINTS_SUM INT64_C(1000000000)

static const char *const question_keys[] = {"key", "type", "choices", "statements", "right", "wrong", "blank",
	"multiple", "minimum", "maximum", "parts", "require", NULL};
static const char *const part_keys[] = {
	"key", "type", "choices", "statements", "right", "wrong", "blank", "multiple", "minimum", "maximum", NULL};
static const char *const type_words[] = {"single", "multiple", "true-false", "parts", NULL}; // enum exam_question_type
static const char *const require_words[] = {"permutation", NULL};
static char *const statement_choices[] = {(char[]){"T"}, (char[]){"F"}, NULL};

static bool read_bounds(struct exam_builder *builder, const struct yaml_node *map, struct question_settings *settings)
{
	struct exam_reader *reader = &builder->reader;
	const struct yaml_node *minimum = yaml_node_get(map, "minimum"), *maximum = yaml_node_get(map, "maximum");
	if (!exam_reader_number(reader, map, "minimum", &settings->minimum) ||
		!exam_reader_number(reader, map, "maximum", &settings->maximum))
		return false;
	settings->has_minimum |= minimum != NULL;
	settings->has_maximum |= maximum != NULL;
	if (!settings->has_minimum || !settings->has_maximum ||
		rational_compare(settings->minimum, settings->maximum) <= 0)
		return true;
	// A mapping that gives neither inherits two bounds that were compared before.
	const struct yaml_node *given = minimum != NULL ? minimum : maximum;
	g_assert(given != NULL);
	return exam_reader_fail(reader, given->line, "`minimum` is larger than `maximum`; correct one of them");
}

bool question_settings_read(
	struct exam_builder *builder, const struct yaml_node *map, struct question_settings *settings)
{
	struct exam_reader *reader = &builder->reader;
	unsigned type = settings->type;
	if (!exam_reader_word(reader, map, "type", type_words, &type) ||
		!exam_reader_number(reader, map, "right", &settings->points.right) ||
		!exam_reader_number(reader, map, "wrong", &settings->points.wrong) ||
		!exam_reader_number(reader, map, "blank", &settings->points.blank) ||
		!exam_reader_number(reader, map, "multiple", &settings->points.multiple) ||
		!read_bounds(builder, map, settings) ||
		!exam_reader_count(reader, map, "statements", 1, EXAM_MAX_STATEMENTS, &settings->statements))
		return false;
	settings->type = (enum exam_question_type)type;
	const struct yaml_node *choices = yaml_node_get(map, "choices");
	if (choices == NULL)
		return true;
	settings->choices = exam_reader_choices(reader, choices);
	if (settings->choices != NULL)
		g_ptr_array_add(builder->choices, settings->choices);
	return settings->choices != NULL;
}

bool exam_builder_add_item(
	struct exam_builder *builder, const struct exam_item *item, char *const *choices, unsigned line)
{
	struct exam_item added = *item;
	added.choices = g_strdupv((char **)choices);
	added.n_choices = g_strv_length(added.choices);
	g_array_append_val(builder->items, added);
	return builder->items->len <= EXAM_MAX_ITEMS ||
	       exam_reader_fail(&builder->reader, line, "the exam has more than %d rows of bubbles", EXAM_MAX_ITEMS);
}

static bool add_statements(struct exam_builder *builder, const struct exam_question *question, const char *key)
{
	for (unsigned i = 0; key[i] != '\0'; i++) {
		struct exam_item item = {
			.id = g_strdup_printf("%s.%c", question->id, 'A' + i),
			.row = g_strdup_printf("%c", 'A' + i),
			.kind = EXAM_ITEM_STATEMENT,
			.key = key[i] == 'T' ? 1 : 2,
		};
		if (!exam_builder_add_item(builder, &item, statement_choices, question->line))
			return false;
	}
	return true;
}

static bool read_statements(struct exam_builder *builder, const struct yaml_node *key, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	const struct yaml_node *choices = map != NULL ? yaml_node_get(map, "choices") : NULL;
	if (choices != NULL)
		return exam_reader_fail(&builder->reader, choices->key_line,
			"a true-false question always has the choices T and F; delete `choices`");
	const char *what = strchr(question->id, '.') == NULL ? "question" : "part";
	const char *letters = exam_key_statements(&builder->reader, key, settings->statements, what);
	return letters != NULL && add_statements(builder, question, letters);
}

static bool read_choice(struct exam_builder *builder, const struct yaml_node *key, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	const struct yaml_node *statements = map != NULL ? yaml_node_get(map, "statements") : NULL;
	if (statements != NULL)
		return exam_reader_fail(&builder->reader, statements->key_line,
			"`statements` is for true-false questions; write `type: true-false`, or delete `statements`");
	if (settings->choices == NULL)
		return exam_reader_fail(&builder->reader, question->line,
			"`choices` is missing: write how many there are, such as `choices: 4`, or list them");
	struct exam_item item = {0};
	item.kind = question->type == EXAM_SINGLE ? EXAM_ITEM_SINGLE : EXAM_ITEM_MULTIPLE;
	bool read = question->type == EXAM_SINGLE
			    ? exam_key_single(&builder->reader, key, settings->choices, &item.key)
			    : exam_key_multiple(&builder->reader, key, settings->choices, &item.key);
	if (!read)
		return false;
	const char *part = strchr(question->id, '.');
	item.id = g_strdup(question->id);
	item.row = g_strdup(part != NULL ? part + 1 : "");
	return exam_builder_add_item(builder, &item, settings->choices, question->line);
}

// Keeps every sum over the exam inside 64 bits.
static bool account_value(struct exam_builder *builder, struct rational value, unsigned times, unsigned line)
{
	// Reducing common / den takes their greatest common divisor out of den; what is left makes the least common
	// multiple.
	builder->common_denominator *= rational_make(builder->common_denominator, value.den).den;
	if (builder->common_denominator > MAX_COMMON_DENOMINATOR)
		return exam_reader_fail(&builder->reader, line,
			"the fractions of this exam's points have no common denominator up to %" G_GINT64_FORMAT
			"; use fewer different ones",
			MAX_COMMON_DENOMINATOR);
	struct rational magnitude = {value.num < 0 ? -value.num : value.num, value.den};
	struct rational all = rational_multiply(rational_make(times, 1), magnitude);
	builder->largest_sum = rational_add(builder->largest_sum, all);
	if (rational_compare(builder->largest_sum, rational_make(MAX_POINTS_SUM, 1)) > 0)
		return exam_reader_fail(
			&builder->reader, line, "the points of this exam are too large; divide them all");
	return true;
}

static bool account_bounds(struct exam_builder *builder, const struct exam_question *question)
{
	return (!question->has_minimum || account_value(builder, question->minimum, 1, question->line)) &&
	       (!question->has_maximum || account_value(builder, question->maximum, 1, question->line));
}

static bool account_points(struct exam_builder *builder, const struct exam_question *question)
{
	const struct exam_points *points = &question->points;
	unsigned n_items = question->n_items, line = question->line;
	return account_value(builder, points->right, n_items, line) &&
	       account_value(builder, points->wrong, n_items, line) &&
	       account_value(builder, points->blank, n_items, line) &&
	       account_value(builder, points->multiple, n_items, line);
}

// A question or part with one key: its items and its points. map is NULL where the key stands in a list of keys.
static bool read_response(struct exam_builder *builder, const struct yaml_node *key, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	question->type = settings->type;
	question->points = settings->points;
	question->first_item = builder->items->len;
	bool read = question->type == EXAM_TRUE_FALSE ? read_statements(builder, key, map, settings, question)
						      : read_choice(builder, key, map, settings, question);
	if (!read)
		return false;
	const struct yaml_node *multiple = map != NULL ? yaml_node_get(map, "multiple") : NULL;
	if (multiple != NULL && question->type != EXAM_SINGLE)
		return exam_reader_fail(&builder->reader, multiple->key_line,
			"`multiple` is for single-answer questions with several marks; delete it here");
	question->n_items = builder->items->len - question->first_item;
	return account_points(builder, question);
}

static void set_bounds(struct exam_question *question, const struct question_settings *settings)
{
	question->has_minimum = settings->has_minimum;
	question->has_maximum = settings->has_maximum;
	question->minimum = settings->has_minimum ? settings->minimum : RATIONAL_ZERO;
	question->maximum = settings->has_maximum ? settings->maximum : RATIONAL_ZERO;
}

// node is a mapping.
static bool read_part(struct exam_builder *builder, const struct yaml_node *node,
	const struct question_settings *shared, struct exam_question *part)
{
	struct exam_reader *reader = &builder->reader;
	struct question_settings settings = *shared;
	if (!exam_reader_check_keys(reader, node, part_keys) || !question_settings_read(builder, node, &settings))
		return false;
	if (settings.type == EXAM_PARTS)
		return exam_reader_fail(reader, yaml_node_get(node, "type")->line, "a part cannot have parts itself");
	const struct yaml_node *key = exam_reader_need(reader, node, "key");
	if (key == NULL || !read_response(builder, key, node, &settings, part))
		return false;
	set_bounds(part, &settings);
	return account_bounds(builder, part);
}

// The parts stand as mappings in a list `parts`, or just as labels in a list `key`.
static bool read_parts(struct exam_builder *builder, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	struct exam_reader *reader = &builder->reader;
	const struct yaml_node *parts = yaml_node_get(map, "parts"), *key = yaml_node_get(map, "key");
	if (parts != NULL && key != NULL)
		return exam_reader_fail(
			reader, key->key_line, "`key` and `parts` exclude each other; give each part its own key");
	const struct yaml_node *list = parts != NULL ? parts : key;
	if (list == NULL)
		return exam_reader_fail(
			reader, map->line, "`parts` is missing: a list of parts, or a list of labels under `key`");
	if (!exam_reader_check_list(reader, list, EXAM_MAX_PARTS, "parts"))
		return false;
	struct question_settings shared = *settings;
	shared.type = settings->type == EXAM_PARTS ? EXAM_SINGLE : settings->type;
	shared.has_minimum = shared.has_maximum = false;
	question->type = EXAM_PARTS;
	question->points = settings->points;
	question->first_item = builder->items->len;
	question->n_parts = list->nodes->len;
	question->parts = g_new0(struct exam_question, question->n_parts);
	for (unsigned i = 0; i < question->n_parts; i++) {
		const struct yaml_node *node = yaml_node_at(list, i);
		struct exam_question *part = &question->parts[i];
		part->id = g_strdup_printf("%s.%c", question->id, 'a' + i);
		part->line = node->line;
		exam_reader_enter(reader, "question %s", part->id);
		if (!(parts != NULL ? read_part(builder, node, &shared, part)
				    : read_response(builder, node, NULL, &shared, part)))
			return false;
	}
	exam_reader_enter(reader, "question %s", question->id);
	question->n_items = builder->items->len - question->first_item;
	return true;
}

static bool same_choices(const struct exam_item *a, const struct exam_item *b)
{
	return g_strv_equal((const char *const *)a->choices, (const char *const *)b->choices);
}

// Each choice once is possible only where there are as many parts as choices, and makes sense only where the key does
// so too.
static bool check_permutation(struct exam_builder *builder, const struct exam_question *question, unsigned line)
{
	struct exam_reader *reader = &builder->reader;
	const struct exam_item *items = &g_array_index(builder->items, struct exam_item, question->first_item);
	exam_choices used = 0;
	if (question->type != EXAM_PARTS)
		return exam_reader_fail(reader, line, "`require: permutation` is for questions with parts; delete it");
	for (unsigned i = 0; i < question->n_parts; i++) {
		const struct exam_question *part = &question->parts[i];
		const struct exam_points *points = &part->points;
		if (part->type != EXAM_SINGLE)
			return exam_reader_fail(reader, line,
				"`require: permutation` needs single-answer parts; part %c is of another type",
				'a' + i);
		if (!same_choices(&items[0], &items[i]))
			return exam_reader_fail(reader, line,
				"`require: permutation` needs the same choices in all parts; those of part %c differ",
				'a' + i);
		if (rational_compare(points->right,
			    rational_max(points->wrong, rational_max(points->blank, points->multiple))) < 0)
			return exam_reader_fail(reader, line,
				"`require: permutation` needs `right` to score most; in part %c it does not", 'a' + i);
	}
	if (question->n_parts != items[0].n_choices)
		return exam_reader_fail(reader, line,
			"`require: permutation` needs as many parts as choices; there are %u parts and %u choices",
			question->n_parts, items[0].n_choices);
	for (unsigned i = 0; i < question->n_parts; used |= items[i].key, i++) {
		g_autofree char *label = exam_choices_text(&items[i], items[i].key);
		if (used & items[i].key)
			return exam_reader_fail(reader, line,
				"`require: permutation` needs each choice once, but the key has %s twice", label);
	}
	return true;
}

static bool scores_nothing(const struct exam_question *question)
{
	for (unsigned i = 0; i < question->n_parts; i++)
		if (!scores_nothing(&question->parts[i]))
			return false;
	const struct exam_points *points = &question->points;
	return points->right.num == 0 && points->wrong.num == 0 && points->blank.num == 0 && points->multiple.num == 0;
}

// A question that nobody can score on is a slip, unless it says so itself: that is how a bad question is taken out of
// the score after the exam without disturbing the sheets.
static bool check_worth(struct exam_builder *builder, const struct exam_question *question, const struct yaml_node *map)
{
	struct rational maximum = exam_question_maximum(builder->exam, question);
	bool taken_out = maximum.num == 0 && scores_nothing(question) && yaml_node_get(map, "right") != NULL;
	return maximum.num > 0 || taken_out ||
	       exam_reader_fail(&builder->reader, question->line,
		       "no answer can score points; raise `right` or `maximum`, or, to take the question out of the "
		       "score, "
		       "give it `right: 0` and no other points");
}

bool exam_question_read(
	struct exam_builder *builder, const struct yaml_node *node, const struct question_settings *section)
{
	struct exam_reader *reader = &builder->reader;
	struct question_settings settings = *section;
	unsigned number = builder->questions->len + 1, requirement;
	exam_reader_enter(reader, "question %u", number);
	if (number > EXAM_MAX_QUESTIONS)
		return exam_reader_fail(
			reader, node->line, "an exam can have at most %d questions", EXAM_MAX_QUESTIONS);
	g_array_set_size(builder->questions, number);
	struct exam_question *question = &g_array_index(builder->questions, struct exam_question, number - 1);
	question->id = g_strdup_printf("%u", number);
	question->line = node->line;
	if (!exam_reader_check_keys(reader, node, question_keys) || !question_settings_read(builder, node, &settings) ||
		!exam_reader_word(reader, node, "require", require_words, &requirement))
		return false;
	set_bounds(question, &settings);
	if (settings.type == EXAM_PARTS || yaml_node_get(node, "parts") != NULL) {
		if (!read_parts(builder, node, &settings, question))
			return false;
	} else {
		const struct yaml_node *key = exam_reader_need(reader, node, "key");
		if (key == NULL || !read_response(builder, key, node, &settings, question))
			return false;
	}
	const struct yaml_node *require = yaml_node_get(node, "require");
	question->permutation = require != NULL;
	return account_bounds(builder, question) &&
	       (require == NULL || check_permutation(builder, question, require->line)) &&
	       check_worth(builder, question, node);
}
