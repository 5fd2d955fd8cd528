// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when the machine has no memory left. What is as large as a file says is asked for in a way that may fail
// by itself (g_try_malloc): that page or file is lost, and told. For everything else the program says so in a line and
// ends: nothing runs on with half of what it asked for, so nothing is left out unseen. What was read and decided is in
// the session, and the results' files are the old ones or the new ones.
//
// GLib would end it too, but by a trap, and for want of memory to say why, by a crash.
#ifndef SHEAF_CLI_NO_MEMORY_H
#define SHEAF_CLI_NO_MEMORY_H

#include <stddef.h>

#define NO_MEMORY_WORDS                                                                                                \
	"sheaf: there is no memory left. What was read and decided so far is kept; close other programs, or give "     \
	"a smaller --jobs, and run it again.\n"

// No page and no file fits into this, and no error message needs more.
#define NO_MEMORY_SMALL_BYTES (64 * 1024)

// From now on, for what GLib, SQLite and jansson cannot get. To be called first of all.
void no_memory_ends_the_program(void);

// What the allocator is to give where it has nothing (cli/allocator.c): NULL for what is large. For what is small it
// does not return, whichever library asked.
void *no_memory_for(size_t size);

#endif
