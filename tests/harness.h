// SPDX-License-Identifier: GPL-3.0-or-later
// What every cmocka test program needs: cmocka's own includes in the order it asks for.
#ifndef SHEAF_TESTS_HARNESS_H
#define SHEAF_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// How much more time a limit on time allows: sanitizers slow some loops down thirty times.
#ifndef TEST_SLOWNESS
#define TEST_SLOWNESS 1
#endif

#endif
