// SPDX-License-Identifier: GPL-3.0-or-later
// Whole pieces of bytes over a pipe to or from a child process that may be slow or gone. Knows descriptors; nothing of
// what the bytes mean.
#ifndef SHEAF_CLI_PIPE_H
#define SHEAF_CLI_PIPE_H

#include <stdbool.h>
#include <stddef.h>

// Decoding the largest page that is let in takes a few seconds.
#define PIPE_PATIENCE_MS 20000

// False if the other end is gone.
bool pipe_write(int fd, const void *bytes, size_t size);

// False once nothing comes for too long, or the other end is gone.
bool pipe_read(int fd, void *bytes, size_t size);

#endif
