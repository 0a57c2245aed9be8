/* SPDX-License-Identifier: Apache-2.0 */
/*
 * node - readings of one node of a YAML file, each with an answer that names line and key.
 *
 * Shape     A reading collects the fault of the first thing that is wrong. Where a node has no key
 *           of its own (an item of a list), the fault names the list.
 * Owns      Nothing.   Lives  One reading.   Threads  One.
 * Fails     "conf.not_text", "conf.not_list", "conf.not_map", "conf.integer", "conf.range",
 *           "conf.too_long", "conf.too_many", "conf.unknown_key", "conf.required".
 * Bounds    CONF_LIST_MAX and CONF_TEXT_BYTES unless the caller says otherwise.
 */
#ifndef YUMEN_CONF_NODE_H
#define YUMEN_CONF_NODE_H

#include "conf/conf.h"
#include "kit/yaml.h"

struct conf_reading {
    struct arena *arena;
    struct conf_fault fault;
};

/* err.at is the line. */
err node_fail(struct conf_reading *r, const struct yaml_node *node, str key, const char *why);
err node_text(struct conf_reading *r, const struct yaml_node *node, size_t max_bytes,
              str *ret_text);
struct node_bounds {
    int64_t low;
    int64_t high;
};
err node_i64(struct conf_reading *r, const struct yaml_node *node, struct node_bounds bounds,
             int64_t *ret_value);
err node_check_map(struct conf_reading *r, const struct yaml_node *node);
err node_check_list(struct conf_reading *r, const struct yaml_node *node, size_t max_count);
/* A map, of these keys only. */
err node_check_keys(struct conf_reading *r, const struct yaml_node *map, const char *const *known,
                    size_t count);
/* The child that must be there. */
err node_child(struct conf_reading *r, const struct yaml_node *map, const char *key,
               const struct yaml_node **ret_child);
err node_child_text(struct conf_reading *r, const struct yaml_node *map, const char *key,
                    str *ret_text);

#endif
