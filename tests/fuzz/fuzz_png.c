// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a PNG file.
#include "tests/fuzz_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_scan("\x89PNG\r\n\x1a\n", data, size);
	return 0;
}
