// SPDX-License-Identifier: GPL-3.0-or-later
// PDF files written by hand, object by object, so that tests decide on every one of them.
#ifndef SHEAF_TESTS_PDF_FILES_H
#define SHEAF_TESTS_PDF_FILES_H

#include <glib.h>

struct pdf_file {
	GByteArray *bytes;
	GArray *offsets; // size_t, of each object; 0 until it is written
	GString *kids;   // of the root of the page tree, which is object 2
	unsigned n_pages;
};

// An empty file. The catalog is object 1.
struct pdf_file *pdf_file_new(void);

// Appends an object and returns its number.
unsigned pdf_file_object(struct pdf_file *file, const char *body);
unsigned pdf_file_stream(struct pdf_file *file, const char *entries, const void *bytes, size_t size);

// Appends a page of so many points with these further entries.
void pdf_file_page(struct pdf_file *file, double width, double height, const char *entries);

// Appends a page of 8.5 by 11 inches with this content, in which /Im0 is the image with this number.
void pdf_file_image_page(struct pdf_file *file, unsigned image, const char *content, const char *entries);

// Writes the page tree and the table, frees the rest. The bytes are the caller's.
GByteArray *pdf_file_finish(struct pdf_file *file);

#endif
