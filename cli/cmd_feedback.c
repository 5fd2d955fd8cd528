// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf feedback: each student's own pages as PDF, marked as a teacher would, and one PDF of all.
#include <cairo-pdf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/folder.h"
#include "cli/inputs.h"
#include "cli/marked_page.h"
#include "cli/page_jpeg.h"
#include "grade/feedback.h"
#include "grade/file_out.h"
#include "sheet/exam_total.h"

#define DEFAULT_NAME "feedback" // below DIR
#define ALL "all"
// So that the same input gives the same bytes.
#define CREATE_DATE "2000-01-01T00:00:00Z"

struct feedback_options {
	char *output;
	gboolean hide_key;
};

struct job {
	const struct feedback_options *options;
	const struct folder *folder;
	GPtrArray *files;       // struct session_file *
	GHashTable *by_content; // content -> struct session_file *
	const char *output;
	unsigned n_students, n_lost; // done; pages whose scan cannot be shown
};

// --- a PDF being written

struct document {
	struct file_out file;
	cairo_surface_t *surface;
	cairo_t *cr;
};

static cairo_status_t write_bytes(void *file, const unsigned char *bytes, unsigned size)
{
	return file_out_write(file, bytes, size) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static bool document_open(struct document *document, const char *folder, const char *name, GError **error)
{
	g_autofree char *file_name = g_strconcat(name, ".pdf", NULL);
	g_autofree char *path = g_build_filename(folder, file_name, NULL);
	if (!file_out_open(&document->file, path, error))
		return false;
	document->surface = cairo_pdf_surface_create_for_stream(write_bytes, &document->file, 1, 1);
	cairo_pdf_surface_set_metadata(document->surface, CAIRO_PDF_METADATA_CREATE_DATE, CREATE_DATE);
	document->cr = cairo_create(document->surface);
	return true;
}

static void document_add(const struct document *document, const struct marked_page *page)
{
	double width, height;
	marked_page_size(page, &width, &height);
	cairo_pdf_surface_set_size(document->surface, width, height);
	marked_page_draw(page, document->cr);
	cairo_show_page(document->cr);
}

// Gives the file its name if all of it is there and `keep`.
static bool document_close(struct document *document, bool keep, GError **error)
{
	if (document->surface) {
		cairo_destroy(document->cr);
		cairo_surface_finish(document->surface);
		if (cairo_surface_status(document->surface) != CAIRO_STATUS_SUCCESS && !document->file.failure)
			document->file.failure = ENOMEM;
		cairo_surface_destroy(document->surface);
	}
	bool good = file_out_close(&document->file, keep, error);
	*document = (struct document){0};
	return good;
}

// --- one page

// An ID as a file's name: letters, digits and - . _ ~ as they are, everything else as %XX; never hidden, and never the
// name of the file of all.
static char *file_name_of(const char *id)
{
	char *name = g_uri_escape_string(id, NULL, FALSE);
	if (name[0] != '.' && g_ascii_strcasecmp(name, ALL) != 0)
		return name;
	char *other = g_strdup_printf("%%%02X%s", (unsigned char)name[0], name + 1);
	g_free(name);
	return other;
}

static const char *note_of(const struct student *student)
{
	if (student->status == STUDENT_REVIEW)
		return "not final: a mark is in doubt";
	return student->status == STUDENT_INCOMPLETE ? "not final: a page is missing" : "";
}

// The placement for the JPEG's own size, once it is upright; NULL if there is none.
static struct placement *placement_for(const struct batch_page *page, const struct page_jpeg *jpeg)
{
	if (!page->answers->placement)
		return NULL;
	struct placement *placement = placement_copy(page->answers->placement);
	bool aside = jpeg->orientation > 4;
	placement_resize(placement, (unsigned)(aside ? jpeg->height_px : jpeg->width_px),
		(unsigned)(aside ? jpeg->width_px : jpeg->height_px));
	return placement;
}

static bool fetch(struct job *job, const struct batch_page *page, struct page_jpeg *jpeg)
{
	const struct session_file *file = page->content ? g_hash_table_lookup(job->by_content, page->content) : NULL;
	GError *error = NULL;
	if (file && page_jpeg_fetch(jpeg, file->path, page->content, page->number, &error))
		return true;
	job->n_lost++;
	if (error)
		say_error(error);
	else
		say_error(g_error_new(PAGE_JPEG_ERROR, 0, "%s: the scan is not there any more", page->file));
	return false;
}

static void add_page(struct job *job, const struct student *student, const struct batch_page *page,
	const struct document *own, const struct document *all)
{
	const struct results *results = job->folder->results;
	struct page_jpeg jpeg = {0};
	bool fetched = fetch(job, page, &jpeg);
	FEEDBACK_AUTO feedback = {0};
	feedback_init(&feedback, results, student, page, !job->options->hide_key);
	char score[RATIONAL_TEXT_SIZE], most[RATIONAL_TEXT_SIZE];
	g_autofree char *total =
		g_strdup_printf("%s of %s", rational_format(exam_round(results->exam, student->total), score),
			rational_format(results->maximum, most));
	struct marked_page marked = {
		.layout = results->layout,
		.jpeg = fetched ? &jpeg : NULL,
		.placement = fetched ? placement_for(page, &jpeg) : NULL,
		.feedback = &feedback,
		.name = student->row ? student->row->name : "",
		.id = student->id,
		.total = total,
		.note = note_of(student),
		.page = page->answers->page,
		.n_pages = results->layout->n_pages,
		.show_key = !job->options->hide_key,
	};
	document_add(own, &marked);
	document_add(all, &marked);
	placement_free(marked.placement);
	page_jpeg_clear(&jpeg);
}

// --- everybody

static bool add_student(struct job *job, const struct student *student, const struct document *all, GError **error)
{
	struct document own = {0};
	g_autofree char *name = file_name_of(student->id);
	if (!document_open(&own, job->output, name, error))
		return document_close(&own, false, error) && false;
	cairo_pdf_surface_set_metadata(own.surface, CAIRO_PDF_METADATA_TITLE, job->folder->exam->title);
	for (unsigned p = 0; p < job->folder->layout->n_pages; p++)
		if (student->pages[p])
			add_page(job, student, student->pages[p], &own, all);
	job->n_students++;
	return document_close(&own, true, error);
}

static bool write_all(struct job *job, GError **error)
{
	struct document all = {0};
	const struct results *results = job->folder->results;
	bool good = document_open(&all, job->output, ALL, error);
	if (good)
		cairo_pdf_surface_set_metadata(all.surface, CAIRO_PDF_METADATA_TITLE, job->folder->exam->title);
	for (unsigned i = 0; good && i < results->n_students; i++)
		if (results->students[i].has_score)
			good = add_student(job, &results->students[i], &all, error);
	bool keep = good && job->n_students > 0;
	return document_close(&all, keep, error) && good;
}

static void index_files(struct job *job)
{
	job->files = session_files(job->folder->session);
	job->by_content = g_hash_table_new(g_str_hash, g_str_equal);
	for (unsigned i = 0; i < job->files->len; i++) {
		struct session_file *file = g_ptr_array_index(job->files, i);
		if (*file->content)
			g_hash_table_insert(job->by_content, file->content, file);
	}
}

static bool spares(const struct inputs *inputs, const struct job *job, const char *name, GError **error)
{
	g_autofree char *file_name = g_strconcat(name, ".pdf", NULL);
	g_autofree char *path = g_build_filename(job->output, file_name, NULL);
	g_autofree char *partial = g_strconcat(path, FILE_OUT_PARTIAL, NULL);
	return inputs_spared(inputs, path, error) && inputs_spared(inputs, partial, error);
}

// A scan may be named like a student. False, with the error on stderr, where one would be written over.
static bool spares_scans(const struct job *job, const char *path)
{
	GError *error = NULL;
	const struct results *results = job->folder->results;
	struct inputs *inputs = inputs_new(job->folder->session, path);
	bool good = spares(inputs, job, ALL, &error);
	for (unsigned i = 0; good && i < results->n_students; i++) {
		g_autofree char *name = file_name_of(results->students[i].id);
		good = spares(inputs, job, name, &error);
	}
	inputs_free(inputs);
	if (!good)
		say_error(error);
	return good;
}

static enum exit_status make_feedback(const char *path, const struct feedback_options *options)
{
	GError *error = NULL;
	FOLDER_AUTO folder = {0};
	if (!folder_open(&folder, path, &error)) {
		say_error(error);
		return EXIT_CANNOT;
	}
	g_autofree char *output =
		options->output ? g_strdup(options->output) : g_build_filename(path, DEFAULT_NAME, NULL);
	if (g_mkdir_with_parents(output, 0700) != 0) {
		g_printerr("sheaf feedback: %s: it cannot be made: %s\n", output, g_strerror(errno));
		return EXIT_CANNOT;
	}
	say_if_uncaged();
	struct job job = {.options = options, .folder = &folder, .output = output};
	if (!spares_scans(&job, path))
		return EXIT_USAGE;
	index_files(&job);
	bool good = write_all(&job, &error);
	g_hash_table_unref(job.by_content);
	g_ptr_array_unref(job.files);
	if (!good) {
		say_error(error);
		return EXIT_CANNOT;
	}
	g_print("%s: %u marked papers, and all of them in " ALL ".pdf\n", output, job.n_students);
	if (job.n_lost)
		g_printerr("sheaf feedback: %u %s without the scan\n", job.n_lost,
			job.n_lost == 1 ? "page is" : "pages are");
	return job.n_lost ? EXIT_CANNOT : EXIT_DONE;
}

int cmd_feedback(int argc, char **argv)
{
	struct feedback_options options = {0};
	const GOptionEntry entries[] = {
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
			"where to write; DIR/" DEFAULT_NAME " unless given", "FOLDER"},
		{"hide-key", 0, 0, G_OPTION_ARG_NONE, &options.hide_key, "do not show which answers were missed", NULL},
		{NULL},
	};
	enum exit_status status = EXIT_USAGE;
	const char *summary =
		"Makes a PDF of each student's own pages with right, wrong and missed marks drawn over them,\n"
		"and one of all. The scans must be where they were when they were graded.";
	if (parse_options(&argc, &argv, "DIR", summary, entries)) {
		if (argc == 2)
			status = make_feedback(argv[1], &options);
		else
			g_printerr("sheaf feedback: give the folder of results\n");
	}
	g_free(options.output);
	return (int)status;
}
