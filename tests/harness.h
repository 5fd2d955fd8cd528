// SPDX-License-Identifier: GPL-3.0-or-later
// What every cmocka test program needs: cmocka's own includes in the order it asks for.
#ifndef SHEAF_TESTS_HARNESS_H
#define SHEAF_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
