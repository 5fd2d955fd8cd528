// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/summary.h"

#include <string.h>

#include "sheet/plain_text.h"

// Beyond these a list is cut, so that the summary stays on a screen or two.
#define MAX_EXCEPTIONS 40
#define MAX_NAMES 20
#define LINE_WIDTH 78

static const char *plural(unsigned n, const char *one, const char *several)
{
	return n == 1 ? one : several;
}

// --- names in a row, broken into lines

struct name_list {
	GString *out;
	size_t line_start;
	unsigned n;
};

static void append_name(struct name_list *list, const char *name)
{
	if (list->n++ >= MAX_NAMES)
		return;
	g_autofree char *plain = plain_text(name);
	if (list->n > 1)
		g_string_append_c(list->out, ',');
	if (list->n == 1 || list->out->len - list->line_start + strlen(plain) + 2 > LINE_WIDTH) {
		g_string_append(list->out, "\n  ");
		list->line_start = list->out->len - 2;
	} else {
		g_string_append_c(list->out, ' ');
	}
	g_string_append(list->out, plain);
}

static void end_names(struct name_list *list)
{
	if (list->n > MAX_NAMES)
		g_string_append_printf(list->out, "\n  and %u more", list->n - MAX_NAMES);
	g_string_append_c(list->out, '\n');
}

// --- pages

static void append_balance(GString *out, const struct results *results)
{
	const unsigned *fates = results->fates;
	g_assert(results->n_pages ==
		 fates[PAGE_READ] + fates[PAGE_BLANK] + fates[PAGE_DUPLICATE] + fates[PAGE_EXCEPTION]);
	g_string_append_printf(out, "Pages: %u in = %u read + %u blank + %u duplicate + %u %s\n", results->n_pages,
		fates[PAGE_READ], fates[PAGE_BLANK], fates[PAGE_DUPLICATE], fates[PAGE_EXCEPTION],
		plural(fates[PAGE_EXCEPTION], "exception", "exceptions"));
}

static void append_exceptions(GString *out, const struct results *results)
{
	unsigned all = results->fates[PAGE_EXCEPTION], n = 0;
	if (!all)
		return;
	g_string_append_printf(out, "\n%u %s not become part of a grade:\n", all,
		plural(all, "page or file did", "pages or files did"));
	for (unsigned i = 0; i < results->n_pages && n < MAX_EXCEPTIONS; i++) {
		const struct batch_page *page = &results->pages[i];
		if (page->fate != PAGE_EXCEPTION)
			continue;
		g_autofree char *file = plain_text(page->file), *detail = plain_text(page->detail);
		g_string_append_printf(out, "  %s: %s\n", file, detail);
		n++;
	}
	if (all > n)
		g_string_append_printf(out, "  and %u more, all of them in exceptions.csv\n", all - n);
}

static void append_files(GString *out, const struct results *results, enum page_fate fate, const char *title)
{
	if (!results->fates[fate])
		return;
	g_string_append_printf(out, "\n%s", title);
	struct name_list list = {.out = out};
	for (unsigned i = 0; i < results->n_pages; i++)
		if (results->pages[i].fate == fate)
			append_name(&list, results->pages[i].file);
	end_names(&list);
}

// --- students

static void append_statuses(GString *out, const struct results *results)
{
	const unsigned *statuses = results->statuses;
	g_string_append_printf(out, "\nStudents: %u graded, %u to review, %u incomplete", statuses[STUDENT_GRADED],
		statuses[STUDENT_REVIEW], statuses[STUDENT_INCOMPLETE]);
	if (results->roster)
		g_string_append_printf(out, ", %u absent, %u not on the roster (%u on it)\n", statuses[STUDENT_ABSENT],
			statuses[STUDENT_UNKNOWN], results->roster->n_rows);
	else
		g_string_append(out, "\nNo roster was given, so nobody can be found absent or unknown.\n");
}

static void append_students(GString *out, const struct results *results, enum student_status status, const char *title)
{
	if (!results->statuses[status])
		return;
	g_string_append(out, title);
	struct name_list list = {.out = out};
	for (unsigned i = 0; i < results->n_students; i++) {
		const struct student *student = &results->students[i];
		if (student->status != status)
			continue;
		g_autofree char *name = g_strjoin(" ", student->id, student->row ? student->row->name : "", NULL);
		append_name(&list, g_strchomp(name));
	}
	end_names(&list);
}

static void append_flags(GString *out, const struct results *results)
{
	unsigned marks = 0, missing = 0;
	for (unsigned i = 0; i < results->n_exceptions; i++) {
		marks += strcmp(results->exceptions[i].kind, BATCH_KIND_MARK) == 0;
		missing += strcmp(results->exceptions[i].kind, BATCH_KIND_MISSING_PAGE) == 0;
	}
	g_string_append_printf(out, "Flags: %u %s, %u %s\n", marks, plural(marks, "doubtful mark", "doubtful marks"),
		missing, plural(missing, "missing page", "missing pages"));
}

static bool is_complete(const struct student *student, const struct results *results)
{
	for (unsigned p = 0; student->has_score && p < results->layout->n_pages; p++)
		if (!student->pages[p])
			return false;
	return student->has_score;
}

static void append_scores(GString *out, const struct results *results)
{
	struct rational sum = RATIONAL_ZERO, highest = RATIONAL_ZERO;
	unsigned n = 0;
	for (unsigned i = 0; i < results->n_students; i++) {
		const struct student *student = &results->students[i];
		if (!is_complete(student, results))
			continue;
		sum = rational_add(sum, student->total);
		highest = n ? rational_max(highest, student->total) : student->total;
		n++;
	}
	if (!n)
		return;
	char mean[RATIONAL_TEXT_SIZE], top[RATIONAL_TEXT_SIZE], most[RATIONAL_TEXT_SIZE];
	rational_format(rational_multiply(sum, rational_make(1, n)), mean);
	g_string_append_printf(out, "Scores: mean %s, highest %s of %s, over %u complete %s\n", mean,
		rational_format(highest, top), rational_format(results->maximum, most), n,
		plural(n, "paper", "papers"));
}

// Whether anybody could have made these sheets.
static void append_seals(GString *out, const struct results *results)
{
	const unsigned *counts = results->seals.counts;
	if (results->seals.proven)
		g_string_append_printf(out, "Identities: proven on %u %s, by the seal in their codes\n",
			counts[SEAL_VALID], plural(counts[SEAL_VALID], "page", "pages"));
	else if (counts[SEAL_UNCHECKED] > 0)
		g_string_append(out,
			"Identities: unauthenticated. The seals were not checked, because the exam's key is "
			"not beside\n  the exam file: put it there and grade again.\n");
	else if (counts[SEAL_NONE] > 0)
		g_string_append(out,
			"Identities: unauthenticated. These sheets bear no seal, as they were printed without "
			"a key:\n  anybody could have made one in another's name.\n");
}

static void append_next(GString *out, const struct results *results, const char *folder)
{
	if (!folder) {
		g_string_append(out, "\nNothing was written.\n");
		return;
	}
	g_string_append_printf(out, "\nGrades: %s/gradebook.csv\n", folder);
	if (results_need_person(results))
		g_string_append_printf(
			out, "Next: sheaf review %s, to settle what is listed in %s/exceptions.csv\n", folder, folder);
	else
		g_string_append(out, "Nothing waits for a person.\n");
}

char *summary_text(const struct results *results, const char *folder)
{
	GString *out = g_string_new(NULL);
	append_balance(out, results);
	append_exceptions(out, results);
	append_files(out, results, PAGE_DUPLICATE, "Duplicates, counted once:");
	append_files(out, results, PAGE_BLANK, "Blank pages, nothing to read:");
	append_statuses(out, results);
	append_students(out, results, STUDENT_INCOMPLETE, "Incomplete, a page is missing:");
	append_students(out, results, STUDENT_ABSENT, "Absent, no page found:");
	append_students(out, results, STUDENT_UNKNOWN, "Not on the roster:");
	append_flags(out, results);
	append_scores(out, results);
	append_seals(out, results);
	append_next(out, results, folder);
	return g_string_free(out, FALSE);
}
