// SPDX-License-Identifier: GPL-3.0-or-later
// Whole pieces of bytes over a pipe to or from a child process that may be slow, gone, or wicked. Knows descriptors and
// the clock; nothing of what the bytes mean.
#ifndef SHEAF_CLI_PIPE_H
#define SHEAF_CLI_PIPE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

// Decoding the largest page that is let in takes a few seconds.
#define PIPE_PATIENCE_SECONDS 20

// Until when a child's answer is waited for, all of it; it may come in as small pieces as it likes.
gint64 pipe_deadline_us(void);

// False if the other end is gone.
bool pipe_write(int fd, const void *bytes, size_t size);

// False once the deadline is over, or the other end is gone.
bool pipe_read(int fd, void *bytes, size_t size, gint64 deadline_us);

#endif
