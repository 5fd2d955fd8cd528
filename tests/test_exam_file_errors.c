// SPDX-License-Identifier: GPL-3.0-or-later
// Broken exam files, each with the exact line that its author is told.
#include "tests/harness.h"

#include <string.h>

#include "sheet/exam_file.h"

// The question written after it stands in line 6.
#define EXAM "exam: e\ntitle: t\nsections:\n- title: s\n  questions:\n"
// The sections written after it begin in line 3.
#define TOP "exam: e\ntitle: t\n"
#define PERMUTATION EXAM "  - type: parts\n    require: permutation\n"

static const struct {
	const char *text, *message;
} broken[] = {
	{"", "exam.yaml:1: the file is empty"},
	{"# only a comment\n", "exam.yaml:1: the file is empty"},
	{"hello\n", "exam.yaml:1: keys with values are expected here, such as `exam: …`; check the dashes and the "
		    "indentation"},
	{"- exam: e\n", "exam.yaml:1: keys with values are expected here, such as `exam: …`; check the dashes and the "
			"indentation"},
	{"exam: e\n\ttitle: t\n",
		"exam.yaml:2: a tab stands here; indent with spaces (it concerns what begins in line 1)"},
	{"exam: e\ntitle: a: b\n", "exam.yaml:2: a colon is not expected here; put text that holds a colon in "
				   "\"quotes\", and check the indentation"},
	{"exam: [e\ntitle: t\n",
		"exam.yaml:2: a comma or a closing ] is missing here or above (it concerns what begins in line 1)"},
	{"exam: e\ntitle: \"t\n", "exam.yaml:3: the file ends inside a text; a closing quote is missing above (it "
				  "concerns what begins in line 2)"},
	{TOP "title: u\n", "exam.yaml:3: `title` stands here a second time (first in line 2); delete one"},
	{TOP "paper: &p letter\n",
		"exam.yaml:3: an anchor (&) is not allowed; put text that begins with & in \"quotes\""},
	{TOP "paper: *p\n", "exam.yaml:3: an alias (*) is not allowed; put text that begins with * in \"quotes\""},
	{TOP "paper: !!str letter\n",
		"exam.yaml:3: a tag (!) is not allowed; put text that begins with ! in \"quotes\""},
	{TOP "paper: !x letter\n", "exam.yaml:3: a tag (!) is not allowed; put text that begins with ! in \"quotes\""},
	{TOP "sections: [{title: s, questions: [{choices: 2, key: A}]}]\n---\nexam: e\n",
		"exam.yaml:4: a second document (---) begins here; one exam a file"},
	{TOP "? [a]\n: b\n", "exam.yaml:3: a list or mapping cannot be a key; check the brackets and the indentation"},
	{"exam: e\ntitle: caf\351\n", "exam.yaml:2: this is not UTF-8 text; save the file with the encoding UTF-8"},
	{"exam: e\ntitle: a\007b\n", "exam.yaml:2: a character that cannot be printed (U+0007) stands here; delete it"},
	{"exam: e\ntitle: \"a\\u0007b\"\n",
		"exam.yaml:2: this text holds a character that cannot be printed (U+0007); delete it"},
	{"exam: e\ntitle: |\n  two\n  lines\n", "exam.yaml:2: this text runs over several lines; write it in one"},
	{"exam: e\ntitle: \"a\\0b\"\n", "exam.yaml:2: a NUL character stands in this text; delete it"},
	{TOP "sections: [[[[[[[[[[[[[]]]]]]]]]]]]]\n",
		"exam.yaml:3: lists and mappings stand more than 12 deep in each other"},
	{"%YAML 1.1\n---\nexam: e\n", "exam.yaml:1: a line cannot begin with %; put such text in \"quotes\""},
	{"exam: @e\n", "exam.yaml:1: a tab, or one of the characters @ ` %, cannot stand here; indent with spaces, and "
		       "put text that begins so in \"quotes\""},
	{"exam: e\ntitle t\n", "exam.yaml:3: a key needs a colon and a space behind it, such as `key: A`; check this "
			       "line and the one above (it concerns what begins in line 2)"},
	{"exam: e\n title: t\n", "exam.yaml:2: a colon is not expected here; put text that holds a colon in "
				 "\"quotes\", and check the indentation"},
	{EXAM "  - {choices: 4, key: A\n  - {choices: 4, key: B}\n",
		"exam.yaml:7: a comma or a closing } is missing here or above (it concerns what begins in line 6)"},
	{EXAM "  - {choices: 4, key: A}\n  {choices: 4, key: B}\n",
		"exam.yaml:8: a key needs a colon and a space behind it, such as `key: A`; check this line and the one "
		"above (it concerns what begins in line 7)"},
	{TOP "? a\n? a\n", "exam.yaml:4: `a` stands here a second time (first in line 3); delete one"},
	{"exam: e\nexaméééééééééééééééééé: 2\n",
		"exam.yaml:2: unknown key `examéééééééééééééééééé`; possible here: "
		"exam, title, paper, fields, sections, id_digits, total, rounding, forms"},
	{"title: t\n", "exam.yaml:1: `exam` is missing"},
	{"exam: e\n", "exam.yaml:1: `title` is missing"},
	{TOP "", "exam.yaml:1: `sections` is missing"},
	{TOP "section: []\n", "exam.yaml:3: unknown key `section`; did you mean `sections`?"},
	{TOP "Paper: a4\n", "exam.yaml:3: unknown key `Paper`; did you mean `paper`?"},
	{TOP "author: me\n", "exam.yaml:3: unknown key `author`; possible here: exam, title, paper, fields, sections, "
			     "id_digits, total, rounding, forms"},
	{"exam: CS 182\ntitle: t\n", "exam.yaml:1: `exam` is `CS 182`; use only small letters a-z, digits, - and ."},
	{"exam: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\ntitle: t\n", "exam.yaml:1: `exam` is longer than 32 bytes"},
	{"exam:\ntitle: t\n", "exam.yaml:1: `exam` is empty"},
	{"exam: e\ntitle: [t]\n", "exam.yaml:2: `title` must be a single text, not a list or mapping"},
	{"exam: e\ntitle: "
	 "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
	 "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
	 "ttttttttttttttttttttttttttttttttt\n",
		"exam.yaml:2: `title` is longer than 250 bytes"},
	{TOP "paper: A4\nsections: [{title: s, questions: [{choices: 2, key: A}]}]\n",
		"exam.yaml:3: `paper` is `A4`; did you mean `a4`?"},
	{TOP "paper: legal\nsections: [{title: s, questions: [{choices: 2, key: A}]}]\n",
		"exam.yaml:3: `paper` is `legal`; possible here: letter, a4"},
	{TOP "id_digits: 13\nsections: [{title: s, questions: [{choices: 2, key: A}]}]\n",
		"exam.yaml:3: `id_digits` must be a whole number from 1 to 12"},
	{TOP "id_digits: ten\nsections: [{title: s, questions: [{choices: 2, key: A}]}]\n",
		"exam.yaml:3: `id_digits` must be a whole number from 1 to 12"},
	{TOP "sections: []\n", "exam.yaml:3: `sections` must be a list: begin each of the sections with a dash, or "
			       "write them in [brackets]"},
	{TOP "sections: s\n", "exam.yaml:3: `sections` must be a list: begin each of the sections with a dash, or "
			      "write them in [brackets]"},
	{TOP "sections:\n- s\n", "exam.yaml:4: section 1: keys with values are expected here, such as `title: …`; "
				 "check the dashes and the indentation"},
	{TOP "sections:\n- questions: []\n", "exam.yaml:4: section 1: `title` is missing"},
	{TOP "sections:\n- title: s\n", "exam.yaml:4: section 1: `questions` is missing"},
	{TOP "sections:\n- title: s\n  questions:\n", "exam.yaml:5: section 1: `questions` must be a list: begin each "
						      "of the questions with a dash, or write them in [brackets]"},
	{TOP "sections:\n- title: s\n  require: permutation\n",
		"exam.yaml:5: section 1: unknown key `require`; possible here: title, type, rule, choices, statements, "
		"digits, decimals, sign, tolerance, right, wrong, blank, multiple, minimum, maximum, each, bonus, "
		"total, questions"},
	{TOP "sections:\n- title: s\n  minimum: 2\n  maximum: 1\n",
		"exam.yaml:5: section 1: `minimum` is larger than `maximum`; correct one of them"},
	{TOP "fields: course\n", "exam.yaml:3: `fields` must be a list: begin each of the fields with a dash, or write "
				 "them in [brackets]"},
	{TOP "fields: [{name: Name, choices: 2}]\n",
		"exam.yaml:3: field 1: the field's name `Name` is taken by a column of the gradebook; choose another"},
	{TOP "fields: [{name: Q12, choices: 2}]\n",
		"exam.yaml:3: field 1: the field's name `Q12` is taken by a column of the gradebook; choose another"},
	{TOP "fields: [{name: 7, choices: 2}]\n",
		"exam.yaml:3: field 1: the field's name `7` is taken by a column of the gradebook; choose another"},
	{TOP "fields: [{name: id.1, choices: 2}]\n", "exam.yaml:3: field 1: a field's name is made of letters a-z, "
						     "digits, _ and -, with spaces only inside; `id.1` is not"},
	{TOP "fields: [{name: coursé, choices: 2}]\n", "exam.yaml:3: field 1: a field's name is made of letters a-z, "
						       "digits, _ and -, with spaces only inside; `coursé` is not"},
	{TOP "fields:\n- {name: a, choices: 2}\n- {name: A, choices: 2}\n",
		"exam.yaml:5: field 2: there are two fields with the name `A`"},
	{TOP "fields: [{name: a}]\n", "exam.yaml:3: field 1: `choices` is missing"},
	{TOP "fields: [{choices: 2}]\n", "exam.yaml:3: field 1: `name` is missing"},
	{TOP "fields: [{name: a, choices: 2, key: A}]\n",
		"exam.yaml:3: field 1: unknown key `key`; possible here: name, choices"},
	{TOP "fields: [{name: \" a\", choices: 2}]\n", "exam.yaml:3: field 1: a field's name is made of letters a-z, "
						       "digits, _ and -, with spaces only inside; ` a` is not"},
	{TOP "fields: [{name: fa, choices: 2}, {name: fb, choices: 2}, {name: fc, choices: 2}, {name: fd, choices: 2}, "
	     "{name: fe, choices: 2}, {name: ff, choices: 2}, {name: fg, choices: 2}, {name: fh, choices: 2}, {name: "
	     "fi, choices: 2}]\n",
		"exam.yaml:3: `fields` lists 9 fields; at most 8 are possible"},
	{EXAM "  - D\n", "exam.yaml:6: question 1: keys with values are expected here, such as `key: …`; check the "
			 "dashes and the indentation"},
	{EXAM "  - {choices: 4}\n", "exam.yaml:6: question 1: `key` is missing"},
	{EXAM "  - {key: D}\n", "exam.yaml:6: question 1: `choices` is missing: write how many there are, such as "
				"`choices: 4`, or list them"},
	{EXAM "  - {choices: 4, key: E}\n", "exam.yaml:6: question 1: key has `E`, the choices are A, B, C, D"},
	{EXAM "  - {choices: 26, key: a}\n",
		"exam.yaml:6: question 1: key has `a`, the choices are A, B, C, D, E, F, G, H, …"},
	{EXAM "  - {choices: 4, key: [A, B]}\n", "exam.yaml:6: question 1: key must be one choice; for a set of right "
						 "choices write `type: multiple`, for several parts `type: parts`"},
	{EXAM "  - {choices: 4, key: }\n", "exam.yaml:6: question 1: key is empty"},
	{EXAM "  - {choices: 1, key: A}\n", "exam.yaml:6: question 1: `choices` must be a number from 2 to 26, or a "
					    "list of labels such as [yes, no]"},
	{EXAM "  - {choices: 27, key: A}\n", "exam.yaml:6: question 1: `choices` must be a number from 2 to 26, or a "
					     "list of labels such as [yes, no]"},
	{EXAM "  - {choices: four, key: A}\n", "exam.yaml:6: question 1: `choices` must be a number from 2 to 26, or a "
					       "list of labels such as [yes, no]"},
	{EXAM "  - {choices: [a], key: a}\n",
		"exam.yaml:6: question 1: `choices` lists one choice; at least two are needed"},
	{EXAM "  - {choices: [a, a], key: a}\n", "exam.yaml:6: question 1: the choice `a` stands twice"},
	{EXAM "  - {choices: [a, \"\"], key: a}\n",
		"exam.yaml:6: question 1: a choice must be a text that is not empty"},
	{EXAM "  - {choices: [a, \"b|c\"], key: a}\n",
		"exam.yaml:6: question 1: the choice `b|c` holds the character |"},
	{EXAM "  - {choices: [a, \"b \"], key: a}\n",
		"exam.yaml:6: question 1: the choice `b ` begins or ends with a space"},
	{EXAM "  - {choices: [a, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb], key: a}\n",
		"exam.yaml:6: question 1: the choice `bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…` is longer than 64 "
		"bytes"},
	{EXAM "  - {choices: [a, [b]], key: a}\n",
		"exam.yaml:6: question 1: a choice must be a text that is not empty"},
	{EXAM "  - {choices: 4, key: A}\n  - choices: 4\n    minimun: 0\n    key: A\n",
		"exam.yaml:8: question 2: unknown key `minimun`; did you mean `minimum`?"},
	{EXAM "  - {choices: 4, key: A, points: 2}\n",
		"exam.yaml:6: question 1: unknown key `points`; possible here: key, accept, event, type, rule, "
		"choices, statements, digits, decimals, sign, tolerance, right, wrong, blank, multiple, minimum, "
		"maximum, each, bonus, parts, require"},
	{EXAM "  - {type: true/false, key: TF}\n",
		"exam.yaml:6: question 1: `type` is `true/false`; did you mean `true-false`?"},
	{EXAM "  - {type: essay, key: TF}\n", "exam.yaml:6: question 1: `type` is `essay`; possible here: single, "
					      "multiple, true-false, parts, number"},
	{EXAM "  - {choices: 4, key: A, right: 1,5}\n", "exam.yaml:6: question 1: unknown key `5`; if it belongs to a "
							"number, write that with a decimal point: 1.5"},
	{EXAM "  - {choices: 4, key: A, right: one}\n",
		"exam.yaml:6: question 1: `right` is `one`; write a number such as 2, -0.25 or 1/3 (up to 1000000, "
		"denominator up to 10000)"},
	{EXAM "  - {choices: 4, key: A, right: 1/0}\n",
		"exam.yaml:6: question 1: `right` is `1/0`; write a number such as 2, -0.25 or 1/3 (up to 1000000, "
		"denominator up to 10000)"},
	{EXAM "  - {choices: 4, key: A, right: 1000001}\n",
		"exam.yaml:6: question 1: `right` is `1000001`; write a number such as 2, -0.25 or 1/3 (up to 1000000, "
		"denominator up to 10000)"},
	{EXAM "  - {choices: 4, key: A, right: 1/10001}\n",
		"exam.yaml:6: question 1: `right` is `1/10001`; write a number such as 2, -0.25 or 1/3 (up to 1000000, "
		"denominator up to 10000)"},
	{EXAM "  - {choices: 4, key: A, right: [1]}\n",
		"exam.yaml:6: question 1: `right` must be a single text, not a list or mapping"},
	{EXAM "  - choices: 4\n    key: A\n    maximum: 1\n    minimum: 3/2\n",
		"exam.yaml:9: question 1: `minimum` is larger than `maximum`; correct one of them"},
	{TOP "sections:\n- title: s\n  choices: 4\n  maximum: 1\n  questions:\n  - key: A\n    minimum: 2\n",
		"exam.yaml:9: question 1: `minimum` is larger than `maximum`; correct one of them"},
	{EXAM "  - {choices: 4, key: A, right: 0, wrong: -1}\n",
		"exam.yaml:6: question 1: no answer can score points; raise `right` or `maximum`, or, to take the "
		"question out of the score, write `event: drop`"},
	{EXAM "  - {choices: 4, key: A, maximum: 0}\n",
		"exam.yaml:6: question 1: no answer can score points; raise `right` or `maximum`, or, to take the "
		"question out of the score, write `event: drop`"},
	{TOP "sections:\n- title: s\n  right: 0\n  questions:\n  - {choices: 2, key: A}\n",
		"exam.yaml:7: question 1: no answer can score points; raise `right` or `maximum`, or, to take the "
		"question out of the score, write `event: drop`"},
	{EXAM "  - {choices: 4, key: A, statements: 4}\n",
		"exam.yaml:6: question 1: `statements` is for true-false questions; write `type: true-false`, or "
		"delete `statements`"},
	{EXAM "  - {choices: 4, key: A, require: permutation}\n",
		"exam.yaml:6: question 1: `require: permutation` is for questions with parts; delete it"},
	{EXAM "  - {choices: 4, key: A, require: permutations}\n",
		"exam.yaml:6: question 1: `require` is `permutations`; did you mean `permutation`?"},
	{EXAM "  - choices: 4\n    key: A\n    right: 1,5\n",
		"exam.yaml:8: question 1: `right` is `1,5`; write a number such as 2, -0.25 or 1/3 (up to 1000000, "
		"denominator up to 10000)"},
	{TOP "sections:\n- title: s\n  choices: 4\n  questions:\n  - {key: A, right: 1/9999}\n  - {key: A, right: "
	     "1/9998}\n  - {key: A, right: 1/9997}\n",
		"exam.yaml:9: question 3: the fractions of this exam's points have no common denominator up to "
		"1000000000; use fewer different ones"},
	{EXAM "  - {type: multiple, choices: 4, key: []}\n",
		"exam.yaml:6: question 1: key is empty; name at least one right choice"},
	{EXAM "  - {type: multiple, choices: 4, key: ACE}\n",
		"exam.yaml:6: question 1: key has `ACE`, the choices are A, B, C, D"},
	{EXAM "  - {type: multiple, choices: 4, key: AA}\n", "exam.yaml:6: question 1: key has `A` twice"},
	{EXAM "  - {type: multiple, choices: 4, key: [A, B, A]}\n", "exam.yaml:6: question 1: key has `A` twice"},
	{EXAM "  - {type: multiple, choices: 4, key: {A: B}}\n",
		"exam.yaml:6: question 1: key must be a list of choices, such as [A, C]"},
	{EXAM "  - {type: multiple, choices: 4, key: [[A]]}\n",
		"exam.yaml:6: question 1: key must be a list of choices, such as [A, C]"},
	{EXAM "  - {type: multiple, choices: [A, B, AB], key: AB}\n",
		"exam.yaml:6: question 1: key `AB` is one choice, and also a row of one-letter choices; write the one "
		"that is meant as a [list]"},
	{EXAM "  - {type: multiple, choices: 4, key: A, multiple: 1}\n",
		"exam.yaml:6: question 1: `multiple` is for single-answer questions with several marks; delete it "
		"here"},
	{EXAM "  - {type: true-false, key: TFX}\n",
		"exam.yaml:6: question 1: key is `TFX`; write one letter T or F a statement, such as TFTF"},
	{EXAM "  - {type: true-false, key: tf}\n",
		"exam.yaml:6: question 1: key is `tf`; write one letter T or F a statement, such as TFTF"},
	{EXAM "  - {type: true-false, key: }\n",
		"exam.yaml:6: question 1: key is empty; write one letter T or F a statement, such as TFTF"},
	{EXAM "  - {type: true-false, key: [T, F]}\n",
		"exam.yaml:6: question 1: key must be one text; write one letter T or F a statement, such as TFTF"},
	{EXAM "  - {type: true-false, key: TTTTTTTTTTTTTTTTTTTTTTTTTTT}\n",
		"exam.yaml:6: question 1: key has 27 statements, at most 26 are possible"},
	{EXAM "  - {type: true-false, key: T, statements: 2}\n",
		"exam.yaml:6: question 1: key has 1 statement, the question has 2"},
	{EXAM "  - {type: true-false, key: TF, choices: 2}\n",
		"exam.yaml:6: question 1: a true-false question always has the choices T and F; delete `choices`"},
	{EXAM "  - {type: true-false, key: TF, statements: 0}\n",
		"exam.yaml:6: question 1: `statements` must be a whole number from 1 to 26"},
	{EXAM "  - {type: true-false, key: TF, multiple: 1}\n",
		"exam.yaml:6: question 1: `multiple` is for single-answer questions with several marks; delete it "
		"here"},
	{TOP "sections:\n- title: s\n  type: true-false\n  statements: 4\n  questions:\n  - {key: TFTF}\n  - key: "
	     "TFTFT\n",
		"exam.yaml:9: question 2: key has 5 statements, the question has 4"},
	{EXAM "  - {type: parts, choices: 4}\n",
		"exam.yaml:6: question 1: `parts` is missing: a list of parts, or a list of labels under `key`"},
	{EXAM "  - {type: parts, choices: 4, key: A}\n", "exam.yaml:6: question 1: `key` must be a list: begin each of "
							 "the parts with a dash, or write them in [brackets]"},
	{EXAM "  - {type: parts, choices: 4, key: [A, E]}\n",
		"exam.yaml:6: question 1.b: key has `E`, the choices are A, B, C, D"},
	{EXAM "  - {choices: 4, key: A, parts: [{key: A}]}\n",
		"exam.yaml:6: question 1: `key` and `parts` exclude each other; give each part its own key"},
	{EXAM "  - {choices: 4, parts: []}\n", "exam.yaml:6: question 1: `parts` must be a list: begin each of the "
					       "parts with a dash, or write them in [brackets]"},
	{EXAM "  - choices: 4\n    parts:\n    - {key: A}\n    - {key: A, parts: []}\n",
		"exam.yaml:9: question 1.b: unknown key `parts`; possible here: key, accept, event, type, rule, "
		"choices, statements, digits, decimals, sign, tolerance, right, wrong, blank, multiple, minimum, "
		"maximum, each"},
	{EXAM "  - choices: 4\n    parts:\n    - {key: A}\n    - {type: parts, key: A}\n",
		"exam.yaml:9: question 1.b: a part cannot have parts itself"},
	{EXAM "  - parts: [A, B]\n", "exam.yaml:6: question 1.a: keys with values are expected here, such as `key: …`; "
				     "check the dashes and the indentation"},
	{EXAM "  - parts: [{key: A}]\n", "exam.yaml:6: question 1.a: `choices` is missing: write how many there are, "
					 "such as `choices: 4`, or list them"},
	{EXAM "  - type: true-false\n    statements: 4\n    parts:\n    - {key: TFTF}\n    - {key: TFT}\n",
		"exam.yaml:10: question 1.b: key has 3 statements, the part has 4"},
	{EXAM "  - {type: parts, choices: 4, key: [A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, "
	      "A, A, A, A, A]}\n",
		"exam.yaml:6: question 1: `key` lists 27 parts; at most 26 are possible"},
	{EXAM "  - {parts: [{choices: 2, key: A, right: 0}]}\n",
		"exam.yaml:6: question 1: no answer can score points; raise `right` or `maximum`, or, to take the "
		"question out of the score, write `event: drop`"},
	{EXAM "  - choices: 2\n    parts:\n    - {key: A, minimum: 1, maximum: 0}\n",
		"exam.yaml:8: question 1.a: `minimum` is larger than `maximum`; correct one of them"},
	{PERMUTATION "    choices: 3\n    key: [A, B]\n", "exam.yaml:7: question 1: `require: permutation` needs as "
							  "many parts as choices; there are 2 parts and 3 choices"},
	{PERMUTATION "    choices: 3\n    key: [A, B, A]\n",
		"exam.yaml:7: question 1: `require: permutation` needs each choice once, but the key has A twice"},
	{PERMUTATION "    parts: [{choices: 2, key: A}, {choices: [A, C], key: C}]\n",
		"exam.yaml:7: question 1: `require: permutation` needs the same choices in all parts; those of part b "
		"differ"},
	{PERMUTATION "    parts: [{choices: 2, key: A}, {type: true-false, key: T}]\n",
		"exam.yaml:7: question 1: `require: permutation` needs single-answer parts; part b is of another type"},
	{PERMUTATION "    choices: 2\n    key: [A, B]\n    blank: 2\n",
		"exam.yaml:7: question 1: `require: permutation` needs `right` to score most; in part a it does not"},
};

static void test_every_broken_file_names_line_and_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(GError) error = NULL;
		EXAM_AUTO exam = exam_parse("exam.yaml", broken[i].text, strlen(broken[i].text), &error);
		if (exam != NULL)
			fail_msg("accepted:\n%s", broken[i].text);
		assert_string_equal(error->message, broken[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_broken_file_names_line_and_remedy)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
