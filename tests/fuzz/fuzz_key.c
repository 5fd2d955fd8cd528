// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the file of the key that seals the sheets: refused with a line, or a key that knows its own seals.
#include <glib/gstdio.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sheet/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *path;
	if (!path) {
		g_autofree char *folder = g_dir_make_tmp("sheaf-fuzz-XXXXXX", NULL);
		path = g_build_filename(folder, "exam.key", NULL);
	}
	g_autoptr(GError) error = NULL;
	g_assert(
		g_file_set_contents_full(path, (const char *)data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	struct seal_key *key = seal_key_load(path, &error);
	g_assert((key == NULL) == (error != NULL));
	g_assert(!error || (g_utf8_validate(error->message, -1, NULL) && !strchr(error->message, '\n')));
	if (key) {
		char seal[SEAL_SIZE];
		seal_make(key, "SHEAF1/QUIZ", seal);
		g_assert(seal_is_formed(seal) && seal_holds(key, "SHEAF1/QUIZ", seal));
		g_assert(!seal_holds(key, "SHEAF1/QUIT", seal));
	}
	seal_key_free(key);
	g_remove(path);
	return 0;
}
