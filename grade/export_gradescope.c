// SPDX-License-Identifier: GPL-3.0-or-later
// Gradescope. It has no import of scores into a graded assignment; what goes around is the file that its "Download
// Grades" gives, and course tools and scripts read that. So this is such a file: Name, SID, Email, Total Score, Max
// Points, Status (Graded, Ungraded or Missing), the columns about the submission, and a column a question,
// "<n>: <title> (<points> pts)". A student who is Missing has no scores.
#include "grade/export_format.h"

static void write_header(struct export_job *job)
{
	static const char *const COLUMNS[] = {"Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status",
		"Submission ID", "Submission Time", "Lateness (H:M:S)", "View Count", "Submission Count"};
	const struct exam *exam = job->results->exam;
	for (size_t i = 0; i < G_N_ELEMENTS(COLUMNS); i++)
		csv_out_text(&job->out, COLUMNS[i]);
	for (unsigned q = 0; q < exam->n_questions; q++) {
		char points[RATIONAL_TEXT_SIZE];
		rational_format(exam_question_maximum(exam, &exam->questions[q]), points);
		g_autofree char *column = g_strdup_printf(
			"%s: Question %s (%s pts)", exam->questions[q].id, exam->questions[q].id, points);
		csv_out_text(&job->out, column);
	}
	csv_out_end_row(&job->out);
}

static const char *status_of(const struct export_job *job, const struct student *student)
{
	if (student->status == STUDENT_ABSENT)
		return "Missing";
	return export_has_score(job, student) ? "Graded" : "Ungraded";
}

static void write_student(struct export_job *job, const struct student *student)
{
	const struct results *results = job->results;
	csv_out_text(&job->out, student->row ? student->row->name : NULL);
	csv_out_text(&job->out, student->id);
	csv_out_text(&job->out, export_email(results, student));
	csv_out_text(&job->out, export_roster_cell(results, student, "section"));
	export_score(job, &EXPORT_GRADESCOPE, student);
	csv_out_points(&job->out, results->maximum);
	csv_out_text(&job->out, status_of(job, student));
	for (unsigned i = 0; i < 5; i++) // of the submission, of which there is none
		csv_out_text(&job->out, NULL);
	for (unsigned q = 0; q < results->exam->n_questions; q++) {
		if (export_has_score(job, student) && student->questions[q].scored)
			csv_out_points(&job->out, student->questions[q].score);
		else
			csv_out_text(&job->out, NULL);
	}
	csv_out_end_row(&job->out);
}

static bool write_gradescope(struct export_job *job, GError **error)
{
	(void)error;
	unsigned n_without = 0;
	write_header(job);
	for (unsigned i = 0; i < job->results->n_students; i++) {
		if (!export_takes(job, i))
			continue;
		write_student(job, &job->results->students[i]);
		n_without += !*export_email(job->results, &job->results->students[i]);
	}
	if (n_without)
		export_note(job, "%u students have no email, by which Gradescope tells people apart", n_without);
	return true;
}

static const struct export_identity IDENTITIES[] = {
	{"SID", EXPORT_KEY_ID},
	{"Email", EXPORT_KEY_EMAIL},
	{NULL, EXPORT_KEY_ID},
};

const struct export_format EXPORT_GRADESCOPE = {
	.name = "gradescope",
	.title = "Gradescope",
	.identities = IDENTITIES,
	.write = write_gradescope,
};
