// SPDX-License-Identifier: GPL-3.0-or-later
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "cli/commands.h"
#include "cli/no_memory.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage, *summary;
} COMMANDS[] = {
	{"print", cmd_print, "EXAM.yaml (--roster ROSTER.csv | --blank N) [-o SHEETS.pdf]",
		"answer sheets as PDF, one student after another"},
	{"layout", cmd_layout, "EXAM.yaml", "where everything is on the paper, as CSV"},
	{"check", cmd_check, "EXAM.yaml", "is the exam file sound? questions, keys, points"},
	{"grade", cmd_grade, "EXAM.yaml [SCANS...] [--roster ROSTER.csv] [-o DIR] [--watch]",
		"read the scans and write the gradebook; without SCANS, grade DIR again"},
	{"review", cmd_review, "DIR [--no-browser]", "settle what waits for a person, in a browser on this machine"},
	{"report", cmd_report, "DIR [--similarity]",
		"item analysis: DIR/report.html, DIR/items.csv; keys that look wrong come first"},
	{"feedback", cmd_feedback, "DIR [-o FOLDER]", "each student's marked pages as PDF, and one PDF of all"},
	{"export", cmd_export, "DIR canvas|moodle|blackboard|brightspace|gradescope [-o FILE]",
		"the scores as a file that a course system takes"},
};

static void print_help(void)
{
	puts("sheaf reads scanned bubble sheets and writes a gradebook.\n");
	for (size_t i = 0; i < G_N_ELEMENTS(COMMANDS); i++)
		printf("  sheaf %-8s %s\n                 %s\n", COMMANDS[i].name, COMMANDS[i].usage,
			COMMANDS[i].summary);
	puts("\nThe usual order: check the exam file, print the sheets, hold the exam, scan the stack\n"
	     "into a folder, grade the folder, and settle with review what exceptions.csv lists.\n"
	     "`sheaf COMMAND --help` says more, and so does `man sheaf`.\n"
	     "Exit status: 0 done, 1 the job could not be done, 2 wrong usage or a wrong exam or\n"
	     "roster file, 3 with grade --strict: something waits for a person.");
}

int main(int argc, char **argv)
{
	no_memory_ends_the_program();
	setlocale(LC_CTYPE, "");
	// A reading worker that dies must not take the program with it when its pipe breaks.
	signal(SIGPIPE, SIG_IGN);
	// A limit on the size of files is to be met like a full disk: as a failed write.
	signal(SIGXFSZ, SIG_IGN);
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_help();
		return argc < 2 ? EXIT_USAGE : EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("sheaf " SHEAF_VERSION);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(COMMANDS); i++)
		if (strcmp(argv[1], COMMANDS[i].name) == 0)
			return COMMANDS[i].run(argc - 1, argv + 1);
	g_printerr("sheaf: there is no command '%s'; sheaf --help lists them\n", argv[1]);
	return EXIT_USAGE;
}
