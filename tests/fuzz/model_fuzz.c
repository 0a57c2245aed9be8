/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever the bytes of a model's file are, it is refused, or it is a model: written down it
 * gives the same bytes, it scores any row, and the reasons add up to the score.
 * Method: the bytes as they are, and with the digest that they ought to have behind them; rows of
 * nothing known, of nothing, and of what is at the ends of floats.
 */
#include "sense/model_file.h"
#include "sense/model_row.h"

#include "kit_fuzz.h"

#include <float.h>
#include <math.h>

enum { ARENA_BYTES = 64 << 20 };

static void score(const struct model *m, float value)
{
    float row[MODEL_FEATURES];
    double parts[MODEL_FEATURES];
    struct model_reason reasons[3];
    double size = fabs((double)m->base) + 1; /* of what is added up */
    for (uint32_t f = 0; f < m->feature_count; f++)
        row[f] = value;
    for (uint32_t n = 0; n < m->node_count; n++)
        size += m->nodes[n].left == 0 ? fabs((double)m->nodes[n].value) : 0;
    float margin = model_score(m, row);
    double sum = model_explain(m, row, parts);
    for (uint32_t f = 0; f < m->feature_count; f++)
        sum += parts[f];
    must(isfinite(margin) && fabs(sum - (double)margin) <= 1e-4 * size);
    must(model_reasons(m, parts, reasons, COUNT_OF(reasons)) <= COUNT_OF(reasons));
}

static void read(str bytes, struct arena *a)
{
    struct model m;
    struct model_binding b;
    struct text again;
    err e = model_read(bytes, a, &m);
    if (failed(e)) {
        must(str_starts(str_from_c(e.why), STR("model.")));
        return;
    }
    text_init(&again, a);
    model_write(&m, &again);
    must(!text_spent(&again) && str_equal(text_str(&again), bytes));
    static const float values[] = {NAN, 0, -0.0F, FLT_MAX, -FLT_MAX, INFINITY};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        score(&m, values[i]);
    if (!failed(model_bind(&m, &b)))
        must(b.count == m.feature_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct text stamped;
    str bytes = str_make((const char *)data, size);
    arena_init(&a, ARENA_BYTES);
    read(bytes, &a);
    text_init(&stamped, &a);
    text_put(&stamped, bytes);
    model_stamp(&stamped);
    read(text_str(&stamped), &a);
    arena_done(&a);
    return 0;
}
