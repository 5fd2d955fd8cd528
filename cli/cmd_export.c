// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf export: the scores in DIR as a file that a learning management system takes.
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/folder.h"
#include "cli/inputs.h"
#include "grade/csv_in.h"
#include "grade/csv_out.h"
#include "grade/export.h"

struct export_options {
	char *output, *from, *column;
	gboolean final_only;
};

static void options_clear(struct export_options *options)
{
	g_free(options->output);
	g_free(options->from);
	g_free(options->column);
}

static bool save(const char *text, const char *path, GError **error)
{
	if (path)
		return csv_out_save(path, text, error);
	if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
		return true;
	g_set_error(error, EXPORT_ERROR, 0, "sheaf export: the file cannot be written");
	return false;
}

// Not over what the scores come from.
static bool save_apart(const char *text, const struct folder *folder, const char *dir, const char *path, GError **error)
{
	struct inputs *inputs = inputs_new(folder->session, dir);
	bool saved = (!path || inputs_spared(inputs, path, error)) && save(text, path, error);
	inputs_free(inputs);
	return saved;
}

static enum exit_status export_scores(const char *path, const char *system, const struct export_options *options)
{
	GError *error = NULL;
	CSV_IN_AUTO from = NULL;
	FOLDER_AUTO folder = {0};
	if (options->from && !(from = csv_in_load(options->from, &error))) {
		say_error(error);
		return EXIT_USAGE;
	}
	if (!folder_open(&folder, path, &error)) {
		say_error(error);
		return EXIT_CANNOT;
	}
	const struct export_request request = {
		system, from, options->from, options->column, options->final_only != FALSE};
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = export_csv(folder.results, &request, notes, &error);
	for (unsigned i = 0; i < notes->len; i++)
		g_printerr("sheaf export: %s\n", (const char *)g_ptr_array_index(notes, i));
	if (text && save_apart(text, &folder, path, options->output, &error))
		return EXIT_DONE;
	bool usage = (error->domain == EXPORT_ERROR && !text) || g_error_matches(error, INPUTS_ERROR, 0);
	say_error(error);
	return usage ? EXIT_USAGE : EXIT_CANNOT;
}

static bool arguments_make_sense(int argc, char **argv)
{
	g_autofree char *systems = g_strjoinv(", ", (char **)(uintptr_t)export_systems());
	if (argc != 3)
		g_printerr("sheaf export: give the folder of results and one of %s\n", systems);
	else if (!g_strv_contains(export_systems(), argv[2]))
		g_printerr("sheaf export: there is no format '%s'; there are %s\n", argv[2], systems);
	else
		return true;
	return false;
}

int cmd_export(int argc, char **argv)
{
	struct export_options options = {0};
	const GOptionEntry entries[] = {
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
			"where to write; standard output unless given", "FILE"},
		{"from", 0, 0, G_OPTION_ARG_FILENAME, &options.from,
			"the grades as the system itself exports them: its IDs and the item's column are taken over",
			"FILE"},
		{"column", 0, 0, G_OPTION_ARG_STRING, &options.column, "the item's name; the exam's title unless given",
			"NAME"},
		{"final-only", 0, 0, G_OPTION_ARG_NONE, &options.final_only,
			"no score where the status is review or incomplete", NULL},
		{NULL},
	};
	const char *summary = "Makes a file that a course system takes of the scores in DIR.\n"
			      "FORMAT is canvas, moodle, blackboard, brightspace or gradescope.";
	enum exit_status status = EXIT_USAGE;
	if (parse_options(&argc, &argv, "DIR FORMAT", summary, entries) && arguments_make_sense(argc, argv))
		status = spares_inputs(options.output, (const char *const[]){options.from, NULL})
				 ? export_scores(argv[1], argv[2], &options)
				 : EXIT_USAGE;
	options_clear(&options);
	return (int)status;
}
