// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/papers.h"

#include <string.h>

#include "tests/harness.h"

struct filled {
	char *item, *choices;
	bool review;
};

// Splits one entry of a line; false where it is empty.
static bool parse_entry(const char *entry, struct filled *filled)
{
	g_auto(GStrv) sides = g_strsplit(entry, "=", 2);
	if (!sides[0] || !*g_strstrip(sides[0]))
		return false;
	assert_non_null(sides[1]);
	filled->review = g_str_has_suffix(sides[0], "?");
	filled->item = g_strndup(sides[0], strlen(sides[0]) - filled->review);
	filled->choices = g_strdup(g_strstrip(sides[1]));
	return true;
}

exam_choices *papers_marked(const struct exam *exam, const char *line)
{
	exam_choices *marked = g_new0(exam_choices, exam->n_items);
	g_auto(GStrv) entries = g_strsplit(line, ";", -1);
	for (char **entry = entries; *entry; entry++) {
		struct filled filled;
		if (!parse_entry(*entry, &filled))
			continue;
		const struct exam_item *item = exam_find_item(exam, filled.item);
		assert_non_null(item);
		assert_true(exam_choices_parse(item, filled.choices, &marked[item - exam->items]));
		g_free(filled.item);
		g_free(filled.choices);
	}
	return marked;
}

// Digits of a student-ID column: "3", "3|5" or "".
static exam_choices parse_digits(const char *text)
{
	exam_choices digits = 0;
	for (; *text; text++)
		if (*text != '|')
			digits |= (exam_choices)1 << (*text - '0');
	return digits;
}

static void fill_in(const struct layout *layout, struct answers *answers, const struct filled *filled)
{
	int index = layout_find_item(layout, filled->item);
	assert_true(index >= 0);
	for (unsigned i = 0; i < answers->n_marks; i++) {
		struct answers_mark *mark = &answers->marks[i];
		if (mark->item != (unsigned)index)
			continue;
		const struct exam_item *item = layout->items[index].exam_item;
		if (!item)
			mark->marked = parse_digits(filled->choices);
		else
			assert_true(exam_choices_parse(item, filled->choices, &mark->marked));
		mark->review = filled->review;
		mark->reason = filled->review ? g_strdup("faint mark") : NULL;
		for (unsigned choice = 0; choice < layout->items[index].n_bubbles; choice++)
			answers->fill_percent[layout->items[index].first_bubble + choice] =
				mark->marked >> choice & 1 ? 97 : 2;
	}
}

struct answers *papers_page(
	const struct layout *layout, const char *student, const char *serial, unsigned page, const char *line)
{
	struct answers *answers = g_new0(struct answers, 1);
	*answers = (struct answers){
		.outcome = ANSWERS_READ, .student = g_strdup(student), .serial = g_strdup(serial), .page = page};
	answers_make_room(answers, layout);
	for (unsigned i = 0; i < layout->n_items; i++)
		if (layout->items[i].page == page && (layout->items[i].exam_item || serial))
			answers->marks[answers->n_marks++].item = i;
	g_auto(GStrv) entries = g_strsplit(line, ";", -1);
	for (char **entry = entries; *entry; entry++) {
		struct filled filled;
		if (!parse_entry(*entry, &filled))
			continue;
		fill_in(layout, answers, &filled);
		g_free(filled.item);
		g_free(filled.choices);
	}
	return answers;
}
