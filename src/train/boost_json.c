/* SPDX-License-Identifier: Apache-2.0 */
#include "train/boost_json.h"

#include "kit/json_read.h"
#include "train/boost.h"

#include <assert.h>

/* A split that sent all there was one way is kept off 0 and 1: another row may go the other way. */
#define SHARE_LEAST 1e-6

struct growth {
    struct model *model;
    struct model_node *nodes;
    uint32_t *parents;
    float *shares;
    uint32_t *roots;
    uint32_t room;
};

/* One of the library's trees, an array a question. */
struct source {
    json_value left;
    json_value right;
    json_value feature;
    json_value value; /* a split's threshold, a leaf's value */
    json_value default_left;
    json_value weight;
    size_t count;
};

static err wrong(void)
{
    return fail(ERR_MALFORMED, "train.trees", 0);
}

static err read_index(json_value array, size_t at, int64_t most, int64_t *ret_index)
{
    TRY(json_read_i64(json_item(array, at), ret_index));
    return *ret_index >= -1 && *ret_index < most ? OK : wrong();
}

static err read_source(json_value tree, struct source *s)
{
    s->left = json_get(tree, "left_children");
    s->right = json_get(tree, "right_children");
    s->feature = json_get(tree, "split_indices");
    s->value = json_get(tree, "split_conditions");
    s->default_left = json_get(tree, "default_left");
    s->weight = json_get(tree, "sum_hessian");
    s->count = json_count(s->left);
    bool is_whole = json_count(s->right) == s->count && json_count(s->feature) == s->count &&
                    json_count(s->value) == s->count && json_count(s->default_left) == s->count &&
                    json_count(s->weight) == s->count;
    return s->count > 0 && is_whole ? OK : wrong();
}

static err read_share(const struct source *s, int64_t left, int64_t right, float *ret_share)
{
    double on_left = 0;
    double on_right = 0;
    TRY(json_read_real(json_item(s->weight, (size_t)left), &on_left));
    TRY(json_read_real(json_item(s->weight, (size_t)right), &on_right));
    double share = on_left / (on_left + on_right);
    if (!(share >= SHARE_LEAST))
        share = SHARE_LEAST;
    *ret_share = (float)(share <= 1 - SHARE_LEAST ? share : 1 - SHARE_LEAST);
    return OK;
}

/* It says so with a truth value, or with 0 and 1, from version to version. */
static err read_default_left(const struct source *s, int64_t from, bool *ret_is_left)
{
    json_value v = json_item(s->default_left, (size_t)from);
    int64_t number = 0;
    if (json_kind_of(v) == JSON_KIND_BOOL)
        return json_read_bool(v, ret_is_left);
    TRY(json_read_i64(v, &number));
    *ret_is_left = number != 0;
    return OK;
}

/* Node `at` of ours is `from` of theirs. Its children, if it has any, get the next two places. */
static err read_node(struct growth *g, const struct source *s, uint32_t at, int64_t *from_of)
{
    int64_t from = from_of[at];
    int64_t count = (int64_t)s->count;
    int64_t left = -1;
    int64_t right = -1;
    int64_t feature = 0;
    double value = 0;
    bool is_default_left = false;
    TRY(read_index(s->left, (size_t)from, count, &left));
    TRY(read_index(s->right, (size_t)from, count, &right));
    TRY(json_read_real(json_item(s->value, (size_t)from), &value));
    g->nodes[at].value = (float)value;
    if (left < 0)
        return OK;
    TRY(read_index(s->feature, (size_t)from, g->model->feature_count, &feature));
    TRY(read_default_left(s, from, &is_default_left));
    if (left == 0 || right <= 0 || feature < 0)
        return wrong();
    TRY(read_share(s, left, right, &g->shares[at]));
    if (g->room - g->model->node_count < 2)
        return fail(ERR_LIMIT, "model.too_many", 0);
    g->nodes[at].feature = (uint16_t)feature;
    g->nodes[at].misses_right = !is_default_left;
    g->nodes[at].left = g->model->node_count;
    for (int child = 0; child < 2; child++) {
        uint32_t place = g->model->node_count++;
        g->parents[place] = at;
        from_of[place] = child == 0 ? left : right;
    }
    return OK;
}

/* Breadth first; what the library has pruned is not reached, and so is left out. */
static err read_tree(struct growth *g, json_value tree, int64_t *from_of)
{
    struct source s;
    TRY(read_source(tree, &s));
    if (g->model->node_count == g->room)
        return fail(ERR_LIMIT, "model.too_many", 0);
    uint32_t root = g->model->node_count++;
    g->roots[g->model->tree_count++] = root;
    g->parents[root] = root;
    from_of[root] = 0;
    for (uint32_t at = root; at < g->model->node_count; at++) {
        if (at - root >= s.count) /* theirs is no tree: it comes back to itself */
            return wrong();
        TRY(read_node(g, &s, at, from_of));
    }
    return OK;
}

static err read_trees(json_value trees, struct arena *a, struct model *m)
{
    size_t count = json_count(trees);
    struct growth g = {.model = m};
    if (count == 0 || count > MODEL_TREES)
        return fail(ERR_LIMIT, "model.too_many", 0);
    for (size_t i = 0; i < count; i++) {
        size_t nodes = json_count(json_get(json_item(trees, i), "left_children"));
        g.room += (uint32_t)(nodes <= MODEL_NODES - g.room ? nodes : MODEL_NODES - g.room);
    }
    int64_t *from_of = arena_make_array(a, g.room, sizeof *from_of);
    g.nodes = arena_make_array(a, g.room, sizeof *g.nodes);
    g.parents = arena_make_array(a, g.room, sizeof *g.parents);
    g.shares = arena_make_array(a, g.room, sizeof *g.shares);
    g.roots = arena_make_array(a, count, sizeof *g.roots);
    if (from_of == NULL || g.nodes == NULL || g.parents == NULL || g.shares == NULL ||
        g.roots == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    m->tree_count = 0;
    m->node_count = 0;
    for (size_t i = 0; i < count; i++)
        TRY(read_tree(&g, json_item(trees, i), from_of));
    m->nodes = g.nodes;
    m->parents = g.parents;
    m->shares = g.shares;
    m->roots = g.roots;
    return OK;
}

/* We ask for even odds to begin with; the library's base is then -log(1/0.5 - 1), and that is minus
 * nothing, to the bit. */
static err read_base(json_value learner, struct model *m)
{
    str base = STR("");
    TRY(json_read_str(json_get(json_get(learner, "learner_model_param"), "base_score"), &base));
    if (!str_equal(base, STR("5E-1")))
        return wrong();
    m->base = -0.0F;
    return OK;
}

static err read_document(json_value root, struct arena *a, struct model *m)
{
    json_value learner = json_get(root, "learner");
    TRY(read_base(learner, m));
    return read_trees(json_get(json_get(json_get(learner, "gradient_booster"), "model"), "trees"),
                      a, m);
}

err boost_json_read(str json, struct arena *a, struct model *m)
{
    struct json_doc doc = {.root = {NULL}};
    assert(a != NULL && m != NULL && m->feature_count > 0);
    TRY(json_doc_parse(json, BOOST_JSON_BYTES, &doc));
    err e = read_document(doc.root, a, m);
    json_doc_done(&doc);
    return e.code == ERR_MALFORMED ? wrong() : e;
}
