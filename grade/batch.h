// SPDX-License-Identifier: GPL-3.0-or-later
// A batch: every page of input in, every page and every student accounted for. Decides which pages make up whose paper,
// finds duplicates, conflicts, missing pages and strangers, and has the papers scored. Knows answers, an exam, a layout
// and perhaps a roster; refuses to know pixels, file formats and how results are written down.
//
//	struct batch *batch = batch_new(exam, layout, roster);
//	batch_add(batch, "stack/0001.jpg", rank, answers); // for every page
//	struct results *results = batch_finish(batch);
//
// The results do not depend on the order of the calls, only on the ranks.
#ifndef SHEAF_GRADE_BATCH_H
#define SHEAF_GRADE_BATCH_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "grade/page.h"
#include "grade/roster.h"
#include "grade/rulings.h"
#include "grade/seals.h"
#include "sheet/answers.h"
#include "sheet/exam.h"
#include "sheet/layout.h"
#include "sheet/rational.h"

enum student_status {
	STUDENT_GRADED,
	STUDENT_REVIEW,     // scored, but a flag is open
	STUDENT_INCOMPLETE, // a page was not read
	STUDENT_ABSENT,     // on the roster, and no page of theirs was found
	STUDENT_UNKNOWN,    // not on the roster
};
#define STUDENT_N_STATUSES 5

struct student_question {
	bool scored; // false where one of its pages was not read
	struct rational score;
};

struct student {
	const char *id;
	const struct roster_row *row; // NULL if not on the roster, or without one
	enum student_status status;
	char form;                          // of the sheet, where the exam has forms; 0 otherwise
	bool has_score;                     // at least one page was read; otherwise the three pointers below are NULL
	const struct batch_page **pages;    // by page number less one, layout.n_pages of them; NULL for a page not read
	exam_choices *marked;               // by item of the exam, fields included; 0 on pages not read
	struct student_question *questions; // by question of the exam
	struct rational total;              // of the questions that are scored, by the exam's totals; exact
};

// One row for a person to look at. Texts are never NULL; "" where there is nothing to say.
struct batch_exception {
	const char *kind;
	const char *file;
	unsigned page; // of the student's paper; 0 if not known
	const char *student_id;
	const char *item;              // the exam file's
	const char *place;             // the same row's id on this sheet: another one on a form's (grade/forms.h)
	char *detail;                  // one sentence
	const struct batch_page *scan; // the page in question; NULL for one that is missing
};

struct results {
	const struct exam *exam; // borrowed, as are the next two
	const struct layout *layout;
	const struct roster *roster; // NULL if there is none
	struct batch_page *pages;    // by rank
	unsigned n_pages;
	unsigned fates[PAGE_N_FATES]; // how many pages of each; they sum to n_pages
	struct student *students;     // the roster's in its order, then the others in natural order of their IDs
	unsigned n_students;
	unsigned statuses[STUDENT_N_STATUSES]; // how many students of each
	struct batch_exception *exceptions;    // by page, then by student
	unsigned n_exceptions;
	struct rational maximum; // of the exam
	struct rulings *rulings; // what people decided; NULL if nothing can have been
	struct seals seals;      // what proves whose the pages are
	GStringChunk *texts;
};

struct batch;

// All three are borrowed until the results are freed. roster may be NULL: then nobody is absent or unknown. The caller
// frees with batch_finish or batch_free.
struct batch *batch_new(const struct exam *exam, const struct layout *layout, const struct roster *roster);
void batch_free(struct batch *batch); // accepts NULL

// So many pages are to come, or more: their place is made at once and not in doubling.
void batch_expect(struct batch *batch, unsigned n_pages);

// What people decided; becomes the batch's and then the results'. To be told before pages are added, if at all.
void batch_set_rulings(struct batch *batch, struct rulings *rulings);

// Adds one page. file is copied; answers become the batch's, which must be as answers_parse lets them through. rank
// orders the pages: by file in natural order, within a file by page (file index << 32 | page index does it); each rank
// once.
void batch_add(struct batch *batch, const char *file, uint64_t rank, struct answers *answers);

// The same with what was decided about the page, which is known by its bytes: content and number (grade/decision.h).
void batch_add_ruled(struct batch *batch, const char *file, uint64_t rank, struct answers *answers, const char *content,
	unsigned number);

// Adds a file that is no image at all: it counts as one page, an exception of BATCH_KIND_NOT_AN_IMAGE. reason is one
// sentence for staff, copied; content as above, "" if there is none. (A file that claims to be an image is batch_add's,
// with an exception of ANSWERS_KIND_UNREADABLE.)
void batch_add_not_a_page(
	struct batch *batch, const char *file, uint64_t rank, const char *reason, const char *content);

// Has pages without a valid seal set aside even where no page has one (grade/seals.h).
void batch_require_seals(struct batch *batch);

// Accounts for everything, and frees the batch. The caller frees the results with results_free.
struct results *batch_finish(struct batch *batch);

// How a batch is graded whose marks need not be in memory all at once: pages were added as answers_parse_head gives
// them, and their marks are had when it is their student's turn, and dropped after it.
struct batch_papers {
	// A page's answers as answers_parse gives them; the batch's then. NULL with error set if they cannot be had.
	struct answers *(*fetch)(void *data, uint64_t rank, GError **error);
	// A student is accounted for, in the order of results->students. Only now are the marks of the pages there, and
	// student->marked and questions; of the results, what batch_new was given, the maximum and the pages.
	void (*graded)(void *data, const struct results *results, const struct student *student);
	void *data;
};

// The same as batch_finish, but of every student only the pages, the total and the status are kept. NULL with error set
// if a page's marks cannot be had. The batch is freed in any case.
struct results *batch_finish_papers(struct batch *batch, const struct batch_papers *papers, GError **error);
void results_free(struct results *results); // accepts NULL

static inline void results_clear_pointer(struct results **results)
{
	results_free(*results);
}
#define RESULTS_AUTO __attribute__((cleanup(results_clear_pointer))) struct results * // freed at the end of the scope

// Whether anything waits for a person: any exception but a plain duplicate. Absent students do not count.
bool results_need_person(const struct results *results);

// "graded", "review", … as in gradebook.csv. Static.
const char *student_status_text(enum student_status status);

#endif
