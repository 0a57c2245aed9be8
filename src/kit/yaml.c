/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/yaml.h"

#include <assert.h>
#include <yaml.h>

/* Where the next event belongs. One frame for every list or map that is open. */
struct frame {
    struct yaml_node *node;
    struct yaml_node *last; /* child */
    struct yaml_node *half; /* a map's child whose key came and whose value did not */
};

struct builder {
    struct arena *arena;
    struct frame frames[YAML_DEPTH];
    size_t depth;
    struct yaml_node *root;
    bool is_over; /* the one document has ended */
};

static uint32_t line_of(const yaml_mark_t *mark)
{
    return (uint32_t)mark->line + 1;
}

static err wrong(const char *why, const yaml_event_t *event)
{
    return fail(ERR_MALFORMED, why, line_of(&event->start_mark));
}

static err spent(const yaml_event_t *event)
{
    return fail(ERR_LIMIT, "yaml: the arena is spent", line_of(&event->start_mark));
}

static str scalar_of(const yaml_event_t *event)
{
    return str_make((const char *)event->data.scalar.value, event->data.scalar.length);
}

static void child_add(struct frame *f, struct yaml_node *child)
{
    if (f->last == NULL)
        f->node->first = child;
    else
        f->last->next = child;
    f->last = child;
    f->node->count++;
}

static err key_add(struct builder *b, struct frame *f, const yaml_event_t *event)
{
    if (event->type != YAML_SCALAR_EVENT)
        return wrong("yaml.key", event);
    str key = scalar_of(event);
    if (key.size == 0 || memchr(key.at, 0, key.size) != NULL || str_equal(key, STR("<<")))
        return wrong("yaml.key", event);
    if (f->node->count == YAML_KEYS)
        return fail(ERR_LIMIT, "yaml.too_large", line_of(&event->start_mark));
    struct yaml_node *child = arena_make(b->arena, sizeof *child);
    key = str_copy(b->arena, key);
    if (child == NULL || key.at == NULL)
        return spent(event);
    if (yaml_find(f->node, key.at) != NULL)
        return wrong("yaml.key_repeated", event);
    child->key = key;
    child->key_line = line_of(&event->start_mark);
    child->key_column = (uint32_t)event->start_mark.column + 1;
    child_add(f, child);
    f->half = child;
    return OK;
}

/* The node that a value belongs to: a map's half child, a list's new one, or the root. */
static struct yaml_node *value_place(struct builder *b)
{
    if (b->depth == 0) {
        b->root = arena_make(b->arena, sizeof *b->root);
        return b->root;
    }
    struct frame *f = &b->frames[b->depth - 1];
    struct yaml_node *place = f->half;
    f->half = NULL;
    if (place != NULL)
        return place;
    place = arena_make(b->arena, sizeof *place);
    if (place != NULL)
        child_add(f, place);
    return place;
}

/* The word for what we do not take, or NULL. */
static const char *ornament_of(const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor != NULL)
        return "yaml.anchor";
    return tag != NULL ? "yaml.tag" : NULL;
}

static err value_add(struct builder *b, const yaml_event_t *event)
{
    struct yaml_node *node = value_place(b);
    if (node == NULL)
        return spent(event);
    node->line = line_of(&event->start_mark);
    node->column = (uint32_t)event->start_mark.column + 1;
    if (event->type == YAML_SCALAR_EVENT) {
        node->kind = YAML_KIND_SCALAR;
        node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        node->value = str_copy(b->arena, scalar_of(event));
        return node->value.at == NULL ? spent(event) : OK;
    }
    node->kind = event->type == YAML_MAPPING_START_EVENT ? YAML_KIND_MAP : YAML_KIND_LIST;
    if (b->depth == YAML_DEPTH)
        return fail(ERR_LIMIT, "yaml.too_deep", node->line);
    b->frames[b->depth++] = (struct frame){.node = node};
    return OK;
}

static err node_event(struct builder *b, const yaml_event_t *event)
{
    const char *ornament = ornament_of(event);
    if (ornament != NULL)
        return wrong(ornament, event);
    struct frame *f = b->depth == 0 ? NULL : &b->frames[b->depth - 1];
    assert(f == NULL || f->node != NULL);
    if (f != NULL && f->node->kind == YAML_KIND_MAP && f->half == NULL)
        return key_add(b, f, event);
    return value_add(b, event);
}

static err event_step(struct builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return node_event(b, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return OK;
    case YAML_ALIAS_EVENT:
        return wrong("yaml.anchor", event);
    case YAML_DOCUMENT_START_EVENT:
        return b->root == NULL ? OK : wrong("yaml.documents", event);
    case YAML_STREAM_END_EVENT:
        b->is_over = true;
        return OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return OK;
}

static void parser_end(yaml_parser_t *parser)
{
    yaml_parser_delete(parser);
}

static void event_end(yaml_event_t *event)
{
    yaml_event_delete(event);
}

static uint32_t line_at(str bytes, size_t offset)
{
    uint32_t line = 1;
    for (size_t i = 0; i < offset && i < bytes.size; i++)
        line += bytes.at[i] == '\n';
    return line;
}

static err parser_error(const yaml_parser_t *parser, str bytes)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return fail(ERR_OS, "yaml: no memory for libyaml", 0);
    uint32_t line = parser->error == YAML_READER_ERROR ? line_at(bytes, parser->problem_offset)
                                                       : line_of(&parser->problem_mark);
    return fail(ERR_MALFORMED, "yaml.malformed", line);
}

static err parse_step(struct builder *b, yaml_parser_t *parser, str bytes)
{
    SCOPED(event_end) yaml_event_t event = {0};
    if (yaml_parser_parse(parser, &event) != 1)
        return parser_error(parser, bytes);
    return event_step(b, &event);
}

err yaml_parse(str bytes, struct arena *a, const struct yaml_node **ret_root)
{
    if (bytes.size > YAML_TEXT_BYTES)
        return fail(ERR_LIMIT, "yaml.too_large", 0);
    if (bytes.at == NULL)
        bytes = STR("");
    SCOPED(parser_end) yaml_parser_t parser = {0};
    if (yaml_parser_initialize(&parser) != 1)
        return fail(ERR_OS, "yaml: no memory for libyaml", 0);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes.at, bytes.size);

    struct builder b = {.arena = a};
    while (!b.is_over)
        TRY(parse_step(&b, &parser, bytes));
    bool is_nothing = b.root == NULL;
    if (is_nothing)
        b.root = arena_make(a, sizeof *b.root);
    if (b.root == NULL)
        return fail(ERR_LIMIT, "yaml: the arena is spent", 0);
    if (is_nothing)
        *b.root = (struct yaml_node){.kind = YAML_KIND_MAP, .line = 1, .column = 1};
    *ret_root = b.root;
    return OK;
}

const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
    if (map == NULL || map->kind != YAML_KIND_MAP)
        return NULL;
    str wanted = str_from_c(key);
    const struct yaml_node *child = map->first;
    while (child != NULL && !str_equal(child->key, wanted))
        child = child->next;
    return child;
}

static bool is_known(str key, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(key, str_from_c(known[i])))
            return true;
    return false;
}

const struct yaml_node *yaml_find_unknown(const struct yaml_node *map, const char *const *known,
                                          size_t count)
{
    if (map == NULL || map->kind != YAML_KIND_MAP)
        return NULL;
    const struct yaml_node *child = map->first;
    while (child != NULL && is_known(child->key, known, count))
        child = child->next;
    return child;
}

str yaml_text(const struct yaml_node *node)
{
    if (node == NULL || node->kind != YAML_KIND_SCALAR)
        return STR("");
    bool is_null = !node->is_quoted &&
                   (str_equal(node->value, STR("~")) || str_equal(node->value, STR("null")));
    return is_null ? STR("") : node->value;
}
