// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/marks_csv.h"

#include "grade/csv_out.h"
#include "grade/forms.h"

// Items and choices are the master's, whatever the form.
static void write_mark(struct csv_out *out, const struct batch_page *page, const struct answers_mark *mark,
	const struct layout *layout)
{
	struct form_mark translated;
	bool is_item = forms_translate(layout, page->answers, mark, &translated);
	const struct exam_item *item = is_item ? &layout->exam->items[translated.item] : NULL;
	g_autofree char *choices = item ? exam_choices_text(item, translated.marked)
					: answers_choices_text(layout, mark->item, mark->marked);
	csv_out_text(out, page->student_id);
	csv_out_unsigned(out, page->answers->page);
	csv_out_text(out, page->file);
	csv_out_text(out, item ? item->id : layout->items[mark->item].id);
	csv_out_text(out, choices);
	csv_out_text(out, mark->review ? "review" : "ok");
	csv_out_text(out, mark->reason);
	csv_out_end_row(out);
}

static void write_page(struct csv_out *out, const struct batch_page *page, const struct layout *layout)
{
	for (unsigned i = 0; i < page->answers->n_marks; i++)
		write_mark(out, page, &page->answers->marks[i], layout);
}

char *marks_csv(const struct results *results)
{
	struct csv_out out;
	csv_out_init(&out);
	csv_out_row(&out, (const char *[]){"student_id", "page", "file", "item", "marked", "state", "reason", NULL});
	for (unsigned i = 0; i < results->n_students; i++) {
		const struct student *student = &results->students[i];
		for (unsigned p = 0; student->has_score && p < results->layout->n_pages; p++)
			if (student->pages[p])
				write_page(&out, student->pages[p], results->layout);
	}
	return csv_out_finish(&out);
}
