// SPDX-License-Identifier: GPL-3.0-or-later
// The page in pale grey below, the drawing in colour above; never by colour alone: marks are filled rings, blanks open
// ones, flags are dashed boxes with words beside them.
#include "detect/explain.h"

#include <cairo.h>
#include <math.h>

#define PALE 0.45 // how much of the page's darkness shows through

struct canvas {
	cairo_t *cr;
	cairo_surface_t *surface;
	const struct layout *layout;
	const struct page_trace *trace;
	const struct answers *answers;
	double unit; // pixels of the picture a millimetre
};

struct colour {
	double red, green, blue;
};

static const struct colour BLUE = {0.0, 0.35, 0.8}, GREEN = {0.0, 0.5, 0.2}, RED = {0.8, 0.1, 0.1},
			   ORANGE = {0.85, 0.45, 0};

static void use_colour(const struct canvas *canvas, struct colour colour)
{
	cairo_set_source_rgb(canvas->cr, colour.red, colour.green, colour.blue);
}

// The working resolution is enough for a picture.
static bool canvas_init(struct canvas *canvas, const struct grey_view *image)
{
	int width = image->width_px / canvas->trace->factor, height = image->height_px / canvas->trace->factor;
	struct grey_image small;
	if (!grey_reduce(image, canvas->trace->factor, &small))
		return false;
	canvas->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	uint8_t *data = cairo_image_surface_get_data(canvas->surface);
	int stride = cairo_image_surface_get_stride(canvas->surface);
	for (int y = 0; data && y < height; y++) {
		uint32_t *row = (uint32_t *)(void *)(data + (ptrdiff_t)y * stride);
		for (int x = 0; x < width; x++) {
			uint32_t grey = small.pixels[(ptrdiff_t)y * small.view.stride_px + x];
			grey = (uint32_t)(255 - PALE * (255 - grey));
			row[x] = picture_grey(grey);
		}
	}
	grey_image_clear(&small);
	cairo_surface_mark_dirty(canvas->surface);
	canvas->cr = cairo_create(canvas->surface);
	canvas->unit = canvas->trace->registered ? canvas->trace->registration.px_per_mm : width / 216.0;
	cairo_select_font_face(canvas->cr, "Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
	cairo_set_font_size(canvas->cr, 2.6 * canvas->unit);
	cairo_set_line_width(canvas->cr, 0.35 * canvas->unit);
	return cairo_status(canvas->cr) == CAIRO_STATUS_SUCCESS;
}

static void canvas_finish(struct canvas *canvas, const char *name, picture_sink *sink, void *data)
{
	picture_send(canvas->surface, name, sink, data);
	cairo_destroy(canvas->cr);
	cairo_surface_destroy(canvas->surface);
}

// Where a bubble was measured.
static struct sheet_box found_box(const struct canvas *canvas, unsigned bubble)
{
	struct sheet_box box = canvas->layout->bubbles[bubble].box;
	struct align_shift shift = canvas->trace->shifts[canvas->layout->bubbles[bubble].item];
	box.x_um += shift.dx_um;
	box.y_um += shift.dy_um;
	return box;
}

static struct page_point place(const struct canvas *canvas, int32_t x_um, int32_t y_um)
{
	return registration_map(&canvas->trace->registration, (struct sheet_point){x_um, y_um});
}

static void outline(const struct canvas *canvas, const struct sheet_box *box)
{
	const int32_t w = box->w_um / 2, h = box->h_um / 2;
	const int32_t corners[4][2] = {{-w, -h}, {w, -h}, {w, h}, {-w, h}};
	for (int i = 0; i < 4; i++) {
		struct page_point at = place(canvas, box->x_um + corners[i][0], box->y_um + corners[i][1]);
		cairo_line_to(canvas->cr, at.x_px, at.y_px);
	}
	cairo_close_path(canvas->cr);
	cairo_stroke(canvas->cr);
}

static void caption(const struct canvas *canvas, const char *text)
{
	use_colour(canvas, RED);
	cairo_move_to(canvas->cr, 18 * canvas->unit, 6 * canvas->unit);
	cairo_show_text(canvas->cr, text);
	cairo_new_path(canvas->cr);
}

// Anchors that were used are boxed; a cross marks where one was expected and not found.
static void draw_anchors(const struct canvas *canvas)
{
	const struct registration *r = &canvas->trace->registration;
	for (unsigned i = 0; i < canvas->layout->n_anchors; i++) {
		const struct sheet_box *anchor = &canvas->layout->anchors[i];
		bool used = false;
		for (unsigned k = 0; k < r->n_points; k++)
			used |= r->points[k].sheet.x_um == anchor->x_um && r->points[k].sheet.y_um == anchor->y_um;
		struct page_point at = place(canvas, anchor->x_um, anchor->y_um);
		double reach = 3 * canvas->unit;
		use_colour(canvas, used ? GREEN : RED);
		if (used) {
			cairo_rectangle(canvas->cr, at.x_px - reach, at.y_px - reach, 2 * reach, 2 * reach);
		} else {
			cairo_move_to(canvas->cr, at.x_px - reach, at.y_px - reach);
			cairo_line_to(canvas->cr, at.x_px + reach, at.y_px + reach);
			cairo_move_to(canvas->cr, at.x_px + reach, at.y_px - reach);
			cairo_line_to(canvas->cr, at.x_px - reach, at.y_px + reach);
		}
		cairo_stroke(canvas->cr);
	}
}

// The sheet's millimetre grid, every 10 mm, as the fit lays it over the page, and where the codes should stand.
static void draw_fit(const struct canvas *canvas)
{
	const int32_t step = 10000, fine = 2000;
	use_colour(canvas, BLUE);
	cairo_set_line_width(canvas->cr, 0.15 * canvas->unit);
	for (int32_t x = step; x < canvas->layout->width_um; x += step) {
		for (int32_t y = step; y < canvas->layout->height_um - step; y += fine) {
			struct page_point at = place(canvas, x, y);
			cairo_line_to(canvas->cr, at.x_px, at.y_px);
		}
		cairo_stroke(canvas->cr);
	}
	for (int32_t y = step; y < canvas->layout->height_um; y += step) {
		for (int32_t x = step; x < canvas->layout->width_um - step; x += fine) {
			struct page_point at = place(canvas, x, y);
			cairo_line_to(canvas->cr, at.x_px, at.y_px);
		}
		cairo_stroke(canvas->cr);
	}
	cairo_set_line_width(canvas->cr, 0.5 * canvas->unit);
	use_colour(canvas, GREEN);
	for (unsigned i = 0; i < LAYOUT_QR_COUNT; i++)
		outline(canvas, &canvas->layout->qr[i]);
}

static void circle(const struct canvas *canvas, const struct sheet_box *box, double radius_um)
{
	struct page_point at = place(canvas, box->x_um, box->y_um);
	cairo_new_sub_path(canvas->cr);
	cairo_arc(canvas->cr, at.x_px, at.y_px, radius_um / 1000 * canvas->unit, 0, 2 * G_PI);
}

// Every disc that was sampled, with the share of it that is inked, in percent.
static void draw_samples(const struct canvas *canvas)
{
	cairo_set_line_width(canvas->cr, 0.2 * canvas->unit);
	cairo_set_font_size(canvas->cr, 1.8 * canvas->unit);
	for (unsigned i = 0; i < canvas->layout->n_bubbles; i++) {
		const struct bubble *bubble = &canvas->trace->bubbles[i];
		const struct sheet_box box = found_box(canvas, i);
		if (bubble->n == 0)
			continue;
		use_colour(canvas, BLUE);
		circle(canvas, &box, BUBBLE_RADIUS_UM);
		cairo_stroke(canvas->cr);
		char text[8];
		g_snprintf(text, sizeof text, "%d", (int)(100 * levels_fill(&canvas->trace->levels, bubble) + 0.5));
		struct page_point at = place(canvas, box.x_um + LAYOUT_BUBBLE_UM / 2, box.y_um + LAYOUT_BUBBLE_UM / 2);
		cairo_move_to(canvas->cr, at.x_px, at.y_px);
		cairo_show_text(canvas->cr, text);
	}
}

static void draw_reason(const struct canvas *canvas, const struct layout_item *item, const char *reason)
{
	const struct sheet_box *first = &canvas->layout->bubbles[item->first_bubble].box;
	const struct sheet_box *last = &canvas->layout->bubbles[item->first_bubble + item->n_bubbles - 1].box;
	struct sheet_box box = {(first->x_um + last->x_um) / 2, (first->y_um + last->y_um) / 2,
		abs(last->x_um - first->x_um) + 6000, abs(last->y_um - first->y_um) + 6000};
	use_colour(canvas, ORANGE);
	const double dash = canvas->unit;
	cairo_set_dash(canvas->cr, &dash, 1, 0);
	outline(canvas, &box);
	cairo_set_dash(canvas->cr, NULL, 0, 0);
	cairo_set_font_size(canvas->cr, 2 * canvas->unit);
	cairo_text_extents_t extents;
	cairo_text_extents(canvas->cr, reason, &extents);
	struct page_point at = place(canvas, box.x_um + box.w_um / 2 + 800, box.y_um);
	const double pad = 0.6 * canvas->unit;
	cairo_set_source_rgb(canvas->cr, 1, 1, 1);
	cairo_rectangle(canvas->cr, at.x_px - pad, at.y_px + extents.y_bearing / 2 - pad, extents.width + 2 * pad,
		extents.height + 2 * pad);
	cairo_fill(canvas->cr);
	use_colour(canvas, ORANGE);
	cairo_move_to(canvas->cr, at.x_px, at.y_px - extents.y_bearing / 2);
	cairo_show_text(canvas->cr, reason);
}

// What was decided: a filled green disc over each mark, a thin ring over each blank, a dashed box around what is
// flagged.
static void draw_decisions(const struct canvas *canvas)
{
	const struct answers *answers = canvas->answers;
	for (unsigned i = 0; i < answers->n_marks; i++) {
		const struct answers_mark *mark = &answers->marks[i];
		const struct layout_item *item = &canvas->layout->items[mark->item];
		for (unsigned k = 0; k < item->n_bubbles; k++) {
			const struct sheet_box found = found_box(canvas, item->first_bubble + k), *box = &found;
			bool marked = mark->marked >> k & 1;
			cairo_set_line_width(canvas->cr, (marked ? 0.6 : 0.2) * canvas->unit);
			use_colour(canvas, marked ? GREEN : BLUE);
			circle(canvas, box, marked ? 2600 : 2000);
			cairo_stroke(canvas->cr);
			if (marked) {
				cairo_set_source_rgba(canvas->cr, 0, 0.6, 0.25, 0.45);
				circle(canvas, box, 1800);
				cairo_fill(canvas->cr);
			}
		}
		if (mark->review)
			draw_reason(canvas, item, mark->reason);
	}
}

static void draw_step(const struct canvas *base, const struct grey_view *image, const char *name, const char *words,
	void (*draw)(const struct canvas *canvas), picture_sink *sink, void *data)
{
	struct canvas canvas = *base;
	if (!canvas_init(&canvas, image))
		return;
	if (words)
		caption(&canvas, words);
	if (draw)
		draw(&canvas);
	canvas_finish(&canvas, name, sink, data);
}

void explain_page(const struct layout *layout, const struct grey_view *image, const struct page_trace *trace,
	const struct answers *answers, picture_sink *sink, void *data)
{
	const struct canvas base = {.layout = layout, .trace = trace, .answers = answers};
	const struct registration *r = &trace->registration;
	const char *trouble = answers->outcome == ANSWERS_BLANK ? "blank page" : answers->detail;
	if (!trace->registered) {
		draw_step(&base, image, "1-anchors.png", trouble, NULL, sink, data);
		return;
	}
	g_autofree char *anchors = g_strdup_printf("%u of %u anchors used", r->n_points, layout->n_anchors);
	g_autofree char *fit =
		g_strdup_printf("residual %.2f mm, worst %.2f mm", r->residual_um / 1000, r->worst_um / 1000);
	draw_step(&base, image, "1-anchors.png", anchors, draw_anchors, sink, data);
	draw_step(&base, image, "2-fit.png", trouble ? trouble : fit, draw_fit, sink, data);
	if (trace->page == 0)
		return;
	g_autofree char *levels = g_strdup_printf("percent inked; blank %.2f, pen %.2f, ring %.2f of printed black",
		trace->levels.blank, trace->levels.pen, trace->levels.ring);
	draw_step(&base, image, "3-samples.png", levels, draw_samples, sink, data);
	draw_step(&base, image, "4-decisions.png", NULL, draw_decisions, sink, data);
}
