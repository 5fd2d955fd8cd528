// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a folder as a scanner fills it, and keeps the outputs current, until a stop is wished. Knows when a file is
// whole; reading and grading are others'.
#ifndef SHEAF_CLI_WATCH_H
#define SHEAF_CLI_WATCH_H

#include <stdbool.h>

#include "cli/reading.h"

struct watch {
	const struct reading *reading;
	char **operands;
	const char *folder; // of the results
	// Grades what the session holds and writes it. False with error set.
	bool (*write)(void *data, GError **error);
	void *data;
};

// True when a stop was wished; false with error set if reading or writing failed, or the folder is not there at first.
bool watch_run(const struct watch *watch, GError **error);

#endif
