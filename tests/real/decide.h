// SPDX-License-Identifier: GPL-3.0-or-later
// Decides every crop by two readers: what they do not agree on, or either doubts, is flagged. Knows crops; never their
// kind or truth.
#ifndef SHEAF_TESTS_REAL_DECIDE_H
#define SHEAF_TESTS_REAL_DECIDE_H

#include "tests/real/production.h"

struct decision {
	enum reading reading;
	char *reason; // where flagged; owned
};

// decisions: n, by crop. decide_clear frees the reasons.
void decide_crops(const struct foreign_crop *crops, unsigned n, struct decision *decisions);
void decide_clear(struct decision *decisions, unsigned n);

#endif
