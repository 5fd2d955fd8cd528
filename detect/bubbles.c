// SPDX-License-Identifier: GPL-3.0-or-later
// The disc is sampled on a raster fixed to the sheet, so that every bubble is measured alike, wherever it stands and
// however the page lies. Samples within a pen's width of the printed letter's strokes are left out: the strokes are
// ours and known (sheet/stroke_font.h). Darkness is relative: 0 the paper around (detect/paper.h), 1 the black of this
// page's anchors, so that a pale copy and a dark scan measure the same.
#include "detect/bubbles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/stroke_font.h"

// A sample this close to the middle of a stroke may hold some of its ink: half the pen, plus a pixel of 150 dpi.
#define LETTER_REACH_UM (STROKE_PEN_UM / 2 + 170)
#define UM_A_MM 1000.0
#define GAP_UM 1000 // within a stroke: the letter that it crosses is as broad
#define DIRECTIONS 8
#define RING_MIDDLE_UM ((LAYOUT_BUBBLE_UM - LAYOUT_RING_UM) / 2)
#define RING_OUTSIDE_UM 2500 // between the ring and whatever stands next to it
#define HALO_UM 2400         // clear of the ring and its blur

// The samples of one label: offsets from the ring's centre.
struct label_raster {
	unsigned n, n_letter; // those clear of the letter first, then the others
	struct bubble_offset samples[BUBBLE_MOST_SAMPLES];
	struct sampling sampling; // the same
};

struct bubble_raster {
	GHashTable *by_label;                // label -> struct label_raster, for finding equals
	const struct label_raster **bubbles; // a bubble of the layout each
};

static double distance_to_stroke(double x, double y, const struct stroke *stroke)
{
	double dx = stroke->x1_um - stroke->x0_um, dy = stroke->y1_um - stroke->y0_um, length = dx * dx + dy * dy;
	double t = length > 0 ? ((x - stroke->x0_um) * dx + (y - stroke->y0_um) * dy) / length : 0;
	t = CLAMP(t, 0, 1);
	return hypot(x - stroke->x0_um - t * dx, y - stroke->y0_um - t * dy);
}

static bool touches_letter(const struct stroke *strokes, unsigned n, int dx_um, int dy_um)
{
	for (unsigned s = 0; s < n; s++)
		if (distance_to_stroke(dx_um, dy_um, &strokes[s]) <= LETTER_REACH_UM)
			return true;
	return false;
}

bool bubble_letter_touches(const char *label, int dx_um, int dy_um)
{
	struct stroke strokes[STROKE_MAX];
	unsigned n = stroke_label_fits(label) ? stroke_label(label, strokes) : 0;
	return touches_letter(strokes, n, dx_um, dy_um);
}

static void add_sample(struct label_raster *raster, int dx_um, int dy_um, bool clear)
{
	unsigned at = raster->n + raster->n_letter;
	g_assert(at < BUBBLE_MOST_SAMPLES);
	raster->samples[at].dx_um = (int16_t)dx_um;
	raster->samples[at].dy_um = (int16_t)dy_um;
	sampling_add(&raster->sampling, dx_um, dy_um);
	(*(clear ? &raster->n : &raster->n_letter))++;
}

static struct label_raster *label_raster_new(const char *label)
{
	struct stroke strokes[STROKE_MAX];
	unsigned n_strokes = stroke_label_fits(label) ? stroke_label(label, strokes) : 0;
	struct label_raster *raster = g_new0(struct label_raster, 1);
	const int reach = BUBBLE_RADIUS_UM / BUBBLE_SAMPLE_UM;
	for (int pass = 0; pass < 2; pass++)
		for (int j = -reach; j <= reach; j++)
			for (int i = -reach; i <= reach; i++) {
				int dx = i * BUBBLE_SAMPLE_UM, dy = j * BUBBLE_SAMPLE_UM;
				if (dx * dx + dy * dy > BUBBLE_RADIUS_UM * BUBBLE_RADIUS_UM)
					continue;
				bool clear = !touches_letter(strokes, n_strokes, dx, dy);
				if (clear == (pass == 0))
					add_sample(raster, dx, dy, clear);
			}
	return raster;
}

struct bubble_raster *bubble_raster_new(const struct layout *layout)
{
	struct bubble_raster *raster = g_new0(struct bubble_raster, 1);
	raster->by_label = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	raster->bubbles = g_new0(const struct label_raster *, MAX(layout->n_bubbles, 1));
	for (unsigned i = 0; i < layout->n_bubbles; i++) {
		const char *label = layout_ring_label(layout, &layout->bubbles[i]);
		struct label_raster *own = g_hash_table_lookup(raster->by_label, label);
		if (!own) {
			own = label_raster_new(label);
			g_hash_table_insert(raster->by_label, g_strdup(label), own);
		}
		raster->bubbles[i] = own;
	}
	return raster;
}

void bubble_raster_free(struct bubble_raster *raster)
{
	if (!raster)
		return;
	g_hash_table_unref(raster->by_label);
	g_free(raster->bubbles);
	g_free(raster);
}

// Ascending. By counting, as there are few values.
static void sort_samples(uint8_t *samples, unsigned n)
{
	uint8_t counts[BUBBLE_DARKNESS_MOST + 1] = {0}; // no more samples than BUBBLE_MOST_SAMPLES
	for (unsigned i = 0; i < n; i++)
		counts[samples[i]]++;
	for (unsigned value = 0, at = 0; at < n; value++)
		for (unsigned k = counts[value]; k > 0; k--)
			samples[at++] = (uint8_t)value;
}

// Points on a circle, 15 degrees apart.
#define RING_POINTS SAMPLING_GROUP
#define ARC_POINTS (RING_POINTS / 3)
#define STROKE_BESIDE (BUBBLE_BLACK / 10) // darker than the ring by this: a stroke beside it, and not the paper there
#define COS_15 0.9659258262890683
#define COS_30 0.8660254037844387
#define COS_45 0.7071067811865476
#define COS_60 0.5
#define COS_75 0.2588190451025208
#define CIRCLE(r)                                                                                                      \
	{                                                                                                              \
		.n = RING_POINTS, .reach_um = (r),                                                                     \
		.dx_um = {(r), (r)*COS_15, (r)*COS_30, (r)*COS_45, (r)*COS_60, (r)*COS_75, 0, (r) * -COS_75,           \
			(r) * -COS_60, (r) * -COS_45, (r) * -COS_30, (r) * -COS_15, -(r), (r) * -COS_15,               \
			(r) * -COS_30, (r) * -COS_45, (r) * -COS_60, (r) * -COS_75, 0, (r)*COS_75, (r)*COS_60,         \
			(r)*COS_45, (r)*COS_30, (r)*COS_15},                                                           \
		.dy_um = {0, (r)*COS_75, (r)*COS_60, (r)*COS_45, (r)*COS_30, (r)*COS_15, (r), (r)*COS_15, (r)*COS_30,  \
			(r)*COS_45, (r)*COS_60, (r)*COS_75, 0, (r) * -COS_75, (r) * -COS_60, (r) * -COS_45,            \
			(r) * -COS_30, (r) * -COS_15, -(r), (r) * -COS_15, (r) * -COS_30, (r) * -COS_45,               \
			(r) * -COS_60, (r) * -COS_75},                                                                 \
	}
static const struct sampling RING_LINE = CIRCLE(RING_MIDDLE_UM), RING_AROUND = CIRCLE(RING_OUTSIDE_UM),
			     HALO = CIRCLE(HALO_UM);

// The median darkness just outside the ring: what the paper is like there, whatever strokes run out of the ring.
static double halo_darkness(
	const struct local_map *map, const struct grey_view *image, const struct darkness_scale *scale)
{
	uint8_t values[RING_POINTS];
	sampling_take(&HALO, map, image, scale, values);
	sort_samples(values, RING_POINTS);
	return (double)values[RING_POINTS / 2] / BUBBLE_BLACK;
}

static unsigned sum_of(const uint8_t *circle)
{
	unsigned sum = 0;
	for (int i = 0; i < RING_POINTS; i++)
		sum += circle[i];
	return sum;
}

static unsigned sum_circle(const struct sampling *circle, const struct local_map *map, const struct grey_view *image,
	const struct darkness_scale *scale)
{
	uint8_t values[RING_POINTS];
	sampling_take(circle, map, image, scale, values);
	return sum_of(values);
}

static void measure_disc(const struct label_raster *raster, const struct local_map *map, const struct grey_view *image,
	const struct darkness_scale *scale, struct bubble *out)
{
	uint8_t values[SAMPLING_MOST];
	unsigned sum = 0;
	sampling_take(&raster->sampling, map, image, scale, values);
	out->n = (uint16_t)raster->n;
	out->n_letter = (uint16_t)raster->n_letter;
	memcpy(out->samples, values, raster->n);
	memcpy(out->letter, values + raster->n, raster->n_letter);
	for (unsigned i = 0; i < raster->n; i++)
		sum += values[i];
	out->darkness = (float)sum / (float)MAX(raster->n, 1) / BUBBLE_BLACK;
	sort_samples(out->samples, out->n);
	sort_samples(out->letter, out->n_letter);
}

static bool lies_on_page(const struct local_map *map, const struct grey_view *image)
{
	const double r = LAYOUT_BUBBLE_UM / 2.0;
	return grey_contains(image, local_at(map, -r, -r)) && grey_contains(image, local_at(map, r, -r)) &&
	       grey_contains(image, local_at(map, -r, r)) && grey_contains(image, local_at(map, r, r));
}

unsigned bubble_ring_line(
	const struct local_map *map, const struct grey_view *image, const struct darkness_scale *scale)
{
	return sum_circle(&RING_LINE, map, image, scale);
}

unsigned bubble_ring_around(
	const struct local_map *map, const struct grey_view *image, const struct darkness_scale *scale)
{
	return sum_circle(&RING_AROUND, map, image, scale);
}

double bubble_ring(unsigned line, unsigned around)
{
	return (double)line / RING_POINTS / BUBBLE_BLACK - (double)around / RING_POINTS / BUBBLE_BLACK;
}

// The third of the ring where it is least dark, and the one across: what covers a ring takes one side of it, a ring
// that lies beside its place is missed on both.
static void measure_arcs(const uint8_t *line, const uint8_t *around, struct bubble *out)
{
	int above[RING_POINTS], sums[RING_POINTS] = {0}, least = 0, most = 0, whole = 0;
	for (int i = 0; i < RING_POINTS; i++) {
		above[i] = around[i] > line[i] + STROKE_BESIDE ? line[i] : line[i] - around[i];
		whole += above[i];
	}
	for (int i = 0; i < RING_POINTS; i++) {
		for (int k = 0; k < ARC_POINTS; k++)
			sums[i] += above[(i + k) % RING_POINTS];
		least = sums[i] < sums[least] ? i : least;
		most = MAX(most, sums[i]);
	}
	out->ring_least = (float)sums[least] / ARC_POINTS / BUBBLE_BLACK;
	out->ring_rest = (float)(whole - most) / (RING_POINTS - ARC_POINTS) / BUBBLE_BLACK;
	out->ring_across = (float)sums[(least + RING_POINTS / 2) % RING_POINTS] / ARC_POINTS / BUBBLE_BLACK;
}

static void measure_ring(const struct local_map *map, const struct grey_view *image, const struct darkness_scale *scale,
	struct bubble *out)
{
	uint8_t line[RING_POINTS], around[RING_POINTS];
	sampling_take(&RING_LINE, map, image, scale, line);
	sampling_take(&RING_AROUND, map, image, scale, around);
	out->ring = (float)bubble_ring(sum_of(line), sum_of(around));
	measure_arcs(line, around, out);
}

void bubble_measure(const struct bubble_raster *raster, unsigned index, const struct registration *registration,
	const struct grey_view *image, const struct paper_map *paper, struct sheet_point point, struct bubble *out)
{
	struct local_map map = registration_local(registration, point);
	struct darkness_scale scale = bubble_darkness_scale(registration, paper, map.origin);
	*out = (struct bubble){.on_page = lies_on_page(&map, image)};
	out->paper = (float)paper_share_at(paper, map.origin.x_px, map.origin.y_px);
	measure_disc(raster->bubbles[index], &map, image, &scale, out);
	measure_ring(&map, image, &scale, out);
	out->halo = (float)halo_darkness(&map, image, &scale);
}

static int distance_squared(struct bubble_offset offset)
{
	return offset.dx_um * offset.dx_um + offset.dy_um * offset.dy_um;
}

static bool are_next(struct bubble_offset a, struct bubble_offset b)
{
	return abs(a.dx_um - b.dx_um) <= BUBBLE_SAMPLE_UM && abs(a.dy_um - b.dy_um) <= BUBBLE_SAMPLE_UM;
}

// A stroke is broader than what lies between two samples, so that none of it stands alone; noise does.
static unsigned drop_lonely(const struct bubble_offset *inked, unsigned n, struct bubble_offset *kept)
{
	unsigned n_kept = 0;
	for (unsigned i = 0; i < n; i++) {
		bool lonely = true;
		for (unsigned k = 1; k < n && lonely; k++) // those next to it mostly come next
			lonely = (i < k || !are_next(inked[i], inked[i - k])) &&
				 (i + k >= n || !are_next(inked[i], inked[i + k]));
		if (!lonely)
			kept[n_kept++] = inked[i];
	}
	return n_kept;
}

// Moves the places that hang together with the first one, over gaps, to the front. Returns how many there are.
static unsigned take_piece(struct bubble_offset *places, unsigned n, int gap_um)
{
	unsigned taken = MIN(n, 1);
	for (unsigned i = 0; i < taken; i++)
		for (unsigned k = taken; k < n; k++) {
			int dx = places[k].dx_um - places[i].dx_um, dy = places[k].dy_um - places[i].dy_um;
			if (dx * dx + dy * dy > gap_um * gap_um)
				continue;
			struct bubble_offset swap = places[taken];
			places[taken++] = places[k];
			places[k] = swap;
		}
	return taken;
}

// In 8 directions.
static struct bubble_extent extent_of_piece(const struct bubble_offset *inked, unsigned n)
{
	struct bubble_extent extent = {.through_mm = -HUGE_VAL};
	struct bubble_offset nearest = inked[0];
	for (unsigned i = 1; i < n; i++)
		if (distance_squared(inked[i]) < distance_squared(nearest))
			nearest = inked[i];
	extent.nearest_mm = hypot(nearest.dx_um, nearest.dy_um) / UM_A_MM;
	for (int d = 0; d < DIRECTIONS; d++) {
		double c = cos(d * G_PI / DIRECTIONS) / UM_A_MM, s = sin(d * G_PI / DIRECTIONS) / UM_A_MM;
		double least = HUGE_VAL, most = -HUGE_VAL;
		for (unsigned i = 0; i < n; i++) {
			double along = inked[i].dx_um * c + inked[i].dy_um * s;
			least = MIN(least, along);
			most = MAX(most, along);
		}
		extent.inside_mm = MAX(extent.inside_mm, most - least);
		extent.through_mm = MAX(extent.through_mm, MIN(most, -least));
	}
	return extent;
}

struct bubble_extent bubble_extent_of(const struct bubble_offset *places, unsigned n_places, bool letter_hides)
{
	const int gap_um = letter_hides ? 2 * BUBBLE_RADIUS_UM : GAP_UM;
	struct bubble_offset inked[BUBBLE_MOST_SAMPLES];
	unsigned n = drop_lonely(places, MIN(n_places, BUBBLE_MOST_SAMPLES), inked);
	struct bubble_extent longest = {0};
	for (unsigned first = 0; first < n;) {
		unsigned piece = take_piece(inked + first, n - first, gap_um);
		struct bubble_extent extent = extent_of_piece(inked + first, piece);
		if (extent.inside_mm > longest.inside_mm)
			longest = extent;
		first += piece;
	}
	return longest;
}

struct bubble_extent bubble_extent(const struct bubble_raster *raster, unsigned index,
	const struct registration *registration, const struct grey_view *image, const struct paper_map *paper,
	struct sheet_point point, double level, double letter_level, bool letter_hides)
{
	const struct label_raster *own = raster->bubbles[index];
	struct local_map map = registration_local(registration, point);
	struct darkness_scale scale = bubble_darkness_scale(registration, paper, map.origin);
	struct bubble_offset inked[BUBBLE_MOST_SAMPLES];
	uint8_t values[SAMPLING_MOST];
	unsigned n = 0;
	sampling_take(&own->sampling, &map, image, &scale, values);
	for (unsigned i = 0; i < own->n + own->n_letter; i++) {
		double limit = (i < own->n ? level : letter_level) * BUBBLE_BLACK;
		if (values[i] > limit)
			inked[n++] = own->samples[i];
	}
	return bubble_extent_of(inked, n, letter_hides);
}

static unsigned count_above(const uint8_t *ascending, unsigned n, double level)
{
	unsigned limit = (unsigned)(level * BUBBLE_BLACK), above = 0;
	while (above < n && ascending[n - 1 - above] > limit)
		above++;
	return above;
}

double bubble_share_above(const struct bubble *bubble, double level)
{
	return bubble->n ? (double)count_above(bubble->samples, bubble->n, level) / bubble->n : 0;
}

double bubble_letter_share_above(const struct bubble *bubble, double level)
{
	unsigned n = (unsigned)bubble->n + bubble->n_letter;
	return n ? (double)count_above(bubble->letter, bubble->n_letter, level) / n : 0;
}

double bubble_quantile(const struct bubble *bubble, double share)
{
	return bubble->n ? (double)bubble->samples[(unsigned)(share * (bubble->n - 1))] / BUBBLE_BLACK : 0;
}
