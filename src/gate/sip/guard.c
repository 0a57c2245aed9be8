/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/guard.h"

#include "kit/hash.h"

#include <assert.h>

#define REFUSED (1U << 31) /* of a call that is known */

struct guard_rate guard_rate_of(int64_t most, int64_t period_us)
{
    assert(most >= 0 && most <= period_us);
    if (most == 0)
        return (struct guard_rate){0};
    int64_t cost_us = period_us / most;
    return (struct guard_rate){.cost_us = cost_us, .burst_us = cost_us * most};
}

bool guard_bucket_take(struct guard_bucket *b, const struct guard_rate *rate, uint32_t call,
                       int64_t now_us)
{
    if (rate->cost_us == 0)
        return true;
    call &= ~REFUSED;
    if (b->full_us <= now_us) /* no call is in it any more */
        *b = (struct guard_bucket){.full_us = now_us};
    for (size_t i = 0; i < b->known; i++)
        if ((b->calls[i] & ~REFUSED) == call)
            return (b->calls[i] & REFUSED) == 0;
    bool is_taken = b->full_us + rate->cost_us - now_us <= rate->burst_us;
    if (is_taken)
        b->full_us += rate->cost_us;
    memmove(&b->calls[1], &b->calls[0], sizeof b->calls - sizeof b->calls[0]);
    b->calls[0] = is_taken ? call : call | REFUSED;
    b->known += b->known < GUARD_CALLS;
    return is_taken;
}

/* The key's own, or the one whose bucket is fullest: it has lost least. */
static struct guard_slot *slot_of(struct guard_line *line, uint64_t key)
{
    struct guard_slot *fullest = &line->slot[0];
    for (size_t i = 0; i < GUARD_LINE_SLOTS; i++) {
        struct guard_slot *slot = &line->slot[i];
        if (slot->key == key)
            return slot;
        if (slot->bucket.full_us < fullest->bucket.full_us)
            fullest = slot;
    }
    *fullest = (struct guard_slot){.key = key};
    return fullest;
}

bool guard_take(struct guard *g, struct guard_key of, uint32_t call, int64_t now_us)
{
    if (g->rate.cost_us == 0)
        return true;
    uint64_t key = hash_key(of.number.at, of.number.size, g->seed + of.trunk);
    struct guard_slot *slot = slot_of(&g->lines[key % GUARD_LINES], key);
    return guard_bucket_take(&slot->bucket, &g->rate, call, now_us);
}
