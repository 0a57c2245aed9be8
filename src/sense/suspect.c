/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/suspect.h"

#include <assert.h>

/* Whoever is called more often than that, in the mean, is no stranger. */
static bool calls_strangers(const struct conduct *c, uint32_t often)
{
    return often * (uint64_t)sketch_count(c->out_peers, 64) >= c->out_calls;
}

static bool calls_all_day(const struct conduct *c)
{
    unsigned calls = 0;
    for (unsigned h = 0; h < CONDUCT_HOURS; h++)
        calls += c->hours[h];
    return calls >= SUSPECT_CARD_DAY;
}

unsigned suspect_look(const struct conduct *c, struct handset_load load)
{
    assert(c != NULL);
    unsigned found = 0;
    if (c->out_calls < SUSPECT_CALLS || c->out_calls < c->in_calls)
        return 0;
    bool is_card = c->out_calls / 4 >= c->in_calls && calls_strangers(c, 2) && calls_all_day(c) &&
                   __builtin_popcountll(c->cells) <= SUSPECT_CARD_CELLS;
    found |= is_card ? SUSPECT_CARD : 0;
    bool is_caller = load.numbers >= SUSPECT_CARRIED || calls_strangers(c, 3);
    found |= is_caller ? SUSPECT_CALLER : 0;
    return found;
}

bool suspect_is_borrowed(const struct conduct *c)
{
    bool is_heard_here = c->from_abroad < c->out_calls || c->in_calls > 0;
    return is_heard_here && c->from_abroad > 0 && c->from_abroad * UINT64_C(2) >= c->out_calls;
}
