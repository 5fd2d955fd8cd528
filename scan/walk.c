// SPDX-License-Identifier: GPL-3.0-or-later
// Folders tell their entries in no order, and a file may be reached in several ways; which way it is listed by must not
// depend on luck. So the operands are walked in the order of their real places, outer folders first, and what stands
// in a folder goes before what links lead to: links wait until all else is walked.
#include "scan/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// Deeper is a mistake or a trap; office folders are three or four deep.
#define DEPTH_MOST 64
// More files and folders are no stack of scans: somebody linked to a whole disk, or gave it.
#define PLACES_MOST 200000

struct walk {
	GPtrArray *entries;
	GHashTable *seen; // real paths, so that a file or folder reached twice counts once
	GQueue links;     // struct place *, still to be followed
	bool full;        // PLACES_MOST were seen: the rest is left, which an entry says
};

struct place {
	char *path, *name;
	unsigned depth;
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

// Whether a link leads to a folder that it is in itself, and that was not given. What else is in there was not given
// either: at worst, all of a disk.
static bool leads_out(const struct walk *walk, const char *link)
{
	g_autofree char *folder = g_path_get_dirname(link);
	char *from = realpath(folder, NULL), *to = realpath(link, NULL);
	size_t length = to ? strlen(to) : 0;
	bool around = from && to && strncmp(from, to, length) == 0 && (from[length] == '/' || strcmp(to, "/") == 0);
	bool out = around && !g_hash_table_contains(walk->seen, to);
	free(from);
	free(to);
	return out;
}

// Bytes that are no UTF-8 as \xFF, so that two such files keep two names. Owned by the caller.
static char *readable(const char *text)
{
	GString *out = g_string_new(NULL);
	const char *end;
	while (!g_utf8_validate(text, -1, &end)) {
		g_string_append_len(out, text, end - text);
		g_string_append_printf(out, "\\x%02X", (unsigned char)*end);
		text = end + 1;
	}
	g_string_append(out, text);
	return g_string_free(out, FALSE);
}

static void add_entry(struct walk *walk, const char *path, const char *name, const char *problem)
{
	struct walk_entry *entry = g_new0(struct walk_entry, 1);
	entry->path = g_strdup(path);
	entry->name = readable(name);
	entry->problem = g_strdup(problem);
	g_ptr_array_add(walk->entries, entry);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The names in a folder, hidden ones left out, sorted by their bytes. NULL if it cannot be read to its end; errno says
// why.
static GPtrArray *names_in(const char *path)
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

static void walk_place(struct walk *walk, const char *path, const char *name, unsigned depth);

// False if the folder cannot be opened; errno says why.
static bool walk_folder(struct walk *walk, const char *path, const char *name, unsigned depth)
{
	g_autoptr(GPtrArray) names = names_in(path);
	for (guint i = 0; names && i < names->len; i++) {
		const char *own = g_ptr_array_index(names, i);
		g_autofree char *child = g_build_filename(path, own, NULL);
		g_autofree char *child_name = name[0] ? g_build_filename(name, own, NULL) : g_strdup(own);
		struct stat status;
		if (lstat(child, &status) != 0 || !S_ISLNK(status.st_mode)) {
			walk_place(walk, child, child_name, depth + 1);
			continue;
		}
		struct place *link = g_new(struct place, 1);
		*link = (struct place){g_steal_pointer(&child), g_steal_pointer(&child_name), depth + 1};
		g_queue_push_tail(&walk->links, link);
	}
	return names != NULL;
}

static void walk_place(struct walk *walk, const char *path, const char *name, unsigned depth)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		add_entry(walk, path, name, errno == ENOENT ? "a link that leads nowhere" : "it cannot be looked at");
		return;
	}
	if (walk->full || !first_time(walk, path))
		return;
	walk->full = g_hash_table_size(walk->seen) > PLACES_MOST;
	if (walk->full)
		add_entry(walk, path, name, "too many files and folders: this one and the rest are not looked at");
	else if (S_ISREG(status.st_mode))
		add_entry(walk, path, name, NULL);
	else if (!S_ISDIR(status.st_mode))
		add_entry(walk, path, name, "not a regular file");
	else if (depth > DEPTH_MOST)
		add_entry(walk, path, name, "a folder too deep inside of others");
	else if (!walk_folder(walk, path, name, depth))
		add_entry(walk, path, name, "a folder that may not be opened");
}

static void follow_links(struct walk *walk)
{
	for (struct place *link = g_queue_pop_head(&walk->links); link; link = g_queue_pop_head(&walk->links)) {
		if (leads_out(walk, link->path))
			add_entry(walk, link->path, link->name, "a link to a folder around the one that was given");
		else
			walk_place(walk, link->path, link->name, link->depth);
		g_free(link->path);
		g_free(link->name);
		g_free(link);
	}
}

// One path of the command line. False with error set.
static bool walk_operand(struct walk *walk, const char *path, GError **error)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", path,
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
	g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: the folder cannot be opened: %s",
		path, g_strerror(errno));
	return false;
}

// Gives entries that share a name their whole paths for names. False if there were none to change.
static bool rename_doubled(GPtrArray *entries)
{
	g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) doubled = g_ptr_array_new();
	for (guint i = 0; i < entries->len; i++) {
		struct walk_entry *entry = g_ptr_array_index(entries, i);
		struct walk_entry *other = g_hash_table_lookup(first, entry->name);
		g_hash_table_insert(first, entry->name, entry);
		if (other)
			g_ptr_array_add(doubled, other);
		if (other)
			g_ptr_array_add(doubled, entry);
	}
	bool changed = false;
	for (guint i = 0; i < doubled->len; i++) {
		struct walk_entry *entry = g_ptr_array_index(doubled, i);
		char *path = readable(entry->path);
		changed |= strcmp(path, entry->name) != 0;
		g_free(entry->name);
		entry->name = path;
	}
	return changed;
}

// Two folders given may hold files of one name: such files are told apart by their whole paths, which in turn may be
// the name of another.
static void tell_apart(GPtrArray *entries)
{
	while (rename_doubled(entries))
		;
}

static int compare_operands(gconstpointer a, gconstpointer b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->name, y->name);
	return order ? order : strcmp(x->path, y->path);
}

// The paths as places, named by their real paths and sorted by them. Owned by the caller.
static GArray *sorted_operands(const char *const *paths)
{
	GArray *operands = g_array_new(FALSE, FALSE, sizeof(struct place));
	for (size_t i = 0; paths[i]; i++) {
		char *real = realpath(paths[i], NULL);
		struct place place = {.path = g_strdup(paths[i]), .name = g_strdup(real ? real : paths[i])};
		free(real);
		g_array_append_val(operands, place);
	}
	g_array_sort(operands, compare_operands);
	return operands;
}

GPtrArray *walk_paths(const char *const *paths, GError **error)
{
	struct walk walk = {
		.entries = g_ptr_array_new_with_free_func(entry_free),
		.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.links = G_QUEUE_INIT,
	};
	g_autoptr(GArray) operands = sorted_operands(paths);
	bool walked = true;
	for (guint i = 0; i < operands->len; i++) {
		struct place *operand = &g_array_index(operands, struct place, i);
		walked = walked && walk_operand(&walk, operand->path, error);
		g_free(operand->path);
		g_free(operand->name);
	}
	follow_links(&walk);
	g_hash_table_unref(walk.seen);
	if (!walked) {
		g_ptr_array_unref(walk.entries);
		return NULL;
	}
	tell_apart(walk.entries);
	g_ptr_array_sort(walk.entries, compare_entries);
	return walk.entries;
}
