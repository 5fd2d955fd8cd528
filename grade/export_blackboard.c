// SPDX-License-Identifier: GPL-3.0-or-later
// Blackboard Learn. What its Grade Center goes by (Blackboard's help, "Work offline with grade data"):
//
//   - every cell of a comma-delimited file is quoted;
//   - students are looked up by Username; rows of others are passed over;
//   - a column is looked up by the id behind the bar in "<item> [Total Pts: N Score] |<id>". Without the id it becomes
//   a
//     new column of text worth 0 points, so the header is best taken from its own export;
//   - an empty cell is no grade.
#include <string.h>

#include "grade/export_format.h"

#define POINTS_BEGIN " [Total Pts: "

static char *item_of(const char *header)
{
	const char *points = strstr(header, POINTS_BEGIN);
	return points && strrchr(points, '|') ? g_strndup(header, (gsize)(points - header)) : NULL;
}

// The points that the item's header tells differ from the exam's.
static void compare_points(struct export_job *job, const char *header)
{
	const char *points = strstr(header, POINTS_BEGIN) + strlen(POINTS_BEGIN);
	g_autofree char *number = g_strndup(points, strspn(points, "0123456789."));
	struct rational value;
	char ours[RATIONAL_TEXT_SIZE];
	if (rational_parse(number, &value) && rational_compare(value, job->results->maximum) != 0)
		export_note(job, "the item is worth %s points in Blackboard, the exam %s", number,
			rational_format(job->results->maximum, ours));
}

// What would end the name in its header.
static char *new_header(const struct export_job *job)
{
	char points[RATIONAL_TEXT_SIZE];
	g_autofree char *name = g_strdelimit(g_strdup(export_item_name(job)), "|[]", ' ');
	return g_strdup_printf("%s" POINTS_BEGIN "%s Score]", name, rational_format(job->results->maximum, points));
}

static const char *username_of(const struct export_job *job, unsigned student)
{
	const struct student *one = &job->results->students[student];
	if (job->request->from)
		return export_from_cell(job, student, "Username");
	const char *username = export_roster_cell(job->results, one, "username");
	return *username ? username : one->id;
}

static bool write_blackboard(struct export_job *job, GError **error)
{
	const struct csv_in *from = job->request->from;
	if (from && csv_in_find(from, "Username") < 0) {
		g_set_error(error, EXPORT_ERROR, 0, "%s: this is no export of Blackboard's: it has no column Username",
			job->request->from_name);
		return false;
	}
	g_autofree char *made = from ? NULL : new_header(job);
	const char *header = from ? csv_in_column_name(from, (unsigned)job->item_column) : made;
	if (from)
		compare_points(job, header);
	else
		export_note(job,
			"Blackboard will make a new column of it; for one that is there, download the gradebook "
			"from Blackboard and give that file with --from");
	csv_out_text(&job->out, "Username");
	csv_out_text(&job->out, header);
	csv_out_end_row(&job->out);
	for (unsigned i = 0; i < job->results->n_students; i++) {
		if (!export_takes(job, i))
			continue;
		csv_out_text(&job->out, username_of(job, i));
		export_score(job, &EXPORT_BLACKBOARD, &job->results->students[i]);
		csv_out_end_row(&job->out);
	}
	return true;
}

static const struct export_identity IDENTITIES[] = {
	{"Student ID", EXPORT_KEY_ID},
	{"Username", EXPORT_KEY_USERNAME},
	{"Username", EXPORT_KEY_ID},
	{"Username", EXPORT_KEY_EMAIL},
	{NULL, EXPORT_KEY_ID},
};

const struct export_format EXPORT_BLACKBOARD = {
	.name = "blackboard",
	.title = "Blackboard",
	.quote_all = true,
	.identities = IDENTITIES,
	.item_of = item_of,
	.write = write_blackboard,
};
