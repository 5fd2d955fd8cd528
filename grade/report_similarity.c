// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/report_similarity.h"

#include "grade/html.h"

#define LEAST_SHOWN 0.0001 // smaller chances are shown as below it: their digits mean nothing

static void add_person(GString *out, const struct analysis *analysis, const struct student *student)
{
	static const struct {
		enum roster_column column;
		const char *word;
	} PLACES[] = {{ROSTER_ROOM, "room"}, {ROSTER_SEAT, "seat"}};
	g_string_append(out, "<td>");
	html_text(out, student->id);
	if (student->row) {
		g_string_append_c(out, ' ');
		html_text(out, student->row->name);
	}
	for (size_t i = 0; student->row && i < G_N_ELEMENTS(PLACES); i++) {
		const char *cell = roster_cell(analysis->results->roster, student->row, PLACES[i].column);
		if (!*cell)
			continue;
		g_string_append_printf(out, "<span class=\"small soft\">, %s ", PLACES[i].word);
		html_text(out, cell);
		g_string_append(out, "</span>");
	}
	g_string_append(out, "</td>");
}

static void add_chance(GString *out, double p)
{
	g_string_append(out, "<td class=n>");
	if (p < LEAST_SHOWN)
		g_string_append_printf(out, "&lt; %.4f", LEAST_SHOWN);
	else
		html_number(out, p, 4);
	g_string_append(out, "</td>");
}

static void add_pair(GString *out, const struct analysis *analysis, const struct similarity_pair *pair)
{
	g_string_append(out, "<tr>");
	add_person(out, analysis, pair->one);
	add_person(out, analysis, pair->other);
	g_string_append_printf(
		out, "<td class=n><b>%u</b> of %u and %u</td>", pair->same_wrong, pair->wrong[0], pair->wrong[1]);
	html_cell_number(out, pair->expected, 1);
	g_string_append_printf(out, "<td class=n>%u</td>", pair->same_right);
	add_chance(out, pair->k2);
	add_chance(out, pair->s2);
	g_string_append(out, "</tr>\n");
}

void report_similarity(GString *out, const struct analysis *analysis, const struct similarity *similarity)
{
	g_string_append(out,
		"<h2 id=similarity>Similar papers</h2>\n<p class=alert><b>Screening only.</b> These numbers say "
		"where to look, and never that somebody copied. Students who learnt together, a misleading question "
		"and plain chance make papers alike too. Look at the seats, the scans and the people before you "
		"think anything; a pair that sat apart is most likely innocent.</p>\n");
	if (similarity->n < SIMILARITY_MIN_PAPERS) {
		g_string_append_printf(
			out, "<p>Fewer than %d papers: nothing can be said about chance.</p>\n", SIMILARITY_MIN_PAPERS);
		return;
	}
	if (!similarity->n_pairs) {
		g_string_append_printf(out,
			"<p class=good><span class=tick>✓</span> No two papers share more wrong answers than "
			"chance explains, among %u papers.</p>\n",
			similarity->n);
		return;
	}
	g_string_append(out,
		"<div class=scroll><table><tr><th>Student<th>Student<th class=n>Same wrong answers<th class=n>By chance"
		"<th class=n>Same right<th class=n>K2<th class=n>S2</tr>\n");
	for (unsigned i = 0; i < similarity->n_pairs; i++)
		add_pair(out, analysis, &similarity->pairs[i]);
	g_string_append_printf(out,
		"</table></div>\n<p class=small>K2 and S2 are the chances of so many or more, after correction for all "
		"%.0f "
		"comparisons (Bonferroni): among papers that nobody copied, one list of twenty names any pair at all. "
		"“Same wrong answers” counts rows of bubbles in which both gave the same wrong answer, of all that "
		"each had "
		"wrong.",
		similarity->n_comparisons);
	if (similarity->n_found > similarity->n_pairs)
		g_string_append_printf(
			out, " The strongest %u of %u pairs are shown.", similarity->n_pairs, similarity->n_found);
	g_string_append(out, "</p>\n");
}
