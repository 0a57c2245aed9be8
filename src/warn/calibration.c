/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/calibration.h"

#include <assert.h>

int32_t calibration_micro(const struct calibration *c, int64_t evidence_mn)
{
    assert(c->count > 0);
    const struct calibration_point *p = c->points;
    size_t low = 0;
    size_t high = c->count - 1;
    if (evidence_mn <= p[0].evidence_mn)
        return p[0].micro;
    if (evidence_mn >= p[high].evidence_mn)
        return p[high].micro;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (p[middle].evidence_mn <= evidence_mn)
            low = middle;
        else
            high = middle;
    }
    int64_t wide = (int64_t)p[high].evidence_mn - p[low].evidence_mn;
    int64_t rise = (int64_t)p[high].micro - p[low].micro;
    return p[low].micro + (int32_t)(rise * (evidence_mn - p[low].evidence_mn) / wide);
}
