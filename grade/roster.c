// SPDX-License-Identifier: GPL-3.0-or-later
// libcsv splits the text; it is fed line by line, so that we know on which line a row begins (a quoted cell may span
// several). Rows are collected in growing arrays, and the table of IDs is made while they come in, so that a doubled ID
// is found in passing.
#include "grade/roster.h"

#include <csv.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "grade/file_in.h"

#define CELL_BLOCK_BYTES (16 * 1024) // libcsv's buffer grows by this much

static const char *const KNOWN[ROSTER_N_KNOWN] = {"student_id", "name", "email", "section", "room", "seat", "form"};

// A roster under construction.
struct reading {
	const char *name;      // of the file, for messages
	struct roster *roster; // by_id holds the lines of the IDs until settle
	GArray *rows;          // struct roster_row, with everything but the cells
	GPtrArray *cells;      // of all rows
	GPtrArray *row;        // the cells of the row at hand, owned by texts (the header's by themselves)
	unsigned line, row_line;
	bool in_row;
	bool wordless; // every cell of the row at hand is empty
	GError *error;
};

static void fail(struct reading *reading, unsigned line, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void fail(struct reading *reading, unsigned line, const char *format, ...)
{
	if (reading->error)
		return;
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(&reading->error, ROSTER_ERROR, 0, "%s:%u: %s", reading->name, line, what);
}

// --- the header

// Staff name the column by hand; a near miss deserves a hint.
static bool is_almost_student_id(const char *name)
{
	static const char *const ALMOST[] = {"student id", "studentid", "student-id", "id", "sid"};
	for (unsigned i = 0; i < G_N_ELEMENTS(ALMOST); i++)
		if (g_ascii_strcasecmp(name, ALMOST[i]) == 0)
			return true;
	return g_ascii_strcasecmp(name, KNOWN[ROSTER_STUDENT_ID]) == 0;
}

static void fail_without_id(struct reading *reading)
{
	const struct roster *roster = reading->roster;
	for (unsigned i = 0; i < roster->n_columns; i++)
		if (is_almost_student_id(roster->columns[i]))
			fail(reading, reading->row_line, "no column student_id: rename the column \"%s\"",
				roster->columns[i]);
	if (roster->n_columns == 1 && strpbrk(roster->columns[0], ";\t"))
		fail(reading, reading->row_line, "no column student_id: save the file with commas between the cells");
	fail(reading, reading->row_line, "no column student_id: the first line must name the columns");
}

static void find_columns(struct reading *reading)
{
	struct roster *roster = reading->roster;
	for (unsigned i = 0; i < ROSTER_N_KNOWN; i++)
		roster->column_of[i] = -1;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (unsigned i = 0; i < roster->n_columns; i++) {
		char *column = roster->columns[i];
		// Spreadsheets leave nameless columns at the end.
		if (*column && !g_hash_table_add(seen, column))
			fail(reading, reading->row_line, "two columns are named %s", column);
		for (unsigned known = 0; known < ROSTER_N_KNOWN; known++)
			if (strcmp(column, KNOWN[known]) == 0)
				roster->column_of[known] = (int)i;
	}
	if (roster->column_of[ROSTER_STUDENT_ID] < 0)
		fail_without_id(reading);
}

static void take_header(struct reading *reading)
{
	struct roster *roster = reading->roster;
	roster->n_columns = reading->row->len;
	roster->columns = g_new0(char *, roster->n_columns + 1);
	for (unsigned i = 0; i < roster->n_columns; i++)
		roster->columns[i] = g_strstrip(g_strdup(g_ptr_array_index(reading->row, i)));
	find_columns(reading);
}

// --- the rows

// The cell without surrounding white space; NULL after a failure.
static const char *checked_id(struct reading *reading, const char *cell)
{
	g_autofree char *id = g_strstrip(g_strdup(cell));
	if (!*id)
		fail(reading, reading->row_line, "student_id is empty");
	else if (strlen(id) > ROSTER_MAX_ID_BYTES)
		fail(reading, reading->row_line, "student_id is longer than %d bytes", ROSTER_MAX_ID_BYTES);
	for (const char *at = id; *at; at = g_utf8_next_char(at))
		if (g_unichar_iscntrl(g_utf8_get_char(at)))
			fail(reading, reading->row_line, "student_id has a line break or another control character");
	unsigned before = GPOINTER_TO_UINT(g_hash_table_lookup(reading->roster->by_id, id));
	if (before)
		fail(reading, reading->row_line, "student_id %s is on line %u as well", id, before);
	if (reading->error)
		return NULL;
	return strcmp(id, cell) == 0 ? cell : g_string_chunk_insert(reading->roster->texts, id);
}

static void take_row(struct reading *reading)
{
	const struct roster *roster = reading->roster;
	if (reading->row->len > roster->n_columns) {
		fail(reading, reading->row_line, "the row has %u cells, the header %u: quote cells that have commas",
			reading->row->len, roster->n_columns);
		return;
	}
	// Cells left out at the end are empty.
	while (reading->row->len < roster->n_columns)
		g_ptr_array_add(reading->row, (char *)"");
	char **cells = (char **)reading->row->pdata;
	const char *id = checked_id(reading, cells[roster->column_of[ROSTER_STUDENT_ID]]);
	if (!id)
		return;
	int name = roster->column_of[ROSTER_NAME];
	struct roster_row row = {.student_id = id, .name = name < 0 ? "" : cells[name], .line = reading->row_line};
	g_array_append_val(reading->rows, row);
	g_hash_table_insert(roster->by_id, (char *)id, GUINT_TO_POINTER(row.line));
	for (unsigned i = 0; i < roster->n_columns; i++)
		g_ptr_array_add(reading->cells, cells[i]);
}

// libcsv's callbacks: the end of a cell, and of a row.
static void on_cell(void *text, size_t size, void *data)
{
	struct reading *reading = data;
	if (reading->error)
		return;
	if (reading->row->len == ROSTER_MAX_COLUMNS) {
		fail(reading, reading->row_line, "more than %d cells in a row", ROSTER_MAX_COLUMNS);
		return;
	}
	reading->wordless = reading->wordless && !size;
	g_ptr_array_add(reading->row,
		size ? g_string_chunk_insert_len(reading->roster->texts, text, (gssize)size) : (char *)"");
}

static void on_row(int end, void *data)
{
	(void)end;
	struct reading *reading = data;
	// Spreadsheets write rows that were emptied as bare commas.
	if (!reading->error && !reading->wordless) {
		if (reading->roster->columns)
			take_row(reading);
		else
			take_header(reading);
	}
	g_ptr_array_set_size(reading->row, 0);
	reading->wordless = true;
	reading->in_row = false;
}

// --- the text

static int nothing_is_space(unsigned char byte)
{
	(void)byte;
	return 0; // or libcsv would trim cells
}

// Up to and with the next line's end: LF, CRLF, or CR alone.
static size_t line_length(const char *text, size_t size)
{
	for (size_t at = 0; at < size; at++) {
		if (text[at] == '\n')
			return at + 1;
		if (text[at] == '\r')
			return at + 1 < size && text[at + 1] == '\n' ? at + 2 : at + 1;
	}
	return size;
}

static void split(struct reading *reading, const char *text, size_t size)
{
	struct csv_parser parser;
	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
	csv_set_space_func(&parser, nothing_is_space);
	csv_set_realloc_func(
		&parser, g_realloc); // which ends the program; libcsv's own failure looks like a wrong cell
	csv_set_free_func(&parser, g_free);
	csv_set_blk_size(&parser, CELL_BLOCK_BYTES);
	for (size_t at = 0, length; at < size && !reading->error; at += length) {
		length = line_length(text + at, size - at);
		reading->line++;
		if (!reading->in_row)
			reading->row_line = reading->line;
		reading->in_row = reading->in_row || !strchr("\r\n", text[at]);
		if (csv_parse(&parser, text + at, length, on_cell, on_row, reading) != length)
			fail(reading, reading->line, "a quote inside a cell: quote the cell and double the quote");
	}
	if (!reading->error && csv_fini(&parser, on_cell, on_row, reading) != 0)
		fail(reading, reading->row_line, "a quote is opened in this row and never closed");
	if (!reading->error && !reading->roster->columns)
		fail(reading, 1, "the file is empty");
	csv_free(&parser);
}

static void check_encoding(struct reading *reading, const char *text, size_t size)
{
	const char *end;
	if (g_utf8_validate_len(text, size, &end))
		return;
	unsigned line = 1;
	for (const char *at = text; at < end; at++)
		line += *at == '\n';
	fail(reading, line, "not UTF-8: save the file as \"CSV UTF-8\"");
}

// Gives the rows their cells, and the table its rows, now that neither moves any more.
static void settle(struct reading *reading)
{
	struct roster *roster = reading->roster;
	roster->n_rows = reading->rows->len;
	roster->rows = (struct roster_row *)(void *)g_array_free(g_steal_pointer(&reading->rows), FALSE);
	roster->cells = (char **)g_ptr_array_free(g_steal_pointer(&reading->cells), FALSE);
	for (unsigned i = 0; i < roster->n_rows; i++) {
		struct roster_row *row = &roster->rows[i];
		row->cells = (const char *const *)roster->cells + (size_t)i * roster->n_columns;
		g_hash_table_insert(roster->by_id, (char *)row->student_id, row);
	}
}

struct roster *roster_parse(const char *name, const char *text, size_t size, GError **error)
{
	struct reading reading = {.name = name, .wordless = true};
	if (size > ROSTER_MAX_BYTES) {
		g_set_error(error, ROSTER_ERROR, 0, "%s: larger than %u MB, which is no roster", name,
			ROSTER_MAX_BYTES / (1024 * 1024));
		return NULL;
	}
	ROSTER_AUTO roster = g_new0(struct roster, 1);
	roster->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	roster->texts = g_string_chunk_new(CELL_BLOCK_BYTES);
	reading.roster = roster;
	reading.rows = g_array_new(FALSE, TRUE, sizeof(struct roster_row));
	reading.cells = g_ptr_array_new();
	reading.row = g_ptr_array_new();
	size_t mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	check_encoding(&reading, text, size);
	if (!reading.error)
		split(&reading, text + mark, size - mark);
	if (!reading.error)
		settle(&reading);
	g_clear_pointer(&reading.rows, g_array_unref);
	g_clear_pointer(&reading.cells, g_ptr_array_unref);
	g_ptr_array_unref(reading.row);
	if (!reading.error)
		return g_steal_pointer(&roster);
	g_propagate_error(error, reading.error);
	return NULL;
}

struct roster *roster_load(const char *path, GError **error)
{
	g_autoptr(GByteArray) bytes = file_in_read(path, ROSTER_MAX_BYTES);
	if (bytes)
		return roster_parse(path, bytes->len ? (const char *)bytes->data : "", bytes->len, error);
	g_set_error(error, ROSTER_ERROR, 0, "%s: %s", path, g_strerror(errno));
	return NULL;
}

void roster_free(struct roster *roster)
{
	if (!roster)
		return;
	g_strfreev(roster->columns);
	g_free(roster->rows);
	g_free(roster->cells);
	g_clear_pointer(&roster->by_id, g_hash_table_unref);
	g_clear_pointer(&roster->texts, g_string_chunk_free);
	g_free(roster);
}

const struct roster_row *roster_find(const struct roster *roster, const char *student_id)
{
	return g_hash_table_lookup(roster->by_id, student_id);
}

const char *roster_cell(const struct roster *roster, const struct roster_row *row, enum roster_column column)
{
	if (column == ROSTER_STUDENT_ID)
		return row->student_id;
	int index = roster->column_of[column];
	return index < 0 ? "" : row->cells[index];
}
