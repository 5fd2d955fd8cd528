// SPDX-License-Identifier: GPL-3.0-or-later
// A printed sheet, laid on a page image by a known map: registration has to find that map. The flagship's first page,
// with rings and words all over it.
#include "tests/harness.h"

#include <glib.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "detect/linear.h"
#include "detect/page.h"
#include "detect/registration.h"
#include "tests/sheets.h"

#define DPI 150.0
#define MM_UM 1000.0
#define PX_PER_MM (DPI / 25.4)
#define EXACT_UM 150
#define DAMAGED_UM 400
// Bounds the time on pages that are no sheets, also on a slow machine.
#define SECONDS_MOST 3.0

static int set_up(void **state)
{
	const struct print_sheet sheet = {.id = "0042", .name = "Ada Lovelace"};
	*state = printed_new("fixtures/cs182-midterm.yaml", &sheet, 1, DPI);
	return 0;
}

static int tear_down(void **state)
{
	printed_free(*state);
	return 0;
}

static struct grey_view view_of(const struct page_image *image)
{
	return (struct grey_view){image->pixels, image->width_px, image->height_px, image->width_px};
}

// Where on the sheet a point of the page is.
static void unmap(const double inverse[9], double x_px, double y_px, double *x_mm, double *y_mm)
{
	double w = inverse[6] * x_px + inverse[7] * y_px + inverse[8];
	*x_mm = (inverse[0] * x_px + inverse[1] * y_px + inverse[2]) / w;
	*y_mm = (inverse[3] * x_px + inverse[4] * y_px + inverse[5]) / w;
}

// The sheet seen through a map, on a white bed.
static struct page_image *lay_down(
	const struct page_image *sheet, const struct homography *map, int width_px, int height_px)
{
	double inverse[9];
	memcpy(inverse, map->h, sizeof inverse);
	assert_true(linear_invert(3, inverse));
	struct page_image *page = page_image_new(width_px, height_px);
	const struct grey_view source = view_of(sheet);
	for (int y = 0; y < height_px; y++)
		for (int x = 0; x < width_px; x++) {
			double x_mm, y_mm;
			unmap(inverse, x, y, &x_mm, &y_mm);
			struct page_point at = {x_mm * PX_PER_MM - 0.5, y_mm * PX_PER_MM - 0.5};
			double value = grey_contains(&source, at) ? grey_at(&source, at.x_px, at.y_px) : 255;
			page->pixels[y * width_px + x] = (uint8_t)(value + 0.5);
		}
	return page;
}

// A sheet turned by some degrees clockwise, stretched, and tilted away by a share of its size on its right and lower
// side; the page image is as large as it needs.
struct pose {
	double degrees, stretch_x, stretch_y, tilt_x, tilt_y;
};

static struct homography pose_map(const struct layout *layout, const struct pose *pose, int *width_px, int *height_px)
{
	const double c = cos(pose->degrees * G_PI / 180), s = sin(pose->degrees * G_PI / 180);
	const double w = layout->width_um / MM_UM, h = layout->height_um / MM_UM;
	struct homography map = {
		{PX_PER_MM * pose->stretch_x * c, -PX_PER_MM * pose->stretch_y * s, 0, PX_PER_MM * pose->stretch_x * s,
			PX_PER_MM * pose->stretch_y * c, 0, pose->tilt_x / w, pose->tilt_y / h, 1}};
	double left = HUGE_VAL, top = HUGE_VAL, right = -HUGE_VAL, bottom = -HUGE_VAL;
	for (int i = 0; i < 4; i++) {
		struct page_point at = homography_map(
			&map, (struct sheet_point){i % 2 ? layout->width_um : 0, i / 2 ? layout->height_um : 0});
		left = fmin(left, at.x_px);
		top = fmin(top, at.y_px);
		right = fmax(right, at.x_px);
		bottom = fmax(bottom, at.y_px);
	}
	// Moved so that all of it is on the page: page := page - (left, top).
	for (int i = 0; i < 3; i++) {
		map.h[i] -= left * map.h[6 + i];
		map.h[3 + i] -= top * map.h[6 + i];
	}
	*width_px = (int)ceil(right - left) + 1;
	*height_px = (int)ceil(bottom - top) + 1;
	return map;
}

static const struct pose UPRIGHT = {0, 1, 1, 0, 0};

static double worst_bubble_um(
	const struct layout *layout, const struct registration *registration, const struct homography *truth)
{
	double worst = 0;
	for (unsigned i = 0; i < layout->n_bubbles; i++) {
		struct sheet_point at = {layout->bubbles[i].box.x_um, layout->bubbles[i].box.y_um};
		struct page_point found = registration_map(registration, at), is = homography_map(truth, at);
		double px = hypot(found.x_px - is.x_px, found.y_px - is.y_px);
		worst = fmax(worst, px / homography_scale(truth, at) * MM_UM);
	}
	return worst;
}

static void assert_found(const struct printed *printed, const struct page_image *sheet, const struct pose *pose,
	double within_um, const char *what)
{
	int width, height;
	struct homography truth = pose_map(printed->layout, pose, &width, &height);
	struct page_image *page = lay_down(sheet, &truth, width, height);
	const struct grey_view view = view_of(page);
	struct registration registration;
	enum registration_failure failure = registration_find(printed->layout, &view, &registration);
	if (failure != REGISTRATION_OK)
		fail_msg("%s, %g degrees: failure %d", what, pose->degrees, (int)failure);
	double worst = worst_bubble_um(printed->layout, &registration, &truth);
	if (!(worst <= within_um) || !(registration.residual_um <= within_um))
		fail_msg("%s, %g degrees: %.0f um off, residual %.0f um", what, pose->degrees, worst,
			registration.residual_um);
	page_image_free(page);
}

static void test_orientations(void **state)
{
	const struct printed *printed = *state;
	static const double degrees[] = {0, 0.7, -2, 6, -15, 30, 45, 90, 91.5, 120, 180, 176, 270, 268};
	for (size_t i = 0; i < G_N_ELEMENTS(degrees); i++) {
		struct pose pose = UPRIGHT;
		pose.degrees = degrees[i];
		assert_found(printed, printed->sheet, &pose, EXACT_UM, "turned");
	}
}

static void test_stretch_and_perspective(void **state)
{
	const struct printed *printed = *state;
	static const struct pose poses[] = {{0, 0.98, 1.01, 0, 0}, {90, 1.02, 0.97, 0, 0}, {2, 1, 1, 0.03, -0.02},
		{-3, 1, 1, -0.05, 0.04}, {181, 1.01, 1, 0.04, 0.04}, {88, 1, 1, -0.06, -0.06}, {0, 1.1, 1.1, 0, 0},
		{0, 0.8, 0.8, 0, 0}, {10, 1, 1, 0.1, 0}};
	for (size_t i = 0; i < G_N_ELEMENTS(poses); i++)
		assert_found(printed, printed->sheet, &poses[i], EXACT_UM, "askew");
}

// Paper of its own colour, dimmed towards one side, and a scanner's noise.
static void test_grey_paper(void **state)
{
	const struct printed *printed = *state;
	struct page_image *sheet = page_image_new(printed->sheet->width_px, printed->sheet->height_px);
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	for (int i = 0; i < sheet->width_px * sheet->height_px; i++) {
		double light = 0.9 - 0.4 * (i % sheet->width_px) / sheet->width_px;
		double value = 30 + (printed->sheet->pixels[i] - 30) * light + g_rand_double_range(random, -8, 8);
		sheet->pixels[i] = (uint8_t)CLAMP(value, 0, 255);
	}
	const struct pose pose = {1.3, 1, 1, 0, 0};
	assert_found(printed, sheet, &pose, EXACT_UM, "dim");
	page_image_free(sheet);
}

// The sheet with some anchors painted over with white.
typedef bool pick_anchor(const struct layout *layout, unsigned anchor, int which);

static struct page_image *without(const struct printed *printed, pick_anchor *pick, int which)
{
	struct page_image *sheet = page_image_new(printed->sheet->width_px, printed->sheet->height_px);
	memcpy(sheet->pixels, printed->sheet->pixels, (size_t)sheet->width_px * (size_t)sheet->height_px);
	for (unsigned i = 0; i < printed->layout->n_anchors; i++) {
		const struct sheet_box *box = &printed->layout->anchors[i];
		if (!pick(printed->layout, i, which))
			continue;
		const double half_px = (box->w_um / 2.0 / MM_UM + 0.3) * PX_PER_MM;
		const double x_px = box->x_um / MM_UM * PX_PER_MM, y_px = box->y_um / MM_UM * PX_PER_MM;
		for (int y = (int)(y_px - half_px); y <= y_px + half_px; y++)
			memset(sheet->pixels + y * sheet->width_px + (int)(x_px - half_px), 255, (size_t)(2 * half_px));
	}
	return sheet;
}

static bool in_corner(const struct layout *layout, unsigned anchor, int corner)
{
	const struct sheet_box *box = &layout->anchors[anchor];
	int32_t x_um = corner % 2 ? layout->width_um : 0, y_um = corner / 2 ? layout->height_um : 0;
	return hypot(box->x_um - x_um, box->y_um - y_um) < 60 * MM_UM;
}

static bool on_side(const struct layout *layout, unsigned anchor, int side)
{
	const struct sheet_box *box = &layout->anchors[anchor];
	const int32_t from_side[] = {box->x_um, box->y_um, layout->width_um - box->x_um, layout->height_um - box->y_um};
	return from_side[side] < 13 * MM_UM;
}

static bool odd(const struct layout *layout, unsigned anchor, int which)
{
	(void)layout;
	return (int)(anchor % 2) == which;
}

static void test_anchors_missing(void **state)
{
	const struct printed *printed = *state;
	static const struct {
		pick_anchor *pick;
		int n;
		const char *what;
	} losses[] = {{in_corner, 4, "without a corner"}, {on_side, 4, "without a side"},
		{odd, 2, "without every other anchor"}};
	for (size_t i = 0; i < G_N_ELEMENTS(losses); i++)
		for (int which = 0; which < losses[i].n; which++) {
			struct page_image *sheet = without(printed, losses[i].pick, which);
			const struct pose poses[] = {UPRIGHT, {181.5, 1.005, 1, 0, 0}};
			for (size_t k = 0; k < G_N_ELEMENTS(poses); k++)
				assert_found(printed, sheet, &poses[k], DAMAGED_UM, losses[i].what);
			page_image_free(sheet);
		}
}

static enum registration_failure find(const struct printed *printed, const struct page_image *page, const char *what)
{
	const struct grey_view view = view_of(page);
	struct registration registration;
	clock_t start = clock(); // of this process: others may keep the machine busy
	enum registration_failure failure = registration_find(printed->layout, &view, &registration);
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	if (seconds > SECONDS_MOST * TEST_SLOWNESS)
		fail_msg("%s took %.1f s", what, seconds);
	return failure;
}

static void assert_refused(const struct printed *printed, const struct page_image *page, bool a_sheet, const char *what)
{
	enum registration_failure failure = find(printed, page, what);
	if (failure != REGISTRATION_NO_ANCHORS && !(a_sheet && failure == REGISTRATION_TOO_FEW))
		fail_msg("%s: result %d", what, (int)failure);
}

// However it registers: nothing on it is taken for answers.
static void assert_not_read(const struct printed *printed, const struct page_image *page, const char *what)
{
	const struct grey_view view = view_of(page);
	struct detector *detector = detector_new(printed->layout);
	ANSWERS_AUTO answers = detect_page(detector, &view, NULL);
	detector_free(detector);
	if (answers->outcome != ANSWERS_EXCEPTION)
		fail_msg("%s: outcome %d", what, (int)answers->outcome);
}

static bool below(const struct layout *layout, unsigned anchor, int percent)
{
	return layout->anchors[anchor].y_um > layout->height_um / 100 * percent;
}

static bool all_but(const struct layout *layout, unsigned anchor, int every)
{
	(void)layout;
	return anchor % (unsigned)every != 0;
}

static void test_too_few_anchors(void **state)
{
	const struct printed *printed = *state;
	static const struct {
		pick_anchor *pick;
		int which;
		const char *what;
	} losses[] = {{below, 50, "the upper half"}, {below, 20, "the upper fifth"}, {below, 0, "no anchors"},
		{all_but, 4, "every fourth anchor"}, {all_but, 8, "every eighth anchor"}};
	for (size_t i = 0; i < G_N_ELEMENTS(losses); i++) {
		struct page_image *sheet = without(printed, losses[i].pick, losses[i].which);
		assert_refused(printed, sheet, true, losses[i].what);
		page_image_free(sheet);
	}
}

static struct page_image *blank_page(void)
{
	struct page_image *page = page_image_new(1275, 1650);
	memset(page->pixels, 255, (size_t)(page->width_px * page->height_px));
	return page;
}

static void fill(struct page_image *page, int left, int top, int width, int height)
{
	for (int y = MAX(top, 0); y < MIN(top + height, page->height_px); y++)
		for (int x = MAX(left, 0); x < MIN(left + width, page->width_px); x++)
			page->pixels[y * page->width_px + x] = 0;
}

// Lines of words of letters: strokes with a bow, as far as blobs can tell.
static struct page_image *text_page(GRand *random, int letter_px)
{
	struct page_image *page = blank_page();
	for (int y = 80; y < 1550; y += letter_px * 2)
		for (int x = 80; x < 1180; x += letter_px + letter_px / 4) {
			if (g_rand_int_range(random, 0, 6) == 0)
				continue;
			int thick = MAX(letter_px / 6, 2), height = g_rand_int_range(random, letter_px / 2, letter_px);
			fill(page, x, y, thick, height);
			fill(page, x, y + g_rand_int_range(random, 0, height), letter_px - 2, thick);
		}
	return page;
}

static void test_pages_of_text(void **state)
{
	const struct printed *printed = *state;
	g_autoptr(GRand) random = g_rand_new_with_seed(2);
	for (int letter_px = 8; letter_px <= 60; letter_px += 13) {
		struct page_image *page = text_page(random, letter_px);
		assert_refused(printed, page, false, "text");
		page_image_free(page);
	}
}

static void test_empty_and_noise(void **state)
{
	const struct printed *printed = *state;
	struct page_image *page = blank_page();
	assert_refused(printed, page, false, "white");
	memset(page->pixels, 0, (size_t)(page->width_px * page->height_px));
	assert_refused(printed, page, false, "black");
	g_autoptr(GRand) random = g_rand_new_with_seed(3);
	for (int kind = 0; kind < 2; kind++) {
		for (int i = 0; i < page->width_px * page->height_px; i++)
			page->pixels[i] = (uint8_t)(kind ? (g_rand_int(random) % 10 ? 255 : 0) : g_rand_int(random));
		assert_refused(printed, page, false, kind ? "salt and pepper" : "noise");
	}
	page_image_free(page);
}

// Made of what anchors look like: whatever it is taken for, it is not read, and it takes no longer.
static void test_pages_of_squares(void **state)
{
	const struct printed *printed = *state;
	const int side = (int)(4.5 * PX_PER_MM);
	g_autoptr(GRand) random = g_rand_new_with_seed(4);
	for (int n = 24; n <= 1536; n *= 4) {
		struct page_image *page = blank_page();
		for (int i = 0; i < n; i++)
			fill(page, g_rand_int_range(random, 0, 1250), g_rand_int_range(random, 0, 1600), side, side);
		assert_refused(printed, page, true, "squares at random");
		page_image_free(page);
	}
	for (int pitch = side + 6; pitch < 5 * side; pitch += side - 3) {
		struct page_image *page = blank_page();
		for (int y = 40; y < 1600; y += pitch)
			for (int x = 40; x < 1230; x += pitch)
				fill(page, x, y, side, side);
		if (find(printed, page, "squares in rows") == REGISTRATION_OK)
			assert_not_read(printed, page, "squares in rows");
		page_image_free(page);
	}
}

static void test_mirrored_sheet(void **state)
{
	const struct printed *printed = *state;
	struct page_image *page = page_image_new(printed->sheet->width_px, printed->sheet->height_px);
	for (int i = 0; i < page->width_px * page->height_px; i++) {
		int x = i % page->width_px;
		page->pixels[i - x + page->width_px - 1 - x] = printed->sheet->pixels[i];
	}
	// Three quarters of the frame are their own mirror image, so this may register; but no code stands where it
	// should.
	assert_not_read(printed, page, "mirrored");
	page_image_free(page);
}

static void test_too_coarse(void **state)
{
	const struct printed *printed = *state;
	const struct pose pose = {0, 0.5, 0.5, 0, 0};
	int width, height;
	struct homography map = pose_map(printed->layout, &pose, &width, &height);
	struct page_image *page = lay_down(printed->sheet, &map, width, height);
	assert_int_equal(find(printed, page, "75 dpi"), REGISTRATION_COARSE);
	page_image_free(page);
	static const int sizes[][2] = {{1, 1}, {2, 2}, {3000, 2}, {2, 3000}, {40, 50}};
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		page = page_image_new(sizes[i][0], sizes[i][1]);
		memset(page->pixels, 255, (size_t)(sizes[i][0] * sizes[i][1]));
		assert_int_not_equal(find(printed, page, "tiny"), REGISTRATION_OK);
		page_image_free(page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orientations),
		cmocka_unit_test(test_stretch_and_perspective),
		cmocka_unit_test(test_grey_paper),
		cmocka_unit_test(test_anchors_missing),
		cmocka_unit_test(test_too_few_anchors),
		cmocka_unit_test(test_pages_of_text),
		cmocka_unit_test(test_empty_and_noise),
		cmocka_unit_test(test_pages_of_squares),
		cmocka_unit_test(test_mirrored_sheet),
		cmocka_unit_test(test_too_coarse),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
