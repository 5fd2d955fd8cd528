// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/copies.h"

#include <string.h>

#define MAX_ITEMS_NAMED 8 // in a detail; a person looks at the pages anyway

// The page that says which paper counts; NULL if none was read.
static const struct batch_page *leading_page(GPtrArray *pages)
{
	const struct batch_page *first = NULL;
	for (unsigned i = 0; i < pages->len; i++) {
		const struct batch_page *page = g_ptr_array_index(pages, i);
		if (page->fate != PAGE_READ)
			continue;
		if (!page->answers->serial && !page->assigned)
			return page;
		if (!first || (first->assigned && !page->assigned))
			first = page;
	}
	return first;
}

static bool set_other_papers_aside(GPtrArray *pages)
{
	const struct batch_page *leader = leading_page(pages);
	bool any = false;
	for (unsigned i = 0; i < pages->len; i++) {
		struct batch_page *page = g_ptr_array_index(pages, i);
		if (page->fate != PAGE_READ || page_same_paper(page, leader))
			continue;
		page_set_aside(page, PAGE_EXCEPTION, BATCH_KIND_CONFLICT,
			g_strdup_printf("another paper with this student ID was read (%s): "
					"find out whose this one is",
				leader->file));
		any = true;
	}
	return any;
}

static unsigned count_doubts(const struct batch_page *page)
{
	unsigned doubts = 0;
	for (unsigned i = 0; i < page->answers->n_marks; i++)
		doubts += page->answers->marks[i].review;
	return doubts;
}

// Whether copies that are sure of item i are of different minds about it, and no person said which is right. Copies of
// a page of one paper have the same items.
static bool item_differs(GPtrArray *copies, unsigned i)
{
	const struct answers_mark *sure = NULL;
	for (unsigned c = 0; c < copies->len; c++) {
		const struct batch_page *copy = g_ptr_array_index(copies, c);
		const struct answers_mark *mark = &copy->answers->marks[i];
		if (mark->decided)
			return false;
		if (mark->review)
			continue;
		if (sure && sure->marked != mark->marked)
			return true;
		sure = mark;
	}
	return false;
}

static bool find_differences(GPtrArray *copies, bool *differs)
{
	const struct batch_page *first = g_ptr_array_index(copies, 0);
	bool any = false;
	for (unsigned i = 0; i < first->answers->n_marks; i++) {
		differs[i] = item_differs(copies, i);
		any = any || differs[i];
	}
	return any;
}

// What a person decided about an item holds for whichever scan of it is read.
static void keep_decided(struct batch_page *read, const struct batch_page *copy)
{
	for (unsigned i = 0; i < copy->answers->n_marks; i++) {
		struct answers_mark *mark = &read->answers->marks[i];
		if (!copy->answers->marks[i].decided || mark->decided)
			continue;
		mark->marked = copy->answers->marks[i].marked;
		mark->review = false;
		mark->decided = true;
		g_clear_pointer(&mark->reason, g_free);
	}
}

static void set_duplicate(struct batch_page *page, struct batch_page *read)
{
	keep_decided(read, page);
	page_set_aside(page, PAGE_DUPLICATE, BATCH_KIND_DUPLICATE,
		g_strdup_printf("the same page as %s, and nothing in it differs", read->file));
}

static void settle_agreeing(GPtrArray *copies)
{
	struct batch_page *best = g_ptr_array_index(copies, 0);
	for (unsigned c = 1; c < copies->len; c++) {
		struct batch_page *copy = g_ptr_array_index(copies, c);
		if (count_doubts(copy) < count_doubts(best))
			best = copy;
	}
	for (unsigned c = 0; c < copies->len; c++) {
		struct batch_page *copy = g_ptr_array_index(copies, c);
		if (copy != best)
			set_duplicate(copy, best);
	}
}

// The items in which a copy contradicts the first one, or is sure of something that is in dispute. NULL if there are
// none.
static char *contradictions(
	const struct batch_page *copy, const struct batch_page *first, const bool *differs, const struct layout *layout)
{
	GString *items = g_string_new(NULL);
	unsigned n = 0;
	for (unsigned i = 0; i < copy->answers->n_marks; i++) {
		const struct answers_mark *mark = &copy->answers->marks[i], *other = &first->answers->marks[i];
		if (!differs[i] || mark->review || (!other->review && mark->marked == other->marked))
			continue;
		if (n < MAX_ITEMS_NAMED)
			g_string_append_printf(items, "%s%s", n ? ", " : "", layout->items[mark->item].id);
		n++;
	}
	if (n > MAX_ITEMS_NAMED)
		g_string_append_printf(items, " and %u more", n - MAX_ITEMS_NAMED);
	return g_string_free(items, n == 0);
}

static void settle_differing(GPtrArray *copies, const bool *differs, const struct layout *layout)
{
	struct batch_page *first = g_ptr_array_index(copies, 0);
	for (unsigned c = 1; c < copies->len; c++) {
		struct batch_page *copy = g_ptr_array_index(copies, c);
		g_autofree char *items = contradictions(copy, first, differs, layout);
		if (items)
			page_set_aside(copy, PAGE_EXCEPTION, BATCH_KIND_CONFLICT,
				g_strdup_printf("the same page as %s, but it differs in %s: find out which one counts",
					first->file, items));
		else
			set_duplicate(copy, first);
	}
}

static bool settle_page_number(GPtrArray *copies, const struct layout *layout)
{
	if (copies->len < 2)
		return false;
	const struct batch_page *first = g_ptr_array_index(copies, 0);
	g_autofree bool *differs = g_new0(bool, first->answers->n_marks + 1);
	if (!find_differences(copies, differs)) {
		settle_agreeing(copies);
		return false;
	}
	settle_differing(copies, differs, layout);
	return true;
}

bool copies_settle(GPtrArray *pages, const struct layout *layout)
{
	bool conflict = set_other_papers_aside(pages);
	g_autoptr(GPtrArray) copies = g_ptr_array_new();
	for (unsigned number = 1; number <= layout->n_pages; number++) {
		g_ptr_array_set_size(copies, 0);
		for (unsigned i = 0; i < pages->len; i++) {
			struct batch_page *page = g_ptr_array_index(pages, i);
			if (page->fate == PAGE_READ && page->answers->page == number)
				g_ptr_array_add(copies, page);
		}
		conflict = settle_page_number(copies, layout) || conflict;
	}
	return conflict;
}
