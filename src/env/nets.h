/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nets - a few networks, and whether an address is of one of them.
 *
 * Shape     A table of prefixes, looked through from the front: they are few, and the first is
 *           mostly the one.
 * Owns      Nothing.   Lives  As its variable.
 * Fails     ERR_MALFORMED for what is no address or has too many bits, ERR_LIMIT past NETS_MAX.
 * Threads   Read by any.
 * Bounds    NETS_MAX.
 */
#ifndef YUMEN_ENV_NETS_H
#define YUMEN_ENV_NETS_H

#include "env/net.h"

enum { NETS_MAX = 64 };

struct net {
    struct net_host host;
    unsigned bits; /* of the prefix */
};

struct nets {
    struct net at[NETS_MAX];
    size_t count;
};

/* "192.0.2.0" and 24. Bits of the address beyond the prefix do not count. */
err nets_put(struct nets *n, str address, unsigned bits);
/* This machine, and nobody else. */
void nets_put_loopback(struct nets *n);
bool nets_has(const struct nets *n, const struct net_host *host);
/* The host with everything behind the prefix at zero. */
struct net_host net_of(const struct net_host *host, unsigned bits);

#endif
