// SPDX-License-Identifier: GPL-3.0-or-later
// Three ways lead from a stream to pixels: a JPEG goes to our JPEG decoder as it lies there; a fax is put behind a TIFF
// head and goes to the TIFF decoder; all else that qpdf can unpack is a raster of samples, brought to grey by tables.
#include "scan/pdf_image.h"

#include <stdlib.h>
#include <string.h>

#include "scan/row_sink.h"

#define COMPONENTS_MOST 3
#define FILTERS_MOST 8

enum encoding { ENCODING_RASTER, ENCODING_JPEG, ENCODING_FAX, ENCODING_OTHER };

struct samples {
	unsigned width, height, bits, components;
	bool indexed;
	uint8_t table[COMPONENTS_MOST][256]; // sample to 8 bits, or, indexed, to grey
};

struct raw {
	unsigned char *bytes; // freed by free()
	size_t size;
};

bool pdf_complaints(qpdf_data pdf)
{
	bool any = false;
	for (; qpdf_more_warnings(pdf); any = true)
		qpdf_next_warning(pdf);
	if (qpdf_has_error(pdf)) {
		qpdf_get_error(pdf);
		any = true;
	}
	return any;
}

double pdf_number(qpdf_data pdf, qpdf_oh dictionary, const char *key, double otherwise)
{
	qpdf_oh value = qpdf_oh_get_key_if_dict(pdf, dictionary, key);
	return qpdf_oh_is_number(pdf, value) ? qpdf_oh_get_numeric_value(pdf, value) : otherwise;
}

static bool get_bool(qpdf_data pdf, qpdf_oh dictionary, const char *key, bool otherwise)
{
	qpdf_oh value = qpdf_oh_get_key_if_dict(pdf, dictionary, key);
	return qpdf_oh_is_bool(pdf, value) ? qpdf_oh_get_bool_value(pdf, value) : otherwise;
}

static bool is_named(qpdf_data pdf, qpdf_oh value, const char *name, const char *short_name)
{
	return qpdf_oh_is_name_and_equals(pdf, value, name) || qpdf_oh_is_name_and_equals(pdf, value, short_name);
}

static void set_damaged(GError **error)
{
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED,
		"the image on this page of the PDF file is cut off or damaged; scan the page again");
}

// The only item of an array, or what is no array.
static qpdf_oh single(qpdf_data pdf, qpdf_oh value)
{
	bool array = qpdf_oh_is_array(pdf, value) && qpdf_oh_get_array_n_items(pdf, value) == 1;
	return array ? qpdf_oh_get_array_item(pdf, value, 0) : value;
}

static enum encoding find_encoding(qpdf_data pdf, qpdf_oh dictionary)
{
	static const char *const LOSSLESS[][2] = {{"/FlateDecode", "/Fl"}, {"/LZWDecode", "/LZW"},
		{"/ASCII85Decode", "/A85"}, {"/ASCIIHexDecode", "/AHx"}, {"/RunLengthDecode", "/RL"}};
	qpdf_oh filter = single(pdf, qpdf_oh_get_key(pdf, dictionary, "/Filter"));
	if (is_named(pdf, filter, "/DCTDecode", "/DCT"))
		return ENCODING_JPEG;
	if (is_named(pdf, filter, "/CCITTFaxDecode", "/CCF"))
		return ENCODING_FAX;
	bool array = qpdf_oh_is_array(pdf, filter);
	int n = qpdf_oh_is_null(pdf, filter) ? 0 : array ? qpdf_oh_get_array_n_items(pdf, filter) : 1;
	for (int i = 0; i < n; i++) {
		qpdf_oh one = array ? qpdf_oh_get_array_item(pdf, filter, i) : filter;
		bool known = false;
		for (size_t k = 0; k < G_N_ELEMENTS(LOSSLESS) && !known; k++)
			known = is_named(pdf, one, LOSSLESS[k][0], LOSSLESS[k][1]);
		if (!known)
			return ENCODING_OTHER;
	}
	return n <= FILTERS_MOST ? ENCODING_RASTER : ENCODING_OTHER;
}

// Components of a colour space whose values are greys or red, green and blue; 0 for any other.
static unsigned plain_components(qpdf_data pdf, qpdf_oh space)
{
	if (is_named(pdf, space, "/DeviceGray", "/G"))
		return 1;
	if (is_named(pdf, space, "/DeviceRGB", "/RGB"))
		return 3;
	if (!qpdf_oh_is_array(pdf, space) || qpdf_oh_get_array_n_items(pdf, space) < 1)
		return 0;
	qpdf_oh family = qpdf_oh_get_array_item(pdf, space, 0);
	if (qpdf_oh_get_array_n_items(pdf, space) == 1)
		return is_named(pdf, family, "/DeviceGray", "/G")    ? 1
		       : is_named(pdf, family, "/DeviceRGB", "/RGB") ? 3
								     : 0;
	if (qpdf_oh_is_name_and_equals(pdf, family, "/CalGray"))
		return 1;
	if (qpdf_oh_is_name_and_equals(pdf, family, "/CalRGB"))
		return 3;
	qpdf_oh profile = qpdf_oh_get_array_item(pdf, space, 1);
	if (!qpdf_oh_is_name_and_equals(pdf, family, "/ICCBased") || !qpdf_oh_is_stream(pdf, profile))
		return 0;
	double n = pdf_number(pdf, qpdf_oh_get_dict(pdf, profile), "/N", 0);
	return n == 1 ? 1 : n == 3 ? 3 : 0;
}

static bool get_data(qpdf_data pdf, qpdf_oh stream, enum qpdf_stream_decode_level_e level, struct raw *raw)
{
	QPDF_BOOL filtered = QPDF_FALSE;
	QPDF_ERROR_CODE code = qpdf_oh_get_stream_data(pdf, stream, level, &filtered, &raw->bytes, &raw->size);
	return !(code & QPDF_ERRORS) && raw->bytes && (level == qpdf_dl_none || filtered);
}

// The colours of an indexed space as greys. False if they cannot be had.
static bool read_palette(qpdf_data pdf, qpdf_oh space, struct samples *samples)
{
	unsigned n = plain_components(pdf, qpdf_oh_get_array_item(pdf, space, 1));
	qpdf_oh most = qpdf_oh_get_array_item(pdf, space, 2), lookup = qpdf_oh_get_array_item(pdf, space, 3);
	int last = qpdf_oh_is_integer(pdf, most) ? qpdf_oh_get_int_value_as_int(pdf, most) : -1;
	struct raw raw = {0};
	const uint8_t *colours = NULL;
	if (qpdf_oh_is_string(pdf, lookup))
		colours = (const uint8_t *)qpdf_oh_get_binary_string_value(pdf, lookup, &raw.size);
	else if (qpdf_oh_is_stream(pdf, lookup) && get_data(pdf, lookup, qpdf_dl_specialized, &raw))
		colours = raw.bytes;
	bool complete = n > 0 && last >= 0 && last <= 255 && colours && raw.size >= ((size_t)last + 1) * n;
	for (size_t i = 0; complete && i <= (size_t)last; i++) {
		const uint8_t *c = colours + i * n;
		samples->table[0][i] = n == 1 ? c[0] : format_luma(c[0], c[1], c[2]);
	}
	free(raw.bytes);
	return complete;
}

// The tables for a direct colour space, from its Decode array. False if that makes no sense.
static bool fill_tables(qpdf_data pdf, qpdf_oh decode, struct samples *samples)
{
	bool given = qpdf_oh_is_array(pdf, decode);
	if (given && qpdf_oh_get_array_n_items(pdf, decode) != (int)samples->components * 2)
		return false;
	const unsigned most = (1u << samples->bits) - 1;
	for (unsigned c = 0; c < samples->components; c++) {
		double range[2] = {0, 1};
		for (int i = 0; i < 2 && given; i++) {
			qpdf_oh value = qpdf_oh_get_array_item(pdf, decode, (int)c * 2 + i);
			if (!qpdf_oh_is_number(pdf, value))
				return false;
			range[i] = qpdf_oh_get_numeric_value(pdf, value);
		}
		for (unsigned v = 0; v <= most; v++) {
			double x = range[0] + v * (range[1] - range[0]) / most;
			samples->table[c][v] = (uint8_t)(CLAMP(x, 0.0, 1.0) * 255 + 0.5);
		}
	}
	return true;
}

// What the samples mean. False if it is not for us.
static bool read_meaning(qpdf_data pdf, qpdf_oh dictionary, bool black, struct samples *samples)
{
	qpdf_oh decode = qpdf_oh_get_key(pdf, dictionary, "/Decode");
	qpdf_oh space = qpdf_oh_get_key(pdf, dictionary, "/ColorSpace");
	if (get_bool(pdf, dictionary, "/ImageMask", false)) {
		// Where the stencil is 0, black is painted on white: just the greys of a bilevel image.
		samples->components = samples->bits = 1;
		return black && fill_tables(pdf, decode, samples);
	}
	if (qpdf_oh_is_array(pdf, space) && qpdf_oh_get_array_n_items(pdf, space) == 4 &&
		is_named(pdf, qpdf_oh_get_array_item(pdf, space, 0), "/Indexed", "/I")) {
		samples->components = 1;
		samples->indexed = true;
		return qpdf_oh_is_null(pdf, decode) && read_palette(pdf, space, samples);
	}
	samples->components = plain_components(pdf, space);
	return samples->components > 0 && fill_tables(pdf, decode, samples);
}

// Gives every pixel what the table says, which most often is what it was.
static void change_greys(struct page_image *image, const uint8_t table[256])
{
	bool same = true;
	for (unsigned v = 0; v < 256; v++)
		same &= table[v] == v;
	for (size_t i = 0; !same && i < (size_t)image->width_px * (size_t)image->height_px; i++)
		image->pixels[i] = table[image->pixels[i]];
}

static struct page_image *read_jpeg(const struct raw *raw, const struct samples *samples, bool plain,
	const struct scan_limits *limits, GError **error)
{
	// Turning colours round is left to rendering; greys are turned here.
	if (samples->indexed || samples->bits != 8 || (samples->components != 1 && !plain))
		return NULL;
	const struct scan_source source = {raw->bytes, raw->size, *limits};
	GError *problem = NULL;
	struct page_image *image = format_jpeg_as_stored(&source, &problem);
	if (g_error_matches(problem, SCAN_ERROR, SCAN_ERROR_DAMAGED)) {
		g_clear_error(&problem);
		set_damaged(&problem);
	}
	if (problem)
		g_propagate_error(error, problem);
	if (image)
		change_greys(image, samples->table[0]);
	return image;
}

static void put_entry(GByteArray *tiff, uint16_t tag, uint32_t value)
{
	const uint16_t head[2] = {GUINT16_TO_LE(tag), GUINT16_TO_LE(4)}; // 4: a 32-bit number
	const uint32_t tail[2] = {GUINT32_TO_LE(1), GUINT32_TO_LE(value)};
	g_byte_array_append(tiff, (const guint8 *)head, sizeof head);
	g_byte_array_append(tiff, (const guint8 *)tail, sizeof tail);
}

// A TIFF file of one strip, in which white is 0 as in a fax.
static GByteArray *wrap_fax(const struct raw *raw, const struct samples *samples, int k)
{
	enum { ENTRIES = 9, HEAD = 8 + 2 + ENTRIES * 12 + 4 };
	GByteArray *tiff = g_byte_array_sized_new((guint)raw->size + HEAD);
	g_byte_array_append(tiff, (const guint8 *)"II*\0\x08\0\0\0\x09\0", 10);
	put_entry(tiff, 256, samples->width);
	put_entry(tiff, 257, samples->height);
	put_entry(tiff, 258, 1);             // bits
	put_entry(tiff, 259, k < 0 ? 4 : 3); // Group 4 or 3
	put_entry(tiff, 262, 0);             // white is 0
	put_entry(tiff, 273, HEAD);          // where the strip is
	put_entry(tiff, 278, samples->height);
	put_entry(tiff, 279, (uint32_t)raw->size);
	put_entry(tiff, 292 + (k < 0), k > 0); // T4Options: rows refer to the one before; or T6Options
	g_byte_array_append(tiff, (const guint8 *)"\0\0\0\0", 4);
	g_byte_array_append(tiff, raw->bytes, (guint)raw->size);
	return tiff;
}

static struct page_image *read_fax(qpdf_data pdf, qpdf_oh dictionary, const struct raw *raw,
	const struct samples *samples, const struct scan_limits *limits, GError **error)
{
	qpdf_oh parameters = single(pdf, qpdf_oh_get_key(pdf, dictionary, "/DecodeParms"));
	double k = pdf_number(pdf, parameters, "/K", 0);
	// libtiff needs the ends of lines that Group 3 may leave out in a PDF.
	if (samples->bits != 1 || samples->components != 1 || raw->size > G_MAXINT32 ||
		get_bool(pdf, parameters, "/EncodedByteAlign", false) ||
		(k >= 0 && !get_bool(pdf, parameters, "/EndOfLine", false)) ||
		pdf_number(pdf, parameters, "/Columns", 1728) != samples->width)
		return NULL;
	g_autoptr(GByteArray) tiff = wrap_fax(raw, samples, k < 0 ? -1 : k > 0 ? 1 : 0);
	const struct scan_source source = {tiff->data, tiff->len, *limits};
	unsigned pages;
	GError *problem = NULL;
	void *state = format_tiff.open(&source, &pages, &problem);
	struct page_image *image = state ? format_tiff.decode(&source, state, 0, &problem) : NULL;
	if (state)
		format_tiff.close(state);
	if (g_error_matches(problem, SCAN_ERROR, SCAN_ERROR_DAMAGED)) {
		g_clear_error(&problem);
		set_damaged(&problem);
	}
	if (problem)
		g_propagate_error(error, problem);
	// White and black in the PDF's colours, and what lies between where pixels are means.
	const bool black_is_1 = get_bool(pdf, parameters, "/BlackIs1", false);
	const unsigned white = samples->table[0][!black_is_1], black = samples->table[0][black_is_1];
	uint8_t table[256];
	for (unsigned v = 0; v < 256; v++)
		table[v] = (uint8_t)((white * v + black * (255 - v) + 127) / 255);
	if (image)
		change_greys(image, table);
	return image;
}

static void raster_row(const struct samples *samples, const uint8_t *in, uint8_t *out)
{
	const unsigned bits = samples->bits, most = (1u << bits) - 1, n = samples->components;
	for (unsigned x = 0; x < samples->width; x++) {
		uint8_t value[COMPONENTS_MOST] = {0};
		for (unsigned c = 0; c < n; c++) {
			size_t at = ((size_t)x * n + c) * bits;
			value[c] = samples->table[c][in[at / 8] >> (8 - bits - at % 8) & most];
		}
		out[x] = n == 1 ? value[0] : format_luma(value[0], value[1], value[2]);
	}
}

// A row of the commonest kind: a byte a pixel.
static void grey_row(const struct samples *samples, const uint8_t *restrict in, uint8_t *restrict out)
{
	for (unsigned x = 0; x < samples->width; x++)
		out[x] = samples->table[0][in[x]];
}

static struct page_image *read_raster(
	const struct raw *raw, const struct samples *samples, const struct scan_limits *limits, GError **error)
{
	size_t row = ((size_t)samples->width * samples->components * samples->bits + 7) / 8;
	if (raw->size < row * samples->height) {
		set_damaged(error);
		return NULL;
	}
	struct row_sink sink;
	bool room = row_sink_init(&sink, samples->width, samples->height, 1, limits, error);
	const bool single_component = samples->components == 1;
	const bool bilevel = single_component && samples->bits == 1 &&
			     (samples->table[0][0] ^ samples->table[0][1]) == 255 && samples->table[0][0] % 255 == 0;
	for (unsigned y = 0; room && y < samples->height; y++) {
		const uint8_t *in = raw->bytes + y * row;
		if (bilevel) {
			row_sink_put_bits(&sink, in, samples->table[0][0] == 255);
			continue;
		}
		if (single_component && samples->bits == 8)
			grey_row(samples, in, row_sink_place(&sink));
		else
			raster_row(samples, in, row_sink_place(&sink));
		row_sink_put(&sink);
	}
	struct page_image *image = room ? row_sink_take(&sink) : NULL;
	row_sink_clear(&sink);
	return image;
}

static bool can_unpack(qpdf_data pdf, qpdf_oh image)
{
	QPDF_BOOL filtered = QPDF_FALSE;
	qpdf_oh_get_stream_data(pdf, image, qpdf_dl_specialized, &filtered, NULL, NULL);
	return filtered;
}

// What is laid over an image, or lets it be seen in part.
static bool is_masked(qpdf_data pdf, qpdf_oh dictionary)
{
	static const char *const KEYS[] = {"/SMask", "/Mask", "/OC", "/SMaskInData"};
	for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++)
		if (qpdf_oh_has_key(pdf, dictionary, KEYS[i]))
			return true;
	return false;
}

// What the dictionary says of size and depth. False if it makes no sense.
static bool read_shape(qpdf_data pdf, qpdf_oh dictionary, struct samples *samples)
{
	double width = pdf_number(pdf, dictionary, "/Width", 0), height = pdf_number(pdf, dictionary, "/Height", 0);
	double bits = pdf_number(pdf, dictionary, "/BitsPerComponent", 1);
	if (!(width >= 1 && height >= 1 && width <= G_MAXINT32 && height <= G_MAXINT32) ||
		(bits != 1 && bits != 2 && bits != 4 && bits != 8))
		return false;
	*samples = (struct samples){.width = (unsigned)width, .height = (unsigned)height, .bits = (unsigned)bits};
	return true;
}

// The image's stream, unpacked for a raster and as it lies there otherwise. False if it is damaged. bytes are to be
// freed in any case.
static bool read_stream(qpdf_data pdf, qpdf_oh image, enum encoding encoding, struct raw *raw)
{
	pdf_complaints(pdf);
	bool whole = get_data(pdf, image, encoding == ENCODING_RASTER ? qpdf_dl_specialized : qpdf_dl_none, raw);
	bool complaints = pdf_complaints(pdf);
	// A JPEG says itself where it ends.
	return whole && (!complaints || encoding == ENCODING_JPEG);
}

static enum encoding encoding_of(qpdf_data pdf, qpdf_oh image)
{
	enum encoding encoding = find_encoding(pdf, qpdf_oh_get_dict(pdf, image));
	return encoding == ENCODING_RASTER && !can_unpack(pdf, image) ? ENCODING_OTHER : encoding;
}

// Samples mean what they usually do.
static bool is_plain(qpdf_data pdf, qpdf_oh dictionary)
{
	return qpdf_oh_is_null(pdf, qpdf_oh_get_key(pdf, dictionary, "/Decode")) &&
	       qpdf_oh_is_null(pdf, qpdf_oh_get_key(pdf, dictionary, "/DecodeParms"));
}

GBytes *pdf_image_jpeg(qpdf_data pdf, qpdf_oh image)
{
	qpdf_oh dictionary = qpdf_oh_get_dict(pdf, image);
	struct samples samples;
	if (!read_shape(pdf, dictionary, &samples) || is_masked(pdf, dictionary) || !is_plain(pdf, dictionary) ||
		find_encoding(pdf, dictionary) != ENCODING_JPEG || !read_meaning(pdf, dictionary, false, &samples) ||
		samples.indexed || samples.bits != 8)
		return NULL;
	struct raw raw = {0};
	GBytes *bytes = read_stream(pdf, image, ENCODING_JPEG, &raw) ? g_bytes_new(raw.bytes, raw.size) : NULL;
	free(raw.bytes);
	return bytes;
}

struct page_image *pdf_image_read(
	qpdf_data pdf, qpdf_oh image, bool black, const struct scan_limits *limits, GError **error)
{
	qpdf_oh dictionary = qpdf_oh_get_dict(pdf, image);
	struct samples samples;
	if (!read_shape(pdf, dictionary, &samples) || is_masked(pdf, dictionary))
		return NULL;
	if (!format_size_allowed(samples.width, samples.height, limits, error))
		return NULL;
	enum encoding encoding = encoding_of(pdf, image);
	if (encoding == ENCODING_OTHER || !read_meaning(pdf, dictionary, black, &samples))
		return NULL;
	bool plain = is_plain(pdf, dictionary);
	struct raw raw = {0};
	struct page_image *result = NULL;
	if (!read_stream(pdf, image, encoding, &raw))
		set_damaged(error);
	else if (encoding == ENCODING_JPEG)
		result = read_jpeg(&raw, &samples, plain, limits, error);
	else if (encoding == ENCODING_FAX)
		result = read_fax(pdf, dictionary, &raw, &samples, limits, error);
	else
		result = read_raster(&raw, &samples, limits, error);
	free(raw.bytes);
	return result;
}

bool pdf_image_is_sound(qpdf_data pdf, qpdf_oh image, const struct scan_limits *limits)
{
	qpdf_oh dictionary = qpdf_oh_get_dict(pdf, image);
	struct samples samples;
	enum encoding encoding = encoding_of(pdf, image);
	if (encoding == ENCODING_OTHER || !read_shape(pdf, dictionary, &samples) ||
		!format_size_allowed(samples.width, samples.height, limits, NULL))
		return true;
	if (!read_meaning(pdf, dictionary, true, &samples))
		samples.components = 1; // at least
	struct raw raw = {0};
	bool sound = read_stream(pdf, image, encoding, &raw);
	GError *error = NULL;
	struct page_image *pixels = NULL;
	if (sound && encoding == ENCODING_JPEG) {
		const struct scan_source source = {raw.bytes, raw.size, *limits};
		pixels = format_jpeg_as_stored(&source, &error);
	} else if (sound && encoding == ENCODING_FAX) {
		pixels = read_fax(pdf, dictionary, &raw, &samples, limits, &error);
	} else if (sound) {
		pixels = read_raster(&raw, &samples, limits, &error);
	}
	free(raw.bytes);
	page_image_free(pixels);
	sound = sound && !g_error_matches(error, SCAN_ERROR, SCAN_ERROR_DAMAGED);
	g_clear_error(&error);
	return sound;
}
