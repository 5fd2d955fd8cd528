// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define WIRE_AT_ONCE 8192 // a page's answers as text

// Longer ones are no worker's that is sound: texts of answers, one sentence, a picture of the largest page.
static const uint32_t BODY_MOST[] = {
	[WIRE_COUNT] = 0,
	[WIRE_PAGE] = 4 * 1024 * 1024,
	[WIRE_NOT_A_PAGE] = 4096,
	[WIRE_PICTURE] = 256 * 1024 * 1024,
	[WIRE_END] = 0,
	[WIRE_DRAW] = 0,
};

static bool write_exactly(int fd, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;
	while (size > 0) {
		ssize_t n = write(fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		size -= (size_t)n;
	}
	return true;
}

bool wire_read_exactly(int fd, void *bytes, size_t size)
{
	uint8_t *p = bytes;
	while (size > 0) {
		ssize_t n = read(fd, p, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		size -= (size_t)n;
	}
	return true;
}

bool wire_write(int fd, enum wire_kind kind, uint32_t page, const void *body, size_t size)
{
	struct wire_head head = {kind, page, (uint32_t)size};
	if (size > BODY_MOST[kind])
		return false;
	// In one call where it fits: each wakes the reader up.
	uint8_t small[sizeof head + WIRE_AT_ONCE];
	if (size > WIRE_AT_ONCE)
		return write_exactly(fd, &head, sizeof head) && write_exactly(fd, body, size);
	memcpy(small, &head, sizeof head);
	if (size > 0)
		memcpy(small + sizeof head, body, size);
	return write_exactly(fd, small, sizeof head + size);
}

int wire_peek(const GByteArray *buffer, struct wire_head *head, const uint8_t **body)
{
	if (buffer->len < sizeof *head)
		return 0;
	memcpy(head, buffer->data, sizeof *head);
	if (head->kind < WIRE_COUNT || head->kind > WIRE_DRAW || head->size > BODY_MOST[head->kind])
		return -1;
	if (buffer->len - sizeof *head < head->size)
		return 0;
	*body = buffer->data + sizeof *head;
	return 1;
}

void wire_drop(GByteArray *buffer, const struct wire_head *head)
{
	g_byte_array_remove_range(buffer, 0, (guint)sizeof *head + head->size);
}
