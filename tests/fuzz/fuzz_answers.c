// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a worker's answers: refused with a message, or written back as something that reads the same.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sheet/answers.h"
#include "sheet/exam_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char EXAM[] = "exam: small\ntitle: Small\npaper: a4\n"
			   "fields:\n  - {name: course, choices: [CS 1, CS 2]}\n"
			   "sections:\n  - title: One\n    type: single\n    questions:\n"
			   "      - {choices: 3, key: A}\n      - {choices: 4, key: B}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	EXAM_AUTO exam = exam_parse("exam.yaml", EXAM, strlen(EXAM), NULL);
	LAYOUT_AUTO layout = layout_new(exam, NULL);
	GError *error = NULL;
	g_autofree char *text = g_strndup((const char *)data, size);
	ANSWERS_AUTO answers = answers_parse(text, layout, &error);
	g_assert((answers == NULL) == (error != NULL));
	g_clear_error(&error);
	ANSWERS_AUTO head = answers_parse_head(text, layout, NULL);
	if (!answers)
		return 0;
	g_assert(head && head->outcome == answers->outcome && head->page == answers->page);
	g_assert_cmpstr(head->student, ==, answers->student);
	g_autofree char *again = answers_format(answers, layout);
	ANSWERS_AUTO back = answers_parse(again, layout, NULL);
	g_assert(back != NULL);
	g_autofree char *third = answers_format(back, layout);
	g_assert_cmpstr(again, ==, third);
	return 0;
}
