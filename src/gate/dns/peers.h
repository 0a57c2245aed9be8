/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peers - the resolvers that may carry the zone, and how each proves that it is one of them.
 *
 * Shape     A table. A secondary with a key is whoever holds the key, from any address; a secondary
 *           without one (Unbound's RPZ transfer cannot sign) is its address. With no secondary
 *           declared, this machine may transfer. Plain questions from this machine are always
 *           answered: it is how an operator looks.
 * Owns      Nothing outside itself.   Lives  As the gate.   Threads  Read by one.
 * Fails     ERR_MALFORMED, ERR_LIMIT.
 * Bounds    PEERS_MAX.
 */
#ifndef YUMEN_GATE_DNS_PEERS_H
#define YUMEN_GATE_DNS_PEERS_H

#include "env/net.h"

enum { PEERS_MAX = 64 };
enum { PEER_NO_KEY = SIZE_MAX, PEER_UNKNOWN = SIZE_MAX, PEER_LOCAL = SIZE_MAX - 1 };

struct peer {
    struct sockaddr_storage address;
    size_t key; /* index in the key table, or PEER_NO_KEY */
    bool polls; /* is not told */
};

/* The whole zone: so many at once, then one each so many seconds. */
enum { WHOLE_BURST = 16, WHOLE_REFILL_S = 5 };

struct peer_gauge {
    uint32_t taken;
    uint64_t since_s;
};

struct peers {
    struct peer at[PEERS_MAX];
    struct peer_gauge whole[PEERS_MAX + 1]; /* the last is this machine's */
    size_t count;
};

err peers_put(struct peers *p, const struct sockaddr_storage *address, size_t key);
/* Who transfers: a declared secondary, PEER_LOCAL where none is declared, or PEER_UNKNOWN. */
size_t peers_find(const struct peers *p, const struct sockaddr *sender, size_t key);
/* One whole transfer off the peer's gauge; false when it is empty. */
bool peers_take_whole(struct peers *p, size_t peer, uint64_t now_s);

#endif
