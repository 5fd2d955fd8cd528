// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/inputs.h"

#include <sys/stat.h>

struct inputs {
	GHashTable *known; // texts of device and inode
};

// NULL if there is nothing. Owned by the caller.
static char *identity_of(const char *path)
{
	struct stat status;
	if (stat(path, &status) != 0)
		return NULL;
	return g_strdup_printf("%ju %ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
}

static void add(struct inputs *inputs, const char *path)
{
	char *identity = identity_of(path);
	if (identity)
		g_hash_table_add(inputs->known, identity);
}

struct inputs *inputs_new(struct session *session, const char *folder)
{
	struct inputs *inputs = g_new(struct inputs, 1);
	inputs->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) files = session_files(session);
	for (guint i = 0; i < files->len; i++)
		add(inputs, ((const struct session_file *)g_ptr_array_index(files, i))->path);
	g_autofree char *own = g_build_filename(folder, "session.sqlite", NULL);
	add(inputs, own);
	return inputs;
}

void inputs_free(struct inputs *inputs)
{
	if (!inputs)
		return;
	g_hash_table_unref(inputs->known);
	g_free(inputs);
}

bool inputs_spared(const struct inputs *inputs, const char *path, GError **error)
{
	g_autofree char *identity = identity_of(path);
	if (!identity || !g_hash_table_contains(inputs->known, identity))
		return true;
	g_set_error(error, INPUTS_ERROR, 0,
		"%s would be overwritten, which the results were made from; choose another place with -o", path);
	return false;
}
