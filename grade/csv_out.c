// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/csv_out.h"

#include <csv.h>
#include <string.h>

#define BLOCK_BYTES 65536 // written to a file at once

void csv_out_init(struct csv_out *out)
{
	*out = (struct csv_out){.text = g_string_new(NULL)};
}

char *csv_out_finish(struct csv_out *out)
{
	char *text = g_string_free(out->text, FALSE);
	*out = (struct csv_out){0};
	return text;
}

void csv_out_init_file(struct csv_out *out, struct file_out *file)
{
	csv_out_init(out);
	out->file = file;
}

static void write_out(struct csv_out *out)
{
	file_out_write(out->file, out->text->str, out->text->len);
	g_string_truncate(out->text, 0);
}

void csv_out_flush(struct csv_out *out)
{
	write_out(out);
	g_string_free(out->text, TRUE);
	*out = (struct csv_out){0};
}

static void begin_cell(struct csv_out *out)
{
	if (out->in_row)
		g_string_append_c(out->text, ',');
	out->in_row = true;
}

// An optional sign, digits, and perhaps a point with digits after it: a spreadsheet takes it for a number and runs
// nothing.
static bool is_plain_number(const char *text)
{
	text += *text == '+' || *text == '-';
	size_t digits = strspn(text, "0123456789");
	text += digits;
	if (digits && *text == '.') {
		digits = strspn(++text, "0123456789");
		text += digits;
	}
	return digits && !*text;
}

// What spreadsheets take for the beginning of a formula; those for Japanese also take the wide forms of the signs.
static bool looks_like_formula(const char *text)
{
	static const char *const WIDE[] = {"\uff1d", "\uff0b", "\uff0d", "\uff20"};
	for (size_t i = 0; i < G_N_ELEMENTS(WIDE) && *text == *WIDE[0]; i++) // the first byte of all four
		if (g_str_has_prefix(text, WIDE[i]))
			return true;
	return *text && strchr("=+-@\t\r\n", *text) && !is_plain_number(text);
}

static bool needs_quotes(const char *text)
{
	size_t length = strlen(text);
	return strpbrk(text, ",\"\r\n") || (length && (text[0] == ' ' || text[length - 1] == ' '));
}

static void append_quoted(GString *out, const char *text)
{
	size_t length = strlen(text), start = out->len, room = csv_write(NULL, 0, text, length);
	g_string_set_size(out, start + room);
	csv_write(out->str + start, room, text, length);
}

void csv_out_text(struct csv_out *out, const char *text)
{
	begin_cell(out);
	if (!text && !out->quote_all)
		return;
	text = text ? text : "";
	g_autofree char *harmless = looks_like_formula(text) ? g_strconcat("'", text, NULL) : NULL;
	const char *cell = harmless ? harmless : text;
	if (out->quote_all || needs_quotes(cell))
		append_quoted(out->text, cell);
	else
		g_string_append(out->text, cell);
}

// A cell that is none but digits and signs.
static void append_plain(struct csv_out *out, const char *cell)
{
	begin_cell(out);
	g_string_append_printf(out->text, out->quote_all ? "\"%s\"" : "%s", cell);
}

void csv_out_points(struct csv_out *out, struct rational points)
{
	char text[RATIONAL_TEXT_SIZE];
	append_plain(out, rational_format(points, text));
}

void csv_out_dash(struct csv_out *out)
{
	append_plain(out, "-");
}

void csv_out_unsigned(struct csv_out *out, unsigned number)
{
	begin_cell(out);
	g_string_append_printf(out->text, "%u", number);
}

void csv_out_end_row(struct csv_out *out)
{
	g_string_append_c(out->text, '\n');
	out->in_row = false;
	if (out->file && out->text->len >= BLOCK_BYTES)
		write_out(out);
}

void csv_out_row(struct csv_out *out, const char *const *cells)
{
	for (; *cells; cells++)
		csv_out_text(out, *cells);
	csv_out_end_row(out);
}

bool csv_out_save(const char *path, const char *text, GError **error)
{
	return g_file_set_contents_full(path, text, (gssize)strlen(text),
		G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}
