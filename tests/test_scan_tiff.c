// SPDX-License-Identifier: GPL-3.0-or-later
// TIFF files of every kind that scanners and fax machines write: the same pixels whatever the packing; and damaged
// ones, of which no page may be taken for sound, and none be lost without a word.
#include "tests/harness.h"

#include <glib.h>
#include <string.h>
#include <tiffio.h>

#include "scan/decode.h"
#include "tests/tiff_files.h"

#define WIDTH 67
#define HEIGHT 53
#define PIXELS (WIDTH * HEIGHT)

static struct scan_document *open_bytes(const uint8_t *bytes, size_t size, GError **error)
{
	const struct scan_limits limits = {.max_pixels = 1000 * 1000, .max_side_px = 2000};
	return scan_document_new(bytes, size, &limits, error);
}

static void make_noise(uint8_t *bytes, size_t n, uint32_t seed)
{
	GRand *random = g_rand_new_with_seed(seed);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)g_rand_int_range(random, 0, 256);
	g_rand_free(random);
}

// Page 0 of the file must have the pixels, each within so much.
static void assert_pixels(const GByteArray *tiff, const uint8_t *expected, int width, int height, int tolerance)
{
	GError *error = NULL;
	struct scan_document *document = open_bytes(tiff->data, tiff->len, &error);
	if (!document) {
		fail_msg("%s", error->message);
		return;
	}
	assert_int_equal(scan_document_pages(document), 1);
	struct page_image *image = scan_document_decode(document, 0, &error);
	if (!image) {
		fail_msg("%s", error->message);
		return;
	}
	assert_int_equal(image->width_px, width);
	assert_int_equal(image->height_px, height);
	for (int i = 0; i < width * height; i++)
		if (ABS(image->pixels[i] - expected[i]) > tolerance)
			fail_msg("pixel %d is %d and not %d", i, image->pixels[i], expected[i]);
	page_image_free(image);
	scan_document_free(document);
}

static void assert_recipe(const struct tiff_recipe *recipe, const uint8_t *expected, int tolerance)
{
	static const char *const MODES[] = {"wl", "wb", "w8l", "w8b"};
	for (size_t i = 0; i < G_N_ELEMENTS(MODES); i++) {
		g_autoptr(GByteArray) tiff = tiff_file(recipe, 1, MODES[i]);
		assert_pixels(tiff, expected, (int)recipe->width, (int)recipe->height, tolerance);
	}
}

static void test_grey_of_every_depth(void **state)
{
	(void)state;
	static const uint16_t PACKINGS[] = {
		COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS};
	static const uint16_t DEPTHS[] = {1, 2, 4, 8, 16};
	uint8_t rows[WIDTH * 2 * HEIGHT], expected[PIXELS];
	make_noise(rows, sizeof rows, 1);
	for (size_t d = 0; d < G_N_ELEMENTS(DEPTHS); d++)
		for (unsigned white_is_0 = 0; white_is_0 < 2; white_is_0++) {
			const unsigned bits = DEPTHS[d];
			const size_t row = (WIDTH * bits + 7) / 8;
			for (unsigned i = 0; i < PIXELS; i++) {
				const uint8_t *in = rows + i / WIDTH * row;
				unsigned x = i % WIDTH, value, most = (1u << MIN(bits, 8)) - 1, byte;
				uint16_t wide;
				byte = bits == 16 ? 0 : in[x * bits / 8];
				memcpy(&wide, in + (bits == 16 ? (size_t)x * 2 : 0), 2);
				value = bits == 16 ? (wide * 255u + 32767) / 65535
						   : (byte >> (8 - bits - x * bits % 8) & most) * 255 / most;
				expected[i] = (uint8_t)(white_is_0 ? 255 - value : value);
			}
			for (size_t p = 0; p < G_N_ELEMENTS(PACKINGS); p++)
				for (uint32_t strip = 7; strip <= 56; strip += 49)
					assert_recipe(&(struct tiff_recipe){.width = WIDTH,
							      .height = HEIGHT,
							      .bits = (uint16_t)bits,
							      .photometric = white_is_0 ? PHOTOMETRIC_MINISWHITE
											: PHOTOMETRIC_MINISBLACK,
							      .compression = PACKINGS[p],
							      .rows_per_strip = strip,
							      .rows = rows},
						expected, 0);
		}
}

static void test_faxes(void **state)
{
	(void)state;
	static const struct {
		uint16_t compression;
		uint32_t options;
	} KINDS[] = {{COMPRESSION_CCITTFAX4, 0}, {COMPRESSION_CCITTFAX3, 0},
		{COMPRESSION_CCITTFAX3, GROUP3OPT_2DENCODING}, {COMPRESSION_CCITTFAX3, GROUP3OPT_FILLBITS},
		{COMPRESSION_CCITTRLE, 0}};
	const size_t row = (WIDTH + 7) / 8;
	uint8_t rows[(WIDTH + 7) / 8 * HEIGHT], expected[PIXELS];
	make_noise(rows, sizeof rows, 2);
	// The last row is what a decoder's buffer might hold anyway.
	memset(rows + row * (HEIGHT - 1), 0xaa, row);
	for (int i = 0; i < PIXELS; i++)
		expected[i] =
			rows[(size_t)(i / WIDTH) * row + (size_t)(i % WIDTH / 8)] >> (7 - i % WIDTH % 8) & 1 ? 0 : 255;
	for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++)
		for (uint32_t strip = 7; strip <= 56; strip += 49)
			assert_recipe(&(struct tiff_recipe){.width = WIDTH,
					      .height = HEIGHT,
					      .bits = 1,
					      .photometric = PHOTOMETRIC_MINISWHITE,
					      .compression = KINDS[i].compression,
					      .fax_options = KINDS[i].options,
					      .rows_per_strip = strip,
					      .rows = rows},
				expected, 0);
}

static uint8_t luma(double red, double green, double blue)
{
	return (uint8_t)(0.299 * red + 0.587 * green + 0.114 * blue + 0.5);
}

static void test_colours(void **state)
{
	(void)state;
	uint8_t rgb[PIXELS * 3], planes[PIXELS * 3], cmyk[PIXELS * 4], inked[PIXELS], expected[PIXELS];
	make_noise(rgb, sizeof rgb, 3);
	make_noise(cmyk, sizeof cmyk, 4);
	for (int i = 0; i < PIXELS; i++) {
		expected[i] = luma(rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]);
		for (int c = 0; c < 3; c++)
			planes[c * PIXELS + i] = rgb[i * 3 + c];
		const int light = 255 - cmyk[i * 4 + 3];
		inked[i] = luma((255 - cmyk[i * 4]) * light / 255.0, (255 - cmyk[i * 4 + 1]) * light / 255.0,
			(255 - cmyk[i * 4 + 2]) * light / 255.0);
	}
	struct tiff_recipe recipe = {.width = WIDTH,
		.height = HEIGHT,
		.samples = 3,
		.photometric = PHOTOMETRIC_RGB,
		.compression = COMPRESSION_LZW,
		.rows_per_strip = 9,
		.rows = rgb};
	assert_recipe(&recipe, expected, 1);
	recipe.tile = 32;
	assert_recipe(&recipe, expected, 1);
	recipe.tile = 0;
	recipe.planar = PLANARCONFIG_SEPARATE;
	recipe.rows = planes;
	assert_recipe(&recipe, expected, 1);
	recipe = (struct tiff_recipe){
		.width = WIDTH, .height = HEIGHT, .samples = 4, .photometric = PHOTOMETRIC_SEPARATED, .rows = cmyk};
	assert_recipe(&recipe, inked, 2);
}

static void test_palette(void **state)
{
	(void)state;
	uint16_t palette[3 * 256];
	uint8_t rows[PIXELS], expected[PIXELS];
	make_noise((uint8_t *)palette, sizeof palette, 5);
	make_noise(rows, sizeof rows, 6);
	for (int i = 0; i < PIXELS; i++)
		expected[i] =
			luma(palette[rows[i]] / 257.0, palette[256 + rows[i]] / 257.0, palette[512 + rows[i]] / 257.0);
	assert_recipe(&(struct tiff_recipe){.width = WIDTH,
			      .height = HEIGHT,
			      .photometric = PHOTOMETRIC_PALETTE,
			      .compression = COMPRESSION_PACKBITS,
			      .palette = palette,
			      .rows = rows},
		expected, 2);
}

static void test_tiles(void **state)
{
	(void)state;
	uint8_t rows[PIXELS];
	make_noise(rows, sizeof rows, 7);
	assert_recipe(&(struct tiff_recipe){.width = WIDTH,
			      .height = HEIGHT,
			      .photometric = PHOTOMETRIC_MINISBLACK,
			      .compression = COMPRESSION_ADOBE_DEFLATE,
			      .tile = 16,
			      .rows = rows},
		rows, 0);
}

static void test_jpeg_inside(void **state)
{
	(void)state;
	enum { SIDE = 64 };
	uint8_t rgb[SIDE * SIDE * 3], expected[SIDE * SIDE];
	for (int i = 0; i < SIDE * SIDE; i++) {
		expected[i] = (uint8_t)(i % SIDE * 2 + i / SIDE * 2);
		memset(rgb + i * 3, expected[i], 3);
	}
	struct tiff_recipe recipe = {.width = SIDE,
		.height = SIDE,
		.photometric = PHOTOMETRIC_MINISBLACK,
		.compression = COMPRESSION_JPEG,
		.rows_per_strip = 16,
		.rows = expected};
	assert_recipe(&recipe, expected, 6);
	recipe.samples = 3;
	recipe.photometric = PHOTOMETRIC_YCBCR;
	recipe.rows = rgb;
	assert_recipe(&recipe, expected, 6);
}

// TIFF 6.0, page 36: which side of the picture the first row and the first column are.
static void test_orientations(void **state)
{
	(void)state;
	static const uint8_t STORED[] = {10, 20, 30, 40, 50, 60}; // 3 wide, 2 high
	static const struct {
		int width, height;
		uint8_t upright[6];
	} SEEN[] = {{3, 2, {10, 20, 30, 40, 50, 60}}, {3, 2, {30, 20, 10, 60, 50, 40}},
		{3, 2, {60, 50, 40, 30, 20, 10}}, {3, 2, {40, 50, 60, 10, 20, 30}}, {2, 3, {10, 40, 20, 50, 30, 60}},
		{2, 3, {40, 10, 50, 20, 60, 30}}, {2, 3, {60, 30, 50, 20, 40, 10}}, {2, 3, {30, 60, 20, 50, 10, 40}}};
	for (uint16_t tag = 1; tag <= 8; tag++)
		for (int colour = 0; colour < 2; colour++) {
			uint8_t rgb[18];
			for (int i = 0; i < 18; i++)
				rgb[i] = STORED[i / 3];
			const struct tiff_recipe recipe = {.width = 3,
				.height = 2,
				.samples = colour ? 3 : 1,
				.photometric = colour ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK,
				.orientation = tag,
				.rows = colour ? rgb : STORED};
			g_autoptr(GByteArray) tiff = tiff_file(&recipe, 1, "w");
			assert_pixels(tiff, SEEN[tag - 1].upright, SEEN[tag - 1].width, SEEN[tag - 1].height, 0);
		}
}

// Three pages of fax, each white but for a black row, with a thumbnail and a mask between them.
static GByteArray *three_pages(uint16_t compression)
{
	static uint8_t rows[3][9 * HEIGHT];
	struct tiff_recipe pages[5];
	for (int i = 0; i < 3; i++) {
		make_noise(rows[i], sizeof rows[i], (uint32_t)i + 10);
		pages[i == 0 ? 0 : i + 2] = (struct tiff_recipe){.width = WIDTH,
			.height = HEIGHT,
			.bits = 1,
			.photometric = PHOTOMETRIC_MINISWHITE,
			.compression = compression,
			.rows_per_strip = 20,
			.rows = rows[i]};
	}
	pages[1] = (struct tiff_recipe){
		.width = 16, .height = 16, .photometric = PHOTOMETRIC_MINISBLACK, .subfile = 1, .rows = rows[0]};
	pages[2] = (struct tiff_recipe){
		.width = 16, .height = 16, .bits = 1, .photometric = PHOTOMETRIC_MASK, .subfile = 4, .rows = rows[0]};
	return tiff_file(pages, 5, "wl");
}

static void test_pages_are_counted(void **state)
{
	(void)state;
	g_autoptr(GByteArray) tiff = three_pages(COMPRESSION_CCITTFAX4);
	struct scan_document *document = open_bytes(tiff->data, tiff->len, NULL);
	assert_int_equal(scan_document_pages(document), 3);
	static const unsigned ORDER[] = {2, 0, 1, 1};
	for (size_t i = 0; i < G_N_ELEMENTS(ORDER); i++) {
		struct page_image *image = scan_document_decode(document, ORDER[i], NULL);
		assert_non_null(image);
		assert_int_equal(image->width_px, WIDTH);
		page_image_free(image);
	}
	scan_document_free(document);
}

// Of a file cut off anywhere, no page reads differently, and not all pages read.
static void test_cut_off_anywhere(void **state)
{
	(void)state;
	static const uint16_t PACKINGS[] = {COMPRESSION_NONE, COMPRESSION_CCITTFAX4, COMPRESSION_LZW,
		COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS};
	for (size_t p = 0; p < G_N_ELEMENTS(PACKINGS); p++) {
		g_autoptr(GByteArray) tiff = three_pages(PACKINGS[p]);
		struct page_image *whole[3];
		struct scan_document *document = open_bytes(tiff->data, tiff->len, NULL);
		for (unsigned i = 0; i < 3; i++)
			whole[i] = scan_document_decode(document, i, NULL);
		scan_document_free(document);
		for (size_t size = 4; size < tiff->len; size++) {
			g_autofree uint8_t *bytes = g_memdup2(tiff->data, size);
			document = open_bytes(bytes, size, NULL);
			unsigned n = document ? scan_document_pages(document) : 0, sound = 0;
			for (unsigned i = 0; i < n; i++) {
				g_autoptr(GError) error = NULL;
				struct page_image *image = scan_document_decode(document, i, &error);
				assert_true((image == NULL) == (error != NULL));
				if (image && i < 3)
					assert_memory_equal(image->pixels, whole[i]->pixels, PIXELS);
				sound += image != NULL;
				page_image_free(image);
			}
			if (n > 0 && sound == n)
				fail_msg("%zu of %u bytes passed for a whole file", size, tiff->len);
			scan_document_free(document);
		}
		for (unsigned i = 0; i < 3; i++)
			page_image_free(whole[i]);
	}
}

// A fax that says that it ends where half of its rows are still to come.
static void test_fax_that_ends_early(void **state)
{
	(void)state;
	uint8_t rows[9 * HEIGHT];
	make_noise(rows, sizeof rows, 20);
	struct tiff_recipe recipe = {.width = WIDTH,
		.height = HEIGHT / 2,
		.bits = 1,
		.photometric = PHOTOMETRIC_MINISWHITE,
		.compression = COMPRESSION_CCITTFAX4,
		.rows = rows};
	g_autoptr(GByteArray) tiff = tiff_file(&recipe, 1, "wl");
	// Its height, in the directory, as a 16-bit or 32-bit number in little-endian order: tag 257, type 3 or 4.
	bool found = false;
	for (guint i = 0; i + 12 < tiff->len && !found; i++)
		if (memcmp(tiff->data + i, "\x01\x01", 2) == 0 && tiff->data[i + 3] == 0 && tiff->data[i + 4] == 1 &&
			tiff->data[i + 8] == HEIGHT / 2) {
			tiff->data[i + 8] = HEIGHT;
			found = true;
		}
	assert_true(found);
	struct scan_document *document = open_bytes(tiff->data, tiff->len, NULL);
	assert_non_null(document);
	g_autoptr(GError) error = NULL;
	assert_null(scan_document_decode(document, 0, &error));
	assert_true(g_error_matches(error, SCAN_ERROR, SCAN_ERROR_DAMAGED));
	scan_document_free(document);
}

// The last directory names the first as the next.
static void test_list_in_a_circle(void **state)
{
	(void)state;
	uint8_t pixel = 7;
	struct tiff_recipe recipe = {.width = 1, .height = 1, .photometric = PHOTOMETRIC_MINISBLACK, .rows = &pixel};
	g_autoptr(GByteArray) tiff = tiff_file(&recipe, 1, "wl");
	uint32_t first, at;
	memcpy(&first, tiff->data + 4, 4);
	first = GUINT32_FROM_LE(first);
	at = first + 2 + 12 * (tiff->data[first] + 256u * tiff->data[first + 1]);
	memcpy(tiff->data + at, tiff->data + 4, 4);
	struct scan_document *document = open_bytes(tiff->data, tiff->len, NULL);
	assert_int_equal(scan_document_pages(document), 2);
	struct page_image *image = scan_document_decode(document, 0, NULL);
	assert_int_equal(image->pixels[0], pixel);
	page_image_free(image);
	g_autoptr(GError) error = NULL;
	assert_null(scan_document_decode(document, 1, &error));
	assert_string_equal(error->message, "the TIFF file is cut off or damaged after 1 pages: pages may be missing");
	scan_document_free(document);
}

static void assert_refused(const struct tiff_recipe *recipe, enum scan_error code)
{
	g_autoptr(GByteArray) tiff = tiff_file(recipe, 1, "w");
	struct scan_document *document = open_bytes(tiff->data, tiff->len, NULL);
	g_autoptr(GError) error = NULL;
	assert_null(scan_document_decode(document, 0, &error));
	assert_true(g_error_matches(error, SCAN_ERROR, (int)code));
	scan_document_free(document);
}

static void test_refused(void **state)
{
	(void)state;
	g_autofree uint8_t *rows = g_malloc0(3000);
	assert_refused(&(struct tiff_recipe){.width = 2001, .height = 1, .photometric = 1, .rows = rows},
		SCAN_ERROR_TOO_LARGE);
	assert_refused(
		&(struct tiff_recipe){
			.width = 8, .height = 8, .samples = 3, .photometric = PHOTOMETRIC_CIELAB + 90, .rows = rows},
		SCAN_ERROR_UNREADABLE);
	assert_refused(&(struct tiff_recipe){.width = 8, .height = 8, .bits = 32, .photometric = 1, .rows = rows},
		SCAN_ERROR_UNREADABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grey_of_every_depth),
		cmocka_unit_test(test_faxes),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_palette),
		cmocka_unit_test(test_tiles),
		cmocka_unit_test(test_jpeg_inside),
		cmocka_unit_test(test_orientations),
		cmocka_unit_test(test_pages_are_counted),
		cmocka_unit_test(test_cut_off_anywhere),
		cmocka_unit_test(test_fax_that_ends_early),
		cmocka_unit_test(test_list_in_a_circle),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
