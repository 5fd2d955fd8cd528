// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf print: answer sheets as PDF, for a roster or for walk-ins.
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/seals.h"
#include "grade/roster.h"
#include "sheet/exam_forms.h"
#include "sheet/print.h"

#define BLANK_MOST 10000
#define DEFAULT_OUTPUT "sheets.pdf"

// "Room 155, seat 12", as far as the roster knows. Owned by the caller.
static char *place_of(const struct roster *roster, const struct roster_row *row)
{
	static const struct {
		enum roster_column column;
		const char *word;
	} parts[] = {{ROSTER_SECTION, "Section"}, {ROSTER_ROOM, "Room"}, {ROSTER_SEAT, "Seat"}};
	GString *place = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		const char *cell = roster_cell(roster, row, parts[i].column);
		if (cell[0])
			g_string_append_printf(place, "%s%s %s", place->len ? ", " : "", parts[i].word, cell);
	}
	return g_string_free(place, FALSE);
}

// The form of a student's sheet, where the exam has forms; false if the roster asks for one that it does not have.
static bool choose_form(const struct exam *exam, const struct roster *roster, unsigned index, const char *path,
	char *form, GError **error)
{
	const struct roster_row *row = &roster->rows[index];
	const char *cell = roster_cell(roster, row, ROSTER_FORM);
	*form = exam_form_for(exam, cell, index);
	if (*form || exam->n_forms == 0)
		return true;
	g_autofree char *letters = exam_form_letters(exam);
	g_set_error(error, ROSTER_ERROR, 0, "%s:%u: form `%s` is not in the exam file, which has %s", path, row->line,
		cell, letters);
	return false;
}

static bool print_roster(const struct layout *layout, const struct seal_key *key, const char *path, const char *output,
	unsigned *n, GError **error)
{
	ROSTER_AUTO roster = roster_load(path, error);
	if (!roster)
		return false;
	if (roster->n_rows == 0) {
		g_set_error(error, ROSTER_ERROR, 0, "%s: there are no students in it", path);
		return false;
	}
	g_autofree struct print_sheet *sheets = g_new0(struct print_sheet, roster->n_rows);
	g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(g_free);
	for (unsigned i = 0; i < roster->n_rows; i++) {
		const struct roster_row *row = &roster->rows[i];
		char *place = place_of(roster, row);
		g_ptr_array_add(places, place);
		sheets[i] = (struct print_sheet){.id = row->student_id, .name = row->name, .place = place};
		if (!choose_form(layout->exam, roster, i, path, &sheets[i].form, error))
			return false;
	}
	*n = roster->n_rows;
	return print_pdf(layout, key, sheets, roster->n_rows, output, error);
}

// Serials tell the sheets of two print runs apart only if they differ, so they begin with a random group: pages of one
// sheet find each other by it.
static bool print_blank(
	const struct layout *layout, const struct seal_key *key, unsigned n, const char *output, GError **error)
{
	g_autofree struct print_sheet *sheets = g_new0(struct print_sheet, n);
	g_autoptr(GPtrArray) serials = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *run = g_uuid_string_random();
	for (unsigned i = 0; i < n; i++) {
		char *serial = g_strdup_printf("%.4s-%04u", run, i + 1);
		g_ptr_array_add(serials, serial);
		sheets[i] = (struct print_sheet){
			.id = serial, .form = exam_form_for(layout->exam, NULL, i), .walk_in = true};
	}
	return print_pdf(layout, key, sheets, n, output, error);
}

static bool arguments_make_sense(int argc, const char *roster, int blank)
{
	if (argc != 2)
		g_printerr("sheaf print: give one exam file\n");
	else if ((roster != NULL) == (blank != 0))
		g_printerr("sheaf print: give either --roster ROSTER.csv or --blank N\n");
	else if (!roster && (blank < 1 || blank > BLANK_MOST))
		g_printerr("sheaf print: --blank takes a number from 1 to %d\n", BLANK_MOST);
	else
		return true;
	return false;
}

int cmd_print(int argc, char **argv)
{
	g_autofree char *roster = NULL, *output = NULL;
	int blank = 0;
	const GOptionEntry entries[] = {
		{"roster", 0, 0, G_OPTION_ARG_FILENAME, &roster, "a sheet for each student of this file", "ROSTER.csv"},
		{"blank", 0, 0, G_OPTION_ARG_INT, &blank, "N sheets without a name, with a student-ID grid", "N"},
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "where to write; " DEFAULT_OUTPUT " unless given",
			"SHEETS.pdf"},
		{NULL},
	};
	if (!parse_options(&argc, &argv, "EXAM.yaml", "Makes the answer sheets as one PDF file.", entries) ||
		!arguments_make_sense(argc, roster, blank))
		return EXIT_USAGE;
	EXAM_AUTO exam = NULL;
	LAYOUT_AUTO layout = NULL;
	SEAL_KEY_AUTO key = NULL;
	if (!load_exam(argv[1], &exam, &layout))
		return EXIT_USAGE;
	const char *path = output ? output : DEFAULT_OUTPUT;
	g_autofree char *key_path = seal_key_path(argv[1], exam->name);
	if (!spares_inputs(path, (const char *const[]){argv[1], key_path, roster, NULL}))
		return EXIT_USAGE;
	GError *error = NULL;
	unsigned n = (unsigned)blank;
	bool done = seals_key_to_print(argv[1], exam, &key, &error) &&
		    (roster ? print_roster(layout, key, roster, path, &n, &error)
			    : print_blank(layout, key, n, path, &error));
	if (!done) {
		bool usage = error->domain == ROSTER_ERROR;
		say_error(error);
		return usage ? EXIT_USAGE : EXIT_CANNOT;
	}
	g_print("%s: %u sheets of %u pages\n", path, n, layout->n_pages);
	return EXIT_DONE;
}
