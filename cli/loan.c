// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/loan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Memory for files up to this size is kept for the next.
#define KEPT_BYTES (4L * 1024 * 1024)
// What is seen grows by these, as the pages of a batch differ a little.
#define STEP_BYTES ((size_t)1024 * 1024)

// Never to be run as code, which some systems ask to be said. Kernels before 6.3 do not know the word, nor Debian 12's
// headers.
#define NOEXEC_SEAL 0x0008u

static int make_memory(void)
{
	int memory = memfd_create("sheaf scan", MFD_CLOEXEC | NOEXEC_SEAL);
	return memory < 0 && errno == EINVAL ? memfd_create("sheaf scan", MFD_CLOEXEC) : memory;
}

// A second way to the same memory, by which it cannot be written. Without /proc it can be: then a worker that was taken
// over can change the bytes that it reads itself, and nobody else does.
static int open_to_read(int memory)
{
	char path[sizeof "/proc/self/fd/" + 3 * sizeof memory];
	snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fd : fcntl(memory, F_DUPFD_CLOEXEC, 0);
}

bool loan_open(struct loan *loan)
{
	*loan = LOAN_NONE;
	loan->memory = make_memory();
	loan->to_borrow = loan->memory >= 0 ? open_to_read(loan->memory) : -1;
	if (loan->to_borrow >= 0)
		return true;
	loan_close(loan);
	return false;
}

void loan_close(struct loan *loan)
{
	if (loan->memory >= 0)
		close(loan->memory);
	if (loan->to_borrow >= 0)
		close(loan->to_borrow);
	*loan = LOAN_NONE;
}

bool loan_put(const struct loan *loan, size_t at, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = pwrite(loan->memory, bytes, size, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += (size_t)n;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

void loan_give_back(const struct loan *loan)
{
	struct stat status;
	if (fstat(loan->memory, &status) == 0 && status.st_size > KEPT_BYTES)
		(void)!ftruncate(loan->memory, 0); // else it is kept, and does no harm
}

static void forget(struct borrowed *borrowed)
{
	if (borrowed->bytes)
		munmap((void *)borrowed->bytes, borrowed->size);
	*borrowed = (struct borrowed){borrowed->fd, NULL, 0};
}

void borrowed_done(struct borrowed *borrowed)
{
	if (borrowed->size > (size_t)KEPT_BYTES)
		forget(borrowed);
}

bool borrowed_see(struct borrowed *borrowed, size_t size)
{
	if (borrowed->bytes && size <= borrowed->size)
		return true;
	const size_t most = (size / STEP_BYTES + 1) * STEP_BYTES;
	forget(borrowed);
	void *bytes = mmap(NULL, most, PROT_READ, MAP_SHARED, borrowed->fd, 0);
	if (bytes != MAP_FAILED)
		*borrowed = (struct borrowed){borrowed->fd, bytes, most};
	return borrowed->bytes != NULL;
}
