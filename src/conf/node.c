/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/node.h"

#include <assert.h>

err node_fail(struct conf_reading *r, const struct yaml_node *node, str key, const char *why)
{
    assert(node != NULL && why != NULL);
    r->fault.line = node->key_line != 0 ? node->key_line : node->line;
    r->fault.key = key;
    return fail(ERR_MALFORMED, why, r->fault.line);
}

err node_text(struct conf_reading *r, const struct yaml_node *node, size_t max_bytes, str *ret_text)
{
    if (node->kind != YAML_KIND_SCALAR)
        return node_fail(r, node, node->key, "conf.not_text");
    str text = yaml_text(node);
    if (text.size > max_bytes)
        return node_fail(r, node, node->key, "conf.too_long");
    *ret_text = text;
    return OK;
}

err node_i64(struct conf_reading *r, const struct yaml_node *node, struct node_bounds bounds,
             int64_t *ret_value)
{
    str text = {0};
    int64_t value = 0;
    TRY(node_text(r, node, CONF_TEXT_BYTES, &text));
    if (failed(str_parse_i64(text, &value)))
        return node_fail(r, node, node->key, "conf.integer");
    if (value < bounds.low || value > bounds.high)
        return node_fail(r, node, node->key, "conf.range");
    *ret_value = value;
    return OK;
}

err node_check_map(struct conf_reading *r, const struct yaml_node *node)
{
    return node->kind == YAML_KIND_MAP ? OK : node_fail(r, node, node->key, "conf.not_map");
}

err node_check_list(struct conf_reading *r, const struct yaml_node *node, size_t max_count)
{
    if (node->kind != YAML_KIND_LIST)
        return node_fail(r, node, node->key, "conf.not_list");
    return node->count <= max_count ? OK : node_fail(r, node, node->key, "conf.too_many");
}

err node_check_keys(struct conf_reading *r, const struct yaml_node *map, const char *const *known,
                    size_t count)
{
    TRY(node_check_map(r, map));
    const struct yaml_node *odd = yaml_find_unknown(map, known, count);
    return odd == NULL ? OK : node_fail(r, odd, odd->key, "conf.unknown_key");
}

err node_child(struct conf_reading *r, const struct yaml_node *map, const char *key,
               const struct yaml_node **ret_child)
{
    const struct yaml_node *child = yaml_find(map, key);
    if (child == NULL)
        return node_fail(r, map, str_from_c(key), "conf.required");
    *ret_child = child;
    return OK;
}

err node_child_text(struct conf_reading *r, const struct yaml_node *map, const char *key,
                    str *ret_text)
{
    const struct yaml_node *child = NULL;
    TRY(node_child(r, map, key, &child));
    str text = {0};
    TRY(node_text(r, child, CONF_TEXT_BYTES, &text));
    if (str_is_empty(text))
        return node_fail(r, child, child->key, "conf.required");
    *ret_text = text;
    return OK;
}
