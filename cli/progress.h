// SPDX-License-Identifier: GPL-3.0-or-later
// Tells on stderr how a run gets on: a line that is drawn over and over on a terminal, a JSON object a line for other
// programs, or nothing. Knows what happened, and nothing of how.
#ifndef SHEAF_CLI_PROGRESS_H
#define SHEAF_CLI_PROGRESS_H

#include <stdbool.h>

#include "grade/batch.h"
#include "sheet/answers.h"

enum progress_form { PROGRESS_NONE, PROGRESS_LINE, PROGRESS_JSON };

struct progress;

// watch: the line tells of pages and students instead of how much is left.
struct progress *progress_new(enum progress_form form, bool watch);
void progress_free(struct progress *progress);

// So many files are to be read; so many others are known from earlier.
void progress_start(struct progress *progress, unsigned files, unsigned known);
// A page, from 0, of a file of n_pages was read.
void progress_page(
	struct progress *progress, const char *file, unsigned page, unsigned n_pages, const struct answers *answers);
// A file is done; problem says why it has no pages, or is NULL.
void progress_file(struct progress *progress, const char *file, const char *problem);
// Draws the line anew if it is time. To be called often.
void progress_tick(struct progress *progress);
// The outputs were written.
void progress_results(struct progress *progress, const struct results *results);
// The run ends with this exit status.
void progress_done(struct progress *progress, int status);
// Takes the line away, so that others can write.
void progress_clear(struct progress *progress);

#endif
