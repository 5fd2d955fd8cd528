// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/findings.h"

#include "grade/forms.h"

static void add(GArray *found, struct batch_exception exception)
{
	g_array_append_val(found, exception);
}

// Why the mark is doubtful, and where it is on a form's sheet. Owned by the caller.
static char *describe_mark(const struct batch_page *page, const struct answers_mark *mark, const struct layout *layout)
{
	g_autofree char *place = forms_place_text(layout, page->answers, mark);
	const char *reason = mark->reason ? mark->reason : "";
	return *place ? g_strdup_printf("%s (%s)", reason, place) : g_strdup(reason);
}

static void add_marks(GArray *found, const struct batch_page *page, const struct layout *layout)
{
	for (unsigned i = 0; i < page->answers->n_marks; i++) {
		const struct answers_mark *mark = &page->answers->marks[i];
		struct form_mark translated;
		// A doubtful digit of the student ID is not here: without an ID, the page is an exception.
		if (!mark->review || !forms_translate(layout, page->answers, mark, &translated))
			continue;
		add(found, (struct batch_exception){.kind = BATCH_KIND_MARK,
				   .file = page->file,
				   .scan = page,
				   .page = page->answers->page,
				   .student_id = page->student_id,
				   .item = layout->exam->items[translated.item].id,
				   .place = layout->items[mark->item].id,
				   .detail = describe_mark(page, mark, layout)});
	}
}

static void add_page(GArray *found, const struct batch_page *page)
{
	if (!page->kind || page->settled)
		return;
	add(found, (struct batch_exception){.kind = page->kind,
			   .file = page->file,
			   .scan = page,
			   .page = page->answers->page,
			   .student_id = page->student_id ? page->student_id : "",
			   .item = "",
			   .place = "",
			   .detail = g_strdup(page->detail)});
}

// Any page of the paper that counts; NULL if none was read.
static const struct batch_page *some_read_page(const struct student *student, unsigned n_pages)
{
	for (unsigned i = 0; student->has_score && i < n_pages; i++)
		if (student->pages[i])
			return student->pages[i];
	return NULL;
}

// A page of the paper that is there, but as an exception, has its own row. Pages of another paper do not stand in for
// it.
static bool has_page_number(GPtrArray *pages, unsigned number, const struct batch_page *read)
{
	for (unsigned i = 0; i < pages->len; i++) {
		const struct batch_page *page = g_ptr_array_index(pages, i);
		if (page->answers->page == number && (!read || page_same_paper(page, read)))
			return true;
	}
	return false;
}

static void add_missing_pages(
	GArray *found, const struct student *student, GPtrArray *pages, const struct results *results)
{
	const struct layout *layout = results->layout;
	const struct batch_page *read = some_read_page(student, layout->n_pages);
	const struct batch_page *some = read ? read : g_ptr_array_index(pages, 0);
	for (unsigned number = 1; number <= layout->n_pages; number++) {
		if (has_page_number(pages, number, read) || rulings_page_is_lost(results->rulings, student->id, number))
			continue;
		g_autofree char *known = some->answers->page ? g_strdup_printf("page %u", some->answers->page)
							     : g_strdup("another page");
		add(found, (struct batch_exception){.kind = BATCH_KIND_MISSING_PAGE,
				   .file = "",
				   .page = number,
				   .student_id = student->id,
				   .item = "",
				   .place = "",
				   .detail = g_strdup_printf("page %u was not found; %s of this student is %s", number,
					   known, some->file)});
	}
}

static void add_stranger(GArray *found, const struct student *student, GPtrArray *pages)
{
	const struct batch_page *first = g_ptr_array_index(pages, 0);
	add(found, (struct batch_exception){.kind = BATCH_KIND_UNKNOWN_STUDENT,
			   .file = first->file,
			   .scan = first,
			   .page = first->answers->page,
			   .student_id = student->id,
			   .item = "",
			   .place = "",
			   .detail = g_strdup(first->answers->serial
						      ? "the student ID filled in on this sheet is not on the roster"
						      : "the student ID printed on this sheet is not on the roster")});
}

void findings_note_marks(GArray *found, GPtrArray *pages, const struct layout *layout)
{
	for (unsigned i = 0; i < pages->len; i++) {
		const struct batch_page *page = g_ptr_array_index(pages, i);
		if (page->fate == PAGE_READ)
			add_marks(found, page, layout);
	}
}

static gint compare_scans(gconstpointer a, gconstpointer b)
{
	const struct batch_exception *left = a, *right = b;
	return (left->scan > right->scan) - (left->scan < right->scan); // pages lie by rank
}

void findings_collect(struct results *results, GPtrArray **pages_of, GArray *marks)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct batch_exception));
	guint next = 0;
	g_array_sort(marks, compare_scans); // stable: those of a page stay in their order
	for (unsigned i = 0; i < results->n_pages; i++) {
		const struct batch_page *page = &results->pages[i];
		for (; next < marks->len && g_array_index(marks, struct batch_exception, next).scan == page; next++)
			add(found, g_array_index(marks, struct batch_exception, next));
		add_page(found, page);
	}
	g_array_unref(marks);
	for (unsigned i = 0; i < results->n_students; i++) {
		const struct student *student = &results->students[i];
		if (!pages_of[i])
			continue;
		add_missing_pages(found, student, pages_of[i], results);
		if (student->status == STUDENT_UNKNOWN && !rulings_student_may_stay(results->rulings, student->id))
			add_stranger(found, student, pages_of[i]);
	}
	results->n_exceptions = found->len;
	results->exceptions = (struct batch_exception *)(void *)g_array_free(found, FALSE);
}
