// SPDX-License-Identifier: GPL-3.0-or-later
// The six Netpbm formats: read to the letter of their specification, and refused where they are cut off or say more
// than one picture.
#include "tests/harness.h"

#include <glib.h>
#include <string.h>

#include "scan/decode.h"

static struct page_image *decode(const void *bytes, size_t size, GError **error)
{
	const struct scan_limits limits = {.max_pixels = 10000, .max_side_px = 1000};
	g_autofree uint8_t *copy = g_memdup2(bytes, size); // a reader beyond the end is noticed
	struct scan_document *document = scan_document_new(copy, size, &limits, error);
	if (!document)
		return NULL;
	assert_int_equal(scan_document_pages(document), 1);
	struct page_image *image = scan_document_decode(document, 0, error);
	scan_document_free(document);
	return image;
}

struct picture {
	const char *bytes;
	size_t size;
	uint8_t pixels[6]; // 3 wide, 2 high
};

#define TEXT(text) text, sizeof(text) - 1

static const struct picture PICTURES[] = {
	{TEXT("P1\n3 2\n0 1 0\n1 1 0\n"), {255, 0, 255, 0, 0, 255}},
	{TEXT("P1 3 2 010110"), {255, 0, 255, 0, 0, 255}},
	{TEXT("P1 # a comment\n3 # another\n2\n010\n# and one\n110"), {255, 0, 255, 0, 0, 255}},
	{TEXT("P2\n3 2\n15\n0 1 2\n3 14 15\n"), {0, 17, 34, 51, 238, 255}},
	{TEXT("P2 3 2 65535 0 257 514 771 65278 65535"), {0, 1, 2, 3, 254, 255}},
	{TEXT("P3 3 2 255 0 0 0 9 9 9 255 255 255 255 0 0 0 255 0 0 0 255"), {0, 9, 255, 76, 150, 29}},
	{TEXT("P4\n3 2\n\x40\xc0"), {255, 0, 255, 0, 0, 255}},
	{TEXT("P5\n3 2\n255\n\x00\x01#\x80\xfe\xff"), {0, 1, 35, 128, 254, 255}},
	{TEXT("P5 3 2 65535 \x00\x00\x01\x01\x02\x02\x80\x80\xfe\xfe\xff\xff"), {0, 1, 2, 128, 254, 255}},
	{TEXT("P6 3 2 1 \0\0\0\1\1\1\0\0\0\1\1\1\1\0\0\0\1\0"), {0, 255, 0, 255, 76, 150}},
};

static void test_pictures(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(PICTURES); i++) {
		g_autoptr(GError) error = NULL;
		struct page_image *image = decode(PICTURES[i].bytes, PICTURES[i].size, &error);
		if (!image) {
			fail_msg("%zu: %s", i, error->message);
			return;
		}
		assert_int_equal(image->width_px, 3);
		assert_int_equal(image->height_px, 2);
		assert_memory_equal(image->pixels, PICTURES[i].pixels, 6);
		page_image_free(image);
	}
}

static void test_cut_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(PICTURES); i++) {
		const struct picture *picture = &PICTURES[i];
		size_t size = picture->size;
		// Without the last number of a text, of which any digit might be the last.
		bool text = picture->bytes[1] <= '3';
		while (text && g_ascii_isspace(picture->bytes[size - 1]))
			size--;
		while (text && !g_ascii_isspace(picture->bytes[size - 1]))
			size--;
		for (size_t cut = 3; cut < size; cut++) {
			g_autoptr(GError) error = NULL;
			struct page_image *image = decode(picture->bytes, cut, &error);
			if (image)
				fail_msg("picture %zu read from %zu bytes", i, cut);
			assert_non_null(error);
		}
	}
}

static void assert_refused(const char *bytes, enum scan_error code)
{
	g_autoptr(GError) error = NULL;
	assert_null(decode(bytes, strlen(bytes), &error));
	if (!g_error_matches(error, SCAN_ERROR, (int)code))
		fail_msg("%s: %s", bytes, error->message);
}

static void test_refused(void **state)
{
	(void)state;
	assert_refused("P5 3 2 0 abcdef", SCAN_ERROR_DAMAGED);
	assert_refused("P5 3 2 65536 abcdefghijkl", SCAN_ERROR_DAMAGED);
	assert_refused("P2 3 2 9 1 2 3 4 5 10", SCAN_ERROR_DAMAGED);
	assert_refused("P1 3 2 010112", SCAN_ERROR_DAMAGED);
	assert_refused("P2 -3 2 9 1 2 3 4 5 6", SCAN_ERROR_DAMAGED);
	assert_refused("P5 99999999999 2 255 a", SCAN_ERROR_DAMAGED);
	assert_refused("P5 0 2 255 ", SCAN_ERROR_TOO_LARGE);
	assert_refused("P5 1001 1 255 a", SCAN_ERROR_TOO_LARGE);
	assert_refused("P5 1 1 255 aP5 1 1 255 b", SCAN_ERROR_DAMAGED);
	assert_refused("P7 1 1 255 a", SCAN_ERROR_UNREADABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
