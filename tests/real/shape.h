// SPDX-License-Identifier: GPL-3.0-or-later
// The second reader of foreign bubbles: decides by the shape of what is inside (broad, in strokes, where) and by what
// the form prints there, and not by mean darkness. Knows measurements only.
#ifndef SHEAF_TESTS_REAL_SHAPE_H
#define SHEAF_TESTS_REAL_SHAPE_H

#include "tests/real/production.h"

// *reason is static where it is flagged.
enum reading shape_read(const struct foreign_bubble *bubble, const struct foreign_page *page, const char **reason);

#endif
