/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no bytes upset the reader, no document with a DOCTYPE is read, and what the writer writes
 * the reader reads as it was.
 * Method: parse, write out the whole tree, parse that, write again: both texts are the same.
 */
#include "kit/xml.h"

#include "kit_fuzz.h"

static const struct xml_limits limits = {.bytes = 1 << 16, .nodes = 2000};

/* expat takes letters for names in ISO-8859-1 that it does not in UTF-8. Names that we write are
 * our own. */
static const char *name_of(struct arena *a, str name)
{
    return str_is_ascii(name) ? str_to_c(a, name) : "x";
}

static void write_tree(struct xml *x, struct arena *a, const struct xml_node *node)
{
    xml_begin(x, name_of(a, node->name));
    for (size_t i = 0; i < node->attribute_count; i++)
        if (str_is_ascii(node->attributes[i].name))
            xml_attribute(x, str_to_c(a, node->attributes[i].name), node->attributes[i].value);
    xml_words(x, node->text);
    for (const struct xml_node *n = node->child; n != NULL; n = n->next)
        write_tree(x, a, n);
    xml_end(x);
}

static str write_all(struct arena *a, const struct xml_node *root)
{
    struct text t;
    struct xml x;
    text_init(&t, a);
    xml_init(&x, &t);
    write_tree(&x, a, root);
    must(!text_spent(&t));
    return text_str(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    str bytes = str_make((const char *)data, size);
    const struct xml_node *root = NULL;
    const struct xml_node *again = NULL;
    arena_init(&a, 64 << 20);
    if (!failed(xml_parse(bytes, limits, &a, &root))) {
        str text = write_all(&a, root);
        err e = xml_parse(text, (struct xml_limits){.bytes = 8 << 20, .nodes = 2000}, &a, &again);
        /* The blanks before children count as text of their parent. */
        must(!failed(e) || (e.code == ERR_LIMIT && text.size > XML_TEXT_BYTES));
        must(failed(e) || str_equal(text, write_all(&a, again)));
    }
    arena_done(&a);
    return 0;
}
