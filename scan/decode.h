// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of a scan file to grey page images: the format is found by content, never by file name. Knows formats; never
// opens a file, so it can run in a caged worker.
#ifndef SHEAF_SCAN_DECODE_H
#define SHEAF_SCAN_DECODE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan/page_image.h"

#define SCAN_ERROR (g_quark_from_static_string("sheaf-scan"))

enum scan_error {
	SCAN_ERROR_UNREADABLE, // not a format that we read, or nothing can be decoded
	SCAN_ERROR_DAMAGED,    // cut off or corrupt: the decoder warned, so no pixel of it is trusted
	SCAN_ERROR_TOO_LARGE,  // beyond the limits; nothing was allocated
	SCAN_ERROR_UNPREPARED, // a PDF page that has to be drawn, where what draws is not at hand
};

struct scan_limits {
	int64_t max_pixels; // width times height of one page
	int max_side_px;    // of either side
	// What suffices along a page's longer side: it is reduced by the largest whole factor (up to
	// SCAN_MOST_REDUCTION) that leaves so many pixels, which saves much of the work. 0: pages come as they are.
	int enough_px;
};

#define SCAN_MOST_REDUCTION 16

// 600 dpi A3 and a margin; a larger page is a mistake or a bomb.
#define SCAN_LIMITS_DEFAULT ((struct scan_limits){.max_pixels = 80 * 1000 * 1000, .max_side_px = 20000})

// True if the bytes begin like a format that scan_decode reads. 16 bytes suffice.
bool scan_is_image(const uint8_t *bytes, size_t size);

// What draws PDF pages is loaded when it is first needed. Before a process gives up opening files, and with them this,
// it can be had ahead: for a file that may need it, or (bytes NULL) for any. Where it is not on this machine, such a
// page is SCAN_ERROR_UNPREPARED.
void scan_prepare(const uint8_t *bytes, size_t size);

// An opened file's pages. The bytes stay borrowed until scan_document_free.
struct scan_document;

// NULL with error set (SCAN_ERROR). Messages are one phrase for staff, without the file's name: "the JPEG file is cut
// off".
struct scan_document *scan_document_new(
	const uint8_t *bytes, size_t size, const struct scan_limits *limits, GError **error);
void scan_document_free(struct scan_document *document);            // accepts NULL
unsigned scan_document_pages(const struct scan_document *document); // at least 1

// Whether the file says that it was made by `sheaf print`: sheets to be printed, perhaps left among the scans.
#define SCAN_FORM_CREATOR "sheaf print"
bool scan_document_is_form(const struct scan_document *document);

// Decodes page index (from 0): upright by the file's own orientation tag, grey by ITU-R BT.601 luma, transparency over
// white. NULL with error set; other pages of the document can still be asked for. The caller frees the image.
struct page_image *scan_document_decode(struct scan_document *document, unsigned index, GError **error);

// The same with all its pixels, whatever suffices.
struct page_image *scan_document_decode_full(struct scan_document *document, unsigned index, GError **error);

// A page that is stored as one plain JPEG: in a JPEG file, or as all of a PDF page. For putting it into another file as
// it is; only its header is looked at.
struct scan_jpeg {
	GBytes *bytes;           // those of a JPEG file are the document's own, and live as long as these
	int width_px, height_px; // as stored, before it is turned upright
	int orientation;         // by which tag (scan/orientation.h) it is to be turned; a tag of its own says nothing
};

// False, with *jpeg untouched, if the page is stored in any other way. The caller unrefs the bytes.
bool scan_document_jpeg(struct scan_document *document, unsigned index, struct scan_jpeg *jpeg);

#endif
