// SPDX-License-Identifier: GPL-3.0-or-later
// The first reader: the decision of the program itself (detect/marks.h), fed with bubbles of foreign forms. Knows how
// to hand them over; has no threshold of its own.
#ifndef SHEAF_TESTS_REAL_PRODUCTION_H
#define SHEAF_TESTS_REAL_PRODUCTION_H

#include "tests/real/foreign.h"

enum reading { READING_EMPTY, READING_FILLED, READING_FLAGGED };

// The frame that the decision needs: an exam of one question with two choices, of which the second stays blank.
struct production;

// For the crops of a set, which stays borrowed.
struct production *production_new(const struct foreign_set *set);
void production_free(struct production *production); // accepts NULL

// Reads the bubble of a crop. *reason is newly allocated where it is flagged.
enum reading production_read(const struct production *production, unsigned crop, char **reason);

#endif
