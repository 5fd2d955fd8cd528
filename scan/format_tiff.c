// SPDX-License-Identifier: GPL-3.0-or-later
// TIFF by libtiff, from memory. Opening walks the directories once and notes where those stand that are pages; a page
// is decoded from there. Bilevel and grey are unpacked here, strip by strip, so that they stay exact; all else is
// brought to red, green and blue by libtiff, a band of rows at a time. libtiff only warns where a fax strip ends early
// or a JPEG is cut off: while pixels are read, a warning makes the page damaged. While a directory is read, it speaks
// of tags that we do not need.
//
// A directory that is broken is a page that is damaged. Where the list itself breaks off or runs in circles, nobody
// knows how many pages are lost: one more page, always damaged, says so.
#include "scan/format.h"

#include <string.h>
#include <tiffio.h>

#include "scan/orientation.h"
#include "scan/row_sink.h"

// A stack of 500 sheets, both sides, five times over.
#define DIRECTORIES_MOST 5000u
// Of one strip, tile or band of rows, unpacked.
#define BUFFER_MOST_BYTES (400l * 1024 * 1024)
#define SAMPLES_MOST 8
// Red, green and blue are fetched about so many pixels at a time.
#define BAND_PIXELS (1024 * 1024)

enum page_kind { PAGE_SOUND, PAGE_BROKEN, PAGE_LIST_ENDS };

struct tiff_page {
	toff_t at; // of its directory
	enum page_kind kind;
};

struct tiff_reader {
	const struct scan_source *source;
	TIFF *tiff;
	toff_t at;
	bool failed, warned; // since last cleared
	GArray *pages;       // struct tiff_page
};

// What a page is made of, as its tags say.
struct tiff_shape {
	uint32_t width, height;
	uint16_t bits, samples, photometric, compression, orientation;
	bool tiled;
};

static bool probe(const uint8_t *bytes, size_t size)
{
	static const char MAGIC[][5] = {"II*\0", "MM\0*", "II+\0", "MM\0+"};
	for (size_t i = 0; i < G_N_ELEMENTS(MAGIC); i++)
		if (size >= 4 && memcmp(bytes, MAGIC[i], 4) == 0)
			return true;
	return false;
}

static tmsize_t on_read(thandle_t handle, void *out, tmsize_t n)
{
	struct tiff_reader *reader = handle;
	const struct scan_source *source = reader->source;
	if (n < 0 || reader->at >= source->size)
		return 0;
	size_t got = MIN((size_t)n, source->size - (size_t)reader->at);
	memcpy(out, source->bytes + reader->at, got);
	reader->at += got;
	return (tmsize_t)got;
}

static tmsize_t on_write(thandle_t handle, void *bytes, tmsize_t n)
{
	(void)handle;
	(void)bytes;
	(void)n;
	return 0;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence)
{
	struct tiff_reader *reader = handle;
	if (whence == SEEK_CUR)
		offset += reader->at;
	else if (whence == SEEK_END)
		offset += reader->source->size;
	return reader->at = offset;
}

static int on_close(thandle_t handle)
{
	(void)handle;
	return 0;
}

static toff_t on_size(thandle_t handle)
{
	const struct tiff_reader *reader = handle;
	return reader->source->size;
}

static int on_map(thandle_t handle, void **base, toff_t *size)
{
	const struct tiff_reader *reader = handle;
	*base = (void *)reader->source->bytes;
	*size = reader->source->size;
	return 1;
}

static void on_unmap(thandle_t handle, void *base, toff_t size)
{
	(void)handle;
	(void)base;
	(void)size;
}

static int on_error(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments)
{
	struct tiff_reader *reader = data;
	(void)tiff;
	(void)module;
	(void)format;
	(void)arguments;
	reader->failed = true;
	return 1; // the process-wide handler, which prints, is not asked
}

static int on_warning(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments)
{
	struct tiff_reader *reader = data;
	(void)tiff;
	(void)module;
	(void)format;
	(void)arguments;
	reader->warned = true;
	return 1;
}

static void close_reader(void *state)
{
	struct tiff_reader *reader = state;
	if (reader->tiff)
		TIFFClose(reader->tiff);
	g_array_unref(reader->pages);
	g_free(reader);
}

// Reads the file's head and no directory yet.
static struct tiff_reader *open_reader(const struct scan_source *source)
{
	struct tiff_reader *reader = g_new0(struct tiff_reader, 1);
	reader->source = source;
	reader->pages = g_array_new(FALSE, FALSE, sizeof(struct tiff_page));
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	TIFFOpenOptionsSetMaxSingleMemAlloc(options, BUFFER_MOST_BYTES);
	TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, reader);
	TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, reader);
	reader->tiff = TIFFClientOpenExt(
		"scan", "rh", reader, on_read, on_write, on_seek, on_close, on_size, on_map, on_unmap, options);
	TIFFOpenOptionsFree(options);
	return reader;
}

// A smaller copy of a page, or a mask of one.
static bool is_beside_a_page(TIFF *tiff)
{
	uint32_t kind = 0;
	if (TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind))
		return kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK);
	uint16_t old_kind = 0;
	return TIFFGetField(tiff, TIFFTAG_OSUBFILETYPE, &old_kind) && old_kind == OFILETYPE_REDUCEDIMAGE;
}

static void add_page(GArray *pages, toff_t at, enum page_kind kind)
{
	const struct tiff_page page = {at, kind};
	g_array_append_val(pages, page);
}

static bool seen_before(GHashTable *seen, toff_t at)
{
	return !g_hash_table_add(seen, g_memdup2(&at, sizeof at));
}

// Whether the file reaches to the end of a directory, where the place of the next one stands; libtiff takes a missing
// one for the end of the list.
static bool directory_is_whole(const struct tiff_reader *reader, toff_t at)
{
	const uint8_t *bytes = reader->source->bytes;
	const size_t size = reader->source->size;
	const bool big_endian = bytes[0] == 'M', big_tiff = bytes[big_endian ? 3 : 2] == 43;
	const size_t count_bytes = big_tiff ? 8 : 2, entry_bytes = big_tiff ? 20 : 12, next_bytes = big_tiff ? 8 : 4;
	if (at > size || size - at < count_bytes + next_bytes)
		return false;
	uint64_t entries = 0;
	for (size_t i = 0; i < count_bytes; i++)
		entries = entries << 8 | bytes[at + (big_endian ? i : count_bytes - 1 - i)];
	return entries <= (size - at - count_bytes - next_bytes) / entry_bytes;
}

// Notes every page. Copies and masks are pages only where there is nothing else: then somebody's tags are wrong.
static void find_pages(struct tiff_reader *reader)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GArray) beside = g_array_new(FALSE, FALSE, sizeof(struct tiff_page));
	bool ends_well = false;
	for (unsigned i = 0; i < DIRECTORIES_MOST && !ends_well; i++) {
		reader->failed = false;
		bool sound = TIFFReadDirectory(reader->tiff);
		toff_t at = TIFFCurrentDirOffset(reader->tiff);
		if ((!sound && !reader->failed) || seen_before(seen, at))
			break;
		bool copy = sound && is_beside_a_page(reader->tiff);
		add_page(copy ? beside : reader->pages, at, sound ? PAGE_SOUND : PAGE_BROKEN);
		ends_well = TIFFLastDirectory(reader->tiff) && directory_is_whole(reader, at);
		if (TIFFLastDirectory(reader->tiff))
			break;
	}
	if (reader->pages->len == 0)
		g_array_append_vals(reader->pages, beside->data, beside->len);
	if (!ends_well)
		add_page(reader->pages, 0, PAGE_LIST_ENDS);
}

static void *open_tiff(const struct scan_source *source, unsigned *pages, GError **error)
{
	struct tiff_reader *reader = open_reader(source);
	if (reader->tiff)
		find_pages(reader);
	*pages = reader->pages->len;
	if (*pages > 0 && g_array_index(reader->pages, struct tiff_page, 0).kind != PAGE_LIST_ENDS)
		return reader;
	close_reader(reader);
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED, "the TIFF file is cut off or damaged; scan the pages again");
	return NULL;
}

static void set_damaged(GError **error)
{
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED,
		"this page of the TIFF file is cut off or damaged; scan it again");
}

static void set_unreadable(GError **error)
{
	g_set_error(error, SCAN_ERROR, SCAN_ERROR_UNREADABLE,
		"this kind of TIFF cannot be read; scan to a TIFF with G4, LZW, Deflate or JPEG compression");
}

static bool compression_is_known(uint16_t compression)
{
	static const uint16_t KNOWN[] = {COMPRESSION_NONE, COMPRESSION_CCITTRLE, COMPRESSION_CCITTFAX3,
		COMPRESSION_CCITTFAX4, COMPRESSION_LZW, COMPRESSION_JPEG, COMPRESSION_ADOBE_DEFLATE,
		COMPRESSION_PACKBITS, COMPRESSION_CCITTRLEW, COMPRESSION_DEFLATE};
	for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++)
		if (compression == KNOWN[i])
			return true;
	return false;
}

static bool is_fax(const struct tiff_shape *shape)
{
	return shape->bits == 1 && shape->compression != COMPRESSION_NONE &&
	       (shape->compression <= COMPRESSION_CCITTFAX4 || shape->compression == COMPRESSION_CCITTRLEW);
}

static bool is_grey(const struct tiff_shape *shape)
{
	return shape->samples == 1 &&
	       (shape->photometric == PHOTOMETRIC_MINISBLACK || shape->photometric == PHOTOMETRIC_MINISWHITE);
}

// False with error set if the directory at hand describes no page that we read, or one too large.
static bool read_shape(TIFF *tiff, const struct scan_limits *limits, struct tiff_shape *shape, GError **error)
{
	uint16_t format = SAMPLEFORMAT_UINT;
	*shape = (struct tiff_shape){.tiled = TIFFIsTiled(tiff)};
	TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &shape->width);
	TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &shape->height);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &shape->bits);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &shape->samples);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &shape->compression);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &shape->orientation);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
	if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &shape->photometric))
		shape->photometric = PHOTOMETRIC_MINISWHITE; // fax programs leave it out
	if (!format_size_allowed(shape->width, shape->height, limits, error))
		return false;
	const uint16_t bits = shape->bits;
	bool known = bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
	known = known && shape->samples >= 1 && shape->samples <= SAMPLES_MOST &&
		(format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID) &&
		compression_is_known(shape->compression);
	// Fax codes are told from damage only where we unpack them ourselves.
	if (known && (!is_fax(shape) || is_grey(shape)))
		return true;
	set_unreadable(error);
	return false;
}

// One row of 1- to 16-bit samples to 8 bits; 16 bits are in the machine's order by then.
static void unpack_row(const struct tiff_shape *shape, const uint8_t *in, uint32_t n, uint8_t *out)
{
	const unsigned bits = shape->bits, most = (1u << MIN(bits, 8)) - 1;
	const uint8_t flip = shape->photometric == PHOTOMETRIC_MINISWHITE ? 255 : 0;
	for (uint32_t x = 0; x < n && bits == 8; x++)
		out[x] = in[x] ^ flip;
	for (uint32_t x = 0; x < n && bits != 8; x++) {
		unsigned value;
		if (bits == 16) {
			uint16_t wide;
			memcpy(&wide, in + (size_t)x * 2, 2);
			value = (wide * 255u + 32895) >> 16; // rounds wide / 257
		} else {
			unsigned at = x * bits;
			value = (in[at / 8] >> (8 - bits - at % 8) & most) * (255 / most);
		}
		out[x] = (uint8_t)(value ^ flip);
	}
}

// A fax strip that says that it ends before all its rows came does so without a warning, and libtiff leaves the rest of
// the buffer as it was. So a last row that reads as the buffer was filled before is read again over other bytes.
static bool read_chunk(TIFF *tiff, const struct tiff_shape *shape, uint32_t chunk, uint8_t *buffer, tmsize_t size,
	size_t last_row, size_t row_bytes)
{
	static const uint8_t FILLS[] = {0xaa, 0x55};
	for (size_t i = 0; i < G_N_ELEMENTS(FILLS); i++) {
		memset(buffer, FILLS[i], (size_t)size);
		tmsize_t got = shape->tiled ? TIFFReadEncodedTile(tiff, chunk, buffer, size)
					    : TIFFReadEncodedStrip(tiff, chunk, buffer, size);
		if (got < 0)
			return false;
		bool untouched = is_fax(shape);
		for (size_t k = 0; k < row_bytes && untouched; k++)
			untouched = buffer[last_row * row_bytes + k] == FILLS[i];
		if (!untouched)
			return true;
	}
	return false;
}

// How strips or tiles lie in a page.
struct tiff_chunks {
	uint32_t wide, high;
	uint64_t size, row_bytes;
	uint8_t *buffer; // for one
};

// False if they make no sense or memory is not to be had. The caller frees the buffer.
static bool find_chunks(TIFF *tiff, const struct tiff_shape *shape, struct tiff_chunks *chunks)
{
	*chunks = (struct tiff_chunks){.wide = shape->width, .high = shape->height};
	if (shape->tiled) {
		TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &chunks->wide);
		TIFFGetField(tiff, TIFFTAG_TILELENGTH, &chunks->high);
	} else {
		TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &chunks->high);
		chunks->high = MIN(chunks->high, shape->height);
	}
	chunks->size = shape->tiled ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff);
	chunks->row_bytes = ((uint64_t)chunks->wide * shape->bits + 7) / 8;
	bool sane = chunks->wide > 0 && chunks->high > 0 && chunks->size <= BUFFER_MOST_BYTES &&
		    chunks->row_bytes * chunks->high <= chunks->size;
	chunks->buffer = sane ? g_try_malloc(chunks->size) : NULL;
	return chunks->buffer != NULL;
}

// Bilevel and grey in strips: row by row into the page.
static void read_strips(struct tiff_reader *reader, const struct tiff_shape *shape, const struct tiff_chunks *chunks,
	struct row_sink *sink)
{
	uint32_t strip = 0;
	for (uint32_t y = 0; y < shape->height && !reader->failed; y += chunks->high, strip++) {
		// The last strip may be coded shorter than the others.
		uint32_t rows = MIN(chunks->high, shape->height - y);
		reader->failed |= !read_chunk(reader->tiff, shape, strip, chunks->buffer,
			(tmsize_t)(chunks->row_bytes * rows), rows - 1, chunks->row_bytes);
		for (uint32_t i = 0; i < rows && !reader->failed; i++) {
			const uint8_t *row = chunks->buffer + i * chunks->row_bytes;
			if (shape->bits == 1) {
				row_sink_put_bits(sink, row, shape->photometric == PHOTOMETRIC_MINISWHITE);
				continue;
			}
			unpack_row(shape, row, shape->width, row_sink_place(sink));
			row_sink_put(sink);
		}
	}
}

// The same in tiles: a line of them first, then row by row.
static void read_tiles(struct tiff_reader *reader, const struct tiff_shape *shape, const struct tiff_chunks *chunks,
	struct row_sink *sink)
{
	const uint32_t most_rows = MIN(chunks->high, shape->height);
	g_autofree uint8_t *line = g_try_malloc_n(most_rows, shape->width);
	reader->failed |= !line;
	uint32_t tile = 0;
	for (uint32_t y = 0; y < shape->height && !reader->failed; y += chunks->high) {
		uint32_t rows = MIN(chunks->high, shape->height - y);
		for (uint32_t x = 0; x < shape->width && !reader->failed; x += chunks->wide, tile++) {
			uint32_t columns = MIN(chunks->wide, shape->width - x);
			reader->failed |= !read_chunk(reader->tiff, shape, tile, chunks->buffer, (tmsize_t)chunks->size,
				rows - 1, chunks->row_bytes);
			for (uint32_t i = 0; i < rows && !reader->failed; i++)
				unpack_row(shape, chunks->buffer + i * chunks->row_bytes, columns,
					line + (size_t)i * shape->width + x);
		}
		for (uint32_t i = 0; i < rows && !reader->failed; i++) {
			memcpy(row_sink_place(sink), line + (size_t)i * shape->width, shape->width);
			row_sink_put(sink);
		}
	}
}

static void read_grey(struct tiff_reader *reader, const struct tiff_shape *shape, struct row_sink *sink)
{
	struct tiff_chunks chunks;
	if (!find_chunks(reader->tiff, shape, &chunks))
		reader->failed = true;
	else if (shape->tiled)
		read_tiles(reader, shape, &chunks, sink);
	else
		read_strips(reader, shape, &chunks, sink);
	g_free(chunks.buffer);
}

// How many rows to fetch at once: whole strips or tiles, since each is decoded anew for each band that it lies in.
static uint32_t band_rows(TIFF *tiff, const struct tiff_shape *shape)
{
	uint32_t unit = shape->height;
	if (shape->tiled)
		TIFFGetField(tiff, TIFFTAG_TILELENGTH, &unit);
	else
		TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &unit);
	unit = CLAMP(unit, 1, shape->height);
	uint32_t units = MAX(1, (uint32_t)(BAND_PIXELS / ((uint64_t)unit * shape->width)));
	return MIN(unit * units, shape->height);
}

// Transparent pixels come multiplied by their opacity; under them is white paper.
static void pixels_to_grey(const uint32_t *in, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++) {
		unsigned under = 255 - TIFFGetA(in[i]);
		unsigned grey = format_luma(TIFFGetR(in[i]), TIFFGetG(in[i]), TIFFGetB(in[i]));
		out[i] = (uint8_t)MIN(255, grey + under);
	}
}

// Everything else, by way of libtiff's own conversion. False with error set if there is none for this page.
static bool read_colour(
	struct tiff_reader *reader, const struct tiff_shape *shape, struct row_sink *sink, GError **error)
{
	char message[1024];
	TIFFRGBAImage rgba;
	uint64_t unit = shape->tiled ? TIFFTileSize64(reader->tiff) : TIFFStripSize64(reader->tiff);
	if (unit > BUFFER_MOST_BYTES || !TIFFRGBAImageOK(reader->tiff, message) ||
		!TIFFRGBAImageBegin(&rgba, reader->tiff, 1, message)) {
		set_unreadable(error);
		return false;
	}
	rgba.orientation = rgba.req_orientation = ORIENTATION_TOPLEFT; // turned later, by us
	const uint32_t band = band_rows(reader->tiff, shape);
	g_autofree uint32_t *pixels = g_try_new0(uint32_t, (gsize)band * shape->width);
	reader->failed |= !pixels;
	for (uint32_t y = 0; y < shape->height && !reader->failed; y += band) {
		const uint32_t rows = MIN(band, shape->height - y);
		rgba.row_offset = (int)y;
		rgba.col_offset = 0;
		reader->failed |= !TIFFRGBAImageGet(&rgba, pixels, shape->width, rows);
		for (uint32_t i = 0; i < rows; i++) {
			pixels_to_grey(pixels + (size_t)i * shape->width, shape->width, row_sink_place(sink));
			row_sink_put(sink);
		}
	}
	TIFFRGBAImageEnd(&rgba);
	return true;
}

static struct page_image *read_pixels(
	struct tiff_reader *reader, const struct tiff_shape *shape, struct row_sink *sink, GError **error)
{
	reader->failed = reader->warned = false;
	if (is_grey(shape))
		read_grey(reader, shape, sink);
	else if (!read_colour(reader, shape, sink, error))
		return NULL;
	if (reader->failed || reader->warned) {
		set_damaged(error);
		return NULL;
	}
	struct page_image *image = orientation_apply(row_sink_take(sink), shape->orientation);
	if (!image)
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_TOO_LARGE, "not enough memory for this image");
	return image;
}

static struct page_image *read_page(struct tiff_reader *reader, GError **error)
{
	struct tiff_shape shape;
	if (!read_shape(reader->tiff, &reader->source->limits, &shape, error))
		return NULL;
	struct row_sink sink;
	bool room = row_sink_init(&sink, shape.width, shape.height, 1, &reader->source->limits, error);
	struct page_image *image = room ? read_pixels(reader, &shape, &sink, error) : NULL;
	row_sink_clear(&sink);
	return image;
}

static struct page_image *decode(const struct scan_source *source, void *state, unsigned index, GError **error)
{
	(void)source;
	struct tiff_reader *reader = state;
	const struct tiff_page *page = &g_array_index(reader->pages, struct tiff_page, index);
	if (page->kind == PAGE_LIST_ENDS) {
		g_set_error(error, SCAN_ERROR, SCAN_ERROR_DAMAGED,
			"the TIFF file is cut off or damaged after %u pages: pages may be missing", index);
		return NULL;
	}
	if (page->kind == PAGE_SOUND && TIFFSetSubDirectory(reader->tiff, page->at))
		return read_page(reader, error);
	set_damaged(error);
	return NULL;
}

const struct scan_format format_tiff = {
	.name = "TIFF", .probe = probe, .open = open_tiff, .decode = decode, .close = close_reader};
