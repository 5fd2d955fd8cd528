// SPDX-License-Identifier: GPL-3.0-or-later
// The second reader: measures and decides every bubble in a way that shares nothing with the first but the place. The
// first asks what a mark is, in pens and strokes; this one asks only how each ring differs from the page's empty rings
// of the same letter, and by how much the page's empty rings differ from each other. Knows one page at a time.
#ifndef SHEAF_DETECT_SECOND_H
#define SHEAF_DETECT_SECOND_H

#include <stdbool.h>
#include <stdint.h>

#include "detect/grey.h"
#include "detect/paper.h"
#include "detect/registration.h"
#include "sheet/layout.h"

struct second_reader;

enum second_says { SECOND_NOTHING, SECOND_BLANK, SECOND_MARKED };

struct second_reader *second_reader_new(const struct layout *layout); // the layout outlives it
void second_reader_free(struct second_reader *reader);                // accepts NULL

// Begins a page.
void second_reader_start(struct second_reader *reader);

// Takes in the bubble of this index, printed at a point of the sheet: its own place, or where it was found to lie.
void second_reader_take(struct second_reader *reader, unsigned bubble, const struct registration *registration,
	const struct grey_view *image, const struct paper_map *paper, struct sheet_point point);

// Decides all that were taken in.
void second_reader_decide(struct second_reader *reader);

// What was decided of a bubble.
enum second_says second_reader_says(const struct second_reader *reader, unsigned bubble);

#endif
