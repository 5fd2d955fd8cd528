// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/decision.h"

#include <string.h>

static const char *const KINDS[DECISION_N_KINDS] = {
	[DECISION_MARK] = "mark",
	[DECISION_IDENTITY] = "identity",
	[DECISION_SET_ASIDE] = "set-aside",
	[DECISION_MISSING] = "missing-page",
	[DECISION_STRANGER] = "unknown-student",
	[DECISION_UNDO] = "undo",
};

static char *copy_text(const char *text)
{
	return g_strdup(text ? text : "");
}

struct decision *decision_copy(const struct decision *decision)
{
	struct decision *copy = g_memdup2(decision, sizeof *decision);
	copy->time = copy_text(decision->time);
	copy->person = copy_text(decision->person);
	copy->content = copy_text(decision->content);
	copy->file = copy_text(decision->file);
	copy->student = copy_text(decision->student);
	copy->item = copy_text(decision->item);
	copy->was = copy_text(decision->was);
	copy->becomes = copy_text(decision->becomes);
	copy->reason = copy_text(decision->reason);
	return copy;
}

void decision_free(void *data)
{
	struct decision *decision = data;
	if (!decision)
		return;
	g_free(decision->time);
	g_free(decision->person);
	g_free(decision->content);
	g_free(decision->file);
	g_free(decision->student);
	g_free(decision->item);
	g_free(decision->was);
	g_free(decision->becomes);
	g_free(decision->reason);
	g_free(decision);
}

const char *decision_kind_text(enum decision_kind kind)
{
	return KINDS[kind];
}

bool decision_kind_parse(const char *text, enum decision_kind *kind)
{
	for (unsigned i = 0; i < DECISION_N_KINDS; i++) {
		if (strcmp(text, KINDS[i]) != 0)
			continue;
		*kind = (enum decision_kind)i;
		return true;
	}
	return false;
}
