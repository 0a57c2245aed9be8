/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dnsbl/rate.h"

#include "env/nets.h"
#include "screen/key.h"

enum { BURST_US = 1000000 };

static uint64_t key_of(const struct rate *r, const struct net_host *host, unsigned kind)
{
    struct {
        uint8_t net[16];
        uint32_t family;
        uint32_t kind;
    } who = {.family = host->family, .kind = kind};
    struct net_host net = net_of(host, host->family == AF_INET ? RATE_V4_BITS : RATE_V6_BITS);
    memcpy(who.net, net.bytes, sizeof who.net);
    return key_stir(r->seed, (const char *)&who, sizeof who) | 1; /* 0 is an empty slot */
}

/* Its own slot, or the one that loses least. */
static struct rate_slot *slot_find(struct rate_line *line, uint64_t key)
{
    struct rate_slot *best = &line->slot[0];
    for (size_t i = 0; i < RATE_LINE_SLOTS; i++) {
        struct rate_slot *slot = &line->slot[i];
        if (slot->key == key)
            return slot;
        if (slot->full_us < best->full_us)
            best = slot;
    }
    *best = (struct rate_slot){.key = key};
    return best;
}

enum rate_verdict rate_take(struct rate *r, const struct net_host *host, unsigned kind,
                            int64_t now_us)
{
    if (r->cost_us == 0)
        return RATE_PASS;
    uint64_t key = key_of(r, host, kind);
    struct rate_slot *slot = slot_find(&r->lines[(key >> 32) % RATE_LINES], key);
    int64_t full_us = (slot->full_us > now_us ? slot->full_us : now_us) + r->cost_us;
    if (full_us - now_us <= BURST_US) {
        slot->full_us = full_us;
        return RATE_PASS;
    }
    slot->beyond++;
    return r->slip != 0 && slot->beyond % r->slip == 0 ? RATE_CUT : RATE_DROP;
}
