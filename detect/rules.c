// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/rules.h"

#include <stddef.h>
#include <string.h>

#include "detect/thresholds.h"

static const struct {
	const char *name, *about;
} RULES[RULE_N] = {
	[RULE_LETTER] = {"letter", "the form's own letter does not count"},
	[RULE_PEN] = {"pen", "strokes must be about as dark as this student's own elsewhere"},
	[RULE_HAND] = {"hand", "what is light or ran over is judged by the rings that this student plainly filled"},
	[RULE_HAZE] = {"haze", "a haze that goes on beyond the ring, or lies between strokes, is no mark"},
	[RULE_SPAN] = {"span", "strokes must go through the ring: no dot, nothing that only grazes it"},
	[RULE_LINE] = {"line", "a line that runs on beyond is a fold or a streak"},
	[RULE_STREAK] = {"streak", "streaks of the scanner are found as such"},
	[RULE_COVERED] = {"covered", "something large and dark that reaches in is no mark"},
	[RULE_UNEQUAL] = {"unequal", "of two marks, a weaker or slighter one may be a change of mind"},
	[RULE_STRUCK] = {"struck", "a mark that looks crossed out is asked about"},
	[RULE_RING] = {"ring", "a ring that cannot be seen is not blank"},
	[RULE_ALIGN] = {"align", "rows are aligned by their own rings"},
	[RULE_SECOND] = {"second-reader", "a second reader must agree"},
};

const char *rule_name(enum rule rule)
{
	return RULES[rule].name;
}

const char *rule_about(enum rule rule)
{
	return RULES[rule].about;
}

bool rule_parse(const char *name, enum rule *rule)
{
	for (unsigned i = 0; i < RULE_N; i++)
		if (strcmp(RULES[i].name, name) == 0) {
			*rule = (enum rule)i;
			return true;
		}
	return false;
}

#define THRESHOLD_ROW(name, value, unit, about) {#name, value, unit, about},
static const struct threshold LIST[] = {THRESHOLDS(THRESHOLD_ROW)};

const struct threshold *rules_thresholds(unsigned *n)
{
	*n = sizeof LIST / sizeof LIST[0];
	return LIST;
}
