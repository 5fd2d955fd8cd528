// SPDX-License-Identifier: GPL-3.0-or-later
// Pages that come reduced: read without asking for all their pixels where that can be done, and by them where a code
// cannot be read otherwise.
#include "tests/harness.h"

#include <string.h>

#include "detect/page.h"
#include "sheet/exam_file.h"
#include "tests/sheets.h"

#define DPI 300.0
#define STUDENT "0042"

struct desk {
	struct exam *exam;
	struct layout *layout;
	struct detector *detector;
	struct page_image *full;
};

static int set_up(void **state)
{
	struct desk *desk = g_new0(struct desk, 1);
	desk->exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	desk->layout = desk->exam ? layout_new(desk->exam, NULL) : NULL;
	const struct print_sheet sheet = {.id = STUDENT, .name = "Ada Lovelace"};
	desk->full = desk->layout ? sheets_page(desk->layout, &sheet, 1, DPI) : NULL;
	if (!desk->full)
		return -1;
	desk->detector = detector_new(desk->layout);
	*state = desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;
	detector_free(desk->detector);
	page_image_free(desk->full);
	layout_free(desk->layout);
	exam_free(desk->exam);
	g_free(desk);
	return 0;
}

struct fetching {
	const struct desk *desk;
	unsigned times;
	bool fails;
};

static bool fetch(void *data, struct grey_view *full)
{
	struct fetching *fetching = data;
	const struct page_image *image = fetching->desk->full;
	fetching->times++;
	*full = (struct grey_view){image->pixels, image->width_px, image->height_px, image->width_px};
	return !fetching->fails;
}

enum damage { SOUND, NO_CODES, NO_FRAME };

static void paint(struct grey_image *image, double x_mm, double y_mm, double side_mm)
{
	const double scale = DPI / 2 / 25.4;
	int side = (int)(side_mm * scale), left = (int)((x_mm - side_mm / 2) * scale),
	    top = (int)((y_mm - side_mm / 2) * scale);
	for (int y = MAX(top, 0); y < MIN(top + side, image->view.height_px); y++)
		for (int x = MAX(left, 0); x < MIN(left + side, image->view.width_px); x++)
			image->pixels[(ptrdiff_t)y * image->view.stride_px + x] = 255;
}

// Half the page's pixels each way, with something missing that all of them still show.
static struct grey_image reduced(const struct desk *desk, enum damage damage)
{
	struct grey_image half;
	const struct grey_view view = {
		desk->full->pixels, desk->full->width_px, desk->full->height_px, desk->full->width_px};
	assert_true(grey_reduce(&view, 2, &half));
	const struct layout *layout = desk->layout;
	for (unsigned i = 0; damage != SOUND && i < LAYOUT_QR_COUNT; i++)
		paint(&half, layout->qr[i].x_um / 1000.0, layout->qr[i].y_um / 1000.0, layout->qr[i].w_um / 1000.0 + 2);
	for (unsigned i = 0; damage == NO_FRAME && i < layout->n_anchors; i++)
		paint(&half, layout->anchors[i].x_um / 1000.0, layout->anchors[i].y_um / 1000.0, 7);
	return half;
}

static struct answers *read_source(const struct desk *desk, enum damage damage, bool fails, unsigned *times)
{
	struct fetching fetching = {desk, 0, fails};
	struct grey_image half = reduced(desk, damage);
	struct page_source source = {
		.image = half.view,
		.reduction = 2,
		.full_width_px = desk->full->width_px,
		.full_height_px = desk->full->height_px,
		.fetch = fetch,
		.data = &fetching,
	};
	struct answers *answers = detect_source(desk->detector, &source, NULL);
	grey_image_clear(&half);
	*times = fetching.times;
	return answers;
}

static void test_all_pixels_are_asked_for_where_needed(void **state)
{
	const struct desk *desk = *state;
	static const struct {
		enum damage damage;
		bool fails;
		unsigned times;
		const char *kind, *student; // of the exception, if it is one; whose
	} CASES[] = {
		{SOUND, false, 0, NULL, STUDENT},
		{NO_CODES, false, 1, NULL, STUDENT},
		{NO_CODES, true, 1, ANSWERS_KIND_NO_IDENTITY, NULL},
		{NO_FRAME, false, 1, ANSWERS_KIND_UNREGISTERED, STUDENT},
		{NO_FRAME, true, 1, ANSWERS_KIND_NOT_A_SHEET, NULL},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		unsigned times;
		ANSWERS_AUTO answers = read_source(desk, CASES[i].damage, CASES[i].fails, &times);
		assert_int_equal(times, CASES[i].times);
		assert_int_equal(answers->outcome, CASES[i].kind ? ANSWERS_EXCEPTION : ANSWERS_READ);
		if (CASES[i].kind)
			assert_string_equal(answers->kind, CASES[i].kind);
		if (CASES[i].student)
			assert_string_equal(answers->student, CASES[i].student);
		else
			assert_null(answers->student);
	}
}

// What decoding is told to be enough is what the detector then takes as it comes.
static void test_enough_is_enough(void **state)
{
	const struct desk *desk = *state;
	int enough_px = detect_enough_px(desk->layout), longer = MAX(desk->full->width_px, desk->full->height_px);
	assert_int_equal(longer / enough_px, 2);
	struct page_trace trace;
	struct grey_image half = reduced(desk, SOUND);
	struct page_source source = page_source_of(&half.view);
	ANSWERS_AUTO answers = detect_source(desk->detector, &source, &trace);
	assert_int_equal(trace.factor, 1);
	assert_int_equal(answers->outcome, ANSWERS_READ);
	page_trace_clear(&trace);
	grey_image_clear(&half);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_pixels_are_asked_for_where_needed),
		cmocka_unit_test(test_enough_is_enough),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
