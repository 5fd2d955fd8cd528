// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/comparing.h"

#include <string.h>

#include "cli/folder.h"
#include "cli/grading.h"
#include "grade/compare.h"

char *comparing_text(const char *path, const struct exam *exam, const struct layout *layout, GError **error)
{
	FOLDER_AUTO folder = {0};
	if (!folder_open(&folder, path, error))
		return NULL;
	if (strcmp(folder.exam->name, exam->name) != 0) {
		g_set_error(error, SESSION_ERROR, 0, "%s: what was graded there is the exam %s, not %s", path,
			folder.exam->name, exam->name);
		return NULL;
	}
	if (strcmp(folder.layout->fingerprint, layout->fingerprint) != 0) {
		g_set_error(error, SESSION_ERROR, 0,
			"%s: what is on the paper has changed, so the sheets that were read are none of this exam "
			"file's: only keys and points may change",
			path);
		return NULL;
	}
	session_set_layout(folder.session, layout);
	struct results *after = grading_results(folder.session, exam, layout, folder.roster, GRADING_FOR_POINTS, error);
	char *text = after ? compare_text(folder.results, after) : NULL;
	results_free(after);
	return text;
}
