/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/params_read.h"

#include "drill/figure.h"

#include <assert.h>

err params_refuse(struct reading *r, const struct yaml_node *node, const char *key, const char *why)
{
    struct text t;
    text_init(&t, r->arena);
    if (r->part != NULL) {
        text_put_c(&t, r->part);
        text_put_char(&t, '.');
    }
    text_put_c(&t, key);
    *r->fault = (struct params_fault){node == NULL ? 0 : node->line, text_str(&t)};
    return fail(ERR_MALFORMED, why, r->fault->line);
}

err params_child(struct reading *r, const struct yaml_node *map, const char *key,
                 const struct yaml_node **ret_child)
{
    const struct yaml_node *found = yaml_find(map, key);
    if (found == NULL)
        return params_refuse(r, map, key, "conf.required");
    *ret_child = found;
    return OK;
}

err params_only(struct reading *r, const struct yaml_node *map, const char *const *known,
                size_t count)
{
    assert(map != NULL);
    if (map->kind != YAML_KIND_MAP)
        return params_refuse(r, map, "", "conf.not_map");
    const struct yaml_node *unknown = yaml_find_unknown(map, known, count);
    if (unknown == NULL)
        return OK;
    err e = params_refuse(r, map, str_to_c(r->arena, unknown->key), "conf.unknown_key");
    r->fault->line = e.at = unknown->key_line;
    return e;
}

static err figure_put(struct reading *r, const struct yaml_node *node, const struct figure *f,
                      void *into)
{
    int64_t value = 0;
    if (node->kind != YAML_KIND_SCALAR || !figure_parse(yaml_text(node), f->one, &value))
        return params_refuse(r, node, f->key, f->one == 1 ? "conf.integer" : "drill.number");
    if (value < f->low || value > f->high)
        return params_refuse(r, node, f->key, "conf.range");
    memcpy((char *)into + f->offset, &value, sizeof value);
    return OK;
}

/* {value: 0.42, unit: share, source: "…"} */
static err explained_put(struct reading *r, const struct yaml_node *node, const struct figure *f,
                         void *into)
{
    static const char *const known[] = {"value", "unit", "source"};
    const struct yaml_node *value = NULL;
    TRY(params_only(r, node, known, COUNT_OF(known)));
    TRY(params_child(r, node, "value", &value));
    const char *why = figure_explained(node, str_from_c(f->unit));
    if (why != NULL)
        return params_refuse(r, node, f->key, why);
    return figure_put(r, value, f, into);
}

err params_group(struct reading *r, const struct yaml_node *root, const struct group *g, void *into)
{
    const char *known[KEYS_MOST];
    const struct yaml_node *map = NULL;
    assert(g->count <= KEYS_MOST);
    TRY(params_child(r, root, g->key, &map));
    r->part = g->key;
    for (size_t i = 0; i < g->count; i++)
        known[i] = g->figures[i].key;
    TRY(params_only(r, map, known, g->count));
    for (size_t i = 0; i < g->count; i++) {
        const struct yaml_node *node = NULL;
        TRY(params_child(r, map, g->figures[i].key, &node));
        TRY(explained_put(r, node, &g->figures[i], into));
    }
    r->part = NULL;
    return OK;
}

err params_row(struct reading *r, const struct yaml_node *node, const struct row *row, void *into)
{
    const char *known[KEYS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < row->count; i++)
        known[count++] = row->figures[i].key;
    for (const char *const *text = row->texts; *text != NULL; text++)
        known[count++] = *text;
    known[count++] = "source";
    TRY(params_only(r, node, known, count));
    if (str_is_blank(yaml_text(yaml_find(node, "source"))))
        return params_refuse(r, node, "source", "drill.source");
    for (size_t i = 0; i < row->count; i++) {
        const struct yaml_node *value = NULL;
        TRY(params_child(r, node, row->figures[i].key, &value));
        TRY(figure_put(r, value, &row->figures[i], into));
    }
    return OK;
}

err params_text(struct reading *r, const struct yaml_node *map, const char *key, str *ret_text)
{
    const struct yaml_node *node = NULL;
    TRY(params_child(r, map, key, &node));
    if (str_is_blank(yaml_text(node)) || yaml_text(node).size > 64)
        return params_refuse(r, node, key, "drill.word");
    *ret_text = str_copy(r->arena, yaml_text(node));
    return ret_text->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err params_list(struct reading *r, const struct yaml_node *root, const char *key, size_t most,
                const struct yaml_node **ret_list)
{
    const struct yaml_node *list = NULL;
    TRY(params_child(r, root, key, &list));
    assert(list != NULL);
    if (list->kind != YAML_KIND_LIST)
        return params_refuse(r, list, key, "conf.not_list");
    if (list->count == 0 || list->count > most)
        return params_refuse(r, list, key, "drill.count");
    *ret_list = list;
    return OK;
}

/* 2 to 11 capitals: as an account behind a bank's code is written. */
bool params_is_code(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] < 'A' || s.at[i] > 'Z')
            return false;
    return s.size >= 2 && s.size <= 11;
}

/* So many whole numbers, of which one at least is not 0. */
err params_numbers(struct reading *r, const struct yaml_node *map, const char *key, size_t count,
                   int64_t *ret_numbers)
{
    const struct yaml_node *list = NULL;
    const struct figure each = {.key = key, .one = 1, .high = 1000000};
    int64_t sum = 0;
    TRY(params_list(r, map, key, count, &list));
    if (list->count != count)
        return params_refuse(r, list, key, "drill.count");
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        TRY(figure_put(r, node, &each, ret_numbers));
        sum += *ret_numbers++;
    }
    return sum == 0 ? params_refuse(r, list, key, "conf.range") : OK;
}

err params_profile(struct reading *r, const struct yaml_node *node, const struct params *p,
                   uint32_t *ret_index)
{
    str name = {0};
    TRY(params_text(r, node, "hours", &name));
    for (uint32_t i = 0; i < p->profile_count; i++)
        if (str_equal(name, p->profiles[i].name)) {
            *ret_index = i;
            return OK;
        }
    return params_refuse(r, node, "hours", "drill.profile");
}
