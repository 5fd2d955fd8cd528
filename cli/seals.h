// SPDX-License-Identifier: GPL-3.0-or-later
// The exam's key as commands need it: found beside the exam file, made for the first print, and used to check again
// what a session holds. Only the program itself has the key; reading workers never see it.
#ifndef SHEAF_CLI_SEALS_H
#define SHEAF_CLI_SEALS_H

#include <glib.h>
#include <stdbool.h>

#include "grade/session.h"
#include "sheet/exam.h"
#include "sheet/layout.h"
#include "sheet/seal.h"

// The key to check sheets with; NULL if there is none. False, with error set, if there is one that cannot be used.
bool seals_find_key(const char *exam_file, const struct exam *exam, struct seal_key **key, GError **error);

// The key to print sheets with, made where there is none. NULL, after a note on stderr, where none can be written, such
// as on a read-only disk. False, with error set, if there is one that cannot be used.
bool seals_key_to_print(const char *exam_file, const struct exam *exam, struct seal_key **key, GError **error);

// Checks what the session holds with the key, if that was not done with this key before; without a key, sees to it that
// it will be. False with error set if the session cannot be read or written.
bool seals_check_session(
	struct session *session, const struct layout *layout, const struct seal_key *key, GError **error);

#endif
