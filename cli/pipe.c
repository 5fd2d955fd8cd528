// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pipe.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

bool pipe_write(int fd, const void *bytes, size_t size)
{
	for (const uint8_t *at = bytes; size > 0;) {
		ssize_t n = write(fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

bool pipe_read(int fd, void *bytes, size_t size)
{
	for (uint8_t *at = bytes; size > 0;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int ready = poll(&wait, 1, PIPE_PATIENCE_MS);
		ssize_t n = ready > 0 ? read(fd, at, size) : -1;
		if ((ready < 0 || n < 0) && errno == EINTR)
			continue;
		if (ready == 0 || n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}
