// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders that do what a hole in one would let a scan do: what they try fails, it costs their own page and no other,
// and the program knows in bounded time. Whether an attempt came off is told through memory shared with the worker, the
// one thing that the cage leaves to a test that set it up before.
#include "tests/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/cage.h"
#include "cli/pool.h"
#include "cli/wire.h"
#include "scan/walk.h"
#include "sheet/exam_file.h"
#include "tests/sheets.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

#define CPU_SECONDS 1
#define WALL_SECONDS 3

// Shared with the workers.
static struct {
	bool tried;    // the attempt was made
	bool came_off; // and was not refused
	int refusal;   // errno, where it was refused and the worker lives on
	pid_t parent;
	char folder[200];
} * shared;

static void outcome(bool came_off)
{
	shared->refusal = errno;
	shared->came_off = came_off;
}

// --- what they try

static void crash(void)
{
	raise(SIGSEGV);
	*(volatile char *)(intptr_t)(shared->tried - 1) = 1; // in case the signal was refused
}

static void give_up(void)
{
	abort();
}

static void loop(void)
{
	for (volatile unsigned i = 0;; i++)
		;
}

static void wait_for_ever(void)
{
	int ends[2];
	if (pipe(ends) == 0) // refused, in fact; then it waits for a word that nobody sends
		shared->came_off = true;
	static volatile int never;
	for (;;)
		syscall(SYS_futex, &never, 0, 0, NULL, NULL, 0); // FUTEX_WAIT
}

static void eat_memory(void)
{
	size_t eaten = 0;
	const size_t bite = 16 * 1024 * 1024;
	for (char *food; (food = malloc(bite)); eaten += bite)
		food[0] = 1;
	outcome(eaten > CAGE_MEMORY_BYTES);
	abort();
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winfinite-recursion"
static void recurse_into(volatile char *above)
{
	volatile char here[4096];
	here[0] = above[0];
	recurse_into(here);
	here[1] = above[1];
}
#pragma GCC diagnostic pop

static void recurse(void)
{
	volatile char start[2] = {0};
	recurse_into(start);
}

static void read_a_secret(void)
{
	outcome(open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0);
}

static void read_a_scan(void)
{
	g_autofree char *path = g_build_filename(shared->folder, "good1.png", NULL);
	outcome(open(path, O_RDONLY | O_CLOEXEC) >= 0);
}

static void read_the_parents_memory(void)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/mem", (int)shared->parent);
	outcome(open(path, O_RDONLY | O_CLOEXEC) >= 0);
}

static void write_a_file(void)
{
	g_autofree char *path = g_build_filename(shared->folder, "made", NULL);
	outcome(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0);
}

static void write_among_fonts(void)
{
	outcome(open("/usr/share/fonts/made", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0);
}

static void delete_a_scan(void)
{
	g_autofree char *path = g_build_filename(shared->folder, "good1.png", NULL);
	outcome(unlink(path) == 0);
}

static void rename_a_scan(void)
{
	g_autofree char *path = g_build_filename(shared->folder, "good1.png", NULL);
	g_autofree char *other = g_build_filename(shared->folder, "good3.png", NULL);
	outcome(rename(path, other) == 0);
}

static void truncate_a_scan(void)
{
	g_autofree char *path = g_build_filename(shared->folder, "good1.png", NULL);
	outcome(truncate(path, 0) == 0);
}

static void open_a_socket(void)
{
	outcome(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static void make_a_process(void)
{
	outcome(fork() >= 0);
}

static void start_a_program(void)
{
	char *const argv[] = {(char *)"/bin/true", NULL};
	outcome(execve(argv[0], argv, NULL) == 0);
}

static void shoot_the_parent(void)
{
	outcome(kill(shared->parent, 0) == 0);
}

static void trace_the_parent(void)
{
	outcome(ptrace(PTRACE_ATTACH, shared->parent, NULL, NULL) == 0);
}

static void make_code(void)
{
	outcome(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

static void make_memory_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	outcome(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0);
}

static void write_to_the_terminal(void)
{
	outcome(write(STDERR_FILENO, "\033[2J", 4) > 0);
}

static void lift_a_limit(void)
{
	const struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
	outcome(setrlimit(RLIMIT_AS, &more) == 0);
}

static const uint8_t *lent; // the wicked file's bytes

static void change_what_was_lent(void)
{
	void *page = (void *)((uintptr_t)lent & ~(uintptr_t)4095);
	outcome(mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0);
}

static void take_away_what_was_lent(void)
{
	bool shorter = false;
	for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
		shorter |= ftruncate(fd, 0) == 0 || pwrite(fd, "x", 1, 0) == 1;
	outcome(shorter);
}

static const struct crime {
	const char *name;
	void (*commit)(void);
	bool dies;        // the worker; otherwise the page is read as if nothing had been tried
	bool only_filter; // only system calls' filter stops it, which sanitizers do not stand
	const char *detail;
} CRIMES[] = {
	{"crash", crash, true, false, "failed"},
	{"abort", give_up, true, false, "failed"},
	{"loop", loop, true, false, "took too long"},
	{"wait", wait_for_ever, true, true, "took too long"},
	{"eat memory", eat_memory, true, true, "failed"},
	{"recurse", recurse, true, false, "failed"},
	{"read a secret", read_a_secret, false, false, NULL},
	{"read a scan", read_a_scan, false, false, NULL},
	{"read the parent's memory", read_the_parents_memory, false, false, NULL},
	{"write a file", write_a_file, false, false, NULL},
	{"write among fonts", write_among_fonts, false, false, NULL},
	{"delete a scan", delete_a_scan, false, false, NULL},
	{"rename a scan", rename_a_scan, false, false, NULL},
	{"truncate a scan", truncate_a_scan, false, true, NULL},
	{"open a socket", open_a_socket, true, true, "failed"},
	{"make a process", make_a_process, false, true, NULL},
	{"start a program", start_a_program, true, true, "failed"},
	{"shoot the parent", shoot_the_parent, true, true, "failed"},
	{"trace the parent", trace_the_parent, true, true, "failed"},
	{"make code", make_code, false, true, NULL},
	{"make memory code", make_memory_code, false, true, NULL},
	{"write to the terminal", write_to_the_terminal, false, true, NULL},
	{"lift a limit", lift_a_limit, false, true, NULL},
	{"change what was lent", change_what_was_lent, false, false, NULL},
	{"take away what was lent", take_away_what_was_lent, false, true, NULL},
};

static const struct crime *crime; // of the test that runs; workers inherit it

// A file of this size is the wicked one. It is a sound image all the same.
static size_t wicked_size;

static void decode_first(const uint8_t *bytes, size_t size)
{
	if (size != wicked_size)
		return;
	lent = bytes;
	// As in the program: cmocka's way with these would have the worker go on as a second test.
	static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		signal(signals[i], SIG_DFL);
	shared->tried = true;
	crime->commit();
}

// --- a folder with two good scans around a wicked one

struct setting {
	struct exam *exam;
	struct layout *layout;
	GPtrArray *entries;
};

static void put_scan(const struct setting *setting, const char *name, const char *id)
{
	const struct print_sheet sheet = {.id = id};
	struct page_image *image = sheets_page(setting->layout, &sheet, 1, 120);
	g_autoptr(GByteArray) png = sheets_png(image);
	g_autofree char *path = g_build_filename(shared->folder, name, NULL);
	if (strcmp(name, "bad.png") == 0) {
		g_byte_array_append(png, (const guint8 *)"wicked", 6);
		wicked_size = png->len;
	}
	assert_true(g_file_set_contents(path, (const char *)png->data, (gssize)png->len, NULL));
	page_image_free(image);
}

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	shared->parent = getpid();
	setting->exam = exam_load("fixtures/exams/true-false.yaml", NULL);
	setting->layout = layout_new(setting->exam, NULL);
	g_autofree char *folder = g_dir_make_tmp("sheaf-cage-XXXXXX", NULL);
	g_strlcpy(shared->folder, folder, sizeof shared->folder);
	put_scan(setting, "bad.png", "0666");
	put_scan(setting, "good1.png", "0001");
	put_scan(setting, "good2.png", "0002");
	setting->entries = walk_paths((const char *const[]){shared->folder, NULL}, NULL);
	assert_int_equal(setting->entries->len, 3);
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	for (guint i = 0; i < setting->entries->len; i++)
		g_remove(((const struct walk_entry *)g_ptr_array_index(setting->entries, i))->path);
	assert_int_equal(g_rmdir(shared->folder), 0); // nothing was made in it
	g_ptr_array_unref(setting->entries);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	munmap(shared, sizeof *shared);
	return 0;
}

struct said {
	struct answers *answers[3];
	char *not_a_page[3];
	unsigned pages[3];
};

static void on_page(void *data, unsigned file, unsigned page, unsigned n_pages, struct answers *answers)
{
	struct said *said = data;
	assert_true(page < n_pages);
	said->pages[file]++;
	answers_free(said->answers[file]);
	said->answers[file] = answers;
}

static void on_not_a_page(void *data, unsigned file, const char *reason)
{
	((struct said *)data)->not_a_page[file] = g_strdup(reason);
}

static struct said read_all(const struct setting *setting, unsigned jobs)
{
	struct said said = {.answers = {NULL}};
	const struct pool_handlers handlers = {.page = on_page,
		.not_a_page = on_not_a_page,
		.data = &said,
		.cpu_seconds = CPU_SECONDS * TEST_SLOWNESS,
		.seconds = WALL_SECONDS * TEST_SLOWNESS,
		.first = decode_first};
	shared->tried = shared->came_off = false;
	assert_true(pool_read(setting->layout, setting->entries, jobs, false, &handlers, NULL));
	return said;
}

static void said_clear(struct said *said)
{
	for (int i = 0; i < 3; i++) {
		answers_free(said->answers[i]);
		g_free(said->not_a_page[i]);
	}
}

static void assert_read(const struct answers *answers, const char *id)
{
	assert_non_null(answers);
	assert_int_equal(answers->outcome, ANSWERS_READ);
	assert_string_equal(answers->student, id);
}

static void check_crime(const struct setting *setting, unsigned jobs)
{
	struct said said = read_all(setting, jobs);
	if (!shared->tried || shared->came_off)
		fail_msg("%s: %s", crime->name, shared->tried ? "it came off" : "it was not tried");
	assert_read(said.answers[1], "0001");
	assert_read(said.answers[2], "0002");
	assert_int_equal(said.pages[0] + said.pages[1] + said.pages[2], 3);
	if (crime->dies) {
		assert_non_null(said.answers[0]);
		assert_string_equal(said.answers[0]->kind, ANSWERS_KIND_CRASHED);
		if (!strstr(said.answers[0]->detail, crime->detail))
			fail_msg("%s: %s", crime->name, said.answers[0]->detail);
	} else {
		assert_true(shared->refusal == EPERM || shared->refusal == EACCES);
		assert_read(said.answers[0], "0666");
	}
	said_clear(&said);
}

static void what_a_decoder_tries_fails_and_costs_its_page_alone(void **state)
{
	const char *why;
	if (!cage_is_whole(&why)) {
		print_message("%s\n", why);
		skip();
	}
	for (size_t i = 0; i < G_N_ELEMENTS(CRIMES); i++) {
		crime = &CRIMES[i];
		if (crime->only_filter && SANITIZED)
			continue;
		gint64 start = g_get_monotonic_time();
		check_crime(*state, 1 + (unsigned)i % 2);
		double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
		print_message("%-26s %s, %.1f s\n", crime->name,
			crime->dies ? "costs the page" : g_strerror(shared->refusal), seconds);
		assert_true(seconds < 10 * TEST_SLOWNESS);
	}
}

// --- workers that lie

static unsigned lie_number;
static int liar = -1; // the descriptor that a worker may write to

static void say(enum wire_kind kind, uint32_t page, const char *body, uint32_t size)
{
	const struct wire_head head = {kind, page, size};
	if (write(liar, &head, sizeof head) == (ssize_t)sizeof head && body)
		(void)!write(liar, body, size);
}

// The pipe that leads to the parent: the only one that can be written to.
static void find_pipe(void)
{
	for (int fd = 3; fd < 64 && liar < 0; fd++)
		if (write(fd, "", 0) == 0)
			liar = fd;
}

static void claim_a_huge_message(void)
{
	say(WIRE_PAGE, 0, NULL, 0x30000000);
	for (;;)
		(void)!write(liar, shared->folder, sizeof shared->folder);
}

static void count_for_ever(void)
{
	for (uint32_t n = 2;; n++)
		say(WIRE_COUNT, n, NULL, 0);
}

static void draw_outside(void)
{
	say(WIRE_PICTURE, 0, "../../made.png\0PNG", 18);
}

static void answer_twice(void)
{
	say(WIRE_NOT_A_PAGE, 0, "no", 2);
	say(WIRE_NOT_A_PAGE, 0, "no", 2);
}

static void talk_nonsense(void)
{
	(void)!write(liar, "nonsense, and a lot of it", 25);
}

// A file of very many pages would cost a worker for each.
static void count_a_lot(void)
{
	say(WIRE_COUNT, 1000, NULL, 0);
	abort();
}

static void answer_for_another_page(void)
{
	say(WIRE_PAGE, 7, "answers\t1\noutcome\tblank\nmarks\t0\n", 32);
}

// Believed once: the next worker is one that can draw.
static void never_draw(void)
{
	say(WIRE_DRAW, 0, NULL, 0);
}

#define N_LIES 8

static void lie(void)
{
	static void (*const lies[N_LIES])(void) = {claim_a_huge_message, count_for_ever, draw_outside, answer_twice,
		talk_nonsense, answer_for_another_page, count_a_lot, never_draw};
	find_pipe();
	lies[lie_number]();
	for (;;)
		;
}

static void lie_first(const uint8_t *bytes, size_t size)
{
	(void)bytes;
	if (size == wicked_size)
		lie();
}

static void what_a_worker_says_is_not_believed(void **state)
{
	const struct setting *setting = *state;
	for (unsigned i = 0; i < N_LIES; i++) {
		struct said said = {.answers = {NULL}};
		const struct pool_handlers handlers = {.page = on_page,
			.not_a_page = on_not_a_page,
			.data = &said,
			.cpu_seconds = CPU_SECONDS * TEST_SLOWNESS,
			.seconds = WALL_SECONDS * TEST_SLOWNESS,
			.first = lie_first};
		lie_number = i;
		assert_true(pool_read(setting->layout, setting->entries, 1, false, &handlers, NULL));
		assert_read(said.answers[1], "0001");
		assert_read(said.answers[2], "0002");
		bool crashed = said.answers[0] && g_strcmp0(said.answers[0]->kind, ANSWERS_KIND_CRASHED) == 0;
		assert_true(crashed || said.not_a_page[0]);
		said_clear(&said);
	}
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	assert_true(SANITIZED || usage.ru_maxrss < 400 * 1024); // KB: none of it was kept
}

// What staff will read of a file is one line of text, whatever the worker sent.
static void tell_a_story(const uint8_t *bytes, size_t size)
{
	(void)bytes;
	if (size != wicked_size)
		return;
	find_pipe();
	char story[1000];
	memset(story, 'x', sizeof story);
	memcpy(story, "a\nb\033[2J\xff", 9);
	say(WIRE_NOT_A_PAGE, 0, story, sizeof story);
	say(WIRE_END, 0, NULL, 0);
	for (;;)
		;
}

static void a_reason_is_one_line_of_text(void **state)
{
	const struct setting *setting = *state;
	struct said said = {.answers = {NULL}};
	const struct pool_handlers handlers = {.page = on_page,
		.not_a_page = on_not_a_page,
		.data = &said,
		.cpu_seconds = CPU_SECONDS * TEST_SLOWNESS,
		.first = tell_a_story};
	assert_true(pool_read(setting->layout, setting->entries, 1, false, &handlers, NULL));
	assert_non_null(said.not_a_page[0]);
	assert_true(g_utf8_validate(said.not_a_page[0], -1, NULL));
	assert_null(strpbrk(said.not_a_page[0], "\n\033"));
	assert_true(strlen(said.not_a_page[0]) < 500);
	said_clear(&said);
}

// One that closes its pipe, and goes on all the same, is not waited for.
static void seem_to_end(const uint8_t *bytes, size_t size)
{
	(void)bytes;
	(void)size;
	find_pipe();
	say(WIRE_NOT_A_PAGE, 0, "no", 2);
	say(WIRE_END, 0, NULL, 0);
	close(liar);
	for (;;)
		;
}

static void a_worker_that_seems_to_end_is_ended(void **state)
{
	const struct setting *setting = *state;
	struct said said = {.answers = {NULL}};
	const struct pool_handlers handlers = {
		.page = on_page, .not_a_page = on_not_a_page, .data = &said, .first = seem_to_end};
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	g_ptr_array_add(one, g_ptr_array_index(setting->entries, 0));
	assert_true(pool_read(setting->layout, one, 1, false, &handlers, NULL));
	assert_string_equal(said.not_a_page[0], "no");
	said_clear(&said);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN); // as cli/main.c does
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_decoder_tries_fails_and_costs_its_page_alone),
		cmocka_unit_test(what_a_worker_says_is_not_believed),
		cmocka_unit_test(a_reason_is_one_line_of_text),
		cmocka_unit_test(a_worker_that_seems_to_end_is_ended),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
