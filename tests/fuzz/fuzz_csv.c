// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as what a course system exports: refused with a line, or every cell can be asked for, and every system's
// file made of it, or refused with a line.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "grade/batch.h"
#include "grade/export.h"
#include "sheet/exam_file.h"
#include "tests/papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char EXAM[] = "exam: small\ntitle: Small\npaper: a4\nsections:\n  - title: One\n    type: single\n"
			   "    questions:\n      - {choices: 3, key: A}\n";
static const char ROSTER[] = "student_id,name,email\n1001,Ada,ada@example.org\n1002,Ben,\n01003,\"Cid, D\",c@d\n";

static const struct results *graded(void)
{
	static struct results *results;
	if (results)
		return results;
	struct exam *exam = exam_parse("exam.yaml", EXAM, strlen(EXAM), NULL);
	struct layout *layout = layout_new(exam, NULL);
	struct roster *roster = roster_parse("roster.csv", ROSTER, strlen(ROSTER), NULL);
	struct batch *batch = batch_new(exam, layout, roster);
	batch_add(batch, "a.png", 0, papers_page(layout, "1001", NULL, 1, "1=A"));
	batch_add(batch, "b.png", 1, papers_page(layout, "01003", NULL, 1, "1?=B"));
	results = batch_finish(batch);
	return results;
}

static void check_error(const GError *error)
{
	g_assert(error && g_utf8_validate(error->message, -1, NULL));
}

static void export_to(const char *system, const struct csv_in *from)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	const struct export_request request = {.system = system, .from = from, .from_name = "export.csv"};
	g_autofree char *text = export_csv(graded(), &request, notes, &error);
	g_assert((text == NULL) == (error != NULL));
	if (!text)
		check_error(error);
	else
		g_assert(g_utf8_validate(text, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	CSV_IN_AUTO table = csv_in_parse("export.csv", (const char *)data, size, &error);
	g_assert((table == NULL) == (error != NULL));
	if (!table) {
		check_error(error);
		return 0;
	}
	size_t bytes = 0;
	for (unsigned row = 0; row < csv_in_n_rows(table); row++)
		for (unsigned column = 0; column < csv_in_n_columns(table); column++)
			bytes += strlen(csv_in_cell(table, row, (int)column));
	g_assert(bytes <= 2 * size); // UTF-16 grows by half
	for (const char *const *system = export_systems(); *system; system++)
		export_to(*system, table);
	return 0;
}
