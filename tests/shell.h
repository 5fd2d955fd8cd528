// SPDX-License-Identifier: GPL-3.0-or-later
// A command for the shell, for what a test has to set up. Fails the test at hand if the command does.
#ifndef SHEAF_TESTS_SHELL_H
#define SHEAF_TESTS_SHELL_H

#include <glib.h>

void shell(const char *format, ...) G_GNUC_PRINTF(1, 2);

// Skips the test at hand where a program is not installed, and says which Debian package has it. To be called before
// anything is allocated: whoever skips does not return.
void shell_skip_without(const char *program, const char *package);

#endif
