// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/scan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/wire.h"

#define CHANGED "the file changed or failed while it was read"
// What fits into a processor's second cache, with room to spare.
#define PIECE_BYTES (64 * 1024)

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

const char *scan_file_open(struct scan_file *file, const char *path)
{
	// Without O_NONBLOCK, opening a pipe that was put in a file's place would wait for ever.
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file->fd < 0)
		return errno == EACCES ? "the file may not be opened" : "the file cannot be opened";
	const char *problem = NULL;
	if (fstat(file->fd, &file->status) != 0 || !S_ISREG(file->status.st_mode))
		problem = "not a regular file";
	else if (file->status.st_size > SCAN_FILE_MOST_BYTES)
		problem = "the file is larger than 512 MB";
	if (problem)
		scan_file_close(file);
	return problem;
}

static void put_hexadecimal(struct sha256_ctx *context, char text[SCAN_FILE_SHA256_SIZE])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	sha256_digest(context, sizeof digest, digest);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

// A piece is hashed and handed on while the processor has it at hand.
static const char *read_pieces(int fd, size_t size, scan_file_taker *take, void *data, struct sha256_ctx *context)
{
	uint8_t piece[PIECE_BYTES];
	for (size_t at = 0, n; at < size; at += n) {
		n = MIN(size - at, sizeof piece);
		if (!wire_read_exactly(fd, piece, n))
			return CHANGED;
		sha256_update(context, n, piece);
		const char *problem = take(data, at, piece, n);
		if (problem)
			return problem;
	}
	return NULL;
}

const char *scan_file_read(
	struct scan_file *file, scan_file_taker *take, void *data, char sha256[SCAN_FILE_SHA256_SIZE])
{
	struct sha256_ctx context;
	sha256_init(&context);
	const char *problem = read_pieces(file->fd, (size_t)file->status.st_size, take, data, &context);
	if (!problem && !stayed(file->fd, &file->status))
		problem = CHANGED;
	put_hexadecimal(&context, sha256);
	scan_file_close(file);
	return problem;
}

void scan_file_close(struct scan_file *file)
{
	close(file->fd);
	file->fd = -1;
}

static const char *keep(void *data, size_t at, const uint8_t *bytes, size_t size)
{
	memcpy((uint8_t *)data + at, bytes, size);
	return NULL;
}

enum scan_file_found scan_file_again(const char *path, const char *sha256, GBytes **bytes)
{
	struct scan_file file;
	char now[SCAN_FILE_SHA256_SIZE];
	if (scan_file_open(&file, path))
		return SCAN_FILE_GONE;
	const size_t size = (size_t)file.status.st_size;
	g_autofree uint8_t *read = g_try_malloc(MAX(size, 1));
	if (!read)
		scan_file_close(&file);
	if (!read || scan_file_read(&file, keep, read, now))
		return SCAN_FILE_GONE;
	if (strcmp(now, sha256) != 0)
		return SCAN_FILE_CHANGED;
	*bytes = g_bytes_new_take(g_steal_pointer(&read), size);
	return SCAN_FILE_SAME;
}
