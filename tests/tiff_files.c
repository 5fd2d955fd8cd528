// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tiff_files.h"

#include <string.h>
#include <tiffio.h>

#include "tests/harness.h"

struct sink {
	GByteArray *bytes;
	size_t at;
};

static tmsize_t on_write(thandle_t handle, void *bytes, tmsize_t n)
{
	struct sink *sink = handle;
	size_t end = sink->at + (size_t)n;
	guint before = sink->bytes->len;
	if (end > before) {
		g_byte_array_set_size(sink->bytes, (guint)end);
		memset(sink->bytes->data + before, 0, end - before);
	}
	memcpy(sink->bytes->data + sink->at, bytes, (size_t)n);
	sink->at = end;
	return n;
}

static tmsize_t on_read(thandle_t handle, void *bytes, tmsize_t n)
{
	struct sink *sink = handle;
	size_t got = sink->at < sink->bytes->len ? MIN((size_t)n, sink->bytes->len - sink->at) : 0;
	memcpy(bytes, sink->bytes->data + sink->at, got);
	sink->at += got;
	return (tmsize_t)got;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence)
{
	struct sink *sink = handle;
	size_t from = whence == SEEK_CUR ? sink->at : whence == SEEK_END ? sink->bytes->len : 0;
	return sink->at = from + offset;
}

static int on_close(thandle_t handle)
{
	(void)handle;
	return 0;
}

static toff_t on_size(thandle_t handle)
{
	return ((struct sink *)handle)->bytes->len;
}

static void describe(TIFF *tiff, const struct tiff_recipe *page)
{
	const uint16_t bits = page->bits ? page->bits : 8, samples = page->samples ? page->samples : 1;
	TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, page->width);
	TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, page->height);
	TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, bits);
	TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
	TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, page->photometric);
	TIFFSetField(tiff, TIFFTAG_COMPRESSION, page->compression ? page->compression : COMPRESSION_NONE);
	TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, page->planar ? page->planar : PLANARCONFIG_CONTIG);
	TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, page->subfile);
	if (page->orientation)
		TIFFSetField(tiff, TIFFTAG_ORIENTATION, page->orientation);
	if (page->compression == COMPRESSION_CCITTFAX3)
		TIFFSetField(tiff, TIFFTAG_GROUP3OPTIONS, page->fax_options);
	if (page->compression == COMPRESSION_JPEG) {
		TIFFSetField(tiff, TIFFTAG_JPEGQUALITY, 95);
		if (page->photometric == PHOTOMETRIC_YCBCR)
			TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
	}
	if (page->palette) {
		const size_t n = (size_t)1 << bits;
		TIFFSetField(tiff, TIFFTAG_COLORMAP, page->palette, page->palette + n, page->palette + 2 * n);
	}
	if (page->has_extra)
		TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &page->extra);
	if (page->tile) {
		TIFFSetField(tiff, TIFFTAG_TILEWIDTH, page->tile);
		TIFFSetField(tiff, TIFFTAG_TILELENGTH, page->tile);
	} else {
		TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, page->rows_per_strip ? page->rows_per_strip : page->height);
	}
}

// Tiles are for whole bytes: the recipe's pixels have so many.
static void write_tiles(TIFF *tiff, const struct tiff_recipe *page)
{
	const size_t pixel = (size_t)(page->bits ? page->bits : 8) / 8 * (page->samples ? page->samples : 1);
	g_autofree uint8_t *tile = g_malloc0((gsize)TIFFTileSize(tiff));
	for (uint32_t y = 0; y < page->height; y += page->tile)
		for (uint32_t x = 0; x < page->width; x += page->tile) {
			size_t n = MIN(page->tile, page->width - x) * pixel;
			for (uint32_t i = 0; i < page->tile && y + i < page->height; i++)
				memcpy(tile + i * page->tile * pixel,
					page->rows + ((size_t)(y + i) * page->width + x) * pixel, n);
			assert_true(TIFFWriteTile(tiff, tile, x, y, 0, 0) >= 0);
		}
}

static void write_rows(TIFF *tiff, const struct tiff_recipe *page)
{
	const size_t row = (size_t)TIFFScanlineSize(tiff);
	const uint16_t planes = page->planar == PLANARCONFIG_SEPARATE ? page->samples : 1;
	g_autofree uint8_t *copy = g_malloc(row); // libtiff may swap bytes in place
	for (uint16_t plane = 0; plane < planes; plane++)
		for (uint32_t y = 0; y < page->height; y++) {
			memcpy(copy, page->rows + ((size_t)plane * page->height + y) * row, row);
			assert_int_equal(TIFFWriteScanline(tiff, copy, y, plane), 1);
		}
}

GByteArray *tiff_file(const struct tiff_recipe *pages, size_t n_pages, const char *mode)
{
	struct sink sink = {g_byte_array_new(), 0};
	TIFF *tiff = TIFFClientOpen("test", mode, &sink, on_read, on_write, on_seek, on_close, on_size, NULL, NULL);
	assert_non_null(tiff);
	for (size_t i = 0; i < n_pages; i++) {
		describe(tiff, &pages[i]);
		if (pages[i].tile)
			write_tiles(tiff, &pages[i]);
		else
			write_rows(tiff, &pages[i]);
		assert_int_equal(TIFFWriteDirectory(tiff), 1);
	}
	TIFFClose(tiff);
	return sink.bytes;
}
