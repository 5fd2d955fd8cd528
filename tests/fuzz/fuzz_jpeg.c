// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a JPEG file.
#include "tests/fuzz_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_scan("\xff\xd8\xff", data, size);
	return 0;
}
