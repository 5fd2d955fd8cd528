// SPDX-License-Identifier: GPL-3.0-or-later
// The files that results were made from: the scans that a session knows, and the session. Knows them by what the file
// system says they are, however their paths are spelt, so that nothing is ever written over one of them.
#ifndef SHEAF_CLI_INPUTS_H
#define SHEAF_CLI_INPUTS_H

#include <glib.h>
#include <stdbool.h>

#include "grade/session.h"

#define INPUTS_ERROR (g_quark_from_static_string("sheaf-inputs"))

struct inputs;

// folder: the results' folder, which the session is in.
struct inputs *inputs_new(struct session *session, const char *folder);
void inputs_free(struct inputs *inputs); // accepts NULL

// False with error set (INPUTS_ERROR, one line) if writing to path would destroy one of them.
bool inputs_spared(const struct inputs *inputs, const char *path, GError **error);

#endif
