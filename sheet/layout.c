// SPDX-License-Identifier: GPL-3.0-or-later
// The page, from its edges inwards: registration anchors on all four sides, a code in two opposite corners, a header on
// top (tall on page 1: name, instruction, student-ID grid), and columns of blocks between. A block is what must stay
// together: a question, or up to five single-row questions. Blocks flow down a column, then into the next column, then
// onto the next page.
#include "sheet/layout.h"

#include <string.h>

#include "sheet/number.h"
#include "sheet/stroke_font.h"

// Office printers leave 6 mm blank; the anchors stay clear of that with room for a misfed sheet.
#define ANCHOR_UM 4500
#define ANCHOR_INSET_UM 10000
#define ANCHORS_ACROSS 8 // corner to corner, along the top and bottom edges
#define ANCHORS_DOWN 10  // corner to corner, along the left and right edges
// The interior anchors stand off the even pitch by these parts of a thousand. 170/1000 of some 28 mm is 5 mm: beyond
// any paper's distortion. Each side is the opposite side read backwards, so that after half a turn every interior
// anchor misses its place by twice that: the frame fits onto itself in one orientation only.
static const int SHIFTS_TOP[ANCHORS_ACROSS] = {0, 170, 170, -170, -170, 170, -170, 0};
static const int SHIFTS_BOTTOM[ANCHORS_ACROSS] = {0, -170, 170, -170, -170, 170, 170, 0};
static const int SHIFTS_LEFT[ANCHORS_DOWN] = {0, 170, 170, -170, 170, -170, -170, 170, -170, 0};
static const int SHIFTS_RIGHT[ANCHORS_DOWN] = {0, -170, 170, -170, -170, 170, -170, 170, 170, 0};

#define EDGE_UM 15500    // from the paper's edge to all content: clear of the anchors
#define QR_UM 22000      // 0.5 mm a module even for the longest payload
#define QR_CLEAR_UM 4500 // the quiet zone of 4 modules, and air
#define FOOT_UM 5000     // a line of text at the foot
#define HEADER_FIRST_UM 68000
#define HEADER_NEXT_UM 10000

#define GUTTER_UM 5000
#define MAX_COLUMNS 3
#define ROW_UM 7000
#define CHOICE_UM 7500 // from ring to ring along a row
#define NUMBER_UM 9000 // room for a question's number
#define LETTER_UM 6000 // room for a row's letter
#define LEAD_UM 2500   // between these and the first ring
#define GAP_UM 3500    // between blocks
#define SECTION_UM 9000
#define GROUP_ROWS 5

#define GRID_PITCH_X_UM LAYOUT_DIGIT_PITCH_UM
#define GRID_PITCH_Y_UM 5300
#define GRID_TOP_UM 14000 // below the grid box's top: its title and a row of boxes to write into
#define DIGITS 10
#define NUMBER_TOP_UM 8500 // above the first digits of a number question: boxes to write into
#define POINT_UM 2600      // room for the decimal point between two columns

struct column {
	int32_t left, top, bottom;
};

// Everything that layout_new has under construction.
struct flow {
	struct layout *layout;
	GArray *items, *bubbles, *texts;
	unsigned columns;
	int32_t column_width;
	unsigned page, column;
	int32_t y;  // top of what comes next
	bool empty; // nothing in this column yet
};

void layout_free(struct layout *layout)
{
	if (!layout)
		return;
	for (unsigned i = 0; i < layout->n_items; i++)
		g_free(layout->items[i].id);
	for (unsigned i = 0; i < layout->n_texts; i++)
		g_free(layout->texts[i].text);
	g_free(layout->anchors);
	g_free(layout->items);
	g_free(layout->bubbles);
	g_free(layout->texts);
	g_free(layout);
}

static void add_anchor_line(
	GArray *anchors, unsigned n, const int *shifts, struct sheet_point from, struct sheet_point to, bool with_ends)
{
	for (unsigned i = with_ends ? 0 : 1; i < (with_ends ? n : n - 1); i++) {
		int64_t part = (int64_t)i * 1000 + shifts[i], whole = (int64_t)(n - 1) * 1000;
		struct sheet_box box = {
			.x_um = from.x_um + (int32_t)((to.x_um - from.x_um) * part / whole),
			.y_um = from.y_um + (int32_t)((to.y_um - from.y_um) * part / whole),
			.w_um = ANCHOR_UM,
			.h_um = ANCHOR_UM,
		};
		g_array_append_val(anchors, box);
	}
}

static void place_anchors(struct layout *layout)
{
	int32_t near = ANCHOR_INSET_UM, right = layout->width_um - near, bottom = layout->height_um - near;
	GArray *anchors = g_array_new(FALSE, FALSE, sizeof(struct sheet_box));
	add_anchor_line(anchors, ANCHORS_ACROSS, SHIFTS_TOP, (struct sheet_point){near, near},
		(struct sheet_point){right, near}, true);
	add_anchor_line(anchors, ANCHORS_DOWN, SHIFTS_LEFT, (struct sheet_point){near, near},
		(struct sheet_point){near, bottom}, false);
	add_anchor_line(anchors, ANCHORS_DOWN, SHIFTS_RIGHT, (struct sheet_point){right, near},
		(struct sheet_point){right, bottom}, false);
	add_anchor_line(anchors, ANCHORS_ACROSS, SHIFTS_BOTTOM, (struct sheet_point){near, bottom},
		(struct sheet_point){right, bottom}, true);
	layout->n_anchors = anchors->len;
	layout->anchors = (struct sheet_box *)(void *)g_array_free(anchors, FALSE);
}

static struct sheet_box box_of(int32_t left, int32_t top, int32_t right, int32_t bottom)
{
	return (struct sheet_box){(left + right) / 2, (top + bottom) / 2, right - left, bottom - top};
}

static void place_frame(struct layout *layout)
{
	bool a4 = layout->exam->paper == EXAM_PAPER_A4;
	layout->width_um = a4 ? 210000 : 215900;
	layout->height_um = a4 ? 297000 : 279400;
	place_anchors(layout);
	int32_t right = layout->width_um - EDGE_UM, bottom = layout->height_um - EDGE_UM;
	layout->qr[0] = box_of(right - QR_UM, EDGE_UM, right, EDGE_UM + QR_UM);
	layout->qr[1] = box_of(EDGE_UM, bottom - QR_UM, EDGE_UM + QR_UM, bottom);
	int32_t grid_right = right - QR_UM - QR_CLEAR_UM;
	int32_t grid_left = grid_right - (int32_t)layout->exam->id_digits * GRID_PITCH_X_UM;
	layout->grid = box_of(grid_left, EDGE_UM, grid_right, EDGE_UM + HEADER_FIRST_UM);
	layout->header = box_of(EDGE_UM, EDGE_UM, grid_right, EDGE_UM + HEADER_FIRST_UM);
}

static struct column column_at(const struct flow *flow, unsigned page, unsigned column)
{
	const struct layout *layout = flow->layout;
	struct column at = {
		.left = EDGE_UM + (int32_t)column * (flow->column_width + GUTTER_UM),
		.top = EDGE_UM + (page == 1 ? HEADER_FIRST_UM : HEADER_NEXT_UM) + GAP_UM,
		.bottom = layout->height_um - EDGE_UM - FOOT_UM,
	};
	// A column that passes a code stops short of it.
	const struct sheet_box *top = &layout->qr[0], *bottom = &layout->qr[1];
	if (at.left + flow->column_width > top->x_um - top->w_um / 2 - QR_CLEAR_UM)
		at.top = MAX(at.top, top->y_um + top->h_um / 2 + QR_CLEAR_UM);
	if (at.left < bottom->x_um + bottom->w_um / 2 + QR_CLEAR_UM)
		at.bottom = MIN(at.bottom, bottom->y_um - bottom->h_um / 2 - QR_CLEAR_UM);
	return at;
}

static void start_column(struct flow *flow, unsigned page, unsigned column)
{
	flow->page = page;
	flow->column = column;
	flow->y = column_at(flow, page, column).top;
	flow->empty = true;
}

// Makes room for a block of this height; false if no column of the sheet holds it.
static bool make_room(struct flow *flow, int32_t height)
{
	for (unsigned tried = 0; tried <= 2 * flow->columns; tried++) {
		int32_t gap = flow->empty ? 0 : GAP_UM;
		if (flow->y + gap + height <= column_at(flow, flow->page, flow->column).bottom) {
			flow->y += gap;
			return true;
		}
		bool last = flow->column + 1 == flow->columns;
		start_column(flow, flow->page + last, last ? 0 : flow->column + 1);
	}
	return false;
}

static void add_text(
	struct flow *flow, enum layout_text_kind kind, int32_t left, int32_t y, int32_t width, const char *text)
{
	struct layout_text entry = {kind, flow->page, {left, y, width, ROW_UM}, g_strdup(text)};
	g_array_append_val(flow->texts, entry);
}

static void add_bubble(struct flow *flow, unsigned choice, int32_t x, int32_t y)
{
	struct layout_bubble bubble = {
		.box = {x, y, LAYOUT_BUBBLE_UM, LAYOUT_BUBBLE_UM},
		.item = (uint16_t)(flow->items->len - 1),
		.choice = (uint16_t)choice,
	};
	g_array_append_val(flow->bubbles, bubble);
	g_array_index(flow->items, struct layout_item, flow->items->len - 1).n_bubbles++;
}

static bool labels_fit_rings(const struct exam_item *item)
{
	for (unsigned i = 0; i < item->n_choices; i++)
		if (!stroke_label_fits(item->choices[i]))
			return false;
	return true;
}

static void add_item(struct flow *flow, const char *id, const struct exam_item *exam_item)
{
	struct layout_item item = {
		.id = g_strdup(id),
		.exam_item = exam_item,
		.page = flow->page,
		.first_bubble = flow->bubbles->len,
		.labels_beside = exam_item && !labels_fit_rings(exam_item),
	};
	g_array_append_val(flow->items, item);
}

// Where an item's rings begin within its column: after the number and the letters of part and statement.
static int32_t lead_um(const struct exam_question *question, const struct exam_item *item)
{
	unsigned letters = 0;
	if (question && question->type == EXAM_PARTS)
		letters++;
	if (item->kind == EXAM_ITEM_STATEMENT)
		letters++;
	return NUMBER_UM + (int32_t)letters * LETTER_UM + LEAD_UM;
}

static unsigned choices_a_line(
	const struct flow *flow, const struct exam_question *question, const struct exam_item *item)
{
	if (!labels_fit_rings(item))
		return 1;
	int32_t room = flow->column_width - lead_um(question, item);
	return (unsigned)MAX(MIN(room / CHOICE_UM, (int32_t)item->n_choices), 1);
}

static int32_t item_height(const struct flow *flow, const struct exam_question *question, const struct exam_item *item)
{
	unsigned line = choices_a_line(flow, question, item);
	return (int32_t)((item->n_choices + line - 1) / line) * ROW_UM;
}

// The rings of one item, on one or more lines; advances y past them.
static void place_item(struct flow *flow, const struct exam_question *question, const struct exam_item *item)
{
	int32_t left = column_at(flow, flow->page, flow->column).left;
	int32_t first = left + lead_um(question, item) + LAYOUT_BUBBLE_UM / 2;
	bool beside = !labels_fit_rings(item);
	unsigned line = choices_a_line(flow, question, item);
	add_item(flow, item->id, item);
	if (item->row[0])
		add_text(flow, LAYOUT_TEXT_ROW, first - LAYOUT_BUBBLE_UM / 2 - LETTER_UM, flow->y + ROW_UM / 2,
			LETTER_UM, item->row);
	for (unsigned i = 0; i < item->n_choices; i++) {
		int32_t x = first + (int32_t)(i % line) * CHOICE_UM;
		int32_t y = flow->y + (int32_t)(i / line) * ROW_UM + ROW_UM / 2;
		add_bubble(flow, i, x, y);
		int32_t text_left = x + LAYOUT_BUBBLE_UM;
		if (beside)
			add_text(flow, LAYOUT_TEXT_CHOICE, text_left, y, left + flow->column_width - text_left,
				item->choices[i]);
	}
	flow->y += item_height(flow, question, item);
}

// A part's own letter stands before its first row; statements have theirs beside it.
static void place_part_letter(struct flow *flow, const struct exam_question *part)
{
	const char *letter = strrchr(part->id, '.');
	if (letter && (part->type == EXAM_TRUE_FALSE || part->type == EXAM_NUMBER))
		add_text(flow, LAYOUT_TEXT_ROW, column_at(flow, flow->page, flow->column).left + NUMBER_UM,
			flow->y + ROW_UM / 2, LETTER_UM, letter + 1);
}

// Parts with several rows of their own stand a little apart.
static int32_t part_gap(const struct exam_question *question, unsigned part)
{
	enum exam_question_type type = question->parts[part].type;
	return part > 0 && (type == EXAM_TRUE_FALSE || type == EXAM_NUMBER) ? GAP_UM / 2 : 0;
}

// Rows beyond five are grouped by five.
static int32_t row_gap(unsigned row)
{
	return row > 0 && row % GROUP_ROWS == 0 ? GAP_UM / 2 : 0;
}

// The columns of a number stand side by side, digits downwards, as in the student-ID grid.
static int32_t number_width(const struct exam_question *whole, const struct exam_question *number)
{
	int32_t letter = whole->type == EXAM_PARTS ? LETTER_UM : 0, point = number->number.decimals > 0 ? POINT_UM : 0;
	return NUMBER_UM + letter + LEAD_UM + (int32_t)number->n_items * GRID_PITCH_X_UM + point;
}

static void place_number(struct flow *flow, const struct exam_question *whole, const struct exam_question *number)
{
	const struct exam_item *items = &flow->layout->exam->items[number->first_item];
	int32_t x = column_at(flow, flow->page, flow->column).left + lead_um(whole, items) + GRID_PITCH_X_UM / 2;
	int32_t top = flow->y + NUMBER_TOP_UM + GRID_PITCH_Y_UM / 2;
	for (unsigned i = 0; i < number->n_items; i++, x += GRID_PITCH_X_UM) {
		if (number_is_decimal(number, i) && !number_is_decimal(number, i - 1)) {
			add_text(flow, LAYOUT_TEXT_POINT, x - GRID_PITCH_X_UM / 2, top - LAYOUT_DIGIT_BOX_ABOVE_UM,
				POINT_UM, ".");
			x += POINT_UM;
		}
		add_item(flow, items[i].id, &items[i]);
		for (unsigned choice = 0; choice < items[i].n_choices; choice++)
			add_bubble(flow, choice, x, top + (int32_t)choice * GRID_PITCH_Y_UM);
	}
	flow->y += NUMBER_TOP_UM + DIGITS * GRID_PITCH_Y_UM;
}

static int32_t rows_height(const struct flow *flow, const struct exam_question *whole, const struct exam_question *rows)
{
	if (rows->type == EXAM_NUMBER)
		return NUMBER_TOP_UM + DIGITS * GRID_PITCH_Y_UM;
	int32_t height = 0;
	for (unsigned i = 0; i < rows->n_items; i++)
		height += row_gap(i) + item_height(flow, whole, &flow->layout->exam->items[rows->first_item + i]);
	return height;
}

static int32_t question_height(const struct flow *flow, const struct exam_question *question)
{
	if (!question->n_parts)
		return rows_height(flow, question, question);
	int32_t height = 0;
	for (unsigned i = 0; i < question->n_parts; i++)
		height += part_gap(question, i) + rows_height(flow, question, &question->parts[i]);
	return height;
}

static void place_rows(struct flow *flow, const struct exam_question *whole, const struct exam_question *rows)
{
	if (rows->type == EXAM_NUMBER) {
		place_number(flow, whole, rows);
		return;
	}
	for (unsigned i = 0; i < rows->n_items; i++) {
		flow->y += row_gap(i);
		place_item(flow, whole, &flow->layout->exam->items[rows->first_item + i]);
	}
}

static void place_question(struct flow *flow, const struct exam_question *question)
{
	add_text(flow, LAYOUT_TEXT_QUESTION, column_at(flow, flow->page, flow->column).left, flow->y + ROW_UM / 2,
		NUMBER_UM, question->id);
	if (!question->n_parts)
		place_rows(flow, question, question);
	for (unsigned i = 0; i < question->n_parts; i++) {
		flow->y += part_gap(question, i);
		place_part_letter(flow, &question->parts[i]);
		place_rows(flow, question, &question->parts[i]);
	}
}

static bool one_row(const struct flow *flow, const struct exam_question *question)
{
	return question->n_items == 1 && question_height(flow, question) == ROW_UM;
}

// How many questions from here on make one block.
static unsigned block_size(const struct flow *flow, const struct exam_question *questions, unsigned n)
{
	unsigned size = 1;
	while (size < n && size < GROUP_ROWS && one_row(flow, &questions[0]) && one_row(flow, &questions[size]))
		size++;
	return size;
}

static bool place_section(struct flow *flow, const struct exam_section *section, GError **error)
{
	const struct exam_question *questions = flow->layout->exam->questions + section->first_question;
	for (unsigned i = 0; i < section->n_questions;) {
		unsigned size = block_size(flow, questions + i, section->n_questions - i);
		bool titled = i == 0 && section->title[0];
		int32_t height = titled ? SECTION_UM : 0;
		for (unsigned k = 0; k < size; k++)
			height += question_height(flow, &questions[i + k]);
		if (!make_room(flow, height)) {
			g_set_error(error, LAYOUT_ERROR, 0,
				"question %s: its rows do not fit into one column of the page; split it into smaller "
				"questions",
				questions[i].id);
			return false;
		}
		flow->empty = false;
		if (titled) {
			add_text(flow, LAYOUT_TEXT_SECTION, column_at(flow, flow->page, flow->column).left,
				flow->y + SECTION_UM / 2, flow->column_width, section->title);
			flow->y += SECTION_UM;
		}
		for (unsigned k = 0; k < size; k++)
			place_question(flow, &questions[i + k]);
		i += size;
	}
	return true;
}

static bool place_fields(struct flow *flow, GError **error)
{
	const struct exam *exam = flow->layout->exam;
	for (unsigned i = 0; i < exam->n_fields; i++) {
		const struct exam_item *field = &exam->items[i];
		if (!make_room(flow, SECTION_UM + item_height(flow, NULL, field))) {
			g_set_error(error, LAYOUT_ERROR, 0,
				"field %s: its choices do not fit into one column of the page", field->id);
			return false;
		}
		flow->empty = false;
		add_text(flow, LAYOUT_TEXT_FIELD, column_at(flow, flow->page, flow->column).left,
			flow->y + SECTION_UM / 2, flow->column_width, field->id);
		flow->y += SECTION_UM;
		place_item(flow, NULL, field);
	}
	return true;
}

static void place_grid(struct flow *flow)
{
	const struct sheet_box *grid = &flow->layout->grid;
	int32_t left = grid->x_um - grid->w_um / 2 + GRID_PITCH_X_UM / 2;
	int32_t top = grid->y_um - grid->h_um / 2 + GRID_TOP_UM + GRID_PITCH_Y_UM / 2;
	for (unsigned column = 0; column < flow->layout->exam->id_digits; column++) {
		g_autofree char *id = g_strdup_printf("id.%u", column + 1);
		add_item(flow, id, NULL);
		for (unsigned digit = 0; digit < DIGITS; digit++)
			add_bubble(flow, digit, left + (int32_t)column * GRID_PITCH_X_UM,
				top + (int32_t)digit * GRID_PITCH_Y_UM);
	}
	flow->layout->n_id_items = flow->layout->exam->id_digits;
}

static int32_t widest_row(const struct exam *exam, const struct exam_question *whole, const struct exam_question *rows)
{
	int32_t widest = rows->type == EXAM_NUMBER ? number_width(whole, rows) : 0;
	for (unsigned i = 0; i < rows->n_items && rows->type != EXAM_NUMBER; i++) {
		const struct exam_item *item = &exam->items[rows->first_item + i];
		if (labels_fit_rings(item))
			widest = MAX(widest, lead_um(whole, item) + (int32_t)item->n_choices * CHOICE_UM);
	}
	return widest;
}

// As many columns as the widest row of rings leaves room for.
static void choose_columns(struct flow *flow)
{
	const struct exam *exam = flow->layout->exam;
	int32_t room = flow->layout->width_um - 2 * EDGE_UM, widest = 0;
	for (unsigned q = 0; q < exam->n_questions; q++) {
		const struct exam_question *question = &exam->questions[q];
		for (unsigned i = 0; i < question->n_parts; i++)
			widest = MAX(widest, widest_row(exam, question, &question->parts[i]));
		if (!question->n_parts)
			widest = MAX(widest, widest_row(exam, question, question));
	}
	for (flow->columns = MAX_COLUMNS; flow->columns > 0; flow->columns--) {
		flow->column_width = (room - (int32_t)(flow->columns - 1) * GUTTER_UM) / (int32_t)flow->columns;
		if (flow->columns == 1 || widest <= flow->column_width)
			break;
	}
}

static void seal(struct flow *flow)
{
	struct layout *layout = flow->layout;
	layout->n_pages = flow->page;
	layout->n_items = flow->items->len;
	layout->n_bubbles = flow->bubbles->len;
	layout->n_texts = flow->texts->len;
	layout->items = (struct layout_item *)(void *)g_array_free(flow->items, FALSE);
	layout->bubbles = (struct layout_bubble *)(void *)g_array_free(flow->bubbles, FALSE);
	layout->texts = (struct layout_text *)(void *)g_array_free(flow->texts, FALSE);
	g_autofree char *table = layout_csv(layout);
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, table, -1);
	memcpy(layout->fingerprint, hash, sizeof layout->fingerprint - 1);
}

struct layout *layout_new(const struct exam *exam, GError **error)
{
	struct layout *layout = g_new0(struct layout, 1);
	layout->exam = exam;
	struct flow flow = {
		.layout = layout,
		.items = g_array_new(FALSE, FALSE, sizeof(struct layout_item)),
		.bubbles = g_array_new(FALSE, FALSE, sizeof(struct layout_bubble)),
		.texts = g_array_new(FALSE, FALSE, sizeof(struct layout_text)),
	};
	place_frame(layout);
	choose_columns(&flow);
	start_column(&flow, 1, 0);
	place_grid(&flow);
	bool placed = place_fields(&flow, error);
	for (unsigned i = 0; placed && i < exam->n_sections; i++)
		placed = place_section(&flow, &exam->sections[i], error);
	seal(&flow);
	if (placed)
		return layout;
	layout_free(layout);
	return NULL;
}

const char *layout_choice(const struct layout *layout, const struct layout_bubble *bubble)
{
	static const char *const digits[DIGITS] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
	const struct exam_item *item = layout->items[bubble->item].exam_item;
	return item ? item->choices[bubble->choice] : digits[bubble->choice];
}

const char *layout_ring_label(const struct layout *layout, const struct layout_bubble *bubble)
{
	return layout->items[bubble->item].labels_beside ? "" : layout_choice(layout, bubble);
}

int layout_find_item(const struct layout *layout, const char *id)
{
	for (unsigned i = 0; i < layout->n_items; i++)
		if (strcmp(layout->items[i].id, id) == 0)
			return (int)i;
	return -1;
}
