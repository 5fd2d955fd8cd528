// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked: an exam's sections, questions, parts and items, with their choices, keys and points. Knows nothing of
// paper positions (sheet/layout.h), nor of how points are added up (grade/score.h). Filled by exam_load
// (sheet/exam_file.h).
//
// The model is flat where that helps: all items of the exam stand in one array, in the order in which they stand on the
// sheet (fields first, then question by question), and each question or part names its run of items.
#ifndef SHEAF_SHEET_EXAM_H
#define SHEAF_SHEET_EXAM_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sheet/rational.h"
#include "sheet/rule.h"

// Caps that keep an exam printable and its arithmetic small.
#define EXAM_MAX_CHOICES 26
#define EXAM_MAX_QUESTIONS 500
#define EXAM_MAX_STATEMENTS 26
#define EXAM_MAX_PARTS 26
#define EXAM_MAX_FIELDS 8
#define EXAM_MAX_ITEMS 10000
#define EXAM_MAX_ID_DIGITS 12
#define EXAM_MAX_LABEL_BYTES 64
#define EXAM_MAX_DIGITS 6   // of a number, in front of the point
#define EXAM_MAX_DECIMALS 4 // behind it
#define EXAM_MAX_KEYS 10    // of one question: those accepted beside its own included

// A set of choices of one item: bit i stands for choice i.
typedef uint32_t exam_choices;

enum exam_paper { EXAM_PAPER_LETTER, EXAM_PAPER_A4 };

enum exam_item_kind {
	EXAM_ITEM_FIELD,     // asked, not scored
	EXAM_ITEM_SINGLE,    // one choice
	EXAM_ITEM_MULTIPLE,  // a set of choices
	EXAM_ITEM_STATEMENT, // T or F; choice 0 is T
	EXAM_ITEM_DIGIT,     // one column of a number: a digit, or its sign; choice 0 of that is +
};

// What was decided about a question after the exam. The sheets do not change by it.
enum exam_event {
	EXAM_EVENT_NONE,
	EXAM_EVENT_DROP,              // out of the score and of the maximum
	EXAM_EVENT_RESCALE,           // the same, and the rest of the exam is multiplied up to the old maximum
	EXAM_EVENT_CREDIT_ALL,        // everybody scores the most
	EXAM_EVENT_CREDIT_ATTEMPTERS, // everybody who marked anything in it does
};

struct exam_item {
	char *id;  // "7", "16.C", "30.b", "32.a.D", or a field's name; unique
	char *row; // what stands before its row of bubbles: "", "C", "b"
	enum exam_item_kind kind;
	char **choices; // NULL-terminated labels
	unsigned n_choices;
	exam_choices key;      // the right ones; 0 for a field
	exam_choices *also;    // the same of its question's further keys, n_keys - 1 of them; NULL if there are none
	enum exam_event event; // of one statement: EXAM_EVENT_NONE, _DROP or _CREDIT_ALL
};

enum exam_question_type { EXAM_SINGLE, EXAM_MULTIPLE, EXAM_TRUE_FALSE, EXAM_PARTS, EXAM_NUMBER };

// The grid of a number question; see sheet/number.h.
struct exam_number {
	unsigned digits, decimals; // columns in front of the point and behind it
	bool sign;                 // and one for the sign, which is then the first
	struct rational tolerance; // how far from a key is still right
	struct rational *keys;     // n_keys of the question
};

struct exam_bounds {
	bool has_minimum, has_maximum;
	struct rational minimum, maximum; // 0 where there is none
};
#define EXAM_NO_BOUNDS ((struct exam_bounds){.minimum = RATIONAL_ZERO, .maximum = RATIONAL_ZERO})

struct rational exam_bounded(const struct exam_bounds *bounds, struct rational score);

// A question, or one part of one (a part has no parts of its own, permutation and bonus false).
struct exam_question {
	char *id; // "16"; a part: "32.a"
	enum exam_question_type type;
	enum exam_rule rule;          // what its points are for; see sheet/rule.h. Of a question with parts: SUM or ALL
	struct exam_points points;    // RULE_SUM: for each row of bubbles
	struct exam_bounds bounds;    // of this question's (or this part's) score
	struct exam_number number;    // of a number question
	struct exam_bounds each;      // of each statement's
	enum exam_event event;        //
	bool bonus;                   // counts in the score, and not in the maximum
	bool review_several;          // several marks on a single answer wait for a person
	bool permutation;             // each choice used exactly once over its items, or the question scores 0
	unsigned n_keys;              // how many are accepted, the first included; the best one counts. 0 with parts
	unsigned first_item, n_items; // its run in exam.items, those of its parts included
	struct exam_question *parts;  // NULL unless type is EXAM_PARTS
	unsigned n_parts;
	unsigned line; // in the exam file, for messages
};

// How questions make up a section's points.
struct exam_total {
	struct exam_bounds bounds; // of the section, before the factor
	unsigned best;             // so many questions count, those with the most points; 0: all
	struct rational factor;    // what its points are multiplied with in the exam
	bool has_worth;            // the factor is what makes the section worth so much:
	struct rational worth;
};

struct exam_section {
	char *title;
	unsigned first_question, n_questions;
	struct exam_total total;
};

struct exam_form; // sheet/exam_forms.h

struct exam {
	char *name; // the exam id: 1 to 32 of a-z 0-9 - .
	char *title;
	enum exam_paper paper;
	unsigned id_digits; // columns of the student-ID grid on sheets without a name
	struct exam_section *sections;
	unsigned n_sections;
	struct exam_question *questions;
	unsigned n_questions;
	struct exam_item *items; // fields, then all items of questions
	unsigned n_items, n_fields;
	struct exam_form *forms; // in the file's order; NULL if there is only this one
	unsigned n_forms;
	struct exam_bounds bounds; // of the whole score
	struct rational scale;     // for questions dropped with rescaling: what all points are multiplied with
	bool rounds;               // whether the exam file says how scores are rounded; if so:
	enum rational_rounding rounding;
	struct rational grain;
};

void exam_free(struct exam *exam); // accepts NULL
static inline void exam_clear_pointer(struct exam **exam)
{
	exam_free(*exam);
}
#define EXAM_AUTO __attribute__((cleanup(exam_clear_pointer))) struct exam * // freed at the end of the scope

// The item with this id, or NULL. Borrowed.
const struct exam_item *exam_find_item(const struct exam *exam, const char *id);

// The accepted keys of an item: number 0 is item->key, then those of item->also. Of a column of a number, whose further
// keys are numbers, it is item->key always.
exam_choices exam_item_key(const struct exam_item *item, unsigned number);

// The most points that answers can score on one question or part, its bounds applied: the best of every response that
// can be given, whichever that is: right, wrong, blank or multiple; of a statement also both T and F, which score right
// + wrong. Exact for exams that exam_load accepts: it lets `permutation` only stand where the key scores most. 0 only
// for a question taken out of the score on purpose. The nominal one is what it would be without an event.
struct rational exam_question_maximum(const struct exam *exam, const struct exam_question *question);
struct rational exam_question_nominal_maximum(const struct exam *exam, const struct exam_question *question);

// Choices as text joined by '|', in the item's order: "A|C", "" for none. Owned by the caller.
char *exam_choices_text(const struct exam_item *item, exam_choices choices);
// The reverse. False if the text names a choice that the item does not have, or names one twice.
bool exam_choices_parse(const struct exam_item *item, const char *text, exam_choices *choices);

#endif
