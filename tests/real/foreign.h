// SPDX-License-Identifier: GPL-3.0-or-later
// Bubbles of forms that are not ours, each seen on a crop of its own. Learns from the crops of one source what the form
// prints (outline, letters) and how dark print and pens are, and measures what else is in each bubble. Decides nothing.
#ifndef SHEAF_TESTS_REAL_FOREIGN_H
#define SHEAF_TESTS_REAL_FOREIGN_H

#include "tests/real/outline.h"
#include "tests/real/patch.h"

// What may be known of a crop.
struct foreign_crop {
	const char *source, *tone; // crops of one form and scanner have both in common
	double radius_px;          // of the bubble, whose middle is about the crop's
	struct grey_view view;
};

// What was measured in one crop. Darkness: 0 the paper around the bubble, 1 black.
struct foreign_bubble {
	struct patch darkness;
	struct outline outline;
	bool outline_known;  // from this crop or its page
	double outline_seen; // the outline's score against the crop's own contrast, 0 to 1
	double paper;        // grey of the paper around it
	bool dark_around;    // no paper can be seen around it, or none that is as bright as its page's
	double darkest;      // of what lies inside of the outline and on it
	double black;        // darkness of the blackest things: the page's
	double ring;         // of the outline's line; the page's where it cannot be seen
	double bleed;        // just outside of the outline, whatever is drawn there: how blurred the crop is
	double broad;        // share of the bubble's radius all around that lies within ink broader than a pen's stroke
	double edge_cells;   // what lies nearer to the outline, inside or outside, may hold some of its ink
	double letter_cells; // printed letters stay within this radius of the middle
	// The disc inside of the outline, and its two parts: where a letter may be printed, and the rim around that.
	double disc, letter, rim; // mean darkness
	double letter_peak;       // the darkest place there as broad as a letter's stroke, averaged over it
	double letter_blot;       // the same for a place too broad for any stroke
	double rim_inked;         // share of the rim that is ink
	double rim_darkest;       // of the darkest twentieth of the rim
	double disc_solid;        // share of the disc that lies within ink broader than a pen's stroke
	unsigned rim_sectors;     // of FOREIGN_SECTORS, those with ink in the rim's outer half
	unsigned rim_spread;      // how many sectors lie between two of them at most, the shorter way round
	double core_solid;        // share of the middle (half of the radius wide, a third high) that is solid ink
	double core_darkness;
};

#define FOREIGN_SECTORS 16

// What the crops that resemble one crop most have in common: its page.
struct foreign_page {
	unsigned n;        // crops, itself among them
	unsigned *members; // their indices
	unsigned first;    // the first crop that has this very page
	struct outline outline;
	bool outline_known;                      // enough of them show the outline
	bool lettered, letterless;               // neither: nobody can tell
	double letter, letter_peak, letter_blot; // usual of unmarked ones, in units of the ring's darkness
	double cores;                            // share of crops whose middle is solid ink
};

struct foreign_set {
	unsigned n;
	struct foreign_bubble *bubbles;
	struct foreign_page *pages; // by crop
};

// A rim this clean (mean, of black) is unmarked, and shows what the form prints inside of it.
#define FOREIGN_RIM_CLEAN 0.06
// Less ink where letters stand (mean, of the outline's darkness) is no letter.
#define FOREIGN_LETTER_NONE 0.08
// Fainter outlines are noise.
#define FOREIGN_RING_LEAST 0.05

// The rim is clean but for what bleeds in from a blurred outline, as much as bleeds out of it.
bool foreign_rim_is_clean(const struct foreign_bubble *bubble);

// The middle is solid ink, broader than letters are, whatever the outline.
bool foreign_core_is_solid(const struct foreign_bubble *bubble);

void foreign_measure(const struct foreign_crop *crops, unsigned n, struct foreign_set *set);
void foreign_clear(struct foreign_set *set);

// Darkness of one place of a bubble, in the frame in which its outline is a circle of radius 1.
double foreign_darkness(const struct foreign_bubble *bubble, double x, double y);

#endif
