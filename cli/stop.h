// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C and SIGTERM as a wish that can be asked for. Knows signals only.
#ifndef SHEAF_CLI_STOP_H
#define SHEAF_CLI_STOP_H

#include <stdbool.h>

// From now on the first of either is a wish; a second one ends the program as ever.
void stop_listen(void);
bool stop_wished(void);

// Waits, but not once a stop is wished.
void stop_sleep_ms(int ms);

#endif
