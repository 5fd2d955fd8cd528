// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf report: item analysis of what is in DIR, as a page to read and as a table.
#include <stdio.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/folder.h"
#include "grade/analysis.h"
#include "grade/csv_out.h"
#include "grade/items_csv.h"
#include "grade/report.h"

static bool save(const char *folder, const char *name, char *text, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *owned = text;
	return csv_out_save(path, owned, error);
}

// What is worth saying at once: where to look, and which keys to check.
static void say(const struct analysis *analysis, const char *folder)
{
	g_print("%s/report.html: %u complete papers of %u students\n", folder, analysis->n,
		analysis->results->n_students);
	if (!analysis->n_suspects)
		return;
	g_print("Check the %s of ", analysis->n_suspects == 1 ? "key" : "keys");
	for (unsigned i = 0; i < analysis->n_suspects; i++)
		g_print("%s%s", i ? ", " : "", analysis->suspects[i]->item->id);
	g_print(": the best students prefer another choice\n");
}

static enum exit_status report(const char *path, bool screen)
{
	GError *error = NULL;
	FOLDER_AUTO folder = {0};
	if (folder_open(&folder, path, &error)) {
		ANALYSIS_AUTO analysis = analysis_new(folder.results);
		SIMILARITY_AUTO similarity = screen ? similarity_new(analysis) : NULL;
		if (save(path, "report.html", report_html(analysis, similarity, path), &error) &&
			save(path, "items.csv", items_csv(analysis), &error)) {
			say(analysis, path);
			return EXIT_DONE;
		}
	}
	say_error(error);
	return EXIT_CANNOT;
}

int cmd_report(int argc, char **argv)
{
	gboolean similarity = FALSE;
	const GOptionEntry entries[] = {
		{"similarity", 0, 0, G_OPTION_ARG_NONE, &similarity,
			"also list pairs of papers with more identical wrong answers than chance gives; screening only",
			NULL},
		{NULL},
	};
	if (!parse_options(&argc, &argv, "DIR",
		    "Item analysis of the results in DIR: writes DIR/report.html and DIR/items.csv.", entries))
		return EXIT_USAGE;
	if (argc != 2) {
		g_printerr("sheaf report: give the folder of results\n");
		return EXIT_USAGE;
	}
	return (int)report(argv[1], similarity != FALSE);
}
