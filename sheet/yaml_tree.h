// SPDX-License-Identifier: GPL-3.0-or-later
// A small, strict YAML document as a tree whose nodes know their lines. Every scalar is text: `yes`, `1` and `~` mean
// themselves. What invites mistakes or attacks is refused: anchors and aliases, tags, repeated keys, a second document,
// control characters, scalars of several lines, and anything beyond the caps. Knows YAML, not what an exam is.
#ifndef SHEAF_SHEET_YAML_TREE_H
#define SHEAF_SHEET_YAML_TREE_H

#include <glib.h>
#include <stddef.h>

// Far beyond any exam; they bound time and memory on hostile input.
#define YAML_TREE_MAX_DEPTH 12
#define YAML_TREE_MAX_NODES 100000
#define YAML_TREE_MAX_KEYS 512 // of one mapping

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	unsigned line;     // from 1; of its first character
	char *key;         // under which it stands in a mapping; NULL elsewhere
	unsigned key_line; // the line of that key
	char *text;        // of a scalar: UTF-8, one line, no control characters; "" where nothing is written
	GPtrArray *nodes;  // of a list or mapping: struct yaml_node *, in the order of the file
};

#define YAML_TREE_ERROR (g_quark_from_static_string("sheaf-yaml-tree"))

// The root of the document in text, which need not end in NUL. NULL with error set on failure, the message being
// "NAME:LINE: what is wrong". The caller frees the root with yaml_node_free, and everything goes with it.
struct yaml_node *yaml_tree_parse(const char *name, const char *text, size_t size, GError **error);
void yaml_node_free(struct yaml_node *node); // accepts NULL

// The value under key in a mapping, or NULL. Borrowed.
const struct yaml_node *yaml_node_get(const struct yaml_node *map, const char *key);
// Element i of a list or mapping. Borrowed.
const struct yaml_node *yaml_node_at(const struct yaml_node *node, unsigned i);

static inline void yaml_node_clear_pointer(struct yaml_node **node)
{
	yaml_node_free(*node);
}
#define YAML_NODE_AUTO                                                                                                 \
	__attribute__((cleanup(yaml_node_clear_pointer))) struct yaml_node * // freed at the end of the scope

#endif
