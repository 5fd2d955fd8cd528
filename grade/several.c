// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/several.h"

#include "grade/forms.h"

#define REASON "several choices are marked"

// By item of the exam, whether several marks wait for a person. NULL if none ever do. Owned by the caller.
static bool *waiting_items(const struct exam *exam)
{
	bool *waiting = g_new0(bool, exam->n_items + 1), any = false;
	for (unsigned q = 0; q < exam->n_questions; q++) {
		const struct exam_question *question = &exam->questions[q];
		for (unsigned i = 0; i < MAX(question->n_parts, 1); i++) {
			const struct exam_question *rows = question->n_parts ? &question->parts[i] : question;
			for (unsigned k = 0; k < rows->n_items && rows->review_several; k++)
				any = waiting[rows->first_item + k] = true;
		}
	}
	if (!any)
		g_clear_pointer(&waiting, g_free);
	return waiting;
}

static void flag(struct answers *answers, const bool *waiting, const struct layout *layout)
{
	for (unsigned i = 0; i < answers->n_marks; i++) {
		struct answers_mark *mark = &answers->marks[i];
		struct form_mark translated;
		bool several = (mark->marked & (mark->marked - 1)) != 0;
		if (!several || mark->review || mark->decided || !forms_translate(layout, answers, mark, &translated) ||
			!waiting[translated.item])
			continue;
		mark->review = true;
		mark->reason = g_strdup(REASON);
	}
}

void several_flag(struct batch_page *pages, unsigned n_pages, const struct layout *layout)
{
	g_autofree bool *waiting = waiting_items(layout->exam);
	for (unsigned i = 0; waiting && i < n_pages; i++)
		if (pages[i].fate == PAGE_READ)
			flag(pages[i].answers, waiting, layout);
}
