// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/scans.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/tables.h"
#include "scan/walk.h"

// Clocks of file systems tick in steps up to this (FAT's); a file touched within may change again unnoticed.
#define SETTLED_NS (2 * INT64_C(1000000000))

struct session_stamp scans_stamp(const struct stat *status)
{
	int64_t second = 1000000000;
	int64_t now_ns = g_get_real_time() * 1000;
	struct session_stamp stamp = {
		.size = status->st_size,
		.mtime_ns = status->st_mtim.tv_sec * second + status->st_mtim.tv_nsec,
		.ctime_ns = status->st_ctim.tv_sec * second + status->st_ctim.tv_nsec,
		.inode = (int64_t)status->st_ino,
	};
	stamp.settled = MAX(stamp.mtime_ns, stamp.ctime_ns) < now_ns - SETTLED_NS;
	return stamp;
}

// --- where a file stands

struct operand {
	char *given; // without slashes at its end
	char *real;  // the same of its real path; of a file given: of its folder's, and the file's name as given
	bool is_folder;
};

static char *without_end_slashes(const char *path)
{
	size_t length = strlen(path);
	while (length > 0 && path[length - 1] == '/')
		length--;
	return g_strndup(path, length);
}

// The real path without a slash at its end; the path itself where there is none. Owned by the caller.
static char *real_path(const char *path)
{
	char *real = realpath(path, NULL);
	char *own = without_end_slashes(real ? real : path);
	free(real);
	return own;
}

static struct operand operand_of(const char *path)
{
	struct operand operand = {
		.given = without_end_slashes(path), .is_folder = g_file_test(path, G_FILE_TEST_IS_DIR)};
	if (operand.is_folder) {
		operand.real = real_path(path);
		return operand;
	}
	g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
	g_autofree char *real = real_path(folder);
	operand.real = g_strconcat(real, "/", name, NULL);
	return operand;
}

static GArray *operands_of(char **paths)
{
	GArray *operands = g_array_new(FALSE, FALSE, sizeof(struct operand));
	for (; *paths; paths++) {
		struct operand operand = operand_of(*paths);
		g_array_append_val(operands, operand);
	}
	return operands;
}

// Whether the path is below the folder.
static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);
	return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static unsigned count_parts(const char *path)
{
	unsigned n = 1;
	for (; *path; path++)
		n += *path == '/';
	return n;
}

// The place of an entry, by the outermost operand that leads to it.
static void set_place(struct session_file *file, const char *path, const GArray *operands)
{
	const struct operand *best = NULL;
	for (guint i = 0; i < operands->len; i++) {
		const struct operand *operand = &g_array_index(operands, struct operand, i);
		bool leads =
			operand->is_folder ? is_below(path, operand->given) : g_str_has_prefix(path, operand->given);
		if (leads && (!best || strlen(operand->real) < strlen(best->real)))
			best = operand;
	}
	const char *below = best && best->is_folder ? path + strlen(best->given) + 1 : NULL;
	file->place = below ? g_strconcat(best->real, "/", below, NULL) : g_strdup(best ? best->real : path);
	file->depth = below ? count_parts(below) : 1;
	char *real = realpath(path, NULL);
	file->path = g_strdup(real ? real : file->place);
	free(real);
}

static size_t root_length(const struct session_file *file)
{
	size_t length = strlen(file->place);
	for (unsigned parts = file->depth; parts > 0 && length > 0; parts--)
		while (length > 0 && file->place[--length] != '/')
			;
	return length;
}

bool scans_place_is_better(const struct session_file *a, const struct session_file *b)
{
	bool a_is_real = strcmp(a->place, a->path) == 0, b_is_real = strcmp(b->place, b->path) == 0;
	if (a_is_real != b_is_real)
		return a_is_real;
	size_t a_root = root_length(a), b_root = root_length(b);
	return a_root != b_root ? a_root < b_root : strcmp(a->place, b->place) < 0;
}

// --- all of them

// What we write ourselves into the results' folder. Whatever else lies there was put there, and may be a scan.
static bool is_result(const char *path, const char *folder)
{
	static const char *const own[] = {TABLES_GRADEBOOK, TABLES_MARKS, TABLES_GRADEBOOK_PARTIAL,
		TABLES_MARKS_PARTIAL, "exceptions.csv", "corrections.csv", "items.csv", "report.html", "session.sqlite",
		"session.sqlite-wal", "session.sqlite-shm", "session.lock"};
	if (!is_below(path, folder))
		return false;
	const char *name = path + strlen(folder) + 1;
	if (g_str_has_prefix(name, SCANS_HEADERS "/"))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
		if (strcmp(name, own[i]) == 0)
			return true;
	return false;
}

static void leave_out_results(GPtrArray *entries, const char *folder)
{
	g_autofree char *root = real_path(folder);
	for (guint i = entries->len; i > 0; i--) {
		const struct walk_entry *entry = g_ptr_array_index(entries, i - 1);
		g_autofree char *path = real_path(entry->path);
		if (is_result(path, root))
			g_ptr_array_remove_index(entries, i - 1);
	}
}

struct scans *scans_find(char **paths, const char *results, GError **error)
{
	GPtrArray *entries = walk_paths((const char *const *)paths, error);
	if (!entries)
		return NULL;
	leave_out_results(entries, results);
	struct scans *scans = g_new0(struct scans, 1);
	scans->entries = entries;
	scans->files = g_new0(struct session_file, entries->len + 1);
	scans->roots = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) operands = operands_of(paths);
	for (guint i = 0; i < entries->len; i++) {
		const struct walk_entry *entry = g_ptr_array_index(entries, i);
		struct stat status;
		set_place(&scans->files[i], entry->path, operands);
		scans->files[i].sha256 = g_strdup("");
		if (stat(entry->path, &status) == 0)
			scans->files[i].stamp = scans_stamp(&status);
	}
	for (guint i = 0; i < operands->len; i++) {
		struct operand *operand = &g_array_index(operands, struct operand, i);
		g_ptr_array_add(scans->roots, operand->real);
		g_free(operand->given);
	}
	return scans;
}

void scans_free(struct scans *scans)
{
	if (!scans)
		return;
	for (guint i = 0; i < scans->entries->len; i++) {
		g_free(scans->files[i].path);
		g_free(scans->files[i].place);
		g_free(scans->files[i].sha256);
		g_free(scans->files[i].problem);
	}
	g_free(scans->files);
	g_ptr_array_unref(scans->entries);
	g_ptr_array_unref(scans->roots);
	g_free(scans);
}

// A folder that may not be opened just now hides what is in it.
static bool is_hidden(const struct scans *scans, const char *place)
{
	for (guint i = 0; i < scans->entries->len; i++) {
		const struct walk_entry *entry = g_ptr_array_index(scans->entries, i);
		if (entry->problem && is_below(place, scans->files[i].place))
			return true;
	}
	return false;
}

static bool was_given(const struct scans *scans, const char *place)
{
	for (guint i = 0; i < scans->roots->len; i++) {
		const char *root = g_ptr_array_index(scans->roots, i);
		if (is_below(place, root) || strcmp(place, root) == 0)
			return true;
	}
	return false;
}

unsigned scans_drop_gone(const struct scans *scans, struct session *session)
{
	g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < scans->entries->len; i++)
		g_hash_table_add(found, scans->files[i].path);
	g_autoptr(GPtrArray) files = session_files(session);
	unsigned n = 0;
	for (guint i = 0; i < files->len; i++) {
		const struct session_file *file = g_ptr_array_index(files, i);
		if (g_hash_table_contains(found, file->path) || !was_given(scans, file->place) ||
			is_hidden(scans, file->place))
			continue;
		session_forget(session, file->id);
		n++;
	}
	return n;
}
