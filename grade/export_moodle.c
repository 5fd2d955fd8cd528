// SPDX-License-Identifier: GPL-3.0-or-later
// Moodle. What its CSV import goes by (docs.moodle.org, "Grade import"; grade/import/csv/classes/load_data.php):
//
//   - users are looked up by one column, Email address (by its exact letters) or ID number; a single user who is not
//     found ends the whole import, so every row has the key, and nobody has it twice;
//   - one column of grades, which the user maps to a grade item; "-" is no grade. An empty cell is that too for an item
//     that exists, but for a new one it may become 0: so it is never empty;
//   - a grade beyond 100 is refused unless the site allows more;
//   - feedback without its grade would wipe the grade out: there is none.
#include <string.h>

#include "grade/export_format.h"
#include "sheet/exam_total.h"

#define EMAIL "Email address"
#define ID_NUMBER "ID number"
#define USUAL_MOST 100

// "Quiz: Midterm (Real)" in exports is the item "Midterm"; without any such sign it may be a user's column.
static char *item_of(const char *header)
{
	static const char REAL[] = " (Real)";
	if (!g_str_has_suffix(header, REAL))
		return NULL;
	g_autofree char *whole = g_strndup(header, strlen(header) - strlen(REAL));
	const char *colon = strstr(whole, ": ");
	return g_strdup(colon ? colon + 2 : whole);
}

static const char *key_of(const struct export_job *job, unsigned student, bool by_email)
{
	const struct student *one = &job->results->students[student];
	if (job->request->from)
		return export_from_cell(job, student, by_email ? EMAIL : ID_NUMBER);
	return by_email ? export_email(job->results, one) : one->id;
}

// Whether everybody exported has this key, and nobody somebody else's.
static bool is_a_key(const struct export_job *job, bool by_email)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (unsigned i = 0; i < job->results->n_students; i++) {
		const char *key = export_takes(job, i) ? key_of(job, i, by_email) : NULL;
		if (key && (!*key || !g_hash_table_add(seen, (char *)key)))
			return false;
	}
	return true;
}

static bool write_moodle(struct export_job *job, GError **error)
{
	const struct results *results = job->results;
	bool by_email = is_a_key(job, true);
	if (!by_email && !is_a_key(job, false)) {
		g_set_error(error, EXPORT_ERROR, 0,
			"Moodle needs an Email address or an ID number for every student, and no two alike: some have "
			"neither");
		return false;
	}
	csv_out_text(&job->out, by_email ? EMAIL : ID_NUMBER);
	csv_out_text(&job->out, export_item_name(job));
	csv_out_end_row(&job->out);
	unsigned n_beyond = 0;
	for (unsigned i = 0; i < results->n_students; i++) {
		const struct student *student = &results->students[i];
		if (!export_takes(job, i))
			continue;
		csv_out_text(&job->out, key_of(job, i, by_email));
		export_score(job, &EXPORT_MOODLE, student);
		csv_out_end_row(&job->out);
		n_beyond +=
			export_has_score(job, student) &&
			rational_compare(exam_round(results->exam, student->total), rational_make(USUAL_MOST, 1)) > 0;
	}
	if (n_beyond)
		export_note(job,
			"%u scores are above %d: Moodle refuses the file unless its setting unlimitedgrades is on",
			n_beyond, USUAL_MOST);
	if (!by_email)
		export_note(job, "some students have no email, so Moodle must find them by ID number: map \"" ID_NUMBER
				 "\" to \"ID number\"");
	return true;
}

static const struct export_identity IDENTITIES[] = {
	{ID_NUMBER, EXPORT_KEY_ID},
	{EMAIL, EXPORT_KEY_EMAIL},
	{"Username", EXPORT_KEY_USERNAME},
	{NULL, EXPORT_KEY_ID},
};

const struct export_format EXPORT_MOODLE = {
	.name = "moodle",
	.title = "Moodle",
	.no_grade_is_dash = true,
	.identities = IDENTITIES,
	.item_of = item_of,
	.write = write_moodle,
};
