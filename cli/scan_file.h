// SPDX-License-Identifier: GPL-3.0-or-later
// A scan's bytes, whatever lies where the scan should: whole, in bounded time and memory, or a reason for staff. Pipes
// are not waited for, devices not drained, and a file that changes meanwhile is not taken for either of the two that it
// was. Knows files; refuses to know what is in them.
#ifndef SHEAF_CLI_SCAN_FILE_H
#define SHEAF_CLI_SCAN_FILE_H

#include <glib.h>
#include <sys/stat.h>

// Larger files are mistakes; a 500-page PDF of scans stays below.
#define SCAN_FILE_MOST_BYTES (512L * 1024 * 1024)

// Appends the file's bytes; *status is what the file system said of it before. NULL if done; otherwise why it cannot be
// read, static, and bytes is as it was.
const char *scan_file_append(const char *path, GByteArray *bytes, struct stat *status);

// The bytes of a file that was read before, with their SHA-256 in hexadecimal.
enum scan_file_found {
	SCAN_FILE_SAME,
	SCAN_FILE_GONE,    // or cannot be read any more
	SCAN_FILE_CHANGED, // other bytes are there
};

// *bytes is set where the file is the same, and owned by the caller.
enum scan_file_found scan_file_again(const char *path, const char *sha256, GBytes **bytes);

#endif
