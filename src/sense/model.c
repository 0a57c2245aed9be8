/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/model.h"

#include <assert.h>
#include <math.h>

static bool goes_right(const struct model_node *n, float value)
{
    return isnan(value) ? n->misses_right : !(value < n->value);
}

/* Floats, added in the order of the trees: what libxgboost does, to the last bit. */
float model_score(const struct model *m, const float *row)
{
    assert(m != NULL && row != NULL && m->tree_count > 0);
    float margin = m->base;
    for (uint32_t t = 0; t < m->tree_count; t++) {
        const struct model_node *n = &m->nodes[m->roots[t]];
        while (n->left != 0)
            n = &m->nodes[n->left + goes_right(n, row[n->feature])];
        margin += n->value;
    }
    return margin;
}

/* ---- explaining ------------------------------------------------------------------------------ */

/* The ways from a leaf up to its root, by feature. `unknown`: how much of the training data takes
 * this feature's turns. `known`: whether this row does (0 or 1). */
struct way {
    uint32_t count;
    uint32_t features[MODEL_DEPTH];
    double unknown[MODEL_DEPTH];
    double known[MODEL_DEPTH];
};

static void way_turn(struct way *w, uint32_t feature, double share, bool is_taken)
{
    uint32_t i = 0;
    while (i < w->count && w->features[i] != feature)
        i++;
    if (i == w->count) {
        assert(w->count < MODEL_DEPTH);
        w->count++;
        w->features[i] = feature;
        w->unknown[i] = 1;
        w->known[i] = 1;
    }
    w->unknown[i] *= share;
    w->known[i] *= is_taken ? 1 : 0;
}

static void way_read(const struct model *m, const float *row, uint32_t leaf, struct way *ret_way)
{
    ret_way->count = 0;
    for (uint32_t at = leaf; m->parents[at] != at; at = m->parents[at]) {
        const struct model_node *up = &m->nodes[m->parents[at]];
        bool is_right = at != up->left;
        double left_share = (double)m->shares[m->parents[at]];
        way_turn(ret_way, up->feature, is_right ? 1 - left_share : left_share,
                 goes_right(up, row[up->feature]) == is_right);
    }
}

/*
 * Of one leaf of value 1, the Shapley value of a way's feature. A set S of known features is
 * worth the product of `known` over S and `unknown` over the rest; feature i's value is its mean
 * gain over all orders in which features become known:
 *
 *     (known_i - unknown_i) * sum over s of s! (n-1-s)! / n! * [t^s] prod (unknown_j + known_j t)
 */
static double way_part(const struct way *w, uint32_t i)
{
    double by_size[MODEL_DEPTH] = {1}; /* coefficients of the product over j != i */
    uint32_t degree = 0;
    for (uint32_t j = 0; j < w->count; j++) {
        if (j == i)
            continue;
        degree++;
        by_size[degree] = 0;
        for (uint32_t s = degree; s > 0; s--)
            by_size[s] = by_size[s] * w->unknown[j] + by_size[s - 1] * w->known[j];
        by_size[0] *= w->unknown[j];
    }
    double weight = 1.0 / w->count; /* s! (n-1-s)! / n! for s = 0, then the next */
    double sum = 0;
    for (uint32_t s = 0; s <= degree; s++) {
        sum += weight * by_size[s];
        if (s < degree)
            weight *= (s + 1.0) / (degree - s);
    }
    return (w->known[i] - w->unknown[i]) * sum;
}

double model_explain(const struct model *m, const float *row, double *ret_parts)
{
    assert(m != NULL && row != NULL && ret_parts != NULL);
    double base = (double)m->base;
    for (uint32_t f = 0; f < m->feature_count; f++)
        ret_parts[f] = 0;
    for (uint32_t n = 0; n < m->node_count; n++) {
        if (m->nodes[n].left != 0)
            continue;
        struct way w;
        way_read(m, row, n, &w);
        double value = (double)m->nodes[n].value;
        double unknown = 1;
        for (uint32_t i = 0; i < w.count; i++) {
            unknown *= w.unknown[i];
            ret_parts[w.features[i]] += value * way_part(&w, i);
        }
        base += value * unknown;
    }
    return base;
}

size_t model_reasons(const struct model *m, const double *parts, struct model_reason *ret_reasons,
                     size_t most)
{
    assert(m != NULL && parts != NULL && (ret_reasons != NULL || most == 0));
    size_t count = 0;
    for (uint32_t f = 0; f < m->feature_count; f++) {
        size_t at = count;
        while (at > 0 && fabs(ret_reasons[at - 1].part) < fabs(parts[f]))
            at--;
        if (at == most || fpclassify(parts[f]) == FP_ZERO)
            continue;
        count += count < most;
        for (size_t i = count - 1; i > at; i--)
            ret_reasons[i] = ret_reasons[i - 1];
        ret_reasons[at] = (struct model_reason){.feature = f, .part = parts[f]};
    }
    return count;
}
