// SPDX-License-Identifier: GPL-3.0-or-later
// One student's pages, when there are more of them than the paper has: which are read, which are duplicates, which
// contradict. Knows what marks two scans share; refuses to decide between two that differ.
#ifndef SHEAF_GRADE_COPIES_H
#define SHEAF_GRADE_COPIES_H

#include <glib.h>
#include <stdbool.h>

#include "grade/page.h"
#include "sheet/layout.h"

// pages are struct batch_page *, all of one student, by rank. Leaves at most one page of each number as PAGE_READ, all
// from one paper, and sets the others aside. Whether any was set aside as a conflict.
//
// Scans of a page that agree in every item that is `ok` in both: the one with the fewest doubts is read. Scans that
// differ: the first is read, and those that contradict it are conflicts. A student with two papers: the printed one
// goes before those on which the ID was filled in by hand, otherwise the first; the pages of the others are conflicts,
// whatever they say, since an ID filled in wrongly must not mix two students' pages.
bool copies_settle(GPtrArray *pages, const struct layout *layout);

#endif
