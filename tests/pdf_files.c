// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/pdf_files.h"

#include <stdio.h>
#include <string.h>

static void put(struct pdf_file *file, const char *text)
{
	g_byte_array_append(file->bytes, (const guint8 *)text, (guint)strlen(text));
}

static void begin(struct pdf_file *file, unsigned number)
{
	char head[32];
	g_array_index(file->offsets, size_t, number) = file->bytes->len;
	snprintf(head, sizeof head, "%u 0 obj\n", number);
	put(file, head);
}

struct pdf_file *pdf_file_new(void)
{
	struct pdf_file *file = g_new0(struct pdf_file, 1);
	file->bytes = g_byte_array_new();
	file->offsets = g_array_new(FALSE, TRUE, sizeof(size_t));
	file->kids = g_string_new(NULL);
	g_array_set_size(file->offsets, 3);
	put(file, "%PDF-1.5\n");
	begin(file, 1);
	put(file, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
	return file;
}

unsigned pdf_file_object(struct pdf_file *file, const char *body)
{
	unsigned number = file->offsets->len;
	g_array_set_size(file->offsets, number + 1);
	begin(file, number);
	put(file, body);
	put(file, "\nendobj\n");
	return number;
}

unsigned pdf_file_stream(struct pdf_file *file, const char *entries, const void *bytes, size_t size)
{
	unsigned number = file->offsets->len;
	g_array_set_size(file->offsets, number + 1);
	begin(file, number);
	g_autofree char *head = g_strdup_printf("<< %s /Length %zu >>\nstream\n", entries, size);
	put(file, head);
	g_byte_array_append(file->bytes, bytes, (guint)size);
	put(file, "\nendstream\nendobj\n");
	return number;
}

void pdf_file_page(struct pdf_file *file, double width, double height, const char *entries)
{
	g_autofree char *body =
		g_strdup_printf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] %s >>", width, height, entries);
	g_string_append_printf(file->kids, "%u 0 R ", pdf_file_object(file, body));
	file->n_pages++;
}

void pdf_file_image_page(struct pdf_file *file, unsigned image, const char *content, const char *entries)
{
	unsigned stream = pdf_file_stream(file, "", content, strlen(content));
	g_autofree char *all = g_strdup_printf(
		"/Contents %u 0 R /Resources << /XObject << /Im0 %u 0 R >> >> %s", stream, image, entries);
	pdf_file_page(file, 612, 792, all);
}

GByteArray *pdf_file_finish(struct pdf_file *file)
{
	begin(file, 2);
	g_autofree char *tree =
		g_strdup_printf("<< /Type /Pages /Kids [%s] /Count %u >>\nendobj\n", file->kids->str, file->n_pages);
	put(file, tree);
	size_t table = file->bytes->len;
	g_autoptr(GString) tail = g_string_new(NULL);
	g_string_append_printf(tail, "xref\n0 %u\n0000000000 65535 f \n", file->offsets->len);
	for (guint i = 1; i < file->offsets->len; i++)
		g_string_append_printf(tail, "%010zu 00000 n \n", g_array_index(file->offsets, size_t, i));
	g_string_append_printf(
		tail, "trailer\n<< /Root 1 0 R /Size %u >>\nstartxref\n%zu\n%%%%EOF\n", file->offsets->len, table);
	put(file, tail->str);
	GByteArray *bytes = file->bytes;
	g_array_unref(file->offsets);
	g_string_free(file->kids, TRUE);
	g_free(file);
	return bytes;
}
