// SPDX-License-Identifier: GPL-3.0-or-later
// First the bytes are checked (UTF-8, no control characters), so that libyaml's line numbers are those of any editor.
// Then libyaml's events are folded into a tree with a stack of the collections that are open. Anchors, aliases and tags
// are refused when their event comes, before anything could be expanded.
#include "sheet/yaml_tree.h"

#include <stdbool.h>
#include <string.h>
#include <yaml.h>

struct tree_reader {
	const char *name;
	yaml_parser_t parser;
	struct yaml_node *root;
	GPtrArray *open; // collections not ended yet, borrowed from the tree
	char *key;       // read, its value still to come
	unsigned key_line;
	unsigned n_nodes;
	GError **error;
};

static bool fail(struct tree_reader *reader, size_t line, const char *format, ...) G_GNUC_PRINTF(3, 4);

// Always false, so that callers can return it.
static bool fail(struct tree_reader *reader, size_t line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_autofree char *message = g_strdup_printf("%s:%zu: %s", reader->name, line, what);
	g_autofree char *valid = g_utf8_make_valid(message, -1); // a quotation may be cut inside a character
	g_set_error_literal(reader->error, YAML_TREE_ERROR, 0, valid);
	return false;
}

void yaml_node_free(struct yaml_node *node)
{
	if (node == NULL)
		return;
	if (node->nodes != NULL)
		g_ptr_array_unref(node->nodes);
	g_free(node->key);
	g_free(node->text);
	g_free(node);
}

static void free_element(gpointer node)
{
	yaml_node_free(node);
}

const struct yaml_node *yaml_node_get(const struct yaml_node *map, const char *key)
{
	for (unsigned i = 0; i < map->nodes->len; i++) {
		const struct yaml_node *node = yaml_node_at(map, i);
		if (strcmp(node->key, key) == 0)
			return node;
	}
	return NULL;
}

const struct yaml_node *yaml_node_at(const struct yaml_node *node, unsigned i)
{
	return g_ptr_array_index(node->nodes, i);
}

// Besides the usual control characters, the line and paragraph separators: editors do not agree whether they begin a
// line.
static bool is_control(gunichar c)
{
	return g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE;
}

static bool check_bytes(struct tree_reader *reader, const char *text, size_t size)
{
	const char *valid_end;
	bool is_utf8 = g_utf8_validate_len(text, size, &valid_end);
	size_t line = 1;
	const char *line_start = text;
	for (const char *p = text; p < valid_end; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		// Directives: an exam needs none, and libyaml's time for many of them grows with their square.
		if (c == '%' && p == line_start)
			return fail(reader, line, "a line cannot begin with %%; put such text in \"quotes\"");
		// CR LF is one line break; libyaml takes a lone CR for one too.
		if (c == '\n' || (c == '\r' && (p + 1 == valid_end || p[1] != '\n'))) {
			line++;
			line_start = p + 1;
		} else if (c != '\t' && c != '\r' && is_control(c))
			return fail(
				reader, line, "a character that cannot be printed (U+%04X) stands here; delete it", c);
	}
	if (is_utf8)
		return true;
	if (*valid_end == '\0')
		return fail(reader, line, "a NUL byte stands here; this is not a text file, or not one saved as UTF-8");
	return fail(reader, line, "this is not UTF-8 text; save the file with the encoding UTF-8");
}

// What libyaml finds wrong most often, in words that help a teacher.
static const struct {
	const char *problem, *advice;
} syntax_advice[] = {
	{"found a tab character that violates indentation", "a tab stands here; indent with spaces"},
	{"found character that cannot start any token", "a tab, or one of the characters @ ` %, cannot stand here; "
							"indent with spaces, and put text that begins so in "
							"\"quotes\""},
	{"mapping values are not allowed in this context",
		"a colon is not expected here; put text that holds a colon in \"quotes\", and check the indentation"},
	{"did not find expected ',' or ']'", "a comma or a closing ] is missing here or above"},
	{"did not find expected ',' or '}'", "a comma or a closing } is missing here or above"},
	{"found unexpected end of stream", "the file ends inside a text; a closing quote is missing above"},
	{"could not find expected ':'",
		"a key needs a colon and a space behind it, such as `key: A`; check this line and "
		"the one above"},
	{"did not find expected key", "a key such as `key: A` is expected here; check the indentation"},
	{"did not find expected '-' indicator", "a dash is expected here; check the indentation"},
	{"found undefined tag handle", "a tag (!) is not allowed; put text that begins with ! in \"quotes\""},
};

static bool fail_syntax(struct tree_reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	const char *problem = parser->problem != NULL ? parser->problem : "it cannot be read";
	size_t line = parser->problem_mark.line + 1, start = parser->context_mark.line + 1;
	if (parser->error == YAML_MEMORY_ERROR)
		return fail(reader, line, "not enough memory to read the file");
	const char *advice = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(syntax_advice); i++)
		if (strcmp(problem, syntax_advice[i].problem) == 0)
			advice = syntax_advice[i].advice;
	g_autofree char *where = NULL;
	if (parser->context != NULL && start < line)
		where = g_strdup_printf(" (it concerns what begins in line %zu)", start);
	if (advice == NULL)
		return fail(reader, line, "this is not sound YAML: %s%s", problem, where != NULL ? where : "");
	return fail(reader, line, "%s%s", advice, where != NULL ? where : "");
}

// Gives the node its place: under the key that waits, at the end of the list, or as the root.
static void attach(struct tree_reader *reader, struct yaml_node *node)
{
	node->key = g_steal_pointer(&reader->key);
	node->key_line = reader->key_line;
	if (reader->open->len == 0) {
		reader->root = node;
		return;
	}
	struct yaml_node *parent = g_ptr_array_index(reader->open, reader->open->len - 1);
	g_ptr_array_add(parent->nodes, node);
}

static bool wants_key(const struct tree_reader *reader)
{
	if (reader->open->len == 0 || reader->key != NULL)
		return false;
	const struct yaml_node *parent = g_ptr_array_index(reader->open, reader->open->len - 1);
	return parent->kind == YAML_MAP;
}

static bool take_key(struct tree_reader *reader, const char *key, size_t line)
{
	const struct yaml_node *map = g_ptr_array_index(reader->open, reader->open->len - 1);
	if (map->nodes->len >= YAML_TREE_MAX_KEYS)
		return fail(reader, line, "more than %d keys in one place", YAML_TREE_MAX_KEYS);
	const struct yaml_node *twin = yaml_node_get(map, key);
	if (twin != NULL)
		return fail(reader, line, "`%.40s` stands here a second time (first in line %u); delete one", key,
			twin->key_line);
	reader->key = g_strdup(key);
	reader->key_line = (unsigned)line;
	return true;
}

static bool take_scalar(struct tree_reader *reader, const yaml_event_t *event, size_t line)
{
	const char *text = (const char *)event->data.scalar.value;
	if (strlen(text) != event->data.scalar.length)
		return fail(reader, line, "a NUL character stands in this text; delete it");
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c == '\n')
			return fail(reader, line, "this text runs over several lines; write it in one");
		if (is_control(c))
			return fail(reader, line,
				"this text holds a character that cannot be printed (U+%04X); delete it", c);
	}
	if (wants_key(reader))
		return take_key(reader, text, line);
	struct yaml_node *node = g_new0(struct yaml_node, 1);
	node->kind = YAML_SCALAR;
	node->line = (unsigned)line;
	node->text = g_strdup(text);
	attach(reader, node);
	return true;
}

static bool open_collection(struct tree_reader *reader, enum yaml_kind kind, size_t line)
{
	if (wants_key(reader))
		return fail(reader, line, "a list or mapping cannot be a key; check the brackets and the indentation");
	if (reader->open->len >= YAML_TREE_MAX_DEPTH)
		return fail(
			reader, line, "lists and mappings stand more than %d deep in each other", YAML_TREE_MAX_DEPTH);
	struct yaml_node *node = g_new0(struct yaml_node, 1);
	node->kind = kind;
	node->line = (unsigned)line;
	node->nodes = g_ptr_array_new_with_free_func(free_element);
	attach(reader, node);
	g_ptr_array_add(reader->open, node);
	return true;
}

// Anchors and tags can stand before any node.
static bool check_plain(struct tree_reader *reader, const void *anchor, const void *tag, size_t line)
{
	if (anchor != NULL)
		return fail(reader, line, "an anchor (&) is not allowed; put text that begins with & in \"quotes\"");
	if (tag != NULL)
		return fail(reader, line, "a tag (!) is not allowed; put text that begins with ! in \"quotes\"");
	if (++reader->n_nodes > YAML_TREE_MAX_NODES)
		return fail(reader, line, "more than %d entries in one file", YAML_TREE_MAX_NODES);
	return true;
}

static bool take_event(struct tree_reader *reader, const yaml_event_t *event)
{
	size_t line = event->start_mark.line + 1;
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return reader->root == NULL ||
		       fail(reader, line, "a second document (---) begins here; one exam a file");
	case YAML_ALIAS_EVENT:
		return fail(reader, line, "an alias (*) is not allowed; put text that begins with * in \"quotes\"");
	case YAML_SCALAR_EVENT:
		return check_plain(reader, event->data.scalar.anchor, event->data.scalar.tag, line) &&
		       take_scalar(reader, event, line);
	case YAML_SEQUENCE_START_EVENT:
		return check_plain(reader, event->data.sequence_start.anchor, event->data.sequence_start.tag, line) &&
		       open_collection(reader, YAML_LIST, line);
	case YAML_MAPPING_START_EVENT:
		return check_plain(reader, event->data.mapping_start.anchor, event->data.mapping_start.tag, line) &&
		       open_collection(reader, YAML_MAP, line);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		g_ptr_array_set_size(reader->open, (int)reader->open->len - 1);
		return true;
	default:
		return true;
	}
}

static bool read_events(struct tree_reader *reader)
{
	for (;;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&reader->parser, &event))
			return fail_syntax(reader);
		bool at_end = event.type == YAML_STREAM_END_EVENT;
		bool taken = take_event(reader, &event);
		yaml_event_delete(&event);
		if (!taken || at_end)
			return taken;
	}
}

struct yaml_node *yaml_tree_parse(const char *name, const char *text, size_t size, GError **error)
{
	struct tree_reader reader = {.name = name, .error = error};
	static const char byte_order_mark[] = "\xEF\xBB\xBF"; // Windows editors put it in front
	if (size >= 3 && memcmp(text, byte_order_mark, 3) == 0) {
		text += 3;
		size -= 3;
	}
	if (!check_bytes(&reader, text, size))
		return NULL;
	if (!yaml_parser_initialize(&reader.parser)) {
		fail(&reader, 1, "not enough memory to read the file");
		return NULL;
	}
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
	reader.open = g_ptr_array_new();
	bool sound = read_events(&reader);
	if (sound && reader.root == NULL)
		sound = fail(&reader, 1, "the file is empty");
	yaml_parser_delete(&reader.parser);
	g_ptr_array_unref(reader.open);
	g_free(reader.key);
	if (sound)
		return reader.root;
	yaml_node_free(reader.root);
	return NULL;
}
