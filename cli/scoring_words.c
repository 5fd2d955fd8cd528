// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/scoring_words.h"

#include "sheet/exam_forms.h"

#define DECIMALS_UNIT 10000 // ten to the power of RATIONAL_DECIMALS

char *scoring_points_text(struct rational points)
{
	if (DECIMALS_UNIT % points.den != 0)
		return g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, points.num, points.den);
	char decimal[RATIONAL_TEXT_SIZE];
	return g_strdup(rational_format(points, decimal));
}

static void append(GString *text, const char *words)
{
	g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", words);
}

static void append_points(GString *text, const char *what, struct rational points)
{
	g_autofree char *number = scoring_points_text(points);
	g_autofree char *words = g_strdup_printf("%s %s", what, number);
	append(text, words);
}

static void append_if_any(GString *text, const char *what, struct rational points)
{
	if (points.num != 0)
		append_points(text, what, points);
}

static void append_bounds(GString *text, const char *least, const char *most, const struct exam_bounds *bounds)
{
	if (bounds->has_minimum)
		append_points(text, least, bounds->minimum);
	if (bounds->has_maximum)
		append_points(text, most, bounds->maximum);
}

static const char *rule_name(enum exam_rule rule)
{
	static const char *const NAMES[] = {
		"", "all-or-nothing", "per-option", "ps1/n", "half-point", "ps50", "ps1/m", "ripkey", "proportional"};
	return NAMES[rule];
}

// Whether the rule is what a question of the type has unless it says otherwise.
static bool is_usual(const struct exam_question *question)
{
	return question->rule == (question->type == EXAM_MULTIPLE ? RULE_ALL : RULE_SUM);
}

static const char *event_words(enum exam_event event)
{
	static const char *const WORDS[] = {"", "DROPPED", "DROPPED, the rest is multiplied",
		"everybody scores the most", "everybody who marked something scores the most"};
	return WORDS[event];
}

static void append_responses(GString *text, const struct exam_question *question)
{
	const struct exam_points *points = &question->points;
	bool each =
		question->rule == RULE_PER_OPTION || (question->type == EXAM_TRUE_FALSE && question->rule == RULE_SUM);
	append_points(text, each ? "each right" : "right", points->right);
	append_if_any(text, "wrong", points->wrong);
	append_if_any(text, "blank", points->blank);
	if (question->review_several)
		append(text, question->type == EXAM_NUMBER ? "not readable: for review" : "several marks: for review");
	else if (question->type == EXAM_NUMBER)
		append_if_any(text, "not readable", points->multiple);
	else if (question->type == EXAM_SINGLE)
		append_if_any(text, "several marks", points->multiple);
	append_bounds(text, "each at least", "each at most", &question->each);
}

char *scoring_question_words(const struct exam_question *question)
{
	GString *text = g_string_new(NULL);
	if (question->type != EXAM_PARTS)
		append_responses(text, question);
	if (!is_usual(question))
		append(text, rule_name(question->rule));
	append_bounds(text, "at least", "at most", &question->bounds);
	if (question->bonus)
		append(text, "bonus");
	if (question->event != EXAM_EVENT_NONE)
		append(text, event_words(question->event));
	return g_string_free(text, FALSE);
}

// --- the exam

static const char *rule_words(const struct exam_question *question)
{
	static const char *const WORDS[] = {
		[RULE_SUM] = NULL,
		[RULE_ALL] = "everything right scores `right`, anything else `wrong`",
		[RULE_PER_OPTION] = "each right choice that is marked scores `right`, each other one `wrong`",
		[RULE_PS1N] = "a question of n choices or statements is n decisions; each right one (rightly marked, "
			      "left empty or answered) scores `right`/n, each wrong one `wrong`/n",
		[RULE_HALF_POINT] = "everything right scores `right`, one mistake half of it, more mistakes `wrong`",
		[RULE_PS50] = "everything right scores `right`, more than half of it right half as much, anything else "
			      "`wrong`",
		[RULE_PS1M] = "each of the m right choices that is marked scores `right`/m, each other one `wrong`/m",
		[RULE_RIPKEY] =
			"each of the m right choices that is marked scores `right`/m, but whoever marks more than m "
			"choices, or no right one, scores `wrong`",
		[RULE_PROPORTIONAL] =
			"`right` times the marked share of the right choices, and `wrong` times the marked "
			"share of the others",
	};
	return question->type == EXAM_PARTS ? "all parts must be right, or the question scores 0"
					    : WORDS[question->rule];
}

// A rule is explained once, and once more for questions with parts.
static void append_rules(GString *text, const struct exam_question *questions, unsigned n, unsigned *explained)
{
	for (unsigned i = 0; i < n; i++) {
		const struct exam_question *question = &questions[i];
		unsigned bit = 1u << (question->rule + (question->type == EXAM_PARTS ? 16 : 0));
		if (!is_usual(question) && !(*explained & bit)) {
			*explained |= bit;
			g_string_append_printf(text, "%s%s: %s.\n", rule_name(question->rule),
				question->type == EXAM_PARTS ? ", with parts" : "", rule_words(question));
		}
		if (question->n_parts > 0)
			append_rules(text, question->parts, question->n_parts, explained);
	}
}

static void append_section(GString *text, const struct exam *exam, unsigned number)
{
	const struct exam_section *section = &exam->sections[number];
	const struct exam_total *total = &section->total;
	g_autoptr(GString) words = g_string_new(NULL);
	unsigned n = 0;
	for (unsigned i = 0; i < section->n_questions; i++)
		n += !exam->questions[section->first_question + i].bonus;
	if (total->best > 0) {
		g_autofree char *best = g_strdup_printf("the best %u of %u questions count", total->best, n);
		append(words, best);
	}
	append_bounds(words, "at least", "at most", &total->bounds);
	if (total->has_worth)
		append_points(words, "worth", total->worth);
	if (rational_compare(total->factor, rational_make(1, 1)) != 0)
		append_points(words, "its points are multiplied by", total->factor);
	if (words->len > 0)
		g_string_append_printf(text, "Section %u: %s.\n", number + 1, words->str);
}

static void append_rounding(GString *text, const struct exam *exam)
{
	static const char *const WORDS[] = {
		"to the nearest", "to the nearest, and halfway to the even,", "down to a", "up to a"};
	if (!exam->rounds)
		return;
	g_autofree char *grain = scoring_points_text(exam->grain);
	g_string_append_printf(text, "Scores are rounded %s multiple of %s, once, when they are written.\n",
		WORDS[exam->rounding], grain);
}

static bool any_bonus(const struct exam *exam)
{
	for (unsigned i = 0; i < exam->n_questions; i++)
		if (exam->questions[i].bonus)
			return true;
	return false;
}

char *scoring_exam_words(const struct exam *exam)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GString) bounds = g_string_new(NULL);
	unsigned explained = 0;
	append_rules(text, exam->questions, exam->n_questions, &explained);
	for (unsigned i = 0; i < exam->n_sections; i++)
		append_section(text, exam, i);
	if (any_bonus(exam))
		g_string_append(text, "Bonus questions count in the score, and not in the maximum.\n");
	if (rational_compare(exam->scale, rational_make(1, 1)) != 0) {
		g_autofree char *scale = scoring_points_text(exam->scale);
		g_string_append_printf(text,
			"All points are multiplied by %s, so that the maximum stays what it was without dropping.\n",
			scale);
	}
	append_bounds(bounds, "at least", "at most", &exam->bounds);
	if (bounds->len > 0)
		g_string_append_printf(text, "The score of the exam is %s.\n", bounds->str);
	append_rounding(text, exam);
	return g_string_free(text, FALSE);
}

char *scoring_form_words(const struct exam *exam, const struct exam_form *form)
{
	GString *text = g_string_new(NULL);
	g_string_append_printf(text, "Form %c: its numbers, those of this file, and its key\n", form->letter);
	for (unsigned i = exam->n_fields; i < exam->n_items; i++) {
		const struct exam_item *place = &exam->items[i], *item = &exam->items[form->places[i].item];
		g_autofree char *key =
			exam_choices_text(place, exam_form_from_master(&form->places[i], item, item->key));
		g_string_append_printf(text, "%-8s  %-8s  %s\n", place->id, item->id, key);
	}
	return g_string_free(text, FALSE);
}
