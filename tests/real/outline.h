// SPDX-License-Identifier: GPL-3.0-or-later
// The printed outline of a bubble of an unknown form: circle, oval, stadium or box, of what size and where. Knows
// outlines; what stands in them is no concern of it.
#ifndef SHEAF_TESTS_REAL_OUTLINE_H
#define SHEAF_TESTS_REAL_OUTLINE_H

#include <stdbool.h>

#include "tests/real/patch.h"

enum outline_shape { OUTLINE_ELLIPSE, OUTLINE_STADIUM, OUTLINE_BOX, OUTLINE_SHAPES };

// Half width and half height as steps of OUTLINE_STEP of the bubble's radius.
#define OUTLINE_STEP 0.05
#define OUTLINE_LEAST_W 11
#define OUTLINE_MOST_W 24
#define OUTLINE_LEAST_H 7
#define OUTLINE_MOST_H 24
#define OUTLINE_SIZES_W (OUTLINE_MOST_W - OUTLINE_LEAST_W + 1)
#define OUTLINE_SIZES_H (OUTLINE_MOST_H - OUTLINE_LEAST_H + 1)

struct outline {
	enum outline_shape shape;
	int w, h;              // its size, in steps beyond the least
	double half_w, half_h; // the same in cells of a patch
	double x, y;           // the middle, in cells off the patch's middle
	double score;          // how plainly it is seen: grey levels of the line, where it is palest
};

// How plainly each shape and size is seen in a patch, wherever within reach of the middle it lies.
struct outline_scores {
	float of[OUTLINE_SHAPES][OUTLINE_SIZES_W][OUTLINE_SIZES_H];
};

// Every outline as points, made once.
struct outline_traces;

struct outline_traces *outline_traces_new(void);
void outline_traces_free(struct outline_traces *traces); // accepts NULL

// roots: a patch's thin lines, as outline_roots makes them.
void outline_score(const struct outline_traces *traces, const struct patch *roots, struct outline_scores *scores);

// The best of summed scores, or of one patch's.
struct outline outline_best(const struct outline_scores *scores);

// Finds an outline of about this shape and size in a patch: the middle, and up to a step of the size.
struct outline outline_locate(
	const struct outline_traces *traces, const struct patch *roots, const struct outline *like);

// The square roots of a patch's thin lines (patch_lines), which is what outlines are sought in.
void outline_roots(const struct patch *patch, struct patch *roots);

// How far outside of the outline a place is, in cells; negative inside. x, y: cells off the patch's middle.
double outline_distance(const struct outline *outline, double x, double y);

#endif
