// SPDX-License-Identifier: GPL-3.0-or-later
// The report's pictures as inline SVG, coloured by the classes of grade/html.c. Knows numbers and labels.
#ifndef SHEAF_GRADE_PLOT_H
#define SHEAF_GRADE_PLOT_H

#include <glib.h>
#include <stdbool.h>

// How many scores there are of each size, from the least of 0 and the lowest to the most of maximum and the highest,
// with the mean.
void plot_histogram(GString *out, const double *scores, unsigned n, double maximum, double mean);

// How often each choice is given by groups of students, worst first: a line a choice, named at its end.
struct plot_line {
	const char *label;
	const double *y; // shares, NAN for an empty group
	bool is_key, is_suspect;
};
void plot_curves(GString *out, const struct plot_line *lines, unsigned n_lines, unsigned n_points);

// A bar of a share from 0 to 1.
void plot_share(GString *out, double share, bool is_key, bool is_suspect);

// Questions as dots: across by difficulty (share of the points), up by correlation.
struct plot_dot {
	const char *label;
	double x, y;
	bool is_suspect;
};
void plot_map(GString *out, const struct plot_dot *dots, unsigned n_dots);

#endif
