// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/gradebook.h"

#include "sheet/exam_total.h"

void gradebook_begin(struct csv_out *out, const struct exam *exam)
{
	csv_out_text(out, "student_id");
	csv_out_text(out, "name");
	for (unsigned i = 0; i < exam->n_fields; i++)
		csv_out_text(out, exam->items[i].id);
	csv_out_text(out, "status");
	csv_out_text(out, "score");
	csv_out_text(out, "max_score");
	for (unsigned i = 0; i < exam->n_questions; i++) {
		g_autofree char *column = g_strconcat("Q", exam->questions[i].id, NULL);
		csv_out_text(out, column);
	}
	csv_out_end_row(out);
}

void gradebook_put(struct csv_out *out, const struct student *student, const struct results *results)
{
	const struct exam *exam = results->exam;
	csv_out_text(out, student->id);
	csv_out_text(out, student->row ? student->row->name : NULL);
	for (unsigned i = 0; i < exam->n_fields; i++) {
		g_autofree char *choices =
			student->has_score ? exam_choices_text(&exam->items[i], student->marked[i]) : NULL;
		csv_out_text(out, choices);
	}
	csv_out_text(out, student_status_text(student->status));
	if (student->has_score)
		csv_out_points(out, exam_round(exam, student->total));
	else
		csv_out_text(out, NULL);
	csv_out_points(out, results->maximum);
	for (unsigned i = 0; i < exam->n_questions; i++) {
		if (student->has_score && student->questions[i].scored)
			csv_out_points(out, student->questions[i].score);
		else
			csv_out_text(out, NULL);
	}
	csv_out_end_row(out);
}

char *gradebook_csv(const struct results *results)
{
	struct csv_out out;
	csv_out_init(&out);
	gradebook_begin(&out, results->exam);
	for (unsigned i = 0; i < results->n_students; i++)
		gradebook_put(&out, &results->students[i], results);
	return csv_out_finish(&out);
}
