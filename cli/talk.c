// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/talk.h"

#include <string.h>

#include "cli/wire.h"
#include "detect/header.h"

// Staff read it.
#define REASON_MOST_BYTES 400
#define PICTURE_NAME_MOST_BYTES 40
// More pages than any file has.
#define PAGES_MOST 100000u

void talk_init(struct talk *talk, const struct layout *layout, const struct pool_handlers *handlers, bool explain)
{
	GByteArray *in = talk->in ? talk->in : g_byte_array_new();
	g_byte_array_set_size(in, 0);
	*talk = (struct talk){.layout = layout, .handlers = handlers, .explain = explain, .in = in};
}

void talk_clear(struct talk *talk)
{
	g_clear_pointer(&talk->in, g_byte_array_unref);
}

void talk_begin(struct talk *talk, unsigned file, unsigned page, unsigned n_pages)
{
	const struct talk_file given = {file, page, n_pages, false};
	g_assert(!talk->ahead);
	if (talk->busy)
		talk->next = given;
	else
		talk->now = given;
	talk->ahead = talk->busy;
	talk->busy = true;
}

// False unless every page that the file has was answered for.
static bool hear_end(struct talk *talk)
{
	if (talk->now.page < talk->now.n_pages)
		return false;
	talk->ended++;
	talk->busy = talk->ahead;
	talk->now = talk->next;
	talk->ahead = false;
	return true;
}

static bool hear_count(struct talk *talk, unsigned n_pages)
{
	if (n_pages <= talk->now.page || n_pages > PAGES_MOST || talk->now.n_pages == 0 || talk->now.counted)
		return false;
	talk->now.n_pages = n_pages;
	talk->now.counted = true;
	return true;
}

static bool hear_page(struct talk *talk, unsigned page, const uint8_t *body, size_t size)
{
	if (page != talk->now.page || page >= talk->now.n_pages)
		return false;
	g_autofree char *text = g_strndup((const char *)body, size);
	struct answers *answers = answers_parse(text, talk->layout, NULL);
	if (!answers)
		return false;
	talk->handlers->page(talk->handlers->data, talk->now.file, talk->now.page++, talk->now.n_pages, answers);
	return true;
}

// Our own names are a number and a word. Anything else might lead out of the folder.
static bool is_picture_name(const char *name)
{
	size_t length = strlen(name);
	return length > 0 && length <= PICTURE_NAME_MOST_BYTES && g_ascii_isalnum(name[0]) &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length;
}

static bool hear_picture(struct talk *talk, const uint8_t *body, size_t size)
{
	const uint8_t *end = memchr(body, 0, size);
	if (!end || !talk->handlers->picture || !is_picture_name((const char *)body))
		return false;
	if (!talk->explain && strcmp((const char *)body, HEADER_PICTURE) != 0)
		return false;
	size_t name = (size_t)(end - body) + 1;
	talk->handlers->picture(
		talk->handlers->data, talk->now.file, talk->now.page, (const char *)body, body + name, size - name);
	return true;
}

static bool hear_not_a_page(struct talk *talk, const uint8_t *body, size_t size)
{
	if (talk->now.page > 0 || talk->now.n_pages == 0)
		return false;
	g_autofree char *reason = g_utf8_make_valid((const char *)body, (gssize)MIN(size, REASON_MOST_BYTES));
	for (char *at = reason; *at; at++)
		if (g_ascii_iscntrl(*at))
			*at = ' ';
	talk->handlers->not_a_page(talk->handlers->data, talk->now.file, reason);
	talk->now.n_pages = 0; // nothing more is to come
	return true;
}

// False if the message makes no sense where it stands.
static bool hear_one(struct talk *talk, const struct wire_head *head, const uint8_t *body)
{
	if (!talk->busy || talk->must_draw)
		return false;
	switch ((enum wire_kind)head->kind) {
	case WIRE_COUNT:
		return hear_count(talk, head->page);
	case WIRE_PAGE:
		return hear_page(talk, head->page, body, head->size);
	case WIRE_PICTURE:
		return hear_picture(talk, body, head->size);
	case WIRE_NOT_A_PAGE:
		return hear_not_a_page(talk, body, head->size);
	case WIRE_END:
		return hear_end(talk);
	case WIRE_DRAW:
		talk->must_draw = !talk->draws && head->page == talk->now.page && head->page < talk->now.n_pages;
		return talk->must_draw;
	}
	return false;
}

bool talk_hear(struct talk *talk, const uint8_t *bytes, size_t size)
{
	g_byte_array_append(talk->in, bytes, (guint)size);
	for (;;) {
		struct wire_head head;
		const uint8_t *body;
		int whole = wire_peek(talk->in, &head, &body);
		if (whole == 0)
			return true;
		if (whole < 0 || !hear_one(talk, &head, body))
			return false;
		wire_drop(talk->in, &head);
	}
}
