// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bombs.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include <jpeglib.h> // after stdio.h

#include "tests/harness.h"
#include "tests/pdf_files.h"
#include "tests/pictures.h"

#define MEGABYTE (1024 * 1024)

// So many equal bytes, packed as zlib does.
static GByteArray *packed(size_t size, uint8_t value)
{
	static uint8_t block[MEGABYTE];
	memset(block, value, sizeof block);
	GByteArray *out = g_byte_array_new();
	uint8_t room[65536];
	z_stream stream = {0};
	assert_int_equal(deflateInit(&stream, 9), Z_OK);
	do {
		size_t part = MIN(size, sizeof block);
		size -= part;
		stream.next_in = block;
		stream.avail_in = (uInt)part;
		do {
			stream.next_out = room;
			stream.avail_out = sizeof room;
			deflate(&stream, size ? Z_NO_FLUSH : Z_FINISH);
			g_byte_array_append(out, room, (guint)(sizeof room - stream.avail_out));
		} while (stream.avail_out == 0);
	} while (size > 0);
	deflateEnd(&stream);
	return out;
}

static void append_text(GByteArray *out, const char *text)
{
	g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
}

// --- PNG

GByteArray *bomb_png(unsigned width_px, unsigned height_px)
{
	static const uint8_t white = 0xff;
	const struct pictures_png one = {.width_px = 1, .height_px = 1, .depth = 1, .rows = &white};
	GByteArray *png = pictures_png(&one);
	size_t head = pictures_find_chunk(png, "IHDR");
	const uint32_t sides[] = {GUINT32_TO_BE(width_px), GUINT32_TO_BE(height_px)};
	memcpy(png->data + head + 8, sides, sizeof sides);
	pictures_seal_chunk(png, head);
	size_t body = pictures_find_chunk(png, "IDAT");
	g_byte_array_set_size(png, (guint)body);
	g_autoptr(GByteArray) rows = packed(((size_t)width_px / 8 + 1) * height_px, 0);
	pictures_insert_chunk(png, body, "IDAT", rows->data, rows->len);
	pictures_insert_chunk(png, png->len, "IEND", "", 0);
	return png;
}

GByteArray *bomb_png_text(unsigned megabytes)
{
	static const uint8_t white[100];
	GByteArray *png = pictures_grey_png(10, 10, white);
	g_autoptr(GByteArray) text = packed((size_t)megabytes * MEGABYTE, 'x');
	g_byte_array_prepend(text, (const guint8 *)"Comment\0\0", 9);
	pictures_insert_chunk(png, pictures_find_chunk(png, "IDAT"), "zTXt", text->data, text->len);
	return png;
}

// --- JPEG

GByteArray *bomb_jpeg_scans(unsigned side_px, unsigned scans)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	unsigned char *bytes = NULL;
	unsigned long size = 0;
	jpeg_mem_dest(&jpeg, &bytes, &size);
	jpeg.image_width = jpeg.image_height = side_px;
	jpeg.input_components = 1;
	jpeg.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&jpeg);
	jpeg_simple_progression(&jpeg);
	jpeg_start_compress(&jpeg, TRUE);
	g_autofree uint8_t *row = g_malloc0(side_px);
	JSAMPROW rows[] = {row};
	for (unsigned y = 0; y < side_px; y++)
		jpeg_write_scanlines(&jpeg, rows, 1);
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	GByteArray *out = g_byte_array_new();
	// The last scan, all but the end of the image, again and again: it adds nothing, and takes a pass each time.
	size_t last = size - 2;
	while (last > 0 && !(bytes[last] == 0xff && bytes[last + 1] == 0xda))
		last--;
	g_byte_array_append(out, bytes, (guint)size - 2);
	for (unsigned i = 0; i < scans; i++)
		g_byte_array_append(out, bytes + last, (guint)(size - 2 - last));
	g_byte_array_append(out, bytes + size - 2, 2);
	free(bytes);
	return out;
}

// --- TIFF, little endian

static void append_le(GByteArray *out, uint32_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++, value >>= 8) {
		uint8_t byte = (uint8_t)value;
		g_byte_array_append(out, &byte, 1);
	}
}

static void append_tag(GByteArray *out, unsigned tag, unsigned type, uint32_t value)
{
	append_le(out, tag, 2);
	append_le(out, type, 2);
	append_le(out, 1, 4);
	append_le(out, value, 4);
}

#define TIFF_TAGS 9
#define TIFF_DIRECTORY_BYTES (2 + TIFF_TAGS * 12 + 4)

static void append_directory(
	GByteArray *out, uint32_t side, uint32_t compression, uint32_t strip, uint32_t strip_bytes, uint32_t next)
{
	append_le(out, TIFF_TAGS, 2);
	append_tag(out, 256, 4, side);
	append_tag(out, 257, 4, side);
	append_tag(out, 258, 3, 8);
	append_tag(out, 259, 3, compression);
	append_tag(out, 262, 3, 1);
	append_tag(out, 273, 4, strip);
	append_tag(out, 277, 3, 1);
	append_tag(out, 278, 4, side);
	append_tag(out, 279, 4, strip_bytes);
	append_le(out, next, 4);
}

static GByteArray *tiff_start(uint32_t directory)
{
	GByteArray *out = g_byte_array_new();
	append_text(out, "II*");
	append_le(out, 0, 1);
	append_le(out, directory, 4);
	return out;
}

static GByteArray *tiff_of(unsigned n, uint32_t last_next)
{
	static const uint8_t pixels[16];
	GByteArray *out = tiff_start(8 + sizeof pixels);
	g_byte_array_append(out, pixels, sizeof pixels);
	for (unsigned i = 0; i < n; i++)
		append_directory(out, 4, 1, 8, sizeof pixels, i + 1 < n ? out->len + TIFF_DIRECTORY_BYTES : last_next);
	return out;
}

GByteArray *bomb_tiff_circle(unsigned n)
{
	return tiff_of(n, 8 + 16);
}

GByteArray *bomb_tiff_pages(unsigned n)
{
	return tiff_of(n, 0);
}

GByteArray *bomb_tiff_deflate(unsigned megabytes)
{
	g_autoptr(GByteArray) strip = packed((size_t)megabytes * MEGABYTE, 0);
	GByteArray *out = tiff_start(8 + strip->len);
	g_byte_array_append(out, strip->data, strip->len);
	append_directory(out, 4, 8, 8, strip->len, 0);
	return out;
}

// --- PDF

static GByteArray *pdf_with_page(struct pdf_file *file, const char *entries)
{
	pdf_file_page(file, 612, 792, entries);
	return pdf_file_finish(file);
}

GByteArray *bomb_pdf_arrays(unsigned depth)
{
	struct pdf_file *file = pdf_file_new();
	g_autofree char *open = g_strnfill(depth, '['), *shut = g_strnfill(depth, ']');
	g_autofree char *body = g_strconcat(open, shut, NULL);
	unsigned nest = pdf_file_object(file, body);
	g_autofree char *entries = g_strdup_printf("/Contents %u 0 R", nest);
	return pdf_with_page(file, entries);
}

// A PDF of these objects, in a list that ends with NULL. Object 1 is the catalog.
static GByteArray *pdf_of(const GPtrArray *objects)
{
	GByteArray *out = g_byte_array_new();
	g_autoptr(GString) table = g_string_new("0000000000 65535 f \n");
	append_text(out, "%PDF-1.4\n");
	for (guint i = 0; i < objects->len; i++) {
		g_string_append_printf(table, "%010u 00000 n \n", out->len);
		g_autofree char *object =
			g_strdup_printf("%u 0 obj\n%s\nendobj\n", i + 1, (const char *)g_ptr_array_index(objects, i));
		append_text(out, object);
	}
	g_autofree char *tail =
		g_strdup_printf("xref\n0 %u\n%strailer<</Size %u/Root 1 0 R>>\nstartxref\n%u\n%%%%EOF\n",
			objects->len + 1, table->str, objects->len + 1, out->len);
	append_text(out, tail);
	return out;
}

GByteArray *bomb_pdf_tree(unsigned depth)
{
	g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(objects, g_strdup("<</Type/Catalog/Pages 2 0 R>>"));
	for (unsigned i = 0; i < depth; i++)
		g_ptr_array_add(objects, g_strdup_printf("<</Type/Pages/Count 1/Kids[%u 0 R]>>", i + 3));
	g_ptr_array_add(objects, g_strdup_printf("<</Type/Page/Parent %u 0 R/MediaBox[0 0 612 792]>>", depth + 1));
	return pdf_of(objects);
}

GByteArray *bomb_pdf_circle(void)
{
	g_autoptr(GPtrArray) objects = g_ptr_array_new();
	g_ptr_array_add(objects, (char *)"<</Type/Catalog/Pages 2 0 R>>");
	g_ptr_array_add(objects, (char *)"<</Type/Pages/Count 1/Kids[2 0 R 3 0 R]>>");
	g_ptr_array_add(objects, (char *)"<</Type/Pages/Parent 2 0 R/Count 1/Kids[2 0 R]>>");
	return pdf_of(objects);
}

GByteArray *bomb_pdf_form(void)
{
	g_autoptr(GPtrArray) objects = g_ptr_array_new();
	g_ptr_array_add(objects, (char *)"<</Type/Catalog/Pages 2 0 R>>");
	g_ptr_array_add(objects, (char *)"<</Type/Pages/Count 1/Kids[3 0 R]>>");
	g_ptr_array_add(objects, (char *)"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
					 "/Resources<</XObject<</F 5 0 R>>>>>>");
	g_ptr_array_add(objects, (char *)"<</Length 5>>stream\n/F Do\nendstream");
	g_ptr_array_add(objects,
		(char *)"<</Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F 5 0 R>>"
			">>/Length 11>>stream\n/F Do /F Do\nendstream");
	return pdf_of(objects);
}

GByteArray *bomb_pdf_content(unsigned megabytes)
{
	struct pdf_file *file = pdf_file_new();
	g_autoptr(GByteArray) text = packed((size_t)megabytes * MEGABYTE, ' ');
	unsigned content = pdf_file_stream(file, "/Filter/FlateDecode", text->data, text->len);
	g_autofree char *entries = g_strdup_printf("/Contents %u 0 R", content);
	return pdf_with_page(file, entries);
}

GByteArray *bomb_pdf_repeated(unsigned times)
{
	struct pdf_file *file = pdf_file_new();
	g_autoptr(GByteArray) pixels = packed(2000 * 2000, 0x55);
	unsigned image = pdf_file_stream(file,
		"/Type/XObject/Subtype/Image/Width 2000/Height 2000/BitsPerComponent 8/ColorSpace/DeviceGray"
		"/Filter/FlateDecode",
		pixels->data, pixels->len);
	g_autoptr(GString) content = g_string_new(NULL);
	for (unsigned i = 0; i < times; i++)
		g_string_append(content, "q 612 0 0 792 0 0 cm /Im0 Do Q\n");
	pdf_file_image_page(file, image, content->str, "");
	return pdf_file_finish(file);
}

GByteArray *bomb_pdf_image(unsigned side_px)
{
	struct pdf_file *file = pdf_file_new();
	g_autoptr(GByteArray) pixels = packed((size_t)side_px * side_px, 0);
	g_autofree char *entries = g_strdup_printf(
		"/Type/XObject/Subtype/Image/Width %u/Height %u/BitsPerComponent 8/ColorSpace/DeviceGray"
		"/Filter/FlateDecode",
		side_px, side_px);
	unsigned image = pdf_file_stream(file, entries, pixels->data, pixels->len);
	pdf_file_image_page(file, image, "q 612 0 0 792 0 0 cm /Im0 Do Q", "");
	return pdf_file_finish(file);
}
