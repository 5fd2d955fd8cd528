// SPDX-License-Identifier: GPL-3.0-or-later
// A page decoded at a fraction of its size has the pixels that reducing it afterwards would give: exactly, where the
// format keeps pixels; nearly, where a JPEG's transform does it. And all its pixels can still be had.
#include "tests/harness.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "detect/grey.h"
#include "scan/decode.h"
#include "scan/row_sink.h"
#include "tests/pictures.h"
#include "tests/tiff_files.h"

// Shapes and lines, so that neighbouring pixels differ; no harder than a scanner's lens makes them.
static uint8_t *draw(int width, int height, bool bilevel)
{
	uint8_t *pixels = g_malloc((gsize)width * (gsize)height);
	uint32_t noise = 7;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			noise = noise * 1664525u + 1013904223u;
			int grey = 128 + abs(x % 64 - 32) * 3 - abs(y % 48 - 24) * 3 + (int)(noise >> 28);
			bool black = noise >> 31;
			pixels[(ptrdiff_t)y * width + x] = (uint8_t)(bilevel ? (black ? 0 : 255) : CLAMP(grey, 0, 255));
		}
	return pixels;
}

static uint8_t *pack(const uint8_t *pixels, int width, int height)
{
	const size_t row = ((size_t)width + 7) / 8;
	uint8_t *bits = g_malloc0(row * (size_t)height);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			if (pixels[(ptrdiff_t)y * width + x])
				bits[(size_t)y * row + (size_t)x / 8] |= (uint8_t)(0x80 >> x % 8);
	return bits;
}

static struct page_image *decode(const GByteArray *file, int enough_px, bool full)
{
	struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	limits.enough_px = enough_px;
	struct scan_document *document = scan_document_new(file->data, file->len, &limits, NULL);
	assert_non_null(document);
	struct page_image *image =
		full ? scan_document_decode_full(document, 0, NULL) : scan_document_decode(document, 0, NULL);
	assert_non_null(image);
	scan_document_free(document);
	return image;
}

// Decoded with so many pixels sufficing, the file shows the drawing reduced by a factor, to within a tolerance.
static void assert_reduced(const char *what, const GByteArray *file, const uint8_t *pixels, int width, int height,
	int enough_px, int factor, int tolerance)
{
	struct page_image *image = decode(file, enough_px, false);
	struct grey_image expected;
	const struct grey_view view = {pixels, width, height, width};
	assert_true(grey_reduce(&view, factor, &expected));
	assert_int_equal(image->reduction, factor);
	assert_int_equal(image->full_width_px, width);
	assert_int_equal(image->full_height_px, height);
	assert_int_equal(image->width_px, width / factor);
	assert_int_equal(image->height_px, height / factor);
	for (int y = 0; y < image->height_px; y++)
		for (int x = 0; x < image->width_px; x++) {
			int is = image->pixels[(ptrdiff_t)y * image->width_px + x];
			int should = expected.pixels[(ptrdiff_t)y * expected.view.stride_px + x];
			if (abs(is - should) > tolerance)
				fail_msg("%s, %d by %d, to 1/%d: %d at (%d, %d) and not %d", what, width, height,
					factor, is, x, y, should);
		}
	grey_image_clear(&expected);
	page_image_free(image);
	struct page_image *full = decode(file, enough_px, true);
	assert_int_equal(full->reduction, 1);
	assert_int_equal(full->width_px, width);
	assert_int_equal(full->height_px, height);
	page_image_free(full);
}

static const struct {
	int width, height, factor;
} SIZES[] = {{200, 260, 1}, {200, 260, 2}, {201, 263, 2}, {207, 260, 3}, {400, 520, 4}, {405, 527, 4}, {402, 526, 5},
	{630, 802, 6}};

// So that the factor is what the table says.
static int enough(size_t i)
{
	return MAX(SIZES[i].width, SIZES[i].height) / SIZES[i].factor;
}

static void test_greys(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(SIZES); i++) {
		const int width = SIZES[i].width, height = SIZES[i].height;
		g_autofree uint8_t *pixels = draw(width, height, false);
		g_autoptr(GByteArray) png = pictures_grey_png(width, height, pixels);
		assert_reduced("PNG", png, pixels, width, height, enough(i), SIZES[i].factor, 0);
		g_autoptr(GByteArray) jpeg = pictures_grey_jpeg(width, height, pixels, 95);
		assert_reduced("JPEG", jpeg, pixels, width, height, enough(i), SIZES[i].factor, 12);
		const struct tiff_recipe kinds[] = {
			{.width = (uint32_t)width,
				.height = (uint32_t)height,
				.bits = 8,
				.photometric = 1,
				.rows = pixels,
				.compression = COMPRESSION_LZW,
				.rows_per_strip = 7},
			{.width = (uint32_t)width,
				.height = (uint32_t)height,
				.bits = 8,
				.photometric = 1,
				.rows = pixels,
				.compression = COMPRESSION_ADOBE_DEFLATE,
				.tile = 64},
		};
		for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
			g_autoptr(GByteArray) tiff = tiff_file(&kinds[k], 1, "w");
			assert_reduced("TIFF", tiff, pixels, width, height, enough(i), SIZES[i].factor, 0);
		}
	}
}

static void test_bits(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(SIZES); i++) {
		const int width = SIZES[i].width, height = SIZES[i].height;
		g_autofree uint8_t *pixels = draw(width, height, true);
		g_autofree uint8_t *bits = pack(pixels, width, height);
		const struct pictures_png picture = {.width_px = width, .height_px = height, .depth = 1, .rows = bits};
		g_autoptr(GByteArray) png = pictures_png(&picture);
		assert_reduced("PNG of bits", png, pixels, width, height, enough(i), SIZES[i].factor, 0);
		for (size_t k = 0; k < (size_t)((width + 7) / 8) * (size_t)height; k++)
			bits[k] = (uint8_t)~bits[k];
		const struct tiff_recipe fax = {.width = (uint32_t)width,
			.height = (uint32_t)height,
			.bits = 1,
			.compression = COMPRESSION_CCITTFAX4,
			.rows = bits,
			.rows_per_strip = 33};
		g_autoptr(GByteArray) tiff = tiff_file(&fax, 1, "w");
		assert_reduced("fax", tiff, pixels, width, height, enough(i), SIZES[i].factor, 0);
	}
}

// Hardly wider than the few pixels that are made at once: none is written beside the image, which sanitizers see.
static void test_narrow_bits(void **state)
{
	(void)state;
	for (int width = 2; width < 20; width++)
		for (int height = 40; height < 44; height++) {
			const struct scan_limits limits = {
				.max_pixels = 1000, .max_side_px = 1000, .enough_px = height / 2};
			g_autofree uint8_t *pixels = draw(width, height, true), *bits = pack(pixels, width, height);
			struct row_sink sink;
			assert_true(row_sink_init(&sink, width, height, 1, &limits, NULL));
			for (int y = 0; y < height; y++)
				row_sink_put_bits(&sink, bits + (size_t)y * (((size_t)width + 7) / 8), false);
			struct page_image *image = row_sink_take(&sink);
			row_sink_clear(&sink);
			assert_int_equal(image->reduction, 2);
			for (int y = 0; y < height / 2; y++)
				for (int x = 0; x < width / 2; x++) {
					const uint8_t *at = pixels + (ptrdiff_t)(2 * y) * width + 2 * (ptrdiff_t)x;
					int sum = at[0] + at[1] + at[width] + at[width + 1];
					assert_int_equal(image->pixels[y * (width / 2) + x], (sum + 2) / 4);
				}
			page_image_free(image);
		}
}

// What suffices is a floor: a page is never reduced below it, and one that has no more stays as it is.
static void test_reduction(void **state)
{
	(void)state;
	static const struct {
		int64_t width, height;
		int enough_px, reduction;
	} CASES[] = {{2550, 3300, 1621, 2}, {3300, 2550, 1621, 2}, {1700, 2200, 1621, 1}, {1275, 1650, 1621, 1},
		{5100, 6600, 1621, 4}, {3825, 4950, 1621, 3}, {600, 800, 1621, 1}, {2550, 3300, 0, 1},
		{1, 20000, 1621, 1}, {20000, 20000, 10, SCAN_MOST_REDUCTION}};
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		const struct scan_limits limits = {.enough_px = CASES[i].enough_px};
		assert_int_equal(row_sink_reduction(CASES[i].width, CASES[i].height, &limits), CASES[i].reduction);
	}
}

// Limits are on the page as scanned, however little of it is wanted.
static void test_limits_hold(void **state)
{
	(void)state;
	const struct scan_limits limits = {.max_pixels = 1000, .max_side_px = 1000, .enough_px = 10};
	struct row_sink sink;
	GError *error = NULL;
	assert_false(row_sink_init(&sink, 100, 11, 1, &limits, &error));
	assert_true(g_error_matches(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE));
	g_clear_error(&error);
	row_sink_clear(&sink);
	assert_true(row_sink_init(&sink, 100, 10, 1, &limits, &error));
	row_sink_clear(&sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_greys),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_narrow_bits),
		cmocka_unit_test(test_reduction),
		cmocka_unit_test(test_limits_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
