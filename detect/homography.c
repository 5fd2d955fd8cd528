// SPDX-License-Identifier: GPL-3.0-or-later
// With u = (a x + b y + c) / (g x + h y + 1), each pair gives two equations that are linear in the eight unknowns; the
// normal equations are solved after both sides are centred and scaled (Hartley's normalisation), and the scaling is
// multiplied back.
#include "detect/homography.h"

#include <math.h>
#include <string.h>

#include "detect/linear.h"

#define UM_A_MM 1000.0

// x' = (x - x0) * scale, and the same for y.
struct normal {
	double x0, y0, scale;
};

struct page_point homography_map(const struct homography *map, struct sheet_point point)
{
	const double *h = map->h, x = point.x_um / UM_A_MM, y = point.y_um / UM_A_MM;
	double w = h[6] * x + h[7] * y + h[8];
	return (struct page_point){(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w};
}

static struct normal normal_of(const double (*points)[2], unsigned n)
{
	struct normal normal = {0, 0, 0};
	for (unsigned i = 0; i < n; i++) {
		normal.x0 += points[i][0] / n;
		normal.y0 += points[i][1] / n;
	}
	double mean = 0;
	for (unsigned i = 0; i < n; i++)
		mean += hypot(points[i][0] - normal.x0, points[i][1] - normal.y0) / n;
	normal.scale = mean > 0 ? 1 / mean : 1;
	return normal;
}

static void add_equation(double *matrix, double *vector, int unknowns, const double *row, double value)
{
	for (int i = 0; i < unknowns; i++) {
		for (int j = 0; j < unknowns; j++)
			matrix[i * unknowns + j] += row[i] * row[j];
		vector[i] += row[i] * value;
	}
}

// h := inverse(to) * h * from, written out for maps that only shift and scale.
static void multiply_back(double *h, const struct normal *from, const struct normal *to)
{
	for (int row = 0; row < 3; row++) {
		double *r = h + 3 * row;
		r[2] -= (r[0] * from->x0 + r[1] * from->y0) * from->scale;
		r[0] *= from->scale;
		r[1] *= from->scale;
	}
	for (int i = 0; i < 3; i++) {
		h[i] = h[i] / to->scale + to->x0 * h[6 + i];
		h[3 + i] = h[3 + i] / to->scale + to->y0 * h[6 + i];
	}
}

bool homography_fit(const struct point_pair *pairs, unsigned n, bool projective, struct homography *map)
{
	enum { AFFINE = 6, PROJECTIVE = 8, MOST = 256 };
	if (n < 3 || n > MOST)
		return false;
	double sheet[MOST][2], page[MOST][2];
	for (unsigned i = 0; i < n; i++) {
		sheet[i][0] = pairs[i].sheet.x_um / UM_A_MM;
		sheet[i][1] = pairs[i].sheet.y_um / UM_A_MM;
		page[i][0] = pairs[i].page.x_px;
		page[i][1] = pairs[i].page.y_px;
	}
	struct normal from = normal_of((const double(*)[2])sheet, n), to = normal_of((const double(*)[2])page, n);
	int unknowns = projective && n >= 4 ? PROJECTIVE : AFFINE;
	double matrix[PROJECTIVE * PROJECTIVE] = {0}, h[9] = {0};
	for (unsigned i = 0; i < n; i++) {
		double x = (sheet[i][0] - from.x0) * from.scale, y = (sheet[i][1] - from.y0) * from.scale;
		double u = (page[i][0] - to.x0) * to.scale, v = (page[i][1] - to.y0) * to.scale;
		add_equation(matrix, h, unknowns, (double[]){x, y, 1, 0, 0, 0, -u * x, -u * y}, u);
		add_equation(matrix, h, unknowns, (double[]){0, 0, 0, x, y, 1, -v * x, -v * y}, v);
	}
	if (!linear_solve(unknowns, matrix, h))
		return false;
	h[8] = 1;
	multiply_back(h, &from, &to);
	for (int i = 0; i < 9; i++)
		if (!isfinite(h[i]))
			return false;
	memcpy(map->h, h, sizeof h);
	return true;
}

double homography_scale(const struct homography *map, struct sheet_point at)
{
	const int32_t step = 1000;
	struct page_point o = homography_map(map, at);
	struct page_point x = homography_map(map, (struct sheet_point){at.x_um + step, at.y_um});
	struct page_point y = homography_map(map, (struct sheet_point){at.x_um, at.y_um + step});
	double area = (x.x_px - o.x_px) * (y.y_px - o.y_px) - (x.y_px - o.y_px) * (y.x_px - o.x_px);
	return area > 0 ? sqrt(area) : -sqrt(-area);
}
