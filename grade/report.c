// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/report.h"

#include <math.h>
#include <string.h>

#include "grade/html.h"
#include "grade/plot.h"
#include "grade/report_question.h"
#include "grade/report_similarity.h"

#define LOW_ALPHA 0.6 // below it, single scores say little (Nunnally's usual bounds begin at 0.7)

static void add_tile(GString *out, double value, int decimals, const char *label)
{
	g_string_append(out, "<div class=tile><b>");
	html_number(out, value, decimals);
	g_string_append_printf(out, "</b><span>%s</span></div>", label);
}

static const char *plural(unsigned n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

// --- the head

static void add_head(GString *out, const struct analysis *analysis)
{
	const struct results *results = analysis->results;
	const unsigned *n = results->statuses;
	html_begin(out, results->exam->title);
	g_string_append_printf(out, "<p class=soft>Item analysis of %u complete %s", analysis->n,
		plural(analysis->n, "paper", "papers"));
	if (n[STUDENT_INCOMPLETE] + n[STUDENT_ABSENT])
		g_string_append_printf(
			out, "; %u incomplete and %u absent are not in it", n[STUDENT_INCOMPLETE], n[STUDENT_ABSENT]);
	if (n[STUDENT_REVIEW])
		g_string_append_printf(out, "; %u %s doubtful marks that nobody has settled", n[STUDENT_REVIEW],
			plural(n[STUDENT_REVIEW], "has", "have"));
	g_string_append(out,
		".</p>\n<nav class=small><a href=\"#scores\">Scores</a><a href=\"#questions\">Questions</a>"
		"<a href=\"#choices\">Every choice</a><a href=\"#how\">How to read this</a></nav>\n");
}

// --- keys

static void add_suspects(GString *out, const struct analysis *analysis, const char *folder)
{
	g_string_append(out, "<h2 id=keys>Keys to check first</h2>\n");
	if (analysis->n < ANALYSIS_MIN_FOR_SUSPECTS) {
		g_string_append_printf(out, "<p>With fewer than %d papers nothing can be said about the keys.</p>\n",
			ANALYSIS_MIN_FOR_SUSPECTS);
		return;
	}
	if (!analysis->n_suspects) {
		g_string_append(out, "<p class=good><span class=tick>✓</span> No key looks wrong: nowhere do the best "
				     "students prefer another choice.</p>\n");
		return;
	}
	g_string_append_printf(out,
		"<p>Here the best students prefer a choice that the key does not. The key may be wrong, or the "
		"question may "
		"mislead those who know more. If a key is wrong, mend it in the exam file and grade again: "
		"<code>sheaf grade EXAM.yaml -o ");
	html_text(out, folder);
	g_string_append(out, "</code></p>\n");
	for (unsigned i = 0; i < analysis->n_suspects; i++)
		report_suspect(out, analysis, analysis->suspects[i]);
}

static void add_inverted(GString *out, const struct analysis *analysis)
{
	unsigned n = 0;
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		const struct analysis_question *question = &analysis->questions[q];
		if (!question->is_inverted)
			continue;
		g_string_append(out, n++ ? ", " : "<p>The better students did worse on: ");
		g_string_append(out, "<a href=\"#q");
		g_string_append_printf(out, "%s\">question %s</a> (r ", question->question->id, question->question->id);
		html_number(out, question->correlation, 2);
		g_string_append(out, ")");
	}
	if (n)
		g_string_append(out, ".</p>\n");
}

// --- scores

static void add_scores(GString *out, const struct analysis *analysis)
{
	double maximum = (double)analysis->results->maximum.num / (double)analysis->results->maximum.den;
	g_string_append(out, "<h2 id=scores>Scores</h2>\n<div class=tiles>");
	add_tile(out, analysis->mean, 1, "mean");
	add_tile(out, maximum, 1 - (maximum == round(maximum)), "maximum");
	add_tile(out, analysis->median, 1, "median");
	add_tile(out, analysis->deviation, 1, "std. deviation");
	add_tile(out, analysis->lowest, 1, "lowest");
	add_tile(out, analysis->highest, 1, "highest");
	add_tile(out, analysis->alpha, 2, analysis->is_kr20 ? "reliability (KR-20)" : "reliability (alpha)");
	add_tile(out, analysis->sem, 1, "standard error");
	g_string_append(out, "</div>\n<div class=scroll>");
	plot_histogram(out, analysis->totals, analysis->n, maximum, analysis->mean);
	g_string_append(out, "</div>\n");
	if (isnan(analysis->alpha) || isnan(analysis->sem))
		return;
	g_string_append(out, "<p>A score is uncertain by about ±");
	html_number(out, analysis->sem, 1);
	g_string_append_printf(out, " points: two students who are closer than that are hardly different%s.</p>\n",
		analysis->alpha < LOW_ALPHA ? ". The reliability is low; take the ranking with care" : "");
}

static void add_groups(GString *out, const struct analysis *analysis)
{
	double maximum = (double)analysis->results->maximum.num / (double)analysis->results->maximum.den;
	const char *kind = NULL;
	for (unsigned i = 0; i < analysis->n_groups; i++) {
		const struct analysis_group *group = &analysis->groups[i];
		if (!kind || strcmp(kind, group->kind) != 0) {
			g_string_append(out, kind ? "</table></div>\n<h3>By " : "<h2 id=groups>Groups</h2>\n<h3>By ");
			g_autofree char *lower = g_ascii_strdown(group->kind, -1);
			html_text(out, lower);
			g_string_append(out,
				"</h3><div class=scroll><table><tr><th>Group<th class=n>Papers<th class=n>Mean<th>"
				"<th class=n>Std. dev.<th class=n>Median<th class=n>Lowest<th class=n>Highest</tr>\n");
			kind = group->kind;
		}
		g_string_append(out, "<tr>");
		html_cell_text(out, *group->name ? group->name : "(none)");
		html_cell_number(out, group->n, 0);
		html_cell_number(out, group->mean, 2);
		g_string_append(out, "<td>");
		plot_share(out, maximum > 0 ? group->mean / maximum : 0, false, false);
		g_string_append(out, "</td>");
		html_cell_number(out, group->deviation, 2);
		html_cell_number(out, group->median, 2);
		html_cell_number(out, group->lowest, 2);
		html_cell_number(out, group->highest, 2);
		g_string_append(out, "</tr>\n");
	}
	if (kind)
		g_string_append(out, "</table></div>\n");
}

static void add_parts(GString *out, const struct analysis *analysis)
{
	g_string_append(out,
		"<h2 id=parts>Sections of the exam</h2>\n<div class=scroll><table><tr><th>Section<th class=n>Questions"
		"<th class=n>Points<th class=n>Mean<th><th class=n>Std. dev.<th class=n>Reliability"
		"<th class=n>r with the rest</tr>\n");
	for (unsigned i = 0; i < analysis->n_parts; i++) {
		const struct analysis_part *part = &analysis->parts[i];
		g_string_append(out, "<tr>");
		html_cell_text(out, part->section->title);
		html_cell_number(out, part->n_questions, 0);
		html_cell_number(out, part->maximum, 2);
		html_cell_number(out, part->mean, 2);
		g_string_append(out, "<td>");
		plot_share(out, part->maximum > 0 ? part->mean / part->maximum : 0, false, false);
		g_string_append(out, "</td>");
		html_cell_number(out, part->deviation, 2);
		html_cell_number(out, part->alpha, 2);
		html_cell_number(out, part->correlation, 2);
		g_string_append(out, "</tr>\n");
	}
	g_string_append(out, "</table></div>\n");
}

// --- questions

static void add_map(GString *out, const struct analysis *analysis)
{
	g_autofree struct plot_dot *dots = g_new0(struct plot_dot, analysis->n_questions + 1);
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		const struct analysis_question *question = &analysis->questions[q];
		dots[q] = (struct plot_dot){question->question->id, question->difficulty, question->correlation,
			report_has_suspect(question) || question->is_inverted};
	}
	g_string_append(out,
		"<p>Each question by how hard it was and by its correlation with the rest of the exam. "
		"Good questions are high up; below the line the better students did worse.</p>\n<div class=scroll>");
	plot_map(out, dots, analysis->n_questions);
	g_string_append(out, "</div>\n");
}

static void add_questions(GString *out, const struct analysis *analysis)
{
	g_string_append(out, "<h2 id=questions>Questions</h2>\n");
	add_map(out, analysis);
	g_string_append(out,
		"<div class=scroll><table><tr><th>Question<th class=n>Points<th class=n>Mean<th class=n>Std. dev."
		"<th class=n>Difficulty<th><th class=n>Discrimination<th class=n>r with the rest"
		"<th class=n>Alpha without<th></tr>\n");
	for (unsigned q = 0; q < analysis->n_questions; q++)
		report_question_line(out, analysis, &analysis->questions[q]);
	g_string_append(out,
		"</table></div>\n<h2 id=choices>Every choice</h2>\n<p class=\"small soft\">"
		"<span class=tick>✓</span> in the key, <span class=tag>▲</span> suspected. Best and worst: how "
		"many of the best and the worst 27 % by the rest of the exam chose it. Rest score: what those who "
		"chose it scored on the rest of the exam, on average.</p>\n<div class=cards>\n");
	for (unsigned q = 0; q < analysis->n_questions; q++)
		report_question_cards(out, analysis, &analysis->questions[q]);
	g_string_append(out, "</div>\n");
}

static void add_how(GString *out, const struct analysis *analysis)
{
	g_string_append_printf(out,
		"<h2 id=how>How to read this</h2>\n<div class=small>"
		"<p><b>Difficulty</b> is the share of the points that students scored: 1 is what everybody knew, and "
		"questions between 0.3 and 0.9 tell most.</p>"
		"<p><b>Discrimination</b> is that share among the best 27 %% less that among the worst 27 %% (here %u "
		"papers "
		"each): above 0.3 is good, below 0.1 the question does not tell them apart, below 0 something is "
		"wrong.</p>"
		"<p><b>r with the rest</b> is the correlation of the question's points with the points of all others "
		"(corrected "
		"item-total correlation): above 0.2 is usual.</p>"
		"<p><b>Alpha without</b> is the reliability that the exam would have without the question: where it is "
		"higher "
		"than the exam's, the question measures something else.</p>"
		"<p><b>Reliability</b> is Cronbach's alpha%s; the <b>standard error</b> is the standard deviation "
		"times "
		"√(1 − alpha). Formulas and sources are in docs/item-analysis.md; the same numbers for other programs "
		"in "
		"items.csv.</p></div>\n",
		analysis->extreme_size, analysis->is_kr20 ? ", which is KR-20 here" : "");
}

char *report_html(const struct analysis *analysis, const struct similarity *similarity, const char *folder)
{
	GString *out = g_string_new(NULL);
	add_head(out, analysis);
	if (analysis->n) {
		add_suspects(out, analysis, folder);
		add_inverted(out, analysis);
		add_scores(out, analysis);
		add_questions(out, analysis);
		add_parts(out, analysis);
		add_groups(out, analysis);
		if (similarity)
			report_similarity(out, analysis, similarity);
		add_how(out, analysis);
	}
	html_end(out);
	return g_string_free(out, FALSE);
}
