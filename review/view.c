// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/view.h"

#include <string.h>

#include "review/view_rows.h"
#include "sheet/exam_forms.h"

#define MOST_DECISIONS 500 // told of; corrections.csv has them all

static json_t *points(struct rational value)
{
	char text[RATIONAL_TEXT_SIZE];
	return json_string(rational_format(value, text));
}

static json_t *interval_json(struct interval interval, struct rational now)
{
	return json_pack(
		"{s:o,s:o,s:o}", "low", points(interval.low), "high", points(interval.high), "now", points(now));
}

static const char *name_of(const struct student *student)
{
	return student && student->row ? student->row->name : "";
}

static bool misses_page(const struct results *results, const struct student *student, unsigned page)
{
	return (!student->has_score || !student->pages[page - 1]) &&
	       !rulings_page_is_lost(results->rulings, student->id, page);
}

static json_t *missing_json(const struct results *results, const struct student *student)
{
	json_t *missing = json_array();
	for (unsigned page = 1; page <= results->layout->n_pages; page++)
		if (misses_page(results, student, page))
			json_array_append_new(missing, json_integer(page));
	return missing;
}

static json_t *student_json(const struct results *results, const struct student *student)
{
	json_t *told = json_pack("{s:s,s:s,s:s,s:b,s:o}", "id", student->id, "name", name_of(student), "status",
		student_status_text(student->status), "rostered", student->row != NULL, "missing",
		missing_json(results, student));
	if (student->has_score)
		json_object_set_new(told, "score", points(student->total));
	return told;
}

// --- flags

static const char *label_of(const struct desk_flag *flag)
{
	if (flag->student && *name_of(flag->student))
		return name_of(flag->student);
	return *flag->exception->student_id ? flag->exception->student_id : flag->exception->file;
}

static json_t *flag_json(const struct desk_flag *flag)
{
	const struct batch_exception *exception = flag->exception;
	return json_pack("{s:s,s:s,s:s,s:s,s:i,s:s,s:s,s:s,s:o}", "id", flag->id, "kind", exception->kind, "label",
		label_of(flag), "file", exception->file, "page", (int)exception->page, "student", exception->student_id,
		"item", exception->item, "detail", exception->detail, "stake",
		points(rational_subtract(flag->stake.high, flag->stake.low)));
}

static const struct decision *last_of(const struct desk *desk, const char *person)
{
	const struct rulings *rulings = desk_results(desk)->rulings;
	const GPtrArray *decisions = rulings_decisions(rulings);
	for (guint i = decisions->len; i > 0; i--) {
		const struct decision *decision = g_ptr_array_index(decisions, i - 1);
		if (decision->kind != DECISION_UNDO && strcmp(decision->person, person) == 0 &&
			strcmp(rulings_state(rulings, decision), "holds") == 0)
			return decision;
	}
	return NULL;
}

static json_t *decision_json(const struct desk *desk, const struct decision *decision)
{
	return json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:s,s:s}", "id", (json_int_t)decision->id, "time",
		decision->time, "person", decision->person, "kind", decision_kind_text(decision->kind), "item",
		decision->item, "from", decision->was, "to", decision->becomes, "reason", decision->reason, "student",
		decision->student, "page", (int)decision->page, "file", decision->file, "state",
		rulings_state(desk_results(desk)->rulings, decision));
}

json_t *view_overview(const struct desk *desk, const char *person)
{
	const struct results *results = desk_results(desk);
	const GPtrArray *flags = desk_flags(desk);
	const struct decision *last = last_of(desk, person);
	json_t *listed = json_array();
	for (guint i = 0; i < flags->len; i++)
		json_array_append_new(listed, flag_json(g_ptr_array_index(flags, i)));
	json_t *told = json_pack("{s:s,s:s,s:o,s:i,s:i,s:i,s:o}", "exam", results->exam->name, "title",
		results->exam->title, "maximum", points(results->maximum), "students", (int)results->n_students,
		"pages", (int)results->layout->n_pages, "decisions", (int)rulings_decisions(results->rulings)->len,
		"flags", listed);
	g_autofree char *letters = exam_form_letters(results->exam);
	json_object_set_new(told, "forms", json_string(results->exam->n_forms ? letters : ""));
	json_object_set_new(told, "last", last ? decision_json(desk, last) : json_null());
	return told;
}

// What a page is called by, and whether anything can be shown or entered of it.
static json_t *scan_json(const struct batch_page *page)
{
	g_autofree char *name = desk_page_name(page);
	json_t *told = json_pack("{s:s,s:s,s:i,s:i,s:b,s:b,s:s}", "name", name, "file", page->file, "page",
		(int)page->answers->page, "likely", (int)page->answers->likely_page, "placed",
		page->answers->placement != NULL, "read", page->fate == PAGE_READ, "student",
		page->student_id ? page->student_id : "");
	const char form[2] = {page->answers->form, '\0'};
	json_object_set_new(told, "form", json_string(form));
	json_object_set_new(told, "has_marks", json_boolean(page->answers->n_marks > 0));
	return told;
}

// The page that counts in this one's place; NULL if there is none.
static const struct batch_page *counterpart(const struct desk_flag *flag)
{
	const struct batch_page *scan = flag->exception->scan;
	unsigned number = scan ? scan->answers->page : 0;
	return flag->student && flag->student->has_score && number ? flag->student->pages[number - 1] : NULL;
}

// Both sides of a conflict: the rows in which they differ, with what each says.
static void add_sides(const struct desk *desk, const struct desk_flag *flag, json_t *told)
{
	const struct batch_page *one = counterpart(flag), *other = flag->exception->scan;
	if (!one || one == other)
		return;
	json_t *rows = json_array();
	for (unsigned i = 0; i < other->answers->n_marks; i++) {
		const struct answers_mark *mark = &other->answers->marks[i];
		const struct answers_mark *same = view_find_mark(one, mark->item);
		if (!same || same->marked == mark->marked || !desk_results(desk)->layout->items[mark->item].exam_item)
			continue;
		json_array_append_new(rows, json_pack("{s:o,s:o}", "counts", view_row(desk, one, same), "other",
						    view_row(desk, other, mark)));
	}
	json_object_set_new(told, "counts", scan_json(one));
	json_object_set_new(told, "differing", rows);
}

static void add_mark(const struct desk *desk, const struct desk_flag *flag, json_t *told)
{
	const struct results *results = desk_results(desk);
	const struct batch_page *page = flag->exception->scan;
	int item = layout_find_item(results->layout, flag->exception->place);
	const struct answers_mark *mark = item >= 0 ? view_find_mark(page, (unsigned)item) : NULL;
	if (!mark)
		return;
	json_object_set_new(told, "row", view_row(desk, page, mark));
	json_object_set_new(told, "around", view_neighbours(desk, page, mark));
}

json_t *view_flag(const struct desk *desk, const struct desk_flag *flag)
{
	const struct results *results = desk_results(desk);
	json_t *told = flag_json(flag);
	struct rational now = flag->student ? flag->student->total : RATIONAL_ZERO;
	json_object_set_new(told, "interval", interval_json(flag->stake, now));
	if (flag->student) {
		json_object_set_new(told, "who", student_json(results, flag->student));
		json_object_set_new(told, "total", interval_json(interval_of_student(results, flag->student), now));
	}
	if (flag->exception->scan)
		json_object_set_new(told, "scan", scan_json(flag->exception->scan));
	if (strcmp(flag->exception->kind, BATCH_KIND_MARK) == 0)
		add_mark(desk, flag, told);
	if (strcmp(flag->exception->kind, BATCH_KIND_CONFLICT) == 0 ||
		strcmp(flag->exception->kind, BATCH_KIND_DUPLICATE) == 0)
		add_sides(desk, flag, told);
	const struct sheet_box *header = &results->layout->header;
	json_object_set_new(told, "header",
		json_pack("{s:i,s:i,s:i,s:i}", "x", header->x_um - header->w_um / 2, "y",
			header->y_um - header->h_um / 2, "w", header->w_um, "h", header->h_um));
	return told;
}

// --- pages and students

json_t *view_page(const struct desk *desk, const struct batch_page *page)
{
	const struct results *results = desk_results(desk);
	const struct student *student = page->student_id ? desk_find_student(desk, page->student_id) : NULL;
	json_t *rows = json_array();
	for (unsigned i = 0; page->answers->outcome == ANSWERS_READ && i < page->answers->n_marks; i++)
		if (results->layout->items[page->answers->marks[i].item].exam_item)
			json_array_append_new(rows, view_row(desk, page, &page->answers->marks[i]));
	json_t *told = json_pack("{s:o,s:i,s:i,s:o}", "scan", scan_json(page), "width", results->layout->width_um,
		"height", results->layout->height_um, "rows", rows);
	if (student)
		json_object_set_new(told, "who", student_json(results, student));
	return told;
}

json_t *view_student(const struct desk *desk, const struct student *student)
{
	const struct results *results = desk_results(desk);
	json_t *told = student_json(results, student), *pages = json_array(), *questions = json_array();
	for (unsigned i = 0; i < results->n_pages; i++)
		if (g_strcmp0(results->pages[i].student_id, student->id) == 0)
			json_array_append_new(pages, scan_json(&results->pages[i]));
	for (unsigned q = 0; student->has_score && q < results->exam->n_questions; q++)
		json_array_append_new(questions,
			json_pack("{s:s,s:o}", "id", results->exam->questions[q].id, "score",
				student->questions[q].scored ? points(student->questions[q].score) : json_null()));
	json_object_set_new(told, "scans", pages);
	json_object_set_new(told, "questions", questions);
	json_object_set_new(told, "maximum", points(results->maximum));
	json_object_set_new(told, "total", interval_json(interval_of_student(results, student), student->total));
	return told;
}

static char *folded(const char *text)
{
	g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
	GString *out = g_string_new(NULL);
	// Without accents, so that a keyboard that lacks them finds the name.
	for (const char *at = plain ? plain : ""; *at; at = g_utf8_next_char(at))
		if (!g_unichar_ismark(g_utf8_get_char(at)))
			g_string_append_unichar(out, g_utf8_get_char(at));
	char *lower = g_utf8_casefold(out->str, -1);
	g_string_free(out, TRUE);
	return lower;
}

// Every word of the query is part of name or ID.
static bool is_like(const struct student *student, char **words)
{
	g_autofree char *text = g_strconcat(student->id, " ", name_of(student), NULL);
	g_autofree char *plain = folded(text);
	for (char **word = words; *word; word++)
		if (!strstr(plain, *word))
			return false;
	return true;
}

json_t *view_search(const struct desk *desk, const char *query)
{
	const struct results *results = desk_results(desk);
	g_autofree char *plain = folded(query);
	g_auto(GStrv) words = g_strsplit_set(plain, " \t", -1);
	json_t *found = json_array();
	for (int missing = 1; missing >= 0; missing--)
		for (unsigned i = 0; i < results->n_students && json_array_size(found) < VIEW_MOST_FOUND; i++) {
			const struct student *student = &results->students[i];
			json_t *lacks = missing_json(results, student);
			bool misses = json_array_size(lacks) > 0;
			json_decref(lacks);
			if (misses == missing && (missing || *g_strstrip(plain)) && is_like(student, words))
				json_array_append_new(found, student_json(results, student));
		}
	return json_pack("{s:o}", "students", found);
}

json_t *view_history(const struct desk *desk)
{
	const GPtrArray *decisions = rulings_decisions(desk_results(desk)->rulings);
	json_t *told = json_array();
	for (guint i = decisions->len; i > 0 && json_array_size(told) < MOST_DECISIONS; i--)
		json_array_append_new(told, decision_json(desk, g_ptr_array_index(decisions, i - 1)));
	return json_pack("{s:o}", "decisions", told);
}
