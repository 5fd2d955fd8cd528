// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf layout: the table of everything on the paper.
#include <stdio.h>

#include "cli/commands.h"
#include "cli/common.h"

int cmd_layout(int argc, char **argv)
{
	if (!parse_options(&argc, &argv, "EXAM.yaml",
		    "Prints where everything is on the paper: CSV, millimetres, centre and size.", NULL))
		return EXIT_USAGE;
	if (argc != 2) {
		g_printerr("sheaf layout: give one exam file\n");
		return EXIT_USAGE;
	}
	EXAM_AUTO exam = NULL;
	LAYOUT_AUTO layout = NULL;
	if (!load_exam(argv[1], &exam, &layout))
		return EXIT_USAGE;
	g_autofree char *csv = layout_csv(layout);
	if (fputs(csv, stdout) < 0 || fflush(stdout) != 0) {
		g_printerr("sheaf layout: the table cannot be written\n");
		return EXIT_CANNOT;
	}
	return EXIT_DONE;
}
