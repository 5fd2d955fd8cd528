// SPDX-License-Identifier: GPL-3.0-or-later
// What each rule of deciding is there for: reads a simulated stack once with all rules, once without each, and once
// without each and the second reader, and prints what goes wrong then. The programs that people use cannot leave a rule
// out.
//   measure-rules EXAM FOLDER...     (FOLDERs as simulate left them)
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "detect/page.h"
#include "detect/rules.h"
#include "fixtures/simulate/csv_table.h"
#include "scan/decode.h"
#include "sheet/exam_file.h"

#define KEY "%s\n%s" // file, item

enum { FILE_COLUMN, ITEM, MARKED, CLEAR, N_COLUMNS };

struct tally {
	unsigned items, clear, clear_flagged, unclear, unclear_flagged, silent, refused;
};

struct measuring {
	struct layout *layout;
	struct detector *detector;
	GHashTable *meant; // KEY -> "1A|C": clear or not, and what was meant
	struct tally tallies[RULE_N + 1],
		unchecked[RULE_N + 1]; // the last: all rules hold; unchecked: no second reader
};

static bool load_truth(struct measuring *m, const char *folder, GError **error)
{
	static const char *const NAMES[N_COLUMNS] = {"file", "item", "marked", "clear"};
	g_autofree char *path = g_build_filename(folder, "truth.csv", NULL);
	CSV_TABLE_AUTO table = csv_table_load(path, error);
	int columns[N_COLUMNS];
	for (int i = 0; i < N_COLUMNS; i++)
		if (!table || (columns[i] = csv_table_column(table, NAMES[i], error)) < 0)
			return false;
	g_hash_table_remove_all(m->meant);
	for (unsigned i = 0; i < csv_table_n_rows(table); i++)
		g_hash_table_insert(m->meant,
			g_strdup_printf(KEY, csv_table_cell(table, i, columns[FILE_COLUMN]),
				csv_table_cell(table, i, columns[ITEM])),
			g_strconcat(csv_table_cell(table, i, columns[CLEAR]), csv_table_cell(table, i, columns[MARKED]),
				NULL));
	return true;
}

static void count(struct measuring *m, const char *file, const struct answers *answers, struct tally *tally)
{
	tally->refused += answers->outcome != ANSWERS_READ;
	for (unsigned i = 0; answers->outcome == ANSWERS_READ && i < answers->n_marks; i++) {
		const struct answers_mark *mark = &answers->marks[i];
		g_autofree char *key = g_strdup_printf(KEY, file, m->layout->items[mark->item].id);
		g_autofree char *read = answers_choices_text(m->layout, mark->item, mark->marked);
		const char *meant = g_hash_table_lookup(m->meant, key);
		if (!meant)
			continue;
		bool clear = meant[0] == '1';
		tally->items++;
		*(clear ? &tally->clear : &tally->unclear) += 1;
		*(clear ? &tally->clear_flagged : &tally->unclear_flagged) += mark->review;
		tally->silent += !mark->review && strcmp(meant + 1, read) != 0;
	}
}

static void read_without(
	struct measuring *m, const struct page_image *image, unsigned left_out, const char *file, struct tally *tally)
{
	const struct grey_view view = {image->pixels, image->width_px, image->height_px, image->width_px};
	detector_leave_out(m->detector, left_out);
	ANSWERS_AUTO answers = detect_page(m->detector, &view, NULL);
	count(m, file, answers, tally);
}

static void read_page(struct measuring *m, const char *folder, const char *file)
{
	g_autofree char *path = g_build_filename(folder, "scans", file, NULL);
	g_autofree char *bytes = NULL;
	gsize size;
	if (!g_file_get_contents(path, &bytes, &size, NULL))
		return;
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	struct scan_document *document = scan_document_new((const uint8_t *)bytes, size, &limits, NULL);
	struct page_image *image = document ? scan_document_decode_full(document, 0, NULL) : NULL;
	for (unsigned rule = 0; image && rule <= RULE_N; rule++) {
		unsigned left_out = rule < RULE_N ? 1u << rule : 0;
		read_without(m, image, left_out, file, &m->tallies[rule]);
		read_without(m, image, left_out | 1u << RULE_SECOND, file, &m->unchecked[rule]);
	}
	page_image_free(image);
	scan_document_free(document);
}

static bool read_folder(struct measuring *m, const char *folder, GError **error)
{
	g_autofree char *scans = g_build_filename(folder, "scans", NULL);
	g_autoptr(GDir) dir = load_truth(m, folder, error) ? g_dir_open(scans, 0, error) : NULL;
	for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir))
		read_page(m, folder, name);
	return dir != NULL;
}

static void print_row(const char *name, const char *about, const struct tally *t, const struct tally *unchecked)
{
	printf("%-14s %7u %7u %8u %7.2f %% %6u/%-6u  %s\n", name, t->silent, unchecked->silent, t->clear_flagged,
		100.0 * t->clear_flagged / MAX(t->clear, 1), t->unclear_flagged, t->unclear, about);
}

int main(int argc, char **argv)
{
	GError *error = NULL;
	EXAM_AUTO exam = argc > 2 ? exam_load(argv[1], &error) : NULL;
	struct measuring m = {.layout = exam ? layout_new(exam, &error) : NULL};
	if (!m.layout) {
		g_printerr("%s\n", error ? error->message : "usage: measure-rules EXAM FOLDER...");
		return 2;
	}
	m.detector = detector_new(m.layout);
	m.meant = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (int i = 2; i < argc && !error; i++)
		read_folder(&m, argv[i], &error);
	if (error)
		g_printerr("%s\n", error->message);
	printf("%-14s %7s %7s %8s %9s  %-13s  %s\n", "without", "SILENT", "alone*", "clear,", "flagged",
		"doubt flagged", "the rule");
	print_row("(all hold)", "", &m.tallies[RULE_N], &m.unchecked[RULE_N]);
	for (unsigned rule = 0; rule < RULE_N; rule++)
		print_row(
			rule_name((enum rule)rule), rule_about((enum rule)rule), &m.tallies[rule], &m.unchecked[rule]);
	printf("* silent errors where the second reader is left out as well\n");
	g_hash_table_unref(m.meant);
	detector_free(m.detector);
	layout_free(m.layout);
	return error ? 1 : 0;
}
