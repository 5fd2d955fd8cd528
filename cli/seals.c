// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/seals.h"

#include <string.h>

#define KEY_NAME "seal-key" // in the session: the key that all its pages were checked with; "" if not all were

static void warn_if_exposed(const struct seal_key *key, const char *path)
{
	if (key && seal_key_is_exposed(key))
		g_printerr(
			"note: %s can be read by others, who could then print sheets in anyone's name: chmod 600 it\n",
			path);
}

bool seals_find_key(const char *exam_file, const struct exam *exam, struct seal_key **key, GError **error)
{
	g_autofree char *path = seal_key_path(exam_file, exam->name);
	GError *problem = NULL;
	*key = seal_key_load(path, &problem);
	warn_if_exposed(*key, path);
	if (!problem)
		return true;
	g_propagate_error(error, problem);
	return false;
}

bool seals_key_to_print(const char *exam_file, const struct exam *exam, struct seal_key **key, GError **error)
{
	g_autofree char *path = seal_key_path(exam_file, exam->name);
	GError *problem = NULL;
	bool made;
	*key = seal_key_load_or_make(path, &made, &problem);
	warn_if_exposed(*key, path);
	if (made)
		g_print("%s: the key that seals the sheets of %s, made just now; keep it secret, and beside the exam "
			"file\n",
			path, exam->name);
	if (!problem)
		return true;
	if (problem->domain == G_FILE_ERROR) {
		g_printerr(
			"note: %s; these sheets bear no seal, so whose they are cannot be proven\n", problem->message);
		g_error_free(problem);
		return true;
	}
	g_propagate_error(error, problem);
	return false;
}

// --- a session's pages

struct verdict {
	int64_t file;
	unsigned page;
	struct answers *answers;
};

static void verdict_clear(void *data)
{
	answers_free(((struct verdict *)data)->answers);
}

struct checking {
	const struct layout *layout;
	const struct seal_key *key;
	GArray *changed; // struct verdict
};

static void check_page(void *data, int64_t file, unsigned page, struct answers *answers)
{
	struct checking *checking = data;
	enum seal_state before = answers->seal.state;
	answers_check_seal(answers, checking->layout, checking->key);
	struct verdict verdict = {file, page, answers};
	if (answers->seal.state != before)
		g_array_append_val(checking->changed, verdict);
	else
		answers_free(answers);
}

bool seals_check_session(
	struct session *session, const struct layout *layout, const struct seal_key *key, GError **error)
{
	const char *id = key ? seal_key_id(key) : "";
	g_autofree char *before = session_get(session, KEY_NAME);
	if (g_strcmp0(before, id) == 0)
		return true;
	struct checking checking = {layout, key, g_array_new(FALSE, FALSE, sizeof(struct verdict))};
	g_array_set_clear_func(checking.changed, verdict_clear);
	// Without the key, what was found with it holds.
	bool good = !key || session_each_page(session, check_page, &checking, error);
	for (guint i = 0; good && i < checking.changed->len; i++) {
		const struct verdict *verdict = &g_array_index(checking.changed, struct verdict, i);
		session_replace_page(session, verdict->file, verdict->page, verdict->answers);
	}
	g_array_unref(checking.changed);
	if (!good)
		return false;
	session_put(session, KEY_NAME, id);
	session_commit(session, true);
	return !session_failed(session, error);
}
