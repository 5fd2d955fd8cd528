// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/forms.h"

#include <string.h>

#include "sheet/exam_forms.h"

bool forms_translate(const struct layout *layout, const struct answers *answers, const struct answers_mark *mark,
	struct form_mark *translated)
{
	const struct exam_item *item = layout->items[mark->item].exam_item;
	if (!item)
		return false;
	unsigned index = (unsigned)(item - layout->exam->items);
	const struct exam_form *form = answers->form ? exam_find_form(layout->exam, answers->form) : NULL;
	if (form)
		*translated = (struct form_mark){
			form->places[index].item, exam_form_to_master(&form->places[index], mark->marked)};
	else
		*translated = (struct form_mark){index, mark->marked};
	return true;
}

char *forms_place_text(const struct layout *layout, const struct answers *answers, const struct answers_mark *mark)
{
	struct form_mark translated;
	const char *place = layout->items[mark->item].id;
	if (!answers->form || !forms_translate(layout, answers, mark, &translated) ||
		layout->items[mark->item].exam_item->kind == EXAM_ITEM_FIELD)
		return g_strdup("");
	g_autofree char *marked = answers_choices_text(layout, mark->item, mark->marked);
	return g_strdup_printf("%s on this sheet, form %c: %s", place, answers->form, *marked ? marked : "blank");
}

static char *unknown_form(const struct answers *answers, const struct exam *exam)
{
	g_autofree char *letters = exam_form_letters(exam);
	if (!answers->form)
		return g_strdup_printf("no form is printed on this sheet, but the exam has forms (%s): find out which "
				       "questions the student had",
			letters);
	if (exam->n_forms == 0)
		return g_strdup_printf("the sheet is of form %c, but the exam file has no forms: add them to it, and "
				       "grade again",
			answers->form);
	return g_strdup_printf("the sheet is of form %c, but the exam file has %s: add the form to it, and grade again",
		answers->form, letters);
}

void forms_check(struct batch_page *pages, unsigned n_pages, const struct exam *exam)
{
	for (unsigned i = 0; i < n_pages; i++) {
		struct batch_page *page = &pages[i];
		char form = page->answers->form;
		if (page->fate != PAGE_READ || (form ? exam_find_form(exam, form) != NULL : exam->n_forms == 0))
			continue;
		page_set_aside(page, PAGE_EXCEPTION, BATCH_KIND_UNKNOWN_FORM, unknown_form(page->answers, exam));
	}
}

bool forms_settle(GPtrArray *pages)
{
	const struct batch_page *first = NULL;
	bool any = false;
	for (unsigned i = 0; i < pages->len; i++) {
		struct batch_page *page = g_ptr_array_index(pages, i);
		if (page->fate != PAGE_READ)
			continue;
		if (!first)
			first = page;
		if (page->answers->form == first->answers->form)
			continue;
		page_set_aside(page, PAGE_EXCEPTION, BATCH_KIND_CONFLICT,
			g_strdup_printf("a sheet of form %c, but this student has one of form %c as well (%s): find "
					"out which questions the student had",
				page->answers->form, first->answers->form, first->file));
		any = true;
	}
	return any;
}
