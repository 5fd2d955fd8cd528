// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grading.h"

#include <string.h>

#include "cli/tables.h"
#include "grade/corrections_csv.h"
#include "grade/csv_out.h"
#include "grade/exceptions_csv.h"
#include "scan/walk.h"

#define NOT_READ_YET "this file is not read to its end yet: give it again to go on"

struct named_file {
	struct session_file *file;
	char *name;
	char *content; // what decisions know it by
	unsigned depth, n_read;
	bool whole; // the name is all of the place
};

static void named_file_free(void *data)
{
	struct named_file *named = data;
	g_free(named->name);
	g_free(named->content);
	g_free(named);
}

// --- names

// Bytes that are no UTF-8 as \xFF, so that two such files keep two names. Owned by the caller.
static char *readable(const char *text)
{
	if (g_utf8_validate(text, -1, NULL))
		return g_strdup(text);
	GString *out = g_string_new(NULL);
	const char *end;
	for (; !g_utf8_validate(text, -1, &end); text = end + 1) {
		g_string_append_len(out, text, end - text);
		g_string_append_printf(out, "\\x%02X", (unsigned char)*end);
	}
	g_string_append(out, text);
	return g_string_free(out, FALSE);
}

// So many last components of the place, or all of it.
static void name_file(struct named_file *named)
{
	const char *place = named->file->place, *at = place + strlen(place);
	for (unsigned parts = named->depth; parts > 0 && at > place;) {
		at--;
		parts -= *at == '/';
	}
	g_free(named->name);
	named->name = readable(*at == '/' && at > place ? at + 1 : at);
	named->whole = at == place;
}

// Names every file that shares a name with one more folder. False if there was none, or no folder left.
static bool lengthen_doubled(const GPtrArray *files)
{
	g_autoptr(GHashTable) times = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) doubled = g_ptr_array_new();
	for (guint i = 0; i < files->len; i++) {
		const struct named_file *named = g_ptr_array_index(files, i);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(times, named->name));
		g_hash_table_insert(times, named->name, GUINT_TO_POINTER(n + 1));
	}
	for (guint i = 0; i < files->len; i++) {
		struct named_file *named = g_ptr_array_index(files, i);
		if (GPOINTER_TO_UINT(g_hash_table_lookup(times, named->name)) > 1 && !named->whole)
			g_ptr_array_add(doubled, named);
	}
	for (guint i = 0; i < doubled->len; i++) {
		struct named_file *named = g_ptr_array_index(doubled, i);
		named->depth++;
		name_file(named);
	}
	return doubled->len > 0;
}

static int compare_files(gconstpointer a, gconstpointer b)
{
	const struct named_file *left = *(struct named_file *const *)a, *right = *(struct named_file *const *)b;
	int order = walk_natural_compare(left->name, right->name);
	return order ? order : strcmp(left->file->path, right->file->path);
}

// A file whose bytes could not be had is known by its place. Taken out of the file; owned by the caller.
static char *take_content(struct session_file *file)
{
	return *file->content ? g_steal_pointer(&file->content) : g_strconcat("path:", file->path, NULL);
}

// In the order of the reports; elements struct named_file *.
static GPtrArray *named_files(const GPtrArray *files)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(named_file_free);
	for (guint i = 0; i < files->len; i++) {
		struct named_file *named = g_new0(struct named_file, 1);
		named->file = g_ptr_array_index(files, i);
		named->depth = named->file->depth;
		named->content = take_content(named->file);
		name_file(named);
		g_ptr_array_add(all, named);
	}
	while (lengthen_doubled(all))
		;
	g_ptr_array_sort(all, compare_files);
	// Of many files, what is not needed any more is much.
	for (guint i = 0; i < all->len; i++) {
		struct session_file *file = ((struct named_file *)g_ptr_array_index(all, i))->file;
		g_clear_pointer(&file->path, g_free);
		g_clear_pointer(&file->place, g_free);
		g_clear_pointer(&file->sha256, g_free);
	}
	return all;
}

// --- the batch

struct filling {
	struct batch *batch;
	GPtrArray *files;
	GHashTable *ranks; // file id -> index into files + 1
	enum grading_use use;
};

static uint64_t rank_of(unsigned file, unsigned page)
{
	return (uint64_t)file << 32 | page;
}

// Whether pages are named with their number: those of a PDF or TIFF always are, so that a name does not depend on how
// many there are. The session keeps no format; the name's ending tells it.
static bool has_numbers(const struct named_file *named)
{
	static const char *const ENDINGS[] = {".pdf", ".tif", ".tiff"};
	bool has = named->file->pages > 1;
	g_autofree char *name = g_ascii_strdown(named->name, -1);
	for (size_t i = 0; i < G_N_ELEMENTS(ENDINGS); i++)
		has |= g_str_has_suffix(name, ENDINGS[i]) != 0;
	return has;
}

static void add_page(void *data, int64_t id, unsigned page, struct answers *answers)
{
	struct filling *filling = data;
	gint64 key = id;
	unsigned index = GPOINTER_TO_UINT(g_hash_table_lookup(filling->ranks, &key));
	if (!index) {
		answers_free(answers);
		return;
	}
	struct named_file *named = g_ptr_array_index(filling->files, index - 1);
	named->n_read++;
	// Of a page without identity, a decision may need them yet.
	if (filling->use != GRADING_FOR_PICTURES && answers->outcome == ANSWERS_READ)
		answers_forget_picture(answers);
	g_autofree char *numbered =
		has_numbers(named) ? g_strdup_printf("%s#%u", named->name, page + 1) : g_strdup(named->name);
	batch_add_ruled(filling->batch, numbered, rank_of(index - 1, page), answers, named->content, page);
}

// What is to be said of files beside their pages.
static void add_problems(const struct filling *filling)
{
	for (unsigned i = 0; i < filling->files->len; i++) {
		const struct named_file *named = g_ptr_array_index(filling->files, i);
		uint64_t rank = rank_of(i, named->n_read);
		if (named->file->problem)
			batch_add_not_a_page(filling->batch, named->name, rank, named->file->problem, named->content);
		else if (!named->file->done)
			batch_add(filling->batch, named->name, rank,
				answers_new_exception(ANSWERS_KIND_UNREADABLE, NOT_READ_YET));
	}
}

// All pages of the session, whole or their heads, in a batch; *ids are the files' ids by their place in the ranks. NULL
// with error set. The lists of files are gone when this returns.
static struct batch *fill(struct session *session, const struct exam *exam, const struct layout *layout,
	const struct roster *roster, enum grading_use use, GArray *ids, GError **error)
{
	g_autoptr(GPtrArray) files = session_files(session);
	g_autoptr(GPtrArray) named = named_files(files);
	g_autoptr(GHashTable) ranks = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < named->len; i++) {
		const struct named_file *file = g_ptr_array_index(named, i);
		g_hash_table_insert(ranks, (gpointer)&file->file->id, GUINT_TO_POINTER(i + 1));
		g_array_append_val(ids, file->file->id);
	}
	GPtrArray *decisions = session_decisions(session, error);
	if (!decisions)
		return NULL;
	struct filling filling = {batch_new(exam, layout, roster), named, ranks, use};
	batch_expect(filling.batch, files->len);
	batch_set_rulings(filling.batch, rulings_new(decisions));
	g_autofree char *require_seals = session_get(session, GRADING_REQUIRE_SEALS);
	if (require_seals)
		batch_require_seals(filling.batch);
	bool good = use == GRADING_OF_PAPERS ? session_each_head(session, add_page, &filling, error)
					     : session_each_page(session, add_page, &filling, error);
	if (!good) {
		batch_free(filling.batch);
		return NULL;
	}
	add_problems(&filling);
	return filling.batch;
}

struct results *grading_results(struct session *session, const struct exam *exam, const struct layout *layout,
	const struct roster *roster, enum grading_use use, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct batch *batch = fill(session, exam, layout, roster, use, ids, error);
	return batch ? batch_finish(batch) : NULL;
}

// --- files

static bool save(const char *folder, const char *name, char *text, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *owned = text;
	return csv_out_save(path, owned, error);
}

static bool save_lists(const struct results *results, const char *folder, GError **error)
{
	return save(folder, "exceptions.csv", exceptions_csv(results), error) &&
	       save(folder, "corrections.csv", corrections_csv(results->rulings), error);
}

bool grading_write(const struct results *results, const char *folder, GError **error)
{
	struct tables tables;
	bool open = tables_open(&tables, folder, results->exam, error);
	for (unsigned i = 0; open && i < results->n_students; i++)
		tables_put(&tables, results, &results->students[i]);
	return tables_close(&tables, open, error) && save_lists(results, folder, error);
}

// --- student by student

struct run {
	struct session *session;
	const GArray *ids;
	struct tables tables;
};

static struct answers *fetch(void *data, uint64_t rank, GError **error)
{
	const struct run *run = data;
	return session_page(run->session, g_array_index(run->ids, int64_t, rank >> 32), (unsigned)rank, error);
}

static void put(void *data, const struct results *results, const struct student *student)
{
	tables_put(&((struct run *)data)->tables, results, student);
}

struct results *grading_run(struct session *session, const struct exam *exam, const struct layout *layout,
	const struct roster *roster, const char *folder, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct batch *batch = fill(session, exam, layout, roster, GRADING_OF_PAPERS, ids, error);
	if (!batch)
		return NULL;
	struct run run = {.session = session, .ids = ids};
	const struct batch_papers papers = {fetch, put, &run};
	struct results *results = NULL;
	if (tables_open(&run.tables, folder, exam, error))
		results = batch_finish_papers(batch, &papers, error);
	else
		batch_free(batch);
	bool written = tables_close(&run.tables, results != NULL, results ? error : NULL);
	if (!results || (written && save_lists(results, folder, error)))
		return results;
	results_free(results);
	return NULL;
}
