// SPDX-License-Identifier: GPL-3.0-or-later
// Makes of one folder of grey JPEG scans the same pages as scanners deliver them otherwise, a folder each: colour JPEG,
// 8-bit PNG, PNG of bits, G4 TIFF, and a PDF file of all the JPEGs.
//   bench_sets FROM TO
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>

#include "scan/decode.h"
#include "tests/pdf_files.h"

#define DPI 300
#define THRESHOLD 150
#define COLOUR_QUALITY 85
#define PNG_EFFORT 3 // what inflating costs hardly depends on it

// Slightly yellow paper and a sensor whose three colours rustle each for itself.
static void colour_row(const uint8_t *grey, int width, uint32_t *noise, uint8_t *out)
{
	static const int TINT[3] = {3, 0, -8};
	for (int x = 0; x < width; x++) {
		*noise = *noise * 1664525u + 1013904223u;
		for (int c = 0; c < 3; c++) {
			int value = grey[x] + TINT[c] + (int)(*noise >> (24 + 2 * c) & 3) - 1;
			*out++ = (uint8_t)CLAMP(value, 0, 255);
		}
	}
}

static void write_colour(const struct page_image *image, const char *path)
{
	FILE *file = fopen(path, "wb");
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	g_autofree uint8_t *row = g_malloc((gsize)image->width_px * 3);
	uint32_t noise = 1;
	if (!file)
		exit(1);
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_stdio_dest(&jpeg, file);
	jpeg.image_width = (JDIMENSION)image->width_px;
	jpeg.image_height = (JDIMENSION)image->height_px;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, COLOUR_QUALITY, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	for (int y = 0; y < image->height_px; y++) {
		colour_row(image->pixels + (ptrdiff_t)y * image->width_px, image->width_px, &noise, row);
		JSAMPROW rows = row;
		jpeg_write_scanlines(&jpeg, &rows, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	fclose(file);
}

// A row of bits, 1 for white, or for black.
static void pack_row(const uint8_t *grey, int width, bool black_is_1, uint8_t *bits)
{
	memset(bits, 0, ((size_t)width + 7) / 8);
	for (int x = 0; x < width; x++)
		if ((grey[x] < THRESHOLD) == black_is_1)
			bits[x / 8] = (uint8_t)(bits[x / 8] | 0x80 >> x % 8);
}

static void write_png(const struct page_image *image, int depth, const char *path)
{
	FILE *file = fopen(path, "wb");
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	g_autofree uint8_t *bits = g_malloc((gsize)image->width_px);
	if (!file)
		exit(1);
	png_init_io(png, file);
	png_set_compression_level(png, PNG_EFFORT);
	png_set_IHDR(png, info, (png_uint_32)image->width_px, (png_uint_32)image->height_px, depth, PNG_COLOR_TYPE_GRAY,
		PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (int y = 0; y < image->height_px; y++) {
		const uint8_t *row = image->pixels + (ptrdiff_t)y * image->width_px;
		if (depth == 1)
			pack_row(row, image->width_px, false, bits);
		png_write_row(png, depth == 1 ? bits : row);
	}
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	fclose(file);
}

static void write_fax(const struct page_image *image, const char *path)
{
	TIFF *tiff = TIFFOpen(path, "w");
	g_autofree uint8_t *bits = g_malloc((gsize)image->width_px);
	if (!tiff)
		exit(1);
	TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, image->width_px);
	TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, image->height_px);
	TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
	TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
	TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, image->height_px);
	TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
	TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
	for (int y = 0; y < image->height_px; y++) {
		pack_row(image->pixels + (ptrdiff_t)y * image->width_px, image->width_px, true, bits);
		TIFFWriteScanline(tiff, bits, (uint32_t)y, 0);
	}
	TIFFClose(tiff);
}

static void add_pdf_page(struct pdf_file *file, const struct page_image *image, const char *bytes, size_t size)
{
	const double width = image->width_px * 72.0 / DPI, height = image->height_px * 72.0 / DPI;
	g_autofree char *entries = g_strdup_printf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace "
						   "/DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
		image->width_px, image->height_px);
	unsigned number = pdf_file_stream(file, entries, bytes, size);
	g_autofree char *content = g_strdup_printf("q %g 0 0 %g 0 0 cm /Im0 Do Q", width, height);
	unsigned drawing = pdf_file_stream(file, "", content, strlen(content));
	g_autofree char *page =
		g_strdup_printf("/Contents %u 0 R /Resources << /XObject << /Im0 %u 0 R >> >>", drawing, number);
	pdf_file_page(file, width, height, page);
}

static char *in_set(const char *to, const char *set, const char *name, const char *ending)
{
	g_autofree char *folder = g_build_filename(to, set, NULL);
	g_autofree char *file = g_strconcat(name, ending, NULL);
	g_mkdir_with_parents(folder, 0700);
	return g_build_filename(folder, file, NULL);
}

static void make_page(const char *from, const char *name, const char *to, struct pdf_file *pdf)
{
	g_autofree char *path = g_build_filename(from, name, NULL), *stem = g_strndup(name, strcspn(name, "."));
	g_autofree char *bytes = NULL;
	gsize size;
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	if (!g_file_get_contents(path, &bytes, &size, NULL))
		exit(1);
	struct scan_document *document = scan_document_new((const uint8_t *)bytes, size, &limits, NULL);
	struct page_image *image = document ? scan_document_decode(document, 0, NULL) : NULL;
	if (!image)
		exit(1);
	g_autofree char *colour = in_set(to, "colour", stem, ".jpg"), *png = in_set(to, "png", stem, ".png");
	g_autofree char *bits = in_set(to, "bits", stem, ".png"), *fax = in_set(to, "g4", stem, ".tif");
	write_colour(image, colour);
	write_png(image, 8, png);
	write_png(image, 1, bits);
	write_fax(image, fax);
	add_pdf_page(pdf, image, bytes, size);
	page_image_free(image);
	scan_document_free(document);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(int argc, char **argv)
{
	GDir *folder = argc == 3 ? g_dir_open(argv[1], 0, NULL) : NULL;
	if (!folder)
		return 2;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (const char *name; (name = g_dir_read_name(folder));)
		g_ptr_array_add(names, g_strdup(name));
	g_dir_close(folder);
	qsort(names->pdata, names->len, sizeof(void *), compare_names);
	struct pdf_file *pdf = pdf_file_new();
	for (guint i = 0; i < names->len; i++)
		make_page(argv[1], g_ptr_array_index(names, i), argv[2], pdf);
	g_autoptr(GByteArray) bytes = pdf_file_finish(pdf);
	g_autofree char *path = in_set(argv[2], "pdf", "stack", ".pdf");
	return g_file_set_contents(path, (const char *)bytes->data, bytes->len, NULL) ? 0 : 1;
}
