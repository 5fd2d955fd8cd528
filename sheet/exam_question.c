// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_question.h"

#include <string.h>

#include "sheet/exam_key.h"
#include "sheet/exam_number.h"

static const char *const question_keys[] = {
	"key", "accept", "event", QUESTION_SETTINGS_KEYS, "bonus", "parts", "require", NULL};
static const char *const part_keys[] = {"key", "accept", "event", QUESTION_SETTINGS_KEYS, NULL};
static const char *const event_words[] = {
	"drop", "rescale", "credit-all", "credit-attempters", NULL}; // enum exam_event from EXAM_EVENT_DROP on
static const char *const yes_words[] = {"no", "yes", NULL};
static const char *const number_keys[] = {"digits", "decimals", "sign", "tolerance"};
static const char *const require_words[] = {"permutation", NULL};
static char *const statement_choices[] = {(char[]){"T"}, (char[]){"F"}, NULL};

void exam_builder_lend(struct exam_builder *builder)
{
	struct exam *exam = builder->exam;
	exam->items = (struct exam_item *)(void *)builder->items->data;
	exam->n_items = builder->items->len;
	exam->questions = (struct exam_question *)(void *)builder->questions->data;
	exam->n_questions = builder->questions->len;
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

// What one letter of a key says: T, F, * for everybody, - for out of the score.
static struct exam_item statement_of(char letter)
{
	struct exam_item item = {.kind = EXAM_ITEM_STATEMENT, .key = letter == 'T' ? 1 : 2};
	if (letter == '*')
		item.event = EXAM_EVENT_CREDIT_ALL;
	if (letter == '-')
		item.event = EXAM_EVENT_DROP;
	return item;
}

static bool add_statements(struct exam_builder *builder, const struct exam_question *question, const char *key)
{
	for (unsigned i = 0; key[i] != '\0'; i++) {
		struct exam_item item = statement_of(key[i]);
		item.id = g_strdup_printf("%s.%c", question->id, 'A' + i);
		item.row = g_strdup_printf("%c", 'A' + i);
		if (!exam_builder_add_item(builder, &item, statement_choices, question->line))
			return false;
	}
	return true;
}

static struct exam_item *item_of(struct exam_builder *builder, const struct exam_question *question, unsigned i)
{
	return &g_array_index(builder->items, struct exam_item, question->first_item + i);
}

static const char *read_letters(struct exam_builder *builder, const struct yaml_node *key,
	const struct question_settings *settings, const struct exam_question *question)
{
	const char *what = strchr(question->id, '.') == NULL ? "question" : "part";
	return exam_key_statements(&builder->reader, key, settings->statements, what);
}

static bool read_statements(struct exam_builder *builder, const struct yaml_node *key, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	const struct yaml_node *choices = map != NULL ? yaml_node_get(map, "choices") : NULL;
	if (choices != NULL)
		return exam_reader_fail(&builder->reader, choices->key_line,
			"a true-false question always has the choices T and F; delete `choices`");
	const char *letters = read_letters(builder, key, settings, question);
	return letters != NULL && add_statements(builder, question, letters);
}

static bool read_set(struct exam_builder *builder, const struct yaml_node *key,
	const struct question_settings *settings, const struct exam_question *question, exam_choices *set)
{
	return question->type == EXAM_SINGLE ? exam_key_single(&builder->reader, key, settings->choices, set)
					     : exam_key_multiple(&builder->reader, key, settings->choices, set);
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
	struct exam_item item = {.kind = question->type == EXAM_SINGLE ? EXAM_ITEM_SINGLE : EXAM_ITEM_MULTIPLE};
	if (!read_set(builder, key, settings, question, &item.key))
		return false;
	const char *part = strchr(question->id, '.');
	item.id = g_strdup(question->id);
	item.row = g_strdup(part != NULL ? part + 1 : "");
	return exam_builder_add_item(builder, &item, settings->choices, question->line);
}

// One further key of a true-false question. A statement that is out of the score, or everybody's, is so in all keys.
static bool accept_letters(struct exam_builder *builder, const struct yaml_node *node,
	const struct question_settings *settings, struct exam_question *question, unsigned number)
{
	struct question_settings expected = *settings;
	expected.statements = question->n_items;
	const char *letters = read_letters(builder, node, &expected, question);
	for (unsigned i = 0; letters != NULL && i < question->n_items; i++) {
		const struct exam_item other = statement_of(letters[i]);
		struct exam_item *item = item_of(builder, question, i);
		if (other.event != item->event)
			return exam_reader_fail(&builder->reader, node->line,
				"`accept`: statement %c is * or - in one key only; write the same sign in all",
				'A' + i);
		item->also[number - 1] = other.key;
	}
	return letters != NULL;
}

// The further keys that are accepted after the first.
static bool read_accepted(struct exam_builder *builder, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	const struct yaml_node *list = map != NULL ? yaml_node_get(map, "accept") : NULL;
	question->n_keys = 1;
	if (list == NULL)
		return true;
	if (!exam_reader_check_list(&builder->reader, list, EXAM_MAX_KEYS - 1, "keys"))
		return false;
	question->n_keys += list->nodes->len;
	for (unsigned i = 0; i < question->n_items && question->type != EXAM_NUMBER; i++)
		item_of(builder, question, i)->also = g_new0(exam_choices, list->nodes->len);
	for (unsigned k = 1; k < question->n_keys; k++) {
		const struct yaml_node *node = yaml_node_at(list, k - 1);
		struct exam_item *item = item_of(builder, question, 0);
		bool read = question->type == EXAM_TRUE_FALSE ? accept_letters(builder, node, settings, question, k)
			    : question->type == EXAM_NUMBER
				    ? exam_number_accept(builder, node, question, k)
				    : read_set(builder, node, settings, question, &item->also[k - 1]);
		if (!read)
			return false;
	}
	return true;
}

static bool read_event(struct exam_builder *builder, const struct yaml_node *map, struct exam_question *question)
{
	unsigned event = 0;
	const struct yaml_node *node = map != NULL ? yaml_node_get(map, "event") : NULL;
	if (node == NULL)
		return true;
	if (!exam_reader_word(&builder->reader, map, "event", event_words, &event))
		return false;
	question->event = (enum exam_event)(EXAM_EVENT_DROP + (int)event);
	if (question->event == EXAM_EVENT_RESCALE && strchr(question->id, '.') != NULL)
		return exam_reader_fail(&builder->reader, node->line,
			"`event: rescale` is for whole questions; write `event: drop` to take the part out");
	builder->rescaled_line = question->event == EXAM_EVENT_RESCALE ? node->line : builder->rescaled_line;
	return true;
}

static bool read_items(struct exam_builder *builder, const struct yaml_node *key, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	if (question->type == EXAM_NUMBER)
		return exam_number_read(builder, key, map, settings, question);
	for (size_t i = 0; map != NULL && i < G_N_ELEMENTS(number_keys); i++) {
		const struct yaml_node *node = yaml_node_get(map, number_keys[i]);
		if (node != NULL)
			return exam_reader_fail(&builder->reader, node->key_line,
				"`%s` is for numbers; write `type: number`, or delete it", node->key);
	}
	return question->type == EXAM_TRUE_FALSE ? read_statements(builder, key, map, settings, question)
						 : read_choice(builder, key, map, settings, question);
}

// A question or part with one key: its items and its points. map is NULL where the key stands in a list of keys.
static bool read_response(struct exam_builder *builder, const struct yaml_node *key, const struct yaml_node *map,
	const struct question_settings *settings, struct exam_question *question)
{
	struct exam_reader *reader = &builder->reader;
	question->type = settings->type;
	question->first_item = builder->items->len;
	if (!read_items(builder, key, map, settings, question))
		return false;
	question->n_items = builder->items->len - question->first_item;
	bool one_of = question->type == EXAM_SINGLE || question->type == EXAM_TRUE_FALSE;
	unsigned n_choices = one_of ? item_of(builder, question, 0)->n_choices : 0;
	return question_settings_apply(reader, settings, map, n_choices, question) &&
	       read_accepted(builder, map, settings, question) && read_event(builder, map, question) &&
	       exam_account_points(&builder->account, reader, question, item_of(builder, question, 0));
}

// node is a mapping.
static bool read_part(struct exam_builder *builder, const struct yaml_node *node,
	const struct question_settings *shared, struct exam_question *part)
{
	struct exam_reader *reader = &builder->reader;
	struct question_settings settings = *shared;
	if (!exam_reader_check_keys(reader, node, part_keys) ||
		!question_settings_read(reader, node, builder->choices, &settings))
		return false;
	if (settings.type == EXAM_PARTS)
		return exam_reader_fail(reader, yaml_node_get(node, "type")->line, "a part cannot have parts itself");
	const struct yaml_node *key = exam_reader_need(reader, node, "key");
	if (key == NULL || !read_response(builder, key, node, &settings, part))
		return false;
	part->bounds = settings.bounds;
	return exam_account_bounds(&builder->account, reader, &part->bounds, part->line);
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
	shared.bounds = EXAM_NO_BOUNDS;
	shared.rule = RULE_SUM;
	question->type = EXAM_PARTS;
	if (!question_settings_apply(reader, settings, map, 0, question) || !read_event(builder, map, question))
		return false;
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
	if (question->event != EXAM_EVENT_NONE)
		return true;
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
	exam_builder_lend(builder);
	struct rational maximum = exam_question_maximum(builder->exam, question);
	bool said = yaml_node_get(map, "right") != NULL || yaml_node_get(map, "event") != NULL;
	bool taken_out = maximum.num == 0 && scores_nothing(question) && said;
	return maximum.num > 0 || taken_out ||
	       exam_reader_fail(&builder->reader, question->line,
		       "no answer can score points; raise `right` or `maximum`, or, to take the question out of the "
		       "score, write `event: drop`");
}

bool exam_question_read(
	struct exam_builder *builder, const struct yaml_node *node, const struct question_settings *section)
{
	struct exam_reader *reader = &builder->reader;
	struct question_settings settings = *section;
	unsigned number = builder->questions->len + 1, requirement, bonus = section->bonus;
	exam_reader_enter(reader, "question %u", number);
	if (number > EXAM_MAX_QUESTIONS)
		return exam_reader_fail(
			reader, node->line, "an exam can have at most %d questions", EXAM_MAX_QUESTIONS);
	g_array_set_size(builder->questions, number);
	struct exam_question *question = &g_array_index(builder->questions, struct exam_question, number - 1);
	question->id = g_strdup_printf("%u", number);
	question->line = node->line;
	if (!exam_reader_check_keys(reader, node, question_keys) ||
		!question_settings_read(reader, node, builder->choices, &settings) ||
		!exam_reader_word(reader, node, "require", require_words, &requirement) ||
		!exam_reader_word(reader, node, "bonus", yes_words, &bonus))
		return false;
	question->bonus = bonus == 1;
	question->bounds = settings.bounds;
	if (settings.type == EXAM_PARTS || yaml_node_get(node, "parts") != NULL) {
		const struct yaml_node *accept = yaml_node_get(node, "accept");
		if (accept != NULL)
			return exam_reader_fail(reader, accept->key_line,
				"`accept` belongs to a part; write it beside the part's own `key`");
		if (!read_parts(builder, node, &settings, question))
			return false;
	} else {
		const struct yaml_node *key = exam_reader_need(reader, node, "key");
		if (key == NULL || !read_response(builder, key, node, &settings, question))
			return false;
	}
	const struct yaml_node *require = yaml_node_get(node, "require");
	question->permutation = require != NULL;
	return exam_account_bounds(&builder->account, reader, &question->bounds, question->line) &&
	       (require == NULL || check_permutation(builder, question, require->line)) &&
	       check_worth(builder, question, node);
}
