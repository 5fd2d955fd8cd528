// SPDX-License-Identifier: GPL-3.0-or-later
// PDF files as scanners write them, whose images must come out as they went in; others, which are rendered; and damaged
// ones, of which no page may be taken for sound, and none be lost without a word.
#include "tests/harness.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "scan/decode.h"
#include "tests/pdf_files.h"
#include "tests/pictures.h"

// Of a page of 8.5 by 11 inches, 10 dots an inch.
#define WIDTH 85
#define HEIGHT 110
#define PIXELS (WIDTH * HEIGHT)
#define PLACED "q 612 0 0 792 0 0 cm /Im0 Do Q"
#define IMAGE "/Type /XObject /Subtype /Image /Width 85 /Height 110 "
#define GREY IMAGE "/BitsPerComponent 8 /ColorSpace /DeviceGray "

static struct scan_document *open_bytes(const uint8_t *bytes, size_t size, GError **error)
{
	const struct scan_limits limits = {.max_pixels = 9 * 1000 * 1000, .max_side_px = 4000};
	return scan_document_new(bytes, size, &limits, error);
}

static struct page_image *decode_page(const GByteArray *pdf, unsigned page, unsigned of)
{
	GError *error = NULL;
	struct scan_document *document = open_bytes(pdf->data, pdf->len, &error);
	if (!document)
		fail_msg("%s", error->message);
	assert_int_equal(scan_document_pages(document), of);
	struct page_image *image = scan_document_decode(document, page, &error);
	if (!image)
		fail_msg("page %u: %s", page, error->message);
	scan_document_free(document);
	return image;
}

static void assert_error(const GByteArray *pdf, unsigned page, unsigned of, enum scan_error code)
{
	struct scan_document *document = open_bytes(pdf->data, pdf->len, NULL);
	assert_non_null(document);
	assert_int_equal(scan_document_pages(document), of);
	g_autoptr(GError) error = NULL;
	assert_null(scan_document_decode(document, page, &error));
	assert_true(g_error_matches(error, SCAN_ERROR, (int)code));
	scan_document_free(document);
}

static void make_grey(uint8_t *pixels)
{
	for (int i = 0; i < PIXELS; i++)
		pixels[i] = (uint8_t)(i % WIDTH + i / WIDTH + i * 7 % 23);
}

static GByteArray *one_page(
	const char *image_entries, const void *bytes, size_t size, const char *content, const char *page_entries)
{
	struct pdf_file *file = pdf_file_new();
	unsigned image = pdf_file_stream(file, image_entries, bytes, size);
	pdf_file_image_page(file, image, content, page_entries);
	return pdf_file_finish(file);
}

static void assert_grey(const GByteArray *pdf, const uint8_t *expected)
{
	struct page_image *image = decode_page(pdf, 0, 1);
	assert_int_equal(image->width_px, WIDTH);
	assert_int_equal(image->height_px, HEIGHT);
	assert_memory_equal(image->pixels, expected, PIXELS);
	page_image_free(image);
}

// True if the page was rendered: it then has at least 150 dots an inch.
static bool is_rendered(const GByteArray *pdf)
{
	struct page_image *image = decode_page(pdf, 0, 1);
	bool rendered = image->width_px >= 1275;
	page_image_free(image);
	return rendered;
}

static void test_image_comes_out_as_it_went_in(void **state)
{
	(void)state;
	uint8_t pixels[PIXELS], turned[PIXELS];
	make_grey(pixels);
	for (int i = 0; i < PIXELS; i++)
		turned[i] = (uint8_t)(255 - pixels[i]);
	static const char *const CONTENTS[] = {PLACED, "612 0 0 792 0 0 cm\n/Im0 Do",
		"q 1 0 0 1 0 0 cm 0 0 612 792 re W n 612 0 0 792 0 0 cm % a comment\n/Im0 Do Q",
		"q .1 0 0 .1 0 0 cm 0 g q 6120 0 0 7920 0 0 cm /Im0 Do Q Q",
		"/P <</MCID 0>> BDC q 610 0 0 790 1 1 cm /Im0 Do Q EMC",
		"q 612 0 0 792 0 0 cm /Im0 Do Q BT 3 Tr /F1 9 Tf 72 700 Td (a \\) \\(b) Tj [(c) -20 <6465>] TJ ET"};
	for (size_t i = 0; i < G_N_ELEMENTS(CONTENTS); i++) {
		g_autoptr(GByteArray) pdf = one_page(GREY, pixels, PIXELS, CONTENTS[i], "");
		assert_grey(pdf, pixels);
	}
	g_autoptr(GByteArray) calibrated = one_page(
		IMAGE "/BitsPerComponent 8 /ColorSpace [/CalGray <</WhitePoint [1 1 1]>>]", pixels, PIXELS, PLACED, "");
	assert_grey(calibrated, pixels);
	g_autoptr(GByteArray) inverted = one_page(GREY "/Decode [1 0]", pixels, PIXELS, PLACED, "");
	assert_grey(inverted, turned);
	g_autoptr(GByteArray) indexed = one_page(
		IMAGE "/BitsPerComponent 1 /ColorSpace [/Indexed /DeviceGray 1 <40C0>]", pixels, PIXELS, PLACED, "");
	struct page_image *image = decode_page(indexed, 0, 1);
	for (int x = 0; x < WIDTH; x++)
		assert_int_equal(image->pixels[x], pixels[x / 8] >> (7 - x % 8) & 1 ? 0xc0 : 0x40);
	page_image_free(image);
}

static void test_jpeg_is_decoded_by_our_decoder(void **state)
{
	(void)state;
	uint8_t pixels[PIXELS];
	make_grey(pixels);
	g_autoptr(GByteArray) jpeg = pictures_grey_jpeg(WIDTH, HEIGHT, pixels, 90);
	struct scan_document *document = open_bytes(jpeg->data, jpeg->len, NULL);
	struct page_image *alone = scan_document_decode(document, 0, NULL);
	scan_document_free(document);
	g_autoptr(GByteArray) pdf = one_page(GREY "/Filter /DCTDecode", jpeg->data, jpeg->len, PLACED, "");
	assert_grey(pdf, alone->pixels);
	page_image_free(alone);
	for (guint size = 3; size < jpeg->len; size += 97) {
		g_autoptr(GByteArray) cut = one_page(GREY "/Filter [/DCTDecode]", jpeg->data, size, PLACED, "");
		assert_error(cut, 0, 1, SCAN_ERROR_DAMAGED);
	}
}

static void test_raster_too_short(void **state)
{
	(void)state;
	uint8_t pixels[PIXELS];
	make_grey(pixels);
	g_autoptr(GByteArray) pdf = one_page(GREY, pixels, PIXELS - 1, PLACED, "");
	assert_error(pdf, 0, 1, SCAN_ERROR_DAMAGED);
}

// Rendering the same page must show the same way up as taking its image out.
static void test_turned_pages(void **state)
{
	(void)state;
	static const char *const PLACES[] = {"612 0 0 792 0 0", "-612 0 0 792 612 0", "-612 0 0 -792 612 792",
		"612 0 0 -792 0 792", "0 792 612 0 0 0", "0 -792 612 0 0 792", "0 792 -612 0 612 0",
		"0 -792 -612 0 612 792"};
	// Each quarter of the image has its own grey.
	static const uint8_t QUARTERS[2][2] = {{0, 80}, {160, 240}};
	enum { SIDE = 64 };
	uint8_t pixels[SIDE * SIDE];
	for (int i = 0; i < SIDE * SIDE; i++)
		pixels[i] = QUARTERS[i / SIDE >= SIDE / 2][i % SIDE >= SIDE / 2];
	for (size_t p = 0; p < G_N_ELEMENTS(PLACES); p++)
		for (int rotate = -90; rotate <= 450; rotate += 90) {
			struct page_image *images[2];
			for (int rendered = 0; rendered < 2; rendered++) {
				struct pdf_file *file = pdf_file_new();
				unsigned image = pdf_file_stream(file,
					"/Type /XObject /Subtype /Image /Width 64 /Height 64 /BitsPerComponent 8 "
					"/ColorSpace /DeviceGray",
					pixels, sizeof pixels);
				// A stroke outside of the page has to be rendered, and is not seen.
				g_autofree char *content = g_strdup_printf("q %s cm /Im0 Do Q %s",
					p < 4 ? "792 0 0 792 0 0" : "0 792 792 0 0 0",
					rendered ? "900 900 m 950 950 l S" : "");
				g_autofree char *entries = g_strdup_printf("/Contents %u 0 R /Rotate %d /Resources "
									   "<< /XObject << /Im0 %u 0 R >> >>",
					pdf_file_stream(file, "", content, strlen(content)), rotate, image);
				pdf_file_page(file, 792, 792, entries);
				g_autoptr(GByteArray) pdf = pdf_file_finish(file);
				images[rendered] = decode_page(pdf, 0, 1);
			}
			assert_int_equal(images[0]->width_px, SIDE);
			assert_true(images[1]->width_px > SIDE);
			for (int y = 1; y < 4; y += 2)
				for (int x = 1; x < 4; x += 2)
					assert_int_equal(images[0]->pixels[y * SIDE / 4 * SIDE + x * SIDE / 4],
						images[1]->pixels[y * images[1]->height_px / 4 * images[1]->width_px +
								  x * images[1]->width_px / 4]);
			page_image_free(images[0]);
			page_image_free(images[1]);
		}
}

static void test_rendered(void **state)
{
	(void)state;
	uint8_t pixels[PIXELS];
	make_grey(pixels);
	// Something seen beside the image, an image that does not fill the page, one that is cut, askew, drawn twice or
	// hidden.
	static const char *const CONTENTS[] = {PLACED " 0 0 50 50 re f", PLACED " 10 10 m 60 60 l S",
		"q 500 0 0 700 50 50 cm /Im0 Do Q", PLACED " " PLACED,
		"q 0 0 300 792 re W n 612 0 0 792 0 0 cm /Im0 Do Q", "q 600 30 -30 780 10 5 cm /Im0 Do Q",
		"/OC /Layer BDC " PLACED " EMC", "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q", "", "q"};
	for (size_t i = 0; i < G_N_ELEMENTS(CONTENTS); i++) {
		g_autoptr(GByteArray) pdf = one_page(GREY, pixels, PIXELS, CONTENTS[i], "");
		if (!is_rendered(pdf))
			fail_msg("%s", CONTENTS[i]);
	}
	struct pdf_file *file = pdf_file_new();
	const char *text = PLACED " BT /F1 9 Tf (seen) Tj ET";
	g_autofree char *entries =
		g_strdup_printf("/Contents %u 0 R /Resources << /XObject << /Im0 %u 0 R >> /Font << /F1 << /Type /Font "
				"/Subtype /Type1 /BaseFont /Helvetica >> >> >>",
			pdf_file_stream(file, "", text, strlen(text)), pdf_file_stream(file, GREY, pixels, PIXELS));
	pdf_file_page(file, 612, 792, entries);
	g_autoptr(GByteArray) written_on = pdf_file_finish(file);
	assert_true(is_rendered(written_on));
	g_autoptr(GByteArray) masked = one_page(GREY "/Mask [0 9]", pixels, PIXELS, PLACED, "");
	assert_true(is_rendered(masked));
	g_autoptr(GByteArray) cropped = one_page(GREY, pixels, PIXELS, PLACED, "/CropBox [0 0 612 500]");
	assert_true(is_rendered(cropped));
	g_autoptr(GByteArray) noted = one_page(
		GREY, pixels, PIXELS, PLACED, "/Annots [<< /Type /Annot /Subtype /Square /Rect [9 9 99 99] >>]");
	assert_true(is_rendered(noted));
}

// Two images, one above the other, and the lower one lacks its end: poppler would show the page all the same.
static void test_damage_on_a_rendered_page(void **state)
{
	(void)state;
	uint8_t pixels[PIXELS];
	make_grey(pixels);
	g_autoptr(GByteArray) jpeg = pictures_grey_jpeg(WIDTH, HEIGHT, pixels, 90);
	static const char *const CONTENT = "q 612 0 0 396 0 396 cm /Im0 Do Q q 612 0 0 396 0 0 cm /Im1 Do Q";
	for (int kind = 0; kind < 4; kind++) {
		struct pdf_file *file = pdf_file_new();
		unsigned above = pdf_file_stream(file, GREY, pixels, PIXELS);
		bool raster = kind < 2, whole = kind % 2 == 0;
		size_t size = raster ? PIXELS : jpeg->len;
		unsigned below = pdf_file_stream(file, raster ? GREY : GREY "/Filter /DCTDecode",
			raster ? pixels : jpeg->data, whole ? size : size / 2);
		g_autofree char *entries =
			g_strdup_printf("/Contents %u 0 R /Resources << /XObject << /Im0 %u 0 R /Im1 %u 0 R >> >>",
				pdf_file_stream(file, "", CONTENT, strlen(CONTENT)), above, below);
		pdf_file_page(file, 612, 792, entries);
		g_autoptr(GByteArray) pdf = pdf_file_finish(file);
		if (whole)
			assert_true(is_rendered(pdf));
		else
			assert_error(pdf, 0, 1, SCAN_ERROR_DAMAGED);
	}
}

static GByteArray *three_pages(const uint8_t *pixels)
{
	struct pdf_file *file = pdf_file_new();
	for (int i = 0; i < 3; i++) {
		unsigned image = pdf_file_stream(file, GREY, pixels + i, PIXELS);
		pdf_file_image_page(file, image, PLACED, "");
	}
	return pdf_file_finish(file);
}

// Of a file cut off anywhere, no page reads differently, and not all pages read.
static void test_cut_off_anywhere(void **state)
{
	(void)state;
	uint8_t pixels[PIXELS + 2];
	make_grey(pixels);
	pixels[PIXELS] = pixels[PIXELS + 1] = 9;
	g_autoptr(GByteArray) pdf = three_pages(pixels);
	// Less than that, and only white space is missing at the end.
	for (size_t size = 5; size<pdf->len - 6; size += pdf->len - size> 700 ? 211 : 7) {
		g_autofree uint8_t *bytes = g_memdup2(pdf->data, size);
		struct scan_document *document = open_bytes(bytes, size, NULL);
		unsigned n = document ? scan_document_pages(document) : 0, sound = 0;
		for (unsigned i = 0; i < n; i++) {
			g_autoptr(GError) error = NULL;
			struct page_image *image = scan_document_decode(document, i, &error);
			assert_true((image == NULL) == (error != NULL));
			if (image && i < 3)
				assert_memory_equal(image->pixels, pixels + i, PIXELS);
			sound += image != NULL;
			page_image_free(image);
		}
		if (n > 0 && sound == n)
			fail_msg("%zu of %u bytes passed for a whole file", size, pdf->len);
		scan_document_free(document);
	}
}

static void assert_file_refused(const GByteArray *pdf, const char *message)
{
	g_autoptr(GError) error = NULL;
	struct scan_document *document = open_bytes(pdf->data, pdf->len, &error);
	assert_null(document);
	assert_string_equal(error->message, message);
}

static void test_no_pages(void **state)
{
	(void)state;
	g_autoptr(GByteArray) pdf = pdf_file_finish(pdf_file_new());
	assert_file_refused(pdf, "the PDF file has no pages");
	g_autoptr(GByteArray) rubbish = g_byte_array_new();
	g_byte_array_append(rubbish, (const guint8 *)"%PDF-1.4\nnothing", 16);
	assert_file_refused(rubbish, "the PDF file is cut off or damaged; scan the pages again");
}

// A tree of pages a thousand deep, one that is its own child, and arrays in arrays.
static void test_deep_nesting(void **state)
{
	(void)state;
	struct pdf_file *file = pdf_file_new();
	unsigned node = pdf_file_object(file, "<< /Type /Page /MediaBox [0 0 9 9] >>");
	for (int i = 0; i < 1000; i++) {
		g_autofree char *body = g_strdup_printf("<< /Type /Pages /Count 1 /Kids [%u 0 R] >>", node);
		node = pdf_file_object(file, body);
	}
	g_string_append_printf(file->kids, "%u 0 R", node);
	file->n_pages = 1;
	g_autoptr(GByteArray) deep = pdf_file_finish(file);
	assert_file_refused(deep, "the PDF file is cut off or damaged; scan the pages again");

	file = pdf_file_new();
	g_string_append(file->kids, "2 0 R 2 0 R");
	g_autoptr(GByteArray) circle = pdf_file_finish(file);
	assert_file_refused(circle, "the PDF file is cut off or damaged; scan the pages again");

	file = pdf_file_new();
	g_autoptr(GString) arrays = g_string_new("/Contents ");
	for (int i = 0; i < 20000; i++)
		g_string_append_c(arrays, '[');
	pdf_file_page(file, 72, 72, arrays->str);
	g_autoptr(GByteArray) nested = pdf_file_finish(file);
	struct scan_document *document = open_bytes(nested->data, nested->len, NULL);
	for (unsigned i = 0; document && i < scan_document_pages(document); i++)
		page_image_free(scan_document_decode(document, i, NULL));
	scan_document_free(document);
}

static void test_too_large(void **state)
{
	(void)state;
	g_autoptr(GByteArray) image = one_page("/Type /XObject /Subtype /Image /Width 30000 /Height 30000 "
					       "/BitsPerComponent 8 /ColorSpace /DeviceGray",
		"x", 1, "q 612 0 0 612 0 90 cm /Im0 Do Q", "/CropBox [0 90 612 702]");
	assert_error(image, 0, 1, SCAN_ERROR_TOO_LARGE);
	struct pdf_file *file = pdf_file_new();
	pdf_file_page(file, 14400, 14400, "");
	g_autoptr(GByteArray) poster = pdf_file_finish(file);
	assert_error(poster, 0, 1, SCAN_ERROR_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image_comes_out_as_it_went_in),
		cmocka_unit_test(test_jpeg_is_decoded_by_our_decoder),
		cmocka_unit_test(test_raster_too_short),
		cmocka_unit_test(test_turned_pages),
		cmocka_unit_test(test_rendered),
		cmocka_unit_test(test_damage_on_a_rendered_page),
		cmocka_unit_test(test_cut_off_anywhere),
		cmocka_unit_test(test_no_pages),
		cmocka_unit_test(test_deep_nesting),
		cmocka_unit_test(test_too_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
