// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a file that the user names, up to a cap: of a pipe as well as of a file, and of a device that never ends
// no more than the cap. Knows nothing of what is in them.
#ifndef SHEAF_GRADE_FILE_IN_H
#define SHEAF_GRADE_FILE_IN_H

#include <glib.h>

// All of the file, or somewhat more than `most` bytes of it where it is larger, which the caller refuses. NULL if it
// cannot be read; errno says why. Free with g_byte_array_unref.
GByteArray *file_in_read(const char *path, size_t most);

#endif
