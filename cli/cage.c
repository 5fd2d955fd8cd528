// SPDX-License-Identifier: GPL-3.0-or-later
// Four walls, each of which holds if another one falls:
//
//	1. limits on memory, on the size of files and on open descriptors (setrlimit);
//	2. Landlock: of all files, those below the folders of fonts can be read, and nothing else can be done;
//	3. seccomp: the few system calls that decoders make; opening only to read; no executable memory;
//	4. the standard descriptors lead nowhere, so what a worker prints cannot pass for our words.
//
// The names of files can still be asked for (stat, readlink), because fontconfig does; nothing can be told to anybody
// but through the answers.
#include "cli/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

#define OPEN_FILES_MOST 64
// From kernel 6.2 and 6.10 on; the headers of Debian 12 do not know them yet.
#define ACCESS_FS_TRUNCATE (1ull << 14)
#define ACCESS_FS_IOCTL_DEV (1ull << 15)

static const char *const FONT_FOLDERS[] = {"/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig",
	"/etc/fonts", "/var/cache/fontconfig", "/usr/share/poppler"};

// What decoders, fontconfig, the C library and its way to die need.
static const int ALLOWED[] = {SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(close), SCMP_SYS(lseek),
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(fstatfs),
	SCMP_SYS(statfs), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(fadvise64), SCMP_SYS(brk), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sysinfo), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(restart_syscall)};

// No decoder has a reason to. The rest of what is not allowed merely fails: a library may ask and go on without.
static const int DEADLY[] = {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(socket),
	SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(kill), SCMP_SYS(bpf), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(mount),
	SCMP_SYS(keyctl), SCMP_SYS(io_uring_setup), SCMP_SYS(userfaultfd), SCMP_SYS(perf_event_open)};

static void set_limit(__rlimit_resource_t resource, rlim_t most)
{
	struct rlimit before; // a stricter one stays
	if (getrlimit(resource, &before) == 0 && before.rlim_max < most)
		most = before.rlim_max;
	const struct rlimit limit = {most, most};
	setrlimit(resource, &limit);
}

static void set_limits(void)
{
	if (!SANITIZED) // whose shadow memory is terabytes of addresses
		set_limit(RLIMIT_AS, CAGE_MEMORY_BYTES);
	set_limit(RLIMIT_CORE, 0);
	set_limit(RLIMIT_FSIZE, 0);
	set_limit(RLIMIT_MEMLOCK, 0);
	set_limit(RLIMIT_NOFILE, OPEN_FILES_MOST);
}

// --- Landlock

// The version that the kernel has; 0 for none.
static long landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return version > 0 ? version : 0;
}

static __u64 all_rights(long version)
{
	__u64 rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; // of version 1: all up to this one
	if (version >= 2)
		rights |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		rights |= ACCESS_FS_TRUNCATE;
	if (version >= 5)
		rights |= ACCESS_FS_IOCTL_DEV;
	return rights;
}

static void allow_reading(int ruleset, const char *folder)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
		.parent_fd = open(folder, O_PATH | O_CLOEXEC),
	};
	if (rule.parent_fd < 0) // there is none
		return;
	syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

// True if files are now out of reach.
static bool lock_files(void)
{
	long version = landlock_version();
	const struct landlock_ruleset_attr rights = {.handled_access_fs = all_rights(version)};
	int ruleset = version ? (int)syscall(SYS_landlock_create_ruleset, &rights, sizeof rights, 0) : -1;
	if (ruleset < 0)
		return false;
	for (size_t i = 0; i < sizeof FONT_FOLDERS / sizeof *FONT_FOLDERS; i++)
		allow_reading(ruleset, FONT_FOLDERS[i]);
	bool locked = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return locked;
}

// --- seccomp

static bool add_opening(scmp_filter_ctx filter)
{
	// A file that is opened to be read only, and not made: no bit of these is set.
	const scmp_datum_t writes = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, writes, 0)) ==
		       0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, writes, 0)) == 0;
}

static bool add_rules(scmp_filter_ctx filter, int answers, bool files_are_locked)
{
	bool added = true;
	for (size_t i = 0; i < sizeof ALLOWED / sizeof *ALLOWED; i++)
		added &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], 0) == 0;
	for (size_t i = 0; i < sizeof DEADLY / sizeof *DEADLY; i++)
		added &= seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, DEADLY[i], 0) == 0;
	if (files_are_locked)
		added &= add_opening(filter);
	const int memory[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
	for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
		added &= seccomp_rule_add(
				 filter, SCMP_ACT_ALLOW, memory[i], 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
	added &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
			 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)answers, 0)) == 0;
	// abort() sends itself a signal.
	added &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
			 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) == 0;
	return added;
}

enum filtering { FILTERED, NOT_MADE, REFUSED };

static enum filtering filter_calls(int answers, bool files_are_locked)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	enum filtering done = NOT_MADE;
	if (filter && add_rules(filter, answers, files_are_locked)) {
		int problem = seccomp_load(filter);
		done = problem == 0 ? FILTERED : problem == -ECANCELED ? REFUSED : NOT_MADE;
	}
	seccomp_release(filter);
	return done;
}

// --- all of it

static bool is_debugged(void)
{
	return getenv("SHEAF_UNCAGED") != NULL;
}

static void leave_terminal(void)
{
	int nothing = open("/dev/null", O_RDWR);
	if (nothing < 0)
		return;
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		dup2(nothing, i);
	if (nothing > STDERR_FILENO)
		close(nothing);
}

static int compare_ints(const void *a, const void *b)
{
	const int left = *(const int *)a, right = *(const int *)b;
	return (left > right) - (left < right);
}

void cage_keep_only(int *kept, unsigned n)
{
	unsigned from = STDERR_FILENO + 1;
	qsort(kept, n, sizeof *kept, compare_ints);
	for (unsigned i = 0; i < n; i++) {
		const unsigned fd = (unsigned)kept[i];
		if (fd > from)
			close_range(from, fd - 1, 0);
		if (fd >= from)
			from = fd + 1;
	}
	close_range(from, ~0u, 0);
}

void cage_enter(int answers)
{
	if (is_debugged())
		return;
	tzset(); // poppler asks for the time zone, which lies in a file
	if (!SANITIZED)
		leave_terminal();
	set_limits();
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	bool files_are_locked = lock_files();
	// A kernel that refuses has no filters, which the user is told (cage_is_whole). Otherwise nothing is done
	// without.
	if (!SANITIZED && filter_calls(answers, files_are_locked) == NOT_MADE)
		_exit(EXIT_FAILURE);
}

// Whether the kernel takes the filter: tried by a process that ends with it.
static bool kernel_filters(void)
{
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		_exit(filter_calls(STDOUT_FILENO, false) == FILTERED ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	int status = -1;
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

bool cage_is_whole(const char **why)
{
	*why = NULL;
	if (is_debugged())
		*why = "SHEAF_UNCAGED is set";
	else if (!SANITIZED && !kernel_filters())
		*why = "this kernel takes no filter of system calls (seccomp)";
	return !*why;
}
