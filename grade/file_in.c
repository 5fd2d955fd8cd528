// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/file_in.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdio.h>

#define READ_BYTES (256 * 1024)

static bool read_up_to(FILE *file, GByteArray *bytes, size_t most)
{
	size_t got;
	do {
		guint before = bytes->len;
		g_byte_array_set_size(bytes, before + READ_BYTES);
		got = fread(bytes->data + before, 1, READ_BYTES, file);
		g_byte_array_set_size(bytes, before + (guint)got);
	} while (got == READ_BYTES && bytes->len <= most);
	return !ferror(file);
}

GByteArray *file_in_read(const char *path, size_t most)
{
	FILE *file = g_fopen(path, "rbe");
	if (!file)
		return NULL;
	GByteArray *bytes = g_byte_array_new();
	bool good = read_up_to(file, bytes, most);
	int problem = errno;
	fclose(file);
	if (good)
		return bytes;
	g_byte_array_unref(bytes);
	errno = problem;
	return NULL;
}
