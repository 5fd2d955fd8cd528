// SPDX-License-Identifier: GPL-3.0-or-later
// Any text as a sheet's code: refused, or what it says is written and read back alike.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sheet/code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	struct code code, again;
	if (!code_parse(text, &code))
		return 0;
	g_autofree char *written = code_format(&code);
	g_assert(code_parse(written, &again));
	g_assert(strcmp(code.exam, again.exam) == 0 && strcmp(code.id, again.id) == 0);
	g_assert(strcmp(code.fingerprint, again.fingerprint) == 0);
	g_assert(strcmp(code.seal, again.seal) == 0);
	g_assert(code.page == again.page && code.copy == again.copy && code.walk_in == again.walk_in);
	code_clear(&code);
	code_clear(&again);
	return 0;
}
