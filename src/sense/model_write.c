/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/model_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { DIGITS_LEAST = 6, DIGITS_MOST = 9 };

static uint32_t bits_of(float value)
{
    uint32_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

str model_number_format(float value, char room[MODEL_NUMBER_BYTES])
{
    int size = 0;
    for (int digits = DIGITS_LEAST; digits <= DIGITS_MOST; digits++) {
        size = snprintf(room, MODEL_NUMBER_BYTES, "%.*g", digits, (double)value);
        assert(size > 0 && size < MODEL_NUMBER_BYTES);
        if (bits_of(strtof(room, NULL)) == bits_of(value))
            break;
    }
    return str_make(room, (size_t)size);
}

void model_number_put(struct text *t, float value)
{
    char room[MODEL_NUMBER_BYTES];
    text_put(t, model_number_format(value, room));
}

void model_share_put(struct text *t, int32_t billionths)
{
    assert(billionths >= 0 && billionths <= MODEL_WHOLE);
    text_printf(t, "%d.%09d", billionths / MODEL_WHOLE, billionths % MODEL_WHOLE);
}

static void put_line(struct text *t, const char *word, str value)
{
    text_put_c(t, word);
    text_put_char(t, ' ');
    text_put(t, value);
    text_put_char(t, '\n');
}

static void put_count(struct text *t, const char *word, uint64_t count)
{
    text_put_c(t, word);
    text_put_char(t, ' ');
    text_put_u64(t, count);
    text_put_char(t, '\n');
}

static void put_share(struct text *t, const struct model_share *s)
{
    const int32_t shares[] = {s->value, s->low, s->high};
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        text_put_char(t, ' ');
        model_share_put(t, shares[i]);
    }
}

static void put_head(const struct model *m, struct text *t)
{
    char room[INSTANT_TEXT_BYTES];
    text_put_c(t, "yumen-model 1\n");
    put_line(t, "name", m->name);
    put_line(t, "made", instant_format(m->made, 0, room));
    put_line(t, "trainer", m->trainer);
    put_line(t, "data", m->data);
    put_count(t, "rows", m->rows);
    put_count(t, "positive", m->positive);
    text_put_c(t, "digest ");
    text_put_hex(t, m->data_digest.bytes, DIGEST_BYTES);
    text_put_char(t, '\n');
    put_count(t, "seed", m->seed);
}

static void put_figures(const struct model *m, struct text *t)
{
    for (uint32_t i = 0; i < m->parameter_count; i++) {
        text_put_c(t, "parameter ");
        text_put(t, m->parameters[i].name);
        text_put_char(t, ' ');
        text_put(t, m->parameters[i].value);
        text_put_char(t, '\n');
    }
    for (uint32_t i = 0; i < m->figure_count; i++) {
        text_put_c(t, "figure ");
        text_put(t, m->figures[i].name);
        put_share(t, &m->figures[i].share);
        text_put_char(t, '\n');
    }
    for (uint32_t i = 0; i < m->point_count; i++) {
        const struct model_point *p = &m->points[i];
        text_put_c(t, "point ");
        model_number_put(t, p->margin);
        put_share(t, &p->recall);
        put_share(t, &p->alarms);
        for (size_t k = 0; k < COUNT_OF(p->precision); k++)
            put_share(t, &p->precision[k]);
        text_put_char(t, '\n');
    }
}

static void put_node(const struct model *m, uint32_t index, struct text *t)
{
    const struct model_node *n = &m->nodes[index];
    if (n->left == 0) {
        text_put_c(t, "leaf ");
        model_number_put(t, n->value);
    } else {
        text_put_c(t, "split ");
        text_put(t, m->features[n->feature]);
        text_put_char(t, ' ');
        model_number_put(t, n->value);
        text_put_c(t, n->misses_right ? " right " : " left ");
        model_number_put(t, m->shares[index]);
    }
    text_put_char(t, '\n');
}

static void put_trees(const struct model *m, struct text *t)
{
    for (uint32_t i = 0; i < m->feature_count; i++)
        put_line(t, "feature", m->features[i]);
    text_put_c(t, "base ");
    model_number_put(t, m->base);
    text_put_char(t, '\n');
    put_count(t, "trees", m->tree_count);
    for (uint32_t i = 0, tree = 0; i < m->node_count; i++) {
        if (tree < m->tree_count && m->roots[tree] == i) {
            text_put_c(t, "tree\n");
            tree++;
        }
        put_node(m, i, t);
    }
}

void model_stamp(struct text *t)
{
    struct digest d = digest_of(text_str(t));
    text_put_c(t, "sha256 ");
    text_put_hex(t, d.bytes, DIGEST_BYTES);
    text_put_char(t, '\n');
}

void model_write(const struct model *m, struct text *t)
{
    assert(m != NULL && t->size == 0);
    put_head(m, t);
    put_figures(m, t);
    put_trees(m, t);
    if (!text_spent(t))
        model_stamp(t);
}
