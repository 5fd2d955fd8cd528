// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/folder.h"

#include <string.h>

#include "cli/grading.h"
#include "sheet/exam_file.h"

static bool recall_exam(struct folder *folder, const char *path, GError **error)
{
	g_autofree char *text = session_get(folder->session, FOLDER_EXAM_NAME);
	if (!text) {
		g_set_error(error, SESSION_ERROR, 0,
			"%s: this folder does not know its exam; run sheaf grade EXAM.yaml -o %s", path, path);
		return false;
	}
	folder->exam = exam_parse("the session's exam file", text, strlen(text), error);
	folder->layout = folder->exam ? layout_new(folder->exam, error) : NULL;
	if (!folder->layout)
		return false;
	session_set_layout(folder->session, folder->layout);
	return true;
}

static bool recall_roster(struct folder *folder, GError **error)
{
	g_autofree char *text = session_get(folder->session, FOLDER_ROSTER_NAME);
	folder->roster = text ? roster_parse("the session's roster", text, strlen(text), error) : NULL;
	return folder->roster || !text;
}

static bool recall(struct folder *folder, const char *path, GError **error)
{
	*folder = (struct folder){0};
	folder->session = session_open_to_read(path, error);
	return folder->session && recall_exam(folder, path, error) && recall_roster(folder, error);
}

bool folder_open_to_decide(struct folder *folder, const char *path, GError **error)
{
	if (recall(folder, path, error)) {
		session_close(folder->session);
		folder->session = session_open(path, folder->exam, folder->layout, FOLDER_READER, error);
		if (folder->session)
			return true;
	}
	folder_clear(folder);
	return false;
}

bool folder_open(struct folder *folder, const char *path, GError **error)
{
	if (recall(folder, path, error))
		folder->results = grading_results(
			folder->session, folder->exam, folder->layout, folder->roster, GRADING_FOR_PICTURES, error);
	if (folder->results)
		return true;
	folder_clear(folder);
	return false;
}

void folder_clear(struct folder *folder)
{
	results_free(folder->results);
	session_close(folder->session);
	roster_free(folder->roster);
	layout_free(folder->layout);
	exam_free(folder->exam);
	*folder = (struct folder){0};
}
