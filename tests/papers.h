// SPDX-License-Identifier: GPL-3.0-or-later
// Papers for tests, filled in by a line of text: "7=A|C; 16.A=T; 8?=B" marks items, "?" flags the item for review;
// items not named are blank. Fails the test at hand when a line names what there is not.
#ifndef SHEAF_TESTS_PAPERS_H
#define SHEAF_TESTS_PAPERS_H

#include "sheet/answers.h"
#include "sheet/exam.h"
#include "sheet/layout.h"

// What is marked, by item of the exam. Owned by the caller.
exam_choices *papers_marked(const struct exam *exam, const char *line);

// A page that was read, of the student or of the serial (the other one NULL). Marks on other pages are left out. Owned
// by the caller.
struct answers *papers_page(
	const struct layout *layout, const char *student, const char *serial, unsigned page, const char *line);

#endif
