// SPDX-License-Identifier: GPL-3.0-or-later
// A whole page through the detector: printed, marked, defaced in one way at a time. What can be read must read right;
// what cannot must be refused for exactly its reason.
#include "tests/harness.h"

#include <math.h>
#include <string.h>

#include "detect/page.h"
#include "sheet/exam_file.h"
#include "tests/sheets.h"

#define DPI 150.0
#define PX_A_MM (DPI / 25.4)
#define STUDENT "0042"

struct bench {
	struct exam *exam;
	struct layout *layout;
	struct detector *detector;
	struct page_image *marked; // page 1, the key's answers filled in
};

static void paint_box(
	struct page_image *image, double left_mm, double top_mm, double right_mm, double bottom_mm, uint8_t grey)
{
	int left = MAX((int)(left_mm * PX_A_MM), 0), right = MIN((int)(right_mm * PX_A_MM), image->width_px);
	int top = MAX((int)(top_mm * PX_A_MM), 0), bottom = MIN((int)(bottom_mm * PX_A_MM), image->height_px);
	for (int y = top; y < bottom; y++)
		memset(image->pixels + (ptrdiff_t)y * image->width_px + left, grey, (size_t)MAX(right - left, 0));
}

static void paint_disc(struct page_image *image, const struct sheet_box *box, double radius_mm, uint8_t grey)
{
	double cx = box->x_um / 1000.0 * PX_A_MM, cy = box->y_um / 1000.0 * PX_A_MM, r = radius_mm * PX_A_MM;
	for (int y = (int)(cy - r); y <= (int)(cy + r); y++)
		for (int x = (int)(cx - r); x <= (int)(cx + r); x++)
			if (hypot(x - cx, y - cy) <= r)
				image->pixels[(ptrdiff_t)y * image->width_px + x] = grey;
}

static void paint_around(struct page_image *image, const struct sheet_box *box, double more_mm, uint8_t grey)
{
	double x = box->x_um / 1000.0, y = box->y_um / 1000.0, w = box->w_um / 2000.0 + more_mm,
	       h = box->h_um / 2000.0 + more_mm;
	paint_box(image, x - w, y - h, x + w, y + h, grey);
}

static void mark_key(struct page_image *image, const struct layout *layout, uint8_t grey)
{
	for (unsigned i = 0; i < layout->n_bubbles; i++) {
		const struct layout_bubble *bubble = &layout->bubbles[i];
		const struct layout_item *item = &layout->items[bubble->item];
		if (item->exam_item && item->page == 1 && item->exam_item->key >> bubble->choice & 1)
			paint_disc(image, &bubble->box, 1.8, grey);
	}
}

static int set_up(void **state)
{
	struct bench *bench = g_new0(struct bench, 1);
	bench->exam = exam_load("fixtures/cs182-midterm.yaml", NULL);
	bench->layout = bench->exam ? layout_new(bench->exam, NULL) : NULL;
	const struct print_sheet sheet = {.id = STUDENT, .name = "Ada Lovelace"};
	bench->marked = bench->layout ? sheets_page(bench->layout, &sheet, 1, DPI) : NULL;
	if (!bench->marked)
		return -1;
	bench->detector = detector_new(bench->layout);
	mark_key(bench->marked, bench->layout, 40);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;
	detector_free(bench->detector);
	page_image_free(bench->marked);
	layout_free(bench->layout);
	exam_free(bench->exam);
	g_free(bench);
	return 0;
}

static struct page_image *copy_of(const struct page_image *image)
{
	struct page_image *copy = page_image_new(image->width_px, image->height_px);
	memcpy(copy->pixels, image->pixels, (size_t)image->width_px * (size_t)image->height_px);
	return copy;
}

static struct answers *read_page(const struct bench *bench, const struct page_image *image)
{
	const struct grey_view view = {image->pixels, image->width_px, image->height_px, image->width_px};
	return detect_page(bench->detector, &view, NULL);
}

static void assert_reads_the_key(const struct bench *bench, const struct page_image *image, const char *what)
{
	ANSWERS_AUTO answers = read_page(bench, image);
	if (answers->outcome != ANSWERS_READ)
		fail_msg("%s: %s", what, answers->detail ? answers->detail : "blank");
	assert_string_equal(answers->student, STUDENT);
	assert_int_equal(answers->page, 1);
	for (unsigned i = 0; i < answers->n_marks; i++) {
		const struct layout_item *item = &bench->layout->items[answers->marks[i].item];
		if (answers->marks[i].review || answers->marks[i].marked != item->exam_item->key)
			fail_msg("%s: item %s: read %x%s%s", what, item->id, answers->marks[i].marked,
				answers->marks[i].review ? ", flagged: " : "",
				answers->marks[i].review ? answers->marks[i].reason : "");
	}
}

static void assert_refused(
	const struct bench *bench, const struct page_image *image, const char *kind, const char *student)
{
	ANSWERS_AUTO answers = read_page(bench, image);
	assert_int_equal(answers->outcome, ANSWERS_EXCEPTION);
	assert_string_equal(answers->kind, kind);
	assert_true(answers->detail && strlen(answers->detail) > 20);
	if (student)
		assert_string_equal(answers->student, student);
	else
		assert_null(answers->student);
}

// A quarter turn clockwise; takes the image.
static struct page_image *turn(struct page_image *image)
{
	struct page_image *turned = page_image_new(image->height_px, image->width_px);
	for (int y = 0; y < turned->height_px; y++)
		for (int x = 0; x < turned->width_px; x++)
			turned->pixels[(ptrdiff_t)y * turned->width_px + x] =
				image->pixels[(ptrdiff_t)(image->height_px - 1 - x) * image->width_px + y];
	page_image_free(image);
	return turned;
}

static void every_orientation_reads_alike(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image = copy_of(bench->marked);
	static const char *const names[] = {"upright", "turned right", "upside down", "turned left"};
	for (int i = 0; i < 4; i++) {
		assert_reads_the_key(bench, image, names[i]);
		image = turn(image);
	}
	page_image_free(image);
}

// So light, and so far from filled, that one alone might be what an eraser left. A page of them is a hand.
static void a_page_of_light_marks_is_this_hand(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image =
		sheets_page(bench->layout, &(struct print_sheet){.id = STUDENT, .name = "Ada Lovelace"}, 1, DPI);
	for (unsigned i = 0; i < bench->layout->n_bubbles; i++) {
		const struct layout_bubble *bubble = &bench->layout->bubbles[i];
		const struct layout_item *item = &bench->layout->items[bubble->item];
		if (item->exam_item && item->page == 1 && item->exam_item->key >> bubble->choice & 1)
			paint_disc(image, &bubble->box, 1.35, 200);
	}
	assert_reads_the_key(bench, image, "light marks");
	page_image_free(image);
}

// Who believes that all is true leaves no ring empty that bears a T; the second reader must know it all the same.
static void a_page_of_nothing_but_true_reads(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image =
		sheets_page(bench->layout, &(struct print_sheet){.id = STUDENT, .name = "Ada Lovelace"}, 2, DPI);
	for (unsigned i = 0; i < bench->layout->n_bubbles; i++) {
		const struct layout_bubble *bubble = &bench->layout->bubbles[i];
		if (bench->layout->items[bubble->item].page == 2 && bubble->choice == 0)
			paint_disc(image, &bubble->box, 1.8, 40);
	}
	ANSWERS_AUTO answers = read_page(bench, image);
	assert_int_equal(answers->outcome, ANSWERS_READ);
	assert_true(answers->n_marks > 20);
	for (unsigned i = 0; i < answers->n_marks; i++)
		if (answers->marks[i].review || answers->marks[i].marked != 1)
			fail_msg("item %s: read %x, %s", bench->layout->items[answers->marks[i].item].id,
				answers->marks[i].marked,
				answers->marks[i].reason ? answers->marks[i].reason : "not flagged");
	page_image_free(image);
}

static void a_pale_copy_and_a_faint_pencil_read_alike(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image = copy_of(bench->marked);
	for (int i = 0; i < image->width_px * image->height_px; i++)
		image->pixels[i] = (uint8_t)(140 + image->pixels[i] * 100 / 255);
	assert_reads_the_key(bench, image, "pale");
	page_image_free(image);
	const struct print_sheet sheet = {.id = STUDENT};
	image = sheets_page(bench->layout, &sheet, 1, DPI);
	mark_key(image, bench->layout, 175);
	for (int i = 0; i < image->width_px * image->height_px; i++)
		image->pixels[i] = MIN(image->pixels[i], 243);
	assert_reads_the_key(bench, image, "faint");
	page_image_free(image);
}

// A corner of 25 mm or a strip along an edge may be gone, over a white or a black bed.
static void lost_corners_and_strips_are_borne(void **state)
{
	const struct bench *bench = *state;
	const double w = bench->layout->width_um / 1000.0, h = bench->layout->height_um / 1000.0;
	const struct {
		const char *name;
		double left, top, right, bottom;
	} losses[] = {
		{"top left corner", 0, 0, 14, 14},
		{"left strip", 0, 0, 14, h},
		{"right strip", w - 14, 0, w, h},
		{"top strip", 0, 0, w, 14},
		{"bottom strip", 0, h - 14, w, h},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(losses); i++)
		for (int black = 0; black < 2; black++) {
			struct page_image *image = copy_of(bench->marked);
			paint_box(image, losses[i].left, losses[i].top, losses[i].right, losses[i].bottom,
				black ? 0 : 255);
			assert_reads_the_key(bench, image, losses[i].name);
			page_image_free(image);
		}
	for (int corner = 0; corner < 4; corner++) {
		struct page_image *image = copy_of(bench->marked);
		for (double d = 0; d < 25; d += 0.1) {
			double left = corner % 2 ? w - 25 + d : 0, right = corner % 2 ? w : 25 - d;
			double top = corner / 2 ? h - d - 0.2 : d;
			paint_box(image, left, top, right, top + 0.3, 255);
		}
		assert_reads_the_key(bench, image, "a torn corner");
		page_image_free(image);
	}
}

static void one_code_is_enough_and_none_is_refused(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image = copy_of(bench->marked);
	paint_around(image, &bench->layout->qr[0], 1, 255);
	assert_reads_the_key(bench, image, "the first code is gone");
	paint_around(image, &bench->layout->qr[1], 0, 0);
	assert_refused(bench, image, ANSWERS_KIND_NO_IDENTITY, NULL);
	page_image_free(image);
}

static void codes_in_the_wrong_place_are_not_believed(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image = copy_of(bench->marked);
	const struct sheet_box *from = &bench->layout->qr[0], *to = &bench->layout->qr[1];
	int side = (int)((from->w_um / 1000.0 + 2) * PX_A_MM);
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++) {
			int from_x = (int)((from->x_um - from->w_um / 2.0) / 1000 * PX_A_MM) - 5 + x;
			int from_y = (int)((from->y_um - from->h_um / 2.0) / 1000 * PX_A_MM) - 5 + y;
			int to_x = (int)((to->x_um - to->w_um / 2.0) / 1000 * PX_A_MM) - 5 + x;
			int to_y = (int)((to->y_um - to->h_um / 2.0) / 1000 * PX_A_MM) - 5 + y;
			image->pixels[(ptrdiff_t)to_y * image->width_px + to_x] =
				image->pixels[(ptrdiff_t)from_y * image->width_px + from_x];
		}
	paint_around(image, from, 1, 255);
	assert_refused(bench, image, ANSWERS_KIND_UNREGISTERED, NULL);
	page_image_free(image);
}

static void too_few_anchors_are_refused_and_the_student_named(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image = copy_of(bench->marked);
	for (unsigned i = 0; i < bench->layout->n_anchors; i++)
		if (i % 4 != 0)
			paint_around(image, &bench->layout->anchors[i], 0.5, 255);
	assert_refused(bench, image, ANSWERS_KIND_UNREGISTERED, STUDENT);
	page_image_free(image);
}

static void other_papers_are_told_apart(void **state)
{
	const struct bench *bench = *state;
	EXAM_AUTO hundred = exam_load("fixtures/exams/hundred.yaml", NULL);
	LAYOUT_AUTO layout = layout_new(hundred, NULL);
	const struct print_sheet sheet = {.id = STUDENT};
	struct page_image *image = sheets_page(layout, &sheet, 1, DPI);
	assert_refused(bench, image, ANSWERS_KIND_OTHER_EXAM, NULL);
	page_image_free(image);

	// The same exam, with one choice more in its first question.
	EXAM_AUTO changed = exam_load("fixtures/cs182-midterm.yaml", NULL);
	char *more[] = {"A", "B", "C", "D", "E", NULL};
	char **was = changed->items[changed->n_fields].choices;
	changed->items[changed->n_fields].choices = more;
	changed->items[changed->n_fields].n_choices++;
	LAYOUT_AUTO other = layout_new(changed, NULL);
	image = sheets_page(other, &sheet, 1, DPI);
	assert_refused(bench, image, ANSWERS_KIND_OTHER_LAYOUT, STUDENT);
	page_image_free(image);
	changed->items[changed->n_fields].choices = was;
}

static void what_is_no_sheet_is_not_read(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image = copy_of(bench->marked);
	const size_t size = (size_t)image->width_px * (size_t)image->height_px;
	memset(image->pixels, 250, size);
	ANSWERS_AUTO blank = read_page(bench, image);
	assert_int_equal(blank->outcome, ANSWERS_BLANK);
	uint32_t noise = 1;
	for (size_t i = 0; i < size; i++) {
		noise = noise * 1664525u + 1013904223u;
		image->pixels[i] = (uint8_t)(noise >> 24);
	}
	assert_refused(bench, image, ANSWERS_KIND_NOT_A_SHEET, NULL);
	memset(image->pixels, 0, size);
	assert_refused(bench, image, ANSWERS_KIND_NOT_A_SHEET, NULL);
	page_image_free(image);
	struct page_image *speck = page_image_new(1, 1);
	speck->pixels[0] = 255;
	assert_refused(bench, speck, ANSWERS_KIND_NOT_A_SHEET, NULL);
	page_image_free(speck);
}

static void a_coarse_scan_is_refused(void **state)
{
	const struct bench *bench = *state;
	const struct print_sheet sheet = {.id = STUDENT};
	struct page_image *image = sheets_page(bench->layout, &sheet, 1, 90);
	assert_refused(bench, image, ANSWERS_KIND_UNREGISTERED, STUDENT);
	page_image_free(image);
}

// A patch of paper over two answers: what cannot be seen is not blank.
static void covered_bubbles_are_flagged(void **state)
{
	const struct bench *bench = *state;
	struct page_image *image = copy_of(bench->marked);
	int item = layout_find_item(bench->layout, "9");
	const struct sheet_box *box = &bench->layout->bubbles[bench->layout->items[item].first_bubble + 1].box;
	paint_around(image, box, 1.2, 255);
	ANSWERS_AUTO answers = read_page(bench, image);
	assert_int_equal(answers->outcome, ANSWERS_READ);
	bool flagged = false;
	for (unsigned i = 0; i < answers->n_marks; i++)
		if ((int)answers->marks[i].item == item)
			flagged = answers->marks[i].review && strstr(answers->marks[i].reason, "cannot be seen");
	assert_true(flagged);
	page_image_free(image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_orientation_reads_alike),
		cmocka_unit_test(a_pale_copy_and_a_faint_pencil_read_alike),
		cmocka_unit_test(a_page_of_light_marks_is_this_hand),
		cmocka_unit_test(a_page_of_nothing_but_true_reads),
		cmocka_unit_test(lost_corners_and_strips_are_borne),
		cmocka_unit_test(one_code_is_enough_and_none_is_refused),
		cmocka_unit_test(codes_in_the_wrong_place_are_not_believed),
		cmocka_unit_test(too_few_anchors_are_refused_and_the_student_named),
		cmocka_unit_test(other_papers_are_told_apart),
		cmocka_unit_test(what_is_no_sheet_is_not_read),
		cmocka_unit_test(a_coarse_scan_is_refused),
		cmocka_unit_test(covered_bubbles_are_flagged),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
