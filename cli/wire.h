// SPDX-License-Identifier: GPL-3.0-or-later
// The messages between the program and its reading workers: a fixed head and a body of bytes. Knows framing and how
// long a message of each kind can be; a peer that breaks that is taken for broken, before anything is kept of it. The
// bodies are a scan file's bytes on the way in, text (sheet/answers.h) on the way out.
#ifndef SHEAF_CLI_WIRE_H
#define SHEAF_CLI_WIRE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum wire_kind {
	WIRE_FILE = 1,   // to the worker: a file's bytes; page is the first page wanted, from 0
	WIRE_COUNT,      // back: page is the number of pages in the file
	WIRE_PAGE,       // back: the answers of one page, as text
	WIRE_NOT_A_PAGE, // back: the file is no image; the body says why
	WIRE_PICTURE,    // back: a picture of a step; the body is a name, a NUL, and a PNG
	WIRE_END,        // back: the file is done
};

#define WIRE_MAX_BODY (1024u * 1024 * 1024)

struct wire_head {
	uint32_t kind, page, size;
};

// Blocking, for the worker. False when the other end is gone.
bool wire_write(int fd, enum wire_kind kind, uint32_t page, const void *body, size_t size);
bool wire_read_exactly(int fd, void *bytes, size_t size);

// Takes the first whole message out of a buffer of received bytes: 1 with *head set and *body pointing into the buffer,
// 0 if more bytes are needed, -1 if it cannot be a message. wire_drop removes it after use.
int wire_peek(const GByteArray *buffer, struct wire_head *head, const uint8_t **body);
void wire_drop(GByteArray *buffer, const struct wire_head *head);

#endif
