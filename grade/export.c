// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/export.h"

#include <string.h>

#include "grade/export_format.h"
#include "sheet/exam_total.h"

#define MOST_NAMED 20 // students named in one note

static const struct export_format *const FORMATS[] = {
	&EXPORT_CANVAS, &EXPORT_MOODLE, &EXPORT_BLACKBOARD, &EXPORT_BRIGHTSPACE, &EXPORT_GRADESCOPE};

const char *const *export_systems(void)
{
	static const char *const NAMES[] = {"canvas", "moodle", "blackboard", "brightspace", "gradescope", NULL};
	return NAMES;
}

// --- helpers of the formats

void export_note(struct export_job *job, const char *text, ...)
{
	va_list arguments;
	va_start(arguments, text);
	char *note = g_strdup_vprintf(text, arguments);
	va_end(arguments);
	// Names and titles are other people's: nothing in them may move the terminal's cursor.
	for (char *at = note; *at; at++)
		if (g_ascii_iscntrl(*at))
			*at = '?';
	g_ptr_array_add(job->notes, note);
}

bool export_takes(const struct export_job *job, unsigned student)
{
	return job->results->students[student].status != STUDENT_UNKNOWN &&
	       (!job->request->from || job->row_of[student] >= 0);
}

const char *export_from_cell(const struct export_job *job, unsigned student, const char *column)
{
	const struct csv_in *from = job->request->from;
	if (!from || job->row_of[student] < 0)
		return "";
	return csv_in_cell(from, (unsigned)job->row_of[student], csv_in_find(from, column));
}

const char *export_roster_cell(const struct results *results, const struct student *student, const char *column)
{
	if (!student->row)
		return "";
	for (unsigned i = 0; i < results->roster->n_columns; i++)
		if (g_ascii_strcasecmp(results->roster->columns[i], column) == 0)
			return student->row->cells[i];
	return "";
}

const char *export_email(const struct results *results, const struct student *student)
{
	return export_roster_cell(results, student, "email");
}

const char *export_item_name(const struct export_job *job)
{
	return job->request->column ? job->request->column : job->results->exam->title;
}

static bool is_final(const struct student *student)
{
	return student->status != STUDENT_REVIEW && student->status != STUDENT_INCOMPLETE;
}

bool export_has_score(const struct export_job *job, const struct student *student)
{
	return student->has_score && (is_final(student) || !job->request->final_only);
}

void export_score(struct export_job *job, const struct export_format *format, const struct student *student)
{
	if (export_has_score(job, student))
		csv_out_points(&job->out, exam_round(job->results->exam, student->total));
	else if (format->no_grade_is_dash)
		csv_out_dash(&job->out);
	else
		csv_out_text(&job->out, NULL);
}

// --- who is who in the system's own export

static const char *key_of(const struct results *results, const struct student *student, enum export_key key)
{
	if (key == EXPORT_KEY_ID)
		return student->id;
	return key == EXPORT_KEY_EMAIL ? export_email(results, student)
				       : export_roster_cell(results, student, "username");
}

// Brightspace marks IDs as text by a # before them.
static char *comparable(const char *cell, enum export_key key)
{
	char *text = g_strstrip(g_strdup(*cell == '#' ? cell + 1 : cell));
	if (key != EXPORT_KEY_EMAIL)
		return text;
	char *folded = g_utf8_casefold(text, -1);
	g_free(text);
	return folded;
}

// Cell -> row + 1; 0 for a cell that stands in several rows, and finds none of them.
static GHashTable *index_column(const struct csv_in *from, int column, enum export_key key)
{
	GHashTable *rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (unsigned row = 0; row < csv_in_n_rows(from); row++) {
		char *cell = comparable(csv_in_cell(from, row, column), key);
		bool doubled = g_hash_table_contains(rows, cell);
		g_hash_table_insert(rows, cell, GUINT_TO_POINTER(doubled ? 0 : row + 1));
	}
	return rows;
}

// Finds everybody not found yet by one column.
static void match_by(struct export_job *job, const struct export_identity *identity)
{
	const struct results *results = job->results;
	int column = csv_in_find(job->request->from, identity->column);
	if (column < 0)
		return;
	g_autoptr(GHashTable) rows = index_column(job->request->from, column, identity->key);
	for (unsigned i = 0; i < results->n_students; i++) {
		g_autofree char *key = comparable(key_of(results, &results->students[i], identity->key), identity->key);
		if (job->row_of[i] < 0 && *key)
			job->row_of[i] = GPOINTER_TO_INT(g_hash_table_lookup(rows, key)) - 1;
	}
}

static bool match_students(struct export_job *job, const struct export_format *format, GError **error)
{
	const struct csv_in *from = job->request->from;
	bool any = false;
	for (const struct export_identity *identity = format->identities; identity->column; identity++) {
		any = any || csv_in_find(from, identity->column) >= 0;
		match_by(job, identity);
	}
	if (!any) {
		g_set_error(error, EXPORT_ERROR, 0, "%s: this is no export of %s's: it has no column %s",
			job->request->from_name, format->title, format->identities[0].column);
		return false;
	}
	g_autofree unsigned *taken = g_new0(unsigned, csv_in_n_rows(from) + 1);
	for (unsigned i = 0; i < job->results->n_students; i++) {
		int row = job->row_of[i];
		if (row >= 0 && taken[row]) {
			g_set_error(error, EXPORT_ERROR, 0, "%s: the students %s and %s are found in the same row",
				job->request->from_name, job->results->students[taken[row] - 1].id,
				job->results->students[i].id);
			return false;
		}
		if (row >= 0)
			taken[row] = i + 1;
	}
	return true;
}

// --- the item

static bool names_item(const char *header, const char *item, const char *wanted)
{
	g_autofree char *left = g_strstrip(g_strdup(item)), *right = g_strstrip(g_strdup(wanted));
	return strcmp(left, right) == 0 || strcmp(header, wanted) == 0;
}

// Never guessed: points in another item's column would be grades that nobody gave.
static bool find_item(struct export_job *job, const struct export_format *format, GError **error)
{
	const struct csv_in *from = job->request->from;
	g_autoptr(GString) known = g_string_new(NULL);
	unsigned n_found = 0;
	for (unsigned i = 0; i < csv_in_n_columns(from); i++) {
		const char *header = csv_in_column_name(from, i);
		g_autofree char *item = format->item_of(header);
		if (!item)
			continue;
		g_string_append_printf(known, "%s\"%s\"", known->len ? ", " : "", item);
		if (names_item(header, item, export_item_name(job))) {
			job->item_column = (int)i;
			n_found++;
		}
	}
	if (n_found == 1)
		return true;
	if (n_found)
		g_set_error(error, EXPORT_ERROR, 0,
			"%s: %u items are named \"%s\"; give the whole header of one with --column",
			job->request->from_name, n_found, export_item_name(job));
	else if (known->len)
		g_set_error(error, EXPORT_ERROR, 0, "%s: no item is named \"%s\"; name one with --column: %s",
			job->request->from_name, export_item_name(job), known->str);
	else
		g_set_error(error, EXPORT_ERROR, 0,
			"%s: there is no item to take the points; make one in %s and export again",
			job->request->from_name, format->title);
	return false;
}

// --- what the user must know

struct listing {
	GString *names;
	unsigned n;
};

static void list(struct listing *listing, const struct student *student)
{
	if (listing->n++ < MOST_NAMED)
		g_string_append_printf(listing->names, "%s%s", listing->names->len ? ", " : "", student->id);
	else if (listing->n == MOST_NAMED + 1)
		g_string_append(listing->names, ", …");
}

static void say_left_out(struct export_job *job, const struct export_format *format)
{
	const struct results *results = job->results;
	struct listing unknown = {.names = g_string_new(NULL)}, missing = {.names = g_string_new(NULL)};
	for (unsigned i = 0; i < results->n_students; i++) {
		const struct student *student = &results->students[i];
		if (student->status == STUDENT_UNKNOWN)
			list(&unknown, student);
		else if (!export_takes(job, i))
			list(&missing, student);
	}
	if (unknown.n)
		export_note(job, "%u not on the roster and left out: %s", unknown.n, unknown.names->str);
	if (missing.n)
		export_note(job, "%u not found in %s, %s's own export, and left out: %s", missing.n,
			job->request->from_name, format->title, missing.names->str);
	g_string_free(unknown.names, TRUE);
	g_string_free(missing.names, TRUE);
}

static void say_not_final(struct export_job *job)
{
	const unsigned *n = job->results->statuses;
	if (n[STUDENT_REVIEW] + n[STUDENT_INCOMPLETE] == 0)
		return;
	export_note(job, "not final: %u to review, %u incomplete; %s", n[STUDENT_REVIEW], n[STUDENT_INCOMPLETE],
		job->request->final_only
			? "they have no score in this file"
			: "their scores are in this file as they stand now (--final-only leaves them out)");
}

// --- all together

static const struct export_format *find_format(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++)
		if (strcmp(FORMATS[i]->name, name) == 0)
			return FORMATS[i];
	return NULL;
}

static bool prepare(struct export_job *job, const struct export_format *format, GError **error)
{
	for (unsigned i = 0; i < job->results->n_students; i++)
		job->row_of[i] = -1;
	if (!job->request->from)
		return true;
	return match_students(job, format, error) && (!format->item_of || find_item(job, format, error));
}

char *export_csv(const struct results *results, const struct export_request *request, GPtrArray *notes, GError **error)
{
	const struct export_format *format = find_format(request->system);
	g_assert(format);
	struct export_job job = {.results = results, .request = request, .notes = notes, .item_column = -1};
	job.row_of = g_new(int, results->n_students + 1);
	csv_out_init(&job.out);
	job.out.quote_all = format->quote_all;
	bool good = prepare(&job, format, error) && format->write(&job, error);
	g_autofree char *text = csv_out_finish(&job.out);
	if (good) {
		say_left_out(&job, format);
		say_not_final(&job);
	}
	g_free(job.row_of);
	return good ? g_steal_pointer(&text) : NULL;
}
