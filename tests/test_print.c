// SPDX-License-Identifier: GPL-3.0-or-later
// The PDF as its readers see it: pages and words by Poppler, codes by ZBar, ink by the pixel.
#include "tests/harness.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <poppler.h>
#include <string.h>
#include <zbar.h>

#include "sheet/code.h"
#include "sheet/exam_file.h"
#include "sheet/print.h"
#include "tests/sheets.h"

#define DPI 150.0
#define UM_AN_INCH 25400.0
#define POINT_UM (UM_AN_INCH / 72)

struct setting {
	struct exam *exam;
	struct layout *layout;
	char *path; // of the PDF
};

static struct setting *load(const char *path)
{
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_load(path, NULL);
	assert_non_null(setting->exam);
	setting->layout = layout_new(setting->exam, NULL);
	assert_non_null(setting->layout);
	setting->path = sheets_temporary(".pdf");
	return setting;
}

static int set_up(void **state)
{
	*state = load("fixtures/cs182-midterm.yaml");
	return 0;
}

static int set_up_a4(void **state)
{
	*state = load("fixtures/exams/letters-a4.yaml");
	return 0;
}

static int tear_down(void **state)
{
	struct setting *setting = *state;
	g_remove(setting->path);
	g_free(setting->path);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
	return 0;
}

static const struct print_sheet SHEETS[] = {
	{.id = "0042", .name = "Ada Lovelace", .place = "Room 155, Seat 12"},
	{.id = "a/b 7%", .name = "Zoë Çelik"},
	{.id = "3f2a-0001", .walk_in = true},
};
#define N_SHEETS G_N_ELEMENTS(SHEETS)

static void print_all(const struct setting *setting)
{
	g_autoptr(GError) error = NULL;
	if (!print_pdf(setting->layout, NULL, SHEETS, N_SHEETS, setting->path, &error))
		fail_msg("%s", error->message);
}

static PopplerDocument *open_pdf(const struct setting *setting)
{
	g_autofree char *uri = g_filename_to_uri(setting->path, NULL, NULL);
	PopplerDocument *document = poppler_document_new_from_file(uri, NULL, NULL);
	assert_non_null(document);
	return document;
}

static char *words_on(PopplerDocument *document, unsigned index)
{
	PopplerPage *page = poppler_document_get_page(document, (int)index);
	char *text = poppler_page_get_text(page);
	g_object_unref(page);
	return text;
}

static void assert_page_size(PopplerDocument *document, const struct layout *layout)
{
	for (int i = 0; i < poppler_document_get_n_pages(document); i++) {
		PopplerPage *page = poppler_document_get_page(document, i);
		double width, height;
		poppler_page_get_size(page, &width, &height);
		assert_true(fabs(width * POINT_UM - layout->width_um) < 20);
		assert_true(fabs(height * POINT_UM - layout->height_um) < 20);
		g_object_unref(page);
	}
}

static void test_pages_and_words(void **state)
{
	const struct setting *setting = *state;
	print_all(setting);
	PopplerDocument *document = open_pdf(setting);
	const unsigned pages = setting->layout->n_pages;
	assert_int_equal(poppler_document_get_n_pages(document), N_SHEETS * pages);
	assert_page_size(document, setting->layout);
	// Its first word: the rest may be broken into lines, and not every machine has every script.
	g_autofree char *title = g_strndup(setting->exam->title, strcspn(setting->exam->title, " "));
	for (unsigned i = 0; i < N_SHEETS * pages; i++) {
		const struct print_sheet *sheet = &SHEETS[i / pages];
		g_autofree char *words = words_on(document, i);
		assert_non_null(strstr(words, sheet->id));
		assert_non_null(strstr(words, title));
		if (sheet->name)
			assert_non_null(strstr(words, sheet->name));
		if (sheet->place && i % pages == 0)
			assert_non_null(strstr(words, sheet->place));
		assert_int_equal(strstr(words, "Student ID") != NULL, sheet->walk_in && i % pages == 0);
		g_autofree char *number = g_strdup_printf("Page %u of %u", i % pages + 1, pages);
		assert_non_null(strstr(words, number));
		// Nobody else's.
		for (unsigned k = 0; k < N_SHEETS; k++)
			assert_true(k == i / pages || !strstr(words, SHEETS[k].id));
	}
	g_object_unref(document);
}

// What ZBar reads in a square around a code's place, with its quiet zone. Owned by the caller; NULL if nothing.
static char *read_code(const struct page_image *page, const struct sheet_box *box)
{
	const double scale = DPI / UM_AN_INCH, half = box->w_um * 0.6;
	const int left = (int)((box->x_um - half) * scale), top = (int)((box->y_um - half) * scale);
	const int size = (int)(2 * half * scale), bigger = 2;
	zbar_image_t *image = zbar_image_create();
	g_autofree uint8_t *pixels = g_malloc((gsize)(size * bigger * size * bigger));
	for (int y = 0; y < size * bigger; y++)
		for (int x = 0; x < size * bigger; x++)
			pixels[y * size * bigger + x] =
				page->pixels[(top + y / bigger) * page->width_px + left + x / bigger];
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, (unsigned)(size * bigger), (unsigned)(size * bigger));
	zbar_image_set_data(image, pixels, (unsigned long)(size * bigger * size * bigger), NULL);
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	char *text = NULL;
	if (zbar_scan_image(scanner, image) == 1)
		text = g_strdup(zbar_symbol_get_data(zbar_image_first_symbol(image)));
	zbar_image_scanner_destroy(scanner);
	zbar_image_destroy(image);
	return text;
}

static void test_codes(void **state)
{
	const struct setting *setting = *state;
	const struct layout *layout = setting->layout;
	print_all(setting);
	for (unsigned i = 0; i < N_SHEETS * layout->n_pages; i++) {
		struct page_image *page = sheets_rasterise(setting->path, i + 1, DPI);
		for (unsigned copy = 0; copy < LAYOUT_QR_COUNT; copy++) {
			const struct print_sheet *sheet = &SHEETS[i / layout->n_pages];
			struct code code = {.exam = setting->exam->name,
				.page = i % layout->n_pages + 1,
				.copy = copy,
				.walk_in = sheet->walk_in,
				.id = (char *)sheet->id};
			memcpy(code.fingerprint, layout->fingerprint, sizeof code.fingerprint);
			g_autofree char *expected = code_format(&code);
			g_autofree char *found = read_code(page, &layout->qr[copy]);
			assert_non_null(found);
			assert_string_equal(found, expected);
		}
		page_image_free(page);
	}
}

static int darkest_around(const struct page_image *page, const struct sheet_box *box, double share)
{
	const double scale = DPI / UM_AN_INCH;
	int darkest = 255;
	for (int y = (int)((box->y_um - share * box->h_um) * scale); y <= (box->y_um + share * box->h_um) * scale; y++)
		for (int x = (int)((box->x_um - share * box->w_um) * scale);
			x <= (box->x_um + share * box->w_um) * scale; x++)
			darkest = MIN(darkest, page->pixels[y * page->width_px + x]);
	return darkest;
}

static int grey_at(const struct page_image *page, double x_um, double y_um)
{
	const double scale = DPI / UM_AN_INCH;
	return page->pixels[(int)(y_um * scale) * page->width_px + (int)(x_um * scale)];
}

// Everything stands where the layout says: rings of light grey ink in all bubbles, black anchors on white.
static void test_ink(void **state)
{
	const struct setting *setting = *state;
	const struct layout *layout = setting->layout;
	const struct print_sheet *walk_in = &SHEETS[2], *named = &SHEETS[0];
	for (unsigned number = 1; number <= layout->n_pages; number++) {
		struct page_image *page = sheets_page(layout, walk_in, number, DPI);
		for (unsigned i = 0; i < layout->n_bubbles; i++) {
			const struct layout_bubble *bubble = &layout->bubbles[i];
			if (layout->items[bubble->item].page != number)
				continue;
			// The ring is there, and nothing as dark as a pencil in it or close to it.
			assert_in_range(darkest_around(page, &bubble->box, 0.5), 130, 190);
			assert_in_range(darkest_around(page, &bubble->box, 0.6), 130, 190);
		}
		for (unsigned i = 0; i < layout->n_anchors; i++) {
			const struct sheet_box *anchor = &layout->anchors[i];
			for (int k = 0; k < 4; k++) {
				const int dx = k % 2 ? 1 : -1, dy = k / 2 ? 1 : -1;
				assert_int_equal(grey_at(page, anchor->x_um + 0.4 * dx * anchor->w_um,
							 anchor->y_um + 0.4 * dy * anchor->h_um),
					0);
				assert_int_equal(grey_at(page, anchor->x_um + 0.7 * dx * anchor->w_um,
							 anchor->y_um + 0.7 * dy * anchor->h_um),
					255);
			}
		}
		page_image_free(page);
	}
	// The grid is for sheets without a name only.
	struct page_image *page = sheets_page(layout, named, 1, DPI);
	for (unsigned i = 0; i < layout->items[layout->n_id_items].first_bubble; i++)
		assert_int_equal(darkest_around(page, &layout->bubbles[i].box, 0.3), 255);
	page_image_free(page);
}

static void test_same_bytes_twice(void **state)
{
	const struct setting *setting = *state;
	g_autofree char *first = NULL, *second = NULL;
	gsize n, m;
	print_all(setting);
	assert_true(g_file_get_contents(setting->path, &first, &n, NULL));
	print_all(setting);
	assert_true(g_file_get_contents(setting->path, &second, &m, NULL));
	assert_int_equal(n, m);
	assert_memory_equal(first, second, n);
}

static void test_no_place_to_write(void **state)
{
	const struct setting *setting = *state;
	static const char *const paths[] = {"/nonexistent/folder/sheets.pdf", "/proc/sheets.pdf", "/", ""};
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autoptr(GError) error = NULL;
		assert_false(print_pdf(setting->layout, NULL, SHEETS, 1, paths[i], &error));
		assert_non_null(error);
	}
}

// What cannot be printed for one is not printed for anybody, and an older file stays.
static void test_id_too_long(void **state)
{
	const struct setting *setting = *state;
	char id[CODE_MAX_ID_BYTES + 1] = {0};
	for (size_t i = 0; i < CODE_MAX_ID_BYTES; i += 2)
		memcpy(id + i, "\xc3\xbc", 2);
	const struct print_sheet sheets[] = {SHEETS[0], {.id = id}};
	assert_true(g_file_set_contents(setting->path, "older", -1, NULL));
	g_autoptr(GError) error = NULL;
	assert_false(print_pdf(setting->layout, NULL, sheets, 2, setting->path, &error));
	assert_true(g_error_matches(error, PRINT_ERROR, 0));
	assert_non_null(strstr(error->message, "the ID is too long to be printed as a code"));
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(setting->path, &text, NULL, NULL));
	assert_string_equal(text, "older");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
#define TEST_A4(function)                                                                                              \
	{                                                                                                              \
		"a4_" #function, function, set_up_a4, tear_down, NULL                                                  \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pages_and_words),
		TEST_A4(test_pages_and_words),
		TEST(test_codes),
		TEST_A4(test_codes),
		TEST(test_ink),
		TEST_A4(test_ink),
		TEST(test_same_bytes_twice),
		TEST(test_no_place_to_write),
		TEST(test_id_too_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
