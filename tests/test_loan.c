// SPDX-License-Identifier: GPL-3.0-or-later
// Memory lent to another process: what it sees, and what it cannot do.
#include "tests/harness.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/loan.h"

#define SMALL 1000u
#define LARGE (9u * 1024 * 1024 + 1)

static void put(const struct loan *loan, char letter, size_t size)
{
	g_autofree char *bytes = g_strnfill(size, letter);
	const size_t half = size / 2;
	assert_true(loan_put(loan, 0, (const uint8_t *)bytes, half));
	assert_true(loan_put(loan, half, (const uint8_t *)bytes + half, size - half));
}

static bool sees(struct borrowed *borrowed, char letter, size_t size)
{
	bool same = borrowed_see(borrowed, size);
	for (size_t i = 0; same && i < size; i++)
		same = borrowed->bytes[i] == (uint8_t)letter;
	return same;
}

static off_t memory_of(const struct loan *loan)
{
	struct stat status;
	assert_int_equal(fstat(loan->memory, &status), 0);
	return status.st_size;
}

// One file after another, larger and smaller ones, as a process sees them that was there before they were.
static void what_is_put_is_seen(void **state)
{
	(void)state;
	static const struct {
		char letter;
		size_t size;
	} FILES[] = {{'a', SMALL}, {'b', LARGE}, {'c', 1}, {'d', LARGE + SMALL}, {'e', SMALL}};
	struct loan loan;
	int turns[2], seen[2];
	assert_true(loan_open(&loan));
	assert_int_equal(pipe(turns) | pipe(seen), 0);
	pid_t child = fork();
	if (child == 0) {
		struct borrowed borrowed = {loan.to_borrow, NULL, 0};
		for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
			char turn;
			bool good = read(turns[0], &turn, 1) == 1 && sees(&borrowed, FILES[i].letter, FILES[i].size);
			borrowed_done(&borrowed);
			good = good && (borrowed.bytes != NULL) == (FILES[i].size <= SMALL); // a page's is kept
			if (write(seen[1], good ? "+" : "-", 1) != 1)
				break;
		}
		_exit(0);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
		char answer = 0;
		put(&loan, FILES[i].letter, FILES[i].size);
		assert_int_equal(write(turns[1], "", 1), 1);
		assert_int_equal(read(seen[0], &answer, 1), 1);
		assert_int_equal(answer, '+');
		loan_give_back(&loan);
		assert_true(memory_of(&loan) <= 4 * 1024 * 1024); // a page's is kept
		assert_true(FILES[i].size > SMALL || memory_of(&loan) >= (off_t)FILES[i].size);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	for (int i = 0; i < 2; i++) {
		close(turns[i]);
		close(seen[i]);
	}
	loan_close(&loan);
	assert_int_equal(loan.memory, -1);
	loan_close(&loan);
}

static ssize_t (*refusal)(void); // in the place of the next write

ssize_t __real_pwrite(int fd, const void *bytes, size_t size, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t at);

// The linker puts this in the C library's place for our own code (see the Makefile).
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	ssize_t (*now)(void) = refusal;
	refusal = NULL;
	return now ? now() : __real_pwrite(fd, bytes, size, at);
}

static ssize_t no_memory(void)
{
	errno = ENOMEM;
	return -1;
}

static ssize_t interrupted(void)
{
	errno = EINTR;
	return -1;
}

static void memory_that_is_refused_is_told(void **state)
{
	(void)state;
	struct loan loan;
	assert_true(loan_open(&loan));
	refusal = no_memory;
	assert_false(loan_put(&loan, 0, (const uint8_t *)"abc", 3));
	assert_int_equal(errno, ENOMEM);
	refusal = interrupted;
	assert_true(loan_put(&loan, 0, (const uint8_t *)"abc", 3));
	assert_int_equal(memory_of(&loan), 3);
	loan_close(&loan);
}

static void the_borrower_cannot_write(void **state)
{
	(void)state;
	struct loan loan;
	assert_true(loan_open(&loan));
	put(&loan, 'a', SMALL);
	assert_int_equal(pwrite(loan.to_borrow, "b", 1, 0), -1);
	assert_int_equal(ftruncate(loan.to_borrow, 0), -1);
	assert_true(mmap(NULL, SMALL, PROT_READ | PROT_WRITE, MAP_SHARED, loan.to_borrow, 0) == MAP_FAILED);
	struct borrowed borrowed = {loan.to_borrow, NULL, 0};
	assert_true(sees(&borrowed, 'a', SMALL));
	assert_int_equal(mprotect((void *)borrowed.bytes, borrowed.size, PROT_READ | PROT_WRITE), -1);
	munmap((void *)borrowed.bytes, borrowed.size);
	loan_close(&loan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_seen),
		cmocka_unit_test(memory_that_is_refused_is_told),
		cmocka_unit_test(the_borrower_cannot_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
