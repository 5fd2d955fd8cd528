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

enum { FIRST = 7, SECOND }; // the numbers of the two files that it was given

// What was passed on about each file.
struct heard {
	const struct layout *layout;
	unsigned pages[2], problems[2];
	const struct talk *talk;
};

// Whether what is said is of the file that is being read: the first, until its end was said.
static bool is_now(const struct heard *heard, unsigned file)
{
	return file == FIRST + heard->talk->ended && file <= SECOND;
}

static void on_page(void *data, unsigned file, unsigned page, unsigned n_pages, struct answers *answers)
{
	struct heard *heard = data;
	g_assert(is_now(heard, file) && page == heard->pages[file - FIRST] && page < n_pages);
	g_assert(!heard->problems[file - FIRST] && !heard->talk->must_draw);
	heard->pages[file - FIRST]++;
	g_autofree char *text = answers_format(answers, heard->layout);
	ANSWERS_AUTO again = answers_parse(text, heard->layout, NULL);
	g_assert(again);
	answers_free(answers);
}

static void on_not_a_page(void *data, unsigned file, const char *reason)
{
	struct heard *heard = data;
	g_assert(is_now(heard, file) && heard->pages[file - FIRST] == 0 && heard->problems[file - FIRST]++ == 0);
	g_assert(g_utf8_validate(reason, -1, NULL) && !strpbrk(reason, "\n\r\t\033"));
}

static void on_picture(void *data, unsigned file, unsigned page, const char *name, const uint8_t *png, size_t size)
{
	struct heard *heard = data;
	g_assert(is_now(heard, file) && page == heard->pages[file - FIRST]);
	g_assert(!strchr(name, '/') && name[0] != '.');
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
	struct talk talk = {0};
	struct heard heard = {.layout = layout, .talk = &talk};
	const struct pool_handlers handlers = {
		.page = on_page, .not_a_page = on_not_a_page, .picture = on_picture, .data = &heard};
	talk_init(&talk, layout, &handlers, true);
	talk_begin(&talk, FIRST, 0, 1);
	talk_begin(&talk, SECOND, 0, 1);
	talk.draws = size && data[0] & 1;
	// In pieces, as a pipe delivers it; the first byte says how large they are.
	size_t piece = size ? 1 + data[0] : 1;
	bool sound = true;
	for (size_t at = 1; at < size && sound; at += piece) {
		bool busy = talk.busy;
		const struct heard before = heard;
		sound = talk_hear(&talk, data + at, MIN(piece, size - at));
		g_assert(busy || memcmp(&before, &heard, sizeof heard) == 0);
	}
	g_assert(talk.ended <= 2 && talk.busy == (talk.ended < 2) && talk.ahead == (talk.ended == 0));
	g_assert(!talk.must_draw || !talk.draws);
	talk_clear(&talk);
	return 0;
}
