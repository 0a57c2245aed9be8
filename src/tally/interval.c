/* SPDX-License-Identifier: Apache-2.0 */
#include "tally/interval.h"

#include <assert.h>
#include <math.h>

#define Z_95 1.959963984540054 /* of the normal distribution, 2.5 % lie above */

static int64_t within(double milli)
{
    if (milli < 0)
        return 0;
    return milli > INTERVAL_WHOLE ? INTERVAL_WHOLE : (int64_t)milli;
}

struct interval_bounds interval_wilson_bounds(int64_t count, int64_t of)
{
    assert(of > 0 && count >= 0 && count <= of);
    double n = (double)of;
    double share = (double)count / n;
    double square = Z_95 * Z_95 / n;
    double middle = (share + square / 2) / (1 + square);
    double half = Z_95 / (1 + square) * sqrt(share * (1 - share) / n + square / (4 * n));
    /* At the ends exactly, whatever the last bit says. */
    return (struct interval_bounds){.low = count == 0 ? 0 : middle - half,
                                    .high = count == of ? 1 : middle + half};
}

struct interval interval_wilson(int64_t count, int64_t of)
{
    struct interval_bounds b = interval_wilson_bounds(count, of);
    return (struct interval){within(floor(b.low * INTERVAL_WHOLE)),
                             within(ceil(b.high * INTERVAL_WHOLE))};
}

int64_t interval_share_milli(int64_t count, int64_t of)
{
    assert(of > 0 && count >= 0 && count <= of);
    return within(floor((double)count / (double)of * INTERVAL_WHOLE + 0.5));
}
