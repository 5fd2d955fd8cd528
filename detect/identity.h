// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a sheet's QR codes with ZBar, from small crops at the places where they are printed: a whole page costs ZBar
// fifty times more and fails on noise. Knows which copy of the code belongs where, so a page read upside down is
// noticed.
#ifndef SHEAF_DETECT_IDENTITY_H
#define SHEAF_DETECT_IDENTITY_H

#include <stdbool.h>

#include "detect/grey.h"
#include "detect/registration.h"
#include "detect/source.h"
#include "sheet/code.h"
#include "sheet/layout.h"

struct identity_reader;

struct identity_reader *identity_reader_new(void);
void identity_reader_free(struct identity_reader *reader); // accepts NULL

enum identity_result {
	IDENTITY_READ,      // *code is filled; the caller clears it
	IDENTITY_NONE,      // neither code can be read
	IDENTITY_MISPLACED, // a code is read, but not where it should stand: the registration is not to be believed
};

// Reads either code of a registered page. work is the image that was registered: the source's page reduced by factor.
// All its pixels are asked for only where the code cannot be read without.
enum identity_result identity_read(struct identity_reader *reader, const struct layout *layout,
	const struct registration *registration, const struct grey_view *work, struct page_source *source, int factor,
	struct code *code);

// Looks for a code anywhere on a page that could not be registered, to name it to the user. True if one is found; the
// caller clears *code.
bool identity_search(struct identity_reader *reader, const struct grey_view *image, struct code *code);

#endif
