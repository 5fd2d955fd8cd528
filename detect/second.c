// SPDX-License-Identifier: GPL-3.0-or-later
// First roughly: at each sample the lower quartile over all rings of the page is what an empty ring looks like, and the
// samples that a ring's letter may darken are left out. What does not stand out is empty. Then finely: over the empty
// rings that bear the same letter, the median of each sample is what an empty ring of this print, this scanner and this
// paper looks like there, letter and all. (Where a letter has few empty rings, the rough picture serves.) The mean
// excess over that picture is the one number this reader takes from a ring. Empty rings scatter about their own middle:
// a ring is marked if it stands well out of that scatter, and by more than what shows through from the other side; it
// is blank if it hardly stands out, or by less than a tick's part of the page's full marks. In between nothing is said.
#include "detect/second.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/bubbles.h"
#include "detect/thresholds.h"

#define STEP_UM 300
#define REACH_UM 1650     // inside of the ring's line
#define SAMPLES_MOST 120  // whole groups of detect/sampling.h
#define RINGS_LEAST 8     // empty ones of a letter, to know it by
#define EMPTY_OF_ALL 0.25 // more of a page's rings are empty, even where all answers are of two choices
#define LOW_OF_ALL 0.05
#define EMPTY_MIDDLE 0.50
#define EMPTY_LOW 0.16  // of a bell curve, one deviation below its middle
#define FULL_SHARE 0.95 // of the page's rings, the best filled aside

struct group {
	bool letter[SAMPLES_MOST]; // samples that the letter may darken
	bool known;                // enough of its rings are on the page
	uint8_t empty[SAMPLES_MOST];
};

struct second_reader {
	const struct layout *layout;
	unsigned n_samples, n_groups;
	struct sampling raster;
	unsigned *group_of; // by bubble
	struct group *groups;
	struct group all;
	unsigned *taken; // bubbles of this page
	unsigned *members;
	unsigned n_taken;
	uint8_t (*samples)[SAMPLES_MOST]; // by bubble
	float *excess;                    // by bubble
	bool *empty;                      // by bubble: as far as the rough picture tells
	float *scratch;
	double blank_most, mark_least;
};

static void make_raster(struct second_reader *reader)
{
	const int reach = REACH_UM / STEP_UM;
	for (int j = -reach; j <= reach; j++)
		for (int i = -reach; i <= reach; i++) {
			int dx = i * STEP_UM, dy = j * STEP_UM, square = dx * dx + dy * dy;
			if (square > REACH_UM * REACH_UM)
				continue;
			g_assert(reader->n_samples < SAMPLES_MOST);
			sampling_add(&reader->raster, dx, dy);
			reader->n_samples++;
		}
}

static void make_groups(struct second_reader *reader)
{
	const struct layout *layout = reader->layout;
	g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) labels = g_ptr_array_new();
	for (unsigned i = 0; i < layout->n_bubbles; i++) {
		const char *label = layout_ring_label(layout, &layout->bubbles[i]);
		unsigned known = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, label));
		if (!known) {
			known = ++reader->n_groups;
			g_hash_table_insert(numbers, (char *)label, GUINT_TO_POINTER(known));
			g_ptr_array_add(labels, (char *)label);
		}
		reader->group_of[i] = known - 1;
	}
	reader->groups = g_new0(struct group, MAX(reader->n_groups, 1));
	for (unsigned g = 0; g < reader->n_groups; g++)
		for (unsigned s = 0; s < reader->n_samples; s++)
			reader->groups[g].letter[s] = bubble_letter_touches(
				labels->pdata[g], (int)reader->raster.dx_um[s], (int)reader->raster.dy_um[s]);
}

struct second_reader *second_reader_new(const struct layout *layout)
{
	struct second_reader *reader = g_new0(struct second_reader, 1);
	unsigned n = MAX(layout->n_bubbles, 1);
	reader->layout = layout;
	reader->group_of = g_new0(unsigned, n);
	reader->taken = g_new0(unsigned, n);
	reader->members = g_new0(unsigned, n);
	reader->samples = g_malloc0_n(n, sizeof *reader->samples);
	reader->excess = g_new0(float, n);
	reader->empty = g_new0(bool, n);
	reader->scratch = g_new0(float, n);
	make_raster(reader);
	make_groups(reader);
	return reader;
}

void second_reader_free(struct second_reader *reader)
{
	if (!reader)
		return;
	g_free(reader->group_of);
	g_free(reader->groups);
	g_free(reader->taken);
	g_free(reader->members);
	g_free(reader->samples);
	g_free(reader->excess);
	g_free(reader->empty);
	g_free(reader->scratch);
	g_free(reader);
}

void second_reader_start(struct second_reader *reader)
{
	reader->n_taken = 0;
}

void second_reader_take(struct second_reader *reader, unsigned bubble, const struct registration *registration,
	const struct grey_view *image, const struct paper_map *paper, struct sheet_point point)
{
	struct local_map map = registration_local(registration, point);
	struct darkness_scale scale = bubble_darkness_scale(registration, paper, map.origin);
	sampling_take(&reader->raster, &map, image, &scale, reader->samples[bubble]);
	reader->taken[reader->n_taken++] = bubble;
}

// At each sample, the value below which a share of some rings lies.
static void learn_empty(const struct second_reader *reader, unsigned n, double share, struct group *group)
{
	group->known = n >= RINGS_LEAST;
	for (unsigned s = 0; s < reader->n_samples && n > 0; s++) {
		uint16_t counts[BUBBLE_DARKNESS_MOST + 1] = {0};
		for (unsigned i = 0; i < n; i++)
			counts[reader->samples[reader->members[i]][s]]++;
		unsigned below = 0, value = 0;
		while (below + counts[value] <= (unsigned)(share * n))
			below += counts[value++];
		group->empty[s] = (uint8_t)value;
	}
}

static void learn_page(struct second_reader *reader)
{
	memcpy(reader->members, reader->taken, reader->n_taken * sizeof *reader->members);
	learn_empty(reader, reader->n_taken, EMPTY_OF_ALL, &reader->all);
}

static void learn_letter(struct second_reader *reader, unsigned which)
{
	unsigned n = 0;
	for (unsigned i = 0; i < reader->n_taken; i++)
		if (reader->group_of[reader->taken[i]] == which && reader->empty[reader->taken[i]])
			reader->members[n++] = reader->taken[i];
	learn_empty(reader, n, EMPTY_MIDDLE, &reader->groups[which]);
}

static void take_excess(struct second_reader *reader, unsigned bubble)
{
	const struct group *own = &reader->groups[reader->group_of[bubble]], *group = own->known ? own : &reader->all;
	int sum = 0, n = 0;
	for (unsigned s = 0; s < reader->n_samples; s++)
		if (own->known || !own->letter[s]) {
			sum += reader->samples[bubble][s] - group->empty[s];
			n++;
		}
	reader->excess[bubble] = (float)sum / (float)MAX(n, 1) / BUBBLE_BLACK;
}

static int compare_floats(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

// The excess that a share of the page's rings, or of its empty ones, lies below.
static double excess_quantile(struct second_reader *reader, bool of_empty, double share)
{
	unsigned n = 0;
	for (unsigned i = 0; i < reader->n_taken; i++)
		if (!of_empty || reader->empty[reader->taken[i]])
			reader->scratch[n++] = reader->excess[reader->taken[i]];
	qsort(reader->scratch, n, sizeof *reader->scratch, compare_floats);
	return n ? reader->scratch[(unsigned)(share * (n - 1))] : 0;
}

// Where blank ends and where marks begin, from the excess of rings whose middle is known to be empty, and of some a
// deviation below it.
static void take_limits(struct second_reader *reader, double middle, double low)
{
	double full = excess_quantile(reader, false, FULL_SHARE) - middle, scatter = SECOND_SCATTER * (middle - low);
	reader->blank_most = middle + MAX(MAX(scatter, SECOND_BLANK_MOST), SECOND_BLANK_PART * full);
	reader->mark_least = middle + MAX(MAX(scatter, SECOND_MARK_LEAST), SECOND_MARK_PART * full);
}

void second_reader_decide(struct second_reader *reader)
{
	for (unsigned g = 0; g < reader->n_groups; g++)
		reader->groups[g].known = false;
	learn_page(reader);
	for (unsigned i = 0; i < reader->n_taken; i++)
		take_excess(reader, reader->taken[i]);
	// Between the twentieth and the quarter of the page's rings, most of which are empty, lies about one deviation.
	take_limits(reader, excess_quantile(reader, false, EMPTY_OF_ALL), excess_quantile(reader, false, LOW_OF_ALL));
	for (unsigned i = 0; i < reader->n_taken; i++)
		reader->empty[reader->taken[i]] = reader->excess[reader->taken[i]] <= reader->blank_most;
	for (unsigned g = 0; g < reader->n_groups; g++)
		learn_letter(reader, g);
	for (unsigned i = 0; i < reader->n_taken; i++)
		take_excess(reader, reader->taken[i]);
	take_limits(reader, excess_quantile(reader, true, EMPTY_MIDDLE), excess_quantile(reader, true, EMPTY_LOW));
}

enum second_says second_reader_says(const struct second_reader *reader, unsigned bubble)
{
	double excess = reader->excess[bubble];
	return excess > reader->mark_least    ? SECOND_MARKED
	       : excess <= reader->blank_most ? SECOND_BLANK
					      : SECOND_NOTHING;
}
