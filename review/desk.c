// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/desk.h"

#include <stdlib.h>
#include <string.h>

#define PICTURES_KEPT 6 // decoded, some 9 MB each

struct kept_picture {
	char *name;
	struct picture *picture;
};

struct desk {
	struct session *session;
	const struct desk_hooks *hooks;
	struct results *results;
	GPtrArray *flags;
	GHashTable *flags_by_id, *pages_by_name, *students_by_id;
	GQueue pictures; // struct kept_picture *, the last used first
	bool dirty;
};

static void flag_free(void *data)
{
	struct desk_flag *flag = data;
	g_free(flag->id);
	g_free(flag);
}

char *desk_page_name(const struct batch_page *page)
{
	return g_strdup_printf("%s:%u", page->content ? page->content : "", page->number);
}

// --- flags

static char *flag_id(const struct batch_exception *exception)
{
	g_autofree char *page = exception->scan ? desk_page_name(exception->scan) : g_strdup("");
	bool about_student = !exception->scan || strcmp(exception->kind, BATCH_KIND_UNKNOWN_STUDENT) == 0;
	g_autofree char *text =
		about_student ? g_strdup_printf("%s\n%s\n%u", exception->kind, exception->student_id, exception->page)
			      : g_strdup_printf("%s\n%s\n%s", exception->kind, page, exception->place);
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static struct interval stake_of(
	const struct desk *desk, const struct batch_exception *exception, const struct student *student)
{
	const struct results *results = desk->results;
	if (strcmp(exception->kind, BATCH_KIND_DUPLICATE) == 0 ||
		strcmp(exception->kind, BATCH_KIND_UNKNOWN_STUDENT) == 0)
		return (struct interval){RATIONAL_ZERO, RATIONAL_ZERO};
	if (!student)
		return (struct interval){RATIONAL_ZERO, results->maximum};
	if (strcmp(exception->kind, BATCH_KIND_MARK) != 0)
		return interval_of_student(results, student);
	const struct exam_item *item = exam_find_item(results->exam, exception->item);
	if (!item || item->kind == EXAM_ITEM_FIELD)
		return (struct interval){student->total, student->total};
	return interval_of_item(results, student, (unsigned)(item - results->exam->items));
}

// What is to be seen first where points are equal: whole pages, then marks, then what only has to be known.
static int rank_of(const struct desk_flag *flag)
{
	static const char *const LAST[] = {BATCH_KIND_MISSING_PAGE, ANSWERS_KIND_OTHER_EXAM, ANSWERS_KIND_NOT_A_SCAN,
		BATCH_KIND_NOT_AN_IMAGE, BATCH_KIND_UNKNOWN_STUDENT, BATCH_KIND_DUPLICATE};
	static const char *const FIRST[] = {ANSWERS_KIND_NO_IDENTITY, BATCH_KIND_CONFLICT, BATCH_KIND_FORGED};
	for (size_t i = 0; i < G_N_ELEMENTS(FIRST); i++)
		if (strcmp(flag->exception->kind, FIRST[i]) == 0)
			return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(LAST); i++)
		if (strcmp(flag->exception->kind, LAST[i]) == 0)
			return 3 + (int)i;
	return strcmp(flag->exception->kind, BATCH_KIND_MARK) == 0 ? 2 : 1;
}

static int compare_flags(gconstpointer a, gconstpointer b)
{
	const struct desk_flag *left = *(struct desk_flag *const *)a, *right = *(struct desk_flag *const *)b;
	bool left_late = rank_of(left) > 2, right_late = rank_of(right) > 2;
	if (left_late != right_late)
		return left_late ? 1 : -1;
	struct rational p = rational_subtract(left->stake.high, left->stake.low);
	struct rational q = rational_subtract(right->stake.high, right->stake.low);
	int order = left_late ? 0 : rational_compare(q, p);
	if (!order)
		order = rank_of(left) - rank_of(right);
	// In the order of the results otherwise, whatever sort is used.
	return order ? order : left->exception < right->exception ? -1 : left->exception > right->exception;
}

static void list_flags(struct desk *desk)
{
	const struct results *results = desk->results;
	g_ptr_array_set_size(desk->flags, 0);
	g_hash_table_remove_all(desk->flags_by_id);
	for (unsigned i = 0; i < results->n_exceptions; i++) {
		const struct batch_exception *exception = &results->exceptions[i];
		struct desk_flag *flag = g_new0(struct desk_flag, 1);
		flag->exception = exception;
		flag->id = flag_id(exception);
		flag->student = g_hash_table_lookup(desk->students_by_id, exception->student_id);
		flag->stake = stake_of(desk, exception, flag->student);
		g_ptr_array_add(desk->flags, flag);
		g_hash_table_insert(desk->flags_by_id, flag->id, flag);
	}
	g_ptr_array_sort(desk->flags, compare_flags);
}

static void index_results(struct desk *desk)
{
	const struct results *results = desk->results;
	g_hash_table_remove_all(desk->pages_by_name);
	g_hash_table_remove_all(desk->students_by_id);
	for (unsigned i = 0; i < results->n_pages; i++) {
		struct batch_page *page = &results->pages[i];
		char *name = desk_page_name(page);
		const struct batch_page *known = g_hash_table_lookup(desk->pages_by_name, name);
		if (!known || (known->fate != PAGE_READ && page->fate == PAGE_READ))
			g_hash_table_replace(desk->pages_by_name, name, page);
		else
			g_free(name);
	}
	for (unsigned i = 0; i < results->n_students; i++)
		g_hash_table_insert(
			desk->students_by_id, (char *)(uintptr_t)results->students[i].id, &results->students[i]);
}

static bool grade(struct desk *desk, GError **error)
{
	struct results *results = desk->hooks->grade(desk->hooks->data, error);
	if (!results)
		return false;
	results_free(desk->results);
	desk->results = results;
	index_results(desk);
	list_flags(desk);
	return true;
}

// --- making it

struct desk *desk_new(struct session *session, const struct desk_hooks *hooks, GError **error)
{
	struct desk *desk = g_new0(struct desk, 1);
	desk->session = session;
	desk->hooks = hooks;
	desk->flags = g_ptr_array_new_with_free_func(flag_free);
	desk->flags_by_id = g_hash_table_new(g_str_hash, g_str_equal);
	desk->pages_by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	desk->students_by_id = g_hash_table_new(g_str_hash, g_str_equal);
	g_queue_init(&desk->pictures);
	if (grade(desk, error))
		return desk;
	desk_free(desk);
	return NULL;
}

static void kept_picture_free(void *data)
{
	struct kept_picture *kept = data;
	g_free(kept->name);
	picture_free(kept->picture);
	g_free(kept);
}

void desk_free(struct desk *desk)
{
	if (!desk)
		return;
	g_queue_clear_full(&desk->pictures, kept_picture_free);
	g_hash_table_unref(desk->flags_by_id);
	g_hash_table_unref(desk->pages_by_name);
	g_hash_table_unref(desk->students_by_id);
	g_ptr_array_unref(desk->flags);
	results_free(desk->results);
	g_free(desk);
}

// --- asking

const struct results *desk_results(const struct desk *desk)
{
	return desk->results;
}

const GPtrArray *desk_flags(const struct desk *desk)
{
	return desk->flags;
}

const struct desk_flag *desk_find_flag(const struct desk *desk, const char *id)
{
	return g_hash_table_lookup(desk->flags_by_id, id);
}

const struct batch_page *desk_find_page(const struct desk *desk, const char *name)
{
	return g_hash_table_lookup(desk->pages_by_name, name);
}

const struct student *desk_find_student(const struct desk *desk, const char *id)
{
	return g_hash_table_lookup(desk->students_by_id, id);
}

const struct picture *desk_picture(struct desk *desk, const struct batch_page *page, GError **error)
{
	g_autofree char *name = desk_page_name(page);
	for (GList *link = desk->pictures.head; link; link = link->next) {
		struct kept_picture *kept = link->data;
		if (strcmp(kept->name, name) != 0)
			continue;
		g_queue_unlink(&desk->pictures, link);
		g_queue_push_head_link(&desk->pictures, link);
		return kept->picture;
	}
	struct picture *picture =
		page->content ? desk->hooks->picture(desk->hooks->data, page->content, page->number, error) : NULL;
	if (!picture)
		return NULL;
	struct kept_picture *kept = g_new(struct kept_picture, 1);
	*kept = (struct kept_picture){g_steal_pointer(&name), picture};
	g_queue_push_head(&desk->pictures, kept);
	while (g_queue_get_length(&desk->pictures) > PICTURES_KEPT)
		kept_picture_free(g_queue_pop_tail(&desk->pictures));
	return picture;
}

// --- deciding

bool desk_decide(struct desk *desk, struct decision *decisions, unsigned n, GError **error)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
	for (unsigned i = 0; i < n; i++)
		decisions[i].time = time;
	session_decide(desk->session, decisions, n);
	for (unsigned i = 0; i < n; i++)
		decisions[i].time = NULL;
	if (session_failed(desk->session, error))
		return false;
	desk->dirty = true;
	return grade(desk, error);
}

bool desk_is_dirty(const struct desk *desk)
{
	return desk->dirty;
}

bool desk_write(struct desk *desk, GError **error)
{
	if (!desk->hooks->write(desk->hooks->data, desk->results, error))
		return false;
	desk->dirty = false;
	return true;
}
