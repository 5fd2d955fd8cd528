// SPDX-License-Identifier: GPL-3.0-or-later
// A page of a scan file as pixels, for a person's eye. Scans are other people's files: a caged child process decodes,
// and if it crashes or hangs, that page cannot be shown and nothing else happens. Knows files and processes; no sheets.
#ifndef SHEAF_CLI_VIEWER_H
#define SHEAF_CLI_VIEWER_H

#include <glib.h>

#include "review/picture.h"

// number: the page within the file, from 0. content: the SHA-256 that the file must have. NULL with error set
// (DESK_ERROR_GONE), one sentence for staff.
struct picture *viewer_decode(const char *path, const char *content, unsigned number, GError **error);

#endif
