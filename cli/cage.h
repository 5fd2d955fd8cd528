// SPDX-License-Identifier: GPL-3.0-or-later
// The cage around whatever decodes other people's files: a process that entered it can compute, read what it is sent,
// and answer, and nothing else. No network, no new processes, no program to start, no memory to run as code, no file
// but the system's fonts (which PDF pages may need), no word to the terminal. Knows the kernel's means; not what is
// computed.
#ifndef SHEAF_CLI_CAGE_H
#define SHEAF_CLI_CAGE_H

#include <stdbool.h>

// A page at the largest size that decoding allows, its colour rows and its reductions, several times over.
#define CAGE_MEMORY_BYTES (1024ul * 1024 * 1024)

// Gives everything up but what is above, for good. Writing is possible to this descriptor only; all that is open can be
// read, so whoever calls closes the rest first. What is done against it fails with EPERM or EACCES, or, where no
// decoder would ever do it, ends the process.
//
// Without Landlock in the kernel no file can be opened at all: a PDF page that needs a font that it does not bring is
// then an exception. Builds with a sanitizer, which needs files and memory of its own for its reports, keep to limits
// and Landlock. So does a process with SHEAF_UNCAGED in its environment, for debuggers and Valgrind.
void cage_enter(int answers);

// Closes every descriptor but the standard ones and these, which it puts in order. For a process that was forked
// off: other pipes must not stay open in it, or their ends would never be noticed; and the session is none of its
// business.
void cage_keep_only(int *kept, unsigned n);

// Whether cage_enter can keep its promise on this machine; otherwise *why says what is missing, static.
bool cage_is_whole(const char **why);

#endif
