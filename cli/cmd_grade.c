// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf grade, the main job: scans in, gradebook out. What is read goes into the session in DIR, and grades come out of
// it; so a run goes on where the last one ended, and without scans everything is graded again.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/comparing.h"
#include "cli/folder.h"
#include "cli/grading.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/scans.h"
#include "cli/seals.h"
#include "cli/stop.h"
#include "cli/tables.h"
#include "cli/watch.h"
#include "grade/roster.h"
#include "grade/session.h"
#include "grade/summary.h"

#define DEFAULT_FOLDER "results"
#define JOBS_MOST 256
#define JOBS_NOT_GIVEN INT_MIN

struct grade_options {
	char *roster, *folder, *explain, *progress;
	int jobs;
	gboolean strict, watch, compare, require_seals;
};

static void options_clear(struct grade_options *options)
{
	g_free(options->roster);
	g_free(options->folder);
	g_free(options->explain);
	g_free(options->progress);
}

// One run of the command.
struct job {
	const struct grade_options *options;
	char **operands;     // the scans, up to a NULL
	struct scans *scans; // found there, until they are read; NULL where none are to be, or the folder is watched
	struct exam *exam;
	struct layout *layout;
	struct seal_key *key; // NULL if there is none
	struct roster *roster;
	struct session *session;
	struct progress *progress;
	struct results *results; // as last written
};

static void job_clear(struct job *job)
{
	results_free(job->results);
	progress_free(job->progress);
	scans_free(job->scans);
	session_close(job->session);
	roster_free(job->roster);
	seal_key_free(job->key);
	layout_free(job->layout);
	exam_free(job->exam);
}

// Says an error and chooses the status: that a session is another exam's is the command line's mistake.
static enum exit_status fail(struct job *job, GError *error)
{
	bool usage = g_error_matches(error, SESSION_ERROR, 0);
	if (job->progress)
		progress_clear(job->progress);
	say_error(error);
	return usage ? EXIT_USAGE : EXIT_CANNOT;
}

static enum progress_form progress_form_of(const struct grade_options *options)
{
	if (g_strcmp0(options->progress, "json") == 0)
		return PROGRESS_JSON;
	return isatty(STDERR_FILENO) ? PROGRESS_LINE : PROGRESS_NONE;
}

static bool write_results(void *data, GError **error)
{
	struct job *job = data;
	g_clear_pointer(&job->results, results_free);
	job->results = grading_run(job->session, job->exam, job->layout, job->roster, job->options->folder, error);
	if (!job->results)
		return false;
	progress_results(job->progress, job->results);
	return true;
}

static enum exit_status summarize(const struct job *job)
{
	progress_clear(job->progress);
	g_autofree char *summary = summary_text(job->results, job->options->folder);
	fputs(summary, stdout);
	if (fflush(stdout) != 0)
		return EXIT_CANNOT;
	return job->options->strict && results_need_person(job->results) ? EXIT_FLAGGED : EXIT_DONE;
}

static struct reading reading_of(const struct job *job)
{
	return (struct reading){job->session, job->layout, job->progress, (unsigned)job->options->jobs, job->key,
		job->options->folder, job->options->explain};
}

static enum exit_status watch_and_grade(struct job *job)
{
	const struct reading reading = reading_of(job);
	const struct watch watch = {&reading, job->operands, job->options->folder, write_results, job};
	GError *error = NULL;
	if (!watch_run(&watch, &error))
		return fail(job, error);
	enum exit_status status = summarize(job);
	return status == EXIT_FLAGGED ? EXIT_DONE : status;
}

static void say_dropped(unsigned dropped)
{
	if (dropped > 0)
		g_printerr("sheaf grade: %u %s read before, but not there any more: left out\n", dropped,
			dropped == 1 ? "file was" : "files were");
}

// True if everything was read.
static bool read_all(struct job *job, enum exit_status *status)
{
	const struct reading reading = reading_of(job);
	struct reading_counts counts;
	GError *error = NULL;
	*status = EXIT_CANNOT;
	say_dropped(scans_drop_gone(job->scans, job->session));
	bool good = reading_run(&reading, job->scans, NULL, &counts, &error);
	if (!good)
		*status = fail(job, error);
	else if (counts.stopped)
		g_printerr(
			"sheaf grade: stopped; %u of %u files are read and kept, and the same command goes on there\n",
			counts.done, counts.files);
	return good && !counts.stopped;
}

static enum exit_status grade_once(struct job *job)
{
	enum exit_status status;
	GError *error = NULL;
	if (job->scans && !read_all(job, &status))
		return status;
	g_clear_pointer(&job->scans, scans_free); // the session knows them now; grading has better uses for the memory
	if (!write_results(job, &error))
		return fail(job, error);
	return summarize(job);
}

// --- what is needed first

static struct scans *find_scans(const struct job *job)
{
	GError *error = NULL;
	struct scans *scans = scans_find(job->operands, job->options->folder, &error);
	if (!scans) {
		g_printerr("sheaf grade: %s\n", error->message);
		g_error_free(error);
	} else if (scans->entries->len == 0) {
		g_printerr("sheaf grade: %s: there are no files to read\n", job->operands[0]);
		g_clear_pointer(&scans, scans_free);
	}
	return scans;
}

// Finds out that nothing can be written before an hour of reading and not after.
static bool make_folder(const char *folder)
{
	if (g_mkdir_with_parents(folder, 0700) == 0 && access(folder, W_OK | X_OK) == 0)
		return true;
	g_printerr("sheaf grade: %s: results cannot be written there: %s\n", folder, g_strerror(errno));
	return false;
}

// The results must not take the place of the exam file, the roster or a scan.
static bool results_spare_inputs(const struct job *job, const char *exam_path)
{
	static const char *const RESULTS[] = {TABLES_GRADEBOOK, TABLES_GRADEBOOK_PARTIAL, TABLES_MARKS,
		TABLES_MARKS_PARTIAL, "exceptions.csv", "session.sqlite"};
	g_autoptr(GPtrArray) inputs = g_ptr_array_new();
	g_ptr_array_add(inputs, (char *)exam_path);
	if (job->options->roster)
		g_ptr_array_add(inputs, job->options->roster);
	for (char **operand = job->operands; *operand; operand++)
		g_ptr_array_add(inputs, *operand);
	g_ptr_array_add(inputs, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(RESULTS); i++) {
		g_autofree char *path = g_build_filename(job->options->folder, RESULTS[i], NULL);
		if (!spares_inputs(path, (const char *const *)inputs->pdata))
			return false;
	}
	return true;
}

static void remember(struct job *job, const char *name, const char *path)
{
	g_autofree char *text = NULL;
	g_autofree char *before = session_get(job->session, name);
	if (g_file_get_contents(path, &text, NULL, NULL) && g_strcmp0(text, before) != 0)
		session_put(job->session, name, text);
}

// The session remembers the roster, so that batches and regrading need not name it again.
static bool remember_or_recall(struct job *job, const char *exam_path, GError **error)
{
	remember(job, FOLDER_EXAM_NAME, exam_path);
	if (job->roster) {
		remember(job, FOLDER_ROSTER_NAME, job->options->roster);
	} else {
		g_autofree char *text = session_get(job->session, FOLDER_ROSTER_NAME);
		job->roster = text ? roster_parse("the session's roster", text, strlen(text), error) : NULL;
		if (text && !job->roster)
			return false;
	}
	if (job->options->require_seals)
		session_put(job->session, GRADING_REQUIRE_SEALS, "yes");
	session_commit(job->session, true);
	return !session_failed(job->session, error);
}

static enum exit_status open_and_grade(struct job *job, const char *exam_path)
{
	GError *error = NULL;
	job->session = session_open(job->options->folder, job->exam, job->layout, FOLDER_READER, &error);
	if (!job->session || !remember_or_recall(job, exam_path, &error) ||
		!seals_check_session(job->session, job->layout, job->key, &error))
		return fail(job, error);
	job->progress = progress_new(progress_form_of(job->options), job->options->watch);
	if (job->scans || job->options->watch) {
		say_if_uncaged();
		stop_listen();
	}
	enum exit_status status = job->options->watch ? watch_and_grade(job) : grade_once(job);
	progress_done(job->progress, (int)status);
	return status;
}

static enum exit_status compare(struct job *job, const char *exam_path)
{
	GError *error = NULL;
	if (!load_exam(exam_path, &job->exam, &job->layout))
		return EXIT_USAGE;
	g_autofree char *text = comparing_text(job->options->folder, job->exam, job->layout, &error);
	if (!text)
		return fail(job, error);
	return fputs(text, stdout) >= 0 && fflush(stdout) == 0 ? EXIT_DONE : EXIT_CANNOT;
}

static enum exit_status grade(struct job *job, const char *exam_path)
{
	GError *error = NULL;
	bool from_session = !job->operands[0];
	if (!results_spare_inputs(job, exam_path))
		return EXIT_USAGE;
	if (!load_exam(exam_path, &job->exam, &job->layout))
		return EXIT_USAGE;
	if (!seals_find_key(exam_path, job->exam, &job->key, &error)) {
		say_error(error);
		return EXIT_CANNOT;
	}
	if (job->options->roster && !(job->roster = roster_load(job->options->roster, &error))) {
		say_error(error);
		return EXIT_USAGE;
	}
	if (from_session && !session_exists(job->options->folder)) {
		g_printerr(
			"sheaf grade: give the scans after the exam file: files, or folders; nothing was read into %s "
			"before\n",
			job->options->folder);
		return EXIT_USAGE;
	}
	if (!from_session && !job->options->watch && !(job->scans = find_scans(job)))
		return EXIT_CANNOT;
	return make_folder(job->options->folder) ? open_and_grade(job, exam_path) : EXIT_CANNOT;
}

static bool arguments_make_sense(int argc, struct grade_options *options)
{
	if (options->jobs == JOBS_NOT_GIVEN)
		options->jobs = (int)g_get_num_processors();
	if (argc < 2)
		g_printerr("sheaf grade: give an exam file and the scans: files, or folders\n");
	else if (options->compare && (argc > 2 || options->roster || options->watch || options->explain))
		g_printerr("sheaf grade: --compare grades again what DIR holds; give the exam file and -o DIR only\n");
	else if (argc < 3 && options->watch)
		g_printerr("sheaf grade: --watch needs the folder that the scanner fills\n");
	else if (argc < 3 && options->explain)
		g_printerr("sheaf grade: --explain needs the scans, to draw on\n");
	else if (options->jobs < 1 || options->jobs > JOBS_MOST)
		g_printerr("sheaf grade: --jobs takes a number from 1 to %d\n", JOBS_MOST);
	else if (options->progress && strcmp(options->progress, "json") != 0)
		g_printerr("sheaf grade: --progress takes json\n");
	else
		return true;
	return false;
}

int cmd_grade(int argc, char **argv)
{
	struct grade_options options = {.jobs = JOBS_NOT_GIVEN};
	const GOptionEntry entries[] = {
		{"roster", 0, 0, G_OPTION_ARG_FILENAME, &options.roster, "who sat the exam; DIR remembers it",
			"ROSTER.csv"},
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder,
			"where to write; ./" DEFAULT_FOLDER " unless given", "DIR"},
		{"jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, "pages read at once; all processors unless given", "N"},
		{"watch", 0, 0, G_OPTION_ARG_NONE, &options.watch, "keep reading as the scanner fills the folder",
			NULL},
		{"progress", 0, 0, G_OPTION_ARG_STRING, &options.progress, "json: a line an event on stderr", "json"},
		{"explain", 0, 0, G_OPTION_ARG_FILENAME, &options.explain, "a picture of each step of each page",
			"DIR"},
		{"require-seals", 0, 0, G_OPTION_ARG_NONE, &options.require_seals,
			"refuse every sheet without a valid seal; DIR remembers it", NULL},
		{"compare", 0, 0, G_OPTION_ARG_NONE, &options.compare,
			"what this exam file would change in DIR; writes nothing", NULL},
		{"strict", 0, 0, G_OPTION_ARG_NONE, &options.strict, "exit status 3 if anything waits for a person",
			NULL},
		{NULL},
	};
	enum exit_status status = EXIT_USAGE;
	const char *summary =
		"Reads the scans and writes the gradebook. DIR keeps what was read: the next run reads only\n"
		"what is new or changed, and without SCANS everything is graded again.";
	if (parse_options(&argc, &argv, "EXAM.yaml [SCANS...]", summary, entries) &&
		arguments_make_sense(argc, &options)) {
		if (!options.folder)
			options.folder = g_strdup(DEFAULT_FOLDER);
		struct job job = {.options = &options, .operands = argv + 2};
		status = options.compare ? compare(&job, argv[1]) : grade(&job, argv[1]);
		job_clear(&job);
	}
	options_clear(&options);
	return (int)status;
}
