// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is written piece by piece, and whole or not at all: under another name beside its own until all of it is
// on disk. For what is too large to be held in memory first. Knows nothing of what is in it.
#ifndef SHEAF_GRADE_FILE_OUT_H
#define SHEAF_GRADE_FILE_OUT_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#define FILE_OUT_PARTIAL ".part" // its name's ending until then

// Starts with { 0 }.
struct file_out {
	FILE *file; // to be written to; NULL where the file could not be made
	char *path, *partial;
	bool complete; // and closed
	int failure;   // errno of the first write that failed; 0 if none did. Whoever makes what is written may set it
		       // too
};

// Readable by its owner only: what we write holds grades. False with error set (one sentence that names the path);
// file_out_close is due all the same.
bool file_out_open(struct file_out *out, const char *path, GError **error);

// False, and from then on for good, where something could not be written; file_out_close says why.
bool file_out_write(struct file_out *out, const void *bytes, size_t size);

// Has all of it on disk, still under its other name: so that of several files none takes its place before all are
// there. Nothing can be written then. False if that failed; file_out_close says why.
bool file_out_complete(struct file_out *out);

// Gives the file its name, in the place of an older one, if all of it could be written and `keep`; otherwise nothing of
// it stays, and the older one stands. False with error set where it was to be kept and could not be.
bool file_out_close(struct file_out *out, bool keep, GError **error);

#endif
