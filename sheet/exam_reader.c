// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet/exam_reader.h"

#include <string.h>

#include "sheet/exam_file.h"

// So many labels are named in a message before it says "and so on".
#define MAX_NAMED_LABELS 8
// Longer words than this are no slip of a known one.
#define MAX_GUESS_BYTES 24

bool exam_reader_fail(struct exam_reader *reader, unsigned line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	const char *colon = reader->place[0] != '\0' ? ": " : "";
	g_autofree char *message = g_strdup_printf("%s:%u: %s%s%s", reader->name, line, reader->place, colon, what);
	g_autofree char *valid = g_utf8_make_valid(message, -1); // a quotation may be cut inside a character
	g_set_error_literal(reader->error, EXAM_FILE_ERROR, 0, valid);
	return false;
}

void exam_reader_enter(struct exam_reader *reader, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_vsnprintf(reader->place, sizeof reader->place, format, arguments);
	va_end(arguments);
}

// Levenshtein's distance with one row of memory: insertions, deletions and replacements of bytes that turn a into b.
static size_t edit_distance(const char *a, const char *b)
{
	size_t row[MAX_GUESS_BYTES + 1], length = strlen(b);
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t replaced = diagonal + (a[i] != b[j]);
			diagonal = row[j + 1];
			row[j + 1] = MIN(replaced, MIN(row[j], row[j + 1]) + 1);
		}
	}
	return row[length];
}

// The known word that was probably meant, or NULL: at most a third of its letters may differ, and always two in longer
// words.
static const char *guess(const char *word, const char *const *known)
{
	g_autofree char *lower = g_ascii_strdown(word, -1);
	const char *best = NULL;
	size_t best_distance = 3;
	if (strlen(lower) > MAX_GUESS_BYTES)
		return NULL;
	for (; *known != NULL; known++) {
		size_t distance = edit_distance(lower, *known);
		if (distance < best_distance && distance * 2 < strlen(*known)) {
			best = *known;
			best_distance = distance;
		}
	}
	return best;
}

// "did you mean `minimum`?", or all that could have been meant.
static char *advice(const char *word, const char *const *known)
{
	const char *meant = guess(word, known);
	if (meant != NULL)
		return g_strdup_printf("did you mean `%s`?", meant);
	g_autofree char *all = g_strjoinv(", ", (char **)known);
	return g_strdup_printf("possible here: %s", all);
}

bool exam_reader_check_keys(struct exam_reader *reader, const struct yaml_node *node, const char *const *known)
{
	if (node->kind != YAML_MAP)
		return exam_reader_fail(reader, node->line,
			"keys with values are expected here, such as `%s: …`; check the dashes and the indentation",
			known[0]);
	for (unsigned i = 0; i < node->nodes->len; i++) {
		const struct yaml_node *value = yaml_node_at(node, i);
		if (g_strv_contains(known, value->key))
			continue;
		// What stands behind a decimal comma in {braces} looks like a key.
		g_autofree char *hint =
			g_ascii_isdigit(value->key[0])
				? g_strdup("if it belongs to a number, write that with a decimal point: 1.5")
				: advice(value->key, known);
		return exam_reader_fail(reader, value->key_line, "unknown key `%.40s`; %s", value->key, hint);
	}
	return true;
}

bool exam_reader_check_list(struct exam_reader *reader, const struct yaml_node *node, unsigned max, const char *what)
{
	if (node->kind != YAML_LIST || node->nodes->len == 0)
		return exam_reader_fail(reader, node->line,
			"`%s` must be a list: begin each of the %s with a dash, or write them in [brackets]", node->key,
			what);
	if (node->nodes->len > max)
		return exam_reader_fail(reader, node->line, "`%s` lists %u %s; at most %u are possible", node->key,
			node->nodes->len, what, max);
	return true;
}

const struct yaml_node *exam_reader_need(struct exam_reader *reader, const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_node_get(map, key);
	if (node == NULL)
		exam_reader_fail(reader, map->line, "`%s` is missing", key);
	return node;
}

const char *exam_reader_text(struct exam_reader *reader, const struct yaml_node *node, size_t max_bytes)
{
	if (node->kind != YAML_SCALAR)
		exam_reader_fail(reader, node->line, "`%s` must be a single text, not a list or mapping", node->key);
	else if (node->text[0] == '\0')
		exam_reader_fail(reader, node->line, "`%s` is empty", node->key);
	else if (strlen(node->text) > max_bytes)
		exam_reader_fail(reader, node->line, "`%s` is longer than %zu bytes", node->key, max_bytes);
	else
		return node->text;
	return NULL;
}

bool exam_reader_number(
	struct exam_reader *reader, const struct yaml_node *map, const char *key, struct rational *value)
{
	const struct yaml_node *node = yaml_node_get(map, key);
	if (node == NULL)
		return true;
	const char *text = exam_reader_text(reader, node, EXAM_READER_MAX_TITLE_BYTES);
	if (text == NULL)
		return false;
	if (!rational_parse(text, value))
		return exam_reader_fail(reader, node->line,
			"`%s` is `%.40s`; write a number such as 2, -0.25 or 1/3 (up to %d, denominator up to %d)", key,
			text, RATIONAL_MAX_VALUE, RATIONAL_MAX_DENOMINATOR);
	return true;
}

// A whole number without sign, up to four digits. -1 if it is none.
static int parse_count(const char *text)
{
	int number = 0;
	size_t length = strlen(text);
	if (length == 0 || length > 4)
		return -1;
	for (; *text != '\0'; text++) {
		if (!g_ascii_isdigit(*text))
			return -1;
		number = number * 10 + (*text - '0');
	}
	return number;
}

bool exam_reader_count(struct exam_reader *reader, const struct yaml_node *map, const char *key, unsigned min,
	unsigned max, unsigned *value)
{
	const struct yaml_node *node = yaml_node_get(map, key);
	if (node == NULL)
		return true;
	int count = node->kind == YAML_SCALAR ? parse_count(node->text) : -1;
	if (count < (int)min || count > (int)max)
		return exam_reader_fail(reader, node->line, "`%s` must be a whole number from %u to %u", key, min, max);
	*value = (unsigned)count;
	return true;
}

bool exam_reader_word(struct exam_reader *reader, const struct yaml_node *map, const char *key,
	const char *const *words, unsigned *value)
{
	const struct yaml_node *node = yaml_node_get(map, key);
	if (node == NULL)
		return true;
	const char *text = exam_reader_text(reader, node, EXAM_READER_MAX_TITLE_BYTES);
	if (text == NULL)
		return false;
	for (unsigned i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) == 0) {
			*value = i;
			return true;
		}
	}
	g_autofree char *hint = advice(text, words);
	return exam_reader_fail(reader, node->line, "`%s` is `%.40s`; %s", key, text, hint);
}

static char **count_choices(struct exam_reader *reader, const struct yaml_node *node)
{
	int count = parse_count(node->text);
	if (count < 2 || count > EXAM_MAX_CHOICES) {
		exam_reader_fail(reader, node->line,
			"`choices` must be a number from 2 to %d, or a list of labels such as [yes, no]",
			EXAM_MAX_CHOICES);
		return NULL;
	}
	char **labels = g_new0(char *, (size_t)count + 1);
	for (int i = 0; i < count; i++)
		labels[i] = g_strdup_printf("%c", 'A' + i);
	return labels;
}

// '|' joins labels in the result files.
static bool check_label(struct exam_reader *reader, const struct yaml_node *node, char *const *earlier)
{
	if (node->kind != YAML_SCALAR || node->text[0] == '\0')
		return exam_reader_fail(reader, node->line, "a choice must be a text that is not empty");
	if (strlen(node->text) > EXAM_MAX_LABEL_BYTES)
		return exam_reader_fail(reader, node->line, "the choice `%.40s…` is longer than %d bytes", node->text,
			EXAM_MAX_LABEL_BYTES);
	if (strchr(node->text, '|') != NULL)
		return exam_reader_fail(reader, node->line, "the choice `%s` holds the character |", node->text);
	if (node->text[0] == ' ' || g_str_has_suffix(node->text, " "))
		return exam_reader_fail(reader, node->line, "the choice `%s` begins or ends with a space", node->text);
	if (g_strv_contains((const char *const *)earlier, node->text))
		return exam_reader_fail(reader, node->line, "the choice `%s` stands twice", node->text);
	return true;
}

char **exam_reader_choices(struct exam_reader *reader, const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR)
		return count_choices(reader, node);
	if (!exam_reader_check_list(reader, node, EXAM_MAX_CHOICES, "choices"))
		return NULL;
	if (node->nodes->len < 2) {
		exam_reader_fail(reader, node->line, "`choices` lists one choice; at least two are needed");
		return NULL;
	}
	g_auto(GStrv) labels = g_new0(char *, node->nodes->len + 1);
	for (unsigned i = 0; i < node->nodes->len; i++) {
		const struct yaml_node *label = yaml_node_at(node, i);
		if (!check_label(reader, label, labels))
			return NULL;
		labels[i] = g_strdup(label->text);
	}
	return g_steal_pointer(&labels);
}

char *exam_reader_list_labels(char *const *labels)
{
	GString *text = g_string_new(labels[0]);
	for (unsigned i = 1; labels[i] != NULL; i++) {
		if (i == MAX_NAMED_LABELS && labels[i + 1] != NULL) {
			g_string_append(text, ", …");
			break;
		}
		g_string_append_printf(text, ", %s", labels[i]);
	}
	return g_string_free(text, FALSE);
}
