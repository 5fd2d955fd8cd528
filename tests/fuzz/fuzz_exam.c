// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an exam file: an exam whose maximum can be computed, or an error of one line.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sheet/exam_file.h"
#include "sheet/exam_total.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	EXAM_AUTO exam = exam_parse("fuzz", (const char *)data, size, &error);
	g_assert((exam == NULL) == (error != NULL));
	if (error != NULL) {
		g_assert(strchr(error->message, '\n') == NULL && g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	g_assert(exam_maximum(exam).num >= 0);
	for (unsigned i = 0; i < exam->n_items; i++) {
		const struct exam_item *item = &exam->items[i];
		g_autofree char *text = exam_choices_text(item, item->key);
		exam_choices key;
		g_assert(exam_choices_parse(item, text, &key) && key == item->key);
	}
	return 0;
}
