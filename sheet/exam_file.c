// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sheet/exam_forms_file.h"
#include "sheet/exam_question.h"
#include "sheet/exam_total_file.h"

#define MAX_NAME_BYTES 32 // of an exam id, which goes into the QR code, and of a field
#define DEFAULT_ID_DIGITS 10

static const char *const exam_keys[] = {
	"exam", "title", "paper", "fields", "sections", "id_digits", "total", "rounding", "forms", NULL};
static const char *const field_keys[] = {"name", "choices", NULL};
static const char *const section_keys[] = {"title", QUESTION_SETTINGS_KEYS, "bonus", "total", "questions", NULL};
static const char *const yes_words[] = {"no", "yes", NULL};
static const char *const paper_words[] = {"letter", "a4", NULL}; // enum exam_paper

// Columns of the result files that a field's name must not take, besides Q1, Q2, ….
static const char *const reserved_names[] = {"student_id", "name", "status", "score", "max_score", NULL};

static bool read_header(struct exam_builder *builder, const struct yaml_node *root)
{
	struct exam_reader *reader = &builder->reader;
	struct exam *exam = builder->exam;
	const struct yaml_node *name_node = exam_reader_need(reader, root, "exam");
	const char *name = name_node != NULL ? exam_reader_text(reader, name_node, MAX_NAME_BYTES) : NULL;
	if (name == NULL)
		return false;
	exam->name = g_strdup(name);
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.")] != '\0')
		return exam_reader_fail(
			reader, name_node->line, "`exam` is `%s`; use only small letters a-z, digits, - and .", name);
	const struct yaml_node *title_node = exam_reader_need(reader, root, "title");
	const char *title =
		title_node != NULL ? exam_reader_text(reader, title_node, EXAM_READER_MAX_TITLE_BYTES) : NULL;
	if (title == NULL)
		return false;
	exam->title = g_strdup(title);
	unsigned paper = EXAM_PAPER_LETTER;
	exam->id_digits = DEFAULT_ID_DIGITS;
	if (!exam_reader_word(reader, root, "paper", paper_words, &paper) ||
		!exam_reader_count(reader, root, "id_digits", 1, EXAM_MAX_ID_DIGITS, &exam->id_digits))
		return false;
	exam->paper = (enum exam_paper)paper;
	return true;
}

// True if the name is a column of the gradebook, or could be a question's number. Case does not count: spreadsheets and
// databases do not tell `Name` from `name`.
static bool is_reserved(const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	const char *digits = *lower == 'q' ? lower + 1 : lower;
	bool is_question = *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0';
	return is_question || g_strv_contains(reserved_names, lower);
}

// The set of characters also keeps clear of the names with a dot that layouts use: id.1, anchor.1, qr.1, 16.C.
static bool check_field_name(struct exam_builder *builder, const struct yaml_node *node, const char *name)
{
	struct exam_reader *reader = &builder->reader;
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-";
	if (name[strspn(name, allowed)] != '\0' || name[0] == ' ' || g_str_has_suffix(name, " "))
		return exam_reader_fail(reader, node->line,
			"a field's name is made of letters a-z, digits, _ and -, with spaces only inside; `%s` is not",
			name);
	if (is_reserved(name))
		return exam_reader_fail(reader, node->line,
			"the field's name `%s` is taken by a column of the gradebook; choose another", name);
	for (unsigned i = 0; i < builder->items->len; i++)
		if (g_ascii_strcasecmp(g_array_index(builder->items, struct exam_item, i).id, name) == 0)
			return exam_reader_fail(reader, node->line, "there are two fields with the name `%s`", name);
	return true;
}

static bool read_field(struct exam_builder *builder, const struct yaml_node *node)
{
	struct exam_reader *reader = &builder->reader;
	if (!exam_reader_check_keys(reader, node, field_keys))
		return false;
	const struct yaml_node *name_node = exam_reader_need(reader, node, "name");
	const char *name = name_node != NULL ? exam_reader_text(reader, name_node, MAX_NAME_BYTES) : NULL;
	if (name == NULL || !check_field_name(builder, name_node, name))
		return false;
	const struct yaml_node *choices_node = exam_reader_need(reader, node, "choices");
	g_auto(GStrv) choices = choices_node != NULL ? exam_reader_choices(reader, choices_node) : NULL;
	if (choices == NULL)
		return false;
	struct exam_item item = {.id = g_strdup(name), .row = g_strdup(""), .kind = EXAM_ITEM_FIELD};
	return exam_builder_add_item(builder, &item, choices, node->line);
}

static bool read_fields(struct exam_builder *builder, const struct yaml_node *root)
{
	const struct yaml_node *fields = yaml_node_get(root, "fields");
	if (fields == NULL)
		return true;
	if (!exam_reader_check_list(&builder->reader, fields, EXAM_MAX_FIELDS, "fields"))
		return false;
	for (unsigned i = 0; i < fields->nodes->len; i++) {
		exam_reader_enter(&builder->reader, "field %u", i + 1);
		if (!read_field(builder, yaml_node_at(fields, i)))
			return false;
	}
	builder->exam->n_fields = fields->nodes->len;
	return true;
}

static bool read_section(struct exam_builder *builder, const struct yaml_node *node, struct exam_section *section)
{
	struct exam_reader *reader = &builder->reader;
	struct question_settings settings = QUESTION_SETTINGS_DEFAULT;
	if (!exam_reader_check_keys(reader, node, section_keys))
		return false;
	const struct yaml_node *title_node = exam_reader_need(reader, node, "title");
	const char *title =
		title_node != NULL ? exam_reader_text(reader, title_node, EXAM_READER_MAX_TITLE_BYTES) : NULL;
	if (title == NULL)
		return false;
	section->title = g_strdup(title);
	section->first_question = builder->questions->len;
	unsigned bonus = 0;
	if (!question_settings_read(reader, node, builder->choices, &settings) ||
		!exam_reader_word(reader, node, "bonus", yes_words, &bonus))
		return false;
	settings.bonus = bonus == 1;
	const struct yaml_node *questions = exam_reader_need(reader, node, "questions");
	if (questions == NULL || !exam_reader_check_list(reader, questions, EXAM_MAX_QUESTIONS, "questions"))
		return false;
	for (unsigned i = 0; i < questions->nodes->len; i++)
		if (!exam_question_read(builder, yaml_node_at(questions, i), &settings))
			return false;
	section->n_questions = questions->nodes->len;
	return exam_total_read_section(builder, node, section);
}

static bool read_sections(struct exam_builder *builder, const struct yaml_node *root)
{
	struct exam_reader *reader = &builder->reader;
	struct exam *exam = builder->exam;
	exam_reader_enter(reader, "%s", "");
	const struct yaml_node *sections = exam_reader_need(reader, root, "sections");
	if (sections == NULL || !exam_reader_check_list(reader, sections, EXAM_MAX_QUESTIONS, "sections"))
		return false;
	exam->n_sections = sections->nodes->len;
	exam->sections = g_new0(struct exam_section, exam->n_sections);
	for (unsigned i = 0; i < exam->n_sections; i++) {
		exam_reader_enter(reader, "section %u", i + 1);
		if (!read_section(builder, yaml_node_at(sections, i), &exam->sections[i]))
			return false;
	}
	return true;
}

static void free_labels(gpointer labels)
{
	g_strfreev(labels);
}

// Moves the arrays into the exam, whole or not, so that exam_free frees everything in both cases.
static struct exam *finish(struct exam_builder *builder)
{
	struct exam *exam = builder->exam;
	exam->n_items = builder->items->len;
	exam->n_questions = builder->questions->len;
	exam->items = (struct exam_item *)(void *)g_array_free(builder->items, FALSE);
	exam->questions = (struct exam_question *)(void *)g_array_free(builder->questions, FALSE);
	g_ptr_array_unref(builder->choices);
	return exam;
}

static struct exam *build(const char *name, const struct yaml_node *root, GError **error)
{
	struct exam_builder builder = {
		.reader = {.name = name, .error = error},
		.exam = g_new0(struct exam, 1),
		.items = g_array_new(FALSE, TRUE, sizeof(struct exam_item)),
		.questions = g_array_new(FALSE, TRUE, sizeof(struct exam_question)),
		.choices = g_ptr_array_new_with_free_func(free_labels),
		.account = EXAM_ACCOUNT_EMPTY,
	};
	bool read = exam_reader_check_keys(&builder.reader, root, exam_keys) && read_header(&builder, root) &&
		    read_fields(&builder, root) && read_sections(&builder, root) && exam_total_read(&builder, root) &&
		    exam_forms_read(&builder, root);
	struct exam *exam = finish(&builder);
	if (read)
		return exam;
	exam_free(exam);
	return NULL;
}

struct exam *exam_parse(const char *name, const char *text, size_t size, GError **error)
{
	if (size > EXAM_FILE_MAX_BYTES) {
		g_set_error(error, EXAM_FILE_ERROR, 0, "%s: the file is larger than %d bytes; this is no exam file",
			name, EXAM_FILE_MAX_BYTES);
		return NULL;
	}
	g_autoptr(GError) syntax = NULL;
	YAML_NODE_AUTO root = yaml_tree_parse(name, text, size, &syntax);
	if (root != NULL)
		return build(name, root, error);
	g_set_error_literal(error, EXAM_FILE_ERROR, 0, syntax->message);
	return NULL;
}

struct exam *exam_load(const char *path, GError **error)
{
	FILE *file = fopen(path, "rbe");
	if (file == NULL) {
		g_set_error(error, EXAM_FILE_ERROR, 0, "%s: the file cannot be opened: %s", path, g_strerror(errno));
		return NULL;
	}
	// One byte more than allowed tells a file that is too large, however its size is reported.
	g_autofree char *text = g_malloc(EXAM_FILE_MAX_BYTES + 1);
	size_t size = fread(text, 1, EXAM_FILE_MAX_BYTES + 1, file);
	int problem = ferror(file) ? errno : 0;
	fclose(file);
	if (problem != 0) {
		g_set_error(error, EXAM_FILE_ERROR, 0, "%s: the file cannot be read: %s", path, g_strerror(problem));
		return NULL;
	}
	return exam_parse(path, text, size, error);
}
