// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/csv_in.h"

#include <csv.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "grade/file_in.h"

#define CELL_BLOCK_BYTES (16 * 1024)

struct reading {
	struct csv_in *table;
	GPtrArray *row;
	bool wordless; // every cell of the row at hand is empty
	bool too_wide;
};

// --- bytes to text

// UTF-16 by its byte order mark, otherwise UTF-8. Owned by the caller; NULL with error set.
static char *decode(const char *name, const char *bytes, size_t size, gsize *length, GError **error)
{
	const char *encoding = NULL;
	if (size >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0)
		encoding = "UTF-16LE";
	else if (size >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0)
		encoding = "UTF-16BE";
	size_t mark = encoding ? 2 : size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	char *text = NULL;
	if (encoding) {
		text = g_convert(bytes + mark, (gssize)(size - mark), "UTF-8", encoding, NULL, length, NULL);
	} else if (g_utf8_validate_len(bytes + mark, size - mark, NULL)) {
		*length = size - mark;
		text = g_strndup(bytes + mark, *length);
	}
	if (!text)
		g_set_error(error, CSV_IN_ERROR, 0,
			"%s: not UTF-8: give the file as it was exported, or save it as \"CSV UTF-8\"", name);
	return text;
}

// What parts the cells: whichever the header has most of, outside of quotes.
static char find_delimiter(const char *text)
{
	static const char DELIMITERS[] = ",;\t";
	unsigned counts[sizeof DELIMITERS - 1] = {0};
	bool quoted = false;
	for (; *text && (quoted || !strchr("\r\n", *text)); text++) {
		const char *found = *text == '"' || quoted ? NULL : strchr(DELIMITERS, *text);
		quoted ^= *text == '"';
		if (found)
			counts[found - DELIMITERS]++;
	}
	size_t most = 0;
	for (size_t i = 1; i < G_N_ELEMENTS(counts); i++)
		if (counts[i] > counts[most])
			most = i;
	return DELIMITERS[most];
}

// --- text to rows

static void on_cell(void *text, size_t size, void *data)
{
	struct reading *reading = data;
	if (reading->row->len == CSV_IN_MAX_COLUMNS) {
		reading->too_wide = true;
		return;
	}
	reading->wordless = reading->wordless && !size;
	g_ptr_array_add(
		reading->row, size ? g_string_chunk_insert_len(reading->table->texts, text, (gssize)size) : (char *)"");
}

static void on_row(int end, void *data)
{
	(void)end;
	struct reading *reading = data;
	if (reading->wordless) {
		g_ptr_array_set_size(reading->row, 0);
	} else {
		g_ptr_array_add(reading->table->rows, reading->row);
		reading->row = g_ptr_array_new();
	}
	reading->wordless = true;
}

static int nothing_is_space(unsigned char byte)
{
	(void)byte;
	return 0; // or libcsv would trim cells
}

static void split(struct reading *reading, const char *text, size_t length)
{
	struct csv_parser parser;
	csv_init(&parser, CSV_APPEND_NULL);
	csv_set_space_func(&parser, nothing_is_space);
	csv_set_realloc_func(
		&parser, g_realloc); // which ends the program; libcsv's own failure looks like a wrong cell
	csv_set_free_func(&parser, g_free);
	csv_set_delim(&parser, (unsigned char)find_delimiter(text));
	csv_set_blk_size(&parser, CELL_BLOCK_BYTES);
	csv_parse(&parser, text, length, on_cell, on_row, reading);
	csv_fini(&parser, on_cell, on_row, reading);
	csv_free(&parser);
}

static void row_free(void *row)
{
	g_ptr_array_unref(row);
}

struct csv_in *csv_in_parse(const char *name, const char *bytes, size_t size, GError **error)
{
	gsize length = 0;
	if (size > CSV_IN_MAX_BYTES) {
		g_set_error(error, CSV_IN_ERROR, 0, "%s: larger than %u MB, which is no gradebook", name,
			CSV_IN_MAX_BYTES / (1024 * 1024));
		return NULL;
	}
	g_autofree char *text = decode(name, bytes, size, &length, error);
	if (!text)
		return NULL;
	CSV_IN_AUTO table = g_new0(struct csv_in, 1);
	table->rows = g_ptr_array_new_with_free_func(row_free);
	table->texts = g_string_chunk_new(CELL_BLOCK_BYTES);
	struct reading reading = {.table = table, .row = g_ptr_array_new(), .wordless = true};
	split(&reading, text, length);
	g_ptr_array_unref(reading.row);
	if (reading.too_wide)
		g_set_error(error, CSV_IN_ERROR, 0, "%s: more than %d cells in a row", name, CSV_IN_MAX_COLUMNS);
	else if (table->rows->len == 0)
		g_set_error(error, CSV_IN_ERROR, 0, "%s: the file is empty", name);
	else
		return g_steal_pointer(&table);
	return NULL;
}

struct csv_in *csv_in_load(const char *path, GError **error)
{
	g_autoptr(GByteArray) bytes = file_in_read(path, CSV_IN_MAX_BYTES);
	if (bytes)
		return csv_in_parse(path, bytes->len ? (const char *)bytes->data : "", bytes->len, error);
	g_set_error(error, CSV_IN_ERROR, 0, "%s: %s", path, g_strerror(errno));
	return NULL;
}

void csv_in_free(struct csv_in *table)
{
	if (!table)
		return;
	g_ptr_array_unref(table->rows);
	g_string_chunk_free(table->texts);
	g_free(table);
}

// --- cells

unsigned csv_in_n_columns(const struct csv_in *table)
{
	const GPtrArray *header = g_ptr_array_index(table->rows, 0);
	return header->len;
}

unsigned csv_in_n_rows(const struct csv_in *table)
{
	return table->rows->len - 1;
}

const char *csv_in_cell(const struct csv_in *table, unsigned row, int column)
{
	const GPtrArray *cells = g_ptr_array_index(table->rows, row + 1);
	return column >= 0 && (unsigned)column < cells->len ? g_ptr_array_index(cells, (unsigned)column) : "";
}

const char *csv_in_column_name(const struct csv_in *table, unsigned column)
{
	const GPtrArray *header = g_ptr_array_index(table->rows, 0);
	return g_ptr_array_index(header, column);
}

int csv_in_find(const struct csv_in *table, const char *name)
{
	for (unsigned i = 0; i < csv_in_n_columns(table); i++) {
		g_autofree char *column = g_strstrip(g_strdup(csv_in_column_name(table, i)));
		if (g_ascii_strcasecmp(column, name) == 0)
			return (int)i;
	}
	return -1;
}
