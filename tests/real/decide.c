// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/real/decide.h"

#include "tests/real/shape.h"

static struct decision decide(const struct production *production, const struct foreign_set *set, unsigned crop)
{
	g_autofree char *doubt = NULL;
	const char *why = NULL;
	enum reading shape = shape_read(&set->bubbles[crop], &set->pages[crop], &why);
	// Without an outline there is no disc that the first reader could measure.
	if (!set->bubbles[crop].outline_known)
		return (struct decision){shape, g_strdup(why)};
	enum reading production_says = production_read(production, crop, &doubt);
	if (shape == READING_FLAGGED)
		return (struct decision){READING_FLAGGED, g_strdup(why)};
	if (production_says == READING_FLAGGED)
		return (struct decision){READING_FLAGGED, g_steal_pointer(&doubt)};
	if (production_says != shape)
		return (struct decision){READING_FLAGGED, g_strdup("the two readers disagree")};
	return (struct decision){shape, NULL};
}

void decide_crops(const struct foreign_crop *crops, unsigned n, struct decision *decisions)
{
	struct foreign_set set;
	foreign_measure(crops, n, &set);
	struct production *production = production_new(&set);
	for (unsigned i = 0; i < n; i++)
		decisions[i] = decide(production, &set, i);
	foreign_clear(&set);
	production_free(production);
}

void decide_clear(struct decision *decisions, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		g_clear_pointer(&decisions[i].reason, g_free);
}
