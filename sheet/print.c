// SPDX-License-Identifier: GPL-3.0-or-later
// Form ink is grey and thin wherever a student marks, so that it can never look like a mark; black is kept for what
// reading must find (anchors, codes) and for words, which stand clear of the rings.
#include "sheet/print.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <string.h>

#include "sheet/code.h"
#include "sheet/stroke_font.h"

#define UM_A_POINT (25400.0 / 72.0)

#define GREY_RING                                                                                                      \
	0.62 // 0 is black; light enough to be told from the faintest pencil by its shape, dark enough to be seen
#define GREY_LETTER 0.62
#define GREY_RULE 0.75
#define GREY_WORDS 0.25

// Room for the words above the student-ID grid, in whatever sans-serif font is installed.
#define GRID_TITLE_UM 23000
#define GRID_HINT_UM 31000
#define GRID_SHORT_HINT_UM 14000

#define LINE_UM 5200           // a line of the instruction
#define QR_LEAST_MODULE_UM 400 // below this, 150 dpi no longer resolves a module

#define FONT_TITLE "Sans Bold 13"
#define FONT_NAME "Sans Bold 15"
#define FONT_ID "Monospace Bold 14"
#define FONT_SECTION "Sans Bold 10.5"
#define FONT_NUMBER "Sans Bold 10"
#define FONT_WORDS "Sans 9"
#define FONT_SMALL "Sans 7.5"

// A PDF under construction. All drawing is in micrometres.
struct printer {
	cairo_t *cr;
	const struct layout *layout;
	const struct seal_key *key; // NULL for none
	const struct print_sheet *sheet;
	bool glyphs_missing;
};

enum words_align { WORDS_LEFT, WORDS_CENTRE, WORDS_RIGHT };

static void set_grey(struct printer *printer, double grey)
{
	cairo_set_source_rgb(printer->cr, grey, grey, grey);
}

// Words in a box from its left edge, centred on y, cut with an ellipsis after so many lines. Returns the height in µm.
static double draw_words(struct printer *printer, const char *font, enum words_align align, double left_um, double y_um,
	double width_um, int lines, const char *text)
{
	cairo_t *cr = printer->cr;
	cairo_save(cr);
	cairo_scale(cr, UM_A_POINT, UM_A_POINT);
	PangoLayout *words = pango_cairo_create_layout(cr);
	// Laid out at 72 dpi, so that a font's point is a point here.
	pango_cairo_context_set_resolution(pango_layout_get_context(words), 72);
	PangoFontDescription *description = pango_font_description_from_string(font);
	pango_layout_set_font_description(words, description);
	pango_font_description_free(description);
	pango_layout_set_width(words, (int)(width_um / UM_A_POINT * PANGO_SCALE));
	pango_layout_set_height(words, -lines);
	pango_layout_set_ellipsize(words, PANGO_ELLIPSIZE_END);
	pango_layout_set_alignment(words, align == WORDS_LEFT    ? PANGO_ALIGN_LEFT
					  : align == WORDS_RIGHT ? PANGO_ALIGN_RIGHT
								 : PANGO_ALIGN_CENTER);
	// Right-to-left names stay where names stand; only their letters run the other way.
	pango_layout_set_auto_dir(words, FALSE);
	pango_layout_set_text(words, text, -1);
	printer->glyphs_missing |= pango_layout_get_unknown_glyphs_count(words) > 0;
	int height;
	pango_layout_get_size(words, NULL, &height);
	double height_um = (double)height / PANGO_SCALE * UM_A_POINT;
	cairo_move_to(cr, left_um / UM_A_POINT, (y_um - height_um / 2) / UM_A_POINT);
	pango_cairo_show_layout(cr, words);
	g_object_unref(words);
	cairo_restore(cr);
	return height_um;
}

static double left_of(const struct sheet_box *box)
{
	return box->x_um - box->w_um / 2.0;
}

static double top_of(const struct sheet_box *box)
{
	return box->y_um - box->h_um / 2.0;
}

static void draw_anchors(struct printer *printer)
{
	set_grey(printer, 0);
	for (unsigned i = 0; i < printer->layout->n_anchors; i++) {
		const struct sheet_box *anchor = &printer->layout->anchors[i];
		cairo_rectangle(printer->cr, left_of(anchor), top_of(anchor), anchor->w_um, anchor->h_um);
	}
	cairo_fill(printer->cr);
}

static void draw_modules(struct printer *printer, const QRcode *qr, const struct sheet_box *box)
{
	double module = (double)box->w_um / qr->width;
	set_grey(printer, 0);
	for (int y = 0; y < qr->width; y++)
		for (int x = 0; x < qr->width; x++)
			if (qr->data[y * qr->width + x] & 1)
				cairo_rectangle(printer->cr, left_of(box) + x * module, top_of(box) + y * module,
					module, module);
	cairo_fill(printer->cr);
}

static bool draw_code(struct printer *printer, unsigned page, unsigned copy, GError **error)
{
	const struct layout *layout = printer->layout;
	struct code code = {
		.exam = layout->exam->name,
		.page = page,
		.copy = copy,
		.form = printer->sheet->form,
		.walk_in = printer->sheet->walk_in,
		.id = (char *)printer->sheet->id,
	};
	memcpy(code.fingerprint, layout->fingerprint, sizeof code.fingerprint);
	if (printer->key)
		code_seal(&code, printer->key);
	g_autofree char *text = code_format(&code);
	QRcode *qr = QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
	bool fits = qr && layout->qr[copy].w_um / qr->width >= QR_LEAST_MODULE_UM;
	if (fits)
		draw_modules(printer, qr, &layout->qr[copy]);
	else
		g_set_error(error, PRINT_ERROR, 0, "student %s: the ID is too long to be printed as a code",
			printer->sheet->id);
	if (qr)
		QRcode_free(qr);
	return fits;
}

static void draw_ring(struct printer *printer, double x_um, double y_um)
{
	set_grey(printer, GREY_RING);
	cairo_set_line_width(printer->cr, LAYOUT_RING_UM);
	cairo_new_path(printer->cr);
	cairo_arc(printer->cr, x_um, y_um, (LAYOUT_BUBBLE_UM - LAYOUT_RING_UM) / 2.0, 0, 2 * G_PI);
	cairo_stroke(printer->cr);
}

static void draw_ring_label(struct printer *printer, double x_um, double y_um, const char *label)
{
	if (!stroke_label_fits(label))
		return;
	struct stroke strokes[STROKE_MAX];
	unsigned n = stroke_label(label, strokes);
	set_grey(printer, GREY_LETTER);
	cairo_set_line_width(printer->cr, STROKE_PEN_UM);
	cairo_set_line_cap(printer->cr, CAIRO_LINE_CAP_ROUND);
	for (unsigned i = 0; i < n; i++) {
		cairo_move_to(printer->cr, x_um + strokes[i].x0_um, y_um + strokes[i].y0_um);
		cairo_line_to(printer->cr, x_um + strokes[i].x1_um, y_um + strokes[i].y1_um);
	}
	cairo_stroke(printer->cr);
}

// A box above each column of a number, to write the digit into.
static void draw_digit_boxes(struct printer *printer, unsigned page)
{
	const struct layout *layout = printer->layout;
	const double width = LAYOUT_DIGIT_PITCH_UM - 300, height = LAYOUT_DIGIT_BOX_UM;
	set_grey(printer, GREY_RULE);
	cairo_set_line_width(printer->cr, 200);
	for (unsigned i = 0; i < layout->n_items; i++) {
		const struct layout_item *item = &layout->items[i];
		if (item->page != page || !item->exam_item || item->exam_item->kind != EXAM_ITEM_DIGIT)
			continue;
		const struct sheet_box *first = &layout->bubbles[item->first_bubble].box;
		cairo_rectangle(printer->cr, first->x_um - width / 2,
			first->y_um - LAYOUT_DIGIT_BOX_ABOVE_UM - height / 2, width, height);
	}
	cairo_stroke(printer->cr);
}

static void draw_bubbles(struct printer *printer, unsigned page)
{
	const struct layout *layout = printer->layout;
	for (unsigned i = 0; i < layout->n_bubbles; i++) {
		const struct layout_bubble *bubble = &layout->bubbles[i];
		const struct layout_item *item = &layout->items[bubble->item];
		if (item->page != page || (!item->exam_item && !printer->sheet->walk_in))
			continue;
		draw_ring(printer, bubble->box.x_um, bubble->box.y_um);
		draw_ring_label(printer, bubble->box.x_um, bubble->box.y_um, layout_ring_label(layout, bubble));
	}
}

static void draw_texts(struct printer *printer, unsigned page)
{
	static const struct {
		const char *font;
		enum words_align align;
		double margin_um; // kept free on the right
	} styles[] = {
		[LAYOUT_TEXT_SECTION] = {FONT_SECTION, WORDS_LEFT, 0},
		[LAYOUT_TEXT_FIELD] = {FONT_SECTION, WORDS_LEFT, 0},
		[LAYOUT_TEXT_QUESTION] = {FONT_NUMBER, WORDS_RIGHT, 1500},
		[LAYOUT_TEXT_ROW] = {FONT_WORDS, WORDS_CENTRE, 0},
		[LAYOUT_TEXT_CHOICE] = {FONT_WORDS, WORDS_LEFT, 0},
		[LAYOUT_TEXT_POINT] = {FONT_TITLE, WORDS_CENTRE, 0},
	};
	for (unsigned i = 0; i < printer->layout->n_texts; i++) {
		const struct layout_text *text = &printer->layout->texts[i];
		if (text->page != page)
			continue;
		set_grey(printer, 0);
		draw_words(printer, styles[text->kind].font, styles[text->kind].align, text->box.x_um, text->box.y_um,
			text->box.w_um - styles[text->kind].margin_um, 1, text->text);
	}
}

// The pictures of the instruction. Centre in µm.
static void draw_right_example(struct printer *printer, double x, double y)
{
	draw_ring(printer, x, y);
	set_grey(printer, 0.15);
	cairo_arc(printer->cr, x, y, LAYOUT_BUBBLE_UM / 2.0 - LAYOUT_RING_UM, 0, 2 * G_PI);
	cairo_fill(printer->cr);
}

static void draw_wrong_examples(struct printer *printer, double x, double y)
{
	cairo_t *cr = printer->cr;
	const double r = LAYOUT_BUBBLE_UM / 2.0, pitch = 6500;
	for (int i = 0; i < 4; i++)
		draw_ring(printer, x + i * pitch, y);
	set_grey(printer, 0.15);
	cairo_set_line_width(cr, 350);
	cairo_move_to(cr, x - 0.5 * r, y);
	cairo_line_to(cr, x - 0.1 * r, y + 0.5 * r);
	cairo_line_to(cr, x + 0.8 * r, y - 0.7 * r);
	x += pitch;
	cairo_move_to(cr, x - 0.6 * r, y - 0.6 * r);
	cairo_line_to(cr, x + 0.6 * r, y + 0.6 * r);
	cairo_move_to(cr, x + 0.6 * r, y - 0.6 * r);
	cairo_line_to(cr, x - 0.6 * r, y + 0.6 * r);
	cairo_stroke(cr);
	x += pitch;
	cairo_arc(cr, x, y, 0.35 * r, 0, 2 * G_PI);
	cairo_fill(cr);
	x += pitch;
	cairo_arc(cr, x, y, 0.85 * r, 0.15 * G_PI, 1.15 * G_PI);
	cairo_fill(cr);
}

static void draw_instruction(struct printer *printer, double left, double y, double width)
{
	static const char *const lines[] = {
		"Use a dark pen or a soft pencil. Fill the ring completely.",
		"To change an answer, erase the old mark completely.",
		"Keep the black squares and the two codes clean.",
	};
	set_grey(printer, GREY_WORDS);
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++, y += LINE_UM)
		draw_words(printer, FONT_WORDS, WORDS_LEFT, left, y, width, 1, lines[i]);
	y += 1000;
	draw_words(printer, FONT_WORDS, WORDS_LEFT, left, y, 12000, 1, "Right:");
	draw_right_example(printer, left + 14000, y);
	set_grey(printer, GREY_WORDS);
	draw_words(printer, FONT_WORDS, WORDS_LEFT, left + 24000, y, 14000, 1, "Wrong:");
	draw_wrong_examples(printer, left + 40500, y);
}

static void draw_write_line(struct printer *printer, double left, double y, double width, const char *what)
{
	set_grey(printer, GREY_WORDS);
	draw_words(printer, FONT_SMALL, WORDS_LEFT, left, y + 2200, width, 1, what);
	set_grey(printer, GREY_RULE);
	cairo_set_line_width(printer->cr, 200);
	cairo_move_to(printer->cr, left, y);
	cairo_line_to(printer->cr, left + width, y);
	cairo_stroke(printer->cr);
}

// "Form B" where the exam has forms: booklet and sheet must match, so it stands on every page. Owned by the caller.
static char *form_text(const struct print_sheet *sheet)
{
	return sheet->form ? g_strdup_printf("Form %c", sheet->form) : g_strdup("");
}

// Who sits here: in clear, for the student, the proctor, and whoever must find the sheet when no code can be read.
static void draw_owner(struct printer *printer, double left, double top, double width)
{
	const struct print_sheet *sheet = printer->sheet;
	g_autofree char *form = form_text(sheet);
	set_grey(printer, 0);
	draw_words(printer, FONT_ID, WORDS_RIGHT, left, top + (sheet->walk_in ? 17500 : 12500), width, 1, form);
	if (sheet->walk_in) {
		draw_write_line(printer, left, top + 10000, width, "Name");
		g_autofree char *serial = g_strdup_printf("Sheet %s", sheet->id);
		set_grey(printer, GREY_WORDS);
		draw_words(printer, FONT_WORDS, WORDS_LEFT, left, top + 17500, width, 1, serial);
		return;
	}
	set_grey(printer, 0);
	draw_words(printer, FONT_NAME, WORDS_LEFT, left, top + 4500, width, 1, sheet->name ? sheet->name : "");
	draw_words(printer, FONT_ID, WORDS_LEFT, left, top + 12500, width, 1, sheet->id);
	set_grey(printer, GREY_WORDS);
	draw_words(printer, FONT_WORDS, WORDS_LEFT, left, top + 19000, width, 1, sheet->place ? sheet->place : "");
}

static void draw_grid_heading(struct printer *printer)
{
	const struct layout *layout = printer->layout;
	const struct sheet_box *grid = &layout->grid;
	set_grey(printer, 0);
	draw_words(printer, FONT_NUMBER, WORDS_LEFT, left_of(grid), top_of(grid) + 2000, grid->w_um, 1, "Student ID");
	set_grey(printer, GREY_WORDS);
	double room = grid->w_um - GRID_TITLE_UM;
	if (room >= GRID_SHORT_HINT_UM)
		draw_words(printer, FONT_SMALL, WORDS_RIGHT, left_of(grid) + GRID_TITLE_UM, top_of(grid) + 2000, room,
			1, room >= GRID_HINT_UM ? "write it, then fill it in" : "fill it in");
	set_grey(printer, GREY_RULE);
	cairo_set_line_width(printer->cr, 200);
	double pitch = (double)grid->w_um / layout->exam->id_digits;
	for (unsigned i = 0; i < layout->exam->id_digits; i++)
		cairo_rectangle(printer->cr, left_of(grid) + i * pitch + 150, top_of(grid) + 5000, pitch - 300, 7500);
	cairo_stroke(printer->cr);
}

static void draw_first_header(struct printer *printer)
{
	const struct layout *layout = printer->layout;
	double left = left_of(&layout->header), top = top_of(&layout->header);
	double width = (printer->sheet->walk_in ? left_of(&layout->grid) - 4000 : left + layout->header.w_um) - left;
	set_grey(printer, 0);
	draw_words(printer, FONT_TITLE, WORDS_LEFT, left, top + 5500, width, 2, layout->exam->title);
	draw_owner(printer, left, top + 14000, width);
	draw_instruction(printer, left, top + 42500, width);
	if (printer->sheet->walk_in)
		draw_grid_heading(printer);
}

// One line that says whose sheet this is.
static char *owner_line(const struct print_sheet *sheet)
{
	if (sheet->walk_in)
		return g_strdup_printf("Sheet %s", sheet->id);
	return sheet->name && sheet->name[0] ? g_strdup_printf("%s   %s", sheet->id, sheet->name) : g_strdup(sheet->id);
}

static void draw_next_header(struct printer *printer)
{
	const struct layout *layout = printer->layout;
	double left = left_of(&layout->header), top = top_of(&layout->header);
	g_autofree char *owner = owner_line(printer->sheet);
	set_grey(printer, 0);
	draw_words(printer, FONT_NUMBER, WORDS_LEFT, left, top + 2000, layout->header.w_um, 1, owner);
	set_grey(printer, GREY_WORDS);
	draw_words(printer, FONT_WORDS, WORDS_LEFT, left, top + 7000, layout->header.w_um, 1, layout->exam->title);
}

static void draw_foot(struct printer *printer, unsigned page)
{
	const struct layout *layout = printer->layout;
	const struct sheet_box *code = &layout->qr[1];
	double left = left_of(code) + code->w_um + 4500, right = layout->width_um - left_of(code);
	double y = code->y_um + code->h_um / 2.0 - 1500;
	g_autofree char *owner = owner_line(printer->sheet);
	g_autofree char *form = form_text(printer->sheet);
	g_autofree char *number = g_strdup_printf("%s%sPage %u of %u", form, *form ? "   " : "", page, layout->n_pages);
	set_grey(printer, GREY_WORDS);
	draw_words(printer, FONT_SMALL, WORDS_LEFT, left, y, (right - left) * 0.8, 1, owner);
	set_grey(printer, 0);
	draw_words(printer, FONT_NUMBER, WORDS_RIGHT, left, y, right - left, 1, number);
}

static bool draw_page(struct printer *printer, unsigned page, GError **error)
{
	draw_anchors(printer);
	for (unsigned copy = 0; copy < LAYOUT_QR_COUNT; copy++)
		if (!draw_code(printer, page, copy, error))
			return false;
	if (page == 1)
		draw_first_header(printer);
	else
		draw_next_header(printer);
	draw_texts(printer, page);
	draw_digit_boxes(printer, page);
	draw_bubbles(printer, page);
	draw_foot(printer, page);
	cairo_show_page(printer->cr);
	return true;
}

static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned length)
{
	g_byte_array_append(closure, data, length);
	return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *start_pdf(const struct layout *layout, GByteArray *bytes)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		append_bytes, bytes, layout->width_um / UM_A_POINT, layout->height_um / UM_A_POINT);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, layout->exam->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, PRINT_CREATOR);
	// A fixed date: printing twice gives the same bytes.
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
	return surface;
}

static bool draw_sheets(struct printer *printer, const struct print_sheet *sheets, size_t n_sheets, GError **error)
{
	size_t missing = 0;
	const char *first = NULL;
	for (size_t i = 0; i < n_sheets; i++) {
		printer->sheet = &sheets[i];
		printer->glyphs_missing = false;
		for (unsigned page = 1; page <= printer->layout->n_pages; page++)
			if (!draw_page(printer, page, error))
				return false;
		missing += printer->glyphs_missing;
		if (printer->glyphs_missing && !first)
			first = sheets[i].id;
	}
	if (missing)
		g_printerr("note: on %" G_GSIZE_FORMAT
			   " sheets some letters of a name or title are in no installed font; the first is sheet %s\n",
			missing, first);
	return true;
}

bool print_pdf(const struct layout *layout, const struct seal_key *key, const struct print_sheet *sheets,
	size_t n_sheets, const char *path, GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	cairo_surface_t *surface = start_pdf(layout, bytes);
	struct printer printer = {.cr = cairo_create(surface), .layout = layout, .key = key};
	cairo_scale(printer.cr, 1 / UM_A_POINT, 1 / UM_A_POINT);
	bool drawn = draw_sheets(&printer, sheets, n_sheets, error);
	cairo_destroy(printer.cr);
	cairo_surface_finish(surface);
	cairo_status_t status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (drawn && status != CAIRO_STATUS_SUCCESS) {
		g_set_error(error, PRINT_ERROR, 0, "the PDF cannot be made: %s", cairo_status_to_string(status));
		return false;
	}
	return drawn && g_file_set_contents_full(path, (const char *)bytes->data, (gssize)bytes->len,
				G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}
