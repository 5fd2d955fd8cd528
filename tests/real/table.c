// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/real/table.h"

#include <string.h>

struct counts {
	unsigned read[3]; // by enum reading
	unsigned silent;
};

static const char *const NAMES[] = {
	[READING_EMPTY] = "empty", [READING_FILLED] = "filled", [READING_FLAGGED] = "flagged"};

static bool is_clear(const char *truth)
{
	return g_str_equal(truth, NAMES[READING_FILLED]) || g_str_equal(truth, NAMES[READING_EMPTY]);
}

bool table_is_silent_error(const char *truth, enum reading reading)
{
	return reading != READING_FLAGGED && !g_str_equal(truth, NAMES[reading]);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void print_row(FILE *to, const char *name, const struct counts *counts)
{
	fprintf(to, "%-40s %8u %8u %8u %8u\n", name, counts->read[READING_FILLED], counts->read[READING_EMPTY],
		counts->read[READING_FLAGGED], counts->silent);
}

// One row for each of the names that crops have, in alphabetical order.
static void print_part(
	FILE *to, const char *title, const struct crops *crops, const struct decision *decisions, char *const *names)
{
	g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	for (unsigned i = 0; i < crops->n; i++) {
		struct counts *counts = g_hash_table_lookup(rows, names[i]);
		if (!counts) {
			counts = g_new0(struct counts, 1);
			g_hash_table_insert(rows, names[i], counts);
		}
		counts->read[decisions[i].reading]++;
		counts->silent += table_is_silent_error(crops->items[i].truth, decisions[i].reading);
	}
	guint n;
	g_autofree char **sorted = (char **)g_hash_table_get_keys_as_array(rows, &n);
	qsort(sorted, n, sizeof *sorted, compare_texts);
	fprintf(to, "%s\n", title);
	for (guint i = 0; i < n; i++)
		print_row(to, sorted[i], g_hash_table_lookup(rows, sorted[i]));
}

static void print_parts(FILE *to, const struct crops *crops, const struct decision *decisions)
{
	g_autofree char **kinds = g_new(char *, crops->n), **sources = g_new(char *, crops->n);
	g_autofree char **tones = g_new(char *, crops->n);
	for (unsigned i = 0; i < crops->n; i++) {
		const struct crop *crop = &crops->items[i];
		kinds[i] = g_strdup_printf("%s: %s", crop->truth, crop->kind);
		sources[i] = crop->source;
		tones[i] = crop->tone;
	}
	fprintf(to, "%-40s %8s %8s %8s %8s\n", "", "filled", "empty", "flagged", "SILENT");
	print_part(to, "by truth and kind", crops, decisions, kinds);
	print_part(to, "by source", crops, decisions, sources);
	print_part(to, "by tone", crops, decisions, tones);
	for (unsigned i = 0; i < crops->n; i++)
		g_free(kinds[i]);
}

bool table_print(FILE *to, const struct crops *crops, const struct decision *decisions)
{
	unsigned clear = 0, flagged = 0, silent = 0;
	print_parts(to, crops, decisions);
	fprintf(to, "\n");
	for (unsigned i = 0; i < crops->n; i++)
		if (decisions[i].reading == READING_FLAGGED)
			fprintf(to, "flagged: %s: %s\n", crops->items[i].file, decisions[i].reason);
	for (unsigned i = 0; i < crops->n; i++) {
		const struct crop *crop = &crops->items[i];
		clear += is_clear(crop->truth);
		flagged += is_clear(crop->truth) && decisions[i].reading == READING_FLAGGED;
		if (!table_is_silent_error(crop->truth, decisions[i].reading))
			continue;
		silent++;
		fprintf(to, "SILENT: %s is %s, read %s\n", crop->file, crop->truth, NAMES[decisions[i].reading]);
	}
	double percent = clear ? 100.0 * flagged / clear : 0;
	fprintf(to, "\n%u crops, %u silent errors; of %u that are plainly filled or empty, %u flagged (%.1f %%)\n",
		crops->n, silent, clear, flagged, percent);
	return silent == 0 && percent <= TABLE_FLAGGED_MOST_PERCENT;
}
