// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/small_batch.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cli/folder.h"
#include "cli/grading.h"
#include "sheet/exam_file.h"
#include "tests/harness.h"
#include "tests/papers.h"

#define MADE "made"     // the session as it was made, beside the one in use
#define PX_PER_UM 0.004 // 100 dpi
#define UPRIGHT_PX(um) ((unsigned)((um)*PX_PER_UM))

// --- desk's hooks

static struct results *grade(void *data, GError **error)
{
	const struct small_batch *batch = data;
	return grading_results(batch->session, batch->exam, batch->layout, batch->roster, GRADING_FOR_PICTURES, error);
}

static bool write_results(void *data, const struct results *results, GError **error)
{
	return grading_write(results, ((const struct small_batch *)data)->folder, error);
}

static struct picture *find_picture(void *data, const char *content, unsigned number, GError **error)
{
	const struct small_batch *batch = data;
	if (strcmp(content, "aa") != 0 || number > 2) {
		g_set_error(error, DESK_ERROR, DESK_ERROR_GONE, "There is no image of this.");
		return NULL;
	}
	unsigned width = UPRIGHT_PX(batch->layout->width_um), height = UPRIGHT_PX(batch->layout->height_um);
	struct picture *picture = g_new(struct picture, 1);
	*picture = (struct picture){width, height, g_malloc0((gsize)width * height)};
	return picture;
}

// --- pages

static struct placement *upright(const struct layout *layout)
{
	struct placement *placement = placement_new(UPRIGHT_PX(layout->width_um), UPRIGHT_PX(layout->height_um));
	for (unsigned row = 0; row < PLACEMENT_ROWS; row++)
		for (unsigned column = 0; column < PLACEMENT_COLUMNS; column++) {
			struct sheet_point point = placement_node_point(layout, row, column);
			placement_set_node(placement, row, column,
				(struct image_point){point.x_um * PX_PER_UM, point.y_um * PX_PER_UM});
		}
	return placement;
}

// A page that was read of nobody known: the rows of every page of the paper, as each.
static struct answers *nobodys(const struct layout *layout)
{
	struct answers *answers = answers_new_exception(ANSWERS_KIND_NO_IDENTITY, "neither code can be read");
	answers_make_room(answers, layout);
	for (unsigned i = 0; i < layout->n_items; i++)
		if (layout->items[i].exam_item)
			answers->marks[answers->n_marks++].item = i;
	answers->placement = upright(layout);
	return answers;
}

static void add(struct session *session, int64_t file, unsigned number, struct answers *answers)
{
	session_add_page(session, file, number, 6, answers);
	answers_free(answers);
}

static int64_t take(struct session *session, const char *folder, const char *name, const char *content)
{
	unsigned n_read;
	g_autofree char *path = g_build_filename(folder, name, NULL);
	struct session_file file = {
		.path = path, .place = path, .depth = 1, .stamp = {1, 2, 3, 4, true}, .sha256 = g_strdup(content)};
	session_take(session, &file, &n_read);
	g_free(file.sha256);
	g_free(file.problem);
	return file.id;
}

static void fill(const struct small_batch *batch, const char *name)
{
	struct session *session = batch->session;
	const struct layout *layout = batch->layout;
	int64_t file = take(session, batch->folder, name, "aa");
	struct answers *doubtful = papers_page(layout, SMALL_BATCH_STUDENT, NULL, 1, "1=A; 2?=B");
	doubtful->placement = upright(layout);
	add(session, file, 0, doubtful);
	add(session, file, 1, papers_page(layout, SMALL_BATCH_STUDENT, NULL, 1, "1=A; 2=C"));
	add(session, file, 2, nobodys(layout));
	add(session, file, 3, papers_page(layout, SMALL_BATCH_STRANGER, NULL, 1, "1=B"));
	add(session, file, 4, answers_new_exception(ANSWERS_KIND_DAMAGED, "the file is cut off"));
	add(session, file, 5, papers_page(layout, SMALL_BATCH_STRANGER, NULL, 1, "1=B"));
	session_finish(session, file);
	g_autofree char *other = g_strconcat("no ", name, NULL);
	int64_t no_scan = take(session, batch->folder, other, "bb");
	session_add_problem(session, no_scan, "the file is no image");
	session_finish(session, no_scan);
}

// --- the batch

static void open_desk(struct small_batch *batch)
{
	g_autoptr(GError) error = NULL;
	batch->session = session_open(batch->folder, batch->exam, batch->layout, FOLDER_READER, &error);
	batch->desk = batch->session ? desk_new(batch->session, &batch->hooks, &error) : NULL;
	if (!batch->desk)
		g_error("no desk: %s", error->message);
}

static void copy(const struct small_batch *batch, const char *from, const char *to)
{
	g_autofree char *source = g_build_filename(batch->folder, from, NULL);
	g_autofree char *target = g_build_filename(batch->folder, to, NULL);
	g_autofree char *bytes = NULL;
	gsize size;
	assert_true(g_file_get_contents(source, &bytes, &size, NULL));
	assert_true(g_file_set_contents_full(target, bytes, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

struct small_batch *small_batch_new(const char *exam, const char *roster, const char *file)
{
	struct small_batch *batch = g_new0(struct small_batch, 1);
	g_autoptr(GError) error = NULL;
	batch->folder = g_dir_make_tmp("sheaf-batch-XXXXXX", NULL);
	assert_non_null(batch->folder);
	batch->exam = exam_parse("exam.yaml", exam, strlen(exam), &error);
	batch->layout = batch->exam ? layout_new(batch->exam, &error) : NULL;
	batch->roster = batch->layout ? roster_parse("roster.csv", roster, strlen(roster), &error) : NULL;
	if (!batch->roster)
		g_error("no batch: %s", error->message);
	batch->hooks = (struct desk_hooks){grade, write_results, find_picture, batch};
	batch->session = session_open(batch->folder, batch->exam, batch->layout, FOLDER_READER, &error);
	assert_non_null(batch->session);
	session_put(batch->session, FOLDER_EXAM_NAME, exam);
	session_put(batch->session, FOLDER_ROSTER_NAME, roster);
	fill(batch, file);
	session_close(batch->session); // which leaves no log beside it
	copy(batch, "session.sqlite", MADE);
	open_desk(batch);
	return batch;
}

static void close_desk(struct small_batch *batch)
{
	desk_free(batch->desk);
	session_close(batch->session);
}

void small_batch_reset(struct small_batch *batch)
{
	if (rulings_decisions(desk_results(batch->desk)->rulings)->len == 0)
		return;
	close_desk(batch);
	copy(batch, MADE, "session.sqlite");
	open_desk(batch);
}

void small_batch_free(struct small_batch *batch)
{
	close_desk(batch); // the session may be closed already, and NULL
	g_autoptr(GDir) folder = g_dir_open(batch->folder, 0, NULL);
	for (const char *name; folder && (name = g_dir_read_name(folder));) {
		g_autofree char *path = g_build_filename(batch->folder, name, NULL);
		g_remove(path);
	}
	g_rmdir(batch->folder);
	roster_free(batch->roster);
	layout_free(batch->layout);
	exam_free(batch->exam);
	g_free(batch->folder);
	g_free(batch);
}
