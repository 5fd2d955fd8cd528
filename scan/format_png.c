// SPDX-License-Identifier: GPL-3.0-or-later
// PNG by libpng, from memory. Rows are expanded by libpng to 8 bits a channel and brought to grey here, so that grey
// input stays exact. libpng reports trouble by longjmp; all that must survive it lives in one struct that is cleared
// afterwards.
#include "scan/format.h"

#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "scan/orientation.h"
#include "scan/png_stored.h"
#include "scan/row_sink.h"

// A PNG of our size limits has far fewer chunks and far smaller ones than libpng would take.
#define CHUNKS_MOST 1000
#define CHUNK_MOST_BYTES (64u * 1024 * 1024)

// Beside the critical chunks, whose damage libpng calls an error, these make the pixels: a warning in them is damage.
#define CHUNK_IDAT 0x49444154u
#define CHUNK_TRNS 0x74524e53u

struct png_reader {
	const uint8_t *bytes;
	size_t size, at;
	struct png_stored *stored; // what is read instead; NULL: the bytes as they are
	png_structp png;
	png_infop info;
	bool warned;   // in a chunk that the pixels depend on
	uint8_t *rows; // one row, or all where interlacing needs them
	struct row_sink sink;
	GError **error;
	jmp_buf failed;
};

static bool probe(const uint8_t *bytes, size_t size)
{
	return size >= 8 && png_sig_cmp(bytes, 0, 8) == 0;
}

static void read_bytes(png_structp png, png_bytep out, size_t n)
{
	struct png_reader *reader = png_get_io_ptr(png);
	if (reader->stored) {
		if (!png_stored_read(reader->stored, out, n))
			png_error(png, "cut off");
		return;
	}
	if (n > reader->size - reader->at)
		png_error(png, "cut off");
	memcpy(out, reader->bytes + reader->at, n);
	reader->at += n;
}

_Noreturn static void on_error(png_structp png, png_const_charp message)
{
	struct png_reader *reader = png_get_error_ptr(png);
	(void)message;
	longjmp(reader->failed, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
	struct png_reader *reader = png_get_error_ptr(png);
	(void)message;
	png_uint_32 chunk = png_get_io_chunk_type(png);
	reader->warned |= chunk == CHUNK_IDAT || chunk == CHUNK_TRNS;
}

// One expanded row to grey; transparency is over white.
static void row_to_grey(const uint8_t *in, int channels, int width, uint8_t *out)
{
	if (channels == 1) {
		memcpy(out, in, (size_t)width);
		return;
	}
	for (int x = 0; x < width; x++, in += channels) {
		unsigned grey = channels <= 2 ? in[0] : format_luma(in[0], in[1], in[2]);
		unsigned alpha = channels == 2 ? in[1] : channels == 4 ? in[3] : 255;
		out[x] = (uint8_t)((grey * alpha + 255 * (255 - alpha) + 127) / 255);
	}
}

// Black and white and nothing else: the bits are taken as they are.
static bool is_bilevel(const struct png_reader *reader)
{
	return png_get_bit_depth(reader->png, reader->info) == 1 &&
	       png_get_color_type(reader->png, reader->info) == PNG_COLOR_TYPE_GRAY &&
	       !png_get_valid(reader->png, reader->info, PNG_INFO_tRNS);
}

static void expand_to_8_bits(struct png_reader *reader)
{
	png_set_expand(reader->png); // palettes, 1, 2 and 4 bits, transparent colours
	png_set_scale_16(reader->png);
}

// The last pass over a picture: row by row into the page.
static void read_last_pass(struct png_reader *reader, bool interlaced, bool bilevel, png_uint_32 height)
{
	size_t row = png_get_rowbytes(reader->png, reader->info);
	int channels = png_get_channels(reader->png, reader->info);
	for (png_uint_32 y = 0; y < height; y++) {
		uint8_t *in = reader->rows + (interlaced ? y * row : 0);
		uint8_t *out = bilevel ? NULL : row_sink_place(&reader->sink);
		bool as_it_is = !bilevel && channels == 1 && !interlaced;
		png_read_row(reader->png, as_it_is ? out : in, NULL);
		if (bilevel) {
			row_sink_put_bits(&reader->sink, in, false);
			continue;
		}
		if (!as_it_is)
			row_to_grey(in, channels, reader->sink.width_px, out);
		row_sink_put(&reader->sink);
	}
}

static bool read_rows(struct png_reader *reader, const struct scan_limits *limits)
{
	png_uint_32 width = png_get_image_width(reader->png, reader->info);
	png_uint_32 height = png_get_image_height(reader->png, reader->info);
	if (!row_sink_init(&reader->sink, width, height, 1, limits, reader->error))
		return false;
	bool bilevel = is_bilevel(reader);
	if (!bilevel)
		expand_to_8_bits(reader);
	int passes = png_set_interlace_handling(reader->png);
	png_read_update_info(reader->png, reader->info);
	size_t row = png_get_rowbytes(reader->png, reader->info);
	reader->rows = g_try_malloc_n(passes > 1 ? height : 1, row);
	if (!reader->rows) {
		g_set_error(reader->error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE, "not enough memory for this image");
		return false;
	}
	for (int pass = 0; pass + 1 < passes; pass++)
		for (png_uint_32 y = 0; y < height; y++)
			png_read_row(reader->png, reader->rows + y * row, NULL);
	read_last_pass(reader, passes > 1, bilevel, height);
	png_read_end(reader->png, reader->info); // which an orientation may stand behind
	return true;
}

static int find_orientation(const struct png_reader *reader)
{
	png_uint_32 size = 0;
	png_bytep exif = NULL;
	bool found = png_get_eXIf_1(reader->png, reader->info, &size, &exif) == PNG_INFO_eXIf;
	return found ? orientation_from_tiff(exif, size) : 1;
}

// True when the whole image was read; false with error set, or to be set, otherwise.
static bool read_all(struct png_reader *reader, const struct scan_limits *limits)
{
	if (setjmp(reader->failed))
		return false;
	png_set_read_fn(reader->png, reader, read_bytes);
	if (reader->stored) { // whose checksums were looked at
		png_set_crc_action(reader->png, PNG_CRC_QUIET_USE, PNG_CRC_DEFAULT);
		png_set_option(reader->png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
	}
	png_set_chunk_cache_max(reader->png, CHUNKS_MOST);
	png_set_chunk_malloc_max(reader->png, CHUNK_MOST_BYTES);
	// Profiles, comments and the like say nothing that we use, and inflating them is what bombs are made for.
	png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_AS_DEFAULT, (png_const_bytep) "eXIf", 1);
	// Our limits are checked below with a better message than libpng's.
	png_set_user_limits(reader->png, 0x7fffffff, 0x7fffffff);
	png_read_info(reader->png, reader->info);
	return read_rows(reader, limits);
}

static struct page_image *decode(const struct scan_source *source, void *state, unsigned page, GError **error)
{
	(void)state;
	(void)page;
	GError *problem = NULL;
	struct png_reader *reader = g_new0(struct png_reader, 1);
	reader->bytes = source->bytes;
	reader->size = source->size;
	reader->stored = png_stored_new(source->bytes, source->size);
	reader->error = &problem;
	reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
	reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
	bool whole = reader->info && read_all(reader, &source->limits) && !reader->warned;
	struct page_image *image = NULL;
	if (whole)
		image = orientation_apply(row_sink_take(&reader->sink), find_orientation(reader));
	if (!image) {
		if (whole)
			g_set_error(&problem, SCAN_ERROR, SCAN_ERROR_TOO_LARGE, "not enough memory for this image");
		else if (!problem)
			g_set_error(&problem, SCAN_ERROR, SCAN_ERROR_DAMAGED,
				"the PNG file is cut off or damaged; scan the page again");
		g_propagate_error(error, problem);
	}
	png_destroy_read_struct(&reader->png, &reader->info, NULL);
	row_sink_clear(&reader->sink);
	png_stored_free(reader->stored);
	g_free(reader->rows);
	g_free(reader);
	return image;
}

const struct scan_format format_png = {.name = "PNG", .probe = probe, .decode = decode};
