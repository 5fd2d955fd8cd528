// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of crops and its index.csv: file,repo,licence,bubble_r_px,kind,truth,dpi_est,tone. Knows the format; decides
// nothing.
#ifndef SHEAF_TESTS_REAL_CROPS_H
#define SHEAF_TESTS_REAL_CROPS_H

#include <glib.h>
#include <stdbool.h>

#include "scan/page_image.h"

struct crop {
	char *file, *source, *tone;
	char *kind, *truth; // for the table only: no decision may look at them
	double radius_px;
	struct page_image *image;
};

struct crops {
	struct crop *items;
	unsigned n;
};

// Reads the index and decodes every picture. False with error set, naming the file. The caller clears *crops.
bool crops_load(const char *folder, struct crops *crops, GError **error);
void crops_clear(struct crops *crops);

#endif
