// SPDX-License-Identifier: GPL-3.0-or-later
// A form is made in two steps. First the inside of each question is put into the form's order: its choices, statements
// or parts. Then whole questions take the places of others.
#include "sheet/exam_forms_file.h"

#include <string.h>

#include "sheet/exam_forms.h"

#define MAX_FORMS 26

static const char *const form_keys[] = {"form", "questions", "choices", NULL};

// A form while it is read.
struct draft {
	struct exam_reader *reader;
	const struct exam *exam;
	struct exam_form_place *inside; // by the master's item: what stands there if no question moves
	unsigned *order;                // by place: index of the master's question
};

// --- orders

// A list of labels, or a text of one-letter labels. Owned by the caller; NULL on failure.
static char **split_order(struct exam_reader *reader, const struct yaml_node *node)
{
	g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
	for (unsigned i = 0; node->kind == YAML_LIST && i < node->nodes->len; i++) {
		const struct yaml_node *label = yaml_node_at(node, i);
		if (label->kind == YAML_SCALAR)
			g_ptr_array_add(labels, g_strdup(label->text));
	}
	for (const char *at = node->kind == YAML_SCALAR ? node->text : ""; *at; at = g_utf8_next_char(at))
		g_ptr_array_add(labels, g_strndup(at, (size_t)(g_utf8_next_char(at) - at)));
	if (labels->len == 0) {
		exam_reader_fail(reader, node->line,
			"`%s` needs an order: a text such as CABD, or a list such as [no, yes]", node->key);
		return NULL;
	}
	g_ptr_array_add(labels, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&labels), FALSE);
}

// The order in which a form has these n labels: by place, the index of the label.
static bool read_order(
	struct exam_reader *reader, const struct yaml_node *node, char *const *labels, unsigned n, unsigned *order)
{
	g_auto(GStrv) given = split_order(reader, node);
	g_autofree char *all = exam_reader_list_labels(labels);
	exam_choices seen = 0;
	if (given == NULL)
		return false;
	if (g_strv_length(given) != n)
		return exam_reader_fail(reader, node->line, "`%s` orders %u; it must have each of %s once", node->key,
			g_strv_length(given), all);
	for (unsigned i = 0; i < n; i++) {
		unsigned k = 0;
		while (k < n && strcmp(labels[k], given[i]) != 0)
			k++;
		if (k == n)
			return exam_reader_fail(reader, node->line, "`%s` has `%.40s`; it must have each of %s once",
				node->key, given[i], all);
		if (seen >> k & 1)
			return exam_reader_fail(reader, node->line, "`%s` has `%s` twice; it must have each of %s once",
				node->key, given[i], all);
		seen |= (exam_choices)1 << k;
		order[i] = k;
	}
	return true;
}

// Labels of statements (from 'A') or parts (from 'a').
static char **letters_from(char first, unsigned n)
{
	char **labels = g_new0(char *, n + 1);
	for (unsigned i = 0; i < n; i++)
		labels[i] = g_strdup_printf("%c", first + (char)i);
	return labels;
}

// --- shapes

static bool same_row(const struct exam_item *a, const struct exam_item *b)
{
	return a->kind == b->kind && strcmp(a->row, b->row) == 0 &&
	       g_strv_equal((const char *const *)a->choices, (const char *const *)b->choices);
}

// Whether the rows of bubbles of the two look alike on the sheet; whether their letters must, too.
static bool same_rows(
	const struct exam *exam, const struct exam_question *a, const struct exam_question *b, bool with_letters)
{
	if (a->type != b->type || a->n_items != b->n_items || a->n_parts != b->n_parts ||
		a->number.decimals != b->number.decimals)
		return false;
	for (unsigned i = 0; i < a->n_items; i++) {
		const struct exam_item *left = &exam->items[a->first_item + i],
				       *right = &exam->items[b->first_item + i];
		bool letters = with_letters || left->kind == EXAM_ITEM_STATEMENT;
		if (letters ? !same_row(left, right)
			    : left->kind != right->kind || !g_strv_equal((const char *const *)left->choices,
								   (const char *const *)right->choices))
			return false;
	}
	for (unsigned i = 0; i < a->n_parts; i++)
		if (!same_rows(exam, &a->parts[i], &b->parts[i], with_letters)) // NOLINT(misc-no-recursion): one level
			return false;
	return true;
}

// --- inside a question

static bool order_choices(struct draft *draft, const struct yaml_node *node, const struct exam_question *question)
{
	const struct exam_item *item = &draft->exam->items[question->first_item];
	unsigned order[EXAM_MAX_CHOICES] = {0};
	if (!read_order(draft->reader, node, item->choices, item->n_choices, order))
		return false;
	for (unsigned i = 0; i < item->n_choices; i++)
		draft->inside[question->first_item].choice[i] = (uint8_t)order[i];
	return true;
}

static bool order_statements(struct draft *draft, const struct yaml_node *node, const struct exam_question *question)
{
	g_auto(GStrv) labels = letters_from('A', question->n_items);
	unsigned order[EXAM_MAX_STATEMENTS] = {0};
	if (!read_order(draft->reader, node, labels, question->n_items, order))
		return false;
	for (unsigned i = 0; i < question->n_items; i++)
		draft->inside[question->first_item + i].item = question->first_item + order[i];
	return true;
}

// Parts move with all that was said of their own inside, so those of whole questions come last.
static bool order_parts(struct draft *draft, const struct yaml_node *node, const struct exam_question *question)
{
	g_auto(GStrv) labels = letters_from('a', question->n_parts);
	unsigned order[EXAM_MAX_PARTS] = {0};
	if (!read_order(draft->reader, node, labels, question->n_parts, order))
		return false;
	struct exam_form_place *places = draft->inside + question->first_item;
	g_autofree struct exam_form_place *old = g_memdup2(places, question->n_items * sizeof *places);
	for (unsigned i = 0; i < question->n_parts; i++) {
		const struct exam_question *to = &question->parts[i], *from = &question->parts[order[i]];
		if (!same_rows(draft->exam, to, from, false))
			return exam_reader_fail(draft->reader, node->line,
				"part %c cannot stand in the place of part %c: their rows of bubbles differ",
				'a' + order[i], 'a' + i);
		memcpy(draft->inside + to->first_item, old + (from->first_item - question->first_item),
			to->n_items * sizeof *places);
	}
	return true;
}

// The question or part with this id, or NULL.
static const struct exam_question *find_question(const struct exam *exam, const char *id)
{
	for (unsigned q = 0; q < exam->n_questions; q++) {
		const struct exam_question *question = &exam->questions[q];
		if (strcmp(question->id, id) == 0)
			return question;
		for (unsigned i = 0; i < question->n_parts; i++)
			if (strcmp(question->parts[i].id, id) == 0)
				return &question->parts[i];
	}
	return NULL;
}

static bool order_inside(struct draft *draft, const struct yaml_node *node, bool of_parts)
{
	const struct exam_question *question = find_question(draft->exam, node->key);
	if (question == NULL)
		return exam_reader_fail(draft->reader, node->key_line,
			"there is no question `%.40s`; write the exam file's number, such as 7 or 31.b", node->key);
	if ((question->type == EXAM_PARTS) != of_parts)
		return true;
	if (question->type == EXAM_PARTS)
		return order_parts(draft, node, question);
	if (question->type == EXAM_NUMBER)
		return exam_reader_fail(draft->reader, node->key_line,
			"question %s is a number, whose columns keep their order; delete it here", node->key);
	if (question->type == EXAM_TRUE_FALSE)
		return order_statements(draft, node, question);
	return order_choices(draft, node, question);
}

static bool read_choices(struct draft *draft, const struct yaml_node *map)
{
	const struct yaml_node *node = yaml_node_get(map, "choices");
	if (node == NULL)
		return true;
	if (node->kind != YAML_MAP)
		return exam_reader_fail(draft->reader, node->line,
			"`choices` must name questions with the order of their choices: {7: CABD, 16: BADC}");
	for (unsigned of_parts = 0; of_parts <= 1; of_parts++)
		for (unsigned i = 0; i < node->nodes->len; i++)
			if (!order_inside(draft, yaml_node_at(node, i), of_parts))
				return false;
	return true;
}

// --- whole questions

// "7", or "3-9" for a run. False if it is neither, or beyond the last question.
static bool parse_run(const char *text, unsigned n, unsigned *first, unsigned *last)
{
	g_auto(GStrv) ends = g_strsplit(text, "-", 3);
	guint64 from, to;
	unsigned n_ends = g_strv_length(ends);
	if (n_ends < 1 || n_ends > 2 || !g_ascii_string_to_unsigned(ends[0], 10, 1, n, &from, NULL) ||
		!g_ascii_string_to_unsigned(ends[n_ends - 1], 10, from, n, &to, NULL))
		return false;
	*first = (unsigned)from;
	*last = (unsigned)to;
	return true;
}

static bool take_question(struct draft *draft, const struct yaml_node *node, unsigned place, unsigned question)
{
	const struct exam *exam = draft->exam;
	for (unsigned i = 0; i < place; i++)
		if (draft->order[i] == question)
			return exam_reader_fail(
				draft->reader, node->line, "`questions` has question %u twice", question + 1);
	if (!same_rows(exam, &exam->questions[place], &exam->questions[question], true))
		return exam_reader_fail(draft->reader, node->line,
			"question %u cannot stand in the place of question %u: their rows of bubbles differ",
			question + 1, place + 1);
	draft->order[place] = question;
	return true;
}

static bool read_questions(struct draft *draft, const struct yaml_node *map)
{
	const struct yaml_node *list = yaml_node_get(map, "questions");
	unsigned n = draft->exam->n_questions, place = 0, first, last;
	for (unsigned i = 0; i < n; i++)
		draft->order[i] = i;
	if (list == NULL)
		return true;
	if (!exam_reader_check_list(draft->reader, list, EXAM_MAX_QUESTIONS, "questions"))
		return false;
	for (unsigned i = 0; i < list->nodes->len; i++) {
		const struct yaml_node *node = yaml_node_at(list, i);
		if (node->kind != YAML_SCALAR || !parse_run(node->text, n, &first, &last))
			return exam_reader_fail(draft->reader, node->line,
				"`questions` must list the numbers 1 to %u in this form's order; 3-9 stands for a run",
				n);
		for (unsigned question = first; question <= last; question++)
			if (!take_question(draft, node, place++, question - 1))
				return false;
	}
	return place == n || exam_reader_fail(draft->reader, list->line,
				     "`questions` lists %u of the %u questions; all must be in it", place, n);
}

// --- a form

static bool read_letter(
	struct exam_builder *builder, const struct yaml_node *map, unsigned number, struct exam_form *form)
{
	struct exam_reader *reader = &builder->reader;
	const struct yaml_node *node = exam_reader_need(reader, map, "form");
	const char *text = node != NULL ? exam_reader_text(reader, node, EXAM_READER_MAX_TITLE_BYTES) : NULL;
	if (text == NULL)
		return false;
	if (!g_ascii_isupper(text[0]) || text[1] != '\0')
		return exam_reader_fail(reader, node->line, "`form` is `%.40s`; write one capital letter", text);
	for (unsigned i = 0; i < number; i++)
		if (builder->exam->forms[i].letter == text[0])
			return exam_reader_fail(reader, node->line, "there are two forms %s", text);
	form->letter = text[0];
	exam_reader_enter(reader, "form %s", text);
	return true;
}

static void stand_for_themselves(const struct exam *exam, struct exam_form_place *places)
{
	for (unsigned i = 0; i < exam->n_items; i++) {
		places[i].item = i;
		for (unsigned choice = 0; choice < EXAM_MAX_CHOICES; choice++)
			places[i].choice[choice] = (uint8_t)choice;
	}
}

static void move_questions(const struct draft *draft, struct exam_form *form)
{
	const struct exam *exam = draft->exam;
	memcpy(form->places, draft->inside, exam->n_items * sizeof *form->places);
	for (unsigned place = 0; place < exam->n_questions; place++) {
		const struct exam_question *to = &exam->questions[place];
		const struct exam_question *from = &exam->questions[draft->order[place]];
		memcpy(form->places + to->first_item, draft->inside + from->first_item,
			to->n_items * sizeof *form->places);
	}
}

static bool read_form(struct exam_builder *builder, const struct yaml_node *map, unsigned number)
{
	const struct exam *exam = builder->exam;
	struct exam_form *form = &exam->forms[number];
	g_autofree struct exam_form_place *inside = g_new0(struct exam_form_place, MAX(exam->n_items, 1));
	g_autofree unsigned *order = g_new0(unsigned, MAX(exam->n_questions, 1));
	struct draft draft = {&builder->reader, exam, inside, order};
	exam_reader_enter(&builder->reader, "%s", "");
	if (!exam_reader_check_keys(&builder->reader, map, form_keys) || !read_letter(builder, map, number, form))
		return false;
	form->places = g_new0(struct exam_form_place, MAX(exam->n_items, 1));
	stand_for_themselves(exam, inside);
	if (!read_choices(&draft, map) || !read_questions(&draft, map))
		return false;
	move_questions(&draft, form);
	return true;
}

bool exam_forms_read(struct exam_builder *builder, const struct yaml_node *root)
{
	const struct yaml_node *list = yaml_node_get(root, "forms");
	exam_reader_enter(&builder->reader, "%s", "");
	if (list == NULL)
		return true;
	if (!exam_reader_check_list(&builder->reader, list, MAX_FORMS, "forms"))
		return false;
	exam_builder_lend(builder);
	builder->exam->n_forms = list->nodes->len;
	builder->exam->forms = g_new0(struct exam_form, list->nodes->len);
	for (unsigned i = 0; i < list->nodes->len; i++)
		if (!read_form(builder, yaml_node_at(list, i), i))
			return false;
	return true;
}
