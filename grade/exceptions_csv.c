// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/exceptions_csv.h"

#include "grade/csv_out.h"

char *exceptions_csv(const struct results *results)
{
	struct csv_out out;
	csv_out_init(&out);
	csv_out_row(&out, (const char *[]){"kind", "file", "page", "student_id", "item", "detail", NULL});
	for (unsigned i = 0; i < results->n_exceptions; i++) {
		const struct batch_exception *exception = &results->exceptions[i];
		csv_out_text(&out, exception->kind);
		csv_out_text(&out, exception->file);
		if (exception->page)
			csv_out_unsigned(&out, exception->page);
		else
			csv_out_text(&out, NULL);
		csv_out_text(&out, exception->student_id);
		csv_out_text(&out, exception->item);
		csv_out_text(&out, exception->detail);
		csv_out_end_row(&out);
	}
	return csv_out_finish(&out);
}
