// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/report_question.h"

#include <math.h>

#include "grade/html.h"
#include "grade/plot.h"

bool report_has_suspect(const struct analysis_question *question)
{
	for (unsigned r = 0; r < question->n_rows; r++)
		if (question->rows[r].suspect >= 0)
			return true;
	return false;
}

// --- choices

static void add_response(GString *out, const struct analysis *analysis, const char *label,
	const struct analysis_response *response, bool key, bool suspect)
{
	g_string_append_printf(out, "<tr%s><td>", key ? " class=key" : suspect ? " class=warn" : "");
	html_text(out, label);
	g_string_append(out, key ? " <span class=tick>✓</span>" : "");
	g_string_append(out, suspect ? " <span class=tag>▲</span>" : "");
	g_string_append_printf(out, "</td><td class=n>%u</td><td>", response->n);
	plot_share(out, (double)response->n / analysis->n, key, suspect);
	g_string_append(out, "</td><td class=n>");
	html_percent(out, (double)response->n / analysis->n);
	g_string_append(out, "</td>");
	html_cell_number(out, response->upper, 0);
	html_cell_number(out, response->lower, 0);
	html_cell_number(out, response->mean_rest, 1);
	g_string_append(out, "</tr>\n");
}

static void add_table(GString *out, const struct analysis *analysis, const struct analysis_row *row)
{
	g_string_append(out,
		"<div class=scroll><table><tr><th>Choice<th class=n>Papers<th><th class=n><th class=n>Best<th class=n>"
		"Worst<th class=n>Rest score</tr>\n");
	for (unsigned choice = 0; choice < row->item->n_choices; choice++)
		add_response(out, analysis, row->item->choices[choice], &row->choices[choice],
			(row->keys.keyed >> choice & 1) != 0, row->suspect == (int)choice);
	if (row->blank.n)
		add_response(out, analysis, "blank", &row->blank, false, false);
	if (row->several.n)
		add_response(out, analysis, "several", &row->several, false, false);
	g_string_append(out, "</table></div>\n");
}

static void add_curves(GString *out, const struct analysis *analysis, const struct analysis_row *row)
{
	if (analysis->n < ANALYSIS_MIN_FOR_CURVE)
		return;
	struct plot_line lines[EXAM_MAX_CHOICES];
	for (unsigned choice = 0; choice < row->item->n_choices; choice++)
		lines[choice] = (struct plot_line){row->item->choices[choice], row->choices[choice].curve,
			(row->keys.keyed >> choice & 1) != 0, row->suspect == (int)choice};
	g_string_append(out, "<div class=plot>");
	plot_curves(out, lines, row->item->n_choices, ANALYSIS_CURVE_POINTS);
	g_string_append(out, "</div>\n");
}

// --- the evidence against a key

void report_suspect(GString *out, const struct analysis *analysis, const struct analysis_row *row)
{
	g_autofree char *key = analysis_key_text(row);
	g_string_append(out, "<div class=alert><h3>▲ ");
	g_string_append_printf(out, "<a href=\"#r%s\">%s %s</a>: the key is ", row->item->id,
		analysis_question_of(analysis, row)->n_rows > 1 ? "Item" : "Question", row->item->id);
	html_text(out, key);
	g_string_append(out, row->item->kind == EXAM_ITEM_MULTIPLE ? "; look at " : ", the best students say ");
	html_text(out, row->item->choices[row->suspect]);
	g_string_append(out, "</h3>\n<div class=pair><div><p>");
	html_text(out, row->evidence);
	g_string_append(out, "</p>\n");
	add_table(out, analysis, row);
	g_string_append(out, "</div>\n<div>");
	add_curves(out, analysis, row);
	g_string_append(out, "</div></div></div>\n");
}

// --- a line in the table of all

// What there is to say of a question at a glance.
static const char *verdict(const struct analysis_question *question)
{
	if (question->question->event == EXAM_EVENT_DROP || question->question->event == EXAM_EVENT_RESCALE)
		return "<span class=soft>dropped</span>";
	if (question->question->event != EXAM_EVENT_NONE)
		return "<span class=soft>credit given</span>";
	if (report_has_suspect(question))
		return "<span class=tag>▲ check the key</span>";
	if (question->is_inverted)
		return "<span class=tag>▲ the better did worse</span>";
	if (question->difficulty >= 0.95)
		return "<span class=soft>very easy</span>";
	if (question->difficulty <= 0.2)
		return "<span class=soft>very hard</span>";
	if (question->correlation < 0.1)
		return "<span class=soft>tells little</span>";
	return "";
}

void report_question_line(GString *out, const struct analysis *analysis, const struct analysis_question *question)
{
	bool suspect = report_has_suspect(question) || question->is_inverted;
	(void)analysis;
	g_string_append_printf(out, "<tr%s><td><a href=\"#q%s\">%s</a></td>", suspect ? " class=warn" : "",
		question->question->id, question->question->id);
	html_cell_number(out, question->maximum, 2);
	html_cell_number(out, question->mean, 2);
	html_cell_number(out, question->deviation, 2);
	html_cell_number(out, question->difficulty, 2);
	g_string_append(out, "<td>");
	plot_share(out, question->difficulty, false, suspect);
	g_string_append(out, "</td>");
	html_cell_number(out, question->discrimination, 2);
	html_cell_number(out, question->correlation, 2);
	html_cell_number(out, question->alpha_without, 3);
	g_string_append_printf(out, "<td>%s</td></tr>\n", verdict(question));
}

// --- cards

static void add_card(GString *out, const struct analysis *analysis, const struct analysis_question *question,
	const struct analysis_row *row)
{
	bool one = question->n_rows == 1;
	g_string_append_printf(out, "<div class=card id=\"r%s\"><h3", row->item->id);
	if (row == question->rows)
		g_string_append_printf(out, " id=\"q%s\"", question->question->id);
	g_string_append_printf(
		out, ">%s %s <span class=\"small soft\">difficulty ", one ? "Question" : "Item", row->item->id);
	html_number(out, one ? question->difficulty : row->difficulty, 2);
	g_string_append(out, ", discrimination ");
	html_number(out, one ? question->discrimination : row->discrimination, 2);
	g_string_append(out, ", r ");
	html_number(out, one ? question->correlation : row->correlation, 2);
	g_string_append(out, "</span></h3>\n");
	add_table(out, analysis, row);
	add_curves(out, analysis, row);
	g_string_append(out, "</div>\n");
}

void report_question_cards(GString *out, const struct analysis *analysis, const struct analysis_question *question)
{
	for (unsigned r = 0; r < question->n_rows; r++)
		add_card(out, analysis, question, &question->rows[r]);
}
