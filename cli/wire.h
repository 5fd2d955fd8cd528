// SPDX-License-Identifier: GPL-3.0-or-later
// The messages between the program and its reading workers. In: which file to read, whose bytes are lent (cli/loan.h).
// Out: a fixed head and a body of bytes, mostly text (sheet/answers.h). Knows framing and how long a message of each
// kind can be; a peer that breaks that is taken for broken, before anything is kept of it.
#ifndef SHEAF_CLI_WIRE_H
#define SHEAF_CLI_WIRE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

// A file is lent and to be read. Two loans are used by turns: one is being read while the other is filled.
#define WIRE_LOANS 2
struct wire_request {
	uint32_t loan, size; // which of the two, and how many bytes are in it
	uint32_t page;       // the first page wanted, from 0
};

enum wire_kind {
	WIRE_COUNT = 1,  // page is the number of pages in the file
	WIRE_PAGE,       // the answers of one page, as text
	WIRE_NOT_A_PAGE, // the file is no image; the body says why
	WIRE_PICTURE,    // a picture of a step; the body is a name, a NUL, and a PNG
	WIRE_END,        // the file is done
	WIRE_DRAW,       // this page has to be drawn, and this worker cannot: it is done with the file
};

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
