// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/scan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "cli/wire.h"

#define CHANGED "the file changed or failed while it was read"

// An array that cannot grow would end the program, where this file alone should be lost. It grows to twice its size.
static bool fits(const GByteArray *bytes, size_t more)
{
	void *probe = g_try_malloc(2 * (bytes->len + more) + 1);
	g_free(probe);
	return probe != NULL;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// Whoever writes into a file while it is read makes it longer, shorter, or newer.
static bool stayed(int fd, const struct stat *before)
{
	struct stat after;
	return fstat(fd, &after) == 0 && after.st_size == before->st_size && same_time(after.st_mtim, before->st_mtim);
}

static const char *append_open(int fd, GByteArray *bytes, struct stat *status)
{
	guint head = bytes->len;
	if (fstat(fd, status) != 0 || !S_ISREG(status->st_mode))
		return "not a regular file";
	if (status->st_size > SCAN_FILE_MOST_BYTES)
		return "the file is larger than 512 MB";
	if (!fits(bytes, (size_t)status->st_size))
		return "there is not enough memory to read the file";
	g_byte_array_set_size(bytes, head + (guint)status->st_size);
	if (wire_read_exactly(fd, bytes->data + head, (size_t)status->st_size) && stayed(fd, status))
		return NULL;
	g_byte_array_set_size(bytes, head);
	return CHANGED;
}

const char *scan_file_append(const char *path, GByteArray *bytes, struct stat *status)
{
	// Without O_NONBLOCK, opening a pipe that was put in a file's place would wait for ever.
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == EACCES ? "the file may not be opened" : "the file cannot be opened";
	const char *problem = append_open(fd, bytes, status);
	close(fd);
	return problem;
}

enum scan_file_found scan_file_again(const char *path, const char *sha256, GBytes **bytes)
{
	GByteArray *read = g_byte_array_new();
	struct stat status;
	const char *problem = scan_file_append(path, read, &status);
	g_autofree char *now = problem ? NULL : g_compute_checksum_for_data(G_CHECKSUM_SHA256, read->data, read->len);
	bool same = g_strcmp0(now, sha256) == 0 && !problem;
	if (same)
		*bytes = g_byte_array_free_to_bytes(read);
	else
		g_byte_array_unref(read);
	return same ? SCAN_FILE_SAME : problem ? SCAN_FILE_GONE : SCAN_FILE_CHANGED;
}
