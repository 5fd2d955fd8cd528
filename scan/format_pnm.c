// SPDX-License-Identifier: GPL-3.0-or-later
// The six formats of Netpbm: bits, greys or colours, each as text (P1 to P3) or bytes (P4 to P6), to the specification
// at netpbm.sourceforge.net. Only the first picture of a file is read; a file that goes on after it is refused, so that
// no page is lost.
#include "scan/format.h"
#include "scan/row_sink.h"

#define VALUE_MOST 65535u

// Reads over untrusted bytes; once past the end or at nonsense it stays failed and reads zeros.
struct pnm_reader {
	const uint8_t *bytes;
	size_t size, at;
	bool failed;
	int kind;      // 1 to 6
	unsigned most; // the value that is white; 1 for bits, where it is black
};

static bool probe(const uint8_t *bytes, size_t size)
{
	return size >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
	       (g_ascii_isspace(bytes[2]) || bytes[2] == '#');
}

// The next byte outside a comment, which ends with its line; -1 at the end.
static int next_byte(struct pnm_reader *in)
{
	if (in->at < in->size && in->bytes[in->at] == '#')
		while (in->at < in->size && in->bytes[in->at] != '\n' && in->bytes[in->at] != '\r')
			in->at++;
	return in->at < in->size ? in->bytes[in->at++] : -1;
}

// A number and the one white space behind it.
static unsigned read_number(struct pnm_reader *in)
{
	int c = next_byte(in);
	while (c >= 0 && g_ascii_isspace(c))
		c = next_byte(in);
	unsigned value = 0;
	in->failed |= c < 0 || !g_ascii_isdigit(c);
	for (; c >= 0 && g_ascii_isdigit(c) && !in->failed; c = next_byte(in)) {
		value = value * 10 + (unsigned)(c - '0');
		in->failed |= value > 100000000;
	}
	in->failed |= c >= 0 && !g_ascii_isspace(c);
	return in->failed ? 0 : value;
}

// A bit as text: its digit may touch the next.
static unsigned read_digit(struct pnm_reader *in)
{
	int c = next_byte(in);
	while (c >= 0 && g_ascii_isspace(c))
		c = next_byte(in);
	in->failed |= c != '0' && c != '1';
	return c == '1';
}

static unsigned read_raw(struct pnm_reader *in)
{
	const size_t bytes = in->most > 255 ? 2 : 1;
	if (in->size - in->at < bytes) {
		in->failed = true;
		return 0;
	}
	unsigned value = in->bytes[in->at++];
	return bytes == 2 ? value << 8 | in->bytes[in->at++] : value;
}

// A sample in 8 bits, rounded.
static unsigned read_sample(struct pnm_reader *in)
{
	unsigned value = in->kind <= 3 ? read_number(in) : read_raw(in);
	in->failed |= value > in->most;
	return (unsigned)(((guint64)MIN(value, in->most) * 255 + in->most / 2) / in->most);
}

static void read_row(struct pnm_reader *in, int width, uint8_t *out)
{
	for (int x = 0; x < width && !in->failed; x++)
		switch (in->kind) {
		case 1:
			out[x] = read_digit(in) ? 0 : 255;
			break;
		case 4:
			in->failed |= in->at >= in->size;
			out[x] = !in->failed && in->bytes[in->at] >> (7 - x % 8) & 1 ? 0 : 255;
			in->at += x % 8 == 7 || x == width - 1;
			break;
		case 3:
		case 6: {
			unsigned red = read_sample(in), green = read_sample(in), blue = read_sample(in);
			out[x] = format_luma(red, green, blue);
			break;
		}
		default:
			out[x] = (uint8_t)read_sample(in);
		}
}

static bool only_space_is_left(const struct pnm_reader *in)
{
	for (size_t i = in->at; i < in->size; i++)
		if (!g_ascii_isspace(in->bytes[i]))
			return false;
	return true;
}

static struct page_image *decode(const struct scan_source *source, void *state, unsigned page, GError **error)
{
	(void)state;
	(void)page;
	struct pnm_reader in = {source->bytes, source->size, 2, false, source->bytes[1] - '0', 1};
	unsigned width = read_number(&in), height = read_number(&in);
	if (in.kind != 1 && in.kind != 4)
		in.most = read_number(&in);
	in.failed |= in.most == 0 || in.most > VALUE_MOST;
	struct row_sink sink = {0};
	if (!in.failed && !row_sink_init(&sink, width, height, 1, &source->limits, error)) {
		row_sink_clear(&sink);
		return NULL;
	}
	for (unsigned y = 0; y < height && !in.failed; y++) {
		read_row(&in, sink.width_px, row_sink_place(&sink));
		row_sink_put(&sink);
	}
	bool whole = !in.failed && only_space_is_left(&in);
	struct page_image *image = whole ? row_sink_take(&sink) : NULL;
	row_sink_clear(&sink);
	if (whole)
		return image;
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED, "%s",
		in.failed ? "the PNM file is cut off or damaged; scan the page again"
			  : "the PNM file holds more than one picture; give each page a file of its own");
	return NULL;
}

const struct scan_format format_pnm = {.name = "PNM", .probe = probe, .decode = decode};
