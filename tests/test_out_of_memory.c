// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that is not to be had in the program itself, at every place in turn: from some request on there is none, for
// our code and for every library. Each run ends by itself: done, or with a line that says what happened; and the
// results' files are whole, the old ones or the new ones. The C library's allocator is this file's below.
#include "tests/harness.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/no_memory.h"
#include "sheet/exam_file.h"
#include "tests/shell.h"
#include "tests/small_batch.h"
#include "tests/visitor.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true // whose allocator it is then
#else
#define SANITIZED false
#endif

#define TRIALS 150    // a command, at most: some at every place, then evenly
#define PDF_TRIALS 60 // where each takes longer
#define REVIEW_TRIALS 100
#define POLL_US 2000

// --- the allocator

static bool counting;
static unsigned long asked, refused_from = ULONG_MAX;

#if !SANITIZED
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *bytes, size_t size);

// Whether there is nothing; then the program's own allocator goes on as here (cli/allocator.c).
static bool refuse(void)
{
	return counting && asked++ >= refused_from;
}

void *malloc(size_t size)
{
	return refuse() ? no_memory_for(size) : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return refuse() ? no_memory_for(n * size) : __libc_calloc(n, size);
}

void *realloc(void *bytes, size_t size)
{
	return refuse() ? no_memory_for(size) : __libc_realloc(bytes, size);
}
#endif

// --- what is run

static const char EXAM[] = "exam: small\ntitle: Small\npaper: a4\nsections:\n  - title: One\n    type: single\n"
			   "    questions:\n      - {choices: 4, key: A}\n      - {choices: 4, key: B}\n";
static const char ROSTER[] = "student_id,name\n1001,Ada\n1002,Ben\n";

struct setting {
	char *folder, *results, *exam, *log, *other;
	unsigned long *asked; // shared with children
};

static const char *const OUTPUTS[] = {"gradebook.csv", "marks.csv", "exceptions.csv", "corrections.csv"};

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	struct small_batch *batch = small_batch_new(EXAM, ROSTER, "stack.pdf");
	setting->folder = g_dir_make_tmp("sheaf-oom-XXXXXX", NULL);
	setting->results = g_build_filename(setting->folder, "results", NULL);
	setting->exam = g_build_filename(setting->folder, "exam.yaml", NULL);
	setting->log = g_build_filename(setting->folder, "log", NULL);
	setting->other = g_build_filename(setting->folder, "other", NULL);
	shell("cp -r %s %s", batch->folder, setting->results);
	small_batch_free(batch);
	setting->asked = mmap(NULL, sizeof *setting->asked, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(setting->asked != MAP_FAILED);
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	shell("rm -rf %s", setting->folder);
	munmap(setting->asked, sizeof *setting->asked);
	g_free(setting->folder);
	g_free(setting->results);
	g_free(setting->exam);
	g_free(setting->log);
	g_free(setting->other);
	g_free(setting);
	return 0;
}

static void write_exam(const struct setting *setting, char key)
{
	g_autofree char *text = g_strdup(EXAM);
	strstr(text, "key: A")[strlen("key: ")] = key;
	assert_true(g_file_set_contents(setting->exam, text, -1, NULL));
}

typedef int command(int argc, char **argv);

// Starts a command in a process of its own that has no more memory from the n-th request on.
static pid_t start(const struct setting *setting, command *what, const char *const *words, unsigned long n)
{
	pid_t child = fork();
	if (child == 0) {
		static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
		for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
			signal(signals[i], SIG_DFL); // cmocka would go on
		int log = open(setting->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
		g_auto(GStrv) argv = g_strdupv((char **)(uintptr_t)words);
		no_memory_ends_the_program();
		refused_from = n;
		counting = true;
		int status = what((int)g_strv_length(argv), argv);
		counting = false;
		*setting->asked = asked;
		_exit(status);
	}
	assert_true(child > 0);
	return child;
}

// Runs it to its end. Its status.
static int run(const struct setting *setting, command *what, const char *const *words, unsigned long n)
{
	int status;
	pid_t child = start(setting, what, words, n);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

// --- what is left

struct outputs {
	char *texts[G_N_ELEMENTS(OUTPUTS)];
};

// When a decision was made differs between two runs that are otherwise the same.
static void forget_times(char *corrections)
{
	for (char *line = strchr(corrections, '\n'); line && line[1]; line = strchr(line + 1, '\n'))
		for (char *at = line + 1; *at && *at != ','; at++)
			*at = g_ascii_isdigit(*at) ? '0' : *at;
}

static struct outputs read_outputs(const struct setting *setting)
{
	struct outputs outputs;
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++) {
		g_autofree char *path = g_build_filename(setting->results, OUTPUTS[i], NULL);
		if (!g_file_get_contents(path, &outputs.texts[i], NULL, NULL))
			fail_msg("there is no %s", path);
		if (strcmp(OUTPUTS[i], "corrections.csv") == 0)
			forget_times(outputs.texts[i]);
	}
	return outputs;
}

// With memory at hand, by this key.
static struct outputs grade(const struct setting *setting, char key)
{
	const char *const words[] = {"grade", setting->exam, "-o", setting->results, NULL};
	write_exam(setting, key);
	assert_int_equal(run(setting, cmd_grade, words, ULONG_MAX), 0);
	return read_outputs(setting);
}

static void outputs_clear(struct outputs *outputs)
{
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++)
		g_free(outputs->texts[i]);
}

static void assert_old_or_new(const struct outputs *now, const struct outputs *old, const struct outputs *new)
{
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++)
		if (strcmp(now->texts[i], old->texts[i]) != 0 && strcmp(now->texts[i], new->texts[i]) != 0)
			fail_msg("%s is neither the old one nor the new one:\n%s", OUTPUTS[i], now->texts[i]);
}

static void assert_ended_well(const struct setting *setting, int status, unsigned long n)
{
	g_autofree char *log = NULL;
	assert_true(g_file_get_contents(setting->log, &log, NULL, NULL));
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 2)
		fail_msg("no memory from request %lu on: ended with %x: %s", n, (unsigned)status, log);
	if (WEXITSTATUS(status) != 0 && (!*log || !strchr(log, '\n')))
		fail_msg("no memory from request %lu on: nothing is said", n);
}

// At every place at first, where most differs, then at as many evenly spread ones as there is time for.
static unsigned long next_place(unsigned long n, unsigned long most, unsigned trials)
{
	return n < trials / 3 ? n + 1 : n + MAX(1, most / (trials * 2 / 3));
}

static void grading_again_leaves_old_or_new_results(void **state)
{
	const struct setting *setting = *state;
	const char *const words[] = {"grade", setting->exam, "-o", setting->results, NULL};
	if (SANITIZED)
		skip();
	struct outputs new = grade(setting, 'C'), old = grade(setting, 'A');
	assert_string_not_equal(old.texts[0], new.texts[0]);
	unsigned long most = *setting->asked;
	unsigned trials = 0, done = 0;
	write_exam(setting, 'C');
	for (unsigned long n = 0; n < most; n = next_place(n, most, TRIALS), trials++) {
		int status = run(setting, cmd_grade, words, n);
		assert_ended_well(setting, status, n);
		struct outputs now = read_outputs(setting);
		assert_old_or_new(&now, &old, &new);
		done += status == 0;
		outputs_clear(&now);
	}
	print_message("%lu requests; none from one of %u on: %u times done all the same\n", most, trials, done);
	// With memory at hand, the same session goes on.
	struct outputs now = grade(setting, 'C');
	assert_string_equal(now.texts[0], new.texts[0]);
	outputs_clear(&now);
	outputs_clear(&old);
	outputs_clear(&new);
}

// Commands that write one file: it is whole, or there is none.
static void what_is_made_is_whole_or_not_there(void **state)
{
	const struct setting *setting = *state;
	if (SANITIZED)
		skip();
	g_autofree char *roster = g_build_filename(setting->folder, "roster.csv", NULL);
	const struct {
		command *what;
		const char *words[7];
		const char *made;
		unsigned trials;
	} CASES[] = {
		{cmd_report, {"report", setting->results, NULL}, "report.html", TRIALS},
		{cmd_export, {"export", setting->results, "canvas", "-o", setting->other, NULL}, NULL, TRIALS},
		{cmd_check, {"check", setting->exam, NULL}, NULL, TRIALS},
		{cmd_print, {"print", setting->exam, "--roster", roster, "-o", setting->other, NULL}, NULL, PDF_TRIALS},
	};
	assert_true(g_file_set_contents(roster, ROSTER, -1, NULL));
	write_exam(setting, 'A');
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *made = CASES[i].made ? g_build_filename(setting->results, CASES[i].made, NULL)
						      : g_strdup(setting->other);
		g_autofree char *whole = NULL;
		int status = run(setting, CASES[i].what, CASES[i].words, ULONG_MAX);
		if (status != 0)
			assert_ended_well(setting, 256 * 9, 0);
		unsigned long most = *setting->asked;
		bool makes = g_file_get_contents(made, &whole, NULL, NULL);
		assert_true(makes || CASES[i].what == cmd_check);
		for (unsigned long n = 0; n < most; n = next_place(n, most, CASES[i].trials)) {
			g_remove(made);
			status = run(setting, CASES[i].what, CASES[i].words, n);
			assert_ended_well(setting, status, n);
			g_autofree char *now = NULL;
			if (g_file_get_contents(made, &now, NULL, NULL))
				assert_string_equal(now, whole);
			else
				assert_true(status != 0 || !makes);
		}
		g_remove(made);
	}
}

// Marked papers of a real scan: whole each; a scan that there was no memory to show is missed in its paper, and said.
static void marked_papers_are_whole_or_not_there(void **state)
{
	const struct setting *setting = *state;
	if (SANITIZED)
		skip();
	g_autofree char *papers = g_build_filename(setting->folder, "papers", NULL);
	g_autofree char *made = g_build_filename(papers, "feedback", "all.pdf", NULL);
	g_autofree char *whole = NULL;
	const char *const words[] = {"feedback", papers, NULL};
	shell("%s grade fixtures/cs182-midterm.yaml fixtures/scans/scan0001.jpg --roster fixtures/roster.csv -o %s "
	      ">/dev/null 2>&1",
		SHEAF_PROGRAM, papers);
	assert_int_equal(run(setting, cmd_feedback, words, ULONG_MAX), 0);
	assert_true(g_file_get_contents(made, &whole, NULL, NULL));
	unsigned long most = *setting->asked;
	for (unsigned long n = 0; n < most; n = next_place(n, most, PDF_TRIALS)) {
		g_autofree char *now = NULL;
		gsize size;
		g_remove(made);
		int status = run(setting, cmd_feedback, words, n);
		assert_ended_well(setting, status, n);
		if (!g_file_get_contents(made, &now, &size, NULL))
			assert_int_not_equal(status, 0);
		else if (status == 0)
			assert_string_equal(now, whole);
		else
			assert_true(g_str_has_prefix(now, "%PDF-") && size > 6 &&
				    memcmp(now + size - 6, "%%EOF\n", 6) == 0);
	}
}

// --- the review

// Waits until a review says where it is. False if it ended instead.
static bool enter(const struct setting *setting, pid_t review, struct visitor *visitor)
{
	siginfo_t end = {0};
	do {
		g_autofree char *said = NULL;
		if (g_file_get_contents(setting->log, &said, NULL, NULL) && strstr(said, "?token=") &&
			strchr(strstr(said, "?token="), '\n'))
			return visitor_enter(visitor, said);
		g_usleep(POLL_US);
	} while (waitid(P_PID, (id_t)review, &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == 0);
	return false;
}

#define DECISION "{\"action\": \"set-aside\", \"person\": \"Ann\", \"pages\": [\"aa:1\"], \"as\": \"not counted\"}"

// A review with as much memory in which somebody looks around, and decides unless decision is NULL. Its status.
static int review(const struct setting *setting, unsigned long n, const char *decision, bool *decided)
{
	static const char *const LOOKS[] = {"", "api/overview?person=Ann", "api/page?page=aa:0", "api/search?q=Ada",
		"piece.png?page=aa:0&x=0&y=0&w=20000&h=20000&dx=0&dy=0&scale=5"};
	const char *const words[] = {"review", "--no-browser", setting->results, NULL};
	struct visitor visitor;
	int status;
	g_remove(setting->log);
	pid_t server = start(setting, cmd_review, words, n);
	*decided = false;
	if (enter(setting, server, &visitor)) {
		for (size_t i = 0; i < G_N_ELEMENTS(LOOKS); i++)
			visitor_ask(&visitor, LOOKS[i], NULL);
		*decided = decision && visitor_ask(&visitor, "api/decide", decision) == 200;
	}
	kill(server, SIGTERM);
	assert_int_equal(waitpid(server, &status, 0), server);
	return status;
}

static void put_back(const struct setting *setting, const char *session, gsize size)
{
	g_autofree char *path = g_build_filename(setting->results, "session.sqlite", NULL);
	shell("rm -f %s*", path);
	assert_true(g_file_set_contents_full(path, session, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

// What was answered as decided is decided, and the results are those without or with it.
static void a_decision_is_kept_or_was_not_made(void **state)
{
	const struct setting *setting = *state;
	if (SANITIZED)
		skip();
	struct outputs old = grade(setting, 'A');
	g_autofree char *path = g_build_filename(setting->results, "session.sqlite", NULL);
	g_autofree char *session = NULL;
	gsize size;
	bool decided;
	assert_true(g_file_get_contents(path, &session, &size, NULL));
	assert_int_equal(review(setting, ULONG_MAX, NULL, &decided), 0);
	unsigned long before = *setting->asked;
	assert_int_equal(review(setting, ULONG_MAX, DECISION, &decided), 0);
	assert_true(decided);
	struct outputs new = read_outputs(setting);
	assert_string_not_equal(old.texts[0], new.texts[0]);
	unsigned long most = *setting->asked;
	unsigned n_decided = 0;
	const unsigned half = REVIEW_TRIALS / 2; // spread over what comes before the decision, and over the decision
	for (unsigned trial = 0; trial < 2 * half; trial++) {
		unsigned long n =
			trial < half ? before * trial / half : before + (most - before) * (trial - half) / half;
		put_back(setting, session, size);
		assert_ended_well(setting, review(setting, n, DECISION, &decided), n);
		struct outputs now = read_outputs(setting);
		assert_old_or_new(&now, &old, &new);
		outputs_clear(&now);
		now = grade(setting, 'A'); // with memory at hand
		assert_old_or_new(&now, decided ? &new : &old, &new);
		outputs_clear(&now);
		n_decided += decided;
	}
	print_message("%lu requests, %lu of them by the decision; none from one of %u on: decided %u times\n", most,
		before, 2 * half, n_decided);
	put_back(setting, session, size);
	outputs_clear(&old);
	outputs_clear(&new);
}

// --- the program itself

// Runs the program itself, which may have so many bytes of addresses. Its status.
static int run_program(const struct setting *setting, unsigned long bytes)
{
	pid_t child = fork();
	if (child == 0) {
		const struct rlimit limit = {bytes, bytes};
		int log = open(setting->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
		setrlimit(RLIMIT_AS, &limit);
		execl(SHEAF_PROGRAM, "sheaf", "grade", setting->exam, "-o", setting->results, NULL);
		_exit(127);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

// From less than the program needs to be loaded to more than it needs to work.
static void a_limit_on_memory_is_no_crash(void **state)
{
	const struct setting *setting = *state;
	unsigned ended = 0, done = 0;
	if (SANITIZED)
		skip();
	struct outputs new = grade(setting, 'D'), old = grade(setting, 'A');
	write_exam(setting, 'D');
	for (unsigned long kilobytes = 30 * 1024; kilobytes < 400 * 1024 && done < 3; kilobytes += 97) {
		int status = run_program(setting, kilobytes * 1024);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 127) { // it could not be loaded
			kilobytes += 2048;
			continue;
		}
		assert_ended_well(setting, status, kilobytes);
		struct outputs now = read_outputs(setting);
		assert_old_or_new(&now, &old, &new);
		outputs_clear(&now);
		ended += status != 0;
		done += status == 0;
	}
	print_message("%u times ended for want of memory, then done\n", ended);
	assert_true(done == 3);
	outputs_clear(&old);
	outputs_clear(&new);
}

static void the_end_is_said(void **state)
{
	const struct setting *setting = *state;
	const char *const words[] = {"check", setting->exam, NULL};
	g_autofree char *log = NULL;
	if (SANITIZED)
		skip();
	write_exam(setting, 'A');
	int status = run(setting, cmd_check, words, 5);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_true(g_file_get_contents(setting->log, &log, NULL, NULL));
	assert_string_equal(log, NO_MEMORY_WORDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grading_again_leaves_old_or_new_results),
		cmocka_unit_test(what_is_made_is_whole_or_not_there),
		cmocka_unit_test(marked_papers_are_whole_or_not_there),
		cmocka_unit_test(a_decision_is_kept_or_was_not_made),
		cmocka_unit_test(a_limit_on_memory_is_no_crash),
		cmocka_unit_test(the_end_is_said),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
