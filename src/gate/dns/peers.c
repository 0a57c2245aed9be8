/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/peers.h"

#include <assert.h>

err peers_put(struct peers *p, const struct sockaddr_storage *address, size_t key)
{
    if (p->count == PEERS_MAX)
        return fail(ERR_LIMIT, "dns: too many secondaries", PEERS_MAX);
    p->at[p->count++] = (struct peer){.address = *address, .key = key};
    return OK;
}

size_t peers_find(const struct peers *p, const struct sockaddr *sender, size_t key)
{
    if (p->count == 0 && net_address_is_loopback(sender))
        return PEER_LOCAL;
    size_t found = PEER_UNKNOWN;
    for (size_t i = 0; i < p->count; i++) {
        const struct sockaddr *address = (const struct sockaddr *)&p->at[i].address;
        bool is_host = net_address_is_same_host(address, sender);
        if (p->at[i].key != key || (key == PEER_NO_KEY && !is_host))
            continue;
        if (is_host)
            return i;
        found = i; /* two secondaries may share a key: prefer the one at this address */
    }
    return found;
}

bool peers_take_whole(struct peers *p, size_t peer, uint64_t now_s)
{
    assert(peer < p->count || peer == PEER_LOCAL);
    struct peer_gauge *gauge = &p->whole[peer == PEER_LOCAL ? PEERS_MAX : peer];
    if (gauge->taken == 0 || now_s < gauge->since_s) /* a clock set back starts anew */
        gauge->since_s = now_s;
    uint64_t refilled = (now_s - gauge->since_s) / WHOLE_REFILL_S;
    gauge->since_s += refilled * WHOLE_REFILL_S;
    gauge->taken -= refilled < gauge->taken ? (uint32_t)refilled : gauge->taken;
    if (gauge->taken >= WHOLE_BURST)
        return false;
    gauge->taken++;
    return true;
}
