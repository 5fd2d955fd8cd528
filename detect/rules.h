// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of deciding, each with a name, so that the program can print which numbers are in force (VVSG 2.0, 1.1.6-G)
// and so that a measurement can leave one out and show what it is there for. Knows names, numbers and reasons; the
// rules themselves are where they are applied.
#ifndef SHEAF_DETECT_RULES_H
#define SHEAF_DETECT_RULES_H

#include <stdbool.h>

enum rule {
	RULE_LETTER,  // the form's own letter does not count
	RULE_PEN,     // strokes must be about as dark as this student's own elsewhere
	RULE_HAND,    // what is light is judged beside what else this hand filled
	RULE_HAZE,    // a haze without an edge at the ring is no mark
	RULE_SPAN,    // strokes must go through the ring: no dot, nothing that only grazes it
	RULE_LINE,    // a line that runs on beyond is a fold or a streak
	RULE_STREAK,  // streaks of the scanner are found as such
	RULE_COVERED, // something large and dark that reaches in
	RULE_UNEQUAL, // of two marks, one weaker or slighter: a change of mind
	RULE_STRUCK,  // a mark that looks crossed out
	RULE_RING,    // a ring that cannot be seen is not blank
	RULE_ALIGN,   // rows are aligned by their own rings
	RULE_SECOND,  // a second reader must agree
	RULE_N,
};

const char *rule_name(enum rule rule);  // "second-reader", … static
const char *rule_about(enum rule rule); // one phrase; static

// False, with *rule untouched, if there is no such rule.
bool rule_parse(const char *name, enum rule *rule);

// A set of rules that are left out, in a measurement only; 0 otherwise.
static inline bool rule_holds(unsigned left_out, enum rule rule)
{
	return !(left_out >> rule & 1);
}

// One number of the rules.
struct threshold {
	const char *name;
	double value;
	const char *unit, *about;
};

// All of them, in the order in which a bubble meets them. Static.
const struct threshold *rules_thresholds(unsigned *n);

#endif
