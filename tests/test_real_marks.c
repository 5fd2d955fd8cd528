// SPDX-License-Identifier: GPL-3.0-or-later
// Bubbles of forms that nobody has seen before, drawn here: circles, ovals and boxes, with and without letters, marked
// in many ways. What a person would call filled or empty at a glance is read so or flagged, never the other way round.
#include "tests/harness.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "tests/real/decide.h"

#define SPAN 1.9 // a crop's half side in radii
#define MOST_CROPS 16
#define PAPER 235
#define INK 40

// A crop being drawn; places in radii off its middle.
struct drawing {
	int side_px;
	double radius_px;
	uint8_t *pixels;
};

enum mark { NOTHING, FILL, PENCIL, OFFSET_FILL, CROSS, SLASH, TICK, DOT, HAZE, STRAY, SCRIBBLE, BLACKED_OUT };

struct form {
	const char *name;
	double half_w, half_h; // radii
	bool box, lettered;
};

static const struct form FORMS[] = {
	{"circles with letters", 0.95, 0.95, false, true},
	{"circles", 0.95, 0.95, false, false},
	{"ovals", 0.92, 0.52, false, false},
	{"boxes", 0.76, 0.76, true, false},
};

static struct drawing drawing_new(double radius_px)
{
	struct drawing drawing = {.side_px = (int)(2 * SPAN * radius_px + 0.5), .radius_px = radius_px};
	gsize n = (gsize)drawing.side_px * (gsize)drawing.side_px;
	drawing.pixels = g_malloc(n);
	memset(drawing.pixels, PAPER, n);
	return drawing;
}

// Darkens a pixel towards ink by the share of it that is covered.
static void darken(struct drawing *drawing, int x, int y, double covered, double darkness)
{
	uint8_t *pixel = &drawing->pixels[y * drawing->side_px + x];
	double grey = PAPER - (PAPER - INK) * darkness * CLAMP(covered, 0, 1);
	*pixel = (uint8_t)MIN(*pixel, grey);
}

static void line(struct drawing *drawing, double x0, double y0, double x1, double y1, double width, double darkness)
{
	const double r = drawing->radius_px, middle = (drawing->side_px - 1) / 2.0;
	for (int j = 0; j < drawing->side_px; j++)
		for (int i = 0; i < drawing->side_px; i++) {
			double x = (i - middle) / r, y = (j - middle) / r, dx = x1 - x0, dy = y1 - y0;
			double t = CLAMP(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0, 1);
			double distance = hypot(x - x0 - t * dx, y - y0 - t * dy);
			darken(drawing, i, j, (width / 2 - distance) * r + 0.5, darkness);
		}
}

static void blot(struct drawing *drawing, double x, double y, double half_w, double half_h, double darkness)
{
	const double r = drawing->radius_px, middle = (drawing->side_px - 1) / 2.0;
	for (int j = 0; j < drawing->side_px; j++)
		for (int i = 0; i < drawing->side_px; i++) {
			double off = hypot(((i - middle) / r - x) / half_w, ((j - middle) / r - y) / half_h);
			darken(drawing, i, j, (1 - off) * MIN(half_w, half_h) * r + 0.5, darkness);
		}
}

#define RING_PIECES 48

static void print_outline(struct drawing *drawing, const struct form *form)
{
	const double w = form->half_w, h = form->half_h, width = MAX(0.08, 1.2 / drawing->radius_px);
	if (form->box) {
		line(drawing, -w, -h, w, -h, width, 1);
		line(drawing, -w, h, w, h, width, 1);
		line(drawing, -w, -h, -w, h, width, 1);
		line(drawing, w, -h, w, h, width, 1);
		return;
	}
	for (int i = 0; i < RING_PIECES; i++) {
		double a = 2 * G_PI * i / RING_PIECES, b = 2 * G_PI * (i + 1) / RING_PIECES;
		line(drawing, w * cos(a), h * sin(a), w * cos(b), h * sin(b), width, 1);
	}
}

// A, E and H in turn.
static void print_letter(struct drawing *drawing, unsigned which)
{
	static const double LETTERS[3][5][4] = {
		{{-0.3, 0.4, 0, -0.4}, {0, -0.4, 0.3, 0.4}, {-0.2, 0.12, 0.2, 0.12}},
		{{-0.25, -0.4, -0.25, 0.4}, {-0.25, -0.4, 0.25, -0.4}, {-0.25, 0, 0.2, 0}, {-0.25, 0.4, 0.25, 0.4}},
		{{-0.25, -0.4, -0.25, 0.4}, {0.25, -0.4, 0.25, 0.4}, {-0.25, 0, 0.25, 0}},
	};
	for (unsigned i = 0; i < 5; i++) {
		const double *s = LETTERS[which % 3][i];
		if (hypot(s[2] - s[0], s[3] - s[1]) > 0)
			line(drawing, s[0], s[1], s[2], s[3], 0.1, 1);
	}
}

static void make_mark(struct drawing *drawing, const struct form *form, enum mark mark)
{
	const double w = form->half_w, h = form->half_h;
	switch (mark) {
	case NOTHING:
		break;
	case FILL:
		blot(drawing, 0.03, -0.02, w, h, 0.9);
		break;
	case PENCIL:
		blot(drawing, -0.02, 0.02, w, h, 0.5);
		break;
	case OFFSET_FILL:
		blot(drawing, 0.35 * w, 0.2 * h, w, h, 0.9);
		break;
	case CROSS:
		line(drawing, -w, -h, w, h, 0.28, 0.9);
		line(drawing, -w, h, w, -h, 0.28, 0.9);
		break;
	case SLASH:
		line(drawing, -w, h, w, -h, 0.3, 0.9);
		break;
	case TICK:
		line(drawing, -0.9 * w, -0.1 * h, -0.2 * w, 0.8 * h, 0.22, 0.9);
		line(drawing, -0.2 * w, 0.8 * h, 1.2 * w, -1.1 * h, 0.22, 0.9);
		break;
	case DOT:
		blot(drawing, 0, 0, 0.3 * h, 0.3 * h, 1);
		break;
	case HAZE:
		blot(drawing, 0, 0, 1.1 * w, 1.1 * h, 0.14);
		break;
	case STRAY:
		line(drawing, 1.45 * w, -0.9, 1.5 * w, 0.9, 0.15, 0.9);
		break;
	case SCRIBBLE:
		for (int i = -3; i < 3; i++)
			line(drawing, -w, i * h / 3, w, (i + 1) * h / 3, 0.12, 0.8);
		break;
	case BLACKED_OUT:
		blot(drawing, 0, 0, 5, 5, 1);
		break;
	}
}

// Draws one crop of each mark on the same form, decides them, and returns the readings.
static void decide_drawn(const struct form *form, double radius_px, const char *tone, const enum mark *marks,
	unsigned n, enum reading *readings)
{
	struct foreign_crop crops[MOST_CROPS];
	struct decision decisions[MOST_CROPS];
	struct drawing drawings[MOST_CROPS];
	assert_true(n <= MOST_CROPS);
	for (unsigned i = 0; i < n; i++) {
		struct drawing *d = &drawings[i];
		*d = drawing_new(radius_px);
		if (form->half_w > 0)
			print_outline(d, form);
		if (form->lettered)
			print_letter(d, i);
		make_mark(d, form, marks[i]);
		for (int p = 0; p < d->side_px * d->side_px && g_str_equal(tone, "bitonal"); p++)
			d->pixels[p] = d->pixels[p] > 150 ? 255 : 0;
		crops[i] = (struct foreign_crop){
			"someone/forms", tone, radius_px, {d->pixels, d->side_px, d->side_px, d->side_px}};
	}
	decide_crops(crops, n, decisions);
	for (unsigned i = 0; i < n; i++) {
		readings[i] = decisions[i].reading;
		assert_int_equal(decisions[i].reason != NULL, readings[i] == READING_FLAGGED);
		g_free(drawings[i].pixels);
	}
	decide_clear(decisions, n);
}

// What may come out of each mark, as bits of enum reading.
#define EMPTY (1u << READING_EMPTY)
#define FILLED (1u << READING_FILLED)
#define FLAGGED (1u << READING_FLAGGED)

static void check_page(
	const struct form *form, double radius_px, const char *tone, const enum mark *marks, const unsigned *allowed)
{
	enum reading readings[MOST_CROPS];
	decide_drawn(form, radius_px, tone, marks, MOST_CROPS, readings);
	for (unsigned i = 0; i < MOST_CROPS; i++)
		if (!(1u << readings[i] & allowed[i]))
			fail_msg("%s, radius %g, %s, crop %u: mark %d read %d", form->name, radius_px, tone, i,
				marks[i], readings[i]);
}

static void every_mark_on_every_form(void **state G_GNUC_UNUSED)
{
	static const enum mark MARKS[MOST_CROPS] = {NOTHING, FILL, NOTHING, NOTHING, OFFSET_FILL, CROSS, NOTHING, SLASH,
		TICK, NOTHING, DOT, STRAY, NOTHING, SCRIBBLE, NOTHING, FILL};
	static const unsigned ALLOWED[MOST_CROPS] = {EMPTY, FILLED, EMPTY, EMPTY, FILLED | FLAGGED, FILLED, EMPTY,
		FILLED | FLAGGED, FILLED | FLAGGED, EMPTY, FLAGGED, EMPTY, EMPTY, FILLED, EMPTY, FILLED};
	for (unsigned f = 0; f < G_N_ELEMENTS(FORMS); f++) {
		check_page(&FORMS[f], 20, "gray", MARKS, ALLOWED);
		check_page(&FORMS[f], 36, "bitonal", MARKS, ALLOWED);
	}
}

static void pencil_and_what_an_eraser_leaves(void **state G_GNUC_UNUSED)
{
	static const enum mark MARKS[MOST_CROPS] = {NOTHING, PENCIL, HAZE, NOTHING, PENCIL, NOTHING, NOTHING, PENCIL,
		HAZE, NOTHING, NOTHING, PENCIL, NOTHING, NOTHING, PENCIL, NOTHING};
	unsigned allowed[MOST_CROPS];
	for (unsigned i = 0; i < MOST_CROPS; i++)
		allowed[i] = MARKS[i] == PENCIL ? FILLED : MARKS[i] == HAZE ? FLAGGED : EMPTY;
	for (unsigned f = 0; f < G_N_ELEMENTS(FORMS); f++)
		check_page(&FORMS[f], 25, "gray", MARKS, allowed);
}

// Few pixels may cost flags, never errors.
static void coarse_crops_are_never_misread(void **state G_GNUC_UNUSED)
{
	static const enum mark MARKS[MOST_CROPS] = {NOTHING, FILL, NOTHING, FILL, NOTHING, CROSS, NOTHING, FILL,
		NOTHING, NOTHING, DOT, FILL, NOTHING, NOTHING, STRAY, FILL};
	unsigned allowed[MOST_CROPS];
	for (unsigned i = 0; i < MOST_CROPS; i++)
		allowed[i] = FLAGGED | (MARKS[i] == FILL || MARKS[i] == CROSS ? FILLED : MARKS[i] == DOT ? 0 : EMPTY);
	for (unsigned f = 0; f < G_N_ELEMENTS(FORMS); f++)
		check_page(&FORMS[f], 7.5, "gray", MARKS, allowed);
}

// A lone bubble with ink where a letter may stand: nobody can tell, so a person is asked. A full one is full.
static void lone_crops(void **state G_GNUC_UNUSED)
{
	static const struct {
		enum mark mark;
		unsigned form;
		enum reading expected;
	} CASES[] = {
		{NOTHING, 0, READING_FLAGGED},
		{FILL, 0, READING_FILLED},
		{FILL, 3, READING_FILLED},
		{NOTHING, 1, READING_EMPTY},
		{NOTHING, 2, READING_EMPTY},
		{DOT, 1, READING_FLAGGED},
		{BLACKED_OUT, 1, READING_FLAGGED},
	};
	for (unsigned i = 0; i < G_N_ELEMENTS(CASES); i++) {
		enum reading reading;
		decide_drawn(&FORMS[CASES[i].form], 22, "gray", &CASES[i].mark, 1, &reading);
		if (reading != CASES[i].expected)
			fail_msg("case %u: read %d", i, reading);
	}
}

// A source of which only filled bubbles were kept, so that nobody sees what the form prints.
static void only_filled_ones(void **state G_GNUC_UNUSED)
{
	enum mark marks[6];
	enum reading readings[6];
	for (unsigned i = 0; i < G_N_ELEMENTS(marks); i++)
		marks[i] = FILL;
	for (unsigned f = 0; f < G_N_ELEMENTS(FORMS); f++) {
		decide_drawn(&FORMS[f], 24, "gray", marks, G_N_ELEMENTS(marks), readings);
		for (unsigned i = 0; i < G_N_ELEMENTS(marks); i++)
			if (readings[i] != READING_FILLED)
				fail_msg("%s: read %d", FORMS[f].name, readings[i]);
	}
}

// Outlines in a colour that the scanner drops: what is blank is empty, a small blot is asked about.
static void dropped_outlines(void **state G_GNUC_UNUSED)
{
	const struct form none = {.name = "nothing printed"};
	const enum mark marks[] = {NOTHING, NOTHING, NOTHING, NOTHING};
	enum reading readings[G_N_ELEMENTS(marks)];
	decide_drawn(&none, 20, "gray", marks, G_N_ELEMENTS(marks), readings);
	for (unsigned i = 0; i < G_N_ELEMENTS(marks); i++)
		assert_int_equal(readings[i], READING_EMPTY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mark_on_every_form),
		cmocka_unit_test(pencil_and_what_an_eraser_leaves),
		cmocka_unit_test(coarse_crops_are_never_misread),
		cmocka_unit_test(lone_crops),
		cmocka_unit_test(only_filled_ones),
		cmocka_unit_test(dropped_outlines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
