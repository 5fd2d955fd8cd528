// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pipe.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

gint64 pipe_deadline_us(void)
{
	return g_get_monotonic_time() + PIPE_PATIENCE_SECONDS * G_USEC_PER_SEC;
}

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

bool pipe_read(int fd, void *bytes, size_t size, gint64 deadline_us)
{
	for (uint8_t *at = bytes; size > 0;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		gint64 left_us = deadline_us - g_get_monotonic_time();
		int ready = left_us > 0 ? poll(&wait, 1, (int)(left_us / 1000 + 1)) : 0;
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
