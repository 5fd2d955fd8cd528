// SPDX-License-Identifier: GPL-3.0-or-later
// The program's malloc: the C library's, but for what it does where there is nothing (cli/no_memory.h). The libraries
// use it too, many of which would crash there. Sanitizers bring their own.
#include <stddef.h>

#include "cli/no_memory.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
typedef int allocator_is_the_sanitizers; // a file must not be empty
#else

// The C library's own, under the names that are kept for such a purpose.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *bytes, size_t size);

void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *bytes, size_t size);

void *malloc(size_t size)
{
	void *bytes = __libc_malloc(size);
	return bytes ? bytes : no_memory_for(size);
}

void *calloc(size_t n, size_t size)
{
	void *bytes = __libc_calloc(n, size);
	size_t all;
	if (bytes)
		return bytes;
	return no_memory_for(__builtin_mul_overflow(n, size, &all) ? (size_t)-1 : all);
}

// Of size 0 it is the same as free, and gives NULL.
void *realloc(void *bytes, size_t size)
{
	void *more = __libc_realloc(bytes, size);
	return more || size == 0 ? more : no_memory_for(size);
}

#endif
