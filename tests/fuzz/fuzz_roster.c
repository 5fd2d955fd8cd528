// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a roster: refused with a message, or every student on it can be found.
#include <stddef.h>
#include <stdint.h>

#include "grade/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GError *error = NULL;
	ROSTER_AUTO roster = roster_parse("roster.csv", (const char *)data, size, &error);
	g_assert((roster == NULL) == (error != NULL));
	g_clear_error(&error);
	for (unsigned i = 0; roster && i < roster->n_rows; i++)
		g_assert(roster_find(roster, roster->rows[i].student_id) == &roster->rows[i]);
	return 0;
}
