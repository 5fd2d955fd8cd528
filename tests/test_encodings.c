// SPDX-License-Identifier: GPL-3.0-or-later
// The same pages in every encoding that scanners deliver: the pixels where nothing is lost, the same marks where
// something is. Bilevel encodings are held against the page after thresholding, whose marks must be the grey page's.
#include "tests/harness.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "detect/page.h"
#include "scan/decode.h"
#include "sheet/exam_file.h"
#include "tests/pdf_files.h"
#include "tests/pictures.h"
#include "tests/tiff_files.h"

#define THRESHOLD 150
#define FEW_PAGES 6
#define MOST_PAGES 48

// Sound scans of the bundled stack.
static const char *const SCANS[FEW_PAGES] = {"fixtures/scans/scan0003.jpg", "fixtures/scans/scan0005.jpg",
	"fixtures/scans/scan0013.jpg", "fixtures/scans/scan0001.jpg", "fixtures/scans/scan0012.jpg",
	"fixtures/scans/scan0014.jpg"};

// Six bundled scans, or with SHEAF_ENCODING_PAGES as many new ones (`make test-encodings` takes 48).
static int n_pages = FEW_PAGES;

struct setting {
	struct exam *exam;
	struct layout *layout;
	struct detector *detector;
	struct page_image *grey[MOST_PAGES], *bilevel[MOST_PAGES];
	char *marks[MOST_PAGES];
};

// What marks.csv would say of the page.
static char *marks_of(const struct setting *setting, const struct page_image *image)
{
	const struct grey_view view = {image->pixels, image->width_px, image->height_px, image->width_px};
	ANSWERS_AUTO answers = detect_page(setting->detector, &view, NULL);
	GString *text = g_string_new(NULL);
	g_string_append_printf(
		text, "%d %s %s %u\n", answers->outcome, answers->detail, answers->student, answers->page);
	for (unsigned i = 0; i < answers->n_marks; i++) {
		const struct answers_mark *mark = &answers->marks[i];
		g_autofree char *choices = answers_choices_text(setting->layout, mark->item, mark->marked);
		g_string_append_printf(text, "%u %s %d\n", mark->item, choices, mark->review);
	}
	return g_string_free(text, FALSE);
}

static struct page_image *decode_page(const GByteArray *bytes, unsigned page, unsigned of)
{
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	GError *error = NULL;
	struct scan_document *document = scan_document_new(bytes->data, bytes->len, &limits, &error);
	if (!document)
		fail_msg("%s", error->message);
	assert_int_equal(scan_document_pages(document), of);
	struct page_image *image = scan_document_decode(document, page, &error);
	if (!image)
		fail_msg("page %u: %s", page, error->message);
	scan_document_free(document);
	return image;
}

static struct page_image *threshold(const struct page_image *image)
{
	struct page_image *out = page_image_new(image->width_px, image->height_px);
	for (int i = 0; i < image->width_px * image->height_px; i++)
		out->pixels[i] = image->pixels[i] < THRESHOLD ? 0 : 255;
	return out;
}

// Makes a stack of scans of dark pens, which a threshold leaves as they are. Returns its folder, owned by the caller.
static char *simulate(int pages)
{
	char *folder = g_dir_make_tmp("sheaf-encodings-XXXXXX", NULL);
	g_autofree char *plan = g_build_filename(folder, "plan.csv", NULL);
	g_autofree char *roster = g_build_filename(folder, "students.csv", NULL);
	g_autofree char *count = g_strdup_printf("%d", pages);
	g_autoptr(GString) students = g_string_new("student_id,name\n"),
			   rows = g_string_new("student_id,item,marked,kind\n");
	for (int i = 1; i <= (pages + 1) / 2; i++) {
		g_string_append_printf(students, "%04d,Student %d\n", i, i);
		g_string_append_printf(rows, "%04d,*,random,fill\n%04d,pen,,black pen\n", i, i);
	}
	assert_true(
		g_file_set_contents(plan, rows->str, -1, NULL) && g_file_set_contents(roster, students->str, -1, NULL));
	const char *const argv[] = {SIMULATE_PROGRAM, "fixtures/cs182-midterm.yaml", "--roster", roster, "--plan", plan,
		"-o", folder, "--profile", "clean", "--dpi", "150", "--pages", count, "--real", "none", NULL};
	int status = -1;
	assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL));
	assert_int_equal(status, 0);
	return folder;
}

static char *scan_path(const char *folder, int i)
{
	if (!folder)
		return g_strdup(SCANS[i]);
	g_autofree char *name = g_strdup_printf("%04d.jpg", i + 1);
	return g_build_filename(folder, "scans", name, NULL);
}

static int set_up(void **state)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	setting->layout = layout_new(setting->exam, NULL);
	setting->detector = detector_new(setting->layout);
	const char *wanted = g_getenv("SHEAF_ENCODING_PAGES");
	n_pages = wanted ? CLAMP(atoi(wanted), 1, MOST_PAGES) : FEW_PAGES;
	g_autofree char *folder = wanted ? simulate(n_pages) : NULL;
	for (int i = 0; i < n_pages; i++) {
		char *bytes;
		gsize size;
		g_autofree char *path = scan_path(folder, i);
		if (!g_file_get_contents(path, &bytes, &size, NULL))
			return -1;
		g_autoptr(GByteArray) file = g_byte_array_new_take((guint8 *)bytes, size);
		setting->grey[i] = decode_page(file, 0, 1);
		setting->bilevel[i] = threshold(setting->grey[i]);
		setting->marks[i] = marks_of(setting, setting->grey[i]);
		assert_int_equal(setting->marks[i][0], '0' + ANSWERS_READ);
	}
	*state = setting;
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	for (int i = 0; i < n_pages; i++) {
		page_image_free(setting->grey[i]);
		page_image_free(setting->bilevel[i]);
		g_free(setting->marks[i]);
	}
	detector_free(setting->detector);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

enum content { GREY, GREY_LOSSY, BILEVEL, BILEVEL_LOSSY };

static void assert_same(
	const struct setting *setting, int page, const struct page_image *image, enum content content, const char *name)
{
	const bool bilevel = content >= BILEVEL;
	const struct page_image *expected = bilevel ? setting->bilevel[page] : setting->grey[page];
	if (content == GREY || content == BILEVEL) {
		assert_int_equal(image->width_px, expected->width_px);
		assert_int_equal(image->height_px, expected->height_px);
		if (memcmp(image->pixels, expected->pixels, (size_t)image->width_px * (size_t)image->height_px) != 0)
			fail_msg("%s, page %d: other pixels", name, page);
	}
	// Same pixels, same marks: the grey page's own were read when setting up.
	if (content == GREY)
		return;
	g_autofree char *marks = marks_of(setting, image);
	if (strcmp(marks, setting->marks[page]) != 0)
		fail_msg("%s, page %d: other marks:\n%s\nand not\n%s", name, page, marks, setting->marks[page]);
}

// Rows of 1 bit, 0 for black, or 1 for it.
static uint8_t *pack_bits(const struct page_image *image, bool black_is_1)
{
	const size_t row = ((size_t)image->width_px + 7) / 8;
	uint8_t *bits = g_malloc0(row * (size_t)image->height_px);
	for (int y = 0; y < image->height_px; y++)
		for (int x = 0; x < image->width_px; x++)
			if ((image->pixels[(ptrdiff_t)y * image->width_px + x] == 0) == black_is_1)
				bits[(size_t)y * row + (size_t)x / 8] |= (uint8_t)(0x80 >> x % 8);
	return bits;
}

// Every sample of the image n times, in 8 or 16 bits.
static uint8_t *repeat(const struct page_image *image, size_t n)
{
	const size_t pixels = (size_t)image->width_px * (size_t)image->height_px;
	uint8_t *out = g_malloc(pixels * n);
	for (size_t i = 0; i < pixels; i++)
		memset(out + i * n, image->pixels[i], n);
	return out;
}

static void test_tiff(void **state)
{
	const struct setting *setting = *state;
	static const struct {
		const char *name, *mode;
		enum content content;
		struct tiff_recipe recipe;
	} KINDS[] = {
		{"G4", "wl", BILEVEL, {.bits = 1, .compression = COMPRESSION_CCITTFAX4}},
		{"G4, black is 0", "wb", BILEVEL, {.bits = 1, .photometric = 1, .compression = COMPRESSION_CCITTFAX4}},
		{"G4 in strips, BigTIFF", "w8", BILEVEL,
			{.bits = 1, .compression = COMPRESSION_CCITTFAX4, .rows_per_strip = 128}},
		{"G3", "w", BILEVEL, {.bits = 1, .compression = COMPRESSION_CCITTFAX3}},
		{"G3 in two dimensions", "w", BILEVEL,
			{.bits = 1, .compression = COMPRESSION_CCITTFAX3, .fax_options = GROUP3OPT_2DENCODING}},
		{"bits, PackBits", "w", BILEVEL, {.bits = 1, .compression = COMPRESSION_PACKBITS}},
		{"bits, not packed", "wb", BILEVEL, {.bits = 1, .photometric = 1}},
		{"grey, not packed", "wl", GREY, {.bits = 8, .photometric = 1}},
		{"grey, LZW, strips", "wb", GREY,
			{.bits = 8, .photometric = 1, .compression = COMPRESSION_LZW, .rows_per_strip = 16}},
		{"grey, Deflate, tiles", "w", GREY,
			{.bits = 8, .photometric = 1, .compression = COMPRESSION_ADOBE_DEFLATE, .tile = 256}},
		{"16-bit grey", "wb", GREY, {.bits = 16, .photometric = 1, .compression = COMPRESSION_LZW}},
		{"RGB, LZW", "wl", GREY,
			{.bits = 8, .samples = 3, .photometric = PHOTOMETRIC_RGB, .compression = COMPRESSION_LZW}},
		{"RGB, Deflate, strips", "w8", GREY,
			{.bits = 8,
				.samples = 3,
				.photometric = PHOTOMETRIC_RGB,
				.compression = COMPRESSION_ADOBE_DEFLATE,
				.rows_per_strip = 16}},
		{"JPEG", "w", GREY_LOSSY,
			{.bits = 8, .photometric = 1, .compression = COMPRESSION_JPEG, .rows_per_strip = 16}},
		{"JPEG, YCbCr", "w", GREY_LOSSY,
			{.bits = 8,
				.samples = 3,
				.photometric = PHOTOMETRIC_YCBCR,
				.compression = COMPRESSION_JPEG,
				.rows_per_strip = 64}},
	};
	for (size_t k = 0; k < G_N_ELEMENTS(KINDS); k++) {
		struct tiff_recipe pages[MOST_PAGES];
		uint8_t *rows[MOST_PAGES] = {NULL};
		for (int i = 0; i < n_pages; i++) {
			pages[i] = KINDS[k].recipe;
			const struct page_image *image = setting->grey[i];
			const size_t samples = pages[i].samples ? pages[i].samples : 1;
			pages[i].width = (uint32_t)image->width_px;
			pages[i].height = (uint32_t)image->height_px;
			rows[i] = pages[i].bits == 1 ? pack_bits(setting->bilevel[i], pages[i].photometric == 0)
						     : repeat(image, samples * pages[i].bits / 8);
			pages[i].rows = rows[i];
		}
		g_autoptr(GByteArray) tiff = tiff_file(pages, (unsigned)n_pages, KINDS[k].mode);
		for (int i = 0; i < n_pages; i++) {
			struct page_image *image = decode_page(tiff, (unsigned)i, (unsigned)n_pages);
			assert_same(setting, i, image, KINDS[k].content, KINDS[k].name);
			page_image_free(image);
			g_free(rows[i]);
		}
	}
}

enum pdf_kind {
	PDF_JPEG,
	PDF_FLATE,
	PDF_RAW_RGB,
	PDF_BITS,
	PDF_STENCIL,
	PDF_FAX,
	PDF_FAX_BLACK_1,
	PDF_RENDERED,
	PDF_KINDS
};

// The image as libtiff packs it: the only strip of a file of one page, which stands between its head and its directory.
static GByteArray *packed(const struct page_image *image, uint16_t bits, const uint8_t *rows, uint16_t compression)
{
	const struct tiff_recipe recipe = {.width = (uint32_t)image->width_px,
		.height = (uint32_t)image->height_px,
		.bits = bits,
		.compression = compression,
		.rows = rows};
	g_autoptr(GByteArray) tiff = tiff_file(&recipe, 1, "wl");
	uint32_t directory;
	memcpy(&directory, tiff->data + 4, 4);
	GByteArray *out = g_byte_array_new();
	g_byte_array_append(out, tiff->data + 8, GUINT32_FROM_LE(directory) - 8);
	return out;
}

static GByteArray *image_data(const struct setting *setting, int page, enum pdf_kind kind)
{
	const struct page_image *grey = setting->grey[page], *bilevel = setting->bilevel[page];
	const bool fax = kind == PDF_FAX || kind == PDF_FAX_BLACK_1;
	g_autofree uint8_t *bits = pack_bits(bilevel, fax);
	if (fax)
		return packed(bilevel, 1, bits, COMPRESSION_CCITTFAX4);
	if (kind == PDF_BITS || kind == PDF_STENCIL)
		return packed(bilevel, 1, bits, COMPRESSION_ADOBE_DEFLATE);
	if (kind == PDF_JPEG)
		return pictures_grey_jpeg(grey->width_px, grey->height_px, grey->pixels, 85);
	if (kind != PDF_RAW_RGB)
		return packed(grey, 8, grey->pixels, COMPRESSION_ADOBE_DEFLATE);
	return g_byte_array_new_take(repeat(grey, 3), (gsize)grey->width_px * (gsize)grey->height_px * 3);
}

// Appends an image object and returns its number.
static unsigned add_image(struct pdf_file *file, const struct setting *setting, int page, enum pdf_kind kind)
{
	static const char *const ENTRIES[PDF_KINDS] = {
		"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
		"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
		"/ColorSpace /DeviceRGB /BitsPerComponent 8",
		"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter [/FlateDecode]",
		"/ImageMask true /Filter /FlateDecode",
		"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d "
		">>",
		"/ColorSpace /DeviceGray /BitsPerComponent 1 /Decode [1 0] /Filter [/CCITTFaxDecode] "
		"/DecodeParms [<< /K -1 /BlackIs1 true /Columns %d >>]",
		"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
	};
	const struct page_image *grey = setting->grey[page];
	g_autoptr(GByteArray) data = image_data(setting, page, kind);
	g_autofree char *size = g_strdup_printf(
		"/Type /XObject /Subtype /Image /Width %d /Height %d ", grey->width_px, grey->height_px);
	GString *entries = g_string_new(ENTRIES[kind]);
	g_autofree char *columns = g_strdup_printf("%d", grey->width_px);
	g_string_replace(entries, "%d", columns, 0);
	g_string_prepend(entries, size);
	unsigned number = pdf_file_stream(file, entries->str, data->data, data->len);
	g_string_free(entries, TRUE);
	return number;
}

static void test_pdf(void **state)
{
	const struct setting *setting = *state;
	static const enum content CONTENTS[PDF_KINDS] = {
		GREY_LOSSY, GREY, GREY, BILEVEL, BILEVEL, BILEVEL, BILEVEL, GREY_LOSSY};
	for (enum pdf_kind kind = 0; kind < PDF_KINDS; kind++) {
		struct pdf_file *file = pdf_file_new();
		for (int i = 0; i < n_pages; i++) {
			const double width = setting->grey[i]->width_px * 0.48,
				     height = setting->grey[i]->height_px * 0.48;
			unsigned image = add_image(file, setting, i, kind);
			g_autofree char *content = g_strdup_printf("q %g 0 0 %g 0 0 cm /Im0 Do Q%s", width, height,
				kind == PDF_RENDERED ? " 1 1 m 2 2 l S" : "");
			g_autofree char *entries =
				g_strdup_printf("/Contents %u 0 R /Resources << /XObject << /Im0 %u 0 R >> >>",
					pdf_file_stream(file, "", content, strlen(content)), image);
			pdf_file_page(file, width, height, entries);
		}
		g_autoptr(GByteArray) pdf = pdf_file_finish(file);
		g_autofree char *name = g_strdup_printf("PDF %d", kind);
		for (int i = 0; i < n_pages; i++) {
			struct page_image *image = decode_page(pdf, (unsigned)i, (unsigned)n_pages);
			assert_same(setting, i, image, CONTENTS[kind], name);
			page_image_free(image);
		}
	}
}

static GByteArray *netpbm(const char *kind, const struct page_image *image, const void *samples, size_t size)
{
	GByteArray *out = g_byte_array_new();
	g_autofree char *head = g_strdup_printf("%s\n# made by a test\n%d %d\n%s", kind, image->width_px,
		image->height_px, strcmp(kind, "P4") == 0 ? "" : "255\n");
	g_byte_array_append(out, (const guint8 *)head, (guint)strlen(head));
	g_byte_array_append(out, samples, (guint)size);
	return out;
}

static void test_single_pictures(void **state)
{
	const struct setting *setting = *state;
	for (int i = 0; i < n_pages; i++) {
		const struct page_image *grey = setting->grey[i], *bilevel = setting->bilevel[i];
		const size_t pixels = (size_t)grey->width_px * (size_t)grey->height_px;
		const size_t bits_size = ((size_t)grey->width_px + 7) / 8 * (size_t)grey->height_px;
		g_autofree uint8_t *rgb = repeat(grey, 3), *wide = repeat(grey, 2), *bits = pack_bits(bilevel, true),
				   *white = pack_bits(bilevel, false);
		struct pictures_png png = {.width_px = grey->width_px, .height_px = grey->height_px, .depth = 8};
		struct pictures_png colour = png, deep = png, bit = png;
		png.rows = grey->pixels;
		colour.colour_type = 2;
		colour.rows = rgb;
		deep.depth = 16;
		deep.rows = wide;
		bit.depth = 1;
		bit.rows = white;
		const struct {
			const char *name;
			enum content content;
			GByteArray *bytes;
		} FILES[] = {
			{"PNG", GREY, pictures_png(&png)},
			{"PNG, RGB", GREY, pictures_png(&colour)},
			{"PNG, 16 bits", GREY, pictures_png(&deep)},
			{"PNG, 1 bit", BILEVEL, pictures_png(&bit)},
			{"JPEG", GREY_LOSSY, pictures_grey_jpeg(grey->width_px, grey->height_px, grey->pixels, 80)},
			{"PBM", BILEVEL, netpbm("P4", grey, bits, bits_size)},
			{"PGM", GREY, netpbm("P5", grey, grey->pixels, pixels)},
			{"PPM", GREY, netpbm("P6", grey, rgb, pixels * 3)},
		};
		for (size_t k = 0; k < G_N_ELEMENTS(FILES); k++) {
			struct page_image *image = decode_page(FILES[k].bytes, 0, 1);
			assert_same(setting, i, image, FILES[k].content, FILES[k].name);
			page_image_free(image);
			g_byte_array_unref(FILES[k].bytes);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tiff),
		cmocka_unit_test(test_pdf),
		cmocka_unit_test(test_single_pictures),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
