// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/pictures.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h> // after stdio.h

#include "tests/harness.h"

#define SIGNATURE_BYTES 8
#define CHUNK_FRAME_BYTES 12 // length, type and checksum

static void append(png_structp png, png_bytep bytes, size_t size)
{
	g_byte_array_append(png_get_io_ptr(png), bytes, (guint)size);
}

static void flush(png_structp png)
{
	(void)png;
}

_Noreturn static void on_error(png_structp png, png_const_charp message)
{
	(void)png;
	g_error("a picture for a test cannot be made: %s", message);
}

static unsigned channels_of(int colour_type)
{
	switch (colour_type) {
	case PNG_COLOR_TYPE_RGB:
		return 3;
	case PNG_COLOR_TYPE_RGB_ALPHA:
		return 4;
	case PNG_COLOR_TYPE_GRAY_ALPHA:
		return 2;
	default:
		return 1;
	}
}

size_t pictures_row_bytes(const struct pictures_png *picture)
{
	return ((size_t)picture->width_px * channels_of(picture->colour_type) * (size_t)picture->depth + 7) / 8;
}

static void describe(png_structp png, png_infop info, const struct pictures_png *picture)
{
	png_set_IHDR(png, info, (png_uint_32)picture->width_px, (png_uint_32)picture->height_px, picture->depth,
		picture->colour_type, picture->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
		PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_color palette[PNG_MAX_PALETTE_LENGTH];
	for (int i = 0; i < picture->n_palette; i++)
		palette[i] = (png_color){picture->palette[i][0], picture->palette[i][1], picture->palette[i][2]};
	if (picture->n_palette)
		png_set_PLTE(png, info, palette, picture->n_palette);
	if (picture->n_palette_alpha)
		png_set_tRNS(png, info, picture->palette_alpha, picture->n_palette_alpha, NULL);
	if (picture->transparent) {
		const uint16_t *t = picture->transparent;
		bool colour = picture->colour_type == PNG_COLOR_TYPE_RGB;
		png_color_16 at = {.gray = t[0]};
		if (colour)
			at = (png_color_16){.red = t[0], .green = t[1], .blue = t[2]};
		png_set_tRNS(png, info, NULL, 0, &at);
	}
}

GByteArray *pictures_png(const struct pictures_png *picture)
{
	GByteArray *bytes = g_byte_array_new();
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, NULL);
	png_infop info = png_create_info_struct(png);
	png_set_write_fn(png, bytes, append, flush);
	describe(png, info, picture);
	png_write_info(png, info);
	g_autofree png_bytep *rows = g_new(png_bytep, (gsize)picture->height_px);
	for (int y = 0; y < picture->height_px; y++)
		rows[y] = (png_bytep)picture->rows + (size_t)y * pictures_row_bytes(picture);
	png_write_image(png, rows);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	return bytes;
}

GByteArray *pictures_grey_png(int width_px, int height_px, const uint8_t *pixels)
{
	return pictures_png(&(struct pictures_png){.width_px = width_px,
		.height_px = height_px,
		.depth = 8,
		.colour_type = PNG_COLOR_TYPE_GRAY,
		.rows = pixels});
}

GByteArray *pictures_grey_jpeg(int width_px, int height_px, const uint8_t *pixels, int quality)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	unsigned char *out = NULL;
	unsigned long size = 0;
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &out, &size);
	jpeg.image_width = (JDIMENSION)width_px;
	jpeg.image_height = (JDIMENSION)height_px;
	jpeg.input_components = 1;
	jpeg.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, quality, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	while (jpeg.next_scanline < jpeg.image_height) {
		JSAMPROW row = (JSAMPROW)pixels + (size_t)jpeg.next_scanline * jpeg.image_width;
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	GByteArray *bytes = g_byte_array_new();
	g_byte_array_append(bytes, out, (guint)size);
	free(out);
	return bytes;
}

static void put_32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get_32(const uint8_t *in)
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

// The CRC-32 of the PNG specification (W3C, second edition, annex D), bit by bit.
static uint32_t checksum(const uint8_t *bytes, size_t size)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

void pictures_seal_chunk(GByteArray *png, size_t at)
{
	uint32_t size = get_32(png->data + at);
	put_32(png->data + at + 8 + size, checksum(png->data + at + 4, size + 4));
}

void pictures_insert_chunk(GByteArray *png, size_t at, const char *type, const void *body, size_t size)
{
	guint before = png->len, total = (guint)(size + CHUNK_FRAME_BYTES);
	g_byte_array_set_size(png, before + total);
	memmove(png->data + at + total, png->data + at, before - at);
	put_32(png->data + at, (uint32_t)size);
	memcpy(png->data + at + 4, type, 4);
	if (size)
		memcpy(png->data + at + 8, body, size);
	pictures_seal_chunk(png, at);
}

size_t pictures_find_chunk(const GByteArray *png, const char *type)
{
	size_t at = SIGNATURE_BYTES;
	while (at + CHUNK_FRAME_BYTES <= png->len && memcmp(png->data + at + 4, type, 4) != 0)
		at += get_32(png->data + at) + CHUNK_FRAME_BYTES;
	assert_true(at + CHUNK_FRAME_BYTES <= png->len);
	return at;
}
