// SPDX-License-Identifier: GPL-3.0-or-later
// sheaf review: what waits for a person, in a browser on this machine. DIR alone suffices: its session holds the exam,
// the roster, and where each scan is.
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/folder.h"
#include "cli/grading.h"
#include "cli/stop.h"
#include "cli/viewer.h"
#include "review/desk.h"
#include "review/server.h"

#define TURN_MS 200
#define PORT_MOST 65535

struct review_options {
	gboolean no_browser;
	int port;
	char *person;
};

struct review {
	struct folder folder;
	const char *path;
	GHashTable *paths; // content -> path of a file with these bytes
};

static struct results *grade(void *data, GError **error)
{
	const struct review *review = data;
	const struct folder *folder = &review->folder;
	return grading_results(
		folder->session, folder->exam, folder->layout, folder->roster, GRADING_FOR_PICTURES, error);
}

static bool write_results(void *data, const struct results *results, GError **error)
{
	const struct review *review = data;
	return grading_write(results, review->path, error);
}

static struct picture *find_picture(void *data, const char *content, unsigned number, GError **error)
{
	const struct review *review = data;
	const char *path = g_hash_table_lookup(review->paths, content);
	if (path)
		return viewer_decode(path, content, number, error);
	g_set_error(error, DESK_ERROR, DESK_ERROR_GONE, "There is no image of this.");
	return NULL;
}

// Nobody writes the session's files meanwhile: the lock is ours.
static GHashTable *paths_by_content(struct session *session)
{
	GHashTable *paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GPtrArray) files = session_files(session);
	for (guint i = 0; i < files->len; i++) {
		const struct session_file *file = g_ptr_array_index(files, i);
		const char *known = *file->content ? g_hash_table_lookup(paths, file->content) : "";
		if (!known || (*known && !g_file_test(known, G_FILE_TEST_EXISTS)))
			g_hash_table_replace(paths, g_strdup(file->content), g_strdup(file->path));
	}
	return paths;
}

static void open_browser(const char *address)
{
	const char *argv[] = {"xdg-open", address, NULL};
	g_autoptr(GError) error = NULL;
	if (!g_spawn_async(NULL, (char **)(uintptr_t)argv, NULL,
		    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
		    &error))
		g_printerr("sheaf review: no browser could be opened; open the address above in one\n");
}

static enum exit_status fail(GError *error)
{
	say_error(error);
	return EXIT_CANNOT;
}

// A letter in the address bar must not fail for want of the results' files: what was decided is kept.
static void turn(struct server *server, bool *complained)
{
	g_autoptr(GError) error = NULL;
	bool good = server_turn(server, TURN_MS, &error);
	if (!good && !*complained)
		g_printerr("%s\n", error->message);
	*complained = !good;
}

static enum exit_status serve(struct review *review, const struct review_options *options)
{
	GError *error = NULL;
	const struct desk_hooks hooks = {grade, write_results, find_picture, review};
	struct desk *desk = desk_new(review->folder.session, &hooks, &error);
	if (!desk)
		return fail(error);
	const char *person = options->person ? options->person : g_get_user_name();
	struct server *server =
		desk_write(desk, &error) ? server_new(desk, (unsigned)options->port, person, &error) : NULL;
	if (!server) {
		desk_free(desk);
		return fail(error);
	}
	say_if_uncaged();
	stop_listen();
	g_autofree char *address = server_address(server);
	printf("%u to settle. The page is at\n  %s\nfor one browser on this machine. Ctrl-C ends the review.\n",
		desk_flags(desk)->len, address);
	fflush(stdout);
	if (!options->no_browser)
		open_browser(address);
	bool complained = false;
	while (!stop_wished())
		turn(server, &complained);
	server_free(server);
	bool written = !desk_is_dirty(desk) || desk_write(desk, &error);
	unsigned open = desk_flags(desk)->len;
	desk_free(desk);
	if (!written)
		return fail(error);
	printf("\nThe review ended; %u left to settle.\n", open);
	return EXIT_DONE;
}

static enum exit_status review_folder(const char *path, const struct review_options *options)
{
	GError *error = NULL;
	struct review review = {.path = path};
	if (!folder_open_to_decide(&review.folder, path, &error))
		return fail(error);
	review.paths = paths_by_content(review.folder.session);
	enum exit_status status = serve(&review, options);
	g_hash_table_unref(review.paths);
	folder_clear(&review.folder);
	return status;
}

int cmd_review(int argc, char **argv)
{
	struct review_options options = {0};
	const GOptionEntry entries[] = {
		{"no-browser", 0, 0, G_OPTION_ARG_NONE, &options.no_browser, "only print the address", NULL},
		{"port", 0, 0, G_OPTION_ARG_INT, &options.port, "any free one unless given", "N"},
		{"person", 0, 0, G_OPTION_ARG_STRING, &options.person,
			"who decides, unless the page says otherwise; the user's name unless given", "NAME"},
		{NULL},
	};
	enum exit_status status = EXIT_USAGE;
	const char *summary =
		"Serves a page on which everything that sheaf was not sure of is settled, key by key. Every\n"
		"decision is kept at once in DIR, and the results there follow.";
	if (parse_options(&argc, &argv, "DIR", summary, entries)) {
		if (argc != 2)
			g_printerr("sheaf review: give the folder of results\n");
		else if (options.port < 0 || options.port > PORT_MOST)
			g_printerr("sheaf review: --port takes a number up to %d\n", PORT_MOST);
		else
			status = review_folder(argv[1], &options);
	}
	g_free(options.person);
	return (int)status;
}
