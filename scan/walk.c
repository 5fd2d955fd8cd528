// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// Deeper is a mistake or a trap; office folders are three or four deep.
#define DEPTH_MOST 64

struct walk {
	GPtrArray *entries;
	GHashTable *seen; // real paths, so that a file or folder reached twice counts once
};

static void entry_free(void *data)
{
	struct walk_entry *entry = data;
	g_free(entry->path);
	g_free(entry->name);
	g_free(entry->problem);
	g_free(entry);
}

static const char *skip_zeros(const char *p)
{
	while (*p == '0')
		p++;
	return p;
}

int walk_natural_compare(const char *a, const char *b)
{
	const char *x = a, *y = b;
	while (*x && *y) {
		if (!g_ascii_isdigit(*x) || !g_ascii_isdigit(*y)) {
			if (*x != *y)
				return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
			x++;
			y++;
			continue;
		}
		x = skip_zeros(x);
		y = skip_zeros(y);
		size_t n = strspn(x, "0123456789"), m = strspn(y, "0123456789");
		int order = n != m ? (n < m ? -1 : 1) : strncmp(x, y, n);
		if (order != 0)
			return order;
		x += n;
		y += m;
	}
	if (*x || *y)
		return *x ? 1 : -1;
	return strcmp(a, b); // "scan01" and "scan1" are two files
}

static int compare_entries(gconstpointer a, gconstpointer b)
{
	const struct walk_entry *x = *(struct walk_entry *const *)a, *y = *(struct walk_entry *const *)b;
	int order = walk_natural_compare(x->name, y->name);
	return order ? order : strcmp(x->path, y->path);
}

// False if this place was seen before.
static bool first_time(struct walk *walk, const char *path)
{
	char *real = realpath(path, NULL);
	bool first = g_hash_table_add(walk->seen, g_strdup(real ? real : path));
	free(real);
	return first;
}

// The name as valid UTF-8, as the reports need it. Bytes that are none are written out, so two names stay two names.
static char *readable_name(const char *name)
{
	GString *text = g_string_new(NULL);
	const char *end;
	while (!g_utf8_validate(name, -1, &end)) {
		g_string_append_len(text, name, end - name);
		g_string_append_printf(text, "\\x%02x", (unsigned char)*end);
		name = end + 1;
	}
	g_string_append(text, name);
	return g_string_free(text, FALSE);
}

static void add_entry(struct walk *walk, const char *path, const char *name, const char *problem)
{
	struct walk_entry *entry = g_new0(struct walk_entry, 1);
	entry->path = g_strdup(path);
	entry->name = readable_name(name);
	entry->problem = g_strdup(problem);
	g_ptr_array_add(walk->entries, entry);
}

static void walk_place(struct walk *walk, const char *path, const char *name, unsigned depth);

static int compare_names(gconstpointer a, gconstpointer b)
{
	return walk_natural_compare(*(const char *const *)a, *(const char *const *)b);
}

// The names in a folder that are not hidden, sorted: of several ways to a file the first names it, and the file
// system's own order differs from machine to machine. NULL where the folder cannot be read to its end; errno says why.
static GPtrArray *list_folder(const char *path)
{
	DIR *folder = opendir(path);
	if (!folder)
		return NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	struct dirent *item;
	errno = 0; // readdir tells its end from a failure by nothing else
	for (; (item = readdir(folder)); errno = 0)
		if (item->d_name[0] != '.')
			g_ptr_array_add(names, g_strdup(item->d_name));
	int cause = errno;
	closedir(folder);
	if (cause != 0)
		g_clear_pointer(&names, g_ptr_array_unref);
	else
		g_ptr_array_sort(names, compare_names);
	errno = cause;
	return names;
}

// False if the folder cannot be opened and read; errno says why.
static bool walk_folder(struct walk *walk, const char *path, const char *name, unsigned depth)
{
	g_autoptr(GPtrArray) names = list_folder(path);
	if (!names)
		return false;
	for (guint i = 0; i < names->len; i++) {
		const char *own = g_ptr_array_index(names, i);
		g_autofree char *child = g_build_filename(path, own, NULL);
		g_autofree char *child_name = name[0] ? g_build_filename(name, own, NULL) : g_strdup(own);
		walk_place(walk, child, child_name, depth + 1);
	}
	return true;
}

static void walk_place(struct walk *walk, const char *path, const char *name, unsigned depth)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		add_entry(walk, path, name, errno == ENOENT ? "a link that leads nowhere" : "it cannot be looked at");
		return;
	}
	if (!first_time(walk, path))
		return;
	if (S_ISREG(status.st_mode))
		add_entry(walk, path, name, NULL);
	else if (!S_ISDIR(status.st_mode))
		add_entry(walk, path, name, "not a regular file");
	else if (depth > DEPTH_MOST)
		add_entry(walk, path, name, "a folder too deep inside of others");
	else if (!walk_folder(walk, path, name, depth))
		add_entry(walk, path, name, "a folder that may not be opened");
}

// One path of the command line. False with error set.
static bool walk_operand(struct walk *walk, const char *path, GError **error)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", path,
			errno == ENOENT ? "there is no such file or folder" : g_strerror(errno));
		return false;
	}
	if (!S_ISDIR(status.st_mode)) {
		g_autofree char *name = g_path_get_basename(path);
		walk_place(walk, path, name, 0);
		return true;
	}
	if (!first_time(walk, path) || walk_folder(walk, path, "", 0))
		return true;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: the folder cannot be opened: %s",
		path, g_strerror(errno));
	return false;
}

// Names every entry that shares its name with another by its path. False if there was none to rename.
static bool rename_doubled(GPtrArray *entries)
{
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < entries->len; i++) {
		const struct walk_entry *entry = g_ptr_array_index(entries, i);
		int n = GPOINTER_TO_INT(g_hash_table_lookup(counts, entry->name));
		g_hash_table_insert(counts, g_strdup(entry->name), GINT_TO_POINTER(n + 1));
	}
	bool renamed = false;
	for (guint i = 0; i < entries->len; i++) {
		struct walk_entry *entry = g_ptr_array_index(entries, i);
		g_autofree char *path = readable_name(entry->path);
		if (GPOINTER_TO_INT(g_hash_table_lookup(counts, entry->name)) < 2 || g_str_equal(entry->name, path))
			continue;
		g_free(entry->name);
		entry->name = g_steal_pointer(&path);
		renamed = true;
	}
	return renamed;
}

// Two folders given may hold files of one name: such files are told apart by their whole paths. A path can be the name
// of a third file, so this goes on until all differ.
static void tell_apart(GPtrArray *entries)
{
	while (rename_doubled(entries))
		;
}

struct operand {
	const char *path;
	char *real; // NULL where there is no such place
	bool is_folder;
};

// Folders before files and outer folders before inner ones, so that the order given does not matter: a file has the
// longest of its names.
static int compare_operands(gconstpointer a, gconstpointer b)
{
	const struct operand *x = a, *y = b;
	if (x->is_folder != y->is_folder)
		return x->is_folder ? -1 : 1;
	int order = g_strcmp0(x->real, y->real);
	return order ? order : strcmp(x->path, y->path);
}

static GArray *sort_operands(const char *const *paths)
{
	GArray *operands = g_array_new(FALSE, FALSE, sizeof(struct operand));
	for (; *paths; paths++) {
		struct operand operand = {*paths, realpath(*paths, NULL), g_file_test(*paths, G_FILE_TEST_IS_DIR)};
		g_array_append_val(operands, operand);
	}
	g_array_sort(operands, compare_operands);
	return operands;
}

GPtrArray *walk_paths(const char *const *paths, GError **error)
{
	struct walk walk = {
		.entries = g_ptr_array_new_with_free_func(entry_free),
		.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	bool walked = true;
	g_autoptr(GArray) operands = sort_operands(paths);
	for (guint i = 0; i < operands->len; i++) {
		struct operand *operand = &g_array_index(operands, struct operand, i);
		walked = walked && walk_operand(&walk, operand->path, error);
		free(operand->real);
	}
	g_hash_table_unref(walk.seen);
	if (!walked) {
		g_ptr_array_unref(walk.entries);
		return NULL;
	}
	tell_apart(walk.entries);
	g_ptr_array_sort(walk.entries, compare_entries);
	return walk.entries;
}
