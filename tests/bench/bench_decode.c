// SPDX-License-Identifier: GPL-3.0-or-later
// What sheaf is held against: reads the files named, decodes each at full resolution as its library does it best, and
// does nothing else. JPEG to grey by libjpeg-turbo, PNG by libpng (8 bits, or bits as they are), TIFF strips by
// libtiff. One page buffer serves all files.
//   bench_decode FILE...
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>

static uint8_t *page;
static size_t page_size;

static uint8_t *room_for(size_t size)
{
	if (size > page_size) {
		g_free(page);
		page = g_malloc(size);
		page_size = size;
	}
	return page;
}

static void decode_jpeg(const char *bytes, size_t size)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, (const unsigned char *)bytes, size);
	jpeg_read_header(&jpeg, TRUE);
	jpeg.out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(&jpeg);
	uint8_t *pixels = room_for((size_t)jpeg.output_width * jpeg.output_height);
	while (jpeg.output_scanline < jpeg.output_height) {
		JSAMPROW row = pixels + (size_t)jpeg.output_scanline * jpeg.output_width;
		jpeg_read_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_decompress(&jpeg);
	jpeg_destroy_decompress(&jpeg);
}

struct bytes {
	const char *bytes;
	size_t at;
};

static void read_bytes(png_structp png, png_bytep out, size_t n)
{
	struct bytes *in = png_get_io_ptr(png);
	memcpy(out, in->bytes + in->at, n);
	in->at += n;
}

static void decode_png(const char *bytes)
{
	struct bytes in = {bytes, 0};
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	png_set_read_fn(png, &in, read_bytes);
	png_read_info(png, info);
	size_t row = png_get_rowbytes(png, info);
	png_uint_32 height = png_get_image_height(png, info);
	uint8_t *pixels = room_for(row * height);
	for (png_uint_32 y = 0; y < height; y++)
		png_read_row(png, pixels + y * row, NULL);
	png_read_end(png, NULL);
	png_destroy_read_struct(&png, &info, NULL);
}

static void decode_tiff(const char *path)
{
	TIFF *tiff = TIFFOpen(path, "r");
	if (!tiff)
		exit(1);
	do {
		size_t strip = (size_t)TIFFStripSize(tiff);
		for (uint32_t i = 0; i < TIFFNumberOfStrips(tiff); i++)
			TIFFReadEncodedStrip(tiff, i, room_for(strip), -1);
	} while (TIFFReadDirectory(tiff));
	TIFFClose(tiff);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *bytes;
		gsize size;
		if (g_str_has_suffix(argv[i], ".tif")) {
			decode_tiff(argv[i]);
			continue;
		}
		if (!g_file_get_contents(argv[i], &bytes, &size, NULL))
			return 1;
		if (g_str_has_suffix(argv[i], ".png"))
			decode_png(bytes);
		else
			decode_jpeg(bytes, size);
		g_free(bytes);
	}
	g_free(page);
	return 0;
}
