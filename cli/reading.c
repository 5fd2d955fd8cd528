// SPDX-License-Identifier: GPL-3.0-or-later
// A file is known if its stamps are those of a settled file that was read (grade/session.h); if they are not, its bytes
// are hashed when they are at hand for reading anyway, and are not read if the session holds what they say. So the
// answers kept are always those of the very bytes whose SHA-256 is kept.
#include "cli/reading.h"

#include <stdio.h>
#include <string.h>

#include "cli/pool.h"
#include "cli/stop.h"
#include "detect/header.h"
#include "scan/walk.h"

// All that the handlers of a running pool need.
struct run {
	const struct reading *reading;
	GPtrArray *entries; // struct walk_entry *, to be read
	GPtrArray *files;   // struct session_file *, the same
	struct reading_counts *counts;
	bool pictures_failed;
};

static const char *name_of(const struct run *run, unsigned file)
{
	return ((const struct walk_entry *)g_ptr_array_index(run->entries, file))->name;
}

static void finish(struct run *run, unsigned file, const char *problem)
{
	const struct session_file *known = g_ptr_array_index(run->files, file);
	session_finish(run->reading->session, known->id);
	run->counts->done++;
	progress_file(run->reading->progress, name_of(run, file), problem);
}

static bool on_taken(void *data, unsigned index, const struct pool_file *known, unsigned *page, unsigned *n_pages)
{
	struct run *run = data;
	struct session_file *file = g_ptr_array_index(run->files, index);
	unsigned n_read;
	g_free(file->sha256);
	file->sha256 = g_strdup(known->sha256);
	file->stamp = scans_stamp(known->status);
	session_take(run->reading->session, file, &n_read);
	if (run->reading->explain)
		return true;
	if (file->done || file->problem || (n_read > 0 && n_read >= file->pages)) {
		finish(run, index, file->problem);
		return false;
	}
	*page = n_read;
	*n_pages = file->pages;
	return true;
}

// Below the results' folder: the file as named, and, as there may be two of a name, the first digits of its SHA-256.
// Owned by the caller.
static char *header_name(const struct run *run, unsigned file, unsigned page)
{
	const struct session_file *known = g_ptr_array_index(run->files, file);
	g_autofree char *number = page > 0 ? g_strdup_printf("-page%u", page + 1) : g_strdup("");
	return g_strdup_printf(SCANS_HEADERS "/%s-%.8s%s.png", name_of(run, file), known->sha256, number);
}

static char *header_path(const struct run *run, unsigned file, unsigned page)
{
	g_autofree char *name = header_name(run, file, page);
	return g_build_filename(run->reading->results, name, NULL);
}

// Tells where the sheet's head is to be seen.
static void add_header(const struct run *run, unsigned file, unsigned page, struct answers *answers)
{
	if (!answers->kind || strcmp(answers->kind, ANSWERS_KIND_NO_IDENTITY) != 0)
		return;
	g_autofree char *name = header_name(run, file, page);
	g_autofree char *path = header_path(run, file, page);
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return;
	g_autofree char *said = answers->detail;
	answers->detail = g_strdup_printf("%s; the top of the sheet is shown in %s, among the results", said, name);
}

static void on_page(void *data, unsigned file, unsigned page, unsigned n_pages, struct answers *answers)
{
	struct run *run = data;
	const struct session_file *known = g_ptr_array_index(run->files, file);
	answers_check_seal(answers, run->reading->layout, run->reading->key);
	add_header(run, file, page, answers);
	session_add_page(run->reading->session, known->id, page, n_pages, answers);
	progress_page(run->reading->progress, name_of(run, file), page, n_pages, answers);
	if (page + 1 == n_pages)
		finish(run, file, NULL);
	answers_free(answers);
}

static void on_not_a_page(void *data, unsigned index, const char *reason)
{
	struct run *run = data;
	struct session_file *file = g_ptr_array_index(run->files, index);
	unsigned n_read;
	// Without an id its bytes could not be had: nothing read before counts, and the next run is to try again.
	if (!file->id)
		session_take(run->reading->session, file, &n_read);
	session_add_problem(run->reading->session, file->id, reason);
	finish(run, index, reason);
}

// EXPLAIN/<file as named>/<page>-<step>.png. Owned by the caller.
static char *step_path(const struct run *run, unsigned file, unsigned page, const char *name)
{
	g_autofree char *step = page > 0 ? g_strdup_printf("page%u-%s", page + 1, name) : g_strdup(name);
	return g_build_filename(run->reading->explain, name_of(run, file), step, NULL);
}

static void on_picture(void *data, unsigned file, unsigned page, const char *name, const uint8_t *png, size_t size)
{
	struct run *run = data;
	bool header = strcmp(name, HEADER_PICTURE) == 0;
	g_autofree char *path = header ? header_path(run, file, page) : step_path(run, file, page, name);
	g_autofree char *folder = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;
	if (g_mkdir_with_parents(folder, 0700) == 0 &&
		g_file_set_contents_full(path, (const char *)png, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, &error))
		return;
	if (!run->pictures_failed) {
		progress_clear(run->reading->progress);
		g_printerr("sheaf grade: pictures cannot be written to %s\n", folder);
	}
	run->pictures_failed = true;
}

static bool on_turn(void *data)
{
	const struct run *run = data;
	session_commit(run->reading->session, false);
	progress_tick(run->reading->progress);
	return !stop_wished() && !session_failed(run->reading->session, NULL);
}

// --- what is to be read

static GHashTable *by_path(const GPtrArray *files)
{
	GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < files->len; i++) {
		struct session_file *file = g_ptr_array_index(files, i);
		g_hash_table_insert(table, file->path, file);
	}
	return table;
}

// The name that the file has from earlier runs holds where it is the better one, and still leads there.
static void keep_better_place(struct session_file *file, const struct session_file *known)
{
	if (!scans_place_is_better(known, file) || !g_file_test(known->place, G_FILE_TEST_EXISTS))
		return;
	g_free(file->place);
	file->place = g_strdup(known->place);
	file->depth = known->depth;
}

// Lists what is to be read, and has the session expect it.
static unsigned plan(struct run *run, const struct scans *scans, const bool *wanted)
{
	struct session *session = run->reading->session;
	g_autoptr(GPtrArray) known_files = session_files(session);
	g_autoptr(GHashTable) known_by_path = by_path(known_files);
	unsigned n_known = 0;
	for (guint i = 0; i < scans->entries->len; i++) {
		struct session_file *file = &scans->files[i];
		const struct session_file *known = g_hash_table_lookup(known_by_path, file->path);
		if (wanted && !wanted[i])
			continue;
		if (known)
			keep_better_place(file, known);
		session_expect(session, file);
		if (known && known->done && known->sha256[0] && session_stamp_same(&known->stamp, &file->stamp) &&
			!run->reading->explain) {
			n_known++;
			continue;
		}
		g_ptr_array_add(run->entries, g_ptr_array_index(scans->entries, i));
		g_ptr_array_add(run->files, file);
	}
	session_commit(session, true);
	return n_known;
}

bool reading_run(const struct reading *reading, const struct scans *scans, const bool *wanted,
	struct reading_counts *counts, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new(), files = g_ptr_array_new();
	struct run run = {.reading = reading, .entries = entries, .files = files, .counts = counts};
	const struct pool_handlers handlers = {
		.page = on_page,
		.not_a_page = on_not_a_page,
		.picture = on_picture,
		.taken = on_taken,
		.turn = on_turn,
		.data = &run,
	};
	unsigned known = plan(&run, scans, wanted);
	*counts = (struct reading_counts){.files = entries->len};
	if (session_failed(reading->session, error))
		return false;
	if (entries->len == 0)
		return true;
	progress_start(reading->progress, entries->len, known);
	bool good = pool_read(reading->layout, entries, reading->jobs, reading->explain != NULL, &handlers, error);
	session_commit(reading->session, true);
	progress_clear(reading->progress);
	counts->stopped = counts->done < counts->files && stop_wished();
	return good && !session_failed(reading->session, error);
}
