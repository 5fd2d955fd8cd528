// SPDX-License-Identifier: GPL-3.0-or-later
// Where printed things lie on a scan: asked of the mesh against the map that it was made from, kept as text, and on
// whole pages that were read, however they lay on the glass.
#include "tests/harness.h"

#include <math.h>
#include <string.h>

#include "detect/page.h"
#include "sheet/exam_file.h"
#include "sheet/placement.h"
#include "tests/sheets.h"

#define DPI 150.0

struct bench {
	struct exam *exam;
	struct layout *layout;
};

static int set_up(void **state)
{
	struct bench *bench = g_new0(struct bench, 1);
	bench->exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	bench->layout = bench->exam ? layout_new(bench->exam, NULL) : NULL;
	*state = bench;
	return bench->layout ? 0 : -1;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;
	layout_free(bench->layout);
	exam_free(bench->exam);
	g_free(bench);
	return 0;
}

// A sheet turned by degrees clockwise about the image's middle, at 6 pixels a millimetre.
static struct image_point turned(struct sheet_point point, double degrees, const struct layout *layout)
{
	double x = (point.x_um - layout->width_um / 2.0) * 6 / 1000,
	       y = (point.y_um - layout->height_um / 2.0) * 6 / 1000;
	double c = cos(degrees * G_PI / 180), s = sin(degrees * G_PI / 180);
	return (struct image_point){900 + c * x - s * y, 900 + s * x + c * y};
}

static struct placement *turned_placement(double degrees, const struct layout *layout)
{
	struct placement *placement = placement_new(1800, 1800);
	for (unsigned row = 0; row < PLACEMENT_ROWS; row++)
		for (unsigned column = 0; column < PLACEMENT_COLUMNS; column++)
			assert_true(placement_set_node(placement, row, column,
				turned(placement_node_point(layout, row, column), degrees, layout)));
	return placement;
}

static void assert_near(struct image_point is, struct image_point should, double px)
{
	if (!(hypot(is.x_px - should.x_px, is.y_px - should.y_px) <= px))
		fail_msg("%.1f,%.1f should be %.1f,%.1f", is.x_px, is.y_px, should.x_px, should.y_px);
}

static void points_lie_where_the_map_puts_them(void **state)
{
	const struct layout *layout = ((struct bench *)*state)->layout;
	static const double degrees[] = {0, 3, 90, 180, 268};
	static const unsigned turns[] = {0, 0, 90, 180, 270};
	static const struct sheet_point points[] = {
		{0, 0}, {100000, 150000}, {13, 279000}, {215900, 279400}, {-5000, 290000}};
	for (size_t d = 0; d < G_N_ELEMENTS(degrees); d++) {
		struct placement *placement = turned_placement(degrees[d], layout);
		assert_int_equal(placement_turn(placement), turns[d]);
		assert_true(fabs(placement_px_per_mm(placement, layout) - 6) < 0.01);
		for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
			assert_near(
				placement_at(placement, layout, points[i]), turned(points[i], degrees[d], layout), 0.2);
		placement_resize(placement, 900, 900);
		struct image_point whole = turned(points[1], degrees[d], layout);
		assert_near(placement_at(placement, layout, points[1]),
			(struct image_point){whole.x_px / 2 - 0.25, whole.y_px / 2 - 0.25}, 0.2);
		placement_free(placement);
	}
}

static void a_row_found_off_its_place_is_off_by_its_shift(void **state)
{
	const struct layout *layout = ((struct bench *)*state)->layout;
	struct placement *placement = turned_placement(0, layout);
	placement_add_shift(placement, 12, 1000, -500);
	placement_add_shift(placement, 13, 0, 0);
	placement_add_shift(placement, 14, 0, PLACEMENT_MOST_SHIFT_UM + 1);
	assert_int_equal(placement->n_shifts, 1);
	const struct sheet_point point = {100000, 100000};
	struct image_point plain = placement_at(placement, layout, point);
	assert_near(placement_at_item(placement, layout, 13, point), plain, 0.001);
	assert_near(placement_at_item(placement, layout, 12, point),
		(struct image_point){plain.x_px + 6, plain.y_px - 3}, 0.1);
	placement_free(placement);
}

static void what_is_far_off_the_image_is_refused(void **state)
{
	(void)state;
	struct placement *placement = placement_new(100, 200);
	static const struct image_point far_off[] = {
		{-101, 0}, {201, 0}, {0, 401}, {0, -1e300}, {NAN, 0}, {0, INFINITY}};
	for (size_t i = 0; i < G_N_ELEMENTS(far_off); i++)
		assert_false(placement_set_node(placement, 0, 0, far_off[i]));
	assert_true(placement_set_node(placement, 0, 0, (struct image_point){-99, 399}));
	placement_free(placement);
}

static void text_reads_back_as_what_was_written(void **state)
{
	const struct layout *layout = ((struct bench *)*state)->layout;
	struct placement *placement = turned_placement(93, layout);
	placement_add_shift(placement, 0, -80, 0);
	placement_add_shift(placement, layout->n_items - 1, 250, 1660);
	g_autofree char *scan = NULL, *mesh = NULL, *shifts = NULL;
	placement_format(placement, &scan, &mesh, &shifts);
	assert_string_equal(scan, "1800,1800");
	struct placement *back = placement_parse(scan, mesh, shifts, layout);
	assert_non_null(back);
	assert_memory_equal(back->nodes, placement->nodes, sizeof back->nodes);
	assert_int_equal(back->n_shifts, 2);
	assert_int_equal(back->shifts[1].dy_um, 1660);
	placement_free(back);
	static const char *const scans[] = {
		"", "1800", "1800,", "0,5", "5,0", "1800,1800,1", "01,5", "-1,5", "30001,5", "+1,5"};
	for (size_t i = 0; i < G_N_ELEMENTS(scans); i++)
		assert_null(placement_parse(scans[i], mesh, shifts, layout));
	static const char *const rows[] = {"", "1", "1=", "1=2", "1=2,", "1=0,0", "1=2,3 ", "1=2,3 1=2,3",
		"2=1,1 1=1,1", "9999=1,1", "1=10001,0", "-1=1,1", "1=-0,1", "1=1,1  2=1,1", "1=1,1\t2=1,1"};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_null(placement_parse(scan, mesh, rows[i], layout));
	// A node less, a node more, a node in nowhere.
	g_autofree char *less = g_strndup(mesh, (size_t)(strrchr(mesh, ' ') - mesh));
	g_autofree char *more = g_strconcat(mesh, " 1,1", NULL), *nowhere = g_strconcat(less, " 99999,1", NULL);
	g_autofree char *good = g_strconcat(less, " 1,1", NULL);
	assert_null(placement_parse(scan, less, NULL, layout));
	assert_null(placement_parse(scan, more, NULL, layout));
	assert_null(placement_parse(scan, nowhere, NULL, layout));
	back = placement_parse(scan, good, NULL, layout);
	assert_non_null(back);
	placement_free(back);
	placement_free(placement);
}

// --- whole pages

static struct page_image *rotate_right(const struct page_image *image)
{
	struct page_image *out = page_image_new(image->height_px, image->width_px);
	for (int y = 0; y < image->height_px; y++)
		for (int x = 0; x < image->width_px; x++)
			out->pixels[(ptrdiff_t)x * out->width_px + (image->height_px - 1 - y)] =
				image->pixels[(ptrdiff_t)y * image->width_px + x];
	page_image_free((struct page_image *)(uintptr_t)image);
	return out;
}

static void cover_codes(struct page_image *image, const struct layout *layout)
{
	for (unsigned k = 0; k < LAYOUT_QR_COUNT; k++) {
		const struct sheet_box *box = &layout->qr[k];
		const double px = DPI / 25400;
		int half = (int)(box->w_um * px / 2);
		for (int y = (int)(box->y_um * px) - half; y < (int)(box->y_um * px) + half; y++)
			memset(image->pixels + (ptrdiff_t)y * image->width_px + (int)(box->x_um * px) - half, 60,
				(size_t)(2 * half));
	}
}

static struct answers *read_image(const struct layout *layout, const struct page_image *image)
{
	struct detector *detector = detector_new(layout);
	const struct grey_view view = {image->pixels, image->width_px, image->height_px, image->width_px};
	struct answers *answers = detect_page(detector, &view, NULL);
	detector_free(detector);
	return answers;
}

static void a_page_read_says_where_it_lies(void **state)
{
	const struct layout *layout = ((struct bench *)*state)->layout;
	const struct print_sheet sheet = {.id = "0042", .name = "Ada Lovelace"};
	// 150 dpi is read as it is, 300 dpi from a reduced image.
	for (unsigned k = 1; k <= 2; k++) {
		struct page_image *image = rotate_right(sheets_page(layout, &sheet, 2, k * DPI));
		ANSWERS_AUTO answers = read_image(layout, image);
		assert_int_equal(answers->outcome, ANSWERS_READ);
		assert_non_null(answers->placement);
		assert_int_equal(answers->placement->width_px, image->width_px);
		assert_int_equal(placement_turn(answers->placement), 90);
		const struct sheet_box *box = &layout->qr[0];
		const double px = k * DPI / 25400;
		assert_near(placement_at(answers->placement, layout, (struct sheet_point){box->x_um, box->y_um}),
			(struct image_point){image->width_px - box->y_um * px, box->x_um * px}, k * 1.0);
		g_autofree char *text = answers_format(answers, layout);
		ANSWERS_AUTO back = answers_parse(text, layout, NULL);
		assert_non_null(back);
		assert_memory_equal(back->placement->nodes, answers->placement->nodes, sizeof back->placement->nodes);
		page_image_free(image);
	}
}

static void a_page_without_identity_has_its_place_and_its_marks(void **state)
{
	const struct layout *layout = ((struct bench *)*state)->layout;
	const struct print_sheet sheet = {.id = "0042", .name = "Ada Lovelace"};
	for (unsigned page = 1; page <= layout->n_pages; page++) {
		struct page_image *image = sheets_page(layout, &sheet, page, DPI);
		cover_codes(image, layout);
		ANSWERS_AUTO answers = read_image(layout, image);
		assert_int_equal(answers->outcome, ANSWERS_EXCEPTION);
		assert_string_equal(answers->kind, ANSWERS_KIND_NO_IDENTITY);
		assert_non_null(answers->placement);
		assert_int_equal(answers->page, 0);
		assert_int_equal(answers->likely_page, page);
		g_autofree char *text = answers_format(answers, layout);
		GError *error = NULL;
		ANSWERS_AUTO back = answers_parse(text, layout, &error);
		if (!back)
			fail_msg("%s", error->message);
		ANSWERS_AUTO whose = answers_identified(back, layout, "0042", page);
		assert_non_null(whose);
		assert_int_equal(whose->outcome, ANSWERS_READ);
		g_autofree char *as_read = answers_format(whose, layout);
		ANSWERS_AUTO checked = answers_parse(as_read, layout, NULL);
		assert_non_null(checked);
		for (unsigned i = 0; i < checked->n_marks; i++)
			assert_false(checked->marks[i].marked || checked->marks[i].review);
		assert_null(answers_identified(back, layout, "0042", 0));
		assert_null(answers_identified(back, layout, "0042", layout->n_pages + 1));
		assert_null(answers_identified(whose, layout, "0043", page));
		page_image_free(image);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_lie_where_the_map_puts_them),
		cmocka_unit_test(a_row_found_off_its_place_is_off_by_its_shift),
		cmocka_unit_test(what_is_far_off_the_image_is_refused),
		cmocka_unit_test(text_reads_back_as_what_was_written),
		cmocka_unit_test(a_page_read_says_where_it_lies),
		cmocka_unit_test(a_page_without_identity_has_its_place_and_its_marks),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
