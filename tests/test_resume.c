// SPDX-License-Identifier: GPL-3.0-or-later
// The session through the whole program: however reading was interrupted or split into runs, the same scans give the
// same bytes; what is known is not read again, and what changed is.
//
// `make test-kill` runs this with SHEAF_TEST_PAGES=500 SHEAF_TEST_KILLS=20.
#include "tests/harness.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXAM "fixtures/cs182-midterm.yaml"
#define ROSTER "fixtures/roster.csv"
#define PATIENCE_S 60

static const char *const OUTPUTS[] = {"gradebook.csv", "marks.csv", "exceptions.csv"};

// A stack of scans, and what an undisturbed run makes of it.
struct setting {
	char *folder, *scans, *roster, *expected;
	unsigned pages, kills;
	gint64 run_us; // that an undisturbed run takes
};

// --- running programs

static void limit_file_size(void *data)
{
	const rlim_t *bytes = data;
	const struct rlimit limit = {*bytes, *bytes};
	if (*bytes)
		setrlimit(RLIMIT_FSIZE, &limit);
}

static GPid start(rlim_t file_limit, int *err, char **argv)
{
	GPid pid;
	GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL;
	if (!g_spawn_async_with_pipes(NULL, argv, NULL, err ? flags : flags | G_SPAWN_STDERR_TO_DEV_NULL,
		    limit_file_size, &file_limit, &pid, NULL, NULL, err, NULL))
		fail_msg("%s cannot be started", argv[0]);
	return pid;
}

static int wait_for(GPid pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return status;
}

static char *read_to_end(int fd)
{
	GString *text = g_string_new(NULL);
	char bytes[4096];
	for (ssize_t n; (n = read(fd, bytes, sizeof bytes)) > 0;)
		g_string_append_len(text, bytes, n);
	close(fd);
	return g_string_free(text, FALSE);
}

// Runs to the end; what it says on stderr is the caller's.
static char *run_argv(int expected, rlim_t file_limit, char **argv)
{
	int err;
	GPid pid = start(file_limit, &err, argv);
	char *said = read_to_end(err);
	int status = wait_for(pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
		fail_msg("%s %s: status %x, expected %d\n%s", argv[0], argv[1], (unsigned)status, expected, said);
	return said;
}
#define ARGV(...) ((char **)(const char *const[]){__VA_ARGS__, NULL})
#define GRADE(...) ARGV(SHEAF_PROGRAM, "grade", __VA_ARGS__)

static void run(int expected, char **argv)
{
	g_free(run_argv(expected, 0, argv));
}

static void run_and_see(int expected, const char *words, char **argv)
{
	g_autofree char *said = run_argv(expected, 0, argv);
	if (!strstr(said, words))
		fail_msg("expected \"%s\" in: %s", words, said);
	if (expected)
		assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
}

// --- folders

static char *contents(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("%s cannot be read", path);
	return text;
}

static bool is_same(const char *folder, const char *expected)
{
	bool same = true;
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++) {
		g_autofree char *path = g_build_filename(folder, OUTPUTS[i], NULL), *is = NULL;
		g_autofree char *should = contents(expected, OUTPUTS[i]);
		same = same && g_file_get_contents(path, &is, NULL, NULL) && strcmp(is, should) == 0;
	}
	return same;
}

static void assert_same(const char *folder, const char *expected)
{
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++) {
		g_autofree char *is = contents(folder, OUTPUTS[i]), *should = contents(expected, OUTPUTS[i]);
		assert_string_equal(is, should);
	}
}

static char *make_folder(const struct setting *setting, const char *name)
{
	char *folder = g_strdup_printf("%s/%s-XXXXXX", setting->folder, name);
	assert_non_null(g_mkdtemp(folder));
	return folder;
}

static void copy(const char *from, const char *name, const char *to, const char *new_name)
{
	g_autofree char *source = g_build_filename(from, name, NULL), *bytes = NULL;
	g_autofree char *target = g_build_filename(to, new_name, NULL);
	gsize size;
	assert_true(g_file_get_contents(source, &bytes, &size, NULL));
	assert_true(g_file_set_contents(target, bytes, (gssize)size, NULL));
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The names of the scans, sorted.
static GPtrArray *scan_names(const struct setting *setting)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *folder = g_dir_open(setting->scans, 0, NULL);
	for (const char *name = g_dir_read_name(folder); name; name = g_dir_read_name(folder))
		g_ptr_array_add(names, g_strdup(name));
	g_dir_close(folder);
	g_ptr_array_sort(names, compare_names);
	return names;
}

// A folder of some of the scans.
static char *some_scans(const struct setting *setting, const char *name, unsigned from, unsigned to)
{
	char *folder = make_folder(setting, name);
	g_autoptr(GPtrArray) names = scan_names(setting);
	for (unsigned i = from; i < MIN(to, names->len); i++)
		copy(setting->scans, g_ptr_array_index(names, i), folder, g_ptr_array_index(names, i));
	return folder;
}

static unsigned number_from(const char *variable, unsigned otherwise)
{
	const char *text = g_getenv(variable);
	return text ? (unsigned)atoi(text) : otherwise;
}

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->pages = number_from("SHEAF_TEST_PAGES", 30);
	setting->kills = number_from("SHEAF_TEST_KILLS", 10);
	setting->folder = g_dir_make_tmp("sheaf-resume-XXXXXX", NULL);
	setting->scans = g_build_filename(setting->folder, "scans", NULL);
	setting->roster = g_build_filename(setting->folder, "roster.csv", NULL);
	setting->expected = g_build_filename(setting->folder, "expected", NULL);
	g_autofree char *pages = g_strdup_printf("%u", setting->pages);
	run(0, ARGV(SIMULATE_PROGRAM, EXAM, "--roster", ROSTER, "-o", setting->folder, "--profile", "office", "--dpi",
		       "150", "--pages", pages, "--seed", "5", "--real", "none"));
	gint64 began_us = g_get_monotonic_time();
	run(0, GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", setting->expected, "--jobs", "2"));
	setting->run_us = g_get_monotonic_time() - began_us;
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	run(0, ARGV("/bin/rm", "-rf", setting->folder));
	g_free(setting->folder);
	g_free(setting->scans);
	g_free(setting->roster);
	g_free(setting->expected);
	g_free(setting);
	return 0;
}

// --- grading again

// The exam file with some text in place of another.
static char *changed_exam(const struct setting *setting, const char *from, const char *to)
{
	g_autofree char *text = contents(".", EXAM), *path = g_build_filename(setting->folder, "changed.yaml", NULL);
	g_auto(GStrv) sides = g_strsplit(text, from, 2);
	assert_int_equal(g_strv_length(sides), 2);
	g_autofree char *changed = g_strjoinv(to, sides);
	assert_true(g_file_set_contents(path, changed, -1, NULL));
	return g_steal_pointer(&path);
}

static void without_scans_everything_is_graded_again(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *results = make_folder(setting, "results"), *fresh = make_folder(setting, "fresh");
	run_and_see(2, "give the scans", GRADE(EXAM, "-o", results));
	run(0, GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results));
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++) {
		g_autofree char *path = g_build_filename(results, OUTPUTS[i], NULL);
		g_remove(path);
	}
	run(0, GRADE(EXAM, "-o", results)); // the roster is remembered
	assert_same(results, setting->expected);
	g_autofree char *exam = changed_exam(setting, "key: D}", "key: A}");
	run(0, GRADE(exam, "-o", results));
	assert_false(is_same(results, setting->expected));
	run(0, GRADE(exam, setting->scans, "--roster", setting->roster, "-o", fresh));
	assert_same(results, fresh);
	run(0, GRADE(EXAM, "-o", results));
	assert_same(results, setting->expected);
}

static void another_layout_is_refused(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *results = make_folder(setting, "results");
	run(0, GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results));
	g_autofree char *exam = changed_exam(setting, "choices: 4, key: D}", "choices: 5, key: D}");
	run_and_see(2, "another layout of the exam", GRADE(exam, "-o", results));
	run_and_see(2, "another layout of the exam", GRADE(exam, setting->scans, "-o", results));
	assert_same(results, setting->expected);
}

// --- bad luck

static void kills_at_any_moment_lose_nothing(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *results = make_folder(setting, "results");
	guint32 seed = g_random_int();
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	print_message("seed %u\n", seed);
	for (unsigned i = 0; i < setting->kills; i++) {
		GPid pid = start(0, NULL,
			GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results, "--jobs", "2"));
		g_usleep((gulong)g_rand_double_range(dice, 0, 2.0 * (double)setting->run_us / setting->kills));
		kill(pid, SIGKILL);
		wait_for(pid);
	}
	run(0, GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results));
	assert_same(results, setting->expected);
}

static void a_stopped_run_says_so_and_the_next_one_goes_on(void **state)
{
	const struct setting *setting = *state;
	static const int SIGNALS[] = {SIGINT, SIGTERM};
	g_autofree char *results = make_folder(setting, "results");
	for (size_t i = 0; i < G_N_ELEMENTS(SIGNALS); i++) {
		int err;
		GPid pid = start(0, &err,
			GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results, "--progress", "json",
				"--jobs", "1"));
		char first;
		assert_int_equal(read(err, &first, 1), 1); // the first event: it is reading
		kill(pid, SIGNALS[i]);
		g_autofree char *said = read_to_end(err);
		int status = wait_for(pid);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 1 || !strstr(said, "goes on there"))
			fail_msg("status %x: %s", (unsigned)status, said);
	}
	run(0, GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results));
	assert_same(results, setting->expected);
}

static void a_second_run_on_one_folder_stops(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *results = make_folder(setting, "results"), *empty = make_folder(setting, "empty");
	g_autofree char *gradebook = g_build_filename(results, "gradebook.csv", NULL);
	GPid first = start(0, NULL, GRADE(EXAM, empty, "--watch", "-o", results));
	for (int i = 0; i < PATIENCE_S * 10 && !g_file_test(gradebook, G_FILE_TEST_EXISTS); i++)
		g_usleep(G_USEC_PER_SEC / 10);
	run_and_see(1, "is working there", GRADE(EXAM, setting->scans, "-o", results));
	run_and_see(1, "is working there", GRADE(EXAM, "-o", results));
	kill(first, SIGTERM);
	int status = wait_for(first);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	run(0, GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results));
	assert_same(results, setting->expected);
}

// A limit on the size of files fails like a full disk, and needs no rights. It holds for the memory too that scans are
// handed over in; what makes the session grow here are notes among them.
static void a_full_disk_is_one_line_and_an_intact_session(void **state)
{
	const struct setting *setting = *state;
	static const rlim_t LIMITS[] = {2000, 30000, 70000};
	g_autofree char *results = make_folder(setting, "results"), *whole = make_folder(setting, "whole");
	g_autofree char *stack = some_scans(setting, "stack", 0, 6);
	for (unsigned i = 0; i < 300; i++) {
		g_autofree char *note = g_strdup_printf("%s/note%u.txt", stack, i);
		assert_true(g_file_set_contents(note, "no scan", -1, NULL));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(LIMITS); i++) {
		g_autofree char *said =
			run_argv(1, LIMITS[i], GRADE(EXAM, stack, "--roster", setting->roster, "-o", results));
		if (!strstr(said, "session.sqlite: ") || strchr(said, '\n') != said + strlen(said) - 1)
			fail_msg("at %u bytes: %s", (unsigned)LIMITS[i], said);
	}
	run(0, GRADE(EXAM, stack, "--roster", setting->roster, "-o", results));
	run(0, GRADE(EXAM, stack, "--roster", setting->roster, "-o", whole));
	assert_same(results, whole);
}

// Where only the scans are beyond the limit, each is an exception that says so, until they are read without.
static void a_limit_below_the_size_of_scans_is_said(void **state)
{
	const struct setting *setting = *state;
	const rlim_t limit = 80000; // the session stays below
	g_autofree char *results = make_folder(setting, "results"), *whole = make_folder(setting, "whole");
	g_autofree char *stack = some_scans(setting, "stack", 0, 2);
	g_free(run_argv(0, limit, GRADE(EXAM, stack, "--roster", setting->roster, "-o", results)));
	g_autofree char *exceptions = contents(results, "exceptions.csv");
	assert_non_null(strstr(exceptions, "ulimit -f"));
	run(0, GRADE(EXAM, stack, "--roster", setting->roster, "-o", results));
	run(0, GRADE(EXAM, stack, "--roster", setting->roster, "-o", whole));
	assert_same(results, whole);
}

static void a_full_tmpfs_is_one_line_and_an_intact_session(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *results = make_folder(setting, "small");
	if (mount("none", results, "tmpfs", 0, "size=160k") != 0) {
		print_message("a small file system cannot be mounted here (%s)\n", g_strerror(errno));
		g_clear_pointer(&results, g_free); // whoever skips does not return
		skip();
	}
	g_autofree char *said = run_argv(1, 0, GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results));
	bool one_line = strchr(said, '\n') == said + strlen(said) - 1;
	int remounted = mount("none", results, "tmpfs", MS_REMOUNT, "size=100m");
	run(0, GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results));
	bool same = is_same(results, setting->expected);
	umount(results);
	assert_int_equal(remounted, 0);
	if (!one_line || !strstr(said, "full") || !same)
		fail_msg("%s%s", said, same ? "" : "and the results differ");
}

// --- stacks in parts

static void batches_give_what_one_run_gives(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *a = some_scans(setting, "a", 0, 12), *b = some_scans(setting, "b", 12, setting->pages);
	g_autofree char *once = make_folder(setting, "once"), *twice = make_folder(setting, "twice");
	g_autoptr(GPtrArray) names = scan_names(setting);
	// One name in both folders: both are then told apart by their folders.
	copy(setting->scans, g_ptr_array_index(names, 20), a, "same.jpg");
	copy(setting->scans, g_ptr_array_index(names, 21), b, "same.jpg");
	run(0, GRADE(EXAM, a, b, "--roster", setting->roster, "-o", once));
	run(0, GRADE(EXAM, b, "--roster", setting->roster, "-o", twice));
	assert_false(is_same(twice, once));
	run(0, GRADE(EXAM, a, "-o", twice));
	assert_same(twice, once);
	g_autofree char *marks = contents(once, "exceptions.csv"), *folder = g_path_get_basename(a);
	g_autofree char *told = g_strdup_printf("%s/same.jpg", folder);
	if (!strstr(marks, told)) {
		g_autofree char *all = contents(once, "marks.csv");
		assert_non_null(strstr(all, told));
	}
}

static void a_replaced_file_is_read_again_and_a_removed_one_is_dropped(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *scans = some_scans(setting, "some", 0, 8), *results = make_folder(setting, "results");
	g_autofree char *fresh = make_folder(setting, "fresh"), *other = make_folder(setting, "other");
	g_autoptr(GPtrArray) names = scan_names(setting);
	const char *third = g_ptr_array_index(names, 2), *last = g_ptr_array_index(names, 7);
	run(0, GRADE(EXAM, scans, "--roster", setting->roster, "-o", results));
	copy(setting->scans, g_ptr_array_index(names, 11), scans, third);
	g_autofree char *removed = g_build_filename(scans, last, NULL);
	g_remove(removed);
	run_and_see(0, "1 file was read before", GRADE(EXAM, scans, "-o", results));
	run(0, GRADE(EXAM, scans, "--roster", setting->roster, "-o", fresh));
	assert_same(results, fresh);
	// What is in other folders stays.
	copy(setting->scans, last, other, last);
	run(0, GRADE(EXAM, other, "-o", results));
	run(0, GRADE(EXAM, other, scans, "--roster", setting->roster, "-o", fresh));
	assert_same(results, fresh);
}

// --- telling how it goes

// The events of a run, by name; each line must be an object with one.
static GHashTable *count_events(const char *text)
{
	GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; **line; line++) {
		json_t *event = json_loads(*line, 0, NULL);
		const char *name = json_string_value(json_object_get(event, "event"));
		if (!name)
			fail_msg("no event: %s", *line);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, name));
		g_hash_table_insert(counts, g_strdup(name), GUINT_TO_POINTER(n + 1));
		json_decref(event);
	}
	return counts;
}

static unsigned events(GHashTable *counts, const char *name)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(counts, name));
}

static void json_progress_tells_each_page_that_is_read(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *results = make_folder(setting, "results");
	for (unsigned round = 0; round < 2; round++) {
		g_autofree char *said = run_argv(0, 0,
			GRADE(EXAM, setting->scans, "--roster", setting->roster, "-o", results, "--progress", "json"));
		g_autoptr(GHashTable) counts = count_events(said);
		unsigned read = round ? 0 : setting->pages; // the second time, all are known
		assert_int_equal(events(counts, "page"), read);
		assert_true(events(counts, "start") <= 1 && events(counts, "results") == 1);
		assert_int_equal(events(counts, "done"), 1);
	}
	run_and_see(2, "--progress takes json", GRADE(EXAM, "-o", results, "--progress", "xml"));
}

// The first half of a file, a pause, and the rest.
static void drop_slowly(const struct setting *setting, const char *name, const char *folder)
{
	g_autofree char *source = g_build_filename(setting->scans, name, NULL), *bytes = NULL;
	g_autofree char *target = g_build_filename(folder, name, NULL);
	gsize size;
	assert_true(g_file_get_contents(source, &bytes, &size, NULL));
	FILE *file = g_fopen(target, "wbe");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size / 2, file), size / 2);
	assert_int_equal(fflush(file), 0);
	g_usleep(G_USEC_PER_SEC);
	assert_int_equal(fwrite(bytes + size / 2, 1, size - size / 2, file), size - size / 2);
	assert_int_equal(fclose(file), 0);
}

static void watching_keeps_the_gradebook_current(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *scans = some_scans(setting, "inbox", 0, 4), *results = make_folder(setting, "results");
	g_autofree char *fresh = make_folder(setting, "fresh");
	g_autoptr(GPtrArray) names = scan_names(setting);
	int err;
	GPid pid = start(0, &err, GRADE(EXAM, scans, "--watch", "--roster", setting->roster, "-o", results));
	for (unsigned i = 4; i < 7; i++)
		drop_slowly(setting, g_ptr_array_index(names, i), scans);
	run(0, GRADE(EXAM, scans, "--roster", setting->roster, "-o", fresh));
	for (int i = 0; i < PATIENCE_S * 10 && !is_same(results, fresh); i++)
		g_usleep(G_USEC_PER_SEC / 10);
	assert_same(results, fresh);
	kill(pid, SIGINT);
	g_autofree char *said = read_to_end(err);
	int status = wait_for(pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_string_equal(said, "");
	assert_same(results, fresh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_scans_everything_is_graded_again),
		cmocka_unit_test(another_layout_is_refused),
		cmocka_unit_test(kills_at_any_moment_lose_nothing),
		cmocka_unit_test(a_stopped_run_says_so_and_the_next_one_goes_on),
		cmocka_unit_test(a_second_run_on_one_folder_stops),
		cmocka_unit_test(a_full_disk_is_one_line_and_an_intact_session),
		cmocka_unit_test(a_limit_below_the_size_of_scans_is_said),
		cmocka_unit_test(a_full_tmpfs_is_one_line_and_an_intact_session),
		cmocka_unit_test(batches_give_what_one_run_gives),
		cmocka_unit_test(a_replaced_file_is_read_again_and_a_removed_one_is_dropped),
		cmocka_unit_test(json_progress_tells_each_page_that_is_read),
		cmocka_unit_test(watching_keeps_the_gradebook_current),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
