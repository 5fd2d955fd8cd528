// SPDX-License-Identifier: GPL-3.0-or-later
// What people put into exam folders, by mistake or to do harm, one case after another beside a sound scan: the whole
// program ends in bounded time and memory, the sound scan is graded, and what was wrong is named once. Prints a row a
// case: seconds, the most memory that one process had, and what was said of it. `make hostile` shows the table.
#include "tests/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sheet/exam_file.h"
#include "tests/bombs.h"
#include "tests/sheets.h"
#include "tests/shell.h"

#define SECONDS_MOST (30.0 * TEST_SLOWNESS)
#define MEGABYTES_MOST 1024 // what a worker may have
#define NOBODY 65534        // for what root may and others may not

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

static const char EXAM[] = "exam: quiz\ntitle: Quiz\npaper: a4\nsections:\n  - title: One\n    questions:\n"
			   "      - {type: single, choices: 3, key: A}\n";

struct place {
	char *folder, *exam, *roster, *scans, *results;
	GByteArray *sound; // a scan
};

static void put_bytes(const struct place *place, const char *name, const void *bytes, size_t size)
{
	g_autofree char *path = g_build_filename(place->scans, name, NULL);
	if (!g_file_set_contents(path, bytes, (gssize)size, NULL))
		fail_msg("%s cannot be written", path);
}

static void put(const struct place *place, const char *name, GByteArray *bytes)
{
	put_bytes(place, name, bytes->data, bytes->len);
	g_byte_array_unref(bytes);
}

static char *in_scans(const struct place *place, const char *name)
{
	return g_build_filename(place->scans, name, NULL);
}

// --- what is put into the folder

static void png_30000(const struct place *place)
{
	put(place, "bad.png", bomb_png(30000, 30000));
}

static void png_within_caps(const struct place *place)
{
	put(place, "bad.png", bomb_png(16000, 5000));
}

static void png_text(const struct place *place)
{
	put(place, "bad.png", bomb_png_text(1000));
}

static void jpeg_scans(const struct place *place)
{
	put(place, "bad.jpg", bomb_jpeg_scans(4000, 1000));
}

static void tiff_itself(const struct place *place)
{
	put(place, "bad.tif", bomb_tiff_circle(1));
}

static void tiff_circle(const struct place *place)
{
	put(place, "bad.tif", bomb_tiff_circle(2));
}

static void tiff_deflate(const struct place *place)
{
	put(place, "bad.tif", bomb_tiff_deflate(1000));
}

static void pdf_arrays(const struct place *place)
{
	put(place, "bad.pdf", bomb_pdf_arrays(1000000));
}

static void pdf_tree(const struct place *place)
{
	put(place, "bad.pdf", bomb_pdf_tree(50000));
}

static void pdf_circle(const struct place *place)
{
	put(place, "bad.pdf", bomb_pdf_circle());
}

static void pdf_form(const struct place *place)
{
	put(place, "bad.pdf", bomb_pdf_form());
}

static void pdf_content(const struct place *place)
{
	put(place, "bad.pdf", bomb_pdf_content(2000));
}

static void pdf_repeated(const struct place *place)
{
	put(place, "bad.pdf", bomb_pdf_repeated(100000));
}

static void pdf_image(const struct place *place)
{
	put(place, "bad.pdf", bomb_pdf_image(30000));
}

static void pnm_promise(const struct place *place)
{
	static const char text[] = "P5\n99999999 99999999\n255\n";
	put_bytes(place, "bad.pgm", text, sizeof text);
}

static void nothing_in_it(const struct place *place)
{
	put_bytes(place, "bad.png", "", 0);
}

static void huge_and_sparse(const struct place *place)
{
	g_autofree char *path = in_scans(place, "bad.png");
	put_bytes(place, "bad.png", "", 0);
	assert_int_equal(truncate(path, (off_t)1 << 42), 0);
}

static void names(const struct place *place)
{
	static const char *const NAMES[] = {"a\nb.png", "\"quoted\", and more.png", "-rf.png", "--help", "=1+1.png",
		"\xff\xfe.png", "$(reboot);`x`.png", "<script>.png", "\033[2J.png", " .png", "~"};
	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
		put_bytes(place, NAMES[i], "no image", 8);
}

static void link_loops(const struct place *place)
{
	g_autofree char *a = in_scans(place, "a"), *b = in_scans(place, "b"), *up = in_scans(place, "up"),
			*gone = in_scans(place, "gone"), *device = in_scans(place, "zero.png");
	assert_int_equal(symlink("b", a), 0);
	assert_int_equal(symlink("a", b), 0);
	assert_int_equal(symlink(".", up), 0);
	assert_int_equal(symlink("nowhere", gone), 0);
	assert_int_equal(symlink("/dev/zero", device), 0);
}

// 20 folders, each of which links to all others: as many paths as there are orders of 20.
static void link_maze(const struct place *place)
{
	for (unsigned i = 0; i < 20; i++) {
		g_autofree char *name = g_strdup_printf("f%u", i), *folder = in_scans(place, name);
		assert_int_equal(g_mkdir(folder, 0700), 0);
		for (unsigned k = 0; k < 20; k++) {
			g_autofree char *own = g_strdup_printf("l%u", k), *link = g_build_filename(folder, own, NULL);
			g_autofree char *to = g_strdup_printf("../f%u", k);
			assert_int_equal(symlink(to, link), 0);
		}
	}
	put_bytes(place, "f19/bad.png", "no image", 8);
}

static void no_files(const struct place *place)
{
	g_autofree char *pipe = in_scans(place, "pipe.png"), *device = in_scans(place, "device.png"),
			*socket_path = in_scans(place, "s.png");
	assert_int_equal(mkfifo(pipe, 0600), 0);
	if (mknod(device, S_IFCHR | 0600, makedev(1, 5)) != 0) // /dev/zero; only root may
		assert_int_equal(mkfifo(device, 0600), 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	g_strlcpy(address.sun_path, socket_path, sizeof address.sun_path);
	int plug = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(plug, (const struct sockaddr *)&address, sizeof address), 0);
	close(plug);
}

static void ten_thousand_folders(const struct place *place)
{
	for (unsigned i = 0; i < 10000; i++) {
		g_autofree char *name = g_strdup_printf("f%u", i), *folder = in_scans(place, name);
		assert_int_equal(g_mkdir(folder, 0700), 0);
	}
	put_bytes(place, "f9999/bad.png", "no image", 8);
}

// A link to all of the disk, in a folder in the folder.
static void link_out(const struct place *place)
{
	g_autofree char *folder = in_scans(place, "sub"), *all = in_scans(place, "sub/all"),
			*up = in_scans(place, "up");
	assert_int_equal(g_mkdir(folder, 0700), 0);
	assert_int_equal(symlink("/", all), 0);
	assert_int_equal(symlink("..", up), 0);
}

// A path far longer than 4,096 bytes, made step by step.
static void deep_folders(const struct place *place)
{
	g_autofree char *name = g_strnfill(250, 'd');
	int at = open(place->scans, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (unsigned i = 0; i < 40; i++) {
		assert_int_equal(mkdirat(at, name, 0700), 0);
		int next = openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = next;
	}
	int file = openat(at, "bad.png", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	close(file);
	close(at);
}

static void many_levels(const struct place *place)
{
	g_autoptr(GString) path = g_string_new(place->scans);
	for (unsigned i = 0; i < 200; i++)
		g_string_append(path, "/d");
	assert_int_equal(g_mkdir_with_parents(path->str, 0700), 0);
}

static void no_permission(const struct place *place)
{
	g_autofree char *folder = in_scans(place, "closed"), *file = in_scans(place, "bad.png");
	put_bytes(place, "bad.png", "no image", 8);
	assert_int_equal(g_mkdir(folder, 0), 0);
	assert_int_equal(chmod(file, 0), 0);
}

// A million students, of whom one came.
static void million_students(const struct place *place)
{
	g_autoptr(GString) roster = g_string_new("student_id,name\n1001,Ada\n");
	for (unsigned i = 0; i < 1000000; i++)
		g_string_append_printf(roster, "%u,Student %u\n", 10000000 + i, i);
	assert_true(g_file_set_contents(place->roster, roster->str, (gssize)roster->len, NULL));
}

static const struct hostile_case {
	const char *name;
	void (*make)(const struct place *place);
	unsigned exceptions;     // rows of exceptions.csv
	const char *expected[3]; // rows begin so, wherever they stand
	// SLOW ones are tried only when asked for; UNSANITIZED ones end at the limit on memory, which sanitizers need
	// off.
	enum { QUICK, SLOW, UNSANITIZED, AS_NOBODY } how;
} CASES[] = {
	{"PNG of 30000 x 30000 pixels", png_30000, 1, {"too-large,bad.png,"}, QUICK},
	{"PNG of 80 million black pixels", png_within_caps, 1, {"unregistered,bad.png,"}, QUICK},
	{"PNG with 1 GB of comment", png_text, 1, {"unregistered,bad.png,"}, QUICK},
	{"JPEG of 1000 scans", jpeg_scans, 1, {"damaged,bad.jpg,"}, QUICK},
	{"TIFF that points at itself", tiff_itself, 2, {"unregistered,bad.tif#1,", "damaged,bad.tif#2,"}, QUICK},
	{"TIFF whose two pages point at each other", tiff_circle, 3, {"damaged,bad.tif#3,"}, QUICK},
	{"TIFF strip of 1 GB", tiff_deflate, 1, {"unregistered,bad.tif#1,"}, QUICK},
	{"PDF with a million arrays in each other", pdf_arrays, 1, {"damaged,bad.pdf#1,"}, QUICK},
	{"PDF page tree of 50000 levels", pdf_tree, 1, {"damaged,bad.pdf#1,"}, QUICK},
	{"PDF page tree in a circle", pdf_circle, 1, {"damaged,bad.pdf#1,"}, QUICK},
	{"PDF form that paints itself", pdf_form, 0, {NULL}, QUICK},
	{"PDF content of 2 GB", pdf_content, 1, {"damaged,bad.pdf#1,"}, UNSANITIZED},
	{"PDF that paints a picture 100000 times", pdf_repeated, 1, {"crashed,bad.pdf#1,"}, SLOW},
	{"PDF image of 30000 x 30000 pixels", pdf_image, 1, {"too-large,bad.pdf#1,"}, QUICK},
	{"PGM that promises 10^16 pixels", pnm_promise, 1, {"too-large,bad.pgm,"}, QUICK},
	{"empty file", nothing_in_it, 1, {"not-an-image,bad.png,"}, QUICK},
	{"file of 4 TB", huge_and_sparse, 1, {"not-an-image,bad.png,"}, QUICK},
	{"names with line ends, quotes, dashes, no UTF-8", names, 11,
		{"not-an-image,\"a\nb.png\",", "not-an-image,'=1+1.png,", "not-an-image,\\xFF\\xFE.png,"}, QUICK},
	{"links in circles, to nowhere, to a device", link_loops, 4,
		{"not-an-image,a,", "not-an-image,gone,", "not-an-image,zero.png,"}, QUICK},
	{"links to all of the disk and to what is around", link_out, 2, {"not-an-image,sub/all,", "not-an-image,up,"},
		QUICK},
	{"20 folders that link to each other", link_maze, 1, {"not-an-image,f19/bad.png,"}, QUICK},
	{"pipe, device, socket", no_files, 3,
		{"not-an-image,pipe.png,", "not-an-image,device.png,", "not-an-image,s.png,"}, QUICK},
	{"10000 folders", ten_thousand_folders, 1, {"not-an-image,f9999/bad.png,"}, QUICK},
	{"path of 10000 bytes", deep_folders, 1, {"not-an-image,"}, QUICK},
	{"200 folders in each other", many_levels, 1, {"not-an-image,d/d/"}, QUICK},
	{"folder and file without permission", no_permission, 2, {"not-an-image,bad.png,", "not-an-image,closed,"},
		AS_NOBODY},
	{"roster of a million students", million_students, 0, {NULL}, QUICK},
};

// What was not as it should be. The table is to be whole before it is told.
static GString *complaints;

#define complain(...) g_string_append_printf(complaints, __VA_ARGS__)

// --- running it

static struct place make_place(const GByteArray *sound)
{
	struct place place = {.folder = g_dir_make_tmp("sheaf-hostile-XXXXXX", NULL)};
	place.exam = g_build_filename(place.folder, "exam.yaml", NULL);
	place.roster = g_build_filename(place.folder, "roster.csv", NULL);
	place.scans = g_build_filename(place.folder, "scans", NULL);
	place.results = g_build_filename(place.folder, "results", NULL);
	assert_true(g_file_set_contents(place.exam, EXAM, -1, NULL));
	assert_true(g_file_set_contents(place.roster, "student_id,name\n1001,Ada\n", -1, NULL));
	assert_int_equal(g_mkdir(place.scans, 0700), 0);
	put_bytes(&place, "sound.png", sound->data, sound->len);
	return place;
}

static void drop_place(struct place *place)
{
	shell("chmod -R u+rwx %s 2>/dev/null; rm -rf %s", place->folder, place->folder);
	g_free(place->folder);
	g_free(place->exam);
	g_free(place->roster);
	g_free(place->scans);
	g_free(place->results);
}

static void hand_over(const struct place *place)
{
	shell("chown -R %d %s", NOBODY, place->folder);
}

struct measure {
	int status;
	double seconds;
	long megabytes;
};

static struct measure run_sheaf(const struct place *place, bool as_nobody)
{
	gint64 start = g_get_monotonic_time();
	g_autofree char *log = g_build_filename(place->folder, "log", NULL);
	pid_t child = fork();
	if (child == 0) {
		int out = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		if (as_nobody && setresuid(NOBODY, NOBODY, NOBODY) != 0)
			_exit(100);
		execl(SHEAF_PROGRAM, "sheaf", "grade", place->exam, place->scans, "--roster", place->roster, "-o",
			place->results, "--jobs", "2", NULL);
		_exit(101);
	}
	struct rusage usage;
	struct measure measure;
	assert_int_equal(wait4(child, &measure.status, 0, &usage), child);
	measure.seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
	measure.megabytes = usage.ru_maxrss / 1024;
	return measure;
}

static char *contents(const struct place *place, const char *name)
{
	g_autofree char *path = g_build_filename(place->results, name, NULL);
	char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("there is no %s", path);
	return text;
}

// Rows of a CSV text without its header; line ends in quotes are no rows' ends.
static unsigned count_rows(const char *csv)
{
	unsigned rows = 0;
	bool quoted = false;
	for (; *csv; csv++) {
		quoted ^= *csv == '"';
		rows += *csv == '\n' && !quoted;
	}
	return rows - 1;
}

static void check_results(const struct place *place, const struct hostile_case *is, const char *exceptions)
{
	g_autofree char *grades = contents(place, "gradebook.csv");
	if (!strstr(grades, "\n1001,Ada,graded,"))
		complain("%s: the sound scan is not graded: %.200s\n", is->name, grades);
	if (count_rows(exceptions) != is->exceptions)
		complain("%s: %u exceptions are expected:\n%s\n", is->name, is->exceptions, exceptions);
	for (size_t i = 0; i < G_N_ELEMENTS(is->expected) && is->expected[i]; i++) {
		g_autofree char *row = g_strconcat("\n", is->expected[i], NULL);
		if (!strstr(exceptions, row))
			complain("%s: \"%s\" is expected:\n%s\n", is->name, is->expected[i], exceptions);
	}
}

// The kind of the first exception, and how many there are.
static char *in_a_word(const char *exceptions)
{
	unsigned n = count_rows(exceptions);
	const char *row = exceptions + strcspn(exceptions, "\n") + 1;
	g_autofree char *kind = g_strndup(row, strcspn(row, ","));
	if (n < 2)
		return g_strdup(n ? kind : "no exception");
	return g_strdup_printf("%s, %u times", kind, n);
}

static void try_case(const struct hostile_case *is, const GByteArray *sound)
{
	struct place place = make_place(sound);
	is->make(&place);
	bool as_nobody = is->how == AS_NOBODY && geteuid() == 0;
	if (as_nobody)
		hand_over(&place);
	struct measure measure = run_sheaf(&place, as_nobody);
	if (as_nobody && WIFEXITED(measure.status) && WEXITSTATUS(measure.status) == 101) {
		print_message("| %-48s | nobody but root may start the program here |\n", is->name);
		drop_place(&place);
		return;
	}
	if (!WIFEXITED(measure.status) || WEXITSTATUS(measure.status) != 0) {
		complain("%s: sheaf ended with %x\n", is->name, (unsigned)measure.status);
		drop_place(&place);
		return;
	}
	g_autofree char *exceptions = contents(&place, "exceptions.csv");
	g_autofree char *word = in_a_word(exceptions);
	print_message("| %-48s | %-22s | %5.1f s | %4ld MB |\n", is->name, word, measure.seconds, measure.megabytes);
	check_results(&place, is, exceptions);
	if (measure.seconds > SECONDS_MOST || (measure.megabytes > MEGABYTES_MOST && !SANITIZED))
		complain("%s: too long or too much\n", is->name);
	drop_place(&place);
}

static int set_up(void **state)
{
	EXAM_AUTO exam = exam_parse("exam.yaml", EXAM, strlen(EXAM), NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	const struct print_sheet sheet = {.id = "1001"};
	struct page_image *image = sheets_page(layout, &sheet, 1, 150);
	*state = sheets_png(image);
	page_image_free(image);
	return 0;
}

static int tear_down(void **state)
{
	g_byte_array_unref(*state);
	return 0;
}

static void every_case_is_met(void **state)
{
	const char *only = g_getenv("SHEAF_HOSTILE_CASE");
	complaints = g_string_new(NULL);
	print_message("| %-48s | %-22s | %7s | %7s |\n", "case", "what became of it", "time", "memory");
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
		if (only ? strstr(CASES[i].name, only) != NULL
			 : CASES[i].how != (SANITIZED ? UNSANITIZED : SLOW) && CASES[i].how != SLOW)
			try_case(&CASES[i], *state);
	g_autofree char *all = g_string_free(complaints, FALSE);
	if (all[0])
		fail_msg("%s", all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_case_is_met)};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
