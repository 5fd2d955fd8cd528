// SPDX-License-Identifier: GPL-3.0-or-later
// JPEG by libjpeg-turbo, from memory. Everything but CMYK is decoded straight to grey: that is the luma channel, so
// colour is not even computed. Where fewer pixels suffice, the inverse transform makes half or a quarter of them from
// the lower frequencies, which costs less than making all and averaging. libjpeg invents pixels for what is missing and
// only warns; here a warning makes the page damaged.
#include "scan/format.h"

// jpeglib.h wants these two first.
#include <stddef.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>
#include <setjmp.h>

#include "scan/jpeg_header.h"
#include "scan/orientation.h"
#include "scan/row_sink.h"

// Each scan of a progressive file costs a pass over the page; encoders make about ten.
#define SCANS_MOST 100
#define MEMORY_MOST_BYTES (400l * 1024 * 1024)

struct jpeg_reader {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	bool warned;
	uint8_t *cmyk; // one row
	struct row_sink sink;
	int orientation;
	GError **error;
	jmp_buf failed;
};

static bool probe(const uint8_t *bytes, size_t size)
{
	return size >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
}

_Noreturn static void on_error(j_common_ptr jpeg)
{
	struct jpeg_reader *reader = jpeg->client_data;
	int code = jpeg->err->msg_code;
	if (code == JERR_BAD_PRECISION || code == JERR_SOF_UNSUPPORTED || code == JERR_CONVERSION_NOTIMPL)
		g_set_error(reader->error, SCAN_ERROR, SCAN_ERROR_UNREADABLE,
			"this kind of JPEG cannot be read; scan to a plain JPEG or PNG");
	else if (code == JERR_IMAGE_TOO_BIG)
		g_set_error(reader->error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE,
			"the image has more pixels than any sheet needs; scan with 300 dpi");
	else if (code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE)
		g_set_error(reader->error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE, "not enough memory for this image");
	longjmp(reader->failed, 1);
}

static void on_message(j_common_ptr jpeg, int level)
{
	struct jpeg_reader *reader = jpeg->client_data;
	int code = jpeg->err->msg_code;
	// What the writing program's own headers say of it, and a colour profile, change no pixel. Anything else does,
	// also before the picture: bytes skipped there may have been its tables.
	bool harmless = code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM || code == JWRN_BOGUS_ICC;
	reader->warned |= level < 0 && !harmless;
}

static void on_progress(j_common_ptr jpeg)
{
	struct jpeg_reader *reader = jpeg->client_data;
	if (reader->jpeg.input_scan_number > SCANS_MOST)
		on_error(jpeg);
}

static void find_orientation(struct jpeg_reader *reader)
{
	reader->orientation = 1;
	for (jpeg_saved_marker_ptr m = reader->jpeg.marker_list; m && reader->orientation == 1; m = m->next)
		if (m->marker == JPEG_APP0 + 1)
			reader->orientation = orientation_from_exif(m->data, m->data_length);
}

// Adobe writes CMYK inverted: 255 is no ink.
static void cmyk_to_grey(const struct jpeg_reader *reader, uint8_t *out)
{
	const uint8_t *in = reader->cmyk;
	for (JDIMENSION x = 0; x < reader->jpeg.output_width; x++, in += 4) {
		unsigned flip = reader->jpeg.saw_Adobe_marker ? 0 : 255, rgb[3];
		for (int i = 0; i < 3; i++)
			rgb[i] = ((in[i] ^ flip) * (in[3] ^ flip) + 127) / 255;
		out[x] = format_luma(rgb[0], rgb[1], rgb[2]);
	}
}

static void read_rows(struct jpeg_reader *reader)
{
	struct jpeg_decompress_struct *jpeg = &reader->jpeg;
	while (jpeg->output_scanline < jpeg->output_height) {
		uint8_t *out = row_sink_place(&reader->sink);
		JSAMPROW row = reader->cmyk ? reader->cmyk : out;
		jpeg_read_scanlines(jpeg, &row, 1);
		if (reader->cmyk)
			cmyk_to_grey(reader, out);
		row_sink_put(&reader->sink);
	}
}

// A file of several scans can end between two of them without a warning, and then lacks detail or a whole plane. A
// plane that came has its quantization table, and a progressive one all bits of all its coefficients.
static bool is_complete(const struct jpeg_decompress_struct *jpeg)
{
	for (int i = 0; i < jpeg->num_components; i++) {
		if (!jpeg->comp_info[i].quant_table)
			return false;
		for (int k = 0; jpeg->progressive_mode && k < DCTSIZE2; k++)
			if (jpeg->coef_bits[i][k] != 0)
				return false;
	}
	return true;
}

// What the transform reduces a page by: a power of two, as libjpeg has fast ways for these.
static unsigned transform_reduction(const struct jpeg_decompress_struct *jpeg, const struct scan_limits *limits)
{
	int reduction = row_sink_reduction(jpeg->image_width, jpeg->image_height, limits);
	return reduction % 4 == 0 ? 4 : reduction % 2 == 0 ? 2 : 1;
}

static bool read_all(struct jpeg_reader *reader, const struct scan_source *source)
{
	struct jpeg_decompress_struct *jpeg = &reader->jpeg;
	if (setjmp(reader->failed))
		return false;
	jpeg_create_decompress(jpeg);
	jpeg->mem->max_memory_to_use = MEMORY_MOST_BYTES;
	reader->progress.progress_monitor = on_progress;
	jpeg->progress = &reader->progress;
	jpeg_mem_src(jpeg, source->bytes, (unsigned long)source->size);
	jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
	jpeg_read_header(jpeg, TRUE);
	find_orientation(reader);
	bool cmyk = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
	jpeg->out_color_space = cmyk ? JCS_CMYK : JCS_GRAYSCALE;
	jpeg->scale_num = 1;
	jpeg->scale_denom = transform_reduction(jpeg, &source->limits);
	reader->cmyk = cmyk ? g_try_malloc((gsize)jpeg->image_width * 4) : NULL;
	if (!row_sink_init(&reader->sink, jpeg->image_width, jpeg->image_height, (int)jpeg->scale_denom,
		    &source->limits, reader->error) ||
		(cmyk && !reader->cmyk))
		return false;
	jpeg_start_decompress(jpeg);
	read_rows(reader);
	bool complete = is_complete(jpeg);
	jpeg_finish_decompress(jpeg);
	return complete;
}

// Turned upright by its own orientation tag where that is asked for.
static struct page_image *read_jpeg(const struct scan_source *source, bool upright, GError **error)
{
	GError *problem = NULL;
	struct jpeg_reader *reader = g_new0(struct jpeg_reader, 1);
	reader->jpeg.err = jpeg_std_error(&reader->errors);
	reader->errors.error_exit = on_error;
	reader->errors.emit_message = on_message;
	reader->jpeg.client_data = reader;
	reader->error = &problem;
	bool whole = read_all(reader, source) && !reader->warned;
	struct page_image *image = NULL;
	if (whole)
		image = orientation_apply(row_sink_take(&reader->sink), upright ? reader->orientation : 1);
	if (!image) {
		if (!problem)
			g_set_error(&problem, SCAN_ERROR, SCAN_ERROR_DAMAGED,
				"the JPEG file is cut off or damaged; scan the page again");
		g_propagate_error(error, problem);
	}
	jpeg_destroy_decompress(&reader->jpeg);
	row_sink_clear(&reader->sink);
	g_free(reader->cmyk);
	g_free(reader);
	return image;
}

static struct page_image *decode(const struct scan_source *source, void *state, unsigned page, GError **error)
{
	(void)state;
	(void)page;
	return read_jpeg(source, true, error);
}

struct page_image *format_jpeg_as_stored(const struct scan_source *source, GError **error)
{
	return read_jpeg(source, false, error);
}

static bool as_it_is(const struct scan_source *source, void *state, unsigned page, struct scan_jpeg *jpeg)
{
	struct jpeg_header header;
	(void)state;
	(void)page;
	if (!jpeg_header_read(source->bytes, source->size, &header) || !header.is_plain)
		return false;
	*jpeg = (struct scan_jpeg){
		g_bytes_new_static(source->bytes, source->size), header.width_px, header.height_px, header.orientation};
	return true;
}

const struct scan_format format_jpeg = {.name = "JPEG", .probe = probe, .decode = decode, .jpeg = as_it_is};
