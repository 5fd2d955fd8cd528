// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that was read so far, kept in DIR/session.sqlite as it is read: files, their pages' answers as text, and
// the exam and roster they were graded with. Knows nothing of pixels, folders or grades.
//
// Pages are written in transactions of a tenth of a second's worth: a killed run loses those, and never leaves half of
// anything. The first failure to write (a full disk) sticks: later calls do nothing, and session_failed tells it.
#ifndef SHEAF_GRADE_SESSION_H
#define SHEAF_GRADE_SESSION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "grade/decision.h"
#include "sheet/answers.h"
#include "sheet/exam.h"
#include "sheet/layout.h"

#define SESSION_ERROR (g_quark_from_static_string("sheaf-session"))

// What the file system says of a file. Equal and settled stamps mean equal bytes; see session_stamp_same.
struct session_stamp {
	int64_t size, mtime_ns, ctime_ns, inode;
	bool settled; // the file had not been touched for a while when it was read
};

struct session_file {
	int64_t id;
	char *path;     // its real place, links followed: the file's identity
	char *place;    // where it was found, from the root
	unsigned depth; // its name in reports: so many last components of place, at least
	struct session_stamp stamp;
	char *sha256;   // of what was read; "" if it must be read again whenever it is given
	unsigned pages; // in the file, as far as known
	bool done;      // all of them were read
	char *problem;  // why it has no pages; NULL if it has
	char *content;  // SHA-256 of what its pages were read from, also where sha256 is ""; set by session_files only
};

void session_file_free(void *file); // accepts NULL

// Whether a file with these stamps need not be read to be known as the same. The change time is the kernel's and no
// program can set it, so only a write within the clock's tick of the earlier reading could pass; settled excludes it.
bool session_stamp_same(const struct session_stamp *known, const struct session_stamp *now);

struct session;

// Opens or makes the session of a folder that exists. reader says which version reads the pages: what another one read
// is read again when it is given. NULL with error set: SESSION_ERROR if the session is of another exam or of another
// layout of it, STORE_ERROR for all else (grade/store.h).
struct session *session_open(
	const char *folder, const struct exam *exam, const struct layout *layout, const char *reader, GError **error);
void session_close(struct session *session); // commits; accepts NULL

// Opens what a folder holds to be read only, without keeping others out. NULL with error set. Pages can be asked for
// once session_set_layout was told the layout, which outlives the session: that of the exam file in the session.
struct session *session_open_to_read(const char *folder, GError **error);
void session_set_layout(struct session *session, const struct layout *layout);

// Whether the folder has a session to open.
bool session_exists(const char *folder);

// Texts by name, such as the roster's: kept until replaced. get is NULL where there is none, and owned by the caller.
void session_put(struct session *session, const char *name, const char *value);
char *session_get(struct session *session, const char *name);

// All files, elements struct session_file *, by path. Free with g_ptr_array_unref.
GPtrArray *session_files(struct session *session);

// A file's bytes are at hand: adds it, or finds it as known. What was read of other bytes is forgotten. Sets file->id,
// pages, done and problem to what holds now, and *n_read to how many of its pages are there (the first ones).
void session_take(struct session *session, struct session_file *file, unsigned *n_read);

// Adds a file that is to be read, so that it is accounted for if that does not come about. A known file stays as it is,
// but for its place and depth.
void session_expect(struct session *session, const struct session_file *file);

void session_add_page(
	struct session *session, int64_t file, unsigned page, unsigned n_pages, const struct answers *answers);
// Says anew what a page holds that is there.
void session_replace_page(struct session *session, int64_t file, unsigned page, const struct answers *answers);
void session_add_problem(struct session *session, int64_t file, const char *problem);
void session_finish(struct session *session, int64_t file);
void session_forget(struct session *session, int64_t file); // the file and its pages

// Calls for every page, by file id and page. The answers become the callee's. False with error set where the session
// holds what cannot be answers.
typedef void session_page_function(void *data, int64_t file, unsigned page, struct answers *answers);
bool session_each_page(struct session *session, session_page_function *each, void *data, GError **error);

// The same with what answers_parse_head gives; and all of one page. NULL with error set if it is not there or cannot be
// answers.
bool session_each_head(struct session *session, session_page_function *each, void *data, GError **error);
struct answers *session_page(struct session *session, int64_t file, unsigned page, GError **error);

// Keeps n decisions for good, all or none: they are on disk when this returns, and never changed after. NULL texts
// count as "", ids are given by the session. session_failed tells if they could not be kept.
void session_decide(struct session *session, const struct decision *decisions, unsigned n);

// All decisions in their order, elements struct decision *. NULL with error set where the session cannot be read. Free
// with g_ptr_array_unref.
GPtrArray *session_decisions(struct session *session, GError **error);

// Commits if a transaction is open for a tenth of a second, or in any case if now. To be called often.
void session_commit(struct session *session, bool now);

// Whether writing failed; then error is set, once.
bool session_failed(struct session *session, GError **error);

#endif
