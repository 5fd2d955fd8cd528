// SPDX-License-Identifier: GPL-3.0-or-later
// The processes in which `sheaf review` and `sheaf feedback` look at scans: they are caged, what they are lost to costs
// that page, and whatever lies where the scan lay is told in bounded time.
#include "tests/harness.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cage.h"
#include "cli/page_jpeg.h"
#include "cli/pipe.h"
#include "cli/viewer.h"
#include "review/desk.h"
#include "tests/bombs.h"
#include "tests/pictures.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

#define SOON_SECONDS (10.0 * TEST_SLOWNESS)

// Looks at the first page. NULL if it could be shown; otherwise what is said. Owned by the caller.
typedef char *look_function(const char *path, const char *sha256);

static char *by_viewer(const char *path, const char *sha256)
{
	g_autoptr(GError) error = NULL;
	struct picture *picture = viewer_decode(path, sha256, 0, &error);
	assert_true((picture == NULL) == (error != NULL));
	picture_free(picture);
	return error ? g_strdup(error->message) : NULL;
}

static char *by_page_jpeg(const char *path, const char *sha256)
{
	g_autoptr(GError) error = NULL;
	struct page_jpeg jpeg = {0};
	bool fetched = page_jpeg_fetch(&jpeg, path, sha256, 0, &error);
	assert_true(fetched == (error == NULL));
	page_jpeg_clear(&jpeg);
	return error ? g_strdup(error->message) : NULL;
}

static look_function *const WAYS[] = {by_viewer, by_page_jpeg};

struct place {
	char *folder, *path; // of the scan
};

static int set_up(void **state)
{
	struct place *place = g_new0(struct place, 1);
	place->folder = g_dir_make_tmp("sheaf-viewers-XXXXXX", NULL);
	place->path = g_build_filename(place->folder, "scan", NULL);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	g_remove(place->path);
	assert_int_equal(g_rmdir(place->folder), 0);
	g_free(place->path);
	g_free(place->folder);
	g_free(place);
	return 0;
}

// Writes the scan; its SHA-256, owned by the caller.
static char *put(const struct place *place, GByteArray *bytes)
{
	assert_true(g_file_set_contents(place->path, (const char *)bytes->data, (gssize)bytes->len, NULL));
	char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
	g_byte_array_unref(bytes);
	return sha256;
}

static GByteArray *sound_scan(void)
{
	static uint8_t white[300 * 400];
	memset(white, 250, sizeof white);
	return pictures_grey_png(300, 400, white);
}

// --- the cage

// The number of a process' only child, once it has one; 0 if it has none for long.
static pid_t child_of(pid_t parent)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", (int)parent, (int)parent);
	for (int i = 0; i < 1000; i++) {
		g_autofree char *text = NULL;
		if (g_file_get_contents(path, &text, NULL, NULL) && *text)
			return (pid_t)g_ascii_strtoll(text, NULL, 10);
		g_usleep(10000);
	}
	return 0;
}

// "" where there is nothing. Owned by the caller.
static char *about(pid_t process, const char *what)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/%s", (int)process, what);
	char *text = NULL;
	return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

// What is missing of its cage; NULL if nothing is.
static const char *missing_of_cage(pid_t process)
{
	g_autofree char *status = about(process, "status"), *limits = about(process, "limits");
	if (!SANITIZED && !strstr(status, "\nSeccomp:\t2\n"))
		return "the filter of system calls";
	if (!strstr(status, "\nNoNewPrivs:\t1\n"))
		return "no new privileges";
	if (!SANITIZED && !g_regex_match_simple("Max address space +1073741824 ", limits, 0, 0))
		return "the limit on memory";
	if (!g_regex_match_simple("Max cpu time +20 +20 ", limits, 0, 0))
		return "the limit on time";
	return g_regex_match_simple("Max file size +0 +0 ", limits, 0, 0) ? NULL : "the limit on files";
}

// It takes the process a moment to get into it.
static void assert_caged(pid_t process)
{
	const char *missing = missing_of_cage(process);
	for (int i = 0; i < 1000 && missing; i++) {
		g_usleep(10000);
		missing = missing_of_cage(process);
	}
	if (missing)
		fail_msg("not in its cage: %s", missing);
}

// Nothing is open but the pipe to the program, and the terminal is not.
static void assert_holds_nothing(pid_t process)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/fd", (int)process);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	assert_non_null(folder);
	unsigned pipes = 0;
	for (const char *name; (name = g_dir_read_name(folder));) {
		g_autofree char *link = g_build_filename(path, name, NULL);
		g_autofree char *to = g_file_read_link(link, NULL);
		bool is_pipe = to && g_str_has_prefix(to, "pipe:");
		pipes += is_pipe && atoi(name) > STDERR_FILENO;
		if (to && !is_pipe && strcmp(to, "/dev/null") != 0 && !SANITIZED)
			fail_msg("%s is open", to);
	}
	assert_int_equal(pipes, 1);
}

// A scan that takes long is looked at by a process of ours; its child is looked at by the test, and then shot.
static void whoever_looks_at_a_scan_is_caged(void **state)
{
	const struct place *place = *state;
	const char *why;
	if (!cage_is_whole(&why)) {
		print_message("%s\n", why);
		skip();
	}
	g_autofree char *sha256 = put(place, bomb_pdf_repeated(100000));
	for (size_t i = 0; i < G_N_ELEMENTS(WAYS); i++) {
		pid_t looker = fork();
		if (looker == 0) {
			g_autofree char *said = WAYS[i](place->path, sha256);
			_exit(said ? 0 : 1);
		}
		pid_t child = child_of(looker);
		assert_true(child > 0);
		assert_caged(child);
		assert_holds_nothing(child);
		kill(child, SIGKILL);
		int status;
		assert_int_equal(waitpid(looker, &status, 0), looker);
		assert_int_equal(status, 0); // and said so
	}
}

// --- what lies there instead

static void pipe_there(const char *path)
{
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void device_there(const char *path)
{
	assert_int_equal(symlink("/dev/zero", path), 0);
}

static void loop_there(const char *path)
{
	assert_int_equal(symlink(path, path), 0);
}

static void folder_there(const char *path)
{
	assert_int_equal(g_mkdir(path, 0700), 0);
}

static void huge_file_there(const char *path)
{
	assert_true(g_file_set_contents(path, "", 0, NULL));
	assert_int_equal(truncate(path, (off_t)1 << 42), 0);
}

static void nothing_there(const char *path)
{
	assert_int_equal(access(path, F_OK), -1);
}

static void other_file_there(const char *path)
{
	assert_true(g_file_set_contents(path, "other", 5, NULL));
}

static void what_lies_in_a_scans_place_is_told_at_once(void **state)
{
	static const struct {
		void (*put)(const char *path);
		const char *said;
	} CASES[] = {{pipe_there, "is not there any more"}, {device_there, "is not there any more"},
		{loop_there, "is not there any more"}, {folder_there, "is not there any more"},
		{huge_file_there, "is not there any more"}, {nothing_there, "is not there any more"},
		{other_file_there, "has changed since it was read"}};
	const struct place *place = *state;
	g_autofree char *sha256 = put(place, sound_scan());
	for (size_t way = 0; way < G_N_ELEMENTS(WAYS); way++)
		assert_null(WAYS[way](place->path, sha256));
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_remove(place->path);
		CASES[i].put(place->path);
		for (size_t way = 0; way < G_N_ELEMENTS(WAYS); way++) {
			gint64 start = g_get_monotonic_time();
			alarm(60 * TEST_SLOWNESS); // or the test would wait as well
			g_autofree char *said = WAYS[way](place->path, sha256);
			alarm(0);
			assert_non_null(said);
			if (!strstr(said, CASES[i].said) || strchr(said, '\n'))
				fail_msg("\"%s\" is expected: %s", CASES[i].said, said);
			assert_true(g_get_monotonic_time() - start < SOON_SECONDS * G_USEC_PER_SEC);
		}
	}
}

static void a_scan_that_is_none_cannot_be_shown(void **state)
{
	const struct place *place = *state;
	GByteArray *cut = sound_scan();
	g_byte_array_set_size(cut, 40);
	GByteArray *bombs[] = {cut, bomb_png(30000, 30000), bomb_pdf_circle()};
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		g_autofree char *sha256 = put(place, bombs[i]);
		for (size_t way = 0; way < G_N_ELEMENTS(WAYS); way++) {
			g_autofree char *said = WAYS[way](place->path, sha256);
			assert_non_null(said);
			assert_non_null(strstr(said, "no image can be made of"));
		}
	}
}

// --- a child that trickles

// A byte now and then is no reason to wait for ever.
static void an_answer_in_crumbs_is_waited_for_so_long_and_no_longer(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		for (;;) {
			(void)!write(ends[1], "x", 1);
			g_usleep(20000);
		}
	}
	char all[1000];
	gint64 start = g_get_monotonic_time();
	assert_true(pipe_read(ends[0], all, 2, start + 20 * G_USEC_PER_SEC));
	assert_false(pipe_read(ends[0], all, sizeof all, start + G_USEC_PER_SEC));
	double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
	assert_true(seconds >= 1 && seconds < 5 * TEST_SLOWNESS);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ends[0]);
	close(ends[1]);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	signal(SIGPIPE, SIG_IGN); // as cli/main.c does
	const struct CMUnitTest tests[] = {
		TEST(whoever_looks_at_a_scan_is_caged),
		TEST(what_lies_in_a_scans_place_is_told_at_once),
		TEST(a_scan_that_is_none_cannot_be_shown),
		cmocka_unit_test(an_answer_in_crumbs_is_waited_for_so_long_and_no_longer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
