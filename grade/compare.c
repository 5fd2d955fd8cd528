// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/compare.h"

#include <string.h>

#include "sheet/exam_total.h"
#include "sheet/plain_text.h"

static void append_points(GString *out, struct rational points)
{
	char text[RATIONAL_TEXT_SIZE];
	g_string_append(out, rational_format(points, text));
}

static void append_change(GString *out, struct rational before, struct rational after)
{
	struct rational change = rational_subtract(after, before);
	append_points(out, before);
	g_string_append(out, " -> ");
	append_points(out, after);
	g_string_append(out, rational_compare(change, RATIONAL_ZERO) > 0 ? " (+" : " (");
	append_points(out, change);
	g_string_append_c(out, ')');
}

static void append_name(GString *out, const struct student *student)
{
	g_autofree char *name = plain_text(student->row ? student->row->name : "");
	g_string_append(out, name);
}

static struct rational mean_of(struct rational sum, unsigned n)
{
	return n ? rational_multiply(sum, rational_make(1, n)) : RATIONAL_ZERO;
}

static struct rational final_score(const struct results *results, unsigned student)
{
	return exam_round(results->exam, results->students[student].total);
}

// --- questions

static void append_question(GString *out, const struct results *before, const struct results *after, unsigned q)
{
	struct rational old_sum = RATIONAL_ZERO, new_sum = RATIONAL_ZERO;
	unsigned n = 0, up = 0, down = 0;
	for (unsigned i = 0; i < after->n_students; i++) {
		const struct student *old = &before->students[i], *now = &after->students[i];
		if (!old->has_score || !now->has_score || !old->questions[q].scored || !now->questions[q].scored)
			continue;
		int order = rational_compare(now->questions[q].score, old->questions[q].score);
		up += order > 0, down += order < 0, n++;
		old_sum = rational_add(old_sum, old->questions[q].score);
		new_sum = rational_add(new_sum, now->questions[q].score);
	}
	struct rational old_most = exam_question_maximum(before->exam, &before->exam->questions[q]);
	struct rational new_most = exam_question_maximum(after->exam, &after->exam->questions[q]);
	if (!up && !down && rational_compare(old_most, new_most) == 0)
		return;
	g_string_append_printf(out, "  %s: %u up, %u down of %u; mean ", after->exam->questions[q].id, up, down, n);
	append_change(out, mean_of(old_sum, n), mean_of(new_sum, n));
	if (rational_compare(old_most, new_most) != 0) {
		g_string_append(out, ", of ");
		append_change(out, old_most, new_most);
	}
	g_string_append_c(out, '\n');
}

static void append_questions(GString *out, const struct results *before, const struct results *after)
{
	gsize start = out->len;
	for (unsigned q = 0; q < after->exam->n_questions; q++)
		append_question(out, before, after, q);
	if (out->len > start)
		g_string_insert(out, (gssize)start, "Questions that change:\n");
	else
		g_string_append(out, "No question changes.\n");
}

// --- students

static bool moves(const struct results *before, const struct results *after, unsigned i)
{
	const struct student *old = &before->students[i], *now = &after->students[i];
	return old->status != now->status ||
	       (now->has_score && rational_compare(final_score(before, i), final_score(after, i)) != 0);
}

static void append_students(GString *out, const struct results *before, const struct results *after)
{
	unsigned moving = 0, with_score = 0;
	for (unsigned i = 0; i < after->n_students; i++) {
		moving += moves(before, after, i);
		with_score += after->students[i].has_score;
	}
	g_string_append_printf(out, "Students: %u of %u with a score move%s\n", moving, with_score, moving ? ":" : ".");
	for (unsigned i = 0; i < after->n_students; i++) {
		const struct student *old = &before->students[i], *now = &after->students[i];
		if (!moves(before, after, i))
			continue;
		g_string_append_printf(out, "  %s ", now->id);
		append_name(out, now);
		g_string_append(out, ": ");
		append_change(out, final_score(before, i), final_score(after, i));
		if (old->status != now->status)
			g_string_append_printf(
				out, ", %s -> %s", student_status_text(old->status), student_status_text(now->status));
		g_string_append_c(out, '\n');
	}
}

static void append_means(GString *out, const struct results *before, const struct results *after)
{
	struct rational old_sum = RATIONAL_ZERO, new_sum = RATIONAL_ZERO;
	unsigned n = 0;
	for (unsigned i = 0; i < after->n_students; i++) {
		if (!after->students[i].has_score)
			continue;
		old_sum = rational_add(old_sum, final_score(before, i));
		new_sum = rational_add(new_sum, final_score(after, i));
		n++;
	}
	g_string_append(out, "Mean: ");
	append_change(out, mean_of(old_sum, n), mean_of(new_sum, n));
	g_string_append_printf(out, " over %u %s; the maximum is ", n, n == 1 ? "paper" : "papers");
	if (rational_compare(before->maximum, after->maximum) != 0)
		append_change(out, before->maximum, after->maximum);
	else
		append_points(out, after->maximum);
	g_string_append_c(out, '\n');
}

char *compare_text(const struct results *before, const struct results *after)
{
	GString *out = g_string_new(NULL);
	g_assert(before->n_students == after->n_students && before->exam->n_questions == after->exam->n_questions);
	append_questions(out, before, after);
	append_means(out, before, after);
	append_students(out, before, after);
	g_string_append(out, "Nothing was written.\n");
	return g_string_free(out, FALSE);
}
