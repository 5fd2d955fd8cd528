// SPDX-License-Identifier: GPL-3.0-or-later
// PNG files of every kind against values worked out from their samples; and damaged ones, which must never be a page.
#include "tests/harness.h"

#include <glib.h>
#include <math.h>
#include <png.h>
#include <string.h>

#include "scan/decode.h"
#include "tests/pictures.h"

// Odd sizes, so that rows end within a byte and every pass of the interlacing has rows of its own.
#define WIDTH 13
#define HEIGHT 11
#define SAMPLES_MOST (WIDTH * HEIGHT * 4)

static struct page_image *decode_within(const GByteArray *png, size_t size, struct scan_limits limits, GError **error)
{
	// A copy of its own length, so that a reader beyond the end is noticed.
	g_autofree uint8_t *bytes = g_memdup2(png->data, MAX(size, 1));
	struct scan_document *document = scan_document_new(bytes, size, &limits, error);
	if (!document)
		return NULL;
	assert_int_equal(scan_document_pages(document), 1);
	struct page_image *image = scan_document_decode(document, 0, error);
	scan_document_free(document);
	assert_true((image == NULL) == (*error != NULL));
	return image;
}

static struct page_image *decode(const GByteArray *png, GError **error)
{
	return decode_within(png, png->len, SCAN_LIMITS_DEFAULT, error);
}

static void assert_page(const GByteArray *png, int width_px, int height_px)
{
	g_autoptr(GError) error = NULL;
	struct page_image *image = decode(png, &error);
	assert_null(error);
	assert_non_null(image);
	assert_int_equal(image->width_px, width_px);
	assert_int_equal(image->height_px, height_px);
	page_image_free(image);
}

static void assert_refused(const GByteArray *png, size_t size, enum scan_error code)
{
	g_autoptr(GError) error = NULL;
	struct page_image *image = decode_within(png, size, SCAN_LIMITS_DEFAULT, &error);
	if (image)
		fail_msg("%zu of %u bytes were taken for a page", size, png->len);
	if (!g_error_matches(error, SCAN_ERROR, (int)code))
		fail_msg("%zu of %u bytes: %s", size, png->len, error->message);
}

// A picture of random samples, and what its pixels must come out as.
struct sample_picture {
	struct pictures_png png;
	uint16_t samples[SAMPLES_MOST]; // as stored, one each, not packed
	uint8_t rows[SAMPLES_MOST * 2];
	uint8_t palette[256][3], palette_alpha[256];
	uint16_t transparent[3];
};

static int channels_of(const struct pictures_png *png)
{
	static const int channels[] = {[PNG_COLOR_TYPE_GRAY] = 1,
		[PNG_COLOR_TYPE_RGB] = 3,
		[PNG_COLOR_TYPE_PALETTE] = 1,
		[PNG_COLOR_TYPE_GRAY_ALPHA] = 2,
		[PNG_COLOR_TYPE_RGB_ALPHA] = 4};
	return channels[png->colour_type];
}

static void pack(struct sample_picture *picture)
{
	const int depth = picture->png.depth, a_row = WIDTH * channels_of(&picture->png);
	size_t row_bytes = pictures_row_bytes(&picture->png);
	memset(picture->rows, 0, sizeof picture->rows);
	for (int i = 0; i < a_row * HEIGHT; i++) {
		uint8_t *row = picture->rows + (size_t)(i / a_row) * row_bytes;
		int bit = i % a_row * depth;
		if (depth == 16) {
			row[bit / 8] = (uint8_t)(picture->samples[i] >> 8);
			row[bit / 8 + 1] = (uint8_t)picture->samples[i];
		} else {
			row[bit / 8] |= (uint8_t)(picture->samples[i] << (8 - depth - bit % 8));
		}
	}
}

static void fill(struct sample_picture *picture, GRand *random, int depth, int colour_type, bool interlaced, bool tRNS)
{
	*picture = (struct sample_picture){.png = {.width_px = WIDTH,
						   .height_px = HEIGHT,
						   .depth = depth,
						   .colour_type = colour_type,
						   .interlaced = interlaced}};
	picture->png.rows = picture->rows;
	const int channels = channels_of(&picture->png), n = WIDTH * HEIGHT * channels;
	for (int i = 0; i < n; i++)
		picture->samples[i] = (uint16_t)g_rand_int_range(random, 0, 1 << depth);
	if (colour_type == PNG_COLOR_TYPE_PALETTE) {
		for (int i = 0; i < 256 * 3; i++)
			picture->palette[i / 3][i % 3] = (uint8_t)g_rand_int_range(random, 0, 256);
		for (int i = 0; i < 256; i++)
			picture->palette_alpha[i] = (uint8_t)g_rand_int_range(random, 0, 256);
		picture->png.palette = (const uint8_t(*)[3])picture->palette;
		picture->png.n_palette = 1 << depth;
		picture->png.palette_alpha = picture->palette_alpha;
		picture->png.n_palette_alpha = tRNS ? MAX((1 << depth) - 1, 1) : 0;
	} else if (tRNS) {
		// Some pixel's own colour, so that there is something transparent.
		for (int c = 0; c < channels; c++)
			picture->transparent[c] = picture->samples[(WIDTH + 3) * channels + c];
		picture->png.transparent = picture->transparent;
	}
	pack(picture);
}

static double to_8_bits(unsigned sample, int depth)
{
	return floor(sample * 255.0 / ((1 << depth) - 1) + 0.5);
}

// What pixel i is to be, not rounded; *exact where a grey without transparency leaves nothing to round.
static double expected(const struct sample_picture *picture, int i, bool *exact)
{
	const struct pictures_png *png = &picture->png;
	const int channels = channels_of(png);
	const uint16_t *in = picture->samples + i * channels;
	double c[4] = {0, 0, 0, 255};
	if (png->colour_type == PNG_COLOR_TYPE_PALETTE) {
		for (int k = 0; k < 3; k++)
			c[k] = picture->palette[in[0]][k];
		c[3] = in[0] < png->n_palette_alpha ? picture->palette_alpha[in[0]] : 255;
	} else {
		for (int k = 0; k < 3; k++)
			c[k] = to_8_bits(in[channels >= 3 ? k : 0], png->depth);
		if (channels == 2 || channels == 4)
			c[3] = to_8_bits(in[channels - 1], png->depth);
		if (png->transparent && memcmp(in, png->transparent, (size_t)channels * sizeof *in) == 0)
			c[3] = 0;
	}
	*exact = c[0] == c[1] && c[1] == c[2] && (c[3] == 0 || c[3] == 255);
	return (0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]) * c[3] / 255 + 255 - c[3];
}

static void check(GRand *random, int depth, int colour_type, bool interlaced, bool tRNS)
{
	struct sample_picture picture;
	fill(&picture, random, depth, colour_type, interlaced, tRNS);
	g_autoptr(GByteArray) png = pictures_png(&picture.png);
	g_autoptr(GError) error = NULL;
	struct page_image *image = decode(png, &error);
	assert_non_null(image);
	assert_int_equal(image->width_px, WIDTH);
	assert_int_equal(image->height_px, HEIGHT);
	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		bool exact;
		double value = expected(&picture, i, &exact);
		// Luma is rounded once, and once more where something shows through.
		bool see_through = channels_of(&picture.png) % 2 == 0 || tRNS;
		double tolerance = exact ? 1e-9 : see_through ? 1.01 : 0.51;
		if (fabs(image->pixels[i] - value) > tolerance)
			fail_msg("depth %d, colour type %d, interlaced %d, tRNS %d, pixel %d: %d, not %.2f", depth,
				colour_type, interlaced, tRNS, i, image->pixels[i], value);
	}
	page_image_free(image);
}

static void test_every_kind(void **state)
{
	(void)state;
	static const struct {
		int colour_type, depths[6];
		bool may_have_tRNS;
	} kinds[] = {
		{PNG_COLOR_TYPE_GRAY, {1, 2, 4, 8, 16}, true},
		{PNG_COLOR_TYPE_RGB, {8, 16}, true},
		{PNG_COLOR_TYPE_PALETTE, {1, 2, 4, 8}, true},
		{PNG_COLOR_TYPE_GRAY_ALPHA, {8, 16}, false},
		{PNG_COLOR_TYPE_RGB_ALPHA, {8, 16}, false},
	};
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
		for (const int *depth = kinds[k].depths; *depth; depth++)
			for (int interlaced = 0; interlaced < 2; interlaced++)
				for (int tRNS = 0; tRNS < (kinds[k].may_have_tRNS ? 2 : 1); tRNS++)
					check(random, *depth, kinds[k].colour_type, interlaced, tRNS);
}

// Red, green and blue that are the same are that grey, to the last bit: scanners write greys as colours.
static void test_grey_in_colour(void **state)
{
	(void)state;
	uint8_t rows[256 * 3];
	for (int i = 0; i < 256 * 3; i++)
		rows[i] = (uint8_t)(i / 3);
	g_autoptr(GByteArray) png = pictures_png(&(struct pictures_png){
		.width_px = 256, .height_px = 1, .depth = 8, .colour_type = PNG_COLOR_TYPE_RGB, .rows = rows});
	g_autoptr(GError) error = NULL;
	struct page_image *image = decode(png, &error);
	assert_non_null(image);
	for (int i = 0; i < 256; i++)
		assert_int_equal(image->pixels[i], i);
	page_image_free(image);
}

// A picture of noise: nothing compresses, so that a byte lost is a pixel lost.
static GByteArray *noise(int width, int height, bool interlaced, uint32_t seed)
{
	g_autofree uint8_t *rows = g_malloc((gsize)width * (gsize)height);
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	for (int i = 0; i < width * height; i++)
		rows[i] = (uint8_t)g_rand_int(random);
	return pictures_png(&(struct pictures_png){.width_px = width,
		.height_px = height,
		.depth = 8,
		.colour_type = PNG_COLOR_TYPE_GRAY,
		.interlaced = interlaced,
		.rows = rows});
}

static void test_cut_off(void **state)
{
	(void)state;
	for (int interlaced = 0; interlaced < 2; interlaced++) {
		g_autoptr(GByteArray) png = noise(40, 50, interlaced, 2);
		assert_page(png, 40, 50);
		for (size_t size = 8; size < png->len; size++)
			assert_refused(png, size, SCAN_ERROR_DAMAGED);
		// Without a whole signature it is not even a PNG.
		for (size_t size = 0; size < 8; size++)
			assert_refused(png, size, SCAN_ERROR_UNREADABLE);
	}
}

static void test_flipped_bits(void **state)
{
	(void)state;
	g_autoptr(GByteArray) png = noise(40, 50, false, 3);
	for (size_t at = 8; at < png->len; at++) {
		png->data[at] ^= 0x10;
		assert_refused(png, png->len, SCAN_ERROR_DAMAGED);
		png->data[at] ^= 0x10;
	}
	assert_page(png, 40, 50);
}

// The checksum of the chunk is right, but what zlib makes of it is not.
static void test_damage_under_a_right_checksum(void **state)
{
	(void)state;
	for (int interlaced = 0; interlaced < 2; interlaced++) {
		g_autoptr(GByteArray) png = noise(40, 50, interlaced, 4);
		size_t idat = pictures_find_chunk(png, "IDAT"), end = pictures_find_chunk(png, "IEND");
		for (size_t at = idat + 8; at < end - 4; at++) {
			png->data[at] ^= 0x04;
			pictures_seal_chunk(png, idat);
			g_autoptr(GError) error = NULL;
			struct page_image *image = decode(png, &error);
			// Two bits of the zlib header say how hard the writer tried, and nothing to a reader.
			if (image && at != idat + 9)
				fail_msg("the byte at %zu was changed and nobody noticed", at - idat);
			page_image_free(image);
			png->data[at] ^= 0x04;
		}
	}
}

static void test_image_data_missing(void **state)
{
	(void)state;
	g_autoptr(GByteArray) png = noise(40, 50, false, 5);
	size_t idat = pictures_find_chunk(png, "IDAT"), end = pictures_find_chunk(png, "IEND");
	g_byte_array_remove_range(png, (guint)idat, (guint)(end - idat));
	assert_refused(png, png->len, SCAN_ERROR_DAMAGED);
}

// Everything that is not the picture may be as odd as it likes, before and after the picture.
static void test_harmless_oddities(void **state)
{
	(void)state;
	static const struct {
		const char *type, *body;
		size_t size;
	} odd[] = {
		{"iCCP", "no profile", 10},
		{"iCCP", "icc\0\0\x78\x9c\x03\0\0\0\0\x01", 13},
		{"gAMA", "\0\0\0\0", 4},
		{"cHRM", "\xff\xff\xff\xff", 4},
		{"sRGB", "\x09", 1},
		{"tIME", "\0\0\x63\x63\x63\x63\x63", 7},
		{"zTXt", "Comment\0\0not deflated", 21},
		{"tEXt", "", 0},
		{"eXIf", "?", 1},
		{"pHYs", "\0\0", 2},
		{"bKGD", "\1\2\3\4\5\6\7\x8\x9", 9},
		{"shEF", "of a kind that nobody knows", 27},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(odd); i++)
		for (int after = 0; after < 2; after++) {
			g_autoptr(GByteArray) png = noise(20, 20, false, 6);
			size_t at = pictures_find_chunk(png, after ? "IEND" : "IDAT");
			pictures_insert_chunk(png, at, odd[i].type, odd[i].body, odd[i].size);
			pictures_insert_chunk(png, at, odd[i].type, odd[i].body, odd[i].size);
			assert_page(png, 20, 20);
			// Not even a wrong checksum of such a chunk says anything about the picture.
			png->data[at + 8 + odd[i].size] ^= 1;
			assert_page(png, 20, 20);
		}
}

// Which colours show through is part of the picture.
static void test_damaged_transparency(void **state)
{
	(void)state;
	uint8_t rows[20] = {0};
	const uint16_t transparent[] = {0};
	g_autoptr(GByteArray) png = pictures_png(&(struct pictures_png){.width_px = 20,
		.height_px = 1,
		.depth = 8,
		.colour_type = PNG_COLOR_TYPE_GRAY,
		.rows = rows,
		.transparent = transparent});
	assert_page(png, 20, 1);
	png->data[pictures_find_chunk(png, "tRNS") + 9] ^= 1;
	assert_refused(png, png->len, SCAN_ERROR_DAMAGED);
}

static void test_trailing_bytes(void **state)
{
	(void)state;
	g_autoptr(GByteArray) png = noise(20, 20, false, 7);
	g_byte_array_append(png, (const guint8 *)"padding of some copier", 22);
	assert_page(png, 20, 20);
}

static void put_32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void set_size(GByteArray *png, uint32_t width, uint32_t height)
{
	size_t header = pictures_find_chunk(png, "IHDR");
	put_32(png->data + header + 8, width);
	put_32(png->data + header + 12, height);
	pictures_seal_chunk(png, header);
}

static long resident_kb(void)
{
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents("/proc/self/status", &text, NULL, NULL));
	const char *line = strstr(text, "VmPeak:");
	assert_non_null(line);
	return strtol(line + strlen("VmPeak:"), NULL, 10);
}

static void test_bombs(void **state)
{
	(void)state;
	static const uint8_t black[4] = {0};
	for (int interlaced = 0; interlaced < 2; interlaced++) {
		g_autoptr(GByteArray) png = pictures_png(&(struct pictures_png){.width_px = 30,
			.height_px = 1,
			.depth = 1,
			.colour_type = PNG_COLOR_TYPE_GRAY,
			.interlaced = interlaced,
			.rows = black});
		long before = resident_kb();
		static const uint32_t sizes[][2] = {{30000, 30000}, {20001, 1}, {1, 20001}, {0x7fffffff, 0x7fffffff},
			{20000, 20000}, {10000, 8001}};
		for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
			set_size(png, sizes[i][0], sizes[i][1]);
			assert_refused(png, png->len, SCAN_ERROR_TOO_LARGE);
		}
		assert_in_range(resident_kb() - before, 0, 8 * 1024);
		// Sizes that PNG itself does not have.
		set_size(png, 0, 10);
		assert_refused(png, png->len, SCAN_ERROR_DAMAGED);
		set_size(png, 0x80000000, 10);
		assert_refused(png, png->len, SCAN_ERROR_DAMAGED);
	}
}

static void test_limits(void **state)
{
	(void)state;
	g_autoptr(GByteArray) png = noise(30, 20, false, 8);
	static const struct {
		struct scan_limits limits;
		bool allowed;
	} cases[] = {
		{{.max_pixels = 600, .max_side_px = 30}, true},
		{{.max_pixels = 599, .max_side_px = 30}, false},
		{{.max_pixels = 600, .max_side_px = 29}, false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		struct page_image *image = decode_within(png, png->len, cases[i].limits, &error);
		assert_true((image != NULL) == cases[i].allowed);
		assert_true(image || g_error_matches(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE));
		page_image_free(image);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind),
		cmocka_unit_test(test_grey_in_colour),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_flipped_bits),
		cmocka_unit_test(test_damage_under_a_right_checksum),
		cmocka_unit_test(test_image_data_missing),
		cmocka_unit_test(test_harmless_oddities),
		cmocka_unit_test(test_damaged_transparency),
		cmocka_unit_test(test_trailing_bytes),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
