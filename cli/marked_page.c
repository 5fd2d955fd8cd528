// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes tell as much as colours: what is right has a ring with a tick, what is wrong a cross, what was missed a dashed
// ring. Each has a white seam, so that it is seen on a filled bubble as well as on paper.
//
// Three systems of coordinates: the JPEG as stored, turned by EXIF's tag to the upright scan (in which placements are),
// turned by the placement so that the sheet's top is up, and scaled to points.
#include "cli/marked_page.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define POINTS_A_MM (72.0 / 25.4)
#define BANNER_PT 50.0 // above the scan
#define MARGIN_PT 24.0
#define RADIUS_PT (LAYOUT_BUBBLE_UM / 2000.0 * POINTS_A_MM) // of a bubble
#define RING 1.42                                           // a ring's radius in bubbles'
#define SEAM_PT 1.3                                         // white, on both sides of a line
#define BADGE_GAP_MM 3.2                                    // between a row's last bubble and its points
#define LETTER_MM 2.0                                       // of a long label beside a ring, roughly

struct colour {
	double red, green, blue;
};

static const struct colour GREEN = {0.03, 0.47, 0.20}, RED = {0.78, 0.12, 0.12}, BLUE = {0.05, 0.33, 0.70},
			   AMBER = {0.62, 0.35, 0.00}, INK = {0.10, 0.11, 0.13}, SOFT = {0.38, 0.41, 0.45};

static void set_colour(cairo_t *cr, struct colour colour)
{
	cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
}

// --- where things are

// Stored pixels to upright ones: EXIF's eight ways (TIFF 6.0, page 36).
static cairo_matrix_t upright_matrix(const struct page_jpeg *jpeg)
{
	double w = jpeg->width_px, h = jpeg->height_px;
	const cairo_matrix_t ways[] = {
		{1, 0, 0, 1, 0, 0},
		{-1, 0, 0, 1, w, 0},
		{-1, 0, 0, -1, w, h},
		{1, 0, 0, -1, 0, h},
		{0, 1, 1, 0, 0, 0},
		{0, 1, -1, 0, h, 0},
		{0, -1, -1, 0, h, w},
		{0, -1, 1, 0, 0, w},
	};
	return ways[jpeg->orientation - 1];
}

struct upright {
	double width_px, height_px;
};

static struct upright upright_of(const struct page_jpeg *jpeg)
{
	bool aside = jpeg->orientation > 4;
	return (struct upright){aside ? jpeg->height_px : jpeg->width_px, aside ? jpeg->width_px : jpeg->height_px};
}

static unsigned turn_of(const struct marked_page *page)
{
	return page->placement ? placement_turn(page->placement) : 0;
}

// Upright pixels to pixels with the sheet's top up.
static cairo_matrix_t turn_matrix(const struct marked_page *page)
{
	struct upright upright = upright_of(page->jpeg);
	double w = upright.width_px, h = upright.height_px;
	switch (turn_of(page)) {
	case 90:
		return (cairo_matrix_t){0, -1, 1, 0, 0, w};
	case 180:
		return (cairo_matrix_t){-1, 0, 0, -1, w, h};
	case 270:
		return (cairo_matrix_t){0, 1, -1, 0, h, 0};
	default:
		return (cairo_matrix_t){1, 0, 0, 1, 0, 0};
	}
}

static double points_a_px(const struct marked_page *page)
{
	double px_a_mm = page->placement ? placement_px_per_mm(page->placement, page->layout) : 0;
	// Without a placement the scan is as wide as the sheet.
	if (!(px_a_mm > 0))
		px_a_mm = upright_of(page->jpeg).width_px / (page->layout->width_um / 1000.0);
	return POINTS_A_MM / px_a_mm;
}

void marked_page_size(const struct marked_page *page, double *width, double *height)
{
	*width = page->layout->width_um / 1000.0 * POINTS_A_MM;
	*height = page->layout->height_um / 1000.0 * POINTS_A_MM;
	if (page->jpeg) {
		struct upright upright = upright_of(page->jpeg);
		bool aside = turn_of(page) % 180 != 0;
		*width = (aside ? upright.height_px : upright.width_px) * points_a_px(page);
		*height = (aside ? upright.width_px : upright.height_px) * points_a_px(page);
	}
	*height += BANNER_PT;
}

struct place {
	double x, y; // points on the page
};

// Where a point of the sheet, in an item's row, lies on the page.
static struct place place_of(const struct marked_page *page, unsigned item, struct sheet_point point)
{
	if (!page->jpeg || !page->placement)
		return (struct place){point.x_um / 1000.0 * POINTS_A_MM, BANNER_PT + point.y_um / 1000.0 * POINTS_A_MM};
	struct image_point at = placement_at_item(page->placement, page->layout, item, point);
	// The centre of the first pixel is 0 there, and half a pixel from the image's edge here.
	double x = at.x_px + 0.5, y = at.y_px + 0.5, scale = points_a_px(page);
	cairo_matrix_t turn = turn_matrix(page);
	cairo_matrix_transform_point(&turn, &x, &y);
	return (struct place){x * scale, BANNER_PT + y * scale};
}

static const struct layout_bubble *bubble_of(const struct layout *layout, unsigned item, unsigned choice)
{
	return &layout->bubbles[layout->items[item].first_bubble + choice];
}

// --- words

enum side { LEFT, CENTRE, RIGHT };

// Words on one line whose middle is at y. They are cut with an ellipsis at most_pt; 0: never. Returns the width.
static double draw_words(
	cairo_t *cr, const char *font, enum side side, double x, double y, double most_pt, const char *text)
{
	int width, height;
	PangoLayout *words = pango_cairo_create_layout(cr);
	// A font's point is a point here.
	pango_cairo_context_set_resolution(pango_layout_get_context(words), 72);
	PangoFontDescription *description = pango_font_description_from_string(font);
	pango_layout_set_font_description(words, description);
	pango_font_description_free(description);
	pango_layout_set_auto_dir(words, FALSE);
	pango_layout_set_single_paragraph_mode(words, TRUE);
	pango_layout_set_text(words, text, -1);
	if (most_pt > 0) {
		pango_layout_set_width(words, (int)(most_pt * PANGO_SCALE));
		pango_layout_set_ellipsize(words, PANGO_ELLIPSIZE_END);
	}
	PangoRectangle box;
	pango_layout_get_extents(words, NULL, &box);
	width = box.width, height = box.height;
	double wide = (double)width / PANGO_SCALE, high = (double)height / PANGO_SCALE;
	double left = side == LEFT ? x : side == RIGHT ? x - wide : x - wide / 2;
	cairo_move_to(cr, left - (double)box.x / PANGO_SCALE, y - high / 2);
	pango_cairo_show_layout(cr, words);
	g_object_unref(words);
	return wide;
}

// --- signs

// The path is drawn twice: a white seam, then the colour.
static void stroke_seamed(cairo_t *cr, struct colour colour, double width)
{
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_save(cr);
	cairo_set_dash(cr, NULL, 0, 0);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_set_line_width(cr, width + 2 * SEAM_PT);
	cairo_stroke_preserve(cr);
	cairo_restore(cr);
	set_colour(cr, colour);
	cairo_set_line_width(cr, width);
	cairo_stroke(cr);
}

static void draw_ring(cairo_t *cr, struct place at, struct colour colour, bool dashed)
{
	const double dashes[] = {3.0, 3.2};
	cairo_new_path(cr);
	cairo_arc(cr, at.x, at.y, RADIUS_PT * RING, 0, 2 * G_PI);
	cairo_save(cr);
	if (dashed)
		cairo_set_dash(cr, dashes, G_N_ELEMENTS(dashes), 0);
	stroke_seamed(cr, colour, 1.5);
	cairo_restore(cr);
}

static void draw_tick(cairo_t *cr, struct place at)
{
	cairo_new_path(cr);
	cairo_move_to(cr, at.x - 0.62 * RADIUS_PT, at.y + 0.02 * RADIUS_PT);
	cairo_line_to(cr, at.x - 0.15 * RADIUS_PT, at.y + 0.55 * RADIUS_PT);
	cairo_line_to(cr, at.x + 0.70 * RADIUS_PT, at.y - 0.60 * RADIUS_PT);
	stroke_seamed(cr, GREEN, 2.0);
}

static void draw_cross(cairo_t *cr, struct place at)
{
	double arm = 0.95 * RADIUS_PT;
	cairo_new_path(cr);
	cairo_move_to(cr, at.x - arm, at.y - arm);
	cairo_line_to(cr, at.x + arm, at.y + arm);
	cairo_move_to(cr, at.x - arm, at.y + arm);
	cairo_line_to(cr, at.x + arm, at.y - arm);
	stroke_seamed(cr, RED, 2.2);
}

static void draw_sign(cairo_t *cr, enum feedback_sign sign, struct place at)
{
	switch (sign) {
	case FEEDBACK_RIGHT:
		draw_ring(cr, at, GREEN, false);
		draw_tick(cr, at);
		break;
	case FEEDBACK_WRONG:
		draw_cross(cr, at);
		break;
	case FEEDBACK_MISSED:
		draw_ring(cr, at, BLUE, true);
		break;
	case FEEDBACK_DOUBT:
		set_colour(cr, AMBER);
		draw_words(cr, "Sans Bold 11", CENTRE, at.x, at.y, 0, "?");
		break;
	}
}

// --- beside the rows

// The right end of what is printed in rows from one item to another, in micrometres.
static int32_t right_end(const struct layout *layout, unsigned first, unsigned last)
{
	int32_t end = 0;
	for (unsigned item = first; item <= last; item++) {
		const struct layout_item *row = &layout->items[item];
		for (unsigned choice = 0; choice < row->n_bubbles; choice++) {
			const struct layout_bubble *bubble = bubble_of(layout, item, choice);
			int32_t right = bubble->box.x_um + bubble->box.w_um / 2;
			if (row->labels_beside)
				right += (int32_t)(1000 * LETTER_MM *
						   (double)(1 + g_utf8_strlen(layout_choice(layout, bubble), -1)));
			end = MAX(end, right);
		}
	}
	return end;
}

static struct sheet_point beside(const struct layout *layout, unsigned item, int32_t right_um, double gap_mm)
{
	return (struct sheet_point){right_um + (int32_t)(gap_mm * 1000), bubble_of(layout, item, 0)->box.y_um};
}

static double badge_width(const char *text)
{
	return 7.0 + 5.3 * (double)strlen(text);
}

static void draw_points(const struct marked_page *page, cairo_t *cr, const struct feedback_points *points)
{
	struct colour colour = points->is_most ? GREEN : points->is_nought ? RED : AMBER;
	int32_t end = right_end(page->layout, points->item, points->last_item);
	struct place at = place_of(page, points->item, beside(page->layout, points->item, end, BADGE_GAP_MM));
	double width = badge_width(points->text), height = 13;
	cairo_new_path(cr);
	cairo_rectangle(cr, at.x, at.y - height / 2, width, height);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_fill_preserve(cr);
	set_colour(cr, colour);
	cairo_set_line_width(cr, 0.9);
	cairo_stroke(cr);
	draw_words(cr, "Sans Bold 8.5", CENTRE, at.x + width / 2, at.y, 0, points->text);
}

// A question mark stands behind its row, and behind the points where these stand in the same row.
static void draw_doubt(const struct marked_page *page, cairo_t *cr, unsigned item)
{
	int32_t end = right_end(page->layout, item, item);
	double gap_mm = BADGE_GAP_MM;
	for (unsigned i = 0; i < page->feedback->points->len; i++) {
		const struct feedback_points *points =
			&g_array_index(page->feedback->points, struct feedback_points, i);
		if (points->item != item)
			continue;
		end = right_end(page->layout, points->item, points->last_item);
		gap_mm += badge_width(points->text) / POINTS_A_MM + 2;
	}
	draw_sign(cr, FEEDBACK_DOUBT, place_of(page, item, beside(page->layout, item, end, gap_mm)));
}

static void draw_mark(const struct marked_page *page, cairo_t *cr, const struct feedback_mark *mark)
{
	const struct sheet_box *box = &bubble_of(page->layout, mark->item, mark->choice)->box;
	if (mark->sign == FEEDBACK_DOUBT)
		draw_doubt(page, cr, mark->item);
	else
		draw_sign(cr, mark->sign, place_of(page, mark->item, (struct sheet_point){box->x_um, box->y_um}));
}

// --- the line above

static double draw_legend_entry(cairo_t *cr, enum feedback_sign sign, double x, double y, const char *words)
{
	draw_sign(cr, sign, (struct place){x + RADIUS_PT, y});
	set_colour(cr, SOFT);
	return x + 2 * RADIUS_PT + 6 + draw_words(cr, "Sans 8.5", LEFT, x + 2 * RADIUS_PT + 6, y, 0, words) + 14;
}

static void draw_legend(const struct marked_page *page, cairo_t *cr, double x, double y)
{
	x = draw_legend_entry(cr, FEEDBACK_RIGHT, x, y, "right");
	x = draw_legend_entry(cr, FEEDBACK_WRONG, x, y, "wrong");
	if (page->show_key)
		x = draw_legend_entry(cr, FEEDBACK_MISSED, x, y, "missed");
	for (unsigned i = 0; i < page->feedback->marks->len; i++)
		if (g_array_index(page->feedback->marks, struct feedback_mark, i).sign == FEEDBACK_DOUBT) {
			draw_legend_entry(cr, FEEDBACK_DOUBT, x, y, "in doubt");
			return;
		}
}

static void draw_banner(const struct marked_page *page, cairo_t *cr, double width)
{
	g_autofree char *number =
		g_strdup_printf("%s%spage %u of %u", page->note, *page->note ? " · " : "", page->page, page->n_pages);
	double half = width / 2 - MARGIN_PT;
	cairo_rectangle(cr, 0, 0, width, BANNER_PT);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_fill(cr);
	set_colour(cr, INK);
	draw_words(cr, "Sans Bold 12", LEFT, MARGIN_PT, 17, half * 0.6, *page->name ? page->name : page->id);
	if (*page->name)
		draw_words(cr, "Sans 9", LEFT, MARGIN_PT, 35, half * 0.6, page->id);
	set_colour(cr, INK);
	draw_words(cr, "Sans Bold 16", RIGHT, width - MARGIN_PT, 17, half, page->total);
	set_colour(cr, SOFT);
	draw_words(cr, "Sans 8.5", RIGHT, width - MARGIN_PT, 36, half, number);
	draw_legend(page, cr, width * 0.34, 18);
	set_colour(cr, SOFT);
	cairo_set_line_width(cr, 0.5);
	cairo_move_to(cr, 0, BANNER_PT - 0.25);
	cairo_line_to(cr, width, BANNER_PT - 0.25);
	cairo_stroke(cr);
}

// --- the scan

static void forget_bytes(void *bytes)
{
	g_bytes_unref(bytes);
}

// The pixels of the surface are never looked at: the PDF takes the JPEG as it is.
static void draw_scan(const struct marked_page *page, cairo_t *cr)
{
	size_t size;
	const unsigned char *bytes = g_bytes_get_data(page->jpeg->bytes, &size);
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_A1, page->jpeg->width_px, page->jpeg->height_px);
	cairo_surface_set_mime_data(
		surface, CAIRO_MIME_TYPE_JPEG, bytes, size, forget_bytes, g_bytes_ref(page->jpeg->bytes));
	cairo_matrix_t upright = upright_matrix(page->jpeg), turn = turn_matrix(page);
	double scale = points_a_px(page);
	cairo_save(cr);
	cairo_translate(cr, 0, BANNER_PT);
	cairo_scale(cr, scale, scale);
	cairo_transform(cr, &turn);
	cairo_transform(cr, &upright);
	cairo_set_source_surface(cr, surface, 0, 0);
	cairo_paint(cr);
	cairo_restore(cr);
	cairo_surface_destroy(surface);
}

void marked_page_draw(const struct marked_page *page, cairo_t *cr)
{
	double width, height;
	marked_page_size(page, &width, &height);
	if (page->jpeg)
		draw_scan(page, cr);
	else
		draw_words(
			cr, "Sans 11", CENTRE, width / 2, BANNER_PT + 24, 0, "The scan of this page is not available.");
	draw_banner(page, cr, width);
	if (page->jpeg && !page->placement)
		return; // it is not known where on the scan anything is
	for (unsigned i = 0; i < page->feedback->marks->len; i++)
		draw_mark(page, cr, &g_array_index(page->feedback->marks, struct feedback_mark, i));
	for (unsigned i = 0; i < page->feedback->points->len; i++)
		draw_points(page, cr, &g_array_index(page->feedback->points, struct feedback_points, i));
}
