// SPDX-License-Identifier: GPL-3.0-or-later
// Several clear marks on a single-answer item are what the student wrote; but where the exam file says
// `multiple: review`, a person looks at them all the same, and at numbers that cannot be read unless it says otherwise.
// Knows nothing else of scoring.
#ifndef SHEAF_GRADE_SEVERAL_H
#define SHEAF_GRADE_SEVERAL_H

#include "grade/page.h"
#include "sheet/layout.h"

// Flags such marks on the pages that were read.
void several_flag(struct batch_page *pages, unsigned n_pages, const struct layout *layout);

#endif
