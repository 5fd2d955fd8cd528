// SPDX-License-Identifier: GPL-3.0-or-later
// A page of a scan file as a JPEG to be shown: the scanner's own where there is one, as a file or in a PDF, otherwise
// made from the page's pixels. Scans are other people's files: a child process looks at them in a cage (cli/cage.h),
// and if it crashes or hangs, that page cannot be shown and nothing else happens. Knows files and processes; no sheets.
#ifndef SHEAF_CLI_PAGE_JPEG_H
#define SHEAF_CLI_PAGE_JPEG_H

#include <glib.h>
#include <stdbool.h>

#define PAGE_JPEG_ERROR (g_quark_from_static_string("sheaf-page-jpeg"))

struct page_jpeg {
	GBytes *bytes;
	int width_px, height_px; // as stored
	int orientation;         // the tag of EXIF by which it is to be turned upright; 1 is upright
	bool is_scan;            // it is the scanner's, byte for byte
};

// number: the page within the file, from 0. content: the SHA-256 that the file must have. False with error set, one
// sentence for staff with the path.
bool page_jpeg_fetch(struct page_jpeg *jpeg, const char *path, const char *content, unsigned number, GError **error);
void page_jpeg_clear(struct page_jpeg *jpeg);

#endif
