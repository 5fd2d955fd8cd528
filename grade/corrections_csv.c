// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/corrections_csv.h"

#include "grade/csv_out.h"

static void write_decision(struct csv_out *out, const struct rulings *rulings, const struct decision *decision)
{
	csv_out_text(out, decision->time);
	csv_out_text(out, decision->person);
	csv_out_text(out, decision->item);
	csv_out_text(out, decision->was);
	csv_out_text(out, decision->becomes);
	csv_out_text(out, decision->reason);
	csv_out_text(out, decision_kind_text(decision->kind));
	csv_out_text(out, decision->student);
	if (decision->page)
		csv_out_unsigned(out, decision->page);
	else
		csv_out_text(out, NULL);
	csv_out_text(out, decision->file);
	csv_out_text(out, rulings_state(rulings, decision));
	csv_out_end_row(out);
}

char *corrections_csv(const struct rulings *rulings)
{
	struct csv_out out;
	csv_out_init(&out);
	csv_out_row(&out, (const char *[]){"time", "person", "item", "from", "to", "reason", "kind", "student_id",
				  "page", "file", "state", NULL});
	const GPtrArray *decisions = rulings ? rulings_decisions(rulings) : NULL;
	for (guint i = 0; decisions && i < decisions->len; i++)
		write_decision(&out, rulings, g_ptr_array_index(decisions, i));
	return csv_out_finish(&out);
}
