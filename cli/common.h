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

// Says an error on stderr, one line, and frees it.
void say_error(GError *error);

#endif
