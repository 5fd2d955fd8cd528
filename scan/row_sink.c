// SPDX-License-Identifier: GPL-3.0-or-later
// The mean over squares of pixels, rounded, just as detect/grey.h reduces; so it does not matter where that happens. Of
// packed bits, white ones are counted eight at a time by tables and never spread out.
#include "scan/row_sink.h"

#include <string.h>

#include "scan/format.h"

int row_sink_reduction(int64_t width_px, int64_t height_px, const struct scan_limits *limits)
{
	int64_t longer = MAX(width_px, height_px), shorter = MIN(width_px, height_px);
	if (limits->enough_px <= 0 || longer < limits->enough_px)
		return 1;
	int64_t reduction = MIN(longer / limits->enough_px, SCAN_MOST_REDUCTION);
	return shorter >= reduction ? (int)reduction : 1; // a line and no page: it is left as it is
}

// White bits of each pair, in a byte each, in the order in which they stand in memory.
static uint32_t count_pairs(unsigned byte)
{
	uint8_t counts[4];
	uint32_t word;
	for (int i = 0; i < 4; i++)
		counts[i] = (uint8_t)((byte >> (7 - 2 * i) & 1) + (byte >> (6 - 2 * i) & 1));
	memcpy(&word, counts, sizeof word);
	return word;
}

bool row_sink_init(struct row_sink *sink, int64_t width_px, int64_t height_px, int done,
	const struct scan_limits *limits, GError **error)
{
	*sink = (struct row_sink){0};
	if (!format_size_allowed(width_px, height_px, limits, error))
		return false;
	int reduction = row_sink_reduction(width_px, height_px, limits);
	sink->width_px = (int)((width_px + done - 1) / done);
	sink->factor = reduction / done;
	sink->image = page_image_new((int)(width_px / reduction), (int)(height_px / reduction));
	// Only if every row that comes has its place: one that fills no whole pixel of the page's comes, too.
	sink->direct = sink->image && sink->factor == 1 && sink->width_px == sink->image->width_px &&
		       (height_px + done - 1) / done == sink->image->height_px;
	if (sink->image && !sink->direct) {
		sink->band = g_try_malloc_n((gsize)sink->width_px, (gsize)sink->factor);
		sink->sums = g_try_new(uint16_t, (gsize)sink->width_px + 8);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(sink->pairs) && sink->factor == 2; i++)
		sink->pairs[i] = count_pairs(i);
	if (sink->image && (sink->direct || (sink->band && sink->sums))) {
		sink->image->reduction = reduction;
		sink->image->full_width_px = (int)width_px;
		sink->image->full_height_px = (int)height_px;
		return true;
	}
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE, "not enough memory for this image");
	return false;
}

void row_sink_clear(struct row_sink *sink)
{
	g_clear_pointer(&sink->image, page_image_free);
	g_clear_pointer(&sink->band, g_free);
	g_clear_pointer(&sink->sums, g_free);
}

struct page_image *row_sink_take(struct row_sink *sink)
{
	return g_steal_pointer(&sink->image);
}

uint8_t *row_sink_place(struct row_sink *sink)
{
	if (sink->direct)
		return sink->image->pixels + (size_t)sink->row * (size_t)sink->image->width_px;
	return sink->band + (size_t)(sink->row % sink->factor) * (size_t)sink->width_px;
}

// The image's row that the next row put belongs to; NULL below the image.
static uint8_t *image_row(const struct row_sink *sink)
{
	int y = sink->row / sink->factor;
	return y < sink->image->height_px ? sink->image->pixels + (size_t)y * (size_t)sink->image->width_px : NULL;
}

// Two rows to one. Pairs of pixels are read as 16-bit numbers, whose bytes are added in whatever order: vectors of that
// are eight pixels wide on every machine.
static void halve(const uint8_t *restrict upper, const uint8_t *restrict lower, int width, uint8_t *restrict out)
{
	for (int x = 0; x < width; x++) {
		uint16_t a, b;
		memcpy(&a, upper + 2 * (size_t)x, 2);
		memcpy(&b, lower + 2 * (size_t)x, 2);
		out[x] = (uint8_t)(((a & 255) + (a >> 8) + (b & 255) + (b >> 8) + 2) >> 2);
	}
}

static void add_row(const uint8_t *restrict row, int width, uint16_t *restrict sums)
{
	for (int x = 0; x < width; x++)
		sums[x] = (uint16_t)(sums[x] + row[x]);
}

// Means of `factor` sums each. A division by the area, rounded, as a multiplication: exact up to 16 by 16.
static void mean_groups(const uint16_t *restrict sums, int factor, int width, uint8_t *restrict out)
{
	const uint32_t area = (uint32_t)(factor * factor), inverse = (1u << 24) / area + 1;
	for (int x = 0; x < width; x++) {
		uint32_t sum = area / 2;
		for (int i = 0; i < factor; i++)
			sum += sums[x * factor + i];
		out[x] = (uint8_t)((uint64_t)sum * inverse >> 24);
	}
}

static void reduce_band(const struct row_sink *sink, uint8_t *out)
{
	const int width = sink->image->width_px, factor = sink->factor;
	const size_t stride = (size_t)sink->width_px;
	if (factor == 1) {
		memcpy(out, sink->band, (size_t)width);
	} else if (factor == 2) {
		halve(sink->band, sink->band + stride, width, out);
	} else {
		memset(sink->sums, 0, stride * sizeof *sink->sums);
		for (int i = 0; i < factor; i++)
			add_row(sink->band + (size_t)i * stride, sink->width_px, sink->sums);
		mean_groups(sink->sums, factor, width, out);
	}
}

void row_sink_put(struct row_sink *sink)
{
	uint8_t *out = image_row(sink);
	if (!sink->direct && out && sink->row % sink->factor == sink->factor - 1)
		reduce_band(sink, out);
	sink->row++;
}

// --- packed bits

static void expand_bits(const uint8_t *restrict bits, uint8_t flip, int width, uint8_t *restrict out)
{
	for (int x = 0; x < width; x++)
		out[x] = (uint8_t) - ((bits[x / 8] ^ flip) >> (7 - x % 8) & 1);
}

// Two rows of bits to one of greys, four pixels at a time. Of four pixels, 0 to 4 are white: c of them make the grey 64
// c, less 1 from 3 on, which is the rounded mean of as many 255s. In a word of four such numbers no difference is below
// 0 or above 255, so that it can be taken at once.
static void halve_bits(const uint8_t *restrict upper, const uint8_t *restrict lower, uint8_t flip, int n,
	const uint32_t *restrict pairs, uint8_t *restrict out)
{
	const uint32_t ones = 0x01010101;
	for (int i = 0; i < n; i++) {
		uint32_t white = pairs[upper[i] ^ flip] + pairs[lower[i] ^ flip];
		uint32_t grey = white * 64 - ((white + ones) >> 2 & ones);
		memcpy(out + 4 * (size_t)i, &grey, sizeof grey);
	}
}

// The same for a row of any length; most of a page is white, which is seen by eight bytes at once.
static void halve_row(
	const uint8_t *upper, const uint8_t *lower, uint8_t flip, int n, const uint32_t *pairs, uint8_t *out)
{
	const uint64_t white = flip ? 0 : UINT64_MAX;
	int i = 0;
	for (; n - i >= 8; i += 8) {
		uint64_t a, b;
		memcpy(&a, upper + i, sizeof a);
		memcpy(&b, lower + i, sizeof b);
		if (a == white && b == white)
			memset(out + 4 * (size_t)i, 255, 32);
		else
			halve_bits(upper + i, lower + i, flip, 8, pairs, out + 4 * (size_t)i);
	}
	halve_bits(upper + i, lower + i, flip, n - i, pairs, out + 4 * (size_t)i);
}

// A row of a page that is halved.
static void put_pairs(struct row_sink *sink, const uint8_t *bits, uint8_t flip)
{
	uint8_t *out = image_row(sink), *before = sink->band, *spare = (uint8_t *)sink->sums;
	// Four pixels at a time may be up to three too many: they lie in the places of the next rows, which are yet to
	// come.
	const int below = sink->image->height_px - 1 - sink->row / 2;
	const bool is_last = (int64_t)below * sink->image->width_px < 3;
	const size_t row_bytes = ((size_t)sink->width_px + 7) / 8;
	if (sink->row % 2 == 0) {
		memcpy(before, bits, row_bytes);
	} else if (out) {
		halve_row(before, bits, flip, (sink->width_px / 2 + 3) / 4, sink->pairs, is_last ? spare : out);
		if (is_last)
			memcpy(out, spare, (size_t)sink->image->width_px);
	}
	sink->row++;
}

void row_sink_put_bits(struct row_sink *sink, const uint8_t *bits, bool flip)
{
	uint8_t mask = flip ? 255 : 0;
	if (sink->factor == 2) {
		put_pairs(sink, bits, mask);
		return;
	}
	expand_bits(bits, mask, sink->width_px, row_sink_place(sink));
	row_sink_put(sink);
}
