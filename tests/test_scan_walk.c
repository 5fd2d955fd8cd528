// SPDX-License-Identifier: GPL-3.0-or-later
// The list of files, from folders built for each test.
#include "tests/harness.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/walk.h"

static void remove_below(const char *path)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
		g_chmod(path, 0700);
		GDir *folder = g_dir_open(path, 0, NULL);
		assert_non_null(folder);
		for (const char *name = g_dir_read_name(folder); name; name = g_dir_read_name(folder)) {
			g_autofree char *child = g_build_filename(path, name, NULL);
			remove_below(child);
		}
		g_dir_close(folder);
	}
	g_remove(path);
}

static int set_up(void **state)
{
	*state = g_dir_make_tmp("sheaf-walk-XXXXXX", NULL);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	remove_below(*state);
	g_free(*state);
	return 0;
}

// Makes empty files, and the folders they stand in; "name -> target" makes a link. The list ends with NULL.
static void make(const char *root, const char *const *names)
{
	for (; *names; names++) {
		g_auto(GStrv) link = g_strsplit(*names, " -> ", 2);
		g_autofree char *path = g_build_filename(root, link[0], NULL);
		g_autofree char *folder = g_path_get_dirname(path);
		assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
		if (link[1])
			assert_int_equal(symlink(link[1], path), 0);
		else if (g_str_has_suffix(*names, "/"))
			assert_int_equal(g_mkdir_with_parents(path, 0700), 0);
		else
			assert_true(g_file_set_contents(path, "", 0, NULL));
	}
}
#define MAKE(root, ...) make((root), (const char *const[]){__VA_ARGS__, NULL})

// Walks places below root, given as "a b c"; "." is root itself.
static GPtrArray *walk(const char *root, const char *places, GError **error)
{
	g_auto(GStrv) paths = g_strsplit(places, " ", -1);
	for (char **path = paths; *path; path++) {
		char *whole = strcmp(*path, ".") == 0 ? g_strdup(root) : g_build_filename(root, *path, NULL);
		g_free(*path);
		*path = whole;
	}
	return walk_paths((const char *const *)paths, error);
}

// The names as "a, b (problem), c", with root itself written as "@".
static void assert_names(const char *root, const char *places, const char *expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) entries = walk(root, places, &error);
	assert_null(error);
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < entries->len; i++) {
		const struct walk_entry *entry = g_ptr_array_index(entries, i);
		assert_true(g_utf8_validate(entry->name, -1, NULL));
		assert_true(entry->problem || g_file_test(entry->path, G_FILE_TEST_IS_REGULAR));
		g_string_append_printf(text, "%s%s", i ? ", " : "", entry->name);
		if (entry->problem)
			g_string_append_printf(text, " (%s)", entry->problem);
	}
	g_string_replace(text, root, "@", 0);
	assert_string_equal(text->str, expected);
}

static void test_natural_order(void **state)
{
	(void)state;
	// Each before the next, and so before all that follow.
	static const char *const order[] = {"", "/", "0", "00", "001", "01", "1", "2", "9", "10", "99", "100",
		"18446744073709551616", "18446744073709551617", "99999999999999999999999", "A1", "a", "a-1", "a01",
		"a1", "a1b2", "a1b10", "a2", "a2b1", "a10", "a10b", "scan2.png", "scan10.png", "\xc3\xa4"};
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(order); k++) {
			int found = walk_natural_compare(order[i], order[k]), wanted = (i > k) - (i < k);
			if ((found > 0) - (found < 0) != wanted)
				fail_msg("\"%s\" and \"%s\": %d", order[i], order[k], found);
		}
}

static void test_nested_folders(void **state)
{
	MAKE(*state, "scan10.png", "scan2.png", "room 1/scan1.png", "room 1/a/b/c/deep.png", "room 1/empty/",
		"room 10/x", "room 9/x", ".hidden.png", ".trash/old.png", "room 9/.DS_Store", "notes.txt");
	assert_names(*state, ".",
		"notes.txt, room 1/a/b/c/deep.png, room 1/scan1.png, room 9/x, room 10/x, scan2.png, scan10.png");
}

// What is named outright is wanted, hidden or not.
static void test_hidden_operands(void **state)
{
	MAKE(*state, ".hidden.png", ".folder/page.png", ".folder/.hidden.png");
	assert_names(*state, ".hidden.png .folder", ".hidden.png, page.png");
}

static void test_links(void **state)
{
	MAKE(*state, "a/page.png", "a/loop -> ..", "a/other -> ../b", "b/self -> .", "b/me -> me", "b/gone -> nowhere",
		"c -> a", "d.png -> a/page.png");
	assert_names(*state, ".", "a/page.png, b/gone (a link that leads nowhere), b/me (it cannot be looked at)");
	// A link is followed where there is no other way, but not to what lies around the folder that was given.
	assert_names(*state, "c",
		"loop (a link to a folder around the one that was given), other/gone (a link that leads nowhere), "
		"other/me (it cannot be looked at), page.png");
	assert_names(*state, "d.png", "d.png");
}

// A link to all of the disk is not followed, however it is written.
static void test_links_that_lead_out(void **state)
{
	MAKE(*state, "a/page.png", "a/b/all -> /", "a/b/disk -> /proc/self/root", "a/b/up -> ../..");
	assert_names(*state, "a",
		"b/all (a link to a folder around the one that was given), "
		"b/disk (a link to a folder around the one that was given), "
		"b/up (a link to a folder around the one that was given), page.png");
	assert_names(*state, "a a/b .",
		"a/b/all (a link to a folder around the one that was given), "
		"a/b/disk (a link to a folder around the one that was given), a/page.png");
}

static void test_no_regular_files(void **state)
{
	MAKE(*state, "a.png");
	g_autofree char *pipe = g_build_filename(*state, "pipe.png", NULL);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_names(*state, ".", "a.png, pipe.png (not a regular file)");
	assert_names(*state, "pipe.png", "pipe.png (not a regular file)");
}

static void test_folders_that_cannot_be_opened(void **state)
{
	MAKE(*state, "a.png", "closed/b.png");
	g_autofree char *closed = g_build_filename(*state, "closed", NULL);
	assert_int_equal(g_chmod(closed, 0), 0);
	if (g_access(closed, R_OK) == 0) { // root opens everything
		g_clear_pointer(&closed, g_free);
		skip();
	}
	assert_names(*state, ".", "a.png, closed (a folder that may not be opened)");
	g_autoptr(GError) error = NULL;
	assert_null(walk(*state, "closed", &error));
	assert_true(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES));
	assert_non_null(strstr(error->message, "closed: the folder cannot be opened"));
}

static void test_once_each(void **state)
{
	MAKE(*state, "sub/page.png", "other.png");
	static const char *const ways[] = {
		". sub/page.png", "sub/page.png .", ". sub sub/page.png .", "sub/page.png sub .", "sub/../. ./sub"};
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
		assert_names(*state, ways[i], "other.png, sub/page.png");
}

static void test_same_names_in_two_folders(void **state)
{
	MAKE(*state, "a/1.png", "a/2.png", "b/1.png", "b/3.png");
	// Both go by their whole paths, and these begin with a slash here, which sorts before digits.
	for (int i = 0; i < 2; i++)
		assert_names(*state, i ? "b a" : "a b", "@/a/1.png, @/b/1.png, 2.png, 3.png");
}

// A name that the whole path of another would clash with.
static void test_names_that_look_like_paths(void **state)
{
	MAKE(*state, "x/1.png", "y/1.png", "y/x/1.png");
	g_autofree char *before = g_get_current_dir();
	assert_int_equal(g_chdir(*state), 0);
	g_autoptr(GPtrArray) entries = walk_paths((const char *const[]){"x", "y", NULL}, NULL);
	assert_int_equal(g_chdir(before), 0);
	static const char *const names[] = {"x/1.png", "y/1.png", "y/x/1.png"};
	assert_int_equal(entries->len, G_N_ELEMENTS(names));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		assert_string_equal(((struct walk_entry *)g_ptr_array_index(entries, i))->name, names[i]);
}

static void test_missing(void **state)
{
	MAKE(*state, "a.png");
	g_autoptr(GError) error = NULL;
	assert_null(walk(*state, "a.png b.png", &error));
	assert_true(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
	assert_non_null(strstr(error->message, "b.png: there is no such file or folder"));
	g_clear_error(&error);
	assert_null(walk(*state, "a.png/b.png", &error));
	assert_true(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR));
}

static void test_nothing_there(void **state)
{
	MAKE(*state, "empty/");
	assert_names(*state, "empty", "");
	g_autoptr(GPtrArray) entries = walk_paths((const char *const[]){NULL}, NULL);
	assert_int_equal(entries->len, 0);
}

static void test_strange_names(void **state)
{
	MAKE(*state, "line\nbreak.png", "a\xff.png", "a\xfe.png", "\xc3\xbc.png", " .png", "-o.png");
	assert_names(*state, ".", " .png, -o.png, a\\xFE.png, a\\xFF.png, line\nbreak.png, \xc3\xbc.png");
}

static void test_many(void **state)
{
	for (unsigned i = 0; i < 1200; i++) {
		g_autofree char *name = g_strdup_printf("%c/%u.png", "xy"[i % 2], i);
		MAKE(*state, name);
	}
	g_autoptr(GPtrArray) entries = walk(*state, ".", NULL), again = walk(*state, "y x .", NULL);
	assert_int_equal(entries->len, 1200);
	assert_int_equal(again->len, 1200);
	for (guint i = 0; i < entries->len; i++) {
		const struct walk_entry *entry = g_ptr_array_index(entries, i), *other = g_ptr_array_index(again, i);
		g_autofree char *name =
			g_strdup_printf("%c/%u.png", i < 600 ? 'x' : 'y', i < 600 ? 2 * i : 2 * i - 1199);
		assert_string_equal(entry->name, name);
		assert_string_equal(entry->path, other->path);
		assert_string_equal(entry->name, other->name);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

// On memory where there is a file system in it: as many files take seconds elsewhere.
static void test_there_is_an_end(void **state)
{
	(void)state;
	const unsigned n = 200100;
	char root[] = "/dev/shm/sheaf-walk-XXXXXX";
	if (!g_mkdtemp(root))
		skip();
	int folder = open(root, O_RDONLY | O_DIRECTORY);
	char name[16];
	unsigned made = 0;
	for (; made < n; made++) {
		g_snprintf(name, sizeof name, "%06u", made);
		if (mknodat(folder, name, S_IFREG | 0600, 0) != 0)
			break;
	}
	g_autoptr(GPtrArray) list = made == n ? walk(root, ".", NULL) : NULL;
	while (made > 0) {
		g_snprintf(name, sizeof name, "%06u", --made);
		unlinkat(folder, name, 0);
	}
	close(folder);
	g_rmdir(root);
	if (!list) {
		skip();
		return;
	}
	unsigned problems = 0;
	for (unsigned i = 0; i < list->len; i++) {
		const struct walk_entry *entry = g_ptr_array_index(list, i);
		problems += entry->problem != NULL;
		if (entry->problem)
			assert_string_equal(
				entry->problem, "too many files and folders: this one and the rest are not looked at");
	}
	assert_int_equal(problems, 1);
	assert_in_range(list->len, 199990, 200002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_natural_order),
		TEST(test_nested_folders),
		TEST(test_hidden_operands),
		TEST(test_links),
		TEST(test_links_that_lead_out),
		TEST(test_no_regular_files),
		TEST(test_folders_that_cannot_be_opened),
		TEST(test_once_each),
		TEST(test_same_names_in_two_folders),
		TEST(test_names_that_look_like_paths),
		TEST(test_missing),
		TEST(test_nothing_there),
		TEST(test_strange_names),
		TEST(test_many),
		cmocka_unit_test(test_there_is_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
