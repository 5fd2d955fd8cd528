// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/stop.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>

// A signal's handler has no other place to leave word.
static volatile sig_atomic_t wished;

static void on_signal(int number)
{
	(void)number;
	wished = 1;
}

void stop_listen(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool stop_wished(void)
{
	return wished != 0;
}

void stop_sleep_ms(int ms)
{
	if (!wished)
		poll(NULL, 0, ms);
}
