/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money - moves fen between purses, so that none is made or lost and no purse runs below zero.
 *
 * Shape     A payment that waits has left the payer and is in flight until it lands or returns.
 *           A watched purse holds money whose way the drill's own books follow (stolen.h): only
 *           money_has_watch says that somebody must look there.
 * Owns      Nothing.   Lives  -   Threads  One.
 * Fails     Never: whoever moves has looked whether it is there (assert).
 * Bounds    Balances to 2^62 fen.
 */
#ifndef YUMEN_DRILL_MONEY_H
#define YUMEN_DRILL_MONEY_H

#include "drill/world.h"

#include <assert.h>

static inline int64_t money_of(const struct world *w, uint32_t account)
{
    return w->purses[account] >> 1;
}

static inline bool money_is_watched(const struct world *w, uint32_t account)
{
    return (w->purses[account] & 1) != 0;
}

static inline void money_watch(struct world *w, uint32_t account)
{
    w->purses[account] |= 1;
}

static inline void money_take(struct world *w, uint32_t from, int64_t fen)
{
    assert(fen > 0);
    if (is_beyond(from)) {
        w->beyond[beyond_kind(from)] -= fen;
        return;
    }
    assert(money_of(w, from) >= fen);
    w->purses[from] -= fen * 2;
}

static inline void money_give(struct world *w, uint32_t to, int64_t fen)
{
    assert(fen > 0);
    if (is_beyond(to))
        w->beyond[beyond_kind(to)] += fen;
    else
        w->purses[to] += fen * 2;
}

/* What there is in all: the openings, or the world is broken. Looks at every purse. */
int64_t money_sum(const struct world *w);

#endif
