// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/seals.h"

static const char *const DETAILS[SEALS_N_STATES] = {
	[SEAL_NONE] =
		"the codes on this sheet bear no seal: it was not printed with the exam's key, as the other sheets "
		"were; find out where it comes from",
	[SEAL_UNCHECKED] =
		"the seal of this sheet could not be checked, because the exam's key was missing: put the key "
		"back beside the exam file and grade again",
	[SEAL_WRONG] = "the seal of this sheet is wrong: it was not printed with the exam's key for this student and "
		       "page; find out where it comes from",
};

struct seals seals_enforce(struct batch_page *pages, unsigned n_pages, bool required)
{
	struct seals seals = {.counts = {0}};
	for (unsigned i = 0; i < n_pages; i++)
		if (pages[i].fate == PAGE_READ)
			seals.counts[pages[i].answers->seal.state]++;
	bool checked = seals.counts[SEAL_VALID] + seals.counts[SEAL_WRONG] > 0;
	seals.proven = required || checked;
	for (unsigned i = 0; i < n_pages && seals.proven; i++) {
		enum seal_state state = pages[i].answers->seal.state;
		if (pages[i].fate == PAGE_READ && state != SEAL_VALID && state != SEAL_VOUCHED)
			page_set_aside(&pages[i], PAGE_EXCEPTION, BATCH_KIND_FORGED, g_strdup(DETAILS[state]));
	}
	return seals;
}
