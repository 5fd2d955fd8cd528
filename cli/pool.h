// SPDX-License-Identifier: GPL-3.0-or-later
// Has files read by worker processes. Hands each worker one file, and the next while it reads, takes the answers as
// they come, and puts a new worker in the place of one that died or hangs: the page it was at becomes an exception, the
// rest goes on. Knows processes and files; nothing of what is read.
#ifndef SHEAF_CLI_POOL_H
#define SHEAF_CLI_POOL_H

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "cli/worker.h"
#include "sheet/answers.h"
#include "sheet/layout.h"

// What is known of a file before it is read.
struct pool_file {
	const char *sha256; // of its bytes, in hexadecimal
	const struct stat *status;
};

// Called as results come in, in any order of the files. file indexes the entries given to pool_read. Of the functions
// below progress, those not wanted are NULL.
struct pool_handlers {
	// One page, from 0, of a file of n_pages. answers become the handler's.
	void (*page)(void *data, unsigned file, unsigned page, unsigned n_pages, struct answers *answers);
	// The file holds no page at all: it is no image, or cannot be opened.
	void (*not_a_page)(void *data, unsigned file, const char *reason);
	// A picture, before the page that it is of: of a step, asked for with explain, or the head of a sheet that
	// nobody knows whose it is (detect/header.h).
	void (*picture)(void *data, unsigned file, unsigned page, const char *name, const uint8_t *png, size_t size);
	// A file is done; so many of all are.
	void (*progress)(void *data, unsigned done, unsigned of);
	// Before a file is read: from which page on is it wanted? *page comes as 0; *n_pages is to be set with it if
	// *page becomes more than 0. Asked again, with the page after a lost one, of a file that cost a worker. False
	// if nothing of it is wanted.
	bool (*taken)(void *data, unsigned file, const struct pool_file *known, unsigned *page, unsigned *n_pages);
	// Ten times a second at least. False stops the reading: pages in work are lost.
	bool (*turn)(void *data);
	void *data;
	// What a worker may use up between two pages; 0 for what is usual: far more than the largest page takes.
	unsigned cpu_seconds, seconds;
	worker_decoder *first; // see cli/worker.h
};

// Reads all entries (struct walk_entry *) with so many workers. False with error set only if no worker can be started,
// or one that was lost not replaced; being stopped is no failure.
bool pool_read(const struct layout *layout, const GPtrArray *entries, unsigned jobs, bool explain,
	const struct pool_handlers *handlers, GError **error);

#endif
