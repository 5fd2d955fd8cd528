// SPDX-License-Identifier: GPL-3.0-or-later
#include "grade/keys.h"

#include <glib.h>

// Which part of the question the item is in, or the question itself.
static const struct exam_question *owner_of(const struct exam_question *question, unsigned item)
{
	for (unsigned p = 0; p < question->n_parts; p++) {
		const struct exam_question *part = &question->parts[p];
		if (item >= part->first_item && item < part->first_item + part->n_items)
			return part;
	}
	return question;
}

struct item_keys keys_of_item(const struct exam *exam, const struct exam_question *question, unsigned item)
{
	const struct exam_question *owner = owner_of(question, item);
	struct item_keys keys = {.item = &exam->items[item], .n_keys = MAX(owner->n_keys, 1)};
	for (unsigned k = 0; k < keys.n_keys; k++)
		keys.keyed |= exam_item_key(keys.item, k);
	keys.is_settled = question->event != EXAM_EVENT_NONE || owner->event != EXAM_EVENT_NONE ||
			  keys.item->event != EXAM_EVENT_NONE || owner->type == EXAM_NUMBER;
	return keys;
}

bool keys_ask_for(const struct item_keys *keys, exam_choices marked)
{
	for (unsigned k = 0; k < keys->n_keys; k++)
		if (marked == exam_item_key(keys->item, k))
			return true;
	return false;
}
