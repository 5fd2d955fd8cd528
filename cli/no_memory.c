// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/no_memory.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <malloc.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"

// Asks for nothing itself. In a worker, whose standard error leads nowhere, only its end is noticed.
static _Noreturn void end(void)
{
	(void)!write(STDERR_FILENO, NO_MEMORY_WORDS, strlen(NO_MEMORY_WORDS));
	_exit(EXIT_CANNOT);
}

void *no_memory_for(size_t size)
{
	if (size <= NO_MEMORY_SMALL_BYTES)
		end();
	errno = ENOMEM;
	return NULL;
}

// GLib reports what it could not get as its own fatal error, before it ends the program by a trap.
static bool says_no_memory(const GLogField *fields, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (strcmp(fields[i].key, "MESSAGE") == 0)
			return strstr(fields[i].value, "failed to allocate") ||
			       strstr(fields[i].value, "overflow allocating");
	return false;
}

static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
	if (level & G_LOG_LEVEL_ERROR && says_no_memory(fields, n))
		end();
	return g_log_writer_default(level, fields, n, data);
}

// --- SQLite's ways to ask

static void *sqlite_malloc(int size)
{
	return g_malloc((gsize)size);
}

static void *sqlite_realloc(void *bytes, int size)
{
	return g_realloc(bytes, (gsize)size);
}

static int sqlite_size(void *bytes)
{
	return (int)malloc_usable_size(bytes);
}

static int sqlite_round_up(int size)
{
	return (size + 7) & ~7;
}

static int sqlite_init(void *data)
{
	(void)data;
	return SQLITE_OK;
}

static void sqlite_shutdown(void *data)
{
	(void)data;
}

void no_memory_ends_the_program(void)
{
	static const sqlite3_mem_methods METHODS = {sqlite_malloc, g_free, sqlite_realloc, sqlite_size, sqlite_round_up,
		sqlite_init, sqlite_shutdown, NULL};
	g_log_set_writer_func(write_log, NULL, NULL);
	json_set_alloc_funcs(g_malloc, g_free);
	sqlite3_config(SQLITE_CONFIG_MALLOC, &METHODS);
}
