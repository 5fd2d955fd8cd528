// SPDX-License-Identifier: GPL-3.0-or-later
// Several clear marks on a single-answer item are what the student wrote; but where the exam file says
// `multiple: review`, a person looks at them all the same, and at numbers that cannot be read unless it says otherwise.
// Knows nothing else of scoring.
#ifndef SHEAF_GRADE_SEVERAL_H
#define SHEAF_GRADE_SEVERAL_H

#include "grade/page.h"
#include "sheet/layout.h"

// Which items wait for a person so. NULL if none do; borrows the layout. The caller frees with several_free.
struct several *several_new(const struct layout *layout);
void several_free(struct several *several); // accepts NULL

// Flags such marks on those of the pages (struct batch_page *) that were read. several may be NULL.
void several_flag(const struct several *several, GPtrArray *pages);

#endif
