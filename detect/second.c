// SPDX-License-Identifier: GPL-3.0-or-later
// Of all rings of a page that bear the same letter, some are empty: at each sample the lower quartile over them is what
// an empty ring of this print, this scanner and this paper looks like there, letter and all. (Where a letter is rare,
// all rings of the page stand in, and samples that a letter may darken are left out.) The mean excess over that picture
// is the one number this reader takes from a ring. Empty rings scatter about their own middle; a ring is marked if it
// stands out of that scatter, and by a fair part of what the page's full marks reach.
#include "detect/second.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/bubbles.h"

#define STEP_UM 300
#define REACH_UM 1650    // inside of the ring's line
#define SAMPLES_MOST 120 // whole groups of detect/sampling.h
#define RINGS_LEAST 8    // of a letter, to know it by
#define EMPTY_SHARE 0.25
#define SCATTER 6.0       // deviations of the empty rings: one in 10^9 by chance
#define EXCESS_LEAST 0.10 // what shows through the paper stays below; a faint pencil's tick does not
#define PART_OF_FULL 0.16 // of a full mark: a tick covers a quarter
#define FULL_SHARE 0.95

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
	float *scratch;
	double needed;
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

// The rings of a group that were taken in; group is reader->n_groups for all of the page.
static unsigned members_of(const struct second_reader *reader, unsigned group, unsigned *members)
{
	unsigned n = 0;
	for (unsigned i = 0; i < reader->n_taken; i++)
		if (group == reader->n_groups || reader->group_of[reader->taken[i]] == group)
			members[n++] = reader->taken[i];
	return n;
}

// The lower quartile of each sample over the rings of a group.
static void learn_empty(const struct second_reader *reader, unsigned which, struct group *group)
{
	unsigned n = members_of(reader, which, reader->members);
	group->known = n >= RINGS_LEAST;
	for (unsigned s = 0; s < reader->n_samples && n > 0; s++) {
		uint16_t counts[BUBBLE_DARKNESS_MOST + 1] = {0};
		for (unsigned i = 0; i < n; i++)
			counts[reader->samples[reader->members[i]][s]]++;
		unsigned below = 0, value = 0;
		while (below + counts[value] <= (unsigned)(EMPTY_SHARE * n))
			below += counts[value++];
		group->empty[s] = (uint8_t)value;
	}
}

static double excess_of(const struct second_reader *reader, unsigned bubble)
{
	const struct group *own = &reader->groups[reader->group_of[bubble]], *group = own->known ? own : &reader->all;
	int sum = 0, n = 0;
	for (unsigned s = 0; s < reader->n_samples; s++)
		if (own->known || !own->letter[s]) {
			sum += reader->samples[bubble][s] - group->empty[s];
			n++;
		}
	return (double)sum / MAX(n, 1) / BUBBLE_BLACK;
}

static int compare_floats(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

void second_reader_decide(struct second_reader *reader)
{
	for (unsigned g = 0; g < reader->n_groups; g++)
		learn_empty(reader, g, &reader->groups[g]);
	learn_empty(reader, reader->n_groups, &reader->all);
	unsigned n = reader->n_taken;
	for (unsigned i = 0; i < n; i++)
		reader->scratch[i] = reader->excess[reader->taken[i]] = (float)excess_of(reader, reader->taken[i]);
	if (n == 0)
		return;
	qsort(reader->scratch, n, sizeof *reader->scratch, compare_floats);
	double middle = reader->scratch[n / 4], low = reader->scratch[n / 20];
	double full = reader->scratch[(unsigned)(FULL_SHARE * (n - 1))];
	// Between the twentieth and the quarter of the page's rings, most of which are empty, lies about one deviation.
	reader->needed = middle + MAX(MAX(SCATTER * (middle - low), EXCESS_LEAST), PART_OF_FULL * (full - middle));
}

bool second_reader_marked(const struct second_reader *reader, unsigned bubble)
{
	return reader->excess[bubble] > reader->needed;
}

double second_reader_excess(const struct second_reader *reader, unsigned bubble)
{
	return reader->excess[bubble];
}

double second_reader_needed(const struct second_reader *reader)
{
	return reader->needed;
}
