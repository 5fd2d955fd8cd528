// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the ink in every bubble of a registered page: samples the disc inside the ring, against the page's own paper
// and ink, leaving out the form's own letter. Knows darkness; decides nothing.
#ifndef SHEAF_DETECT_BUBBLES_H
#define SHEAF_DETECT_BUBBLES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "detect/grey.h"
#include "detect/paper.h"
#include "detect/registration.h"
#include "detect/sampling.h"
#include "sheet/layout.h"

// Sample points on a square raster inside the disc.
#define BUBBLE_SAMPLE_UM 250
#define BUBBLE_RADIUS_UM 1550 // clear of the ring's line (1800 to 2000) by what registration may be off
#define BUBBLE_MOST_SAMPLES 160

// One bubble's samples.
struct bubble {
	uint16_t n;                           // samples that count: on the page, clear of the letter
	uint8_t samples[BUBBLE_MOST_SAMPLES]; // darkness, ascending
	uint16_t n_letter;                    // samples on and next to the letter's strokes
	uint8_t letter[BUBBLE_MOST_SAMPLES];  // their darkness, ascending
	float darkness;                       // mean of the samples, 0 paper to 1 printed black
	float ring;       // how much darker the ring's line is than the paper around it, same scale; the form's own ink
	float ring_least; // the same of the third of the ring where it is least
	float ring_across; // and of the third across from there
	float ring_rest;   // of all but the third where it is darkest: a stroke may have made that one
	float halo;        // how dark it is just outside the ring, the median around it
	float paper;       // brightness of the paper here, as a share of the page's usual
	bool on_page;      // all of it lies within the image
};

// Which samples the form's letter touches, by label; made once for a layout.
struct bubble_raster;

struct bubble_raster *bubble_raster_new(const struct layout *layout);
void bubble_raster_free(struct bubble_raster *raster); // accepts NULL

// Whether the letter printed in a ring may darken a place at this offset from the ring's middle.
bool bubble_letter_touches(const char *label, int dx_um, int dy_um);

// Measures the bubble of this index, printed at a point of the sheet: its own place, or where it was found to lie.
void bubble_measure(const struct bubble_raster *raster, unsigned index, const struct registration *registration,
	const struct grey_view *image, const struct paper_map *paper, struct sheet_point point, struct bubble *out);

// How the ink in a ring lies.
struct bubble_extent {
	double inside_mm;  // its longest extent
	double through_mm; // how far it goes to both sides of the middle; below 0: it stays on one side
	double nearest_mm; // how near to the middle it comes
};

struct bubble_offset {
	int16_t dx_um, dy_um;
};

// The extent of inked places, n offsets from the middle on the samples' raster, of BUBBLE_MOST_SAMPLES at most. One
// that stands alone is left out, as noise; of several pieces the longest is told of, unless letter_hides: then what
// lies between them may be below the letter. All 0 where there are none.
struct bubble_extent bubble_extent_of(const struct bubble_offset *inked, unsigned n, bool letter_hides);

// The extent of what is darker than level in the bubble of this index (0 to 1, 1 printed black), and on the form's own
// letter of what is darker than letter_level. letter_hides as above.
struct bubble_extent bubble_extent(const struct bubble_raster *raster, unsigned index,
	const struct registration *registration, const struct grey_view *image, const struct paper_map *paper,
	struct sheet_point point, double level, double letter_level, bool letter_hides);

// How dark a ring around the map's origin is against what is around it: struct bubble's ring alone, from the darkness
// of the ring's line and of a circle around it, each summed up over the same number of points.
unsigned bubble_ring_line(
	const struct local_map *map, const struct grey_view *image, const struct darkness_scale *scale);
unsigned bubble_ring_around(
	const struct local_map *map, const struct grey_view *image, const struct darkness_scale *scale);
double bubble_ring(unsigned line, unsigned around);

// The share of a bubble's samples that are darker than a level (0 to 1, 1 printed black).
double bubble_share_above(const struct bubble *bubble, double level);

// How much of the whole disc is darker than a level on and next to the letter's strokes.
double bubble_letter_share_above(const struct bubble *bubble, double level);

// The darkness that a share of the samples stays below.
double bubble_quantile(const struct bubble *bubble, double share);

#endif
