/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml - both directions: a reader over expat that takes no orders from what it reads, and a writer.
 *
 * Shape     The reader makes a small tree: a node has a name, a namespace, its own text, its
 *           attributes and its children. A node may be NULL, and every question may be asked of
 *           NULL, so a path reads in one line:
 *
 *               TRY(xml_parse(bytes, limits, turn, &root));
 *               TRY(xml_only(root, "Body/Amount", &node));       NULL when there is none
 *               xml_text(node)                                   "100.00"
 *
 *           A child is found by its local name, and only in its parent's own namespace: an element
 *           of a stranger's that happens to be called Amount is not ours.
 *           The writer indents, escapes, and turns what XML cannot say into U+FFFD:
 *
 *               xml_begin(&x, "Amount"); xml_attribute(&x, "Ccy", code); xml_words(&x, amount);
 *               xml_end(&x);
 *
 * Owns      Nothing: the tree is the arena's; expat is done when xml_parse returns.
 * Lives     As long as the arena (tree) or the text (writer).
 * Fails     xml_parse: ERR_MALFORMED "xml.malformed" at the byte, "xml.doctype" at the first
 *           DOCTYPE (so no entity is ever declared, and nothing is ever fetched), "xml.encoding";
 *           ERR_LIMIT "xml.too_large", "xml.too_deep", "xml.too_many", "xml.text_too_long", or when
 *           the arena is spent. xml_only: ERR_MALFORMED "xml.repeated".
 *           The writer: ask text_spent(). An end too many is our mistake: assert.
 * Threads   A tree is read-only: any. A writer: one.
 * Bounds    struct xml_limits; XML_DEPTH levels, XML_ATTRIBUTES attributes an element. UTF-8,
 *           UTF-16, ISO-8859-1 and US-ASCII, as the document says; text comes out as UTF-8.
 */
#ifndef YUMEN_KIT_XML_H
#define YUMEN_KIT_XML_H

#include "base/str.h"

enum { XML_DEPTH = 32, XML_ATTRIBUTES = 16, XML_TEXT_BYTES = 16 * 1024 };

struct xml_attribute {
    str name; /* local; of no namespace: others are left out */
    str value;
};

struct xml_node {
    str name;  /* local: "Document" of "d:Document" */
    str space; /* the namespace's URI; empty: none */
    str text;  /* of its own, children's left out, white space at both ends too */
    const struct xml_attribute *attributes;
    size_t attribute_count;
    struct xml_node *child;
    struct xml_node *next;
    uint32_t at; /* byte offset of its start: for an err */
};

struct xml_limits {
    size_t bytes;
    size_t nodes;
};

err xml_parse(str bytes, struct xml_limits limits, struct arena *a,
              const struct xml_node **ret_root);

/* The first child of this name in the parent's namespace; NULL: there is none. */
const struct xml_node *xml_child(const struct xml_node *parent, const char *name);
/* The next one of the same name and namespace. */
const struct xml_node *xml_again(const struct xml_node *node);
/* The first child of this name in the namespace given. */
const struct xml_node *xml_child_of(const struct xml_node *parent, str space, const char *name);
/* Down a path "A/B/C". Each step must be there once: NULL for none, an err for more. */
err xml_only(const struct xml_node *from, const char *path, const struct xml_node **ret_node);
/* Empty for NULL. */
str xml_text(const struct xml_node *node);
str xml_attribute_of(const struct xml_node *node, const char *name);

struct xml {
    struct text *text;
    const char *open[XML_DEPTH];
    uint8_t depth;
    bool is_in_tag;    /* "<Amount" is written, its '>' not yet */
    bool has_children; /* of the innermost: its end goes on a line of its own */
};

/* Writes the declaration. Names are literals of ours; they are not escaped. */
void xml_init(struct xml *x, struct text *t);
void xml_begin(struct xml *x, const char *name);
/* Right after xml_begin. */
void xml_attribute(struct xml *x, const char *name, str value);
void xml_words(struct xml *x, str words);
void xml_end(struct xml *x);
/* Begin, words, end. */
void xml_put(struct xml *x, const char *name, str words);
/* Nothing at all when there are no words. */
void xml_put_if_any(struct xml *x, const char *name, str words);

#endif
