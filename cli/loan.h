// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of one file after another, lent by the program to a reading worker: memory that the one writes and the
// other sees, so that nothing is carried through a pipe. The borrower has a descriptor that it can only read by (where
// there is a /proc to open it by). Knows memory; nothing of files and messages.
#ifndef SHEAF_CLI_LOAN_H
#define SHEAF_CLI_LOAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The lender's end.
struct loan {
	int memory, to_borrow; // descriptors: its own, and the one to be read by; -1 where there is none
};
#define LOAN_NONE ((struct loan){-1, -1})

// A loan of nothing yet. False, with errno set, if there can be none.
bool loan_open(struct loan *loan);
void loan_close(struct loan *loan); // LOAN_NONE does nothing

// Writes bytes from this one on, in the place of what was there. False, with errno set, if there is not
// enough memory, or (EFBIG) this process may not write so large a file, of which memory is one kind.
bool loan_put(const struct loan *loan, size_t at, const uint8_t *bytes, size_t size);

// Gives back the memory of a large file, which the borrower must be done with. That of a page is kept for the next.
void loan_give_back(const struct loan *loan);

// The borrower's end.
struct borrowed {
	int fd;               // the lender's to_borrow
	const uint8_t *bytes; // NULL before the first are seen
	size_t size;          // that can be seen
};

// Makes sure that so many bytes are seen, which the lender says there are. False if they cannot be.
bool borrowed_see(struct borrowed *borrowed, size_t size);

// Sees no more of a large file, which else would take room for addresses from those that follow.
void borrowed_done(struct borrowed *borrowed);

#endif
