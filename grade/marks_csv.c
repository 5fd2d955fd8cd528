// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/marks_csv.h"

#include "grade/forms.h"
#include "sheet/number.h"

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

// The question or part whose last column this is, if it is a number's.
static const struct exam_question *ends_number(const struct exam *exam, unsigned item)
{
	if (exam->items[item].kind != EXAM_ITEM_DIGIT)
		return NULL;
	for (unsigned q = 0; q < exam->n_questions; q++) {
		const struct exam_question *question = &exam->questions[q];
		for (unsigned i = 0; i < MAX(question->n_parts, 1); i++) {
			const struct exam_question *rows = question->n_parts ? &question->parts[i] : question;
			if (rows->first_item + rows->n_items - 1 == item)
				return rows;
		}
	}
	return NULL;
}

// A row for a number as a whole, after those of its columns; marks are theirs.
static void write_number(struct csv_out *out, const struct batch_page *page, const struct exam_question *question,
	const struct answers_mark *marks)
{
	exam_choices marked[1 + EXAM_MAX_DIGITS + EXAM_MAX_DECIMALS] = {0};
	bool review = false;
	struct rational value;
	unsigned column;
	for (unsigned i = 0; i < question->n_items; i++) {
		marked[i] = marks[i].marked;
		review = review || marks[i].review;
	}
	enum number_state state = number_read(question, marked, &value, &column);
	csv_out_text(out, page->student_id);
	csv_out_unsigned(out, page->answers->page);
	csv_out_text(out, page->file);
	csv_out_text(out, question->id);
	if (state == NUMBER_READ)
		csv_out_points(out, value);
	else
		csv_out_text(out, NULL);
	csv_out_text(out, review ? "review" : "ok");
	csv_out_text(out, state == NUMBER_READ || state == NUMBER_BLANK ? NULL : "no number can be read");
	csv_out_end_row(out);
}

static void write_page(struct csv_out *out, const struct batch_page *page, const struct layout *layout)
{
	for (unsigned i = 0; i < page->answers->n_marks; i++) {
		const struct answers_mark *mark = &page->answers->marks[i];
		struct form_mark translated;
		write_mark(out, page, mark, layout);
		const struct exam_question *number = forms_translate(layout, page->answers, mark, &translated)
							     ? ends_number(layout->exam, translated.item)
							     : NULL;
		if (number)
			write_number(out, page, number, mark + 1 - number->n_items);
	}
}

void marks_csv_begin(struct csv_out *out)
{
	csv_out_row(out, (const char *[]){"student_id", "page", "file", "item", "marked", "state", "reason", NULL});
}

void marks_csv_put(struct csv_out *out, const struct student *student, const struct layout *layout)
{
	for (unsigned p = 0; student->has_score && p < layout->n_pages; p++)
		if (student->pages[p])
			write_page(out, student->pages[p], layout);
}

char *marks_csv(const struct results *results)
{
	struct csv_out out;
	csv_out_init(&out);
	marks_csv_begin(&out);
	for (unsigned i = 0; i < results->n_students; i++)
		marks_csv_put(&out, &results->students[i], results->layout);
	return csv_out_finish(&out);
}
