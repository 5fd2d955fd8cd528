// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a command and prints what it took: CPU seconds (user and system, of the command and all its children), wall
// seconds, and the most memory that any one of its processes held, in MB. What the command prints is thrown away.
//   bench_measure COMMAND...
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

#define LOOK_EVERY_US 5000

// Watches the processes that the command starts.
struct watch {
	pid_t command;
	gint over;
	double most_mb; // that one of them held
};

// The most memory that a process has held so far, in MB; 0 if it is gone.
static double most_of(pid_t process)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)process), *status = NULL;
	const char *line = g_file_get_contents(path, &status, NULL, NULL) ? strstr(status, "VmHWM:") : NULL;
	return line ? strtod(line + strlen("VmHWM:"), NULL) / 1024 : 0;
}

static gpointer watch(gpointer data)
{
	struct watch *watch = data;
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", (int)watch->command, (int)watch->command);
	for (; !g_atomic_int_get(&watch->over); g_usleep(LOOK_EVERY_US)) {
		g_autofree char *children = NULL;
		if (!g_file_get_contents(path, &children, NULL, NULL))
			continue;
		for (char *at = children, *end; *at; at = end) {
			long process = strtol(at, &end, 10);
			if (end == at)
				break;
			watch->most_mb = MAX(watch->most_mb, most_of((pid_t)process));
		}
	}
	return NULL;
}

static void run(char **command)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(nowhere, STDOUT_FILENO);
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	double start = now();
	pid_t child = fork();
	if (child == 0)
		run(argv + 1);
	int status;
	struct rusage usage;
	struct watch watched = {.command = child};
	GThread *watcher = g_thread_new("watch", watch, &watched);
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return 1;
	double end = now();
	g_atomic_int_set(&watched.over, 1);
	g_thread_join(watcher);
	// The kernel counts the children that the command waited for in its own usage.
	printf("%.4f %.4f %.1f %.1f\n", seconds(usage.ru_utime) + seconds(usage.ru_stime), end - start,
		(double)usage.ru_maxrss / 1024, watched.most_mb);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
