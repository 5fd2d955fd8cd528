// SPDX-License-Identifier: GPL-3.0-or-later
// A foreign bubble becomes one of ours: its outline is mapped to a ring of 4 mm, its page's black to the printed black.
#include "tests/real/production.h"

#include <math.h>
#include <string.h>

#include "detect/decide.h"
#include "sheet/exam_file.h"

static const char EXAM[] = "exam: mark\n"
			   "title: One bubble\n"
			   "sections:\n"
			   "  - title: One\n"
			   "    type: multiple\n"
			   "    questions:\n"
			   "      - {choices: 2, key: A}\n";

#define RING_MM (LAYOUT_BUBBLE_UM / 2000.0)
#define PX_PER_MM 10
#define DARKNESS_CAP 250 // as in detect/bubbles.c
// Where nothing but a letter is to be expected: it darkens more samples than its mean darkness says, as its edges are
// blurred, and some letters are broader.
#define LETTER_EDGES 1.4
#define LETTER_SLACK 0.08
#define SIDE_PX 150       // all that surroundings_look looks at
#define OUTSIDE_RINGS 1.3 // farther out stands what belongs to other rows of that form
// Crops of one source come from many hands: a mark's pen can only be its own. As on a page of strokes (detect/marks.c).
#define OWN_PEN_SHARE 0.95
#define PEN_SEEN 0.15
#define PEN_LEAST 0.30
#define BLANK_GREY 255
#define PLACE_MM 100 // where on the sheet the bubble is said to be: anywhere, as nothing is bent

struct production {
	const struct foreign_set *set;
	struct page_levels *levels; // by crop: its page's
	struct exam *exam;
	struct layout *layout;
	struct registration registration; // of the pictures that look_around makes
};

// A sheet that lies flat and straight, PLACE_MM from its corner in the middle of the picture.
static void lay_flat(struct production *production)
{
	const double shift = SIDE_PX / 2 - PLACE_MM * PX_PER_MM;
	struct registration *registration = &production->registration;
	*registration = (struct registration){
		.flat = {{PX_PER_MM, 0, shift, 0, PX_PER_MM, shift, 0, 0, 1}}, .px_per_mm = PX_PER_MM};
	const struct layout *layout = production->layout;
	for (unsigned i = 0; i < MIN(layout->n_anchors, LAYOUT_MOST_ANCHORS); i++) {
		struct sheet_point point = {layout->anchors[i].x_um, layout->anchors[i].y_um};
		registration->points[registration->n_points++] =
			(struct point_pair){point, homography_map(&registration->flat, point)};
	}
	bool fits = bend_fit(
		layout, &registration->flat, registration->points, registration->n_points, &registration->bend);
	g_assert(fits);
}

static int compare_samples(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

// Samples where a letter may stand: as many of the darkest as the form's letters cover are the letter's, whichever it
// is and wherever its strokes lie; the others count.
static void take_letter_off(struct bubble *bubble, const struct foreign_bubble *from, const struct foreign_page *page)
{
	double covers = 1;
	if (page->letterless)
		covers = 0;
	else if (page->lettered)
		covers = foreign_rim_is_clean(from) ? LETTER_EDGES * page->letter + LETTER_SLACK : page->letter;
	unsigned printed = (unsigned)(MIN(covers, 1) * bubble->n_letter + 0.5);
	qsort(bubble->letter, bubble->n_letter, 1, compare_samples);
	unsigned marks = bubble->n_letter - printed;
	memcpy(bubble->samples + bubble->n, bubble->letter, marks);
	memmove(bubble->letter, bubble->letter + marks, printed);
	bubble->n = (uint16_t)(bubble->n + marks);
	bubble->n_letter = (uint16_t)printed;
}

static struct bubble bubble_of(const struct foreign_bubble *from, const struct foreign_page *page)
{
	struct bubble bubble = {.paper = 1, .on_page = true};
	const int reach = BUBBLE_RADIUS_UM / BUBBLE_SAMPLE_UM;
	const double step = BUBBLE_SAMPLE_UM / 1000.0 / RING_MM;
	unsigned sum = 0;
	for (int j = -reach; j <= reach; j++)
		for (int i = -reach; i <= reach; i++) {
			if (hypot(i, j) * BUBBLE_SAMPLE_UM > BUBBLE_RADIUS_UM)
				continue;
			double x = i * step, y = j * step;
			double darkness = foreign_darkness(from, x, y) / from->black * BUBBLE_BLACK;
			uint8_t sample = (uint8_t)CLAMP(darkness + 0.5, 0, DARKNESS_CAP);
			bool rim = hypot(x * from->outline.half_w, y * from->outline.half_h) > from->letter_cells;
			if (rim)
				bubble.samples[bubble.n++] = sample;
			else
				bubble.letter[bubble.n_letter++] = sample;
		}
	take_letter_off(&bubble, from, page);
	qsort(bubble.samples, bubble.n, 1, compare_samples);
	for (unsigned i = 0; i < bubble.n; i++)
		sum += bubble.samples[i];
	bubble.darkness = (float)sum / (float)MAX(bubble.n, 1) / BUBBLE_BLACK;
	bubble.halo = (float)MAX(from->bleed / from->black, 0);
	bubble.ring = bubble.ring_rest = (float)((from->ring - from->bleed) / from->black);
	return bubble;
}

// Where ink lies within the disc. Where nothing reaches the rim, a letter hides what is no darker than itself.
static struct bubble_extent extent_of(
	const struct foreign_bubble *from, const struct foreign_page *page, const struct page_levels *levels)
{
	struct bubble_offset inked[BUBBLE_MOST_SAMPLES];
	unsigned n = 0;
	const int reach = BUBBLE_RADIUS_UM / BUBBLE_SAMPLE_UM;
	const double step = BUBBLE_SAMPLE_UM / 1000.0 / RING_MM;
	for (int j = -reach; j <= reach; j++)
		for (int i = -reach; i <= reach; i++) {
			double x = i * step, y = j * step;
			if (hypot(i, j) * BUBBLE_SAMPLE_UM > BUBBLE_RADIUS_UM)
				continue;
			bool rim = hypot(x * from->outline.half_w, y * from->outline.half_h) > from->letter_cells;
			bool print = !rim && !page->letterless && foreign_rim_is_clean(from);
			double limit = print ? levels_over_letter(levels) : levels_ink(levels);
			if (foreign_darkness(from, x, y) / from->black > limit)
				inked[n++] = (struct bubble_offset){
					(int16_t)(i * BUBBLE_SAMPLE_UM), (int16_t)(j * BUBBLE_SAMPLE_UM)};
		}
	return bubble_extent_of(inked, n, false);
}

// The bubble and what its strokes reach just outside, as a scan at 10 pixels a millimetre.
static struct surroundings look_around(
	const struct production *production, const struct foreign_bubble *from, double level)
{
	uint8_t pixels[SIDE_PX][SIDE_PX];
	for (int j = 0; j < SIDE_PX; j++)
		for (int i = 0; i < SIDE_PX; i++) {
			double x = (i - SIDE_PX / 2) / (PX_PER_MM * RING_MM);
			double y = (j - SIDE_PX / 2) / (PX_PER_MM * RING_MM);
			double darkness = hypot(x, y) <= OUTSIDE_RINGS ? foreign_darkness(from, x, y) / from->black : 0;
			pixels[j][i] = (uint8_t)(BLANK_GREY * (1 - CLAMP(darkness, 0, 1)) + 0.5);
		}
	const struct grey_view view = {&pixels[0][0], SIDE_PX, SIDE_PX, SIDE_PX};
	float level_of_paper = BLANK_GREY;
	const struct paper_map paper = {
		.columns = 1, .rows = 1, .tile_px = SIDE_PX, .levels = &level_of_paper, .usual = BLANK_GREY};
	const struct sheet_point place = {PLACE_MM * 1000, PLACE_MM * 1000};
	return surroundings_look(&production->registration, &view, &paper, place, level);
}

static struct page_levels page_levels_of(const struct production *production, const struct foreign_page *page)
{
	g_autofree struct bubble *bubbles = g_new(struct bubble, page->n);
	g_autofree struct surroundings *around = g_new(struct surroundings, page->n);
	const struct foreign_bubble *all = production->set->bubbles;
	for (unsigned i = 0; i < page->n; i++)
		bubbles[i] = bubble_of(&all[page->members[i]], page);
	struct page_levels levels = levels_of(bubbles, page->n);
	levels.unsure = false; // crops are no page: it may be that none of them is blank
	for (unsigned i = 0; i < page->n; i++)
		around[i] = look_around(production, &all[page->members[i]], levels_ink(&levels));
	levels_add_spill(&levels, bubbles, around, page->n);
	return levels;
}

struct production *production_new(const struct foreign_set *set)
{
	struct production *production = g_new0(struct production, 1);
	GError *error = NULL;
	production->set = set;
	production->exam = exam_parse("mark.yaml", EXAM, strlen(EXAM), &error);
	g_assert_no_error(error);
	production->layout = layout_new(production->exam, &error);
	g_assert_no_error(error);
	lay_flat(production);
	production->levels = g_new(struct page_levels, MAX(set->n, 1));
	for (unsigned i = 0; i < set->n; i++) {
		const struct foreign_page *page = &set->pages[i];
		production->levels[i] =
			page->first < i ? production->levels[page->first] : page_levels_of(production, page);
	}
	return production;
}

void production_free(struct production *production)
{
	if (!production)
		return;
	layout_free(production->layout);
	exam_free(production->exam);
	g_free(production->levels);
	g_free(production);
}

enum reading production_read(const struct production *production, unsigned crop, char **reason)
{
	const struct foreign_bubble *from = &production->set->bubbles[crop];
	struct page_levels levels = production->levels[crop];
	struct bubble bubbles[2] = {bubble_of(from, &production->set->pages[crop]),
		{.n = 1, .ring = (float)levels.ring, .ring_rest = (float)levels.ring, .paper = 1, .on_page = true}};
	if ((double)bubbles[0].darkness - levels.blank >= PEN_SEEN)
		levels.pen = CLAMP(bubble_quantile(&bubbles[0], OWN_PEN_SHARE), MIN(PEN_LEAST, levels.pen), levels.pen);
	struct surroundings around[2] = {look_around(production, from, levels_ink(&levels))};
	around[0].extent = extent_of(from, &production->set->pages[crop], &levels);
	const struct item_evidence evidence = {.bubbles = bubbles, .around = around};
	struct answers_mark mark = {0};
	uint8_t fill_percent[EXAM_MAX_CHOICES];
	decide_item(production->layout, production->layout->n_id_items, &evidence, &levels, &mark, fill_percent);
	*reason = mark.reason;
	return mark.review ? READING_FLAGGED : mark.marked ? READING_FILLED : READING_EMPTY;
}
