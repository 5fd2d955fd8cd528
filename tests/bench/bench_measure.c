// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a command and prints what it took: CPU seconds (user and system, of the command and all its children), wall
// seconds, and the most memory that any one of its processes held, in MB. What the command prints is thrown away.
//   bench_measure COMMAND...
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return 1;
	// The kernel counts the children that the command waited for in its own usage.
	printf("%.4f %.4f %.1f\n", seconds(usage.ru_utime) + seconds(usage.ru_stime), now() - start,
		(double)usage.ru_maxrss / 1024);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
