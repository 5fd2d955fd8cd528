// SPDX-License-Identifier: GPL-3.0-or-later
// What staff are told of files that are in no format that is read.
#include "tests/harness.h"

#include <glib.h>
#include <string.h>

#include "scan/decode.h"
#include "tests/pictures.h"

#define CANNOT_READ(what) "this is " what ", which this version cannot read; scan to PDF, TIFF, PNG or JPEG"
#define NO_IMAGE "this is not an image that sheaf can read"

static void assert_message(const void *bytes, size_t size, const char *expected)
{
	// A copy of its own length, so that a reader beyond the end is noticed.
	g_autofree uint8_t *copy = g_malloc(MAX(size, 1));
	memcpy(copy, bytes, size);
	g_autoptr(GError) error = NULL;
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	assert_false(scan_is_image(copy, size));
	assert_null(scan_document_new(copy, size, &limits, &error));
	assert_true(g_error_matches(error, SCAN_ERROR, SCAN_ERROR_UNREADABLE));
	assert_string_equal(error->message, expected);
}

static void test_messages(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t size;
		const char *message;
	} files[] = {
		{"", 0, "the file is empty"},
		{"\0", 1, NO_IMAGE},
		{"student_id,name\n0042,Ada\n", 25, NO_IMAGE},
		{"%PD", 3, NO_IMAGE},
		{"II*", 3, NO_IMAGE},
		{"P7\n", 3, NO_IMAGE},
		{"GIF89a", 6, CANNOT_READ("a GIF file")},
		{"GIF87a", 6, CANNOT_READ("a GIF file")},
		{"BM\x36\0\0\0", 6, CANNOT_READ("a BMP file")},
		{"RIFF\x24\0\0\0WEBPVP8 ", 16, CANNOT_READ("a WebP file")},
		{"RIFF\x24\0\0\0WAVEfmt ", 16, NO_IMAGE},
		{"RIFF\x24\0\0\0WEB", 11, NO_IMAGE},
		{"\0\0\0\x18"
		 "ftypheic\0\0\0\0",
			16, CANNOT_READ("an HEIC photo")},
		{"\0\0\0\x18"
		 "ftypmif1\0\0\0\0",
			16, CANNOT_READ("an HEIC photo")},
		{"\xff\xd8", 2, NO_IMAGE},
		{"\x89PNG\r\n\x1a", 7, NO_IMAGE},
		// A PNG that went through a text-mode transfer.
		{"\x89PNG\n\x1a\n", 7, NO_IMAGE},
		{"PK\x03\x04", 4, NO_IMAGE},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		assert_message(files[i].bytes, files[i].size, files[i].message);
}

static void test_format_is_found_by_content(void **state)
{
	(void)state;
	assert_true(scan_is_image((const uint8_t *)"\x89PNG\r\n\x1a\n", 8));
	assert_true(scan_is_image((const uint8_t *)"\xff\xd8\xff\xe0", 4));
	assert_true(scan_is_image((const uint8_t *)"%PDF-1.7\n", 9));
	assert_true(scan_is_image((const uint8_t *)"II*\0\x08\0\0\0", 8));
	assert_true(scan_is_image((const uint8_t *)"MM\0+\0\x08\0\0", 8));
	assert_true(scan_is_image((const uint8_t *)"P5 8 8 255", 10));
	const uint8_t pixels[6] = {0, 50, 100, 150, 200, 255};
	g_autoptr(GByteArray) png = pictures_grey_png(3, 2, pixels);
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	struct scan_document *document = scan_document_new(png->data, png->len, &limits, NULL);
	assert_non_null(document);
	assert_int_equal(scan_document_pages(document), 1);
	// As often as one likes.
	for (int i = 0; i < 2; i++) {
		struct page_image *image = scan_document_decode(document, 0, NULL);
		assert_non_null(image);
		assert_memory_equal(image->pixels, pixels, sizeof pixels);
		page_image_free(image);
	}
	scan_document_free(document);
}

static void test_nothing_to_free(void **state)
{
	(void)state;
	scan_document_free(NULL);
	page_image_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_format_is_found_by_content),
		cmocka_unit_test(test_nothing_to_free),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
