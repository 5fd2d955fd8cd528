// SPDX-License-Identifier: GPL-3.0-or-later
// The commands, one file each (cli/cmd_<name>.c). Each gets its own arguments, argv[0] being the command's name, and
// returns the exit status of the program. Errors go to stderr, one line each.
#ifndef SHEAF_CLI_COMMANDS_H
#define SHEAF_CLI_COMMANDS_H

enum exit_status {
	EXIT_DONE = 0,
	EXIT_CANNOT = 1,  // the job could not be done
	EXIT_USAGE = 2,   // wrong usage, or a wrong exam or roster file
	EXIT_FLAGGED = 3, // grade --strict: something waits for a person
};

int cmd_print(int argc, char **argv);
int cmd_layout(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_grade(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_review(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_feedback(int argc, char **argv);

#endif
