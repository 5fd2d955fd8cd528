// SPDX-License-Identifier: GPL-3.0-or-later
// grade --compare: grades what DIR holds by the exam file that it holds, and by another one, and says what differs.
// Writes nothing, and does not mind if another sheaf works in DIR.
#ifndef SHEAF_CLI_COMPARING_H
#define SHEAF_CLI_COMPARING_H

#include <glib.h>

#include "sheet/exam.h"
#include "sheet/layout.h"

// What differs, as text; owned by the caller. NULL with error set: SESSION_ERROR where the exam is another one than
// DIR's, or puts something else on paper.
char *comparing_text(const char *folder, const struct exam *exam, const struct layout *layout, GError **error);

#endif
