// SPDX-License-Identifier: GPL-3.0-or-later
// Accounting goes from pages to students:
//
//	1. pages are put in order of rank, so that nothing depends on the order in which they came;
//	2. pages that are not proven to be whose they say are set aside (grade/seals.h);
//	3. walk-in sheets find their student ID (grade/walk_in.h);
//	4. the students are listed: the roster, then strangers;
//	5. each student's pages are gathered, several scans of one page settled (grade/copies.h), and the paper scored
//	   (grade/paper.h), student by student, so that marks need be in memory for one paper only;
//	6. what a person must look at is listed (grade/findings.h).
//
// Every step is linear in pages, students and items, but for two sorts.
#include "grade/batch.h"

#include <stdlib.h>
#include <string.h>

#include "grade/copies.h"
#include "grade/findings.h"
#include "grade/forms.h"
#include "grade/paper.h"
#include "grade/several.h"
#include "grade/walk_in.h"
#include "sheet/exam_total.h"

#define TEXT_BLOCK_BYTES 4096

struct batch {
	const struct exam *exam;
	const struct layout *layout;
	const struct roster *roster;
	struct rulings *rulings;
	GArray *pages; // struct batch_page
	bool requires_seals;
};

struct batch *batch_new(const struct exam *exam, const struct layout *layout, const struct roster *roster)
{
	struct batch *batch = g_new0(struct batch, 1);
	*batch = (struct batch){.exam = exam,
		.layout = layout,
		.roster = roster,
		.pages = g_array_new(FALSE, FALSE, sizeof(struct batch_page))};
	return batch;
}

void batch_expect(struct batch *batch, unsigned n_pages)
{
	g_assert(batch->pages->len == 0);
	g_array_unref(batch->pages);
	batch->pages = g_array_sized_new(FALSE, FALSE, sizeof(struct batch_page), n_pages);
}

void batch_free(struct batch *batch)
{
	if (!batch)
		return;
	for (unsigned i = 0; i < batch->pages->len; i++)
		page_clear(&g_array_index(batch->pages, struct batch_page, i));
	g_array_unref(batch->pages);
	rulings_free(batch->rulings);
	g_free(batch);
}

void batch_set_rulings(struct batch *batch, struct rulings *rulings)
{
	batch->rulings = rulings;
}

void batch_add(struct batch *batch, const char *file, uint64_t rank, struct answers *answers)
{
	bool read = answers->outcome == ANSWERS_READ;
	g_assert(answers->page <= batch->layout->n_pages && (answers->page || !read));
	g_assert(answers->student || answers->serial || !read);
	struct batch_page page;
	page_init(&page, file, rank, answers);
	g_array_append_val(batch->pages, page);
}

static void set_aside(struct batch_page *page, const struct decision *decision)
{
	bool duplicate = strcmp(decision->becomes, DECISION_AS_DUPLICATE) == 0;
	page_set_aside(page, duplicate ? PAGE_DUPLICATE : PAGE_EXCEPTION, decision_kind_text(DECISION_SET_ASIDE),
		g_strdup_printf("set aside by %s: %s", decision->person, decision->reason));
	page->settled = true;
	page->student_id = NULL;
}

void batch_add_ruled(struct batch *batch, const char *file, uint64_t rank, struct answers *answers, const char *content,
	unsigned number)
{
	struct page_ruling ruling;
	rulings_apply(batch->rulings, content, number, batch->layout, &answers, &ruling);
	batch_add(batch, file, rank, answers);
	struct batch_page *page = &g_array_index(batch->pages, struct batch_page, batch->pages->len - 1);
	page->content = g_strdup(content);
	page->number = number;
	if (ruling.set_aside) {
		set_aside(page, ruling.set_aside);
	} else if (ruling.student) {
		page->student_id = ruling.student;
		page->assigned = true;
		answers->seal.state = SEAL_VOUCHED;
	}
}

void batch_add_not_a_page(struct batch *batch, const char *file, uint64_t rank, const char *reason, const char *content)
{
	struct answers *answers = answers_new_exception(BATCH_KIND_NOT_AN_IMAGE, reason);
	batch_add_ruled(batch, file, rank, answers, content, 0);
}

void batch_require_seals(struct batch *batch)
{
	batch->requires_seals = true;
}

// --- who there is

static int compare_ranks(const void *a, const void *b)
{
	const struct batch_page *left = a, *right = b;
	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return strcmp(left->file, right->file);
}

// The length of the run of digits at text, and where its first digit that is not a leading zero stands.
static size_t digit_run(const char *text, const char **significant)
{
	size_t length = strspn(text, "0123456789"), zeros = strspn(text, "0");
	*significant = text + MIN(zeros, length);
	return length;
}

// Runs of digits by their number, everything else by its bytes; equal only if the texts are.
static int compare_ids_naturally(const char *a, const char *b)
{
	const char *left = a, *right = b;
	while (*left && *right) {
		const char *left_number, *right_number;
		size_t left_run = digit_run(left, &left_number), right_run = digit_run(right, &right_number);
		if (left_run && right_run) {
			size_t left_size = left_run - (size_t)(left_number - left);
			size_t right_size = right_run - (size_t)(right_number - right);
			if (left_size != right_size)
				return left_size < right_size ? -1 : 1;
			int order = strncmp(left_number, right_number, left_size);
			if (order)
				return order;
			left += left_run;
			right += right_run;
		} else if (*left != *right) {
			return (unsigned char)*left < (unsigned char)*right ? -1 : 1;
		} else {
			left++;
			right++;
		}
	}
	return *left || *right ? (*left ? 1 : -1) : strcmp(a, b);
}

static int compare_students(const void *a, const void *b)
{
	const struct student *left = a, *right = b;
	return compare_ids_naturally(left->id, right->id);
}

static const struct roster_row *find_row(const struct results *results, const char *id)
{
	return results->roster ? roster_find(results->roster, id) : NULL;
}

// The roster's students, then all other IDs on pages.
static void list_students(struct results *results)
{
	unsigned n_rows = results->roster ? results->roster->n_rows : 0;
	GArray *students = g_array_new(FALSE, TRUE, sizeof(struct student));
	g_array_set_size(students, n_rows);
	for (unsigned i = 0; i < n_rows; i++) {
		const struct roster_row *row = &results->roster->rows[i];
		g_array_index(students, struct student, i) = (struct student){.id = row->student_id, .row = row};
	}
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (unsigned i = 0; i < results->n_pages; i++) {
		const char *id = results->pages[i].student_id;
		if (!id || find_row(results, id) || !g_hash_table_add(seen, (char *)id))
			continue;
		struct student student = {.id = id};
		g_array_append_val(students, student);
	}
	results->n_students = students->len;
	results->students = (struct student *)(void *)g_array_free(students, FALSE);
	if (results->n_students > n_rows)
		qsort(results->students + n_rows, results->n_students - n_rows, sizeof(struct student),
			compare_students);
}

// Each student's pages by rank; NULL for a student without. Free with free_gathered.
static GPtrArray **gather_pages(const struct results *results)
{
	GPtrArray **pages_of = g_new0(GPtrArray *, results->n_students + 1);
	g_autoptr(GHashTable) strangers = g_hash_table_new(g_str_hash, g_str_equal);
	for (unsigned i = results->roster ? results->roster->n_rows : 0; i < results->n_students; i++)
		g_hash_table_insert(strangers, (char *)results->students[i].id, GUINT_TO_POINTER(i));
	for (unsigned i = 0; i < results->n_pages; i++) {
		struct batch_page *page = &results->pages[i];
		if (!page->student_id)
			continue;
		const struct roster_row *row = find_row(results, page->student_id);
		size_t student = row ? (size_t)(row - results->roster->rows)
				     : GPOINTER_TO_UINT(g_hash_table_lookup(strangers, page->student_id));
		if (!pages_of[student])
			pages_of[student] = g_ptr_array_new();
		g_ptr_array_add(pages_of[student], page);
	}
	return pages_of;
}

static void free_gathered(GPtrArray **pages_of, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (pages_of[i])
			g_ptr_array_unref(pages_of[i]);
	g_free(pages_of);
}

// --- what comes of it

static void count(struct results *results)
{
	for (unsigned i = 0; i < results->n_pages; i++)
		results->fates[results->pages[i].fate]++;
	for (unsigned i = 0; i < results->n_students; i++)
		results->statuses[results->students[i].status]++;
	unsigned sum = 0;
	for (unsigned fate = 0; fate < PAGE_N_FATES; fate++)
		sum += results->fates[fate];
	g_assert(sum == results->n_pages);
}

// Has the marks fetched that were left where they are.
static bool fetch_marks(
	GPtrArray *pages, const struct batch_papers *papers, const struct results *results, GError **error)
{
	for (unsigned i = 0; i < pages->len; i++) {
		struct batch_page *page = g_ptr_array_index(pages, i);
		struct page_ruling ruling; // applied to the head before
		if (page->answers->outcome != ANSWERS_READ || page->answers->marks)
			continue;
		struct answers *whole = papers->fetch(papers->data, page->rank, error);
		if (!whole)
			return false;
		rulings_apply(results->rulings, page->content, page->number, results->layout, &whole, &ruling);
		page->answers->marks = g_steal_pointer(&whole->marks);
		page->answers->n_marks = whole->n_marks;
		whole->n_marks = 0;
		answers_free(whole);
	}
	return true;
}

static void forget_marks(GPtrArray *pages)
{
	for (unsigned i = 0; i < pages->len; i++)
		answers_forget_marks(((struct batch_page *)g_ptr_array_index(pages, i))->answers);
}

// One student's turn.
static void account(struct student *student, GPtrArray *pages, const struct several *several, GArray *marks,
	struct results *results)
{
	bool conflict = false;
	if (pages) {
		several_flag(several, pages);
		conflict = forms_settle(pages);
		conflict = copies_settle(pages, results->layout) || conflict;
	}
	paper_account(student, pages, conflict, results);
	if (pages)
		findings_note_marks(marks, pages, results->layout);
}

static bool account_all(
	struct results *results, GPtrArray **pages_of, GArray *marks, const struct batch_papers *papers, GError **error)
{
	struct several *several = several_new(results->layout);
	bool good = true;
	for (unsigned i = 0; i < results->n_students && good; i++) {
		struct student *student = &results->students[i];
		good = !papers || !pages_of[i] || fetch_marks(pages_of[i], papers, results, error);
		if (!good)
			break;
		account(student, pages_of[i], several, marks, results);
		if (!papers)
			continue;
		papers->graded(papers->data, results, student);
		paper_forget(student);
		if (pages_of[i])
			forget_marks(pages_of[i]);
	}
	several_free(several);
	return good;
}

// The pages, in order and each with what is known of whose it is. Frees the batch.
static struct results *line_up(struct batch *batch)
{
	struct results *results = g_new0(struct results, 1);
	*results = (struct results){
		.exam = batch->exam,
		.layout = batch->layout,
		.roster = batch->roster,
		.n_pages = batch->pages->len,
		.maximum = exam_maximum(batch->exam),
		.rulings = batch->rulings,
		.texts = g_string_chunk_new(TEXT_BLOCK_BYTES),
	};
	g_array_sort(batch->pages, compare_ranks);
	results->pages = (struct batch_page *)(void *)g_array_free(batch->pages, FALSE);
	results->seals = seals_enforce(results->pages, results->n_pages, batch->requires_seals);
	g_free(batch);
	walk_in_identify(results->pages, results->n_pages, results->layout, results->texts);
	forms_check(results->pages, results->n_pages, results->exam);
	return results;
}

struct results *batch_finish_papers(struct batch *batch, const struct batch_papers *papers, GError **error)
{
	struct results *results = line_up(batch);
	GArray *marks = g_array_new(FALSE, FALSE, sizeof(struct batch_exception));
	list_students(results);
	GPtrArray **pages_of = gather_pages(results);
	bool good = account_all(results, pages_of, marks, papers, error);
	findings_collect(results, pages_of, marks);
	free_gathered(pages_of, results->n_students);
	if (good)
		count(results);
	else
		g_clear_pointer(&results, results_free);
	return results;
}

struct results *batch_finish(struct batch *batch)
{
	return batch_finish_papers(batch, NULL, NULL);
}

void results_free(struct results *results)
{
	if (!results)
		return;
	for (unsigned i = 0; i < results->n_pages; i++)
		page_clear(&results->pages[i]);
	for (unsigned i = 0; i < results->n_students; i++)
		paper_clear(&results->students[i]);
	for (unsigned i = 0; i < results->n_exceptions; i++)
		g_free(results->exceptions[i].detail);
	g_free(results->pages);
	g_free(results->students);
	g_free(results->exceptions);
	g_string_chunk_free(results->texts);
	rulings_free(results->rulings);
	g_free(results);
}

bool results_need_person(const struct results *results)
{
	for (unsigned i = 0; i < results->n_exceptions; i++)
		if (strcmp(results->exceptions[i].kind, BATCH_KIND_DUPLICATE) != 0)
			return true;
	return false;
}

const char *student_status_text(enum student_status status)
{
	static const char *const TEXTS[STUDENT_N_STATUSES] = {"graded", "review", "incomplete", "absent", "unknown"};
	return TEXTS[status];
}
