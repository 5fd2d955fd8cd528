// SPDX-License-Identifier: GPL-3.0-or-later
// Item analysis: how hard each question was, how well it told the good from the others, what its distractors did, how
// reliable the whole is, and which keys look wrong. Knows results and numbers; refuses to know how they are shown
// (grade/report.h, grade/items_csv.h). docs/item-analysis.md says what each number is, and where it is from.
//
// Analysed are the complete papers: every question scored. Points count as doubles here; they were exact until now.
#ifndef SHEAF_GRADE_ANALYSIS_H
#define SHEAF_GRADE_ANALYSIS_H

#include <glib.h>
#include <stdbool.h>

#include "grade/batch.h"
#include "grade/keys.h"

#define ANALYSIS_CURVE_POINTS 5   // groups of students by their score on the rest of the exam, a point of a curve each
#define ANALYSIS_MIN_FOR_CURVE 25 // papers; five a point
#define ANALYSIS_MIN_FOR_SUSPECTS 8 // papers; of fewer, nothing can be said about a key

// Those who gave one response to a row of bubbles.
struct analysis_response {
	unsigned n;
	double mean_rest;    // their mean score on the rest of the exam; NAN if there are none
	double correlation;  // of giving it with the rest of the exam; NAN if all or none did
	double upper, lower; // how many of the best and worst 27 % gave it; parts of a student where scores tie
	double curve[ANALYSIS_CURVE_POINTS]; // the share that gave it, by group, worst first
};

// A row of bubbles: of a question that has one, of a statement, or of a part.
struct analysis_row {
	const struct exam_item *item;
	struct item_keys keys;
	struct analysis_response *choices; // by choice; of a multiple-answer row each stands for itself
	struct analysis_response blank;
	struct analysis_response several; // several marks where one is asked for
	double difficulty;                // the share that marked exactly the key
	double discrimination;            // of marking it: upper less lower 27 %
	double correlation;               // of marking it, with the rest of the exam
	// A choice that the best students seem to know to be the right one (or, marked although it is in the key, not
	// to be): its index, or -1.
	int suspect;
	double suspicion; // how far the choice's correlation is above the key's
	char *evidence;   // sentences for the suspect
};

struct analysis_question {
	const struct exam_question *question;
	unsigned section;
	double maximum, mean, deviation;
	double difficulty;     // the mean as a share of the maximum
	double discrimination; // the difference of that share between the upper and the lower 27 %
	double correlation;    // with the rest of the exam
	double alpha_without;  // alpha of the exam without it
	bool is_inverted;      // the better did worse on it, more than chance explains
	struct analysis_row *rows;
	unsigned n_rows;
};

struct analysis_group {
	const char *kind; // "Section", "Form", or the field's name
	const char *name; // "" for those with none
	unsigned n;
	double mean, deviation, median, lowest, highest;
};

// A section of the exam, as a test of its own.
struct analysis_part {
	const struct exam_section *section;
	unsigned n_questions;
	double maximum, mean, deviation, alpha;
	double correlation; // with the rest of the exam
};

struct analysis {
	const struct results *results;   // borrowed
	const struct student **students; // the n analysed ones
	unsigned n, n_questions;
	unsigned extreme_size; // of the upper and the lower group
	double *totals;        // as graded, and rounded where the exam says so
	double *sums;          // of the questions' points; differs where the exam has rules for the total
	double mean, deviation, median, lowest, highest, quartiles[2];
	double alpha, sem;
	bool is_kr20; // every question is worth 0 or the same one number
	struct analysis_question *questions;
	struct analysis_group *groups;
	unsigned n_groups;
	struct analysis_part *parts;
	unsigned n_parts;
	struct analysis_row **suspects; // borrowed, the strongest first
	unsigned n_suspects;
	GStringChunk *texts;
};

struct analysis *analysis_new(const struct results *results);
void analysis_free(struct analysis *analysis); // accepts NULL

static inline void analysis_clear_pointer(struct analysis **analysis)
{
	analysis_free(*analysis);
}
#define ANALYSIS_AUTO                                                                                                  \
	__attribute__((cleanup(analysis_clear_pointer))) struct analysis * // freed at the end of the scope

// The question that a row belongs to.
const struct analysis_question *analysis_question_of(const struct analysis *analysis, const struct analysis_row *row);

// The keys of a row as text: "B", "A|C" for a set, "B or D" for two that are accepted. Owned by the caller.
char *analysis_key_text(const struct analysis_row *row);

#endif
