/* SPDX-License-Identifier: Apache-2.0 */
/* model_test - models made of chance, for the tests of this folder and its fuzz target. */
#ifndef YUMEN_SENSE_MODEL_TEST_H
#define YUMEN_SENSE_MODEL_TEST_H

#include "sense/model_file.h"
#include "sense/sense_test.h"

#include <math.h>

struct random_model {
    struct chance chance;
    struct arena *arena;
    struct model_node *nodes;
    uint32_t *parents;
    float *shares;
    uint32_t *roots;
};

static inline void *must_make(struct arena *a, size_t count, size_t bytes)
{
    void *made = arena_make_array(a, count, bytes);
    assert_non_null(made);
    return made;
}

static inline float draw_float(struct chance *c, float most)
{
    return ((float)draw_below(c, 20001) / 10000.0F - 1.0F) * most;
}

static inline void random_tree(struct random_model *r, struct model *m, uint32_t depth)
{
    uint32_t root = m->node_count++;
    uint32_t level_ends = m->node_count;
    r->roots[m->tree_count++] = root;
    r->parents[root] = root;
    for (uint32_t at = root, level = 0; at < m->node_count; at++) {
        if (at == level_ends) {
            level++;
            level_ends = m->node_count;
        }
        r->nodes[at].value = draw_float(&r->chance, 3);
        if (level == depth || draw_below(&r->chance, 5) == 0)
            continue;
        r->nodes[at].feature = (uint16_t)draw_below(&r->chance, m->feature_count);
        r->nodes[at].misses_right = draw_below(&r->chance, 2) == 1;
        r->nodes[at].left = m->node_count;
        r->shares[at] = (float)(1 + draw_below(&r->chance, 999)) / 1000.0F;
        r->parents[m->node_count++] = at;
        r->parents[m->node_count++] = at;
    }
}

static inline void random_worth(struct random_model *r, struct model *m)
{
    struct model_parameter *parameters = must_make(r->arena, 2, sizeof *parameters);
    struct model_figure *figures = must_make(r->arena, 2, sizeof *figures);
    struct model_point *points = must_make(r->arena, 2, sizeof *points);
    parameters[0] = (struct model_parameter){STR("eta"), STR("0.1")};
    parameters[1] = (struct model_parameter){STR("rounds"), STR("5")};
    figures[0] = (struct model_figure){
        STR("auc"), {900000000, 880000000, 1000000000}
    };
    figures[1] = (struct model_figure){
        STR("macro_f1"), {500, 0, 501}
    };
    points[0] = (struct model_point){
        .margin = 1.25F, .recall = {7, 6, 8}
    };
    points[1] = (struct model_point){
        .margin = -0.1F, .precision = {{1, 1, 1}, {2, 1, 3}}
    };
    m->parameters = parameters;
    m->parameter_count = 2;
    m->figures = figures;
    m->figure_count = 2;
    m->points = points;
    m->point_count = 2;
}

/* Of so many trees and features, named "a", "b" and so on. */
static inline struct model random_model(uint64_t seed, uint32_t trees, uint32_t depth,
                                        uint32_t features, struct arena *a)
{
    uint32_t most = trees << (depth + 1);
    struct random_model r = {.chance = {seed << 32}, .arena = a};
    r.nodes = must_make(a, most, sizeof *r.nodes);
    r.parents = must_make(a, most, sizeof *r.parents);
    r.shares = must_make(a, most, sizeof *r.shares);
    r.roots = must_make(a, trees, sizeof *r.roots);
    str *names = must_make(a, features, sizeof *names);
    for (uint32_t i = 0; i < features; i++) {
        char name[2] = {(char)('a' + i % 26), (char)('a' + i / 26)};
        names[i] = str_copy(a, str_make(name, i < 26 ? 1 : 2));
    }
    struct model m = {.name = STR("made of chance"),
                      .made = {INT64_C(1795345200) * US_PER_S},
                      .trainer = STR("a test"),
                      .data = STR("none.csv"),
                      .rows = 100,
                      .positive = 7,
                      .seed = seed,
                      .features = names,
                      .feature_count = features,
                      .nodes = r.nodes,
                      .parents = r.parents,
                      .shares = r.shares,
                      .roots = r.roots,
                      .base = draw_float(&r.chance, 1)};
    random_worth(&r, &m);
    for (uint32_t i = 0; i < trees; i++)
        random_tree(&r, &m, depth);
    return m;
}

/* Values around the thresholds, some of them just there, some not known. */
static inline void random_row(struct chance *c, const struct model *m, float *ret_row)
{
    for (uint32_t f = 0; f < m->feature_count; f++) {
        ret_row[f] = draw_float(c, 3);
        if (draw_below(c, 4) == 0)
            ret_row[f] = NAN;
        else if (draw_below(c, 4) == 0)
            ret_row[f] = m->nodes[draw_below(c, m->node_count)].value;
    }
}

#endif
