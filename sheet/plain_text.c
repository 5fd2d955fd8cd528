// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/plain_text.h"

// Unicode's embeddings, overrides and isolates, each of which ends with the last one (UAX #9).
#define EMBEDDINGS_FROM 0x202Au
#define EMBEDDINGS_TO 0x202Eu
#define ISOLATES_FROM 0x2066u
#define ISOLATES_TO 0x2069u
// Between lines and paragraphs.
#define SEPARATORS_FROM 0x2028u
#define SEPARATORS_TO 0x2029u

bool plain_text_acts(gunichar character)
{
	return g_unichar_iscntrl(character) || (character >= SEPARATORS_FROM && character <= SEPARATORS_TO) ||
	       (character >= EMBEDDINGS_FROM && character <= EMBEDDINGS_TO) ||
	       (character >= ISOLATES_FROM && character <= ISOLATES_TO);
}

char *plain_text(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *out = g_string_new(NULL);
	for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
		gunichar character = g_utf8_get_char(at);
		g_string_append_unichar(out, plain_text_acts(character) ? '?' : character);
	}
	return g_string_free(out, FALSE);
}
