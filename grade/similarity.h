// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs of papers with more identical wrong answers than chance gives: the indices K2 and S2. A screening for people
// who must look into it, never a finding. Knows answers and numbers. docs/item-analysis.md has the formulas and
// sources.
#ifndef SHEAF_GRADE_SIMILARITY_H
#define SHEAF_GRADE_SIMILARITY_H

#include <glib.h>
#include <stdbool.h>

#include "grade/analysis.h"

#define SIMILARITY_LEVEL 0.05     // of naming any pair at all where nobody copied
#define SIMILARITY_MIN_PAPERS 20  // of fewer, nothing can be said about chance
#define SIMILARITY_MOST_PAIRS 200 // that are kept: the strongest

struct similarity_pair {
	const struct student *one, *other; // in the order of the results
	unsigned wrong[2];                 // how many rows each got wrong; blank ones are neither right nor wrong
	unsigned same_wrong, same_right;   // rows with the same wrong answer, and rows that both have right
	double expected;                   // same wrong answers by chance, in the direction with the smaller K2
	double k2, s2;                     // the smaller of both directions, corrected for the number of comparisons
};

struct similarity {
	unsigned n, n_rows;
	double n_comparisons;          // ordered pairs, times two indices
	struct similarity_pair *pairs; // the strongest first
	unsigned n_pairs;
	unsigned n_found; // before the cut at SIMILARITY_MOST_PAIRS
};

// Compares every two of the analysed papers. The analysis outlives it. Takes time with the square of the papers: 1 s
// for 2,000. The caller frees with similarity_free.
struct similarity *similarity_new(const struct analysis *analysis);
void similarity_free(struct similarity *similarity); // accepts NULL

static inline void similarity_clear_pointer(struct similarity **similarity)
{
	similarity_free(*similarity);
}
#define SIMILARITY_AUTO                                                                                                \
	__attribute__((cleanup(similarity_clear_pointer))) struct similarity * // freed at the scope's end

// K2 and S2 of paper `copier` having copied from paper `source`, by index among the analysed papers; not corrected. For
// tests.
void similarity_of_pair(const struct analysis *analysis, unsigned copier, unsigned source, double *k2, double *s2);

#endif
