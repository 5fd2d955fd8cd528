// SPDX-License-Identifier: GPL-3.0-or-later
// Reads into the session what it does not hold yet. Knows which files need no reading, and the pool; nothing of grades.
#ifndef SHEAF_CLI_READING_H
#define SHEAF_CLI_READING_H

#include <glib.h>
#include <stdbool.h>

#include "cli/progress.h"
#include "cli/scans.h"
#include "grade/session.h"
#include "sheet/layout.h"

struct reading {
	struct session *session;
	const struct layout *layout;
	struct progress *progress;
	unsigned jobs;
	const struct seal_key *key; // checks the seals of the sheets; NULL: they cannot be checked
	const char *results;        // folder; the heads of sheets without identity go below it
	const char *explain; // folder for pictures of each step, or NULL: then every file is read, also a known one
};

// What came of it.
struct reading_counts {
	unsigned files, done; // to be read, and read or found to be known
	bool stopped;         // a stop was wished before the end
};

// Reads the scans, those only for which wanted is true if it is not NULL. False with error set if no worker can be
// started or the session cannot be written; what was read before is kept.
bool reading_run(const struct reading *reading, const struct scans *scans, const bool *wanted,
	struct reading_counts *counts, GError **error);

#endif
