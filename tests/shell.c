// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/shell.h"

#include <stdbool.h>

#include "tests/harness.h"

void shell(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *command = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	const char *const argv[] = {"/bin/sh", "-c", command, NULL};
	int status = -1;
	bool started = g_spawn_sync(
		NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL);
	if (!started || status != 0)
		fail_msg("%s: status %x", command, (unsigned)status);
}

void shell_skip_without(const char *program, const char *package)
{
	char *path = g_find_program_in_path(program);
	bool there = path != NULL;
	g_free(path);
	if (there)
		return;
	print_message("%s is not installed (Debian's %s)\n", program, package);
	skip();
}
