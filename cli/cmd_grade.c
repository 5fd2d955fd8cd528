// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf grade, the main job: scans in, gradebook out.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/pool.h"
#include "grade/batch.h"
#include "grade/csv_out.h"
#include "grade/exceptions_csv.h"
#include "grade/gradebook.h"
#include "grade/marks_csv.h"
#include "grade/roster.h"
#include "grade/summary.h"
#include "scan/walk.h"

#define DEFAULT_FOLDER "results"
#define JOBS_MOST 256

struct grade_options {
	char *roster, *folder, *explain;
	int jobs;
	gboolean strict;
};

static void options_clear(struct grade_options *options)
{
	g_free(options->roster);
	g_free(options->folder);
	g_free(options->explain);
}

// All that the handlers of a running batch need.
struct grading {
	const GPtrArray *entries;
	struct batch *batch;
	const char *explain; // folder for pictures, or NULL
	bool terminal;
	bool pictures_failed;
};

static const struct walk_entry *entry_of(const struct grading *grading, unsigned file)
{
	return g_ptr_array_index(grading->entries, file);
}

static uint64_t rank_of(unsigned file, unsigned page)
{
	return (uint64_t)file << 32 | page;
}

// As marks.csv names a page: the file, with #N where the format numbers its pages.
static char *page_name(const struct grading *grading, unsigned file, unsigned page, bool paged)
{
	const char *name = entry_of(grading, file)->name;
	return paged ? g_strdup_printf("%s#%u", name, page + 1) : g_strdup(name);
}

static void on_page(void *data, unsigned file, unsigned page, bool paged, struct answers *answers)
{
	struct grading *grading = data;
	g_autofree char *name = page_name(grading, file, page, paged);
	batch_add(grading->batch, name, rank_of(file, page), answers);
}

static void on_not_a_page(void *data, unsigned file, const char *reason)
{
	struct grading *grading = data;
	batch_add_not_a_page(grading->batch, entry_of(grading, file)->name, rank_of(file, 0), reason);
}

// DIR/<file as named>/<page>-<step>.png
static void on_picture(void *data, unsigned file, unsigned page, const char *name, const uint8_t *png, size_t size)
{
	struct grading *grading = data;
	g_autofree char *step = page > 0 ? g_strdup_printf("page%u-%s", page + 1, name) : g_strdup(name);
	g_autofree char *folder = g_build_filename(grading->explain, entry_of(grading, file)->name, NULL);
	g_autofree char *path = g_build_filename(folder, step, NULL);
	g_autoptr(GError) error = NULL;
	if (g_mkdir_with_parents(folder, 0700) == 0 &&
		g_file_set_contents_full(path, (const char *)png, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, &error))
		return;
	if (!grading->pictures_failed)
		g_printerr("sheaf grade: pictures cannot be written to %s\n", grading->explain);
	grading->pictures_failed = true;
}

static void on_progress(void *data, unsigned done, unsigned of)
{
	struct grading *grading = data;
	if (grading->terminal)
		fprintf(stderr, "\rreading %u of %u files%s", done, of, done == of ? "\r\033[K" : "");
}

// The results' own folder is not a folder of scans, even if it lies in one.
static void leave_out_results(GPtrArray *entries, const char *folder)
{
	g_autofree char *root = g_canonicalize_filename(folder, NULL);
	g_autofree char *prefix = g_strconcat(root, "/", NULL);
	for (guint i = entries->len; i > 0; i--) {
		const struct walk_entry *entry = g_ptr_array_index(entries, i - 1);
		g_autofree char *path = g_canonicalize_filename(entry->path, NULL);
		if (g_str_has_prefix(path, prefix))
			g_ptr_array_remove_index(entries, i - 1);
	}
}

static GPtrArray *find_scans(char **operands, const char *folder)
{
	GError *error = NULL;
	GPtrArray *entries = walk_paths((const char *const *)operands, &error);
	if (!entries) {
		g_printerr("sheaf grade: %s\n", error->message);
		g_error_free(error);
		return NULL;
	}
	leave_out_results(entries, folder);
	if (entries->len > 0)
		return entries;
	g_printerr("sheaf grade: %s: there are no files to read\n", operands[0]);
	g_ptr_array_unref(entries);
	return NULL;
}

static bool save(const char *folder, const char *name, char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *owned = text;
	GError *error = NULL;
	if (csv_out_save(path, owned, &error))
		return true;
	say_error(error);
	return false;
}

static enum exit_status write_results(const struct results *results, const struct grade_options *options)
{
	if (!save(options->folder, "gradebook.csv", gradebook_csv(results)) ||
		!save(options->folder, "marks.csv", marks_csv(results)) ||
		!save(options->folder, "exceptions.csv", exceptions_csv(results)))
		return EXIT_CANNOT;
	g_autofree char *summary = summary_text(results, options->folder);
	fputs(summary, stdout);
	if (fflush(stdout) != 0)
		return EXIT_CANNOT;
	return options->strict && results_need_person(results) ? EXIT_FLAGGED : EXIT_DONE;
}

static enum exit_status read_and_grade(const struct exam *exam, const struct layout *layout,
	const struct roster *roster, const GPtrArray *entries, const struct grade_options *options)
{
	struct grading grading = {
		.entries = entries,
		.batch = batch_new(exam, layout, roster),
		.explain = options->explain,
		.terminal = isatty(STDERR_FILENO),
	};
	const struct pool_handlers handlers = {on_page, on_not_a_page, on_picture, on_progress, &grading};
	GError *error = NULL;
	if (!pool_read(layout, entries, (unsigned)options->jobs, options->explain != NULL, &handlers, &error)) {
		say_error(error);
		batch_free(grading.batch);
		return EXIT_CANNOT;
	}
	RESULTS_AUTO results = batch_finish(grading.batch);
	return write_results(results, options);
}

// Finds out that nothing can be written before an hour of reading and not after.
static bool make_folder(const char *folder)
{
	if (g_mkdir_with_parents(folder, 0700) == 0 && access(folder, W_OK | X_OK) == 0)
		return true;
	g_printerr("sheaf grade: %s: results cannot be written there: %s\n", folder, g_strerror(errno));
	return false;
}

static enum exit_status grade(const char *exam_path, char **scans, const struct grade_options *options)
{
	EXAM_AUTO exam = NULL;
	LAYOUT_AUTO layout = NULL;
	ROSTER_AUTO roster = NULL;
	if (!load_exam(exam_path, &exam, &layout))
		return EXIT_USAGE;
	GError *error = NULL;
	if (options->roster && !(roster = roster_load(options->roster, &error))) {
		say_error(error);
		return EXIT_USAGE;
	}
	g_autoptr(GPtrArray) entries = find_scans(scans, options->folder);
	if (!entries || !make_folder(options->folder))
		return EXIT_CANNOT;
	return read_and_grade(exam, layout, roster, entries, options);
}

static bool arguments_make_sense(int argc, struct grade_options *options)
{
	if (options->jobs == 0)
		options->jobs = (int)g_get_num_processors();
	if (argc < 2)
		g_printerr("sheaf grade: give an exam file and the scans: files, or folders\n");
	else if (argc < 3)
		g_printerr("sheaf grade: give the scans after the exam file: files, or folders\n");
	else if (options->jobs < 1 || options->jobs > JOBS_MOST)
		g_printerr("sheaf grade: --jobs takes a number from 1 to %d\n", JOBS_MOST);
	else
		return true;
	return false;
}

int cmd_grade(int argc, char **argv)
{
	struct grade_options options = {0};
	const GOptionEntry entries[] = {
		{"roster", 0, 0, G_OPTION_ARG_FILENAME, &options.roster, "who sat the exam", "ROSTER.csv"},
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder,
			"where to write; ./" DEFAULT_FOLDER " unless given", "DIR"},
		{"jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, "pages read at once; all processors unless given", "N"},
		{"explain", 0, 0, G_OPTION_ARG_FILENAME, &options.explain, "a picture of each step of each page",
			"DIR"},
		{"strict", 0, 0, G_OPTION_ARG_NONE, &options.strict, "exit status 3 if anything waits for a person",
			NULL},
		{NULL},
	};
	enum exit_status status = EXIT_USAGE;
	if (parse_options(&argc, &argv, "EXAM.yaml SCANS...", "Reads the scans and writes the gradebook.", entries) &&
		arguments_make_sense(argc, &options)) {
		if (!options.folder)
			options.folder = g_strdup(DEFAULT_FOLDER);
		status = grade(argv[1], argv + 2, &options);
	}
	options_clear(&options);
	return status;
}
