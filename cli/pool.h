// SPDX-License-Identifier: GPL-3.0-or-later
// Has files read by worker processes. Hands out one file at a time to each worker, takes the answers as they come, and
// puts a new worker in the place of one that died or hangs: the page it was at becomes an exception, the rest goes on.
// Knows processes and files; nothing of what is read.
#ifndef SHEAF_CLI_POOL_H
#define SHEAF_CLI_POOL_H

#include <glib.h>
#include <stdbool.h>

#include "sheet/answers.h"
#include "sheet/layout.h"

// Called as results come in, in any order of the files. file indexes the entries given to pool_read.
struct pool_handlers {
	// One page, from 0, of a file; paged where the format numbers its pages. answers become the handler's.
	void (*page)(void *data, unsigned file, unsigned page, bool paged, struct answers *answers);
	// The file holds no page at all: it is no image, or cannot be opened.
	void (*not_a_page)(void *data, unsigned file, const char *reason);
	// A picture of a step, asked for with explain.
	void (*picture)(void *data, unsigned file, unsigned page, const char *name, const uint8_t *png, size_t size);
	// A file is done; so many of all are.
	void (*progress)(void *data, unsigned done, unsigned of);
	void *data;
};

// Reads all entries (struct walk_entry *) with so many workers. False with error set only if no worker can be started.
bool pool_read(const struct layout *layout, const GPtrArray *entries, unsigned jobs, bool explain,
	const struct pool_handlers *handlers, GError **error);

#endif
