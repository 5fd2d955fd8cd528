// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/placement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TENTHS 10
#define MM_UM 1000

struct placement *placement_new(unsigned width_px, unsigned height_px)
{
	struct placement *placement = g_new0(struct placement, 1);
	placement->width_px = width_px;
	placement->height_px = height_px;
	return placement;
}

struct placement *placement_copy(const struct placement *placement)
{
	struct placement *copy = g_memdup2(placement, sizeof *placement);
	copy->shifts = g_memdup2(placement->shifts, placement->n_shifts * sizeof *placement->shifts);
	return copy;
}

void placement_free(struct placement *placement)
{
	if (!placement)
		return;
	g_free(placement->shifts);
	g_free(placement);
}

// --- asking

// Which cell of the mesh a coordinate falls into, the first or last one for what lies outside, and how far across.
static unsigned cell_of(int32_t at_um, int32_t size_um, unsigned nodes, double *across)
{
	double place = (double)at_um * (nodes - 1) / size_um;
	double cell = CLAMP(floor(place), 0, nodes - 2);
	*across = place - cell;
	return (unsigned)cell;
}

static double between(double a, double b, double across)
{
	return a + (b - a) * across;
}

struct image_point placement_at(
	const struct placement *placement, const struct layout *layout, struct sheet_point point)
{
	double u, v;
	unsigned column = cell_of(point.x_um, layout->width_um, PLACEMENT_COLUMNS, &u);
	unsigned row = cell_of(point.y_um, layout->height_um, PLACEMENT_ROWS, &v);
	const struct placement_node *p = &placement->nodes[row][column], *q = &placement->nodes[row + 1][column];
	double x =
		between(between(p[0].x_tenth_px, p[1].x_tenth_px, u), between(q[0].x_tenth_px, q[1].x_tenth_px, u), v);
	double y =
		between(between(p[0].y_tenth_px, p[1].y_tenth_px, u), between(q[0].y_tenth_px, q[1].y_tenth_px, u), v);
	return (struct image_point){x / TENTHS, y / TENTHS};
}

struct placement_shift placement_shift_of(const struct placement *placement, unsigned item)
{
	for (unsigned i = 0; i < placement->n_shifts; i++)
		if (placement->shifts[i].item == item)
			return placement->shifts[i];
	return (struct placement_shift){0};
}

struct image_point placement_at_item(
	const struct placement *placement, const struct layout *layout, unsigned item, struct sheet_point point)
{
	struct placement_shift shift = placement_shift_of(placement, item);
	return placement_at(
		placement, layout, (struct sheet_point){point.x_um + shift.dx_um, point.y_um + shift.dy_um});
}

// From the middle of one edge to that of the opposite one.
static struct image_point down_the_sheet(const struct placement *placement)
{
	const struct placement_node *top = placement->nodes[0], *bottom = placement->nodes[PLACEMENT_ROWS - 1];
	double x = 0, y = 0;
	for (unsigned i = 0; i < PLACEMENT_COLUMNS; i++) {
		x += bottom[i].x_tenth_px - top[i].x_tenth_px;
		y += bottom[i].y_tenth_px - top[i].y_tenth_px;
	}
	return (struct image_point){x / PLACEMENT_COLUMNS / TENTHS, y / PLACEMENT_COLUMNS / TENTHS};
}

unsigned placement_turn(const struct placement *placement)
{
	struct image_point down = down_the_sheet(placement);
	if (fabs(down.y_px) >= fabs(down.x_px))
		return down.y_px >= 0 ? 0 : 180;
	return down.x_px < 0 ? 90 : 270;
}

double placement_px_per_mm(const struct placement *placement, const struct layout *layout)
{
	struct image_point down = down_the_sheet(placement);
	return hypot(down.x_px, down.y_px) * MM_UM / layout->height_um;
}

static int32_t rescaled(int32_t tenth_px, unsigned from, unsigned to)
{
	// Pixel centres are whole numbers, so the image begins half a pixel before 0.
	const double half = TENTHS / 2.0;
	return (int32_t)lround((tenth_px + half) * to / from - half);
}

void placement_resize(struct placement *placement, unsigned width_px, unsigned height_px)
{
	for (unsigned row = 0; row < PLACEMENT_ROWS; row++)
		for (unsigned column = 0; column < PLACEMENT_COLUMNS; column++) {
			struct placement_node *node = &placement->nodes[row][column];
			node->x_tenth_px = rescaled(node->x_tenth_px, placement->width_px, width_px);
			node->y_tenth_px = rescaled(node->y_tenth_px, placement->height_px, height_px);
		}
	placement->width_px = width_px;
	placement->height_px = height_px;
}

// --- making

struct sheet_point placement_node_point(const struct layout *layout, unsigned row, unsigned column)
{
	return (struct sheet_point){
		(int32_t)((int64_t)layout->width_um * column / (PLACEMENT_COLUMNS - 1)),
		(int32_t)((int64_t)layout->height_um * row / (PLACEMENT_ROWS - 1)),
	};
}

// A sheet may reach beyond the scan, but not by more than the scan's own size.
static bool is_near(double tenth_px, unsigned size_px)
{
	return tenth_px >= -1.0 * TENTHS * size_px && tenth_px <= 2.0 * TENTHS * size_px;
}

bool placement_set_node(struct placement *placement, unsigned row, unsigned column, struct image_point at)
{
	double x = round(at.x_px * TENTHS), y = round(at.y_px * TENTHS);
	if (!is_near(x, placement->width_px) || !is_near(y, placement->height_px))
		return false;
	placement->nodes[row][column] = (struct placement_node){(int32_t)x, (int32_t)y};
	return true;
}

static bool is_shift(int32_t dx_um, int32_t dy_um)
{
	return (dx_um || dy_um) && abs(dx_um) <= PLACEMENT_MOST_SHIFT_UM && abs(dy_um) <= PLACEMENT_MOST_SHIFT_UM;
}

void placement_add_shift(struct placement *placement, unsigned item, int32_t dx_um, int32_t dy_um)
{
	g_assert(!placement->n_shifts || placement->shifts[placement->n_shifts - 1].item < item);
	if (!is_shift(dx_um, dy_um))
		return;
	placement->shifts = g_renew(struct placement_shift, placement->shifts, placement->n_shifts + 1);
	placement->shifts[placement->n_shifts++] = (struct placement_shift){item, dx_um, dy_um};
}

// --- text

void placement_format(const struct placement *placement, char **scan, char **mesh, char **shifts)
{
	GString *nodes = g_string_new(NULL), *rows = placement->n_shifts ? g_string_new(NULL) : NULL;
	for (unsigned row = 0; row < PLACEMENT_ROWS; row++)
		for (unsigned column = 0; column < PLACEMENT_COLUMNS; column++) {
			const struct placement_node *node = &placement->nodes[row][column];
			g_string_append_printf(
				nodes, "%s%d,%d", nodes->len ? " " : "", node->x_tenth_px, node->y_tenth_px);
		}
	for (unsigned i = 0; i < placement->n_shifts; i++) {
		const struct placement_shift *shift = &placement->shifts[i];
		g_string_append_printf(
			rows, "%s%u=%d,%d", rows->len ? " " : "", shift->item, shift->dx_um, shift->dy_um);
	}
	*scan = g_strdup_printf("%u,%u", placement->width_px, placement->height_px);
	*mesh = g_string_free(nodes, FALSE);
	*shifts = rows ? g_string_free(rows, FALSE) : NULL;
}

// A whole number as it is written: no plus, no leading zeros, no -0. Moves *at past it and past what must end it.
static bool take_number(const char **at, char end, int32_t *number)
{
	const char *text = *at, *digits = text + (*text == '-');
	size_t n = strspn(digits, "0123456789");
	if (n == 0 || n > 7 || (*digits == '0' && (n > 1 || digits != text)) || digits[n] != end)
		return false;
	int32_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (digits[i] - '0');
	*number = digits == text ? value : -value;
	*at = digits + n + (end != '\0');
	return true;
}

static bool parse_nodes(const char *mesh, struct placement *placement)
{
	const unsigned last = PLACEMENT_ROWS * PLACEMENT_COLUMNS - 1;
	for (unsigned i = 0; i <= last; i++) {
		struct placement_node *node = &placement->nodes[i / PLACEMENT_COLUMNS][i % PLACEMENT_COLUMNS];
		if (!take_number(&mesh, ',', &node->x_tenth_px) ||
			!take_number(&mesh, i < last ? ' ' : '\0', &node->y_tenth_px))
			return false;
		if (!is_near(node->x_tenth_px, placement->width_px) || !is_near(node->y_tenth_px, placement->height_px))
			return false;
	}
	return true;
}

static bool parse_shifts(const char *text, struct placement *placement, const struct layout *layout)
{
	int32_t before = -1;
	const char *at = text;
	while (*at) {
		int32_t item, dx_um, dy_um;
		if (!take_number(&at, '=', &item) || !take_number(&at, ',', &dx_um))
			return false;
		const char *space = strchr(at, ' ');
		if (!take_number(&at, space ? ' ' : '\0', &dy_um) || (space && !*at))
			return false;
		if (item <= before || (unsigned)item >= layout->n_items || !is_shift(dx_um, dy_um))
			return false;
		placement_add_shift(placement, (unsigned)item, dx_um, dy_um);
		before = item;
	}
	return before >= 0;
}

struct placement *placement_parse(const char *scan, const char *mesh, const char *shifts, const struct layout *layout)
{
	int32_t width, height;
	if (!take_number(&scan, ',', &width) || !take_number(&scan, '\0', &height) || width < 1 || height < 1 ||
		width > PLACEMENT_MOST_PX || height > PLACEMENT_MOST_PX)
		return NULL;
	struct placement *placement = placement_new((unsigned)width, (unsigned)height);
	if (parse_nodes(mesh, placement) && (!shifts || parse_shifts(shifts, placement, layout)))
		return placement;
	placement_free(placement);
	return NULL;
}
