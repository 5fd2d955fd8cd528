// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to paper between printer and reader, one defect at a time and at its worst: each page is read right or
// refused. And a mark reads alike wherever on the sheet it stands (VVSG 2.0, 1.1.6-J).
#include "tests/harness.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "detect/page.h"
#include "fixtures/simulate/damage.h"
#include "fixtures/simulate/optics.h"
#include "fixtures/simulate/photo.h"
#include "fixtures/simulate/warp.h"
#include "sheet/exam_file.h"
#include "tests/sheets.h"

#define DPI 200
#define PX_PER_UM (DPI / 25400.0)
#define BLUR_PX 0.5
#define BLACK_BELOW 120
#define MARK_UM 1800 // half the breadth of a careful fill
#define MARK_GREY 70
#define NOISE 25 // to either side, evenly
#define RADIANS (G_PI / 180)
#define BIT(defect) (1u << (defect))

struct setting {
	struct exam *exam;
	struct layout *layout;
	unsigned page;
	struct page_image *sheet; // that page, as printed
	struct detector *detector;
};

static struct setting *setting_new(const char *exam, unsigned page)
{
	static const struct print_sheet sheet = {.id = "0042", .name = "Ada Lovelace"};
	struct setting *setting = g_new0(struct setting, 1);
	setting->exam = exam_load(exam, NULL);
	setting->layout = layout_new(setting->exam, NULL);
	setting->sheet = sheets_page(setting->layout, &sheet, page, DPI);
	setting->page = page;
	setting->detector = detector_new(setting->layout);
	return setting;
}

static void setting_free(struct setting *setting)
{
	detector_free(setting->detector);
	page_image_free(setting->sheet);
	layout_free(setting->layout);
	exam_free(setting->exam);
	g_free(setting);
}

static int set_up(void **state)
{
	*state = setting_new("fixtures/cs182-midterm.yaml", 1);
	return 0;
}

static int tear_down(void **state)
{
	setting_free(*state);
	return 0;
}

// A mark to be put into a bubble: whether it covers a place so far from the middle.
typedef bool mark_shape(double dx_um, double dy_um);

static bool full_disc(double dx_um, double dy_um)
{
	return hypot(dx_um, dy_um) <= MARK_UM;
}

static bool line_of_1_mm(double dx_um, double dy_um)
{
	return fabs(dx_um) <= MARK_UM && fabs(dy_um + 0.3 * dx_um) <= 500;
}

static bool tick(double dx_um, double dy_um)
{
	double down = fabs(dy_um - 0.9 * dx_um - 800), up = fabs(dy_um + 1.3 * dx_um - 300);
	return hypot(dx_um, dy_um) <= 2600 && ((dx_um < -200 && down <= 450) || (dx_um >= -300 && up <= 560));
}

static void draw(struct raster *paper, const struct sheet_box *at, mark_shape *shape, uint8_t grey)
{
	const int reach = (int)(3000 * PX_PER_UM);
	int x = (int)(at->x_um * PX_PER_UM), y = (int)(at->y_um * PX_PER_UM);
	for (int j = y - reach; j <= y + reach; j++)
		for (int i = x - reach; i <= x + reach; i++)
			if (shape((i + 0.5) / PX_PER_UM - at->x_um, (j + 0.5) / PX_PER_UM - at->y_um))
				paper->pixels[j * paper->width_px + i] =
					MIN(paper->pixels[j * paper->width_px + i], grey);
}

// The choice that is marked of an item's.
static unsigned marked_choice(const struct layout_item *item, unsigned number, unsigned round)
{
	return (number + round) % item->n_bubbles;
}

static void wipe(struct raster *paper, const struct sheet_box *at)
{
	const int reach = (int)(2300 * PX_PER_UM);
	for (int j = -reach; j <= reach; j++)
		memset(paper->pixels + ((int)(at->y_um * PX_PER_UM) + j) * paper->width_px +
				(int)(at->x_um * PX_PER_UM) - reach,
			255, 2 * (size_t)reach);
}

static struct raster *blank_sheet(const struct setting *setting)
{
	struct raster *paper = raster_new(setting->sheet->width_px, setting->sheet->height_px);
	memcpy(paper->pixels, setting->sheet->pixels, (size_t)paper->width_px * (size_t)paper->height_px);
	return paper;
}

// A mark in every item.
static void add_marks(
	const struct setting *setting, struct raster *paper, mark_shape *shape, uint8_t grey, unsigned round)
{
	const struct layout *layout = setting->layout;
	for (unsigned i = layout->n_id_items; i < layout->n_items; i++)
		if (layout->items[i].page == setting->page)
			draw(paper,
				&layout->bubbles[layout->items[i].first_bubble +
						 marked_choice(&layout->items[i], i, round)]
					 .box,
				shape, grey);
}

static struct raster *marked_sheet(const struct setting *setting, mark_shape *shape, uint8_t grey, unsigned round)
{
	struct raster *paper = blank_sheet(setting);
	add_marks(setting, paper, shape, grey, round);
	return paper;
}

// Damaged, scanned or photographed, and read.
static struct answers *read_sheet(
	const struct setting *setting, struct raster *paper, const struct recipe *recipe, struct page_trace *trace)
{
	struct dice dice = dice_new(1, DICE_SCAN, 1);
	damage_paper(paper, DPI, recipe, &dice);
	bool photo = recipe_has(recipe, DEFECT_PHOTO);
	struct raster *scan = photo ? photo_take(paper, DPI, recipe) : warp_paper(paper, DPI, recipe);
	raster_free(paper);
	optics_blur(scan, photo ? recipe->photo.blur_px : BLUR_PX);
	struct raster *turned = raster_turned(scan, recipe->turn);
	raster_free(scan);
	if (recipe_has(recipe, DEFECT_BILEVEL)) // between the rings' grey and a mark's
		for (long i = 0; i < (long)turned->width_px * turned->height_px; i++)
			turned->pixels[i] = turned->pixels[i] < BLACK_BELOW ? 0 : 255;
	const struct grey_view view = {turned->pixels, turned->width_px, turned->height_px, turned->width_px};
	struct answers *answers = detect_page(setting->detector, &view, trace);
	raster_free(turned);
	return answers;
}

// What lies under a recipe that says nothing: a flat page on a white bed.
static struct recipe flat(void)
{
	static const struct recipe_wave none = {.length_mm = 300};
	return (struct recipe){.y_along_y = none,
		.y_along_x = none,
		.x_along_y = none,
		.margin_mm = 3,
		.bed_grey = 250,
		.paper_grey = 250};
}

// --- one defect at a time

struct expectation {
	const char *what;
	const char *kind;   // of the exception; NULL: read
	unsigned most_lost; // items that may be flagged, of 50 or so: paper of theirs is gone, or they are hardly seen
};

// Every item as marked, or flagged; flagged only where paper is missing.
static void assert_read_right(
	const struct setting *setting, const struct answers *answers, const struct expectation *expected)
{
	const struct layout *layout = setting->layout;
	unsigned flagged = 0, read = 0;
	for (unsigned i = 0; i < answers->n_marks; i++) {
		const struct answers_mark *mark = &answers->marks[i];
		const struct layout_item *item = &layout->items[mark->item];
		read++;
		flagged += mark->review;
		if (!mark->review && mark->marked != 1u << marked_choice(item, mark->item, 0))
			fail_msg("%s: %s read as %x", expected->what, item->id, mark->marked);
		const struct sheet_box *box = &layout->bubbles[item->first_bubble].box;
		if (mark->review && !expected->most_lost)
			fail_msg("%s: %s at %d, %d mm flagged: %s", expected->what, item->id, box->x_um / 1000,
				box->y_um / 1000, mark->reason);
	}
	assert_true(read > 40);
	if (flagged > expected->most_lost)
		fail_msg("%s: %u items flagged", expected->what, flagged);
}

static void assert_outcome(
	const struct setting *setting, const struct recipe *recipe, const struct expectation *expected)
{
	struct raster *paper = marked_sheet(setting, full_disc, MARK_GREY, 0);
	ANSWERS_AUTO answers = read_sheet(setting, paper, recipe, NULL);
	if (expected->kind) {
		if (answers->outcome != ANSWERS_EXCEPTION || strcmp(answers->kind, expected->kind) != 0)
			fail_msg("%s: outcome %d, %s", expected->what, (int)answers->outcome, answers->kind);
		return;
	}
	if (answers->outcome != ANSWERS_READ)
		fail_msg("%s: not read: %s, %s", expected->what, answers->kind, answers->detail);
	assert_string_equal(answers->student, "0042");
	assert_read_right(setting, answers, expected);
}

static void test_torn_corners(void **state)
{
	for (int corner = 0; corner < 4; corner++)
		for (int bed = 0; bed <= 250; bed += 250) {
			struct recipe recipe = flat();
			recipe.defects = BIT(DEFECT_TORN);
			recipe.torn_corner = corner;
			recipe.torn_x_mm = recipe.torn_y_mm = 25;
			recipe.bed_grey = (uint8_t)bed;
			recipe.turn = corner;
			assert_outcome(*state, &recipe, &(struct expectation){"a corner torn off to 25 mm", NULL, 0});
		}
}

static void test_lost_strips(void **state)
{
	for (int edge = 0; edge < 4; edge++)
		for (int how = 0; how < 3; how++) {
			struct recipe recipe = flat();
			recipe.defects = BIT(DEFECT_STRIP);
			recipe.strip = (struct recipe_strip){edge, 14, 1, how == 1, how == 2};
			recipe.bed_grey = edge % 2 ? 20 : 250;
			// A flap of 14 mm on the left side lies over the first bubbles of the left column.
			assert_outcome(*state, &recipe,
				&(struct expectation){"a lost strip", NULL, how == 1 && edge == 0 ? 20 : 0});
		}
}

// Where a scan shows no rings, only the frame tells that a flap lies over a row; it is never read as blank.
static void test_flaps_over_what_shows_no_rings(void **state)
{
	(void)state;
	struct setting *dense = setting_new("fixtures/exams/dense.yaml", 2);
	for (int edge = 0; edge < 4; edge++) {
		struct recipe recipe = flat();
		recipe.defects = BIT(DEFECT_STRIP) | BIT(DEFECT_BILEVEL);
		recipe.strip = (struct recipe_strip){edge, 15, 0, true, false};
		assert_outcome(dense, &recipe, &(struct expectation){"a flap, in black and white", NULL, 33});
	}
	setting_free(dense);
}

static void test_feeder(void **state)
{
	static const struct {
		const char *what;
		double skew_deg, stretch, stretch_across, bend_mm, length_mm;
		unsigned most_lost;
	} cases[] = {{"5 degrees of skew", 5, 0, 0, 0, 300, 0}, {"5 degrees the other way", -5, 0, 0, 0, 300, 0},
		{"3 % longer", 0, 0.03, 0, 0, 300, 0}, {"3 % shorter", 0, -0.03, 0, 0, 300, 0},
		{"3 % wider", 1, 0, 0.03, 0, 300, 0}, {"waves of 2 mm", 0, 0, 0, 2, 180, 0},
		{"short waves of 2 mm", 1, 0, 0, 2, 120, 15}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct recipe recipe = flat();
		recipe.skew_rad = cases[i].skew_deg * RADIANS;
		recipe.stretch = cases[i].stretch;
		recipe.stretch_across = cases[i].stretch_across;
		recipe.x_along_y = (struct recipe_wave){cases[i].bend_mm, cases[i].length_mm, 1};
		recipe.y_along_y = (struct recipe_wave){cases[i].bend_mm / 2, cases[i].length_mm, 2};
		recipe.margin_mm = 8;
		recipe.bed_grey = 10;
		assert_outcome(*state, &recipe, &(struct expectation){cases[i].what, NULL, cases[i].most_lost});
	}
}

static void add_noise(struct raster *paper, int most)
{
	GRand *noise = g_rand_new_with_seed(1);
	for (long i = 0; i < (long)paper->width_px * paper->height_px; i++) {
		int grey = paper->pixels[i] - most + g_rand_int_range(noise, -most, most);
		paper->pixels[i] = (uint8_t)CLAMP(grey, 0, 255);
	}
	g_rand_free(noise);
}

// The area of the sheet's bubbles, moved to the right and down against the frame.
static void move_rows(const struct setting *setting, struct raster *paper, int by_px)
{
	const struct layout *layout = setting->layout;
	int left = paper->width_px, right = 0, top = paper->height_px, bottom = 0;
	for (unsigned i = layout->n_id_items; i < layout->n_items; i++)
		for (unsigned k = 0; layout->items[i].page == setting->page && k < layout->items[i].n_bubbles; k++) {
			const struct sheet_box *box = &layout->bubbles[layout->items[i].first_bubble + k].box;
			int x = (int)(box->x_um * PX_PER_UM), y = (int)(box->y_um * PX_PER_UM);
			left = MIN(left, x), right = MAX(right, x), top = MIN(top, y), bottom = MAX(bottom, y);
		}
	const int margin = (int)(3000 * PX_PER_UM), width = right - left + 2 * margin;
	for (int y = bottom + margin; y >= top - margin; y--) {
		uint8_t *from = paper->pixels + (ptrdiff_t)y * paper->width_px + left - margin;
		memmove(from + (ptrdiff_t)by_px * paper->width_px + by_px, from, (size_t)width);
	}
}

// No row lies where the frame says, so that no ring is seen at first; they are found around.
static void test_all_rows_aside(void **state)
{
	for (int by_px = 3; by_px <= 8; by_px++) { // 0.4 to 1 mm, both ways
		struct recipe recipe = flat();
		struct raster *paper = marked_sheet(*state, full_disc, MARK_GREY, 0);
		move_rows(*state, paper, by_px);
		add_noise(paper, NOISE);
		ANSWERS_AUTO answers = read_sheet(*state, paper, &recipe, NULL);
		assert_int_equal(answers->outcome, ANSWERS_READ);
		assert_read_right(*state, answers, &(struct expectation){"all rows aside", NULL, 0});
	}
}

// Without rings, in grey, nothing tells where the rows are; noise is not taken for them.
static void test_no_rings_in_noise(void **state)
{
	const struct setting *setting = *state;
	const struct layout *layout = setting->layout;
	struct recipe recipe = flat();
	struct raster *paper = blank_sheet(setting);
	for (unsigned i = layout->n_id_items; i < layout->n_items; i++)
		for (unsigned k = 0; layout->items[i].page == setting->page && k < layout->items[i].n_bubbles; k++)
			wipe(paper, &layout->bubbles[layout->items[i].first_bubble + k].box);
	add_marks(setting, paper, full_disc, MARK_GREY, 0);
	add_noise(paper, NOISE);
	ANSWERS_AUTO answers = read_sheet(setting, paper, &recipe, NULL);
	assert_int_equal(answers->outcome, ANSWERS_READ);
	for (unsigned i = 0; i < answers->n_marks; i++)
		assert_true(answers->marks[i].review);
}

static void test_holes_and_staples(void **state)
{
	for (int bed = 0; bed <= 250; bed += 250) {
		struct recipe recipe = flat();
		recipe.defects = BIT(DEFECT_HOLES) | BIT(DEFECT_STAPLE);
		recipe.bed_grey = (uint8_t)bed;
		assert_outcome(*state, &recipe, &(struct expectation){"holes over anchors, a staple", NULL, 0});
	}
}

static struct recipe photo_of(double tilt_deg, double way_deg, double turn_deg, double fills)
{
	struct recipe recipe = flat();
	recipe.defects = BIT(DEFECT_PHOTO) | BIT(DEFECT_STAPLE); // the staple hides a corner's anchor
	recipe.photo = (struct recipe_photo){
		.tilt_rad = tilt_deg * RADIANS,
		.tilt_way_rad = way_deg * RADIANS,
		.turn_rad = turn_deg * RADIANS,
		.fills = fills,
		.off_x = 0.4,
		.off_y = 0.6,
		.megapixels = 10,
		.focal = 0.72,
		.table_grey = 40,
		.light_lost = 0.3,
		.light_way_rad = way_deg * RADIANS,
		.hand_mm = 55,
		.hand_soft_mm = 25,
		.hand_way_rad = turn_deg,
		.blur_px = 1.2,
		.seed = 1,
	};
	return recipe;
}

static void test_photos(void **state)
{
	static const struct {
		double tilt_deg, way_deg, turn_deg, fills, shadow, table_grey;
		bool wooden;
		int turn;
	} cases[] = {{0, 0, 0, 0.95, 0, 40, false, 0}, {20, 0, 0, 0.6, 0.5, 40, false, 1},
		{20, 130, 15, 0.6, 0.4, 235, false, 2}, {20, 250, -15, 0.9, 0.5, 140, true, 3}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct recipe recipe = photo_of(cases[i].tilt_deg, cases[i].way_deg, cases[i].turn_deg, cases[i].fills);
		recipe.photo.shadow = cases[i].shadow;
		recipe.photo.table_grey = cases[i].table_grey;
		recipe.photo.wooden = cases[i].wooden;
		recipe.turn = cases[i].turn;
		assert_outcome(*state, &recipe, &(struct expectation){"a photo", NULL, 4});
	}
}

static void test_refusals(void **state)
{
	struct recipe bent = flat(), oblique = photo_of(50, 90, 0, 0.9), far = photo_of(5, 0, 0, 0.4);
	far.photo.megapixels = 3;
	bent.x_along_y = (struct recipe_wave){4, 60, 0};
	bent.y_along_y = (struct recipe_wave){4, 60, 1};
	assert_outcome(*state, &bent, &(struct expectation){"bent beyond measure", ANSWERS_KIND_UNREGISTERED, 0});
	assert_outcome(*state, &oblique, &(struct expectation){"too oblique", ANSWERS_KIND_UNREGISTERED, 0});
	assert_outcome(*state, &far, &(struct expectation){"from too far", ANSWERS_KIND_UNREGISTERED, 0});
	for (int edges = 0; edges < 2; edges++) { // of the left and right, or left and upper: both gone
		struct recipe cut = flat();
		struct setting *setting = *state;
		struct raster *paper = marked_sheet(setting, full_disc, MARK_GREY, 0);
		struct dice dice = dice_new(1, DICE_SCAN, 1);
		cut.defects = BIT(DEFECT_STRIP);
		cut.strip = (struct recipe_strip){0, 14, 0, false, false};
		damage_paper(paper, DPI, &cut, &dice);
		cut.strip.edge = edges ? 1 : 2;
		ANSWERS_AUTO answers = read_sheet(setting, paper, &cut, NULL);
		if (answers->outcome != ANSWERS_EXCEPTION || strcmp(answers->kind, ANSWERS_KIND_UNREGISTERED) != 0)
			fail_msg("two edges lost: outcome %d", (int)answers->outcome);
	}
}

// --- fairness

// How much the measured darkness of the same mark may differ between two places of a page, of 1 for printed black: a
// fifth of what lies between the limits of blank and marked.
#define DARKNESS_APART_MOST 0.03

struct extremes {
	double least, most;
};

static void add_page(const struct setting *setting, const struct recipe *recipe, mark_shape *shape, uint8_t grey,
	unsigned round, struct extremes *of)
{
	struct page_trace trace = {0};
	ANSWERS_AUTO answers = read_sheet(setting, marked_sheet(setting, shape, grey, round), recipe, &trace);
	assert_int_equal(answers->outcome, ANSWERS_READ);
	for (unsigned i = 0; i < answers->n_marks; i++) {
		const struct answers_mark *mark = &answers->marks[i];
		const struct layout_item *item = &setting->layout->items[mark->item];
		unsigned choice = marked_choice(item, mark->item, round);
		double darkness = trace.bubbles[item->first_bubble + choice].darkness;
		of->least = MIN(of->least, darkness);
		of->most = MAX(of->most, darkness);
		if (mark->marked != 1u << choice || mark->review)
			fail_msg("%s, choice %u of %u: read %x, %s", item->id, choice, item->n_bubbles, mark->marked,
				mark->reason ? mark->reason : "ok");
	}
	page_trace_clear(&trace);
}

// The same mark in every bubble of the page, one an item at a time, on a flat page, a skewed one and a bent one.
static void test_every_position_reads_alike(void **state)
{
	const struct setting *setting = *state;
	static const struct {
		mark_shape *shape;
		uint8_t grey;
		bool even; // covers the disc, so that all labels leave the same to be measured
	} marks[] = {{full_disc, MARK_GREY, true}, {full_disc, 160, true}, {line_of_1_mm, MARK_GREY, false},
		{tick, MARK_GREY, false}};
	struct recipe recipes[] = {flat(), flat(), flat()};
	recipes[1].skew_rad = 4 * RADIANS;
	recipes[2].x_along_y = recipes[2].y_along_y = (struct recipe_wave){1, 200, 0.5};
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(recipes); k++) {
			struct extremes darkness = {HUGE_VAL, -HUGE_VAL};
			for (unsigned round = 0; round < 5; round++) // no item of this page has more choices
				add_page(setting, &recipes[k], marks[i].shape, marks[i].grey, round, &darkness);
			if (marks[i].even && darkness.most - darkness.least > DARKNESS_APART_MOST)
				fail_msg("mark %zu, page %zu: darkness from %.3f to %.3f", i, k, darkness.least,
					darkness.most);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_torn_corners),
		cmocka_unit_test(test_lost_strips),
		cmocka_unit_test(test_flaps_over_what_shows_no_rings),
		cmocka_unit_test(test_feeder),
		cmocka_unit_test(test_all_rows_aside),
		cmocka_unit_test(test_no_rings_in_noise),
		cmocka_unit_test(test_holes_and_staples),
		cmocka_unit_test(test_photos),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_every_position_reads_alike),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
