// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/real/crops.h"

#include <csv.h>
#include <math.h>
#include <string.h>

#include "scan/decode.h"

#define REAL_ERROR (g_quark_from_static_string("real-marks"))
#define LEAST_RADIUS_PX 3.0
#define MOST_RADIUS_PX 500.0

enum column { FILE_NAME, SOURCE, RADIUS, KIND, TRUTH, TONE, COLUMNS };
static const char *const NAMES[COLUMNS] = {"file", "repo", "bubble_r_px", "kind", "truth", "tone"};

struct reading {
	GPtrArray *cells; // of the row at hand
	int at[COLUMNS];  // where each column stands; -1 unknown
	unsigned rows;
	GArray *crops;
	char *problem;
};

static void on_cell(void *text, size_t length, void *data)
{
	struct reading *reading = data;
	g_ptr_array_add(reading->cells, g_strndup(text ? text : "", length));
}

static char *cell(const struct reading *reading, enum column column)
{
	int at = reading->at[column];
	return g_strdup(at >= 0 && (unsigned)at < reading->cells->len ? reading->cells->pdata[at] : "");
}

static void on_header(struct reading *reading)
{
	for (int c = 0; c < COLUMNS; c++) {
		reading->at[c] = -1;
		for (unsigned i = 0; i < reading->cells->len; i++)
			if (g_str_equal(g_strstrip(reading->cells->pdata[i]), NAMES[c]))
				reading->at[c] = (int)i;
		if (reading->at[c] < 0 && !reading->problem)
			reading->problem = g_strdup_printf("the header has no column %s", NAMES[c]);
	}
}

static void on_crop(struct reading *reading)
{
	struct crop crop = {.file = cell(reading, FILE_NAME),
		.source = cell(reading, SOURCE),
		.tone = cell(reading, TONE),
		.kind = cell(reading, KIND),
		.truth = cell(reading, TRUTH)};
	g_autofree char *radius = cell(reading, RADIUS);
	crop.radius_px = g_ascii_strtod(radius, NULL);
	if (!(crop.radius_px >= LEAST_RADIUS_PX && crop.radius_px <= MOST_RADIUS_PX) && !reading->problem)
		reading->problem = g_strdup_printf("line %u: \"%s\" is no radius in pixels", reading->rows, radius);
	g_array_append_val(reading->crops, crop);
}

static void on_row(int end G_GNUC_UNUSED, void *data)
{
	struct reading *reading = data;
	if (reading->rows++ == 0)
		on_header(reading);
	else
		on_crop(reading);
	g_ptr_array_set_size(reading->cells, 0);
}

static bool parse_index(const char *text, size_t length, struct reading *reading)
{
	struct csv_parser parser;
	csv_init(&parser, CSV_APPEND_NULL);
	csv_parse(&parser, text, length, on_cell, on_row, reading);
	csv_fini(&parser, on_cell, on_row, reading);
	csv_free(&parser);
	if (!reading->problem && reading->crops->len == 0)
		reading->problem = g_strdup("lists no crops");
	return !reading->problem;
}

static struct page_image *decode(const char *path, GError **error)
{
	g_autofree char *bytes = NULL;
	gsize size = 0;
	if (!g_file_get_contents(path, &bytes, &size, error))
		return NULL;
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	struct scan_document *document = scan_document_new((const uint8_t *)bytes, size, &limits, error);
	struct page_image *image = document ? scan_document_decode(document, 0, error) : NULL;
	scan_document_free(document);
	if (!image)
		g_prefix_error(error, "%s: ", path);
	return image;
}

bool crops_load(const char *folder, struct crops *crops, GError **error)
{
	*crops = (struct crops){0};
	g_autofree char *path = g_build_filename(folder, "index.csv", NULL), *text = NULL;
	gsize length = 0;
	if (!g_file_get_contents(path, &text, &length, error))
		return false;
	struct reading reading = {.cells = g_ptr_array_new_with_free_func(g_free),
		.crops = g_array_new(FALSE, TRUE, sizeof(struct crop))};
	bool good = parse_index(text, length, &reading);
	g_ptr_array_unref(reading.cells);
	crops->n = reading.crops->len;
	crops->items = (struct crop *)(void *)g_array_free(reading.crops, FALSE);
	if (!good)
		g_set_error(error, REAL_ERROR, 0, "%s: %s", path, reading.problem);
	g_free(reading.problem);
	for (unsigned i = 0; good && i < crops->n; i++) {
		g_autofree char *picture = g_build_filename(folder, crops->items[i].file, NULL);
		crops->items[i].image = decode(picture, error);
		good = crops->items[i].image != NULL;
	}
	return good;
}

void crops_clear(struct crops *crops)
{
	for (unsigned i = 0; i < crops->n; i++) {
		struct crop *crop = &crops->items[i];
		g_free(crop->file);
		g_free(crop->source);
		g_free(crop->tone);
		g_free(crop->kind);
		g_free(crop->truth);
		page_image_free(crop->image);
	}
	g_clear_pointer(&crops->items, g_free);
	crops->n = 0;
}
