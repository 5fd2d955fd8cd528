// SPDX-License-Identifier: GPL-3.0-or-later
// Chunks: PNG specification, third edition, 5. Stored blocks: RFC 1951, 3.2.4; what is around them: RFC 1950, 2.2.
#include "scan/png_stored.h"

#include <glib.h>
#include <libdeflate.h>
#include <string.h>

#define SIGNATURE_BYTES 8
#define AROUND_CHUNK 12 // length, type and checksum
#define HEADER_BYTES 13 // of IHDR
#define BLOCK_MOST 65535u
#define BLOCK_HEADER 5
#define DEFLATE_MOST 1032 // bytes that one byte can stand for: 258 by two bits

// What is read one after another: from the file, the new IDAT's beginning, its blocks, its end, the rest of the file.
enum part { BEFORE, HEAD, BLOCKS, TAIL, AFTER };

struct piece {
	const uint8_t *bytes;
	size_t size;
};

struct png_stored {
	uint8_t *pixels; // with a byte of filter a row, as inflated
	size_t size;
	uint8_t head[10], tail[8]; // length, type and zlib's header; two checksums
	struct piece after;        // of the file
	uint8_t block[BLOCK_HEADER];
	// where reading stands
	enum part part;
	struct piece rest; // of what is being given out
	size_t given;      // of the pixels
	bool begun;        // a block's header is given out, its pixels are not
};

struct chunk {
	const char *type; // four letters
	const uint8_t *data;
	uint32_t size;
};

static uint32_t number_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void put_number(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static bool is(const struct chunk *chunk, const char *type)
{
	return memcmp(chunk->type, type, 4) == 0;
}

// False if there is no whole chunk there, or a critical one (of a capital letter) does not match its checksum.
static bool chunk_at(const uint8_t *bytes, size_t size, size_t at, struct chunk *chunk)
{
	if (at > size || size - at < AROUND_CHUNK)
		return false;
	*chunk = (struct chunk){(const char *)bytes + at + 4, bytes + at + 8, number_at(bytes + at)};
	if (chunk->size > size - at - AROUND_CHUNK)
		return false;
	return !g_ascii_isupper(chunk->type[0]) ||
	       libdeflate_crc32(0, bytes + at + 4, (size_t)chunk->size + 4) == number_at(chunk->data + chunk->size);
}

// How many bytes the pixels come to; 0: more than is inflated here, interlaced, or no header at all.
static size_t pixel_bytes(const struct chunk *header)
{
	static const uint8_t channels[] = {[0] = 1, [2] = 3, [3] = 1, [4] = 2, [6] = 4};
	if (!is(header, "IHDR") || header->size != HEADER_BYTES)
		return 0;
	uint64_t width = number_at(header->data), height = number_at(header->data + 4);
	unsigned depth = header->data[8], colour = header->data[9], interlaced = header->data[12];
	if (interlaced || colour >= G_N_ELEMENTS(channels) || depth > 16)
		return 0;
	uint64_t row = (width * channels[colour] * depth + 7) / 8 + 1;
	return height > 0 && row <= PNG_STORED_MOST_BYTES / height ? (size_t)(row * height) : 0;
}

// The run of IDAT chunks.
struct run {
	unsigned n;
	size_t at, end; // of the file
	size_t size;    // of their data
};

// False unless the file is whole to its end, with one run.
static bool find_run(const uint8_t *bytes, size_t size, struct run *run)
{
	struct chunk chunk;
	*run = (struct run){0};
	for (size_t at = SIGNATURE_BYTES; chunk_at(bytes, size, at, &chunk); at += AROUND_CHUNK + (size_t)chunk.size) {
		if (is(&chunk, "IEND"))
			return run->n > 0;
		if (!is(&chunk, "IDAT"))
			continue;
		if (run->n > 0 && run->end != at)
			return false;
		run->at = run->n++ ? run->at : at;
		run->end = at + AROUND_CHUNK + chunk.size;
		run->size += chunk.size;
	}
	return false;
}

// The data of a run as one; *copy is to be freed. NULL if memory is not to be had.
static const uint8_t *data_of(const uint8_t *bytes, const struct run *run, uint8_t **copy)
{
	*copy = NULL;
	if (run->n == 1)
		return bytes + run->at + 8;
	*copy = g_try_malloc(run->size);
	size_t done = 0;
	for (size_t at = run->at; *copy && at < run->end;) {
		uint32_t n = number_at(bytes + at);
		memcpy(*copy + done, bytes + at + 8, n);
		done += n;
		at += AROUND_CHUNK + (size_t)n;
	}
	return *copy;
}

// Whether the run's data are exactly the pixels.
static bool inflate_all(struct png_stored *stored, const uint8_t *bytes, const struct run *run)
{
	uint8_t *copy;
	const uint8_t *data = data_of(bytes, run, &copy);
	struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
	size_t used = 0;
	stored->pixels = g_try_malloc(stored->size);
	bool good = data && decompressor && stored->pixels &&
		    libdeflate_zlib_decompress_ex(decompressor, data, run->size, stored->pixels, stored->size, &used,
			    NULL) == LIBDEFLATE_SUCCESS;
	libdeflate_free_decompressor(decompressor);
	g_free(copy);
	return good && used == run->size;
}

struct png_stored *png_stored_new(const uint8_t *bytes, size_t size)
{
	struct chunk header;
	struct run run;
	size_t pixels = chunk_at(bytes, size, SIGNATURE_BYTES, &header) ? pixel_bytes(&header) : 0;
	if (!pixels || !find_run(bytes, size, &run) || pixels / DEFLATE_MOST > run.size)
		return NULL;
	struct png_stored *stored = g_new0(struct png_stored, 1);
	stored->size = pixels;
	if (!inflate_all(stored, bytes, &run)) {
		png_stored_free(stored);
		return NULL;
	}
	size_t blocks = (pixels + BLOCK_MOST - 1) / BLOCK_MOST;
	put_number(stored->head, (uint32_t)(2 + pixels + blocks * BLOCK_HEADER + 4));
	memcpy(stored->head + 4, "IDAT\x78\x01", 6);
	stored->rest = (struct piece){bytes, run.at};
	stored->after = (struct piece){bytes + run.end, size - run.end};
	return stored;
}

void png_stored_free(struct png_stored *stored)
{
	if (!stored)
		return;
	g_free(stored->pixels);
	g_free(stored);
}

// The next piece within the blocks: a block's header, or its pixels. False after the last.
static bool next_of_blocks(struct png_stored *stored)
{
	size_t left = stored->size - stored->given;
	unsigned n = (unsigned)MIN(left, BLOCK_MOST);
	if (stored->begun) {
		stored->rest = (struct piece){stored->pixels + stored->given, n};
		stored->given += n;
		stored->begun = false;
		return true;
	}
	if (n == 0)
		return false;
	stored->block[0] = n == left; // the last one
	stored->block[1] = (uint8_t)n;
	stored->block[2] = (uint8_t)(n >> 8);
	stored->block[3] = (uint8_t)~stored->block[1];
	stored->block[4] = (uint8_t)~stored->block[2];
	stored->rest = (struct piece){stored->block, BLOCK_HEADER};
	stored->begun = true;
	return true;
}

// False after the file's last byte.
static bool next_piece(struct png_stored *stored)
{
	if (stored->part == BLOCKS && next_of_blocks(stored))
		return true;
	if (stored->part == AFTER)
		return false;
	stored->part++;
	if (stored->part == BLOCKS)
		return next_of_blocks(stored);
	stored->rest = stored->part == HEAD   ? (struct piece){stored->head, sizeof stored->head}
		       : stored->part == TAIL ? (struct piece){stored->tail, sizeof stored->tail}
					      : stored->after;
	return true;
}

bool png_stored_read(struct png_stored *stored, uint8_t *out, size_t n)
{
	while (n > 0) {
		if (stored->rest.size == 0 && !next_piece(stored))
			return false;
		size_t now = MIN(n, stored->rest.size);
		memcpy(out, stored->rest.bytes, now);
		stored->rest.bytes += now;
		stored->rest.size -= now;
		out += now;
		n -= now;
	}
	return true;
}
