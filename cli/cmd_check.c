// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf check: an exam file as a table that its author can proof-read against the paper.
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/scoring_words.h"
#include "detect/rules.h"
#include "sheet/exam_file.h"
#include "sheet/exam_forms.h"
#include "sheet/exam_total.h"

// One line of the table; all are padded to common widths once all are known.
enum column { COLUMN_NUMBER, COLUMN_KIND, COLUMN_KEY, COLUMN_POINTS, COLUMN_MOST, COLUMN_CHOICES, N_COLUMNS };

struct row {
	char *cells[N_COLUMNS];
	char *heading; // printed above the row; NULL for none
};

static void row_free(gpointer data)
{
	struct row *row = data;
	for (unsigned i = 0; i < N_COLUMNS; i++)
		g_free(row->cells[i]);
	g_free(row->heading);
	g_free(row);
}

static char *describe_kind(const struct exam_question *question)
{
	switch (question->type) {
	case EXAM_SINGLE:
		return g_strdup("single answer");
	case EXAM_MULTIPLE:
		return g_strdup("multiple answers");
	case EXAM_TRUE_FALSE:
		return g_strdup_printf("true or false, %u", question->n_items);
	case EXAM_NUMBER:
		return g_strdup_printf("number, %s%u digit%s, %u decimal%s", question->number.sign ? "sign, " : "",
			question->number.digits, question->number.digits == 1 ? "" : "s", question->number.decimals,
			question->number.decimals == 1 ? "" : "s");
	case EXAM_PARTS:
		break;
	}
	return g_strdup_printf("%u part%s%s", question->n_parts, question->n_parts == 1 ? "" : "s",
		question->permutation ? ", each choice once" : "");
}

static void append_key(GString *text, const struct exam_item *item, exam_choices key, const char *between)
{
	bool first = true;
	for (unsigned choice = 0; choice < item->n_choices; choice++) {
		if (!(key & (exam_choices)1 << choice))
			continue;
		g_string_append_printf(text, "%s%s", first ? "" : between, item->choices[choice]);
		first = false;
	}
}

// A statement that does not count as it is keyed has the sign of the exam file.
static const char *event_sign(const struct exam_item *item)
{
	return item->event == EXAM_EVENT_DROP ? "-" : item->event == EXAM_EVENT_CREDIT_ALL ? "*" : NULL;
}

static void append_numbers(GString *text, const struct exam_question *question)
{
	for (unsigned k = 0; k < question->n_keys; k++) {
		g_autofree char *key = scoring_points_text(question->number.keys[k]);
		g_string_append_printf(text, "%s%s", k > 0 ? " or " : "", key);
	}
	if (question->number.tolerance.num == 0)
		return;
	g_autofree char *tolerance = scoring_points_text(question->number.tolerance);
	g_string_append_printf(text, " (give or take %s)", tolerance);
}

static char *describe_key(const struct exam *exam, const struct exam_question *question)
{
	GString *text = g_string_new(NULL);
	const struct exam_item *items = exam->items + question->first_item;
	if (question->type == EXAM_NUMBER)
		append_numbers(text, question);
	for (unsigned k = 0; question->type != EXAM_NUMBER && k < question->n_keys; k++) {
		g_string_append(text, k > 0 ? " or " : "");
		for (unsigned i = 0; i < question->n_items; i++) {
			g_string_append(text, i > 0 ? " " : "");
			if (event_sign(&items[i]) != NULL)
				g_string_append(text, event_sign(&items[i]));
			else
				append_key(text, &items[i], exam_item_key(&items[i], k), ", ");
		}
	}
	return g_string_free(text, FALSE);
}

// "A to D" where the labels are the plain letters.
static char *describe_choices(const struct exam_item *item)
{
	bool plain = true;
	for (unsigned i = 0; i < item->n_choices; i++)
		plain = plain && item->choices[i][0] == (char)('A' + i) && item->choices[i][1] == '\0';
	if (plain)
		return g_strdup_printf("A to %c", 'A' + item->n_choices - 1);
	return g_strjoinv(", ", item->choices);
}

static void add_row(GPtrArray *rows, const struct exam *exam, const struct exam_question *question, char *heading)
{
	struct row *row = g_new0(struct row, 1);
	bool has_choices = question->type == EXAM_SINGLE || question->type == EXAM_MULTIPLE;
	row->heading = heading;
	row->cells[COLUMN_NUMBER] = g_strdup(question->id);
	row->cells[COLUMN_KIND] = describe_kind(question);
	row->cells[COLUMN_KEY] = describe_key(exam, question);
	row->cells[COLUMN_POINTS] = scoring_question_words(question);
	row->cells[COLUMN_MOST] = scoring_points_text(exam_question_maximum(exam, question));
	row->cells[COLUMN_CHOICES] = has_choices ? describe_choices(exam->items + question->first_item) : g_strdup("");
	g_ptr_array_add(rows, row);
	for (unsigned i = 0; i < question->n_parts; i++)
		add_row(rows, exam, &question->parts[i], NULL);
}

static void add_captions(GPtrArray *rows)
{
	static const char *const captions[N_COLUMNS] = {"no.", "kind", "key", "points", "most", "choices"};
	struct row *row = g_new0(struct row, 1);
	for (unsigned i = 0; i < N_COLUMNS; i++)
		row->cells[i] = g_strdup(captions[i]);
	g_ptr_array_add(rows, row);
}

static void print_rows(const GPtrArray *rows)
{
	glong widths[N_COLUMNS] = {0};
	for (unsigned i = 0; i < rows->len; i++) {
		const struct row *row = g_ptr_array_index(rows, i);
		for (unsigned j = 0; j < N_COLUMNS; j++)
			widths[j] = MAX(widths[j], g_utf8_strlen(row->cells[j], -1));
	}
	for (unsigned i = 0; i < rows->len; i++) {
		const struct row *row = g_ptr_array_index(rows, i);
		g_autoptr(GString) line = g_string_new(NULL);
		for (unsigned j = 0; j < N_COLUMNS; j++) {
			glong padding = widths[j] - g_utf8_strlen(row->cells[j], -1) + 2;
			g_string_append_printf(line, "%s%*s", row->cells[j], (int)padding, "");
		}
		if (row->heading != NULL)
			printf("\n%s\n", row->heading);
		puts(g_strchomp(line->str));
	}
}

static void print_header(const struct exam *exam)
{
	printf("exam        %s\n", exam->name);
	printf("title       %s\n", exam->title);
	printf("paper       %s\n", exam->paper == EXAM_PAPER_A4 ? "a4" : "letter");
	printf("student ID  %u digit%s\n", exam->id_digits, exam->id_digits == 1 ? "" : "s");
	for (unsigned i = 0; i < exam->n_fields; i++) {
		g_autofree char *choices = describe_choices(&exam->items[i]);
		printf("field       %s: %s\n", exam->items[i].id, choices);
	}
	if (exam->n_forms > 0) {
		g_autofree char *letters = exam_form_letters(exam);
		printf("forms       %s\n", letters);
	}
	putchar('\n');
}

static void print_total(const struct exam *exam)
{
	unsigned n_items = exam->n_items - exam->n_fields;
	struct rational maximum = exam_maximum(exam);
	g_autofree char *points = scoring_points_text(maximum);
	printf("\n%u question%s, %u item%s, %s point%s\n", exam->n_questions, exam->n_questions == 1 ? "" : "s",
		n_items, n_items == 1 ? "" : "s", points, strcmp(points, "1") == 0 ? "" : "s");
}

static void print_words(const struct exam *exam)
{
	g_autofree char *words = scoring_exam_words(exam);
	if (words[0] != '\0')
		printf("\nHow it is scored\n%s", words);
}

static void print_exam(const struct exam *exam)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
	print_header(exam);
	add_captions(rows);
	for (unsigned i = 0; i < exam->n_sections; i++) {
		const struct exam_section *section = &exam->sections[i];
		for (unsigned j = 0; j < section->n_questions; j++) {
			char *heading = j == 0 ? g_strdup_printf("Section %u: %s", i + 1, section->title) : NULL;
			add_row(rows, exam, &exam->questions[section->first_question + j], heading);
		}
	}
	print_rows(rows);
	print_words(exam);
	for (unsigned i = 0; i < exam->n_forms; i++) {
		g_autofree char *form = scoring_form_words(exam, &exam->forms[i]);
		printf("\n%s", form);
	}
	print_total(exam);
}

// Every number that decides what counts as a mark (VVSG 2.0, 1.1.6-G).
static void print_thresholds(void)
{
	unsigned n;
	const struct threshold *list = rules_thresholds(&n);
	printf("\nWhat counts as a mark\n");
	for (unsigned i = 0; i < n; i++)
		printf("%-22s %5.2f %-22s %s\n", list[i].name, list[i].value, list[i].unit, list[i].about);
}

// The one path given, which the caller frees, or NULL with a message on stderr.
static char *parse_arguments(int argc, char **argv, gboolean *thresholds)
{
	g_auto(GStrv) paths = NULL;
	const GOptionEntry entries[] = {
		{"thresholds", 0, 0, G_OPTION_ARG_NONE, thresholds, "also the numbers that decide what is a mark",
			NULL},
		{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "EXAM.yaml"},
		{NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
	};
	g_autoptr(GOptionContext) context = g_option_context_new("- is the exam file sound?");
	g_autoptr(GError) error = NULL;
	g_set_prgname("sheaf check"); // what --help prints
	g_option_context_set_summary(
		context, "Prints the questions, their keys and points as a table to proof-read, and the maximum.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		fprintf(stderr, "sheaf check: %s\n", error->message);
		return NULL;
	}
	if (paths == NULL || g_strv_length(paths) != 1) {
		fprintf(stderr, "sheaf check: give one exam file\n");
		return NULL;
	}
	return g_strdup(paths[0]);
}

int cmd_check(int argc, char **argv)
{
	gboolean thresholds = FALSE;
	g_autofree char *path = parse_arguments(argc, argv, &thresholds);
	if (path == NULL)
		return EXIT_USAGE;
	g_autoptr(GError) error = NULL;
	EXAM_AUTO exam = exam_load(path, &error);
	if (exam == NULL) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_USAGE;
	}
	print_exam(exam);
	if (thresholds)
		print_thresholds();
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_DONE;
	fprintf(stderr, "sheaf check: the table could not be written\n");
	return EXIT_CANNOT;
}
