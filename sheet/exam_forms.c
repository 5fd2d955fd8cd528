// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_forms.h"

#include <string.h>

void exam_forms_free(struct exam_form *forms, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		g_free(forms[i].places);
	g_free(forms);
}

const struct exam_form *exam_find_form(const struct exam *exam, char letter)
{
	for (unsigned i = 0; i < exam->n_forms; i++)
		if (exam->forms[i].letter == letter)
			return &exam->forms[i];
	return NULL;
}

char exam_form_for(const struct exam *exam, const char *cell, unsigned index)
{
	if (exam->n_forms == 0)
		return '\0';
	g_autofree char *letter = g_strstrip(g_strdup(cell != NULL ? cell : ""));
	if (letter[0] == '\0')
		return exam->forms[index % exam->n_forms].letter;
	char form = g_ascii_toupper(letter[0]);
	return letter[1] == '\0' && exam_find_form(exam, form) != NULL ? form : '\0';
}

char *exam_form_letters(const struct exam *exam)
{
	GString *text = g_string_new(NULL);
	for (unsigned i = 0; i < exam->n_forms; i++)
		g_string_append_printf(text, "%s%c", i > 0 ? ", " : "", exam->forms[i].letter);
	return g_string_free(text, FALSE);
}

exam_choices exam_form_to_master(const struct exam_form_place *place, exam_choices marked)
{
	exam_choices choices = 0;
	for (unsigned i = 0; i < EXAM_MAX_CHOICES; i++)
		if (marked >> i & 1)
			choices |= (exam_choices)1 << place->choice[i];
	return choices;
}

exam_choices exam_form_from_master(
	const struct exam_form_place *place, const struct exam_item *item, exam_choices choices)
{
	exam_choices marked = 0;
	for (unsigned i = 0; i < item->n_choices; i++)
		if (choices >> place->choice[i] & 1)
			marked |= (exam_choices)1 << i;
	return marked;
}
