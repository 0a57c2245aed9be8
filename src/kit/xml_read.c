/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/xml.h"

#include <assert.h>
#include <expat.h>
#include <limits.h>

/* Between a namespace and a local name. Neither can have it, so the last one parts them. */
#define PART '\n'

struct reading {
    XML_Parser parser;
    struct arena *arena;
    size_t nodes_left;
    struct xml_node *root;
    struct xml_node *open[XML_DEPTH];
    struct xml_node *last[XML_DEPTH]; /* the newest child of each */
    struct text text[XML_DEPTH];
    uint8_t depth;
    err failure; /* the first; expat is then stopped */
};

static void stop(struct reading *r, enum err_code code, const char *why)
{
    XML_Index at = XML_GetCurrentByteIndex(r->parser);
    if (!failed(r->failure))
        r->failure = fail(code, why, at < 0 ? 0 : (uint32_t)at);
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static void split_name(str whole, str *ret_space, str *ret_name)
{
    size_t cut = whole.size;
    while (cut > 0 && whole.at[cut - 1] != PART)
        cut--;
    *ret_space = cut == 0 ? STR("") : str_until(whole, cut - 1);
    *ret_name = str_from(whole, cut);
}

/* expat hands out name and value in turns, NULL at the end, and has refused repeated ones. */
static bool keep_attributes(struct reading *r, struct xml_node *node, const XML_Char **pairs)
{
    size_t count = 0;
    while (pairs[2 * count] != NULL)
        count++;
    if (count > XML_ATTRIBUTES)
        return false;
    struct xml_attribute *kept = arena_make_array(r->arena, count + 1, sizeof *kept);
    size_t used = 0;
    for (size_t i = 0; kept != NULL && i < count; i++) {
        str space;
        str name;
        split_name(str_from_c(pairs[2 * i]), &space, &name);
        if (!str_is_empty(space))
            continue;
        kept[used].name = str_copy(r->arena, name);
        kept[used].value = str_copy(r->arena, str_from_c(pairs[2 * i + 1]));
        used += kept[used].name.at != NULL && kept[used].value.at != NULL;
    }
    node->attributes = kept;
    node->attribute_count = used;
    return true;
}

static struct xml_node *make_node(struct reading *r, const XML_Char *name)
{
    struct xml_node *node = arena_make(r->arena, sizeof *node);
    str whole = str_copy(r->arena, str_from_c(name));
    if (node == NULL || whole.at == NULL)
        return NULL;
    split_name(whole, &node->space, &node->name);
    XML_Index at = XML_GetCurrentByteIndex(r->parser);
    node->at = at < 0 ? 0 : (uint32_t)at;
    return node;
}

static void hang(struct reading *r, struct xml_node *node)
{
    if (r->depth == 0) {
        r->root = node;
    } else {
        struct xml_node *parent = r->open[r->depth - 1];
        struct xml_node *elder = r->last[r->depth - 1];
        if (elder == NULL)
            parent->child = node;
        else
            elder->next = node;
        r->last[r->depth - 1] = node;
    }
    r->open[r->depth] = node;
    r->last[r->depth] = NULL;
    text_init(&r->text[r->depth], r->arena);
    r->depth++;
}

static void on_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct reading *r = self;
    if (failed(r->failure))
        return;
    if (r->depth == XML_DEPTH) {
        stop(r, ERR_LIMIT, "xml.too_deep");
        return;
    }
    if (r->nodes_left == 0) {
        stop(r, ERR_LIMIT, "xml.too_many");
        return;
    }
    r->nodes_left--;
    struct xml_node *node = make_node(r, name);
    if (node == NULL)
        stop(r, ERR_LIMIT, "xml: no memory left for a document");
    else if (!keep_attributes(r, node, attributes))
        stop(r, ERR_LIMIT, "xml.too_many");
    else
        hang(r, node);
}

static void on_text(void *self, const XML_Char *bytes, int size)
{
    struct reading *r = self;
    if (failed(r->failure) || r->depth == 0)
        return;
    struct text *t = &r->text[r->depth - 1];
    if (t->size + (size_t)size > XML_TEXT_BYTES)
        stop(r, ERR_LIMIT, "xml.text_too_long");
    else
        text_put(t, str_make(bytes, (size_t)size));
}

static void on_end(void *self, const XML_Char *name)
{
    struct reading *r = self;
    (void)name;
    if (failed(r->failure))
        return;
    r->depth--;
    struct text *t = &r->text[r->depth];
    r->open[r->depth]->text = str_trim(text_str(t));
    if (text_spent(t))
        stop(r, ERR_LIMIT, "xml: no memory left for a document");
}

static void on_doctype(void *self, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int has_subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    stop(self, ERR_MALFORMED, "xml.doctype");
}

static err why_not(const struct reading *r)
{
    if (failed(r->failure))
        return r->failure;
    XML_Index at = XML_GetCurrentByteIndex(r->parser);
    enum XML_Error code = XML_GetErrorCode(r->parser);
    if (code == XML_ERROR_NO_MEMORY)
        return fail(ERR_OS, "xml: no memory left", 0);
    bool is_encoding = code == XML_ERROR_UNKNOWN_ENCODING || code == XML_ERROR_INCORRECT_ENCODING;
    if (is_encoding)
        return fail(ERR_MALFORMED, "xml.encoding", at < 0 ? 0 : (uint32_t)at);
    return fail(ERR_MALFORMED, "xml.malformed", at < 0 ? 0 : (uint32_t)at);
}

static err run(struct reading *r, str bytes)
{
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    enum XML_Status status = XML_Parse(r->parser, bytes.at, (int)bytes.size, XML_TRUE);
    if (status != XML_STATUS_OK || failed(r->failure))
        return why_not(r);
    assert(r->root != NULL && r->depth == 0); /* expat has seen to it */
    return OK;
}

err xml_parse(str bytes, struct xml_limits limits, struct arena *a,
              const struct xml_node **ret_root)
{
    assert(limits.bytes <= INT_MAX && limits.nodes > 0);
    if (bytes.size > limits.bytes)
        return fail(ERR_LIMIT, "xml.too_large", (uint32_t)limits.bytes);
    if (bytes.at == NULL)
        bytes = STR("");
    struct reading r = {.arena = a, .nodes_left = limits.nodes};
    r.parser = XML_ParserCreateNS(NULL, PART);
    if (r.parser == NULL)
        return fail(ERR_OS, "xml: no memory left", 0);
    err e = run(&r, bytes);
    XML_ParserFree(r.parser);
    TRY(e);
    *ret_root = r.root;
    return OK;
}

/* --- asking ---- */

static const struct xml_node *first_of(const struct xml_node *from, str space, str name)
{
    for (const struct xml_node *n = from; n != NULL; n = n->next)
        if (str_equal(n->name, name) && str_equal(n->space, space))
            return n;
    return NULL;
}

const struct xml_node *xml_child(const struct xml_node *parent, const char *name)
{
    return parent == NULL ? NULL : first_of(parent->child, parent->space, str_from_c(name));
}

const struct xml_node *xml_child_of(const struct xml_node *parent, str space, const char *name)
{
    return parent == NULL ? NULL : first_of(parent->child, space, str_from_c(name));
}

const struct xml_node *xml_again(const struct xml_node *node)
{
    return node == NULL ? NULL : first_of(node->next, node->space, node->name);
}

err xml_only(const struct xml_node *from, const char *path, const struct xml_node **ret_node)
{
    str rest = str_from_c(path);
    str step;
    const struct xml_node *at = from;
    while (at != NULL && str_split(&rest, '/', &step)) {
        at = first_of(at->child, at->space, step);
        const struct xml_node *twin = xml_again(at);
        if (twin != NULL)
            return fail(ERR_MALFORMED, "xml.repeated", twin->at);
    }
    *ret_node = at;
    return OK;
}

str xml_text(const struct xml_node *node)
{
    return node == NULL ? STR("") : node->text;
}

str xml_attribute_of(const struct xml_node *node, const char *name)
{
    for (size_t i = 0; node != NULL && i < node->attribute_count; i++)
        if (str_equal(node->attributes[i].name, str_from_c(name)))
            return node->attributes[i].value;
    return STR("");
}
