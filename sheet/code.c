// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/code.h"

#include <string.h>

#include "sheet/layout.h"

#define CODE_PREFIX "SHEAF1"
#define CODE_PARTS 6 // and one more each for the form and the seal, where there is one
#define CODE_SEAL 'M'
#define CODE_MAX_PAGE 999

void code_clear(struct code *code)
{
	g_clear_pointer(&code->exam, g_free);
	g_clear_pointer(&code->id, g_free);
}

static char *format_unsealed(const struct code *code)
{
	g_autofree char *exam = g_ascii_strup(code->exam, -1);
	g_autofree char *fingerprint = g_ascii_strup(code->fingerprint, -1);
	// Escaping keeps the separators unambiguous, and non-ASCII bytes away from readers that guess at encodings.
	g_autofree char *id = g_uri_escape_bytes((const guint8 *)code->id, strlen(code->id), " $*+.:");
	const char form[] = {'F', code->form, '/', '\0'};
	return g_strdup_printf("%s/%s/%s/%u/%u/%s%c%s", CODE_PREFIX, exam, fingerprint, code->page, code->copy,
		code->form ? form : "", code->walk_in ? 'W' : 'S', id);
}

char *code_format(const struct code *code)
{
	char *text = format_unsealed(code);
	if (!code->seal[0])
		return text;
	char *sealed = g_strdup_printf("%s/%c%s", text, CODE_SEAL, code->seal);
	g_free(text);
	return sealed;
}

void code_seal(struct code *code, const struct seal_key *key)
{
	g_autofree char *text = format_unsealed(code);
	seal_make(key, text, code->seal);
}

bool code_seal_holds(const struct code *code, const struct seal_key *key)
{
	g_autofree char *text = format_unsealed(code);
	return seal_holds(key, text, code->seal);
}

static bool parse_number(const char *text, unsigned maximum, unsigned *value)
{
	guint64 number;
	if (!g_ascii_string_to_unsigned(text, 10, 0, maximum, &number, NULL))
		return false;
	*value = (unsigned)number;
	return true;
}

// A lowercased copy if every character is one of those allowed.
static char *parse_lower(const char *text, const char *allowed, size_t least, size_t most)
{
	size_t length = strlen(text);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	if (length < least || length > most || strspn(lower, allowed) != length)
		return NULL;
	return g_steal_pointer(&lower);
}

static char *parse_id(const char *text)
{
	if (text[0] != 'S' && text[0] != 'W')
		return NULL;
	g_autofree char *id = g_uri_unescape_string(text + 1, NULL);
	if (!id || !id[0] || strlen(id) > CODE_MAX_ID_BYTES || !g_utf8_validate(id, -1, NULL))
		return NULL;
	for (const char *p = id; *p; p++)
		if (g_ascii_iscntrl(*p))
			return NULL;
	return g_steal_pointer(&id);
}

// "FB" is form B; 0 for anything else.
static char parse_form(const char *text)
{
	return text[0] == 'F' && g_ascii_isupper(text[1]) && !text[2] ? text[1] : '\0';
}

// Takes the seal, if there is one, off the end of the parts.
static const char *parse_seal(char **parts, unsigned *n_parts)
{
	const char *last = *n_parts > CODE_PARTS ? parts[*n_parts - 1] : "";
	if (last[0] != CODE_SEAL || !seal_is_formed(last + 1))
		return "";
	(*n_parts)--;
	return last + 1;
}

bool code_parse(const char *text, struct code *code)
{
	if (strlen(text) > CODE_MAX_BYTES)
		return false;
	g_auto(GStrv) parts = g_strsplit(text, "/", CODE_PARTS + 3);
	unsigned n_parts = g_strv_length(parts);
	const char *seal = parse_seal(parts, &n_parts);
	char form = n_parts == CODE_PARTS + 1 ? parse_form(parts[CODE_PARTS - 1]) : '\0';
	if (n_parts != CODE_PARTS + (form != '\0') || strcmp(parts[0], CODE_PREFIX) != 0)
		return false;
	const char *owner = parts[n_parts - 1];
	g_autofree char *exam = parse_lower(parts[1], "abcdefghijklmnopqrstuvwxyz0123456789-.", 1, 32);
	g_autofree char *fingerprint = parse_lower(parts[2], "0123456789abcdef", 8, 8);
	g_autofree char *id = parse_id(owner);
	unsigned page, copy;
	if (!exam || !fingerprint || !id || !parse_number(parts[3], CODE_MAX_PAGE, &page) || page == 0 ||
		!parse_number(parts[4], LAYOUT_QR_COUNT - 1, &copy))
		return false;
	*code = (struct code){
		.page = page,
		.copy = copy,
		.form = form,
		.walk_in = owner[0] == 'W',
		.exam = g_steal_pointer(&exam),
		.id = g_steal_pointer(&id),
	};
	memcpy(code->fingerprint, fingerprint, sizeof code->fingerprint);
	memcpy(code->seal, seal, strlen(seal) + 1);
	return true;
}
