// SPDX-License-Identifier: GPL-3.0-or-later
// The page, its script and its style, as bytes within the program; made of review/page/ when it is built.
#ifndef SHEAF_REVIEW_ASSETS_H
#define SHEAF_REVIEW_ASSETS_H

#include <stddef.h>

struct asset {
	const char *name, *type; // "page.html", its media type
	const unsigned char *bytes;
	size_t size;
};

extern const struct asset ASSETS[];
extern const size_t N_ASSETS;

#endif
