// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as what a worker says: whatever it is, what is passed on makes sense: pages in order, each once, with
// answers that can be written and read again, and nothing after the end.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cli/talk.h"
#include "sheet/exam_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EXAM "fixtures/exams/true-false.yaml"

// What was passed on about the file.
struct heard {
	const struct layout *layout;
	unsigned pages, problems;
};

static void on_page(void *data, unsigned file, unsigned page, unsigned n_pages, struct answers *answers)
{
	struct heard *heard = data;
	g_assert(file == 7 && page == heard->pages && page < n_pages && !heard->problems);
	heard->pages++;
	g_autofree char *text = answers_format(answers, heard->layout);
	ANSWERS_AUTO again = answers_parse(text, heard->layout, NULL);
	g_assert(again);
	answers_free(answers);
}

static void on_not_a_page(void *data, unsigned file, const char *reason)
{
	struct heard *heard = data;
	g_assert(file == 7 && heard->pages == 0 && heard->problems++ == 0);
	g_assert(g_utf8_validate(reason, -1, NULL) && !strpbrk(reason, "\n\r\t\033"));
}

static void on_picture(void *data, unsigned file, unsigned page, const char *name, const uint8_t *png, size_t size)
{
	struct heard *heard = data;
	g_assert(file == 7 && page == heard->pages && !strchr(name, '/') && name[0] != '.');
	volatile uint8_t sum = 0;
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + png[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct exam *exam;
	static struct layout *layout;
	if (!layout) {
		exam = exam_load(EXAM, NULL);
		layout = layout_new(exam, NULL);
	}
	struct heard heard = {.layout = layout};
	const struct pool_handlers handlers = {
		.page = on_page, .not_a_page = on_not_a_page, .picture = on_picture, .data = &heard};
	struct talk talk = {0};
	talk_init(&talk, layout, &handlers, true);
	talk_begin(&talk, 7, 0, 1);
	// In pieces, as a pipe delivers it; the first byte says how large they are.
	size_t piece = size ? 1 + data[0] : 1;
	bool sound = true;
	for (size_t at = 1; at < size && sound; at += piece) {
		bool busy = talk.busy;
		unsigned before = heard.pages + heard.problems;
		sound = talk_hear(&talk, data + at, MIN(piece, size - at));
		g_assert(busy || heard.pages + heard.problems == before);
	}
	talk_clear(&talk);
	return 0;
}
