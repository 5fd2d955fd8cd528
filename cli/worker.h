// SPDX-License-Identifier: GPL-3.0-or-later
// A reading worker's whole life: bytes of files in, answers out, in a cage (cli/cage.h).
#ifndef SHEAF_CLI_WORKER_H
#define SHEAF_CLI_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/wire.h"
#include "sheet/layout.h"

// Called with a file's bytes in the cage, before they are decoded. Tests let it do what a decoder with a hole would.
typedef void worker_decoder(const uint8_t *bytes, size_t size);

// What leads to the program that started it.
struct worker_ends {
	int requests, replies; // descriptors; to read by and to write by
	int loans[WIRE_LOANS]; // descriptors of the files' bytes (cli/loan.h)
	bool draws;            // it is made ready to draw pages of PDFs, which few files need
};

// Serves until the requests end. explain asks for a picture of each step as well; first may be NULL. Never returns.
_Noreturn void worker_run(
	const struct layout *layout, const struct worker_ends *ends, bool explain, worker_decoder *first);

#endif
