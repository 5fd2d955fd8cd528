// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/items_csv.h"

#include <math.h>

#include "grade/csv_out.h"

static const char *format(double value, char text[G_ASCII_DTOSTR_BUF_SIZE])
{
	if (isnan(value))
		return "";
	return g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.12g", value == 0 ? 0.0 : value);
}

static void write_number(struct csv_out *out, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	csv_out_text(out, format(value, text));
}

static void write_responses(struct csv_out *out, const struct analysis_row *row)
{
	g_autofree char *choices = g_strjoinv("|", row->item->choices);
	g_autoptr(GString) counts = g_string_new(NULL);
	g_autoptr(GString) means = g_string_new(NULL);
	for (unsigned choice = 0; choice < row->item->n_choices; choice++) {
		char text[G_ASCII_DTOSTR_BUF_SIZE];
		const char *bar = choice ? "|" : "";
		g_string_append_printf(counts, "%s%u", bar, row->choices[choice].n);
		g_string_append_printf(means, "%s%s", bar, format(row->choices[choice].mean_rest, text));
	}
	csv_out_text(out, choices);
	csv_out_text(out, counts->str);
	csv_out_text(out, means->str);
	csv_out_unsigned(out, row->blank.n);
	csv_out_unsigned(out, row->several.n);
	csv_out_text(out, row->suspect < 0 ? NULL : row->item->choices[row->suspect]);
}

static void write_question(
	struct csv_out *out, const struct analysis *analysis, const struct analysis_question *question)
{
	bool one = question->n_rows == 1;
	g_autofree char *key = one ? analysis_key_text(&question->rows[0]) : NULL;
	csv_out_text(out, question->question->id);
	csv_out_text(out, analysis->results->exam->sections[question->section].title);
	csv_out_text(out, key);
	csv_out_unsigned(out, analysis->n);
	write_number(out, question->maximum);
	write_number(out, question->mean);
	write_number(out, question->deviation);
	write_number(out, question->difficulty);
	write_number(out, question->discrimination);
	write_number(out, question->correlation);
	write_number(out, question->alpha_without);
	if (one)
		write_responses(out, &question->rows[0]);
	else
		for (unsigned i = 0; i < 6; i++)
			csv_out_text(out, NULL);
	csv_out_end_row(out);
}

static void write_row(struct csv_out *out, const struct analysis *analysis, const struct analysis_question *question,
	const struct analysis_row *row)
{
	g_autofree char *key = analysis_key_text(row);
	csv_out_text(out, row->item->id);
	csv_out_text(out, analysis->results->exam->sections[question->section].title);
	csv_out_text(out, key);
	csv_out_unsigned(out, analysis->n);
	for (unsigned i = 0; i < 3; i++) // its points are the question's
		csv_out_text(out, NULL);
	write_number(out, row->difficulty);
	write_number(out, row->discrimination);
	write_number(out, row->correlation);
	csv_out_text(out, NULL);
	write_responses(out, row);
	csv_out_end_row(out);
}

char *items_csv(const struct analysis *analysis)
{
	struct csv_out out;
	csv_out_init(&out);
	csv_out_row(&out, (const char *[]){"item", "section", "key", "n", "max", "mean", "sd", "difficulty",
				  "discrimination", "corrected_item_total", "alpha_if_deleted", "choices", "counts",
				  "mean_rest", "blank", "several", "suspect", NULL});
	for (unsigned q = 0; q < analysis->n_questions; q++) {
		const struct analysis_question *question = &analysis->questions[q];
		write_question(&out, analysis, question);
		for (unsigned r = 0; question->n_rows > 1 && r < question->n_rows; r++)
			write_row(&out, analysis, question, &question->rows[r]);
	}
	return csv_out_finish(&out);
}
