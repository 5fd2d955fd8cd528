// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a scan: refused with a message, or pages within the limits, every pixel of which can be read. Aborts
// otherwise.
#ifndef SHEAF_TESTS_FUZZ_SCAN_H
#define SHEAF_TESTS_FUZZ_SCAN_H

#include <stddef.h>
#include <stdint.h>

// Passes over what does not begin so: each format has a fuzzer of its own, that the others may not starve it.
void fuzz_scan(const char *start, const uint8_t *data, size_t size);

#endif
