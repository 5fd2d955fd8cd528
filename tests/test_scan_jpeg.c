// SPDX-License-Identifier: GPL-3.0-or-later
// JPEG files of every kind that scanners, copiers and telephones write; and damaged ones: wherever libjpeg itself would
// warn, the page must be refused.
#include "tests/harness.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "scan/decode.h"

#define WIDTH 40
#define HEIGHT 56

static struct page_image *decode(const GByteArray *jpeg, size_t size, GError **error)
{
	// A copy of its own length, so that a reader beyond the end is noticed.
	g_autofree uint8_t *bytes = g_memdup2(jpeg->data, MAX(size, 1));
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	struct scan_document *document = scan_document_new(bytes, size, &limits, error);
	struct page_image *image = document ? scan_document_decode(document, 0, error) : NULL;
	scan_document_free(document);
	assert_true((image == NULL) == (*error != NULL));
	return image;
}

static struct page_image *decode_well(const GByteArray *jpeg, int width_px, int height_px)
{
	g_autoptr(GError) error = NULL;
	struct page_image *image = decode(jpeg, jpeg->len, &error);
	if (!image)
		fail_msg("%s", error->message);
	assert_int_equal(image->width_px, width_px);
	assert_int_equal(image->height_px, height_px);
	return image;
}

static void assert_page(const GByteArray *jpeg)
{
	page_image_free(decode_well(jpeg, WIDTH, HEIGHT));
}

static void assert_refused(const GByteArray *jpeg, size_t size, enum scan_error code)
{
	g_autoptr(GError) error = NULL;
	struct page_image *image = decode(jpeg, size, &error);
	if (image)
		fail_msg("%zu of %u bytes were taken for a page", size, jpeg->len);
	if (!g_error_matches(error, SCAN_ERROR, (int)code))
		fail_msg("%zu of %u bytes: %s", size, jpeg->len, error->message);
}

// What a JPEG is made of. pixels: channels of each pixel, one after another.
struct recipe {
	int width, height;
	const uint8_t *pixels;
	int channels;
	J_COLOR_SPACE given, stored;
	bool progressive, no_adobe, no_jfif, coarse_colours;
	unsigned restart_rows;
	const uint8_t *exif;
	unsigned exif_size;
	const jpeg_scan_info *scans;
	int n_scans;
};

static GByteArray *encode(const struct recipe *recipe)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	unsigned char *out = NULL;
	unsigned long size = 0;
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &out, &size);
	jpeg.image_width = (JDIMENSION)recipe->width;
	jpeg.image_height = (JDIMENSION)recipe->height;
	jpeg.input_components = recipe->channels;
	jpeg.in_color_space = recipe->given;
	jpeg_set_defaults(&jpeg);
	jpeg_set_colorspace(&jpeg, recipe->stored);
	jpeg_set_quality(&jpeg, 100, TRUE);
	if (!recipe->coarse_colours)
		for (int i = 0; i < jpeg.num_components; i++)
			jpeg.comp_info[i].h_samp_factor = jpeg.comp_info[i].v_samp_factor = 1;
	if (recipe->progressive)
		jpeg_simple_progression(&jpeg);
	if (recipe->scans) {
		jpeg.scan_info = recipe->scans;
		jpeg.num_scans = recipe->n_scans;
	}
	jpeg.restart_in_rows = (int)recipe->restart_rows;
	if (recipe->no_adobe)
		jpeg.write_Adobe_marker = FALSE;
	if (recipe->no_jfif)
		jpeg.write_JFIF_header = FALSE;
	jpeg_start_compress(&jpeg, TRUE);
	if (recipe->exif)
		jpeg_write_marker(&jpeg, JPEG_APP0 + 1, recipe->exif, recipe->exif_size);
	for (int y = 0; y < recipe->height; y++) {
		JSAMPROW row = (JSAMPROW)recipe->pixels + (ptrdiff_t)y * recipe->width * recipe->channels;
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	GByteArray *bytes = g_byte_array_new();
	g_byte_array_append(bytes, out, (guint)size);
	free(out);
	return bytes;
}

// Smooth, so that little is lost in coding, and the same nowhere twice in a row or column.
static uint8_t smooth(int x, int y, int channel)
{
	static const double turns[4][2] = {{1.0, 0.7}, {-0.6, 1.1}, {0.8, -0.9}, {0.5, 0.6}};
	double t = turns[channel][0] * x / WIDTH + turns[channel][1] * y / HEIGHT;
	return (uint8_t)(128 + 100 * sin(3 * t + channel));
}

static uint8_t *smooth_picture(int channels)
{
	uint8_t *pixels = g_malloc((gsize)(WIDTH * HEIGHT * channels));
	for (int i = 0; i < WIDTH * HEIGHT * channels; i++)
		pixels[i] = smooth(i / channels % WIDTH, i / channels / WIDTH, i % channels);
	return pixels;
}

// The recipe's pixel as a person sees it, in grey. Inks are as libjpeg passes them through.
static double seen(const uint8_t *in, int channels, bool inverted_inks)
{
	double c[3];
	for (int i = 0; i < 3; i++) {
		c[i] = channels == 1 ? in[0] : in[i];
		if (channels == 4 && inverted_inks)
			c[i] = c[i] * in[3] / 255;
		else if (channels == 4)
			c[i] = (255 - c[i]) * (255 - in[3]) / 255;
	}
	return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
}

static void test_every_kind(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		struct recipe recipe;
		double tolerance; // what quality 100 may lose
	} kinds[] = {
		{"grey", {.channels = 1, .given = JCS_GRAYSCALE, .stored = JCS_GRAYSCALE}, 2},
		{"YCbCr", {.channels = 3, .given = JCS_RGB, .stored = JCS_YCbCr}, 3},
		{"YCbCr 4:2:0", {.channels = 3, .given = JCS_RGB, .stored = JCS_YCbCr, .coarse_colours = true}, 3},
		{"RGB", {.channels = 3, .given = JCS_RGB, .stored = JCS_RGB}, 3},
		{"progressive grey",
			{.channels = 1, .given = JCS_GRAYSCALE, .stored = JCS_GRAYSCALE, .progressive = true}, 2},
		{"progressive", {.channels = 3, .given = JCS_RGB, .stored = JCS_YCbCr, .progressive = true}, 3},
		{"restarts", {.channels = 3, .given = JCS_RGB, .stored = JCS_YCbCr, .restart_rows = 1}, 3},
		{"no JFIF header", {.channels = 1, .given = JCS_GRAYSCALE, .stored = JCS_GRAYSCALE, .no_jfif = true},
			2},
		{"CMYK", {.channels = 4, .given = JCS_CMYK, .stored = JCS_CMYK, .no_adobe = true}, 4},
		{"Adobe's CMYK", {.channels = 4, .given = JCS_CMYK, .stored = JCS_CMYK}, 4},
		{"Adobe's YCCK", {.channels = 4, .given = JCS_CMYK, .stored = JCS_YCCK}, 4},
		{"progressive YCCK", {.channels = 4, .given = JCS_CMYK, .stored = JCS_YCCK, .progressive = true}, 4},
	};
	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
		struct recipe recipe = kinds[k].recipe;
		g_autofree uint8_t *pixels = smooth_picture(recipe.channels);
		recipe.width = WIDTH;
		recipe.height = HEIGHT;
		recipe.pixels = pixels;
		g_autoptr(GByteArray) jpeg = encode(&recipe);
		struct page_image *image = decode_well(jpeg, WIDTH, HEIGHT);
		for (int i = 0; i < WIDTH * HEIGHT; i++) {
			double value = seen(pixels + i * recipe.channels, recipe.channels, !recipe.no_adobe);
			if (fabs(image->pixels[i] - value) > kinds[k].tolerance)
				fail_msg("%s, pixel %d: %d, not %.1f", kinds[k].what, i, image->pixels[i], value);
		}
		page_image_free(image);
	}
}

// Noise: nothing compresses, and every byte counts.
static GByteArray *noise(bool progressive, unsigned restart_rows, int channels)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	g_autofree uint8_t *pixels = g_malloc((gsize)(WIDTH * HEIGHT * channels));
	for (int i = 0; i < WIDTH * HEIGHT * channels; i++)
		pixels[i] = (uint8_t)g_rand_int(random);
	return encode(&(struct recipe){.width = WIDTH,
		.height = HEIGHT,
		.pixels = pixels,
		.channels = channels,
		.given = channels == 1 ? JCS_GRAYSCALE : JCS_RGB,
		.stored = channels == 1 ? JCS_GRAYSCALE : JCS_YCbCr,
		.progressive = progressive,
		.restart_rows = restart_rows});
}

static void test_cut_off(void **state)
{
	(void)state;
	for (int progressive = 0; progressive < 2; progressive++) {
		g_autoptr(GByteArray) jpeg = noise(progressive, 0, 1);
		assert_page(jpeg);
		for (size_t size = 3; size < jpeg->len; size++)
			assert_refused(jpeg, size, SCAN_ERROR_DAMAGED);
		for (size_t size = 0; size < 3; size++)
			assert_refused(jpeg, size, SCAN_ERROR_UNREADABLE);
	}
}

// What plain libjpeg says of a file.
struct verdict {
	struct jpeg_error_mgr errors;
	bool doubtful; // it warned of something that pixels depend on
	jmp_buf failed;
};

_Noreturn static void on_error(j_common_ptr jpeg)
{
	struct verdict *verdict = jpeg->client_data;
	longjmp(verdict->failed, 1);
}

static void on_message(j_common_ptr jpeg, int level)
{
	struct verdict *verdict = jpeg->client_data;
	int code = jpeg->err->msg_code;
	// Numbers in the headers of programs that wrote the file, and a colour profile.
	bool harmless = code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM || code == JWRN_BOGUS_ICC;
	verdict->doubtful |= level < 0 && !harmless;
}

static bool libjpeg_is_content(const GByteArray *bytes)
{
	static uint8_t row[JPEG_MAX_DIMENSION]; // not allocated: an error would leave it behind
	struct verdict verdict = {.doubtful = false};
	struct jpeg_decompress_struct jpeg = {.err = jpeg_std_error(&verdict.errors), .client_data = &verdict};
	verdict.errors.error_exit = on_error;
	verdict.errors.emit_message = on_message;
	if (setjmp(verdict.failed)) {
		jpeg_destroy_decompress(&jpeg);
		return false;
	}
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, bytes->data, bytes->len);
	jpeg_read_header(&jpeg, TRUE);
	jpeg.out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(&jpeg);
	while (jpeg.output_scanline < jpeg.output_height)
		jpeg_read_scanlines(&jpeg, (JSAMPROW[]){row}, 1);
	jpeg_finish_decompress(&jpeg);
	jpeg_destroy_decompress(&jpeg);
	return !verdict.doubtful;
}

static void test_flipped_bits(void **state)
{
	(void)state;
	static const struct {
		bool progressive;
		unsigned restart_rows;
		int channels;
	} kinds[] = {{false, 0, 1}, {false, 1, 3}, {true, 0, 1}};
	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
		g_autoptr(GByteArray) jpeg = noise(kinds[k].progressive, kinds[k].restart_rows, kinds[k].channels);
		assert_true(libjpeg_is_content(jpeg));
		unsigned noticed = 0;
		for (size_t at = 3; at < jpeg->len; at++) {
			const uint8_t bit = (uint8_t)(1 << at % 8);
			jpeg->data[at] ^= bit;
			g_autoptr(GError) error = NULL;
			struct page_image *image = decode(jpeg, jpeg->len, &error);
			bool content = libjpeg_is_content(jpeg);
			if (content != (image != NULL))
				fail_msg("kind %zu, byte %zu: libjpeg is %s, we say %s", k, at,
					content ? "content" : "not content", image ? "a page" : error->message);
			noticed += image == NULL;
			page_image_free(image);
			jpeg->data[at] ^= bit;
		}
		assert_in_range(noticed, 100, jpeg->len);
	}
}

static void test_trailing_bytes(void **state)
{
	(void)state;
	g_autoptr(GByteArray) jpeg = noise(false, 0, 1);
	// A thumbnail of its own behind the picture is what some telephones write.
	g_autoptr(GByteArray) tail = noise(false, 0, 1);
	g_byte_array_append(jpeg, (const guint8 *)"\0\0padding", 9);
	assert_page(jpeg);
	g_byte_array_append(jpeg, tail->data, tail->len / 2);
	assert_page(jpeg);
}

// One scan a coefficient is allowed by the standard; over three components it is also a way to keep a reader busy.
static GByteArray *with_scans(int components)
{
	jpeg_scan_info scans[3 * 64] = {{0}};
	int n = 0;
	for (int c = 0; c < components; c++)
		for (int k = 0; k < 64; k++)
			scans[n++] = (jpeg_scan_info){.comps_in_scan = 1, .component_index = {c}, .Ss = k, .Se = k};
	g_autofree uint8_t *pixels = smooth_picture(components);
	return encode(&(struct recipe){.width = WIDTH,
		.height = HEIGHT,
		.pixels = pixels,
		.channels = components,
		.given = components == 1 ? JCS_GRAYSCALE : JCS_RGB,
		.stored = components == 1 ? JCS_GRAYSCALE : JCS_YCbCr,
		.scans = scans,
		.n_scans = n});
}

static void test_too_many_scans(void **state)
{
	(void)state;
	g_autoptr(GByteArray) many = with_scans(1), too_many = with_scans(3);
	assert_page(many);
	assert_true(libjpeg_is_content(too_many));
	assert_refused(too_many, too_many->len, SCAN_ERROR_DAMAGED);
}

// Where the frame header (SOF0) begins, with its marker.
static uint8_t *frame_header(GByteArray *jpeg)
{
	size_t at = 2;
	while (at + 9 < jpeg->len && jpeg->data[at + 1] != 0xc0)
		at += 2 + (size_t)(jpeg->data[at + 2] << 8 | jpeg->data[at + 3]);
	assert_true(at + 9 < jpeg->len);
	return jpeg->data + at;
}

static void test_bombs(void **state)
{
	(void)state;
	static const unsigned sizes[][2] = {
		{0xffff, 0xffff}, {0xffff, 1}, {1, 0xffff}, {65500, 65500}, {20001, 8}, {8, 20001}, {10000, 8001}};
	g_autoptr(GByteArray) jpeg = noise(false, 0, 1);
	uint8_t *header = frame_header(jpeg);
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		for (int k = 0; k < 2; k++) {
			header[7 - 2 * k] = (uint8_t)(sizes[i][k] >> 8);
			header[8 - 2 * k] = (uint8_t)sizes[i][k];
		}
		assert_refused(jpeg, jpeg->len, SCAN_ERROR_TOO_LARGE);
	}
	memset(header + 5, 0, 4);
	assert_refused(jpeg, jpeg->len, SCAN_ERROR_DAMAGED);
}

static void test_kinds_that_we_cannot_read(void **state)
{
	(void)state;
	g_autoptr(GByteArray) jpeg = noise(false, 0, 1);
	uint8_t *header = frame_header(jpeg);
	header[4] = 12; // bits a sample
	assert_refused(jpeg, jpeg->len, SCAN_ERROR_UNREADABLE);
	header[4] = 8;
	header[1] = 0xc3; // lossless
	assert_refused(jpeg, jpeg->len, SCAN_ERROR_UNREADABLE);
}

// Greys that stand for letters, and blocks of 8 by 8 pixels of them; "abc" over "def" is the picture as stored.
#define BLOCK 8
static uint8_t grey_of(char letter)
{
	return (uint8_t)(40 * (letter - 'a') + 20);
}

static GByteArray *letters(const uint8_t *exif, unsigned exif_size)
{
	uint8_t pixels[2 * BLOCK * 3 * BLOCK];
	for (int y = 0; y < 2 * BLOCK; y++)
		for (int x = 0; x < 3 * BLOCK; x++)
			pixels[y * 3 * BLOCK + x] = grey_of("abcdef"[y / BLOCK * 3 + x / BLOCK]);
	return encode(&(struct recipe){.width = 3 * BLOCK,
		.height = 2 * BLOCK,
		.pixels = pixels,
		.channels = 1,
		.given = JCS_GRAYSCALE,
		.stored = JCS_GRAYSCALE,
		.exif = exif,
		.exif_size = exif_size});
}

// rows: "da/eb/fc". Also at each block's own corners, so that no row or column is off by one.
static void assert_letters(const GByteArray *jpeg, const char *rows)
{
	g_auto(GStrv) lines = g_strsplit(rows, "/", -1);
	int across = (int)strlen(lines[0]), down = (int)g_strv_length(lines);
	struct page_image *image = decode_well(jpeg, across * BLOCK, down * BLOCK);
	for (int y = 0; y < down * BLOCK; y++)
		for (int x = 0; x < across * BLOCK; x++) {
			int value = image->pixels[y * image->width_px + x], letter = lines[y / BLOCK][x / BLOCK];
			if (abs(value - grey_of((char)letter)) > 2)
				fail_msg("%s: grey %d at %d, %d", rows, value, x, y);
		}
	page_image_free(image);
}

struct exif {
	uint8_t bytes[64];
	unsigned size;
	bool big_endian;
};

static void put(struct exif *exif, unsigned value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++) {
		unsigned shift = 8 * (exif->big_endian ? bytes - 1 - i : i);
		exif->bytes[exif->size++] = (uint8_t)(value >> shift);
	}
}

// A directory of two entries: the picture's width, then a tag of a type with a value.
static struct exif exif_of(bool big_endian, unsigned tag, unsigned type, unsigned value)
{
	struct exif exif = {.size = 8, .big_endian = big_endian};
	memcpy(exif.bytes, big_endian ? "Exif\0\0MM" : "Exif\0\0II", 8);
	put(&exif, 42, 2);
	put(&exif, 8, 4);
	put(&exif, 2, 2);
	const unsigned entries[2][3] = {{0x0100, 3, 24}, {tag, type, value}};
	for (int i = 0; i < 2; i++) {
		put(&exif, entries[i][0], 2);
		put(&exif, entries[i][1], 2);
		put(&exif, 1, 4);
		put(&exif, entries[i][2], 2);
		put(&exif, 0, 2);
	}
	put(&exif, 0, 4);
	return exif;
}

static void test_orientations(void **state)
{
	(void)state;
	// EXIF 2.3, table 6: where the stored rows and columns belong.
	static const char *const upright[] = {"abc/def", "abc/def", "cba/fed", "fed/cba", "def/abc", "ad/be/cf",
		"da/eb/fc", "fc/eb/da", "cf/be/ad", "abc/def"};
	for (unsigned orientation = 0; orientation < G_N_ELEMENTS(upright); orientation++)
		for (int big_endian = 0; big_endian < 2; big_endian++) {
			struct exif exif = exif_of(big_endian, 0x0112, 3, orientation);
			g_autoptr(GByteArray) jpeg = letters(exif.bytes, exif.size);
			assert_letters(jpeg, upright[orientation]);
		}
}

static void test_exif_that_makes_no_sense(void **state)
{
	(void)state;
	struct exif other_tag = exif_of(true, 0x0113, 3, 6), other_type = exif_of(true, 0x0112, 4, 6);
	g_autoptr(GByteArray) a = letters(other_tag.bytes, other_tag.size);
	g_autoptr(GByteArray) b = letters(other_type.bytes, other_type.size);
	assert_letters(a, "abc/def");
	assert_letters(b, "abc/def");
	// Cut off anywhere it is read as far as it makes sense, and a wild offset leads nowhere.
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct exif exif = exif_of(big_endian, 0x0112, 3, 6);
		const unsigned value_end = exif.size - 4 - 2;
		for (unsigned size = 1; size < exif.size; size++) {
			g_autoptr(GByteArray) cut = letters(exif.bytes, size);
			assert_letters(cut, size < value_end ? "abc/def" : "da/eb/fc");
		}
		memset(exif.bytes + 10, 0xff, 4);
		g_autoptr(GByteArray) wild = letters(exif.bytes, exif.size);
		assert_letters(wild, "abc/def");
	}
}

// The transform that reduces a page hands out its last row and column also where they fill no whole pixel: these have
// no place in the page.
static void test_reduced_sizes(void **state)
{
	(void)state;
	g_autofree uint8_t *pixels = smooth_picture(1);
	for (int width = WIDTH - 3; width <= WIDTH; width++)
		for (int height = HEIGHT - 3; height <= HEIGHT; height++) {
			const struct recipe recipe = {.width = width,
				.height = height,
				.pixels = pixels,
				.channels = 1,
				.given = JCS_GRAYSCALE,
				.stored = JCS_GRAYSCALE};
			g_autoptr(GByteArray) jpeg = encode(&recipe);
			struct scan_limits limits = SCAN_LIMITS_DEFAULT;
			for (limits.enough_px = 8; limits.enough_px <= 30; limits.enough_px++) {
				int reduction = MIN(height / limits.enough_px, SCAN_MOST_REDUCTION);
				g_autoptr(GError) error = NULL;
				struct scan_document *document =
					scan_document_new(jpeg->data, jpeg->len, &limits, &error);
				struct page_image *image = scan_document_decode(document, 0, &error);
				assert_non_null(image);
				assert_int_equal(image->reduction, reduction);
				assert_int_equal(image->width_px, width / reduction);
				assert_int_equal(image->height_px, height / reduction);
				page_image_free(image);
				scan_document_free(document);
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_flipped_bits),
		cmocka_unit_test(test_trailing_bytes),
		cmocka_unit_test(test_too_many_scans),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_kinds_that_we_cannot_read),
		cmocka_unit_test(test_orientations),
		cmocka_unit_test(test_exif_that_makes_no_sense),
		cmocka_unit_test(test_reduced_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
