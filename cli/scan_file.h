// SPDX-License-Identifier: GPL-3.0-or-later
// A scan's bytes, whatever lies where the scan should: whole, in bounded time and memory, or a reason for staff. Pipes
// are not waited for, devices not drained, and a file that changes meanwhile is not taken for either of the two that it
// was. Knows files; refuses to know what is in them.
#ifndef SHEAF_CLI_SCAN_FILE_H
#define SHEAF_CLI_SCAN_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

// Larger files are mistakes; a 500-page PDF of scans stays below.
#define SCAN_FILE_MOST_BYTES (512L * 1024 * 1024)

struct scan_file {
	int fd;
	struct stat status; // what the file system said when it was opened
};

#define SCAN_FILE_SHA256_SIZE 65 // in hexadecimal, with its end

// NULL if the file is open; otherwise why it cannot be read, static.
const char *scan_file_open(struct scan_file *file, const char *path);

// Takes the next bytes of a file. NULL if done; otherwise why not, static.
typedef const char *scan_file_taker(void *data, size_t at, const uint8_t *bytes, size_t size);

// All its bytes, status.st_size of them, piece by piece; and what is known of them by then: their SHA-256. NULL if they
// were had, and are of one moment; otherwise why not, static. The file is closed in any case.
const char *scan_file_read(
	struct scan_file *file, scan_file_taker *take, void *data, char sha256[SCAN_FILE_SHA256_SIZE]);

void scan_file_close(struct scan_file *file); // without reading it

// The bytes of a file that was read before, with their SHA-256 in hexadecimal.
enum scan_file_found {
	SCAN_FILE_SAME,
	SCAN_FILE_GONE,    // or cannot be read any more
	SCAN_FILE_CHANGED, // other bytes are there
};

// *bytes is set where the file is the same, and owned by the caller.
enum scan_file_found scan_file_again(const char *path, const char *sha256, GBytes **bytes);

#endif
