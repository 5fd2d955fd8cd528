// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/walk_in.h"

#include <string.h>

#define WHAT_TO_DO "find the student by the name on the sheet"

// What is known of one sheet.
struct sheet {
	char *id;             // NULL as long as no copy of page 1 gives one
	char *problem;        // why not; NULL as long as no page 1 was seen
	bool differs;         // two copies of page 1 give different IDs
	const char *assigned; // whose a person said it is, of any of its pages; NULL if nobody did
};

static void sheet_free(void *data)
{
	struct sheet *sheet = data;
	g_free(sheet->id);
	g_free(sheet->problem);
	g_free(sheet);
}

// What is wrong with one digit column; NULL if nothing is. Owned by the caller.
static char *column_problem(const struct answers_mark *mark, unsigned column, bool after_blank)
{
	if (mark->review)
		return g_strdup_printf("digit %u of the student ID is doubtful (%s)", column,
			mark->reason ? mark->reason : "not clear");
	if (mark->marked & (mark->marked - 1))
		return g_strdup_printf("digit %u of the student ID has several marks", column);
	if (mark->marked && after_blank)
		return g_strdup_printf("digit %u of the student ID is blank, but a later one is not", column - 1);
	return NULL;
}

char *walk_in_student_id(const struct answers *answers, const struct layout *layout, char **problem)
{
	g_autoptr(GString) id = g_string_new(NULL);
	bool blank = false;
	*problem = NULL;
	for (unsigned i = 0; i < answers->n_marks && !*problem; i++) {
		const struct answers_mark *mark = &answers->marks[i];
		if (layout->items[mark->item].exam_item)
			continue;
		*problem = column_problem(mark, mark->item + 1, blank);
		blank = blank || !mark->marked;
		g_autofree char *digit = answers_choices_text(layout, mark->item, mark->marked);
		g_string_append(id, digit);
	}
	if (!*problem && !id->len)
		*problem = g_strdup("no digit of the student ID is marked");
	return *problem ? NULL : g_strdup(id->str);
}

static void look_at_first_page(struct sheet *sheet, const struct batch_page *page, const struct layout *layout)
{
	g_autofree char *problem = NULL;
	g_autofree char *id = walk_in_student_id(page->answers, layout, &problem);
	if (!id) {
		if (!sheet->problem)
			sheet->problem = g_steal_pointer(&problem);
	} else if (!sheet->id) {
		sheet->id = g_steal_pointer(&id);
	} else if (strcmp(id, sheet->id) != 0) {
		sheet->differs = true;
	}
}

static char *explain(const struct sheet *sheet, const struct batch_page *page)
{
	if (sheet->differs)
		return g_strdup_printf(
			"scans of page 1 of sheet %s show different student IDs: " WHAT_TO_DO, page->answers->serial);
	if (!sheet->problem)
		return g_strdup_printf("page 1 of sheet %s, which has the student ID, was not read: "
				       "scan it, or " WHAT_TO_DO,
			page->answers->serial);
	if (page->answers->page == 1)
		return g_strdup_printf("%s: " WHAT_TO_DO, sheet->problem);
	return g_strdup_printf("on page 1 of this sheet (%s) %s: " WHAT_TO_DO, page->answers->serial, sheet->problem);
}

static bool is_walk_in(const struct batch_page *page)
{
	return page->answers->serial && !page->answers->student && !page->settled && page->fate != PAGE_BLANK &&
	       g_strcmp0(page->kind, ANSWERS_KIND_OTHER_EXAM) != 0;
}

static GHashTable *look_at_sheets(const struct batch_page *pages, unsigned n_pages, const struct layout *layout)
{
	GHashTable *sheets = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, sheet_free);
	for (unsigned i = 0; i < n_pages; i++) {
		const struct batch_page *page = &pages[i];
		if (!is_walk_in(page))
			continue;
		struct sheet *sheet = g_hash_table_lookup(sheets, page->answers->serial);
		if (!sheet) {
			sheet = g_new0(struct sheet, 1);
			g_hash_table_insert(sheets, page->answers->serial, sheet);
		}
		if (page->assigned)
			sheet->assigned = page->student_id;
		if (page->fate == PAGE_READ && page->answers->page == 1)
			look_at_first_page(sheet, page, layout);
	}
	return sheets;
}

void walk_in_identify(struct batch_page *pages, unsigned n_pages, const struct layout *layout, GStringChunk *texts)
{
	g_autoptr(GHashTable) sheets = look_at_sheets(pages, n_pages, layout);
	for (unsigned i = 0; i < n_pages; i++) {
		struct batch_page *page = &pages[i];
		if (!is_walk_in(page) || page->assigned)
			continue;
		const struct sheet *sheet = g_hash_table_lookup(sheets, page->answers->serial);
		if (sheet->assigned)
			page->student_id = sheet->assigned;
		else if (sheet->id && !sheet->differs)
			page->student_id = g_string_chunk_insert_const(texts, sheet->id);
		else if (page->fate == PAGE_READ)
			page_set_aside(page, PAGE_EXCEPTION, ANSWERS_KIND_NO_IDENTITY, explain(sheet, page));
	}
}
