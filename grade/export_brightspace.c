// SPDX-License-Identifier: GPL-3.0-or-later
// Brightspace (D2L). What its import goes by (D2L's help, "Import grades", and its sample file):
//
//   - the columns OrgDefinedId and Username come first; one of the two is needed for each student. A # before them
//   keeps
//     a spreadsheet from taking them for numbers;
//   - an item with points is "<item> Points Grade"; D2L's own export says more behind that, which is taken as it is;
//   - the last column is End-of-Line Indicator, and says #;
//   - the names of items have none of / " * < > + = | , %;
//   - scores above the item's points are cut down to them unless the item "can exceed";
//   - an empty cell is no grade.
#include <string.h>

#include "grade/export_format.h"
#include "sheet/exam_total.h"

#define POINTS_GRADE " Points Grade"

static char *item_of(const char *header)
{
	const char *points = strstr(header, POINTS_GRADE);
	return points ? g_strndup(header, (gsize)(points - header)) : NULL;
}

// Without the signs that names there must not have, and without the gaps that these leave.
static char *allowed_name(struct export_job *job)
{
	const char *name = export_item_name(job);
	g_auto(GStrv) words = g_strsplit_set(name, "/\"*<>+=|,% ", -1);
	GString *allowed = g_string_new(NULL);
	for (char **word = words; *word; word++)
		if (**word)
			g_string_append_printf(allowed, "%s%s", allowed->len ? " " : "", *word);
	if (strcmp(allowed->str, name) != 0)
		export_note(job, "the item is named \"%s\", as Brightspace has no / \" * < > + = | , %% in names",
			allowed->str);
	return g_string_free(allowed, FALSE);
}

static void write_marked(struct export_job *job, const char *id)
{
	g_autofree char *marked = *id && *id != '#' ? g_strconcat("#", id, NULL) : g_strdup(id);
	csv_out_text(&job->out, marked);
}

static void write_student(struct export_job *job, unsigned i)
{
	const struct student *student = &job->results->students[i];
	bool has_from = job->request->from != NULL;
	write_marked(job, has_from ? export_from_cell(job, i, "OrgDefinedId") : student->id);
	write_marked(job, has_from ? export_from_cell(job, i, "Username")
				   : export_roster_cell(job->results, student, "username"));
	export_score(job, &EXPORT_BRIGHTSPACE, student);
	csv_out_text(&job->out, "#");
	csv_out_end_row(&job->out);
}

static bool write_brightspace(struct export_job *job, GError **error)
{
	(void)error;
	const struct csv_in *from = job->request->from;
	g_autofree char *name = from ? NULL : allowed_name(job);
	g_autofree char *made = name ? g_strconcat(name, POINTS_GRADE, NULL) : NULL;
	csv_out_text(&job->out, "OrgDefinedId");
	csv_out_text(&job->out, "Username");
	csv_out_text(&job->out, from ? csv_in_column_name(from, (unsigned)job->item_column) : made);
	csv_out_text(&job->out, "End-of-Line Indicator");
	csv_out_end_row(&job->out);
	unsigned n_beyond = 0;
	for (unsigned i = 0; i < job->results->n_students; i++) {
		const struct student *student = &job->results->students[i];
		if (!export_takes(job, i))
			continue;
		write_student(job, i);
		n_beyond += export_has_score(job, student) &&
			    rational_compare(exam_round(job->results->exam, student->total), job->results->maximum) > 0;
	}
	if (n_beyond)
		export_note(job,
			"%u scores are above the maximum: Brightspace cuts them down unless the item \"can exceed\"",
			n_beyond);
	return true;
}

static const struct export_identity IDENTITIES[] = {
	{"OrgDefinedId", EXPORT_KEY_ID},
	{"Username", EXPORT_KEY_USERNAME},
	{"Username", EXPORT_KEY_ID},
	{"Email", EXPORT_KEY_EMAIL},
	{NULL, EXPORT_KEY_ID},
};

const struct export_format EXPORT_BRIGHTSPACE = {
	.name = "brightspace",
	.title = "Brightspace",
	.identities = IDENTITIES,
	.item_of = item_of,
	.write = write_brightspace,
};
