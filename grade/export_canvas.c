// SPDX-License-Identifier: GPL-3.0-or-later
// Canvas. What its importer goes by (Instructure's guide "How do I import grades in the Gradebook?", and
// lib/gradebook_importer.rb in Canvas's source):
//
//   - the first cells are Student, ID, …, the last before the items is Section;
//   - an item's header is "<title> (<assignment id>)"; without the id it is looked up by title, else it is new;
//   - a second row says Points Possible;
//   - a student is looked up by ID (Canvas's own number), then by SIS User ID, then by SIS Login ID, and at last,
//   without
//     a word, by name. So every row has an ID, and our student_id is never passed off as Canvas's: it may be the number
//     of somebody else there;
//   - a comma in a number is taken for its decimal point, so there is none;
//   - a column whose name contains one of the words below is a total of Canvas's and passed over;
//   - an empty cell is no grade.
#include <string.h>

#include "grade/export_format.h"

static const char *const PASSED_OVER[] = {"Current Score", "Current Points", "Current Grade", "Final Score",
	"Final Points", "Final Grade", "Override Score", "Override Grade", "Override Status"};

static char *item_of(const char *header)
{
	const char *open = strrchr(header, '(');
	if (!open || open == header)
		return NULL;
	size_t digits = strspn(open + 1, "0123456789");
	return digits && strcmp(open + 1 + digits, ")") == 0 ? g_strchomp(g_strndup(header, (gsize)(open - header)))
							     : NULL;
}

static bool is_points_row(const struct csv_in *from, unsigned row)
{
	return strstr(csv_in_cell(from, row, 0), "Points Possible") != NULL;
}

// --- with Canvas's own export: who is who, and the item, as it has them

static void write_points_row(struct export_job *job, int n_cells)
{
	const struct csv_in *from = job->request->from;
	const char *points = "";
	for (unsigned row = 0; row < csv_in_n_rows(from) && !*points; row++)
		if (is_points_row(from, row))
			points = csv_in_cell(from, row, job->item_column);
	struct rational value;
	if (!rational_parse(points, &value))
		value = job->results->maximum;
	char theirs[RATIONAL_TEXT_SIZE], ours[RATIONAL_TEXT_SIZE];
	if (rational_compare(value, job->results->maximum) != 0)
		export_note(job, "the item is worth %s points in Canvas, the exam %s", rational_format(value, theirs),
			rational_format(job->results->maximum, ours));
	csv_out_text(&job->out, "Points Possible");
	for (int i = 1; i < n_cells; i++)
		csv_out_text(&job->out, NULL);
	csv_out_points(&job->out, value);
	csv_out_end_row(&job->out);
}

static bool write_from(struct export_job *job, GError **error)
{
	const struct csv_in *from = job->request->from;
	int section = csv_in_find(from, "Section");
	if (section < 0 || section > job->item_column || csv_in_find(from, "ID") < 0) {
		g_set_error(error, EXPORT_ERROR, 0, "%s: this is no export of Canvas's: it has no column %s",
			job->request->from_name, section < 0 ? "Section" : "ID");
		return false;
	}
	for (int i = 0; i <= section; i++)
		csv_out_text(&job->out, csv_in_column_name(from, (unsigned)i));
	csv_out_text(&job->out, csv_in_column_name(from, (unsigned)job->item_column));
	csv_out_end_row(&job->out);
	write_points_row(job, section + 1);
	for (unsigned i = 0; i < job->results->n_students; i++) {
		if (!export_takes(job, i))
			continue;
		for (int column = 0; column <= section; column++)
			csv_out_text(&job->out, csv_in_cell(from, (unsigned)job->row_of[i], column));
		export_score(job, &EXPORT_CANVAS, &job->results->students[i]);
		csv_out_end_row(&job->out);
	}
	return true;
}

// --- by the roster alone

static void write_student(struct export_job *job, const struct student *student)
{
	const struct results *results = job->results;
	const char *username = export_roster_cell(results, student, "username");
	csv_out_text(&job->out, student->row && *student->row->name ? student->row->name : student->id);
	csv_out_text(&job->out, export_roster_cell(results, student, "canvas_id"));
	csv_out_text(&job->out, student->id);
	csv_out_text(&job->out, *username ? username : export_email(results, student));
	csv_out_text(&job->out, export_roster_cell(results, student, "section"));
	export_score(job, &EXPORT_CANVAS, student);
	csv_out_end_row(&job->out);
}

static bool write_alone(struct export_job *job)
{
	const char *const POINTS[] = {"Points Possible", "", "", "", ""};
	const char *const HEADER[] = {"Student", "ID", "SIS User ID", "SIS Login ID", "Section"};
	bool numbered = true;
	for (size_t i = 0; i < G_N_ELEMENTS(HEADER); i++)
		csv_out_text(&job->out, HEADER[i]);
	csv_out_text(&job->out, export_item_name(job));
	csv_out_end_row(&job->out);
	for (size_t i = 0; i < G_N_ELEMENTS(POINTS); i++)
		csv_out_text(&job->out, POINTS[i]);
	csv_out_points(&job->out, job->results->maximum);
	csv_out_end_row(&job->out);
	for (unsigned i = 0; i < job->results->n_students; i++) {
		if (!export_takes(job, i))
			continue;
		write_student(job, &job->results->students[i]);
		numbered = numbered && *export_roster_cell(job->results, &job->results->students[i], "canvas_id");
	}
	if (!numbered)
		export_note(job, "Canvas will find students by SIS User ID, which must be their student_id; to be sure "
				 "of it, export the gradebook from Canvas and give that file with --from");
	return true;
}

static bool write_canvas(struct export_job *job, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(PASSED_OVER); i++) {
		if (strstr(export_item_name(job), PASSED_OVER[i])) {
			g_set_error(error, EXPORT_ERROR, 0,
				"Canvas passes over columns named \"…%s…\": name the item otherwise, with --column",
				PASSED_OVER[i]);
			return false;
		}
	}
	return job->request->from ? write_from(job, error) : write_alone(job);
}

static const struct export_identity IDENTITIES[] = {
	{"SIS User ID", EXPORT_KEY_ID},
	{"SIS Login ID", EXPORT_KEY_ID},
	{"SIS Login ID", EXPORT_KEY_USERNAME},
	{"SIS Login ID", EXPORT_KEY_EMAIL},
	{"Integration ID", EXPORT_KEY_ID},
	{NULL, EXPORT_KEY_ID},
};

const struct export_format EXPORT_CANVAS = {
	.name = "canvas",
	.title = "Canvas",
	.identities = IDENTITIES,
	.item_of = item_of,
	.write = write_canvas,
};
