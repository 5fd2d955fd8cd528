// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES 32
#define SEAL_BYTES 8
#define KEY_WORD "sheaf-key-1 " // before the key in hexadecimal digits
#define KEY_FILE_MAX_BYTES 4096
#define KEY_ID_SIZE 17

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

struct seal_key {
	unsigned char bytes[KEY_BYTES];
	char id[KEY_ID_SIZE];
	bool exposed;
};

char *seal_key_path(const char *exam_file, const char *exam_id)
{
	g_autofree char *folder = g_path_get_dirname(exam_file);
	g_autofree char *name = g_strconcat(exam_id, ".key", NULL);
	return strcmp(folder, ".") == 0 ? g_steal_pointer(&name) : g_build_filename(folder, name, NULL);
}

// --- the arithmetic

static void digest(const struct seal_key *key, const char *purpose, const char *text, unsigned char out[KEY_BYTES])
{
	// The purpose keeps a seal from ever being the key's name, and the other way about.
	crypto_generichash_state state;
	crypto_generichash_init(&state, key->bytes, sizeof key->bytes, KEY_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
	crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
	crypto_generichash_final(&state, out, KEY_BYTES);
}

void seal_make(const struct seal_key *key, const char *text, char seal[SEAL_SIZE])
{
	unsigned char tag[KEY_BYTES];
	digest(key, "seal", text, tag);
	guint64 bits = 0;
	for (int i = 0; i < SEAL_BYTES; i++)
		bits = bits << 8 | tag[i];
	for (int i = SEAL_LENGTH - 1; i >= 0; i--, bits >>= 5)
		seal[i] = ALPHABET[bits & 31];
	seal[SEAL_LENGTH] = '\0';
}

bool seal_holds(const struct seal_key *key, const char *text, const char *seal)
{
	char expected[SEAL_SIZE];
	seal_make(key, text, expected);
	return strlen(seal) == SEAL_LENGTH && sodium_memcmp(seal, expected, SEAL_LENGTH) == 0;
}

bool seal_is_formed(const char *text)
{
	return strlen(text) == SEAL_LENGTH && strspn(text, ALPHABET) == SEAL_LENGTH;
}

const char *seal_key_id(const struct seal_key *key)
{
	return key->id;
}

bool seal_key_is_exposed(const struct seal_key *key)
{
	return key->exposed;
}

void seal_key_free(struct seal_key *key)
{
	if (!key)
		return;
	sodium_memzero(key, sizeof *key);
	g_free(key);
}

static void name_key(struct seal_key *key)
{
	unsigned char tag[KEY_BYTES];
	digest(key, "name", "", tag);
	sodium_bin2hex(key->id, sizeof key->id, tag, (KEY_ID_SIZE - 1) / 2);
}

// --- its file

// The text of a key's file. NULL with *problem set, or without if there is no file. text is cleared by the caller.
static bool read_file(const char *path, char text[KEY_FILE_MAX_BYTES + 1], struct stat *status, int *problem)
{
	// Without O_NONBLOCK, opening a pipe in the key's place would wait for ever.
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	*problem = file < 0 && errno != ENOENT ? errno : 0;
	if (file < 0)
		return false;
	ssize_t size = -1;
	bool known = fstat(file, status) == 0;
	if (known && (!S_ISREG(status->st_mode) || status->st_size > KEY_FILE_MAX_BYTES))
		*problem = EINVAL;
	else if (!known || (size = read(file, text, KEY_FILE_MAX_BYTES)) < 0)
		*problem = errno;
	close(file);
	text[MAX(size, 0)] = '\0';
	return *problem == 0;
}

static bool parse_key(const char *text, struct seal_key *key)
{
	const char *line = g_str_has_prefix(text, KEY_WORD) ? text : strstr(text, "\n" KEY_WORD);
	size_t size = 0;
	const char *end = NULL;
	if (!line)
		return false;
	line += strlen(KEY_WORD) + (*line == '\n');
	return sodium_hex2bin(key->bytes, sizeof key->bytes, line, strlen(line), NULL, &size, &end) == 0 &&
	       size == sizeof key->bytes && (*end == '\n' || *end == '\0');
}

struct seal_key *seal_key_load(const char *path, GError **error)
{
	char text[KEY_FILE_MAX_BYTES + 1];
	struct stat status;
	int problem;
	if (sodium_init() < 0) {
		g_set_error(error, SEAL_ERROR, 0, "libsodium cannot be used here");
		return NULL;
	}
	if (!read_file(path, text, &status, &problem)) {
		if (problem)
			g_set_error(error, SEAL_ERROR, 0, "%s: the key that seals the sheets cannot be read: %s", path,
				problem == EINVAL ? "this is no key file" : g_strerror(problem));
		return NULL;
	}
	struct seal_key *key = g_new0(struct seal_key, 1);
	bool good = parse_key(text, key);
	sodium_memzero(text, sizeof text);
	if (!good) {
		seal_key_free(key);
		g_set_error(error, SEAL_ERROR, 0,
			"%s: this file should hold the key that seals the sheets, and does not; take it from a copy",
			path);
		return NULL;
	}
	key->exposed = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
	name_key(key);
	return key;
}

static bool write_all(int file, const char *text)
{
	size_t size = strlen(text);
	return write(file, text, size) == (ssize_t)size && fsync(file) == 0;
}

static void sync_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (opened < 0)
		return;
	fsync(opened);
	close(opened);
}

// Gives a file its name unless there is one of that name: of two runs at once, both must use the same key.
static bool publish(const char *temporary, const char *path)
{
	if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return true;
	// Not every file system can do that; those have links.
	return errno != EEXIST && link(temporary, path) == 0;
}

// 0, or errno. EEXIST: there is one by now.
static int make_file(const char *path)
{
	unsigned char bytes[KEY_BYTES];
	char hexadecimal[2 * KEY_BYTES + 1];
	g_autofree char *temporary = g_strdup_printf("%s.new-%d", path, (int)getpid());
	int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return errno == EEXIST ? EAGAIN : errno;
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2hex(hexadecimal, sizeof hexadecimal, bytes, sizeof bytes);
	g_autofree char *text = g_strdup_printf(
		"# The key that seals answer sheets. Keep it secret, keep a copy, and keep it beside the exam file:\n"
		"# whoever has it can print sheets in anyone's name, and without it no sheet can be checked.\n" KEY_WORD
		"%s\n",
		hexadecimal);
	int problem = 0;
	errno = EIO;
	if (!write_all(file, text))
		problem = errno;
	close(file);
	if (!problem && !publish(temporary, path))
		problem = errno;
	unlink(temporary); // gone already where it was renamed
	sync_folder(path);
	sodium_memzero(bytes, sizeof bytes);
	sodium_memzero(hexadecimal, sizeof hexadecimal);
	sodium_memzero(text, strlen(text));
	return problem;
}

struct seal_key *seal_key_load_or_make(const char *path, bool *made, GError **error)
{
	GError *problem = NULL;
	*made = false;
	struct seal_key *key = seal_key_load(path, &problem);
	if (key || problem) {
		if (problem)
			g_propagate_error(error, problem);
		return key;
	}
	int failure = make_file(path);
	if (failure && failure != EEXIST) {
		g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(failure),
			"%s: the key that seals the sheets cannot be written there: %s", path, g_strerror(failure));
		return NULL;
	}
	*made = !failure;
	return seal_key_load(path, error);
}
