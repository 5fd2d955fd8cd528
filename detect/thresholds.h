// SPDX-License-Identifier: GPL-3.0-or-later
// Every number that decides what counts as a mark: its name, value, unit and reason, in one list that the compiler
// makes constants of and `sheaf check --thresholds` prints. Fills are shares of the disc inside the ring; darkness is 0
// for the paper and 1 for the page's printed black.
#ifndef SHEAF_DETECT_THRESHOLDS_H
#define SHEAF_DETECT_THRESHOLDS_H

// What is inked, and what is nothing.
#define THRESHOLDS_BLANK(X)                                                                                            \
	X(FILL_BLANK, 0.05, "of the disc", "specks and a neighbour's stroke stay below; a resting pen leaves as much") \
	X(SPECK_FILL, 0.08, "of the disc", "still blank if the disc as a whole is as light as SPECK_DARKNESS")         \
	X(SPECK_DARKNESS, 0.06, "of black", "the thinnest tick of a faint pencil is 0.10")                             \
	X(DARKNESS_BLANK, 0.09, "of black", "noise and a worn eraser's haze; the faintest pencil is 0.32")             \
	X(SHADE_BLANK, 0.14, "of black", "an even shade up to this is blank if it is lighter than SHADE_OF_PEN")       \
	X(SHADE_OF_PEN, 0.25, "of the pen", "what shows through from the other side, on the page of a dark pen")       \
	X(SHADE_LIFT, 0.11, "of black", "darker than its surroundings by more, it ends at the ring, as a pale mark")   \
	X(SHADED_RINGS, 0.05, "of the page's rings", "so many even shades are the other side's marks")                 \
	X(SHADE_UNEVEN, 0.12, "of black",                                                                              \
		"above the mean, in a twentieth of the disc: more is a stroke, even of a light pen")                   \
	X(INK_GRAIN, 2.0, "of the page's grain",                                                                       \
		"what is so far above blank is ink, where that is more than half the pen")                             \
	X(INK_MOST, 0.70, "of the pen",                                                                                \
		"but no more than this: half of a fill is darker even where noise is strongest")                       \
	X(SHADE_GRAIN, 1.5, "of the page's grain", "the same on a noisy page")                                         \
	X(CREASE_LIFT, 0.065, "of black", "a crease that runs on beyond leaves no more; a faint tick leaves 0.08")     \
	X(LETTER_BLANK, 0.05, "of the disc", "ink on the printed letter's strokes, as FILL_BLANK")                     \
	X(LETTER_OF_RING, 2.2, "of the ring", "a letter's crossings are up to twice as dark as its ring's line")       \
	X(LETTER_LEAST, 0.50, "of black", "no printed letter is lighter where rings are faint")                        \
	X(RING_SEEN, 0.30, "of the page's rings", "a fainter ring is torn off, covered or out of place")               \
	X(ROW_SEEN, 0.50, "of the page's rings", "a row with less of them is not where it should be")                  \
	X(RINGS_FOUND, 0.50, "of the page's darkest rings",                                                            \
		"half of the rings are as dark, mostly 0.75 of it; of what noise makes seem rings, a third")           \
	X(RIM_INKED, 0.08, "of black",                                                                                 \
		"along a ring that the scan does not show: two of its 24 points are on a stroke")                      \
	X(RING_WHOLE, 0.60, "of the page's rings' faintest thirds",                                                    \
		"the same where the page shows all of its rings well")                                                 \
	X(ARC_SEEN, 0.35, "of the page's rings' faintest thirds", "so is a ring that has lost a third")                \
	X(RING_REST, 0.20, "of the page's rings",                                                                      \
		"a ring has as much beside its darkest third, even if it lies aside")                                  \
	X(ARC_WHOLE, 0.45, "of the page's rings", "and is whole across from there: one that lies aside is not")        \
	X(RING_PRINTED, 0.06, "of black", "rings are judged only where the scanner shows them at all")                 \
	X(PAPER_SEEN, 0.55, "of the page's paper", "darker is no paper of this page")

// What is a mark.
#define THRESHOLDS_MARK(X)                                                                                             \
	X(FILL_BROAD, 0.60, "of the disc", "no erased mark leaves so much; half a ring filled is asked about")         \
	X(LIFT_BROAD, 0.25, "of black", "a broad mark is darker than its surroundings by this: no smear is")           \
	X(LIFT_FAINT, 0.14, "of black", "the same where most of the page is so light: more than what shows through")   \
	X(FAINT_OF_FULL, 0.60, "of full", "and no less than this there: an eraser left 0.44 of a faint pencil's mark") \
	X(LIFT_SURE, 0.31, "of black",                                                                                 \
		"so dark, it is drawn, unless paler than the pen and in a haze: an eraser left 0.33 there")            \
	X(LIFT_EVEN, 0.22, "of black", "the faintest even pencil (paper 243, mark 175) is 0.32")                       \
	X(EVEN_LEAST, 0.18, "of black", "four fifths of an even mark are as dark as this: an eraser's rest is patchy") \
	X(EVEN_SHARE, 0.60, "of its lift", "and so much of its mean")                                                  \
	X(EVEN_ALL, 0.80, "of its lift",                                                                               \
		"if 95 % of it are as dark, no eraser left it: what it leaves fades towards the ring")                 \
	X(RUBBED, 0.40, "of full",                                                                                     \
		"beside rings so plainly filled, what is lighter than this may be an eraser's rest")                   \
	X(FILL_MARK, 0.16, "of the disc", "a thin tick covers 0.25, a line of 1 mm (VVSG 2.0, 1.1.6-H) 0.37")          \
	X(SPAN_MM, 2.10, "mm", "within the disc of 3.1 mm, a stroke is this long: dots are shorter")                   \
	X(THROUGH_MM, 0.85, "mm",                                                                                      \
		"a stroke goes so far to both sides of the middle: what comes in from beside does not")                \
	X(STROKE_FILL, 0.10, "of the disc", "the thinnest stroke that counts, if it crosses the middle")               \
	X(STROKE_OFF_MM, 0.75, "mm", "strokes that count come this near to the middle, as the arms of a tick do")      \
	X(STROKE_FAR_MM, 0.95, "mm",                                                                                   \
		"the same for what covers more than SLIGHT_FILL: the printed letter hides its middle")                 \
	X(STROKE_OF_PEN, 0.66, "of the pen", "blurring takes a quarter from the thinnest; an eraser takes more")       \
	X(STROKE_OF_SOLID, 0.85, "of the pen",                                                                         \
		"in black and white, a stroke is this black: an eraser's rest is grainy")                              \
	X(SOLID_SURE, 0.80, "of the pen", "the same of one that is as dark as LIFT_SURE")                              \
	X(SOLID_OF_FULL, 0.62, "of full",                                                                              \
		"in black and white, a stroke within its ring is so much of this hand's others, or covers SOLID_FILL") \
	X(SOLID_BROAD, 0.33, "of the disc", "in black and white, a stroke covers more than an eraser's rest would")    \
	X(SOLID_FILL, 0.20, "of the disc", "or so much, if it is as long as SOLID_SPAN_MM")                            \
	X(SOLID_SPAN_MM, 2.80, "mm", "from rim to rim: an eraser's rest gathers around the letter")                    \
	X(STROKE_LIFT, 0.10, "of black", "no stroke that crosses the ring leaves it lighter")                          \
	X(STROKE_LIFT_OF_PEN, 0.22, "of the pen",                                                                      \
		"nor lighter than this, where the pen is so faint that it is less, and the page not noisy")            \
	X(QUIET, 0.025, "of black", "on a page of so little grain, noise makes no stroke")                             \
	X(STROKE_LIFT_QUIET, 0.17, "of the pen", "so STROKE_LIFT_OF_PEN is this there: a thin tick of a faint pencil") \
	X(FULL_OF_PEN, 0.75, "of the pen", "four fifths of a full mark are as dark, whatever ran over its ring")       \
	X(STROKE_SURE, 0.78, "of the pen", "as dark in a haze, a stroke was drawn and not left")                       \
	X(NOISY, 0.08, "of black", "a page of so much grain is noisy: strokes seem darker there than they are")        \
	X(NOISY_SURE, 0.95, "of the pen", "so STROKE_SURE is this there")                                              \
	X(NOISY_LIFT, 1.5, "of the page's grain",                                                                      \
		"and so is a faint pen's FAINT_STROKE, where a stroke leaves no more than this")                       \
	X(FAINT_PEN, 0.50, "of black", "on the page of so light a pen, an eraser's rest is nearly as dark as strokes") \
	X(FAINT_STROKE, 0.75, "of the pen", "there, strokes are this dark")                                            \
	X(FAINT_SHORT, 0.85, "of the pen", "or this, if they are shorter than FAINT_SPAN_MM")                          \
	X(FAINT_SPAN_MM, 2.50, "mm", "nearly from rim to rim; a stroke that an eraser missed is a piece")              \
	X(FAINT_HAZE, 0.02, "of black", "and the paper between them is clean")                                         \
	X(FAINT_SURE, 0.92, "of the pen", "or the stroke is as dark as the pen itself: an eraser takes more")          \
	X(HAZE, 0.04, "of black", "between strokes: more is not paper")                                                \
	X(HAZE_THIRD, 0.060, "of black", "the same of a third of what is not inked")                                   \
	X(HAZE_THICK, 0.08, "of black", "so thick a haze leaves even the darkest stroke in doubt")                     \
	X(USUAL_OF_FULL, 0.70, "of full", "what this hand usually draws is as much as this: an eraser takes more")     \
	X(HAZE_SURE_FILL, 0.60, "of the disc", "a broader mark hides the paper that a haze would show on")

// What looks like a mark and may be none.
#define THRESHOLDS_DOUBT(X)                                                                                            \
	X(WEAKER, 0.66, "of the other", "of two marks, a lighter one may have been taken back")                        \
	X(PALER, 0.75, "of the other's ink", "of two marks, one of so much paler ink may be a smear or rubbed out")    \
	X(STROKE_OF_OTHER, 0.50, "of the other", "of two strokes of one ink, how much each covers is chance")          \
	X(SLIGHT_OF_OTHER, 0.70, "of the other", "of two marks, a slighter one is hardly a second answer")             \
	X(SLIGHT_FILL, 0.30, "of the disc", "less than a cross or a line covers")                                      \
	X(LINE_MOST, 0.45, "of the disc", "a line of 1 mm covers 0.41; what runs on and covers less is no mark")       \
	X(COVERED, 0.22, "of 13 mm square", "two overfilled marks run together cover 0.18")                            \
	X(SCRATCHED_ARMS, 2, "arms", "so many more than the other mark has")                                           \
	X(SCRATCHED_REACH_MM, 0.55, "mm", "ragged edges of a mark no broader than its ring stay below")                \
	X(SCRATCHED_SPILL_MM, 0.25, "mm", "and farther than this hand's other marks")                                  \
	X(SCRATCHED_MM, 0.28, "mm", "farther out of the ring than the other mark")                                     \
	X(SPILT_MM, 0.75, "mm", "so far out in several places, either may be crossed out")                             \
	X(STRUCK_FILL, 0.60, "of the disc", "a mark that was filled before it was crossed out")                        \
	X(STRUCK_ARMS, 2, "arms", "at least: a slip of the pen leaves one")                                            \
	X(STRUCK_MM, 0.90, "mm", "beyond the ring, where careless filling seldom reaches")                             \
	X(STRUCK_OVERFILLED_MM, 1.30, "mm", "the same for a mark that fills all around its ring")                      \
	X(OVERFILLED, 0.20, "of black", "outside of the ring, all around")                                             \
	X(SPILL_MOST_MM, 0.80, "mm", "no hand usually spills farther; such a page is full of crossed-out marks")       \
	X(STRUCK_SPILL_MM, 0.45, "mm", "farther out than this hand's other marks")                                     \
	X(STREAK_DARK, 0.05, "of the light", "a fainter streak cannot be taken for a stroke of any pen")

// What the second reader takes for blank or for a mark; between the two it says nothing.
#define THRESHOLDS_SECOND(X)                                                                                           \
	X(SECOND_SCATTER, 6.0, "deviations", "of the page's empty rings: one in 10^9 is so dark by chance")            \
	X(SECOND_BLANK_MOST, 0.06, "of black", "a faint pencil's tick leaves more")                                    \
	X(SECOND_BLANK_PART, 0.16, "of a full mark", "a tick covers a quarter")                                        \
	X(SECOND_MARK_LEAST, 0.10, "of black", "a haze stays below")                                                   \
	X(SECOND_MARK_PART, 0.30, "of a full mark", "what shows through from the other side stays below")

#define THRESHOLDS(X) THRESHOLDS_BLANK(X) THRESHOLDS_MARK(X) THRESHOLDS_DOUBT(X) THRESHOLDS_SECOND(X)

#define THRESHOLD_CONSTANT(name, value, unit, about) static const double name = value;
THRESHOLDS(THRESHOLD_CONSTANT)
#undef THRESHOLD_CONSTANT

#endif
