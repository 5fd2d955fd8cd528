// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/page.h"

#include <string.h>

#include "detect/decide.h"
#include "detect/marks.h"
#include "detect/place.h"
#include "detect/rows.h"
#include "detect/second.h"
#include "detect/streaks.h"

#define MM_UM 1000.0
// The resolution that bubbles are measured at: some 150 dpi. Finer scans are averaged down to it, which costs nothing
// in trust (a ring is 24 pixels wide) and makes every resolution read alike.
#define WORK_PX_PER_MM 5.8
#define WORK_LEAST_PX_PER_MM 5.0 // fewer are made do with only where the image has no more
#define TILE_MM 8.0
// A blank page: fewer of its pixels than this are darker than paper by a quarter, 10 mm from the edges inwards.
#define BLANK_SHARE 0.0005
#define BLANK_DARK 0.75
#define BLANK_EDGE_MM 10.0
// Darker than any paper: an open lid, or a card. That is not a blank page.
#define BLANK_PAPER_LEAST 100
// A page without identity is the one whose rings are seen, if they stand out by so much from what is seen where the
// rings of the others should be. Measured: 0.23 to 0.30 on the right page, up to 0.001 on wrong ones.
#define LIKELY_TIMES 3

struct detector {
	const struct layout *layout;
	struct identity_reader *identity;
	struct second_reader *second_reader;
	// Of the page being read; by the layout's index.
	struct rows *rows;
	struct surroundings *around;
	enum second_says *second;
};

struct detector *detector_new(const struct layout *layout)
{
	struct detector *detector = g_new0(struct detector, 1);
	detector->layout = layout;
	detector->identity = identity_reader_new();
	detector->rows = rows_new(layout);
	detector->around = g_new0(struct surroundings, MAX(layout->n_bubbles, 1));
	detector->second = g_new0(enum second_says, MAX(layout->n_bubbles, 1));
	detector->second_reader = second_reader_new(layout);
	return detector;
}

void detector_free(struct detector *detector)
{
	if (!detector)
		return;
	identity_reader_free(detector->identity);
	rows_free(detector->rows);
	g_free(detector->around);
	g_free(detector->second);
	second_reader_free(detector->second_reader);
	g_free(detector);
}

void detector_leave_out(struct detector *detector, unsigned rules)
{
	detector->rows->left_out = rules;
}

void page_trace_clear(struct page_trace *trace)
{
	g_clear_pointer(&trace->bubbles, g_free);
	g_clear_pointer(&trace->around, g_free);
	g_clear_pointer(&trace->shifts, g_free);
}

static double scale_of(const struct layout *layout, const struct grey_view *image)
{
	return MAX(image->width_px, image->height_px) * MM_UM / MAX(layout->width_um, layout->height_um);
}

static bool looks_blank(const struct layout *layout, const struct grey_view *image, const struct paper_map *paper)
{
	int edge = (int)(BLANK_EDGE_MM * scale_of(layout, image));
	long dark = 0, seen = 0;
	if (paper_at(paper, image->width_px / 2.0, image->height_px / 2.0) < BLANK_PAPER_LEAST)
		return false;
	for (int y = edge; y < image->height_px - edge; y += 2)
		for (int x = edge; x < image->width_px - edge; x += 2) {
			seen++;
			dark += image->pixels[(ptrdiff_t)y * image->stride_px + x] < BLANK_DARK * paper_at(paper, x, y);
		}
	return seen > 0 && (double)dark < BLANK_SHARE * (double)seen;
}

// Names a page that could not be registered, if a code can be read on it anywhere.
static struct answers *answer_unregistered(
	struct detector *detector, const struct grey_view *image, enum registration_failure failure)
{
	static const char *const why[] = {
		[REGISTRATION_NO_ANCHORS] = "too few of the black squares at the edges can be found",
		[REGISTRATION_TOO_FEW] = "too few of the black squares at the edges can be found",
		[REGISTRATION_DISTORTED] = "the paper is bent too much, or was photographed from too far aside",
		[REGISTRATION_COARSE] =
			"the sheet has too few pixels here: 150 dpi or more are needed, or a photo from closer by",
		[REGISTRATION_NO_MEMORY] = "not enough memory",
	};
	struct code code;
	if (identity_search(detector->identity, image, &code)) {
		bool ours = strcmp(code.exam, detector->layout->exam->name) == 0;
		struct answers *answers =
			answers_new_exception(ours ? ANSWERS_KIND_UNREGISTERED : ANSWERS_KIND_OTHER_EXAM, NULL);
		if (ours) {
			answers->detail = g_strdup_printf("%s; scan it again, or enter it by hand", why[failure]);
			answers->page = code.page;
			answers->form = code.form;
			*(code.walk_in ? &answers->serial : &answers->student) = g_steal_pointer(&code.id);
		} else {
			answers->detail = g_strdup_printf("the page belongs to another exam, %s", code.exam);
		}
		code_clear(&code);
		return answers;
	}
	if (failure == REGISTRATION_NO_ANCHORS)
		return answers_new_exception(
			ANSWERS_KIND_NOT_A_SHEET, "this does not look like an answer sheet: no black squares, no code");
	g_autofree char *detail = g_strdup_printf("%s, and no code can be read; scan it again", why[failure]);
	return answers_new_exception(ANSWERS_KIND_UNREGISTERED, detail);
}

// NULL if the code is one of this layout's; otherwise the exception.
static struct answers *check_code(const struct layout *layout, const struct code *code)
{
	if (strcmp(code->exam, layout->exam->name) != 0) {
		g_autofree char *detail = g_strdup_printf("the page belongs to another exam, %s", code->exam);
		return answers_new_exception(ANSWERS_KIND_OTHER_EXAM, detail);
	}
	if (strcmp(code->fingerprint, layout->fingerprint) == 0 && code->page <= layout->n_pages)
		return NULL;
	struct answers *answers = answers_new_exception(ANSWERS_KIND_OTHER_LAYOUT,
		"the sheet was printed from another version of the exam file; grade it with that version");
	answers->page = code->page;
	answers->form = code->form;
	*(code->walk_in ? &answers->serial : &answers->student) = g_strdup(code->id);
	return answers;
}

static void look_around_one(
	struct detector *detector, const struct sheet_view *sheet, const struct page_levels *levels, unsigned bubble)
{
	struct sheet_point at = rows_found_at(detector->rows, bubble);
	detector->around[bubble] = surroundings_look(sheet->registration, sheet->work, sheet->paper, at,
		levels_ink_of(levels, &detector->rows->bubbles[bubble]));
	detector->around[bubble].extent =
		bubble_extent(detector->rows->raster, bubble, sheet->registration, sheet->work, sheet->paper, at,
			levels_ink(levels), levels_over_letter(levels), levels_letter_hides(levels));
}

// Looks around all bubbles of the page that are not blank, and for streaks through any.
static void look_around(struct detector *detector, const struct sheet_view *sheet, const struct page_levels *levels)
{
	const struct streaks streaks = streaks_find(sheet->work, sheet->registration->px_per_mm);
	const double reach_px = BUBBLE_RADIUS_UM / MM_UM * sheet->registration->px_per_mm;
	for (unsigned i = 0; i < detector->layout->n_bubbles; i++) {
		detector->around[i] = (struct surroundings){0};
		if (detector->rows->bubbles[i].n == 0)
			continue;
		if (!marks_is_blank(&detector->rows->bubbles[i], levels))
			look_around_one(detector, sheet, levels, i);
		if (streaks.n == 0)
			continue;
		struct sheet_point at = rows_found_at(detector->rows, i);
		const struct streak *streak =
			streaks_touching(&streaks, registration_map(sheet->registration, at), reach_px);
		detector->around[i].streak = streak ? streak->dark : 0;
	}
}

// Asks the second reader about all bubbles of the page.
static void ask_second(struct detector *detector, const struct sheet_view *sheet)
{
	struct second_reader *reader = detector->second_reader;
	const unsigned n = detector->layout->n_bubbles;
	second_reader_start(reader);
	for (unsigned i = 0; i < n; i++)
		if (detector->rows->bubbles[i].n > 0)
			second_reader_take(reader, i, sheet->registration, sheet->work, sheet->paper,
				rows_found_at(detector->rows, i));
	second_reader_decide(reader);
	for (unsigned i = 0; i < n; i++)
		detector->second[i] = detector->rows->bubbles[i].n > 0 ? second_reader_says(reader, i) : SECOND_NOTHING;
}

static struct answers *new_read(const struct code *code, const struct layout *layout)
{
	struct answers *answers = g_new0(struct answers, 1);
	answers->outcome = ANSWERS_READ;
	answers->page = code->page;
	answers->form = code->form;
	*(code->walk_in ? &answers->serial : &answers->student) = g_strdup(code->id);
	if (code->seal[0]) {
		answers->seal = (struct answers_seal){.state = SEAL_UNCHECKED, .copy = code->copy};
		memcpy(answers->seal.text, code->seal, sizeof answers->seal.text);
	}
	answers_make_room(answers, layout);
	return answers;
}

// Measures all items of the page, takes the page's levels from them, then decides each.
static struct answers *read_marks(struct detector *detector, const struct sheet_view *sheet, struct page_trace *trace)
{
	const struct layout *layout = detector->layout;
	struct page_levels levels = rows_measure(detector->rows, sheet);
	levels.shows_through = marks_show_through(detector->rows->bubbles, layout->n_bubbles, &levels);
	look_around(detector, sheet, &levels);
	ask_second(detector, sheet);
	levels_add_spill(&levels, detector->rows->bubbles, detector->around, layout->n_bubbles);
	struct answers *answers = new_read(sheet->code, layout);
	for (unsigned i = 0; i < layout->n_items; i++) {
		const struct layout_item *item = &layout->items[i];
		if (!rows_has(item, sheet->code))
			continue;
		struct answers_mark *mark = &answers->marks[answers->n_marks++];
		mark->item = i;
		const struct item_evidence evidence = {detector->rows->bubbles + item->first_bubble,
			detector->around + item->first_bubble, detector->second + item->first_bubble,
			detector->rows->lost[i]};
		decide_item(layout, i, &evidence, &levels, mark, answers->fill_percent + item->first_bubble);
	}
	if (trace) {
		trace->levels = levels;
		memcpy(trace->bubbles, detector->rows->bubbles, layout->n_bubbles * sizeof *trace->bubbles);
		memcpy(trace->around, detector->around, layout->n_bubbles * sizeof *trace->around);
		memcpy(trace->shifts, detector->rows->shifts, layout->n_items * sizeof *trace->shifts);
	}
	return answers;
}

// Nobody can say yet which page this is: the marks are read as if it were each of them.
static struct answers *read_unidentified(
	struct detector *detector, const struct sheet_view *sheet, struct placement *placement)
{
	const struct layout *layout = detector->layout;
	struct answers *all = answers_new_exception(ANSWERS_KIND_NO_IDENTITY,
		"neither of the two codes can be read; find the student by the name on the sheet");
	all->placement = placement;
	if (!placement)
		return all;
	double best = 0, second = 0;
	answers_make_room(all, layout);
	for (unsigned page = 1; page <= layout->n_pages; page++) {
		struct code as_if = {.page = page};
		const struct sheet_view view = {sheet->registration, sheet->work, sheet->paper, &as_if};
		ANSWERS_AUTO one = read_marks(detector, &view, NULL);
		for (unsigned i = 0; i < one->n_marks; i++) {
			all->marks[all->n_marks++] = one->marks[i];
			one->marks[i].reason = NULL;
		}
		for (unsigned b = 0; b < layout->n_bubbles; b++)
			all->fill_percent[b] = MAX(all->fill_percent[b], one->fill_percent[b]);
		place_rows(placement, layout, detector->rows->shifts, page);
		double ring = MAX(levels_of(detector->rows->bubbles, layout->n_bubbles).ring, 0);
		all->likely_page = ring > best ? page : all->likely_page;
		second = MAX(second, MIN(ring, best));
		best = MAX(best, ring);
	}
	if (best <= LIKELY_TIMES * second)
		all->likely_page = 0;
	return all;
}

static struct answers *read_registered(struct detector *detector, const struct registration *registration,
	const struct grey_view *work, struct page_source *source, int factor, const struct paper_map *paper,
	struct page_trace *trace)
{
	struct code code;
	enum identity_result identity =
		identity_read(detector->identity, detector->layout, registration, work, source, factor, &code);
	if (identity == IDENTITY_NONE) {
		const struct sheet_view sheet = {registration, work, paper, NULL};
		return read_unidentified(detector, &sheet, place_sheet(detector->layout, registration, factor, source));
	}
	if (identity == IDENTITY_MISPLACED)
		return answers_new_exception(
			ANSWERS_KIND_UNREGISTERED, "the codes do not stand where they were printed; scan it again");
	struct answers *answers = check_code(detector->layout, &code);
	if (!answers) {
		if (trace) {
			trace->page = code.page;
			trace->walk_in = code.walk_in;
		}
		const struct sheet_view sheet = {registration, work, paper, &code};
		answers = read_marks(detector, &sheet, trace);
		answers->placement = place_sheet(detector->layout, registration, factor, source);
		place_rows(answers->placement, detector->layout, detector->rows->shifts, code.page);
	}
	code_clear(&code);
	return answers;
}

// The factor to reduce a page by if its sheet, seen in the page reduced by factor, turned out smaller than the page:
// photos have a table around.
static int finer_factor(const struct registration *registration, int factor)
{
	double px_per_mm = registration->px_per_mm;
	if (px_per_mm <= 0 || px_per_mm >= WORK_LEAST_PX_PER_MM)
		return factor;
	return MAX(MIN((int)(factor * px_per_mm / WORK_PX_PER_MM), factor - 1), 1);
}

// NULL, *factor less, if the sheet is so small that the page has to be looked at with more of its pixels.
// work is the source's page reduced by *factor.
static struct answers *read_work(struct detector *detector, const struct grey_view *work, struct page_source *source,
	int *factor, struct page_trace *trace)
{
	struct registration registration;
	enum registration_failure failure = registration_find(detector->layout, work, &registration);
	int finer = finer_factor(&registration, *factor);
	if (finer < *factor) {
		*factor = finer;
		return NULL;
	}
	double scale = failure == REGISTRATION_OK ? registration.px_per_mm : scale_of(detector->layout, work);
	struct paper_map paper;
	if (!paper_map_init(&paper, work, MAX((int)(TILE_MM * scale), 8)))
		return answers_new_exception(ANSWERS_KIND_TOO_LARGE, "not enough memory");
	struct answers *answers;
	if (trace) {
		trace->factor = *factor;
		trace->registered = failure == REGISTRATION_OK;
		trace->registration = registration;
	}
	if (failure == REGISTRATION_OK) {
		registration_weigh_ink(&registration, &paper);
		answers = read_registered(detector, &registration, work, source, *factor, &paper, trace);
	} else if (looks_blank(detector->layout, work, &paper)) {
		answers = g_new0(struct answers, 1);
		answers->outcome = ANSWERS_BLANK;
	} else {
		const struct grey_view *full = page_source_full(source);
		answers = answer_unregistered(detector, full ? full : work, failure);
	}
	paper_map_clear(&paper);
	return answers;
}

// NULL, *factor less, if it has to be read with more pixels.
static struct answers *read_reduced(
	struct detector *detector, struct page_source *source, int *factor, struct page_trace *trace)
{
	const bool from_image = *factor % source->reduction == 0;
	const struct grey_view *from = from_image ? &source->image : page_source_full(source);
	int reduce = from_image ? *factor / source->reduction : *factor;
	if (!from)
		return answers_new_exception(ANSWERS_KIND_TOO_LARGE, "not enough memory");
	if (reduce == 1)
		return read_work(detector, from, source, factor, trace);
	struct grey_image work;
	if (!grey_reduce(from, reduce, &work))
		return answers_new_exception(ANSWERS_KIND_TOO_LARGE, "not enough memory");
	struct answers *answers = read_work(detector, &work.view, source, factor, trace);
	grey_image_clear(&work);
	return answers;
}

int detect_enough_px(const struct layout *layout)
{
	return (int)(WORK_PX_PER_MM * MAX(layout->width_um, layout->height_um) / MM_UM) + 1;
}

struct answers *detect_source(struct detector *detector, struct page_source *source, struct page_trace *trace)
{
	const struct grey_view *image = &source->image;
	int factor = source->reduction * MAX((int)(scale_of(detector->layout, image) / WORK_PX_PER_MM), 1);
	if (trace)
		*trace = (struct page_trace){
			.factor = factor,
			.bubbles = g_new0(struct bubble, MAX(detector->layout->n_bubbles, 1)),
			.around = g_new0(struct surroundings, MAX(detector->layout->n_bubbles, 1)),
			.shifts = g_new0(struct align_shift, MAX(detector->layout->n_items, 1)),
		};
	if (image->width_px < 2 || image->height_px < 2)
		return answers_new_exception(ANSWERS_KIND_NOT_A_SHEET, "the image is too small to hold a sheet");
	struct answers *answers = NULL;
	while (!answers)
		answers = read_reduced(detector, source, &factor, trace);
	return answers;
}

struct answers *detect_page(struct detector *detector, const struct grey_view *image, struct page_trace *trace)
{
	struct page_source source = page_source_of(image);
	return detect_source(detector, &source, trace);
}
