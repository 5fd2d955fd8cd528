// SPDX-License-Identifier: GPL-3.0-or-later
// A content stream is a list of operands, each followed by its operator (ISO 32000-1, annex A). The state that decides
// what is seen is followed: the matrix, the clip, the colour, the way in which text is drawn. The first operator that
// paints anything but the one image ends the search: such a page has to be rendered.
#include "scan/pdf_content.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define OPERANDS_MOST 16
#define DEPTH_MOST 32
// Of the page's width and height: by so much scanners' rounding lets an image miss the edges of its page.
#define EDGE_TOLERANCE 0.02
#define TEXT_INVISIBLE 3

struct operand {
	bool is_number, is_name;
	double number;
	char name[PDF_NAME_MOST];
};

struct graphics {
	struct pdf_matrix matrix;
	struct pdf_box clip;
	bool black;
	int text_mode;
};

struct content {
	const uint8_t *at, *end;
	bool refused;
	struct operand operands[OPERANDS_MOST + 1]; // the last is for those that are too many
	unsigned n_operands;                        // may be more than are kept
	struct graphics stack[DEPTH_MOST];
	unsigned depth;
	unsigned rectangles; // in the path, whose last is:
	struct pdf_box rectangle;
	bool other_path, clip_pending;
	const struct pdf_box *page;
	struct pdf_drawing *drawing;
	unsigned drawn;
};

static struct graphics *state(struct content *in)
{
	return &in->stack[in->depth];
}

static bool is_space(int c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

static bool is_delimiter(int c)
{
	return strchr("()<>[]{}/%", c) != NULL; // NUL too
}

static void skip_space(struct content *in)
{
	while (in->at < in->end && (is_space(*in->at) || *in->at == '%')) {
		bool comment = *in->at == '%';
		while (comment && in->at < in->end && *in->at != '\n' && *in->at != '\r')
			in->at++;
		if (!comment)
			in->at++;
	}
}

static void skip_string(struct content *in)
{
	unsigned open = 0;
	for (; in->at < in->end; in->at++) {
		if (*in->at == '\\')
			in->at++;
		else if (*in->at == '(')
			open++;
		else if (*in->at == ')' && --open == 0) {
			in->at++;
			return;
		}
	}
	in->at = in->end;
	in->refused = true;
}

static struct operand *push(struct content *in)
{
	struct operand *operand = &in->operands[MIN(in->n_operands, OPERANDS_MOST)];
	in->n_operands++;
	*operand = (struct operand){0};
	return operand;
}

// A run of regular characters. False if it does not fit.
static bool read_word(struct content *in, char word[static PDF_NAME_MOST])
{
	size_t n = 0;
	if (in->at < in->end && *in->at == '/')
		word[n++] = (char)*in->at++;
	while (in->at < in->end && !is_space(*in->at) && !is_delimiter(*in->at)) {
		if (n + 1 < PDF_NAME_MOST)
			word[n] = (char)*in->at;
		n++;
		in->at++;
	}
	word[MIN(n, PDF_NAME_MOST - 1)] = 0;
	return n > 0 && n < PDF_NAME_MOST;
}

// Takes one operand if one comes next.
static bool take_operand(struct content *in)
{
	const int c = *in->at;
	if (c == '(') {
		skip_string(in);
		push(in);
	} else if (c == '<' && in->at + 1 < in->end && in->at[1] != '<') {
		while (in->at < in->end && *in->at != '>')
			in->at++;
		in->at += in->at < in->end;
		push(in);
	} else if (c == '[' || c == ']' || c == '<' || c == '>') {
		in->at++; // what is inside counts as operands, which no operator that we look into has
		push(in);
	} else if (c == '/') {
		struct operand *operand = push(in);
		operand->is_name = read_word(in, operand->name);
		in->refused |= !operand->is_name || strchr(operand->name, '#');
	} else if (g_ascii_isdigit(c) || c == '-' || c == '+' || c == '.') {
		struct operand *operand = push(in);
		char *rest;
		in->refused |= !read_word(in, operand->name);
		operand->number = g_ascii_strtod(operand->name, &rest);
		operand->is_number = *rest == 0 && isfinite(operand->number);
	} else {
		return false;
	}
	return true;
}

// True if exactly n numbers stand before the operator.
static bool numbers(const struct content *in, unsigned n)
{
	bool all = in->n_operands == n;
	for (unsigned i = 0; i < n && all; i++)
		all = in->operands[i].is_number;
	return all;
}

static struct pdf_matrix multiply(const struct pdf_matrix *m, const struct pdf_matrix *n)
{
	return (struct pdf_matrix){m->a * n->a + m->b * n->c, m->a * n->b + m->b * n->d, m->c * n->a + m->d * n->c,
		m->c * n->b + m->d * n->d, m->e * n->a + m->f * n->c + n->e, m->e * n->b + m->f * n->d + n->f};
}

// What a rectangle in user space covers on the page.
static struct pdf_box cover(const struct pdf_matrix *m, double x, double y, double w, double h)
{
	struct pdf_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
	for (int i = 0; i < 4; i++) {
		double u = x + (i & 1 ? w : 0), v = y + (i & 2 ? h : 0);
		double px = m->a * u + m->c * v + m->e, py = m->b * u + m->d * v + m->f;
		box.left = fmin(box.left, px);
		box.right = fmax(box.right, px);
		box.bottom = fmin(box.bottom, py);
		box.top = fmax(box.top, py);
	}
	return box;
}

static bool is_straight(const struct pdf_matrix *m)
{
	return (m->b == 0 && m->c == 0) || (m->a == 0 && m->d == 0);
}

static void draw(struct content *in)
{
	const struct pdf_box *page = in->page, *clip = &state(in)->clip;
	const struct pdf_box box = cover(&state(in)->matrix, 0, 0, 1, 1);
	const double x = EDGE_TOLERANCE * (page->right - page->left), y = EDGE_TOLERANCE * (page->top - page->bottom);
	bool whole = fabs(box.left - page->left) <= x && fabs(box.right - page->right) <= x &&
		     fabs(box.bottom - page->bottom) <= y && fabs(box.top - page->top) <= y;
	// A clip may cut off what lies outside of the page, and no more.
	bool seen = clip->left <= fmax(box.left, page->left) + x && clip->right >= fmin(box.right, page->right) - x &&
		    clip->bottom <= fmax(box.bottom, page->bottom) + y && clip->top >= fmin(box.top, page->top) - y;
	in->refused |= in->drawn++ > 0 || in->n_operands != 1 || !in->operands[0].is_name || !whole || !seen;
	if (in->refused)
		return;
	memcpy(in->drawing->name, in->operands[0].name, PDF_NAME_MOST);
	in->drawing->place = state(in)->matrix;
	in->drawing->black = state(in)->black;
}

static void push_state(struct content *in)
{
	if (in->depth + 1 == DEPTH_MOST) {
		in->refused = true;
		return;
	}
	in->stack[in->depth + 1] = in->stack[in->depth];
	in->depth++;
}

static void change_matrix(struct content *in)
{
	if (!numbers(in, 6)) {
		in->refused = true;
		return;
	}
	const struct operand *o = in->operands;
	const struct pdf_matrix m = {o[0].number, o[1].number, o[2].number, o[3].number, o[4].number, o[5].number};
	state(in)->matrix = multiply(&m, &state(in)->matrix);
}

static void add_rectangle(struct content *in)
{
	if (!numbers(in, 4)) {
		in->refused = true;
		return;
	}
	const struct operand *o = in->operands;
	in->rectangles++;
	in->rectangle = cover(&state(in)->matrix, o[0].number, o[1].number, o[2].number, o[3].number);
	in->other_path |= !is_straight(&state(in)->matrix);
}

// Ends a path that is not painted; it may be the new clip.
static void end_path(struct content *in)
{
	if (in->clip_pending) {
		struct pdf_box *clip = &state(in)->clip;
		in->refused |= in->other_path || in->rectangles != 1;
		clip->left = fmax(clip->left, in->rectangle.left);
		clip->bottom = fmax(clip->bottom, in->rectangle.bottom);
		clip->right = fmin(clip->right, in->rectangle.right);
		clip->top = fmin(clip->top, in->rectangle.top);
	}
	in->clip_pending = in->other_path = false;
	in->rectangles = 0;
}

static void use_state(struct content *in)
{
	struct pdf_drawing *drawing = in->drawing;
	if (in->n_operands != 1 || !in->operands[0].is_name || drawing->n_states == PDF_STATES_MOST)
		in->refused = true;
	else
		memcpy(drawing->states[drawing->n_states++], in->operands[0].name, PDF_NAME_MOST);
}

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

static void operate(struct content *in, const char *word)
{
	static const char *const HARMLESS[] = {"w", "J", "j", "M", "d", "ri", "i", "BMC", "EMC", "MP", "DP", "BX", "EX",
		"BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Td", "TD", "Tm", "T*", "Ts", "G", "RG", "K", "CS", "SC",
		"SCN", NULL};
	static const char *const COLOUR[] = {"rg", "k", "cs", "sc", "scn", NULL};
	static const char *const PATH[] = {"m", "l", "c", "v", "y", "h", NULL};
	static const char *const SHOW[] = {"Tj", "TJ", "'", "\"", NULL};
	if (strcmp(word, "q") == 0)
		push_state(in);
	else if (strcmp(word, "Q") == 0)
		in->depth -= in->depth > 0;
	else if (strcmp(word, "cm") == 0)
		change_matrix(in);
	else if (strcmp(word, "Do") == 0)
		draw(in);
	else if (strcmp(word, "gs") == 0)
		use_state(in);
	else if (strcmp(word, "g") == 0)
		state(in)->black = numbers(in, 1) && in->operands[0].number <= 0;
	else if (strcmp(word, "Tr") == 0)
		state(in)->text_mode = numbers(in, 1) ? (int)CLAMP(in->operands[0].number, 0, 7) : 0;
	else if (strcmp(word, "re") == 0)
		add_rectangle(in);
	else if (strcmp(word, "W") == 0 || strcmp(word, "W*") == 0)
		in->clip_pending = true;
	else if (strcmp(word, "n") == 0)
		end_path(in);
	else if (strcmp(word, "BDC") == 0) // optional content may be hidden
		in->refused |= in->n_operands < 1 || strcmp(in->operands[0].name, "/OC") == 0;
	else if (is_one_of(word, COLOUR))
		state(in)->black = false;
	else if (is_one_of(word, PATH))
		in->other_path = true;
	else if (is_one_of(word, SHOW))
		in->refused |= state(in)->text_mode != TEXT_INVISIBLE;
	else
		in->refused |= !is_one_of(word, HARMLESS);
}

bool pdf_content_is_one_image(
	const uint8_t *bytes, size_t size, const struct pdf_box *page, struct pdf_drawing *drawing)
{
	*drawing = (struct pdf_drawing){0};
	struct content in = {.at = bytes, .end = bytes + size, .page = page, .drawing = drawing};
	in.stack[0] = (struct graphics){
		.matrix = {1, 0, 0, 1, 0, 0}, .clip = {-INFINITY, -INFINITY, INFINITY, INFINITY}, .black = true};
	for (skip_space(&in); in.at < in.end && !in.refused; skip_space(&in)) {
		if (take_operand(&in))
			continue;
		char word[PDF_NAME_MOST];
		if (read_word(&in, word))
			operate(&in, word);
		else
			in.refused = true;
		in.n_operands = 0;
	}
	return !in.refused && in.drawn == 1;
}
