// SPDX-License-Identifier: GPL-3.0-or-later
// Files and folders given on the command line to a list of files in natural order ("scan2" before "scan10"). Knows the
// file system, and nothing of what is in a file.
#ifndef SHEAF_SCAN_WALK_H
#define SHEAF_SCAN_WALK_H

#include <glib.h>

struct walk_entry {
	char *path;    // to open it
	char *name;    // as reported: the path found under the folder given; the file's own name for a file given
	char *problem; // NULL, or why it cannot be read as a file: "a folder that may not be opened", "not a regular
		       // file"
};

// Every file below the paths, each once, sorted naturally by name and then path, independent of the order of the paths
// and of the locale. Hidden files and folders (leading dot) that are found below a folder are passed over. Entries that
// are no regular files, folders that cannot be opened, and links that lead out to a folder around what was given are
// listed with a problem; so is the place at which there turn out to be too many. NULL with error set when a path
// given does not exist or a folder given cannot be opened. Elements are struct walk_entry *; free with
// g_ptr_array_unref.
GPtrArray *walk_paths(const char *const *paths, GError **error);

// Orders like strcmp, but runs of digits by their number.
int walk_natural_compare(const char *a, const char *b);

#endif
