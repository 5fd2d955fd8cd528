// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/page.h"

#include <string.h>

void page_init(struct batch_page *page, const char *file, uint64_t rank, struct answers *answers)
{
	*page = (struct batch_page){.rank = rank, .file = g_strdup(file), .answers = answers, .fate = PAGE_READ};
	if (answers->outcome == ANSWERS_BLANK)
		page->fate = PAGE_BLANK;
	if (answers->outcome == ANSWERS_EXCEPTION)
		page_set_aside(page, PAGE_EXCEPTION, answers->kind, g_strdup(answers->detail));
	// Whoever sat another exam is none of ours.
	if (page->fate != PAGE_BLANK && g_strcmp0(page->kind, ANSWERS_KIND_OTHER_EXAM) != 0)
		page->student_id = answers->student;
}

void page_clear(struct batch_page *page)
{
	g_free(page->file);
	g_free(page->detail);
	g_free(page->content);
	answers_free(page->answers);
}

bool page_same_paper(const struct batch_page *a, const struct batch_page *b)
{
	return a->assigned || b->assigned || g_strcmp0(a->answers->serial, b->answers->serial) == 0;
}

void page_set_aside(struct batch_page *page, enum page_fate fate, const char *kind, char *detail)
{
	page->fate = fate;
	page->kind = kind;
	g_free(page->detail);
	page->detail = detail;
}
