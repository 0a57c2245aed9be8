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

struct interval interval_wilson(int64_t count, int64_t of)
{
    assert(of > 0 && count >= 0 && count <= of);
    double n = (double)of;
    double share = (double)count / n;
    double square = Z_95 * Z_95 / n;
    double middle = (share + square / 2) / (1 + square);
    double half = Z_95 / (1 + square) * sqrt(share * (1 - share) / n + square / (4 * n));
    struct interval found = {within(floor((middle - half) * INTERVAL_WHOLE)),
                             within(ceil((middle + half) * INTERVAL_WHOLE))};
    if (count == 0) /* exactly, whatever the last bit says */
        found.low_milli = 0;
    if (count == of)
        found.high_milli = INTERVAL_WHOLE;
    return found;
}

int64_t interval_share_milli(int64_t count, int64_t of)
{
    assert(of > 0 && count >= 0 && count <= of);
    return within(floor((double)count / (double)of * INTERVAL_WHOLE + 0.5));
}
