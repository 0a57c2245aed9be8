/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/model_row.h"

#include <assert.h>

err model_bind(const struct model *m, struct model_binding *ret_binding)
{
    struct model_binding b = {.count = 0};
    assert(m != NULL && m->feature_count > 0);
    for (uint32_t i = 0; i < m->feature_count; i++) {
        enum feature f = 0;
        while (f < FEATURE_COUNT && !str_equal(m->features[i], str_from_c(feature_name(f))))
            f++;
        if (f == FEATURE_COUNT)
            return fail(ERR_CONFLICT, "model.unknown_feature", i);
        assert(b.count < FEATURE_COUNT); /* none is named twice */
        b.from[b.count++] = f;
    }
    *ret_binding = b;
    return OK;
}

void model_row(const struct model_binding *b, const uint32_t values[FEATURE_COUNT], float *ret_row)
{
    assert(b != NULL && b->count <= FEATURE_COUNT && values != NULL);
    for (uint32_t i = 0; i < b->count; i++)
        ret_row[i] = (float)values[b->from[i]];
}
