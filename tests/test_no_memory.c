// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that is not to be had, at each place in turn where we ask for as much as a file says: the page becomes an
// exception, or is read as ever, and nothing crashes. The linker puts the functions below in the place of GLib's for
// our own code (see the Makefile).
//
// Where we ask for little, the process ends if there is none: that costs the page too (tests/test_cage.c), or the run,
// with a line (tests/test_out_of_memory.c).
#include "tests/harness.h"

#include <glib.h>
#include <string.h>
#include <tiffio.h>

#include "detect/page.h"
#include "review/picture.h"
#include "scan/decode.h"
#include "tests/pdf_files.h"
#include "tests/pictures.h"
#include "tests/sheets.h"
#include "tests/tiff_files.h"

#define DPI 150.0

static unsigned asked, refused_from = G_MAXUINT, refused;

// Whether this request is one that fails: one alone, as another one may fit.
static bool refuse(void)
{
	bool is_it = asked++ == refused_from;
	refused += is_it;
	return is_it;
}

gpointer __real_g_try_malloc(gsize size);
gpointer __real_g_try_malloc0(gsize size);
gpointer __real_g_try_malloc_n(gsize n, gsize size);
gpointer __real_g_try_malloc0_n(gsize n, gsize size);
gpointer __wrap_g_try_malloc(gsize size);
gpointer __wrap_g_try_malloc0(gsize size);
gpointer __wrap_g_try_malloc_n(gsize n, gsize size);
gpointer __wrap_g_try_malloc0_n(gsize n, gsize size);

gpointer __wrap_g_try_malloc(gsize size)
{
	return refuse() ? NULL : __real_g_try_malloc(size);
}

gpointer __wrap_g_try_malloc0(gsize size)
{
	return refuse() ? NULL : __real_g_try_malloc0(size);
}

gpointer __wrap_g_try_malloc_n(gsize n, gsize size)
{
	return refuse() ? NULL : __real_g_try_malloc_n(n, size);
}

gpointer __wrap_g_try_malloc0_n(gsize n, gsize size)
{
	return refuse() ? NULL : __real_g_try_malloc0_n(n, size);
}

// --- one sheet in each format

static int set_up(void **state)
{
	const struct print_sheet sheet = {.id = "0042"};
	*state = printed_new("fixtures/exams/true-false.yaml", &sheet, 1, DPI);
	return 0;
}

static int tear_down(void **state)
{
	printed_free(*state);
	return 0;
}

static GByteArray *as_png(const struct page_image *sheet)
{
	return sheets_png(sheet);
}

static GByteArray *as_interlaced_png(const struct page_image *sheet)
{
	const struct pictures_png png = {.width_px = sheet->width_px,
		.height_px = sheet->height_px,
		.depth = 8,
		.interlaced = true,
		.rows = sheet->pixels};
	return pictures_png(&png);
}

static GByteArray *as_jpeg(const struct page_image *sheet)
{
	return pictures_grey_jpeg(sheet->width_px, sheet->height_px, sheet->pixels, 90);
}

static GByteArray *as_tiff(const struct page_image *sheet)
{
	const struct tiff_recipe page = {.width = (uint32_t)sheet->width_px,
		.height = (uint32_t)sheet->height_px,
		.photometric = PHOTOMETRIC_MINISBLACK,
		.rows_per_strip = 100,
		.rows = sheet->pixels};
	return tiff_file(&page, 1, "w");
}

// Through libtiff's own conversion of colours.
static GByteArray *as_lab_tiff(const struct page_image *sheet)
{
	size_t n = (size_t)sheet->width_px * (size_t)sheet->height_px;
	g_autofree uint8_t *rows = g_malloc0(n * 3);
	for (size_t i = 0; i < n; i++)
		rows[i * 3] = sheet->pixels[i];
	const struct tiff_recipe page = {.width = (uint32_t)sheet->width_px,
		.height = (uint32_t)sheet->height_px,
		.photometric = PHOTOMETRIC_CIELAB,
		.samples = 3,
		.rows = rows};
	return tiff_file(&page, 1, "w");
}

static GByteArray *as_pdf(const struct page_image *sheet)
{
	struct pdf_file *file = pdf_file_new();
	g_autofree char *entries = g_strdup_printf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8"
						   "/ColorSpace/DeviceGray",
		sheet->width_px, sheet->height_px);
	size_t n = (size_t)sheet->width_px * (size_t)sheet->height_px;
	unsigned image = pdf_file_stream(file, entries, sheet->pixels, n);
	pdf_file_image_page(file, image, "q 612 0 0 792 0 0 cm /Im0 Do Q", "");
	return pdf_file_finish(file);
}

static GByteArray *as_pgm(const struct page_image *sheet)
{
	GByteArray *pgm = g_byte_array_new();
	g_autofree char *head = g_strdup_printf("P5\n%d %d\n255\n", sheet->width_px, sheet->height_px);
	g_byte_array_append(pgm, (const guint8 *)head, (guint)strlen(head));
	g_byte_array_append(pgm, sheet->pixels, (guint)(sheet->width_px * sheet->height_px));
	return pgm;
}

static const struct {
	const char *name;
	GByteArray *(*make)(const struct page_image *sheet);
} FORMATS[] = {
	{"PNG", as_png},
	{"interlaced PNG", as_interlaced_png},
	{"JPEG", as_jpeg},
	{"TIFF", as_tiff},
	{"TIFF in L*a*b*", as_lab_tiff},
	{"PDF", as_pdf},
	{"PGM", as_pgm},
};

// --- reading it

// What is said of the file's first page: its answers as text, or the error.
static char *read_file(const struct printed *printed, const GByteArray *bytes, bool *exception)
{
	const struct scan_limits limits = SCAN_LIMITS_DEFAULT;
	g_autoptr(GError) error = NULL;
	struct scan_document *document = scan_document_new(bytes->data, bytes->len, &limits, &error);
	struct page_image *image = document ? scan_document_decode(document, 0, &error) : NULL;
	*exception = image == NULL;
	char *said;
	if (image) {
		const struct grey_view view = {image->pixels, image->width_px, image->height_px, image->width_px};
		struct detector *detector = detector_new(printed->layout);
		ANSWERS_AUTO answers = detect_page(detector, &view, NULL);
		*exception = answers->outcome == ANSWERS_EXCEPTION;
		said = answers_format(answers, printed->layout);
		detector_free(detector);
	} else {
		assert_non_null(error);
		said = g_strdup(error->message);
	}
	page_image_free(image);
	scan_document_free(document);
	return said;
}

static void memory_that_is_not_to_be_had_costs_the_page_at_most(void **state)
{
	const struct printed *printed = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
		g_autoptr(GByteArray) bytes = FORMATS[i].make(printed->sheet);
		bool exception;
		refused_from = G_MAXUINT;
		g_autofree char *expected = read_file(printed, bytes, &exception);
		unsigned exceptions = 0, n = 0;
		for (refused = 1; refused > 0; n++) {
			asked = refused = 0;
			refused_from = n;
			g_autofree char *said = read_file(printed, bytes, &exception);
			exceptions += exception && refused;
			if (!exception && strcmp(said, expected) != 0)
				fail_msg("%s, request %u refused: another answer:\n%s", FORMATS[i].name, n, said);
		}
		print_message("%-16s %2u requests refused in turn: %2u times an exception, else read as ever\n",
			FORMATS[i].name, n - 1, exceptions);
		assert_true(n > 2 && exceptions > 0);
	}
	refused_from = G_MAXUINT;
}

// What the review shows of it.
static GBytes *show(const struct printed *printed, const struct picture *picture, bool whole)
{
	const struct picture_piece piece = {10000, 10000, 50000, 20000, 5, {0}};
	if (whole)
		return picture_whole(picture, 600);
	struct placement *placement = placement_new(picture->width_px, picture->height_px);
	GBytes *png = picture_cut(picture, placement, printed->layout, &piece);
	placement_free(placement);
	return png;
}

static void a_picture_that_memory_is_lacking_for_is_not_shown(void **state)
{
	const struct printed *printed = *state;
	const struct picture picture = {
		(unsigned)printed->sheet->width_px, (unsigned)printed->sheet->height_px, printed->sheet->pixels};
	for (int whole = 0; whole <= 1; whole++) {
		refused_from = G_MAXUINT;
		g_autoptr(GBytes) expected = show(printed, &picture, whole);
		assert_non_null(expected);
		unsigned lost = 0;
		for (unsigned n = 0;; n++) {
			asked = refused = 0;
			refused_from = n;
			g_autoptr(GBytes) png = show(printed, &picture, whole);
			if (!refused)
				break;
			lost += !png;
			assert_true(!png || g_bytes_equal(png, expected));
		}
		assert_true(lost > 0);
	}
	refused_from = G_MAXUINT;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(memory_that_is_not_to_be_had_costs_the_page_at_most),
		cmocka_unit_test(a_picture_that_memory_is_lacking_for_is_not_shown)};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
