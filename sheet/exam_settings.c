// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_settings.h"

#include <string.h>

static const char *const type_words[] = {
	"single", "multiple", "true-false", "parts", "number", NULL}; // enum exam_question_type
static const char *const rule_words[] = {"sum", "all-or-nothing", "per-option", "ps1/n", "half-point", "ps50", "ps1/m",
	"ripkey", "proportional", NULL}; // enum exam_rule
static const char *const several_words[] = {"wrong", "blank", "review", NULL};
static const char *const yes_words[] = {"no", "yes", NULL};
static const char *const each_keys[] = {"minimum", "maximum", NULL};

// The rules that a type of question can have; the first is its default.
static const enum exam_rule single_rules[] = {RULE_SUM};
static const enum exam_rule multiple_rules[] = {
	RULE_ALL, RULE_PER_OPTION, RULE_PS1N, RULE_HALF_POINT, RULE_PS50, RULE_PS1M, RULE_RIPKEY, RULE_PROPORTIONAL};
static const enum exam_rule statement_rules[] = {RULE_SUM, RULE_ALL, RULE_PS1N, RULE_HALF_POINT, RULE_PS50};
static const enum exam_rule part_rules[] = {RULE_SUM, RULE_ALL};
static const struct {
	const enum exam_rule *rules;
	size_t n;
	const char *name;
} type_rules[] = {
	[EXAM_SINGLE] = {single_rules, G_N_ELEMENTS(single_rules), "a single-answer question"},
	[EXAM_MULTIPLE] = {multiple_rules, G_N_ELEMENTS(multiple_rules), "a multiple-select question"},
	[EXAM_TRUE_FALSE] = {statement_rules, G_N_ELEMENTS(statement_rules), "a true-false question"},
	[EXAM_PARTS] = {part_rules, G_N_ELEMENTS(part_rules), "a question with parts"},
	[EXAM_NUMBER] = {single_rules, G_N_ELEMENTS(single_rules), "a number question"},
};

bool exam_bounds_read(struct exam_reader *reader, const struct yaml_node *map, struct exam_bounds *bounds)
{
	const struct yaml_node *minimum = yaml_node_get(map, "minimum"), *maximum = yaml_node_get(map, "maximum");
	if (!exam_reader_number(reader, map, "minimum", &bounds->minimum) ||
		!exam_reader_number(reader, map, "maximum", &bounds->maximum))
		return false;
	bounds->has_minimum |= minimum != NULL;
	bounds->has_maximum |= maximum != NULL;
	if (!bounds->has_minimum || !bounds->has_maximum || rational_compare(bounds->minimum, bounds->maximum) <= 0)
		return true;
	// A mapping that gives neither inherits two bounds that were compared before.
	const struct yaml_node *given = minimum != NULL ? minimum : maximum;
	g_assert(given != NULL);
	return exam_reader_fail(reader, given->line, "`minimum` is larger than `maximum`; correct one of them");
}

static bool is_word(const struct yaml_node *map, const char *key, const char *word)
{
	const struct yaml_node *node = yaml_node_get(map, key);
	return node != NULL && node->kind == YAML_SCALAR && strcmp(node->text, word) == 0;
}

// A number, or one of the words; *word is its index, or -1.
static bool read_number_or_word(struct exam_reader *reader, const struct yaml_node *map, const char *key,
	const char *const *words, struct rational *value, int *word)
{
	const struct yaml_node *node = yaml_node_get(map, key);
	*word = -1;
	for (int i = 0; words[i] != NULL; i++)
		if (is_word(map, key, words[i]))
			*word = i;
	if (*word >= 0 || (node->kind == YAML_SCALAR && rational_parse(node->text, value)))
		return true;
	if (node->kind != YAML_SCALAR || g_ascii_isdigit(node->text[0]) || strchr("-.", node->text[0]) != NULL)
		return exam_reader_number(reader, map, key, value); // which says what is wrong
	g_autofree char *all = g_strjoinv(", ", (char **)words);
	return exam_reader_fail(reader, node->line, "`%s` is `%.40s`; write a number, or: %s", key, node->text, all);
}

// A number, or the word that says how it follows from the others.
static bool read_number_or(struct exam_reader *reader, const struct yaml_node *map, const char *key, const char *word,
	struct rational *value, bool *is_the_word)
{
	const char *const words[] = {word, NULL};
	int index = -1;
	if (yaml_node_get(map, key) == NULL)
		return true;
	bool read = read_number_or_word(reader, map, key, words, value, &index);
	*is_the_word = index == 0;
	return read;
}

static bool read_several(struct exam_reader *reader, const struct yaml_node *map, struct question_settings *settings)
{
	int word = -1;
	if (yaml_node_get(map, "multiple") == NULL)
		return true;
	bool read = read_number_or_word(reader, map, "multiple", several_words, &settings->points.multiple, &word);
	settings->several = (enum exam_several)(EXAM_SEVERAL_POINTS + word + 1);
	return read;
}

static bool read_points(struct exam_reader *reader, const struct yaml_node *map, struct question_settings *settings)
{
	struct exam_points *points = &settings->points;
	return exam_reader_number(reader, map, "right", &points->right) &&
	       read_number_or(reader, map, "wrong", "formula", &points->wrong, &settings->formula) &&
	       read_number_or(reader, map, "blank", "chance", &points->blank, &settings->chance) &&
	       read_several(reader, map, settings);
}

static bool read_each(struct exam_reader *reader, const struct yaml_node *map, struct question_settings *settings)
{
	const struct yaml_node *each = yaml_node_get(map, "each");
	return each == NULL ||
	       (exam_reader_check_keys(reader, each, each_keys) && exam_bounds_read(reader, each, &settings->each));
}

static bool read_number_grid(
	struct exam_reader *reader, const struct yaml_node *map, struct question_settings *settings)
{
	unsigned sign = settings->sign;
	const struct yaml_node *tolerance = yaml_node_get(map, "tolerance");
	if (!exam_reader_count(reader, map, "digits", 1, EXAM_MAX_DIGITS, &settings->digits) ||
		!exam_reader_count(reader, map, "decimals", 0, EXAM_MAX_DECIMALS, &settings->decimals) ||
		!exam_reader_word(reader, map, "sign", yes_words, &sign) ||
		!exam_reader_number(reader, map, "tolerance", &settings->tolerance))
		return false;
	settings->sign = sign == 1;
	return tolerance == NULL || settings->tolerance.num >= 0 ||
	       exam_reader_fail(reader, tolerance->line, "`tolerance` must not be below 0");
}

bool question_settings_read(
	struct exam_reader *reader, const struct yaml_node *map, GPtrArray *choices, struct question_settings *settings)
{
	unsigned type = settings->type, rule = settings->rule;
	if (!exam_reader_word(reader, map, "type", type_words, &type) ||
		!exam_reader_word(reader, map, "rule", rule_words, &rule) || !read_points(reader, map, settings) ||
		!exam_bounds_read(reader, map, &settings->bounds) || !read_each(reader, map, settings) ||
		!read_number_grid(reader, map, settings) ||
		!exam_reader_count(reader, map, "statements", 1, EXAM_MAX_STATEMENTS, &settings->statements))
		return false;
	settings->type = (enum exam_question_type)type;
	settings->rule = (enum exam_rule)rule;
	const struct yaml_node *list = yaml_node_get(map, "choices");
	if (list == NULL)
		return true;
	settings->choices = exam_reader_choices(reader, list);
	if (settings->choices != NULL)
		g_ptr_array_add(choices, settings->choices);
	return settings->choices != NULL;
}

static const struct yaml_node *given(const struct yaml_node *map, const char *key)
{
	return map != NULL ? yaml_node_get(map, key) : NULL;
}

static bool fail_rule(struct exam_reader *reader, const struct yaml_node *node, enum exam_question_type type)
{
	g_autoptr(GString) possible = g_string_new(NULL);
	for (size_t i = 0; i < type_rules[type].n; i++)
		g_string_append_printf(possible, "%s%s", i > 0 ? ", " : "", rule_words[type_rules[type].rules[i]]);
	return exam_reader_fail(reader, node->line, "`rule: %s` is not for %s; possible here: %s", node->text,
		type_rules[type].name, possible->str);
}

// Which of the type's rules holds: the one that is set, if the type can have it.
static bool apply_rule(struct exam_reader *reader, const struct question_settings *settings,
	const struct yaml_node *map, struct exam_question *question)
{
	question->rule = type_rules[question->type].rules[0];
	for (size_t i = 0; i < type_rules[question->type].n; i++)
		if (type_rules[question->type].rules[i] == settings->rule) {
			question->rule = settings->rule;
			return true;
		}
	const struct yaml_node *node = given(map, "rule");
	return node == NULL || fail_rule(reader, node, question->type);
}

// Guessing among k choices gains nothing on average where a wrong answer costs right / (k - 1), and loses nothing to
// leaving out where a blank one scores right / k.
static bool apply_formula(struct exam_reader *reader, const struct question_settings *settings, unsigned n_choices,
	struct exam_question *question)
{
	struct exam_points *points = &question->points;
	const char *word = settings->formula ? "`wrong: formula`" : "`blank: chance`";
	if (!settings->formula && !settings->chance)
		return true;
	if (question->rule != RULE_SUM || n_choices == 0)
		return exam_reader_fail(reader, question->line,
			"%s is for rows with one right choice; give this question a number", word);
	if (settings->formula)
		points->wrong = rational_multiply(points->right, rational_make(-1, (int64_t)n_choices - 1));
	if (settings->chance)
		points->blank = rational_multiply(points->right, rational_make(1, n_choices));
	return true;
}

static bool apply_several(struct exam_reader *reader, const struct question_settings *settings,
	const struct yaml_node *map, struct exam_question *question)
{
	struct exam_points *points = &question->points;
	const struct yaml_node *node = given(map, "multiple");
	if (question->type != EXAM_SINGLE && question->type != EXAM_NUMBER)
		return node == NULL ||
		       exam_reader_fail(reader, node->key_line,
			       "`multiple` is for single-answer questions with several marks; delete it here");
	question->review_several = settings->several == EXAM_SEVERAL_REVIEW ||
				   (settings->several == EXAM_SEVERAL_USUAL && question->type == EXAM_NUMBER);
	if (settings->several == EXAM_SEVERAL_WRONG)
		points->multiple = points->wrong;
	if (settings->several == EXAM_SEVERAL_BLANK)
		points->multiple = points->blank;
	if (settings->several == EXAM_SEVERAL_REVIEW)
		points->multiple = RATIONAL_ZERO;
	return true;
}

static bool apply_each(struct exam_reader *reader, const struct question_settings *settings,
	const struct yaml_node *map, struct exam_question *question)
{
	const struct yaml_node *node = given(map, "each");
	if (question->type == EXAM_TRUE_FALSE && question->rule == RULE_SUM)
		question->each = settings->each;
	else if (node != NULL)
		return exam_reader_fail(reader, node->key_line,
			"`each` bounds the statements of a true-false question that count one by one; delete it here");
	return true;
}

bool question_settings_apply(struct exam_reader *reader, const struct question_settings *settings,
	const struct yaml_node *map, unsigned n_choices, struct exam_question *question)
{
	question->points = settings->points;
	if (!apply_rule(reader, settings, map, question))
		return false;
	// What else a question with parts says is for its parts.
	return question->type == EXAM_PARTS ||
	       (apply_formula(reader, settings, n_choices, question) &&
		       apply_several(reader, settings, map, question) && apply_each(reader, settings, map, question));
}
