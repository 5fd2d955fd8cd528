// SPDX-License-Identifier: GPL-3.0-or-later
// The simulation must be repeatable and must tell the truth: these tests look at its files and pixels, not at its code.
#include "tests/harness.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures/simulate/compare.h"
#include "fixtures/simulate/csv_table.h"
#include "fixtures/simulate/damage.h"
#include "fixtures/simulate/mark.h"
#include "fixtures/simulate/optics.h"
#include "fixtures/simulate/simulate.h"
#include "fixtures/simulate/warp.h"
#include "sheet/exam_file.h"

#define EXAM "fixtures/cs182-midterm.yaml"
#define ROSTER "fixtures/roster.csv"
#define DPI 150
#define MM_AN_INCH 25.4
#define WHITE 250

// --- whole runs

static void remove_folder(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *inner = g_build_filename(path, name, NULL);
		if (g_remove(inner) != 0)
			remove_folder(inner);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(path);
}

static char *run_in(char *folder, uint64_t seed, unsigned jobs, const char *profile, const char *plan)
{
	GError *error = NULL;
	struct simulate_options options = {
		.exam = EXAM,
		.roster = ROSTER,
		.plan = plan,
		.folder = folder,
		.jobs = jobs,
		.stack =
			{
				.profile = profile_find(profile),
				.dpi = DPI,
				.turn_mix = true,
				.format = STACK_MIX,
				.seed = seed,
				.prefix = "",
				.most_pages = 5,
			},
	};
	if (!simulate_run(&options, &error))
		fail_msg("seed %u: %s", (unsigned)seed, error->message);
	return folder;
}

static char *run(uint64_t seed, unsigned jobs, const char *profile, const char *plan)
{
	return run_in(g_dir_make_tmp("simulate-XXXXXX", NULL), seed, jobs, profile, plan);
}

static char *contents(const char *folder, const char *inner, const char *name, size_t *length)
{
	g_autofree char *path = g_build_filename(folder, inner, name, NULL);
	char *text = NULL;
	if (!g_file_get_contents(path, &text, length, NULL))
		*length = 0;
	return text;
}

// How many of a run's files are the same in another.
static unsigned n_same(const char *first, const char *second)
{
	static const char *const NAMES[] = {"0001", "0002", "0003", "0004", "0005"};
	unsigned same = 0;
	for (unsigned i = 0; i < 2 * G_N_ELEMENTS(NAMES); i++) {
		g_autofree char *name = g_strdup_printf("%s.%s", NAMES[i / 2], i % 2 ? "png" : "jpg");
		size_t a_length, b_length;
		g_autofree char *a = contents(first, "scans", name, &a_length);
		g_autofree char *b = contents(second, "scans", name, &b_length);
		same += a && b && a_length == b_length && memcmp(a, b, a_length) == 0;
	}
	return same;
}

static void same_seed_gives_same_bytes_with_any_jobs(void **state)
{
	(void)state;
	g_autofree char *one = run(7, 1, "rough", NULL), *three = run(7, 3, "rough", NULL);
	g_autofree char *other = run(8, 1, "rough", NULL);
	assert_int_equal(n_same(one, three), 5);
	assert_int_equal(n_same(one, other), 0);
	static const char *const TABLES[] = {"truth.csv", "pages.csv", "roster.csv"};
	for (unsigned i = 0; i < G_N_ELEMENTS(TABLES); i++) {
		size_t length;
		g_autofree char *a = contents(one, "", TABLES[i], &length);
		g_autofree char *b = contents(three, "", TABLES[i], &length);
		assert_string_equal(a, b);
	}
	remove_folder(one);
	remove_folder(three);
	remove_folder(other);
}

static unsigned n_files(const char *folder)
{
	g_autofree char *scans = g_build_filename(folder, "scans", NULL);
	GDir *dir = g_dir_open(scans, 0, NULL);
	unsigned n = 0;
	while (g_dir_read_name(dir))
		n++;
	g_dir_close(dir);
	return n;
}

// Seeds 7 and 8 choose other formats, so other file names.
static void running_again_leaves_no_old_scans(void **state)
{
	(void)state;
	g_autofree char *folder = run(7, 1, "clean", NULL);
	run_in(folder, 8, 1, "clean", NULL);
	assert_int_equal(n_files(folder), 5);
	remove_folder(folder);
}

static void truth_has_each_item_of_each_page(void **state)
{
	(void)state;
	g_autofree char *folder = run(3, 1, "office", NULL);
	g_autofree char *path = g_build_filename(folder, "truth.csv", NULL);
	CSV_TABLE_AUTO truth = csv_table_load(path, NULL);
	EXAM_AUTO exam = exam_load(EXAM, NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	unsigned row = 0;
	for (unsigned page = 0; page < 5; page++)
		for (unsigned item = layout->n_id_items; item < layout->n_items; item++) {
			if (layout->items[item].page != page % 2 + 1)
				continue;
			assert_true(row < csv_table_n_rows(truth));
			assert_string_equal(csv_table_cell(truth, row, 3), layout->items[item].id);
			exam_choices marked;
			assert_true(exam_choices_parse(
				layout->items[item].exam_item, csv_table_cell(truth, row, 4), &marked));
			row++;
		}
	assert_int_equal(row, csv_table_n_rows(truth));
	remove_folder(folder);
}

static void plan_is_obeyed(void **state)
{
	(void)state;
	g_autofree char *plan = g_build_filename(g_get_tmp_dir(), "simulate-plan.csv", NULL);
	g_file_set_contents(plan,
		"student_id,item,marked,kind\n00310001,*,key,tick\n00310001,7,A|B,erased\n00310001,page.2,,missing\n"
		"00310002,page.1,,twice\n00310002,page.2,,back\n",
		-1, NULL);
	g_autofree char *folder = run(3, 1, "office", plan);
	size_t length;
	g_autofree char *truth = contents(folder, "", "truth.csv", &length);
	assert_non_null(strstr(truth, ",00310001,1,1,D,1,tick,D tick\n"));
	assert_non_null(strstr(truth, ",00310001,1,7,A|B,0,"));
	assert_null(strstr(truth, ",00310001,2,"));
	g_autofree char *pages = contents(folder, "", "pages.csv", &length);
	assert_non_null(strstr(pages, "0002.jpg,00310002,1,"));
	assert_non_null(strstr(pages, "0003.jpg,00310002,1,"));
	assert_non_null(strstr(pages, "0005.png,,,"));
	g_remove(plan);
	remove_folder(folder);
}

// --- marks

static struct raster *blank_paper(double width_mm, double height_mm)
{
	struct raster *paper = raster_new((int)(width_mm * DPI / MM_AN_INCH), (int)(height_mm * DPI / MM_AN_INCH));
	memset(paper->pixels, WHITE, (size_t)paper->width_px * (size_t)paper->height_px);
	return paper;
}

// The part of the light that is missing between two circles around a point.
static double darkness(const struct raster *page, double x_mm, double y_mm, double from_mm, double to_mm)
{
	double missing = 0, n = 0;
	for (int y = 0; y < page->height_px; y++)
		for (int x = 0; x < page->width_px; x++) {
			double dx = (x + 0.5) * MM_AN_INCH / DPI - x_mm, dy = (y + 0.5) * MM_AN_INCH / DPI - y_mm;
			double d2 = dx * dx + dy * dy;
			if (d2 < from_mm * from_mm || d2 > to_mm * to_mm)
				continue;
			missing += 1 - (double)page->pixels[y * page->width_px + x] / WHITE;
			n++;
		}
	return missing / n;
}

static struct raster *draw_one(enum mark_kind kind, uint64_t seed)
{
	struct dice dice = dice_new(seed, DICE_DRAWING, 0);
	struct hand hand = hand_new(&dice, &profile_find("brutal")->habits);
	struct raster *page = blank_paper(20, 20);
	struct mark_paper paper = {.page = page, .dpi = DPI, .grain_seed = (uint32_t)seed};
	mark_draw(&paper, &hand, kind, 10, 10, &dice);
	return page;
}

// What the truth calls a clear mark is one, whatever the hand, and touches no neighbouring ring.
static void plain_marks_are_seen_and_stay_at_home(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < MARK_REAL; kind++)
		for (unsigned seed = 0; seed < 30; seed++) {
			struct raster *page = draw_one((enum mark_kind)kind, seed);
			double inside = darkness(page, 10, 10, 0, 1.8), beyond = darkness(page, 10, 10, 5.0, 9);
			raster_free(page);
			if (inside < 0.06 || beyond > 0)
				fail_msg("%s, seed %u: %.3f inside, %.3f beyond", mark_kind_name((enum mark_kind)kind),
					seed, inside, beyond);
		}
}

static void light_marks_are_as_light_as_promised(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 30; seed++) {
		struct raster *page = draw_one(MARK_LIGHT, seed);
		double inside = darkness(page, 10, 10, 0, 1.6);
		raster_free(page);
		// Grey 175 on paper of 243 takes 0.28 of the light.
		if (inside < 0.22 || inside > 0.45)
			fail_msg("seed %u: %.3f", seed, inside);
	}
}

static void strays_stay_beside_the_ring(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 30; seed++) {
		struct raster *page = draw_one(MARK_STRAY, seed);
		assert_true(darkness(page, 10, 10, 0, 2.0) == 0);
		assert_true(darkness(page, 10, 10, 2.0, 7) > 0);
		raster_free(page);
	}
}

static void assert_near(double value, double expected, double most)
{
	if (fabs(value - expected) > most)
		fail_msg("%g instead of %g", value, expected);
}

// --- the scanner. A page with one black square in its middle third.

#define SQUARE_MM 4.0

static struct raster *square_paper(double x_mm, double y_mm)
{
	struct raster *paper = blank_paper(100, 130);
	for (int y = (int)((y_mm - SQUARE_MM / 2) * DPI / MM_AN_INCH); y < (y_mm + SQUARE_MM / 2) * DPI / MM_AN_INCH;
		y++)
		for (int x = (int)((x_mm - SQUARE_MM / 2) * DPI / MM_AN_INCH);
			x < (x_mm + SQUARE_MM / 2) * DPI / MM_AN_INCH; x++)
			paper->pixels[y * paper->width_px + x] = 0;
	return paper;
}

// The centre of what is dark, in mm.
static void find_dark(const struct raster *image, double *x_mm, double *y_mm)
{
	double sx = 0, sy = 0, n = 0;
	for (int y = 0; y < image->height_px; y++)
		for (int x = 0; x < image->width_px; x++) {
			double missing = WHITE - image->pixels[y * image->width_px + x];
			if (missing < WHITE / 2)
				continue;
			sx += x + 0.5;
			sy += y + 0.5;
			n++;
		}
	*x_mm = sx / n * MM_AN_INCH / DPI;
	*y_mm = sy / n * MM_AN_INCH / DPI;
}

static void expect_square(struct recipe recipe, double from_x, double from_y, double to_x, double to_y)
{
	struct raster *paper = square_paper(from_x, from_y);
	recipe.bed_grey = WHITE;
	struct raster *scan = warp_paper(paper, DPI, &recipe);
	double x, y;
	find_dark(scan, &x, &y);
	raster_free(paper);
	raster_free(scan);
	assert_near(x, to_x, 0.2);
	assert_near(y, to_y, 0.2);
}

static void geometry_does_what_it_says(void **state)
{
	(void)state;
	expect_square((struct recipe){0}, 20, 30, 20, 30);
	expect_square((struct recipe){.shift_x_mm = 3, .shift_y_mm = -2}, 20, 30, 23, 28);
	// 45 mm above the middle, the sheet 2 % longer: 0.9 mm farther out.
	expect_square((struct recipe){.stretch = 0.02}, 50, 20, 50, 19.1);
	// 45 mm above the middle, turned by 0.05 rad clockwise: 2.25 mm to the right.
	expect_square((struct recipe){.skew_rad = 0.05}, 50, 20, 52.25, 20.06);
	expect_square((struct recipe){.margin_mm = 5}, 20, 30, 25, 35);
	// A quarter of a wave from the middle: the whole amplitude.
	expect_square((struct recipe){.x_along_y = {2, 180, 0}}, 50, 65 - 45, 52, 20);
}

static void turning_is_exact(void **state)
{
	(void)state;
	struct raster *paper = square_paper(20, 30);
	static const double EXPECTED[4][2] = {{20, 30}, {100, 20}, {80, 100}, {30, 80}};
	for (int quarters = 0; quarters < 4; quarters++) {
		struct raster *turned = raster_turned(paper, quarters);
		double x, y;
		find_dark(turned, &x, &y);
		assert_near(x, EXPECTED[quarters][0], 0.3);
		assert_near(y, EXPECTED[quarters][1], 0.3);
		raster_free(turned);
	}
	raster_free(paper);
}

static void blur_spreads_by_its_sigma(void **state)
{
	(void)state;
	for (double sigma = 0.5; sigma < 5; sigma += 0.75) {
		struct raster *image = raster_new(101, 101);
		for (int i = 0; i < 101 * 101; i++)
			image->pixels[i] = i % 101 > 50 ? 255 : 0;
		optics_blur(image, sigma);
		// An edge's slope is the point spread.
		double sum = 0, spread = 0;
		for (int x = 0; x < 100; x++) {
			double slope = image->pixels[50 * 101 + x + 1] - image->pixels[50 * 101 + x];
			sum += slope;
			spread += slope * (x - 50) * (x - 50);
		}
		raster_free(image);
		assert_true(sum == 255);
		assert_near(spread / sum, sigma * sigma, 0.2 * sigma * sigma + 0.1);
	}
}

static void exposure_sets_levels_and_noise(void **state)
{
	(void)state;
	struct raster *image = raster_new(200, 200);
	memset(image->pixels, 255, 200 * 200);
	struct dice dice = dice_new(1, DICE_SCAN, 0);
	optics_expose(image, &(struct recipe){.gamma = 1, .paper_grey = 200, .black_grey = 30, .noise = 6}, &dice);
	double sum = 0, squares = 0;
	for (int i = 0; i < 200 * 200; i++) {
		sum += image->pixels[i];
		squares += (image->pixels[i] - 200.0) * (image->pixels[i] - 200.0);
	}
	assert_near(sum / 40000, 200, 1);
	assert_near(squares / 40000, 36, 4);
	optics_bilevel(image, 200);
	for (int i = 0; i < 200 * 200; i++)
		assert_true(image->pixels[i] == 0 || image->pixels[i] == 255);
	raster_free(image);
}

static void pale_toner_lightens_black_only(void **state)
{
	(void)state;
	struct raster *paper = square_paper(20, 30);
	damage_toner(paper, 80);
	int at = (int)(30 * DPI / MM_AN_INCH) * paper->width_px + (int)(20 * DPI / MM_AN_INCH);
	assert_int_equal(paper->pixels[at], 80);
	assert_in_range(paper->pixels[0], WHITE, 255);
	raster_free(paper);
}

static struct raster *damaged(enum defect defect, uint64_t seed)
{
	struct raster *paper = blank_paper(216, 279);
	struct dice dice = dice_new(seed, DICE_SCAN, 0);
	struct recipe recipe = {
		.defects = 1u << defect, .bed_grey = 10, .torn_corner = 2, .torn_x_mm = 20, .torn_y_mm = 15};
	damage_paper(paper, DPI, &recipe, &dice);
	return paper;
}

static void damage_is_where_it_should_be(void **state)
{
	(void)state;
	struct raster *torn = damaged(DEFECT_TORN, 1);
	assert_int_equal(torn->pixels[torn->width_px * torn->height_px - 1], 10); // bottom right
	assert_int_equal(torn->pixels[0], WHITE);
	assert_true(darkness(torn, 108, 140, 0, 80) == 0);
	raster_free(torn);
	struct raster *holes = damaged(DEFECT_HOLES, 1);
	assert_true(darkness(holes, 11, 139.5, 0, 1) > 0.9);
	assert_true(darkness(holes, 108, 140, 0, 80) == 0);
	raster_free(holes);
	struct raster *fold = damaged(DEFECT_FOLD, 1);
	assert_true(darkness(fold, 108, 140, 0, 108) > 0);
	raster_free(fold);
	struct raster *staple = damaged(DEFECT_STAPLE, 1);
	assert_true(darkness(staple, 12, 10, 0, 12) > 0);
	assert_true(darkness(staple, 108, 140, 0, 80) == 0);
	raster_free(staple);
}

// --- compare

static void save(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void compare_finds_silent_errors_and_lost_pages(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("compare-XXXXXX", NULL);
	save(folder, "truth.csv",
		"file,student_id,page,item,marked,clear,kinds\na.jpg,1,1,1,A,1,fill\na.jpg,1,1,2,B,1,tick\n"
		"a.jpg,1,1,3,C,0,fill|erased\na.jpg,1,1,4,,1,\nb.jpg,2,1,1,A,1,fill\nc.jpg,3,1,1,A,1,fill\n");
	save(folder, "pages.csv",
		"file,student_id,page,dpi,turn,profile,defects\na.jpg,1,1,200,0,office,\nb.jpg,2,1,200,0,office,\n"
		"c.jpg,3,1,300,0,office,\nd.jpg,,,300,0,office,\n");
	save(folder, "layout.csv", "page,item,choice\n1,1,A\n1,1,B\n1,2,A\n1,2,B\n1,3,A\n1,4,A\n");
	save(folder, "marks.csv",
		"student_id,page,file,item,marked,state,reason\n1,1,in/a.jpg,1,A,ok,\n1,1,in/a.jpg,2,A,ok,\n"
		"1,1,in/a.jpg,3,A|C,review,why\n1,1,in/a.jpg,4,,ok,\n");
	save(folder, "exceptions.csv", "kind,file,page,student_id,item,detail\nno-identity,in/b.jpg,,,,why\n");
	struct compare_result result;
	assert_true(compare_run(folder, folder, &result, NULL));
	assert_int_equal(result.all.pages, 3);
	assert_int_equal(result.all.read, 1);
	assert_int_equal(result.all.refused, 1);
	assert_int_equal(result.lost, 1); // c.jpg
	assert_int_equal(result.backs, 1);
	assert_int_equal(result.all.items, 4);
	assert_int_equal(result.all.bubbles, 6);
	assert_int_equal(result.silent, 1); // item 2
	assert_int_equal(result.all.clear_flagged, 0);
	assert_int_equal(result.all.unclear_flagged, 1);
	assert_int_equal(result.examples->len, 2);
	compare_clear(&result);
	remove_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_gives_same_bytes_with_any_jobs),
		cmocka_unit_test(running_again_leaves_no_old_scans),
		cmocka_unit_test(truth_has_each_item_of_each_page),
		cmocka_unit_test(plan_is_obeyed),
		cmocka_unit_test(plain_marks_are_seen_and_stay_at_home),
		cmocka_unit_test(light_marks_are_as_light_as_promised),
		cmocka_unit_test(strays_stay_beside_the_ring),
		cmocka_unit_test(geometry_does_what_it_says),
		cmocka_unit_test(turning_is_exact),
		cmocka_unit_test(blur_spreads_by_its_sigma),
		cmocka_unit_test(exposure_sets_levels_and_noise),
		cmocka_unit_test(pale_toner_lightens_black_only),
		cmocka_unit_test(damage_is_where_it_should_be),
		cmocka_unit_test(compare_finds_silent_errors_and_lost_pages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
