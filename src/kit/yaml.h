/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml - a configuration file as a small tree whose every node knows its line (libyaml's events).
 *
 * Shape     Maps, lists and scalars; all scalars are text, and the reader of an option decides what
 *           it should be. One document. No anchors, aliases, tags or merge keys: a file that a
 *           second person must approve says what it means where it says it.
 *           (libcyaml would map straight to structs, but law profiles have keys that are data, and
 *           its messages name C types; a tree and a question for unknown keys explain better.)
 * Owns      Nothing; the tree is in the caller's arena.
 * Lives     As long as that arena.
 * Fails     `at` is the line. "yaml.malformed", "yaml.anchor", "yaml.tag", "yaml.key_repeated",
 *           "yaml.key" (a key that is not plain text), "yaml.documents"; ERR_LIMIT
 *           "yaml.too_large", "yaml.too_deep".
 * Threads   A tree is read-only: any.
 * Bounds    1 MiB of text, 16 levels, 4,096 keys in a map.
 */
#ifndef YUMEN_KIT_YAML_H
#define YUMEN_KIT_YAML_H

#include "base/str.h"

enum { YAML_TEXT_BYTES = 1 << 20, YAML_DEPTH = 16, YAML_KEYS = 4096 };

enum yaml_kind { YAML_KIND_SCALAR, YAML_KIND_LIST, YAML_KIND_MAP };

struct yaml_node {
    enum yaml_kind kind;
    uint32_t line;   /* 1 for the first */
    uint32_t column; /* 1 for the first */
    bool is_quoted;  /* a scalar in quotes or a block: "yes" and yes may differ */
    str key;         /* in a map: what it is called there */
    uint32_t key_line;
    uint32_t key_column;
    str value;                     /* of a scalar */
    size_t count;                  /* of children */
    const struct yaml_node *first; /* child of a list or map */
    const struct yaml_node *next;  /* sibling */
};

/* An empty file is an empty map. */
err yaml_parse(str bytes, struct arena *a, const struct yaml_node **ret_root);

/* NULL when absent, or when `map` is NULL or no map: paths may be asked in one line. */
const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);
/* The first child whose key is in none of `known`; NULL when all are. */
const struct yaml_node *yaml_find_unknown(const struct yaml_node *map, const char *const *known,
                                          size_t count);
/* The scalar's text; the empty str when the node is NULL or no scalar, or says ~ or null. */
str yaml_text(const struct yaml_node *node);

#endif
