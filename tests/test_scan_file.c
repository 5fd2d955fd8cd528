// SPDX-License-Identifier: GPL-3.0-or-later
// A scan that changes while it is read. The linker puts the function below in the place of the C library's for our own
// code (see the Makefile), so that something happens to the file just after its first bytes were read.
#include "tests/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/scan_file.h"

#define SIZE 300000u

static void (*happens)(const char *path); // once
static char *path;

ssize_t __real_read(int fd, void *bytes, size_t size);
ssize_t __wrap_read(int fd, void *bytes, size_t size);

ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
	ssize_t n = __real_read(fd, bytes, happens ? MIN(size, 1000) : size);
	void (*now)(const char *) = happens;
	happens = NULL;
	if (now)
		now(path);
	return n;
}

// --- what happens

static void nothing(const char *file)
{
	(void)file;
}

static void grow(const char *file)
{
	int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, "more", 4), 4);
	close(fd);
}

static void shrink(const char *file)
{
	assert_int_equal(truncate(file, 2000), 0);
}

static void empty(const char *file)
{
	assert_int_equal(truncate(file, 0), 0);
}

// Other bytes, as many of them.
static void write_over(const char *file)
{
	g_autofree char *other = g_strnfill(SIZE, 'b');
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, other, SIZE), SIZE);
	close(fd);
}

// It has no name any more, and another file has it; but what was opened is whole.
static void put_another_in_its_place(const char *file)
{
	g_autofree char *other = g_strnfill(SIZE, 'b');
	assert_true(g_file_set_contents(file, other, SIZE, NULL)); // a new file, renamed over the old one
}

static void delete (const char *file)
{
	assert_int_equal(g_remove(file), 0);
}

static const struct {
	const char *name;
	void (*happens)(const char *file);
	const char *said; // NULL: the bytes are those that were there
} CASES[] = {
	{"nothing", nothing, NULL},
	{"it grows", grow, "changed"},
	{"it shrinks", shrink, "changed"},
	{"it is emptied", empty, "changed"},
	{"it is written over", write_over, "changed"},
	{"another is put in its place", put_another_in_its_place, NULL},
	{"it is deleted", delete, NULL},
};

static int set_up(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("sheaf-scan-file-XXXXXX", NULL);
	path = g_build_filename(folder, "scan.png", NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	g_autofree char *folder = g_path_get_dirname(path);
	g_remove(path);
	assert_int_equal(g_rmdir(folder), 0);
	g_free(path);
	return 0;
}

// With times of long ago, so that any write shows.
static void put(void)
{
	g_autofree char *bytes = g_strnfill(SIZE, 'a');
	assert_true(g_file_set_contents(path, bytes, SIZE, NULL));
	const struct timespec long_ago[2] = {{1000000000, 0}, {1000000000, 0}};
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
}

// All of it into an array; what is said if that cannot be.
static const char *append(void *data, size_t at, const uint8_t *piece, size_t size)
{
	GByteArray *bytes = data;
	assert_int_equal(at, bytes->len);
	g_byte_array_append(bytes, piece, (guint)size);
	return NULL;
}

static const char *read_into(GByteArray *bytes)
{
	struct scan_file file;
	char sha256[SCAN_FILE_SHA256_SIZE];
	const char *said = scan_file_open(&file, path);
	if (said)
		return said;
	said = scan_file_read(&file, append, bytes, sha256);
	g_autofree char *right = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
	assert_string_equal(sha256, right);
	return said;
}

static void a_file_that_changes_is_neither_of_the_two_that_it_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new();
		put();
		happens = CASES[i].happens;
		const char *said = read_into(bytes);
		happens = NULL;
		if ((said != NULL) != (CASES[i].said != NULL) || (said && !strstr(said, CASES[i].said)))
			fail_msg("%s: %s", CASES[i].name, said ? said : "nothing is said");
		assert_true(said || bytes->len == SIZE);
		for (guint at = 0; at < bytes->len && !said; at++)
			assert_int_equal(bytes->data[at], 'a');
	}
}

static void a_file_that_changed_is_not_the_one_that_was_read_before(void **state)
{
	(void)state;
	g_autofree char *old = g_strnfill(SIZE, 'a');
	g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, old, -1);
	g_autoptr(GBytes) bytes = NULL;
	put();
	assert_int_equal(scan_file_again(path, sha256, &bytes), SCAN_FILE_SAME);
	assert_int_equal(g_bytes_get_size(bytes), SIZE);
	write_over(path);
	assert_int_equal(scan_file_again(path, sha256, &bytes), SCAN_FILE_CHANGED);
	put();
	happens = shrink;
	assert_int_equal(scan_file_again(path, sha256, &bytes), SCAN_FILE_GONE);
	g_remove(path);
	assert_int_equal(scan_file_again(path, sha256, &bytes), SCAN_FILE_GONE);
}

static const char *refuse(void *data, size_t at, const uint8_t *piece, size_t size)
{
	(void)data;
	(void)piece;
	return at + size < SIZE ? NULL : "no room";
}

static void a_file_that_does_not_fit_is_told(void **state)
{
	(void)state;
	struct scan_file file;
	char sha256[SCAN_FILE_SHA256_SIZE];
	put();
	assert_null(scan_file_open(&file, path));
	assert_string_equal(scan_file_read(&file, refuse, NULL, sha256), "no room");
	assert_int_equal(file.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_changes_is_neither_of_the_two_that_it_was),
		cmocka_unit_test(a_file_that_changed_is_not_the_one_that_was_read_before),
		cmocka_unit_test(a_file_that_does_not_fit_is_told),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
