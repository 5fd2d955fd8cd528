// SPDX-License-Identifier: GPL-3.0-or-later
// Seals: what proves that a sheet's code was made by whoever holds the exam's key, and for that page of that student.
// Knows the key, its file and the arithmetic; not what stands in the text that is sealed (sheet/code.h).
//
// A seal is the first 64 bits of BLAKE2b with a key of 256 bits (RFC 7693, by libsodium). It need not be longer:
// whether a guess is right can only be tried by handing in paper, and 2^64 sheets are more than there are. It must not
// be longer than needed, because every character makes the code's modules smaller.
#ifndef SHEAF_SHEET_SEAL_H
#define SHEAF_SHEET_SEAL_H

#include <glib.h>
#include <stdbool.h>

#define SEAL_ERROR (g_quark_from_static_string("sheaf-seal"))

// 64 bits as 13 letters and digits of RFC 4648's base 32, all of the QR alphanumeric mode.
#define SEAL_LENGTH 13
#define SEAL_SIZE (SEAL_LENGTH + 1)

// What is known of the seal on a sheet.
enum seal_state {
	SEAL_NONE,      // the sheet bears none
	SEAL_UNCHECKED, // it bears one, and there was no key to check it with
	SEAL_VALID,
	SEAL_WRONG,
	SEAL_VOUCHED, // none is needed: a person looked at the sheet and said whose it is. No worker can say so
};

struct seal_key;

// Where the key of an exam lies: EXAM-ID.key in the exam file's folder, so that a corrected copy of the file beside it
// finds it too. Owned by the caller.
char *seal_key_path(const char *exam_file, const char *exam_id);

// Reads a key. NULL without error if there is no such file. NULL with error set (one line that names it) if it cannot
// be read or holds no key: a key that exists is never passed over. The caller frees it.
struct seal_key *seal_key_load(const char *path, GError **error);

// The same, but makes the file (mode 600, whole or not at all) where there is none; *made then says so. NULL with error
// set: SEAL_ERROR if there is a file and it is of no use, G_FILE_ERROR if none can be made in that folder.
struct seal_key *seal_key_load_or_make(const char *path, bool *made, GError **error);

void seal_key_free(struct seal_key *key); // accepts NULL

static inline void seal_key_clear_pointer(struct seal_key **key)
{
	seal_key_free(*key);
}
#define SEAL_KEY_AUTO                                                                                                  \
	__attribute__((cleanup(seal_key_clear_pointer))) struct seal_key * // freed at the end of the scope

// Whether others than the file's owner can read it.
bool seal_key_is_exposed(const struct seal_key *key);

// Names the key without giving it away: 16 hexadecimal digits, the same for the same key. Borrowed.
const char *seal_key_id(const struct seal_key *key);

// The seal of a text.
void seal_make(const struct seal_key *key, const char *text, char seal[SEAL_SIZE]);

// Whether this is the text's seal. Takes equally long whatever is wrong with it.
bool seal_holds(const struct seal_key *key, const char *text, const char *seal);

// Whether a text is made like a seal.
bool seal_is_formed(const char *text);

#endif
