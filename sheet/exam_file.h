// SPDX-License-Identifier: GPL-3.0-or-later
// Exam files: YAML text to struct exam. Knows the format and its defaults; strict, so that a slip in a key is found
// before the exam and not after it.
#ifndef SHEAF_SHEET_EXAM_FILE_H
#define SHEAF_SHEET_EXAM_FILE_H

#include <glib.h>

#include "sheet/exam.h"

#define EXAM_FILE_ERROR (g_quark_from_static_string("sheaf-exam-file"))
#define EXAM_FILE_MAX_BYTES (1024 * 1024)

// Reads an exam file. NULL with error set on failure; the message is one line that names the file, the line and what to
// do: "exam.yaml:12: question 16: key has 5 statements, the question has 4". The caller frees with exam_free.
struct exam *exam_load(const char *path, GError **error);

// The same from memory; name stands for the path in messages. text need not end in NUL.
struct exam *exam_parse(const char *name, const char *text, size_t size, GError **error);

#endif
