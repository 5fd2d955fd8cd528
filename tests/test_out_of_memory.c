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

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true // whose allocator it is then
#else
#define SANITIZED false
#endif

#define TRIALS 150    // a command, at most: some at every place, then evenly
#define PDF_TRIALS 60 // where each takes longer

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

// Runs a command in a process of its own that has no more memory from the n-th request on. Its status.
static int run(const struct setting *setting, command *what, const char *const *words, unsigned long n)
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
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

// --- what is left

struct outputs {
	char *texts[G_N_ELEMENTS(OUTPUTS)];
};

static struct outputs read_outputs(const struct setting *setting)
{
	struct outputs outputs;
	for (size_t i = 0; i < G_N_ELEMENTS(OUTPUTS); i++) {
		g_autofree char *path = g_build_filename(setting->results, OUTPUTS[i], NULL);
		if (!g_file_get_contents(path, &outputs.texts[i], NULL, NULL))
			fail_msg("there is no %s", path);
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
		cmocka_unit_test(a_limit_on_memory_is_no_crash),
		cmocka_unit_test(the_end_is_said),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
