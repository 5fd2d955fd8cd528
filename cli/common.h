// SPDX-License-Identifier: GPL-3.0-or-later
// What several commands do alike: load the exam and its layout with errors said, parse options.
#ifndef SHEAF_CLI_COMMON_H
#define SHEAF_CLI_COMMON_H

#include <glib.h>
#include <stdbool.h>

#include "sheet/exam.h"
#include "sheet/layout.h"

// Loads an exam file and lays it out. False, with the error on stderr, if either fails; both are then NULL. The caller
// frees both.
bool load_exam(const char *path, struct exam **exam, struct layout **layout);

// Parses a command's options; what is left are its operands in argv[1..argc-1]. False, with the error on stderr.
bool parse_options(int *argc, char ***argv, const char *operands, const char *summary, const GOptionEntry *entries);

// Refuses to write over what was given to be read: false, with a line on stderr that begins with the program's name, if
// output is the same file as one of the inputs, however either is spelt. The inputs end with NULL; a NULL output is
// none.
bool spares_inputs(const char *output, const char *const *inputs);

// Tells on stderr where this machine cannot keep what cli/cage.h promises.
void say_if_uncaged(void);

// Says an error on stderr, one line of text whatever paths are in it, and frees it.
void say_error(GError *error);

#endif
