// SPDX-License-Identifier: GPL-3.0-or-later
// A reading worker's whole life: bytes of files in, answers out, over two descriptors. Opens nothing itself.
#ifndef SHEAF_CLI_WORKER_H
#define SHEAF_CLI_WORKER_H

#include <stdbool.h>

#include "sheet/layout.h"

// Serves until the requests end. explain asks for a picture of each step as well. Never returns.
_Noreturn void worker_run(const struct layout *layout, int requests, int replies, bool explain);

#endif
