// SPDX-License-Identifier: GPL-3.0-or-later
// A word before functions whose loops the compiler makes vectors of: where it can, it makes a second one for processors
// that have wider vectors, and the program takes whichever fits when it starts. Both give the same results; without
// fused multiplications, which round once and not twice, wider vectors are all that AVX2 brings.
#ifndef SHEAF_DETECT_VECTORS_H
#define SHEAF_DETECT_VECTORS_H

#include <stdint.h> // int32_t and narrower: as narrow as the numbers are, as many fit into a vector

// Sanitizers and coverage instrument what chooses, before they can run.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) &&                        \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define VECTORS
#endif

#endif
