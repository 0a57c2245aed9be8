/* SPDX-License-Identifier: Apache-2.0 */
#include "tally/warning.h"

#include "tally/interval.h"

#include <math.h>

/* Between which shares the second look differs; nothing to differ from is no difference. */
static bool differing(int64_t of, int64_t agreed, int64_t differed, double *ret_share,
                      struct interval_bounds *ret_bounds)
{
    *ret_share = 0;
    *ret_bounds = (struct interval_bounds){0, 0};
    if (of == 0)
        return true;
    if (agreed + differed == 0)
        return false;
    *ret_share = (double)differed / (double)(agreed + differed);
    *ret_bounds = interval_wilson_bounds(differed, agreed + differed);
    return true;
}

static double corrected(double precision, double of_right, double of_wrong)
{
    return precision * (1 - of_right) + (1 - precision) * of_wrong;
}

bool warning_corrected(const struct warning_checked *c, struct warning_share *ret_share)
{
    double right = 0;
    double wrong = 0;
    struct interval_bounds rights;
    struct interval_bounds wrongs;
    int64_t of = c->confirmed + c->refuted;
    if (of == 0 ||
        !differing(c->confirmed, c->confirmed_agreed, c->confirmed_differed, &right, &rights) ||
        !differing(c->refuted, c->refuted_agreed, c->refuted_differed, &wrong, &wrongs))
        return false;
    struct interval_bounds p = interval_wilson_bounds(c->confirmed, of);
    double low =
        fmin(corrected(p.low, rights.high, wrongs.low), corrected(p.high, rights.high, wrongs.low));
    double high =
        fmax(corrected(p.low, rights.low, wrongs.high), corrected(p.high, rights.low, wrongs.high));
    double mid = corrected((double)c->confirmed / (double)of, right, wrong);
    *ret_share = (struct warning_share){.milli = llround(mid * INTERVAL_WHOLE),
                                        .low_milli = (int64_t)floor(low * INTERVAL_WHOLE),
                                        .high_milli = (int64_t)ceil(high * INTERVAL_WHOLE)};
    return true;
}

int64_t warning_error_milli(const struct warning_bin *bins, size_t count)
{
    double distance = 0;
    int64_t all = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t of = bins[i].right + bins[i].wrong;
        /* of * |said - found|, without dividing by what may be 0 */
        distance += fabs((double)bins[i].micro / 1e6 - (double)bins[i].right);
        all += of;
    }
    return all == 0 ? 0 : llround(distance / (double)all * INTERVAL_WHOLE);
}
