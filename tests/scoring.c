// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/scoring.h"

#include <string.h>

#include "grade/score.h"
#include "sheet/exam_file.h"
#include "sheet/exam_total.h"
#include "tests/harness.h"
#include "tests/papers.h"

struct exam *scoring_exam(const char *text)
{
	g_autoptr(GError) error = NULL;
	struct exam *exam = exam_parse("exam.yaml", text, strlen(text), &error);
	if (error)
		fail_msg("%s\n%s", error->message, text);
	return exam;
}

struct exam *scoring_question(const char *section, const char *question)
{
	g_autofree char *text = g_strdup_printf(
		"exam: e\ntitle: t\nsections:\n- title: s\n  %s\n  questions:\n  - %s\n", section, question);
	return scoring_exam(text);
}

static void check(struct rational score, const char *expected, const char *what)
{
	g_autofree char *text =
		score.den == 1 ? g_strdup_printf("%" G_GINT64_FORMAT, score.num)
			       : g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, score.num, score.den);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s instead of %s", what, text, expected);
}

void scoring_check_question(const struct exam *exam, unsigned question, const struct scoring_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_autofree exam_choices *marked = papers_marked(exam, rows[i].marks);
		check(score_question(exam, &exam->questions[question - 1], marked), rows[i].score, rows[i].marks);
	}
}

void scoring_check_total(const struct exam *exam, const struct scoring_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_autofree exam_choices *marked = papers_marked(exam, rows[i].marks);
		g_autofree struct rational *points = g_new0(struct rational, exam->n_questions);
		for (unsigned q = 0; q < exam->n_questions; q++)
			points[q] = score_question(exam, &exam->questions[q], marked);
		check(exam_total(exam, points, NULL), rows[i].score, rows[i].marks);
	}
}

void scoring_check_maximum(const struct exam *exam, unsigned question, const char *maximum)
{
	check(question ? exam_question_maximum(exam, &exam->questions[question - 1]) : exam_maximum(exam), maximum,
		"the maximum");
}
