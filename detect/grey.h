// SPDX-License-Identifier: GPL-3.0-or-later
// Grey pixels as the detector sees them: a borrowed view, reduction by whole factors, reading between pixels. Knows no
// files and no sheets.
#ifndef SHEAF_DETECT_GREY_H
#define SHEAF_DETECT_GREY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

// A point on a page image, in pixels; the centre of the top left pixel is (0, 0). What is printed has struct
// sheet_point.
struct page_point {
	double x_px, y_px;
};

// Rows of width_px bytes, 0 black to 255 white; stride_px bytes from row to row. Borrowed.
struct grey_view {
	const uint8_t *pixels;
	int width_px, height_px, stride_px;
};

// The same with its own pixels.
struct grey_image {
	struct grey_view view;
	uint8_t *pixels;
};

void grey_image_clear(struct grey_image *image);

#define GREY_MOST_FACTOR 16

// The view averaged over squares of factor by factor pixels (1 to GREY_MOST_FACTOR); an incomplete last column or row
// is dropped. False if memory is not to be had. The caller clears *image.
bool grey_reduce(const struct grey_view *view, int factor, struct grey_image *image);

// A copy of a rectangle, clipped to the view; magnified by whole factors with bilinear interpolation. False if nothing
// of it lies in the view or memory is not to be had.
bool grey_crop(
	const struct grey_view *view, int left, int top, int width, int height, int magnify, struct grey_image *image);

// Takes noise off: the binomial filter 1 2 1 along rows and columns, so many times. The border stays as it is.
void grey_smooth(struct grey_image *image, int times);

// A point of the reduced image in the one it was made from, and back.
static inline struct page_point grey_enlarge_point(struct page_point point, int factor)
{
	double half = (factor - 1) / 2.0;
	return (struct page_point){point.x_px * factor + half, point.y_px * factor + half};
}

static inline struct page_point grey_reduce_point(struct page_point point, int factor)
{
	double half = (factor - 1) / 2.0;
	return (struct page_point){(point.x_px - half) / factor, (point.y_px - half) / factor};
}

// The value at a point, bilinear; outside of the view that of its nearest border pixel.
static inline double grey_at(const struct grey_view *view, double x_px, double y_px)
{
	x_px = CLAMP(x_px, 0, view->width_px - 1);
	y_px = CLAMP(y_px, 0, view->height_px - 1);
	int x = MIN((int)x_px, view->width_px - 2), y = MIN((int)y_px, view->height_px - 2);
	double u = x_px - x, v = y_px - y;
	const uint8_t *p = view->pixels + (ptrdiff_t)y * view->stride_px + x, *q = p + view->stride_px;
	return (1 - v) * ((1 - u) * p[0] + u * p[1]) + v * ((1 - u) * q[0] + u * q[1]);
}

// The same where the point is known to lie within the view, and not on its last column or row.
static inline double grey_inside(const struct grey_view *view, double x_px, double y_px)
{
	int x = (int)x_px, y = (int)y_px;
	double u = x_px - x, v = y_px - y;
	const uint8_t *p = view->pixels + (ptrdiff_t)y * view->stride_px + x, *q = p + view->stride_px;
	return (1 - v) * ((1 - u) * p[0] + u * p[1]) + v * ((1 - u) * q[0] + u * q[1]);
}

static inline bool grey_contains(const struct grey_view *view, struct page_point point)
{
	return point.x_px >= 0 && point.y_px >= 0 && point.x_px <= view->width_px - 1 &&
	       point.y_px <= view->height_px - 1;
}

#endif
