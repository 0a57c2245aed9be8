/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no bytes upset the reader; a tree it gives is sound.
 * Method: walk it: counts fit, keys are there exactly in maps and found by name, lines exist.
 */
#include "kit/yaml.h"

#include "kit_fuzz.h"

static void walk(const struct yaml_node *node, int depth)
{
    must(depth <= YAML_DEPTH + 1 && node->line > 0 && node->column > 0);
    must(node->kind != YAML_KIND_SCALAR || node->first == NULL);
    size_t count = 0;
    for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
        count++;
        must((node->kind == YAML_KIND_MAP) == (child->key.size > 0));
        must(child->key.size == 0 || yaml_find(node, child->key.at) == child);
        walk(child, depth + 1);
    }
    must(count == node->count);
    must(str_is_utf8(yaml_text(node)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 8 << 20);
    const struct yaml_node *root = NULL;
    if (!failed(yaml_parse(str_make((const char *)data, size), &a, &root)))
        walk(root, 1);
    arena_done(&a);
    return 0;
}
