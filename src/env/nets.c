/* SPDX-License-Identifier: Apache-2.0 */
#include "env/nets.h"

#include <assert.h>

struct net_host net_of(const struct net_host *host, unsigned bits)
{
    struct net_host net = {.family = host->family};
    size_t whole = bits / 8;
    assert(bits <= 8 * sizeof net.bytes);
    memcpy(net.bytes, host->bytes, whole);
    if (bits % 8 != 0)
        net.bytes[whole] = (uint8_t)(host->bytes[whole] & (0xFF00U >> (bits % 8)));
    return net;
}

err nets_put(struct nets *n, str address, unsigned bits)
{
    struct sockaddr_storage parsed;
    if (n->count == NETS_MAX)
        return fail(ERR_LIMIT, "nets: too many networks", NETS_MAX);
    TRY(net_address_parse(address, 0, &parsed));
    struct net_host host = net_host_of((const struct sockaddr *)&parsed);
    if (bits > (host.family == AF_INET ? 32U : 128U))
        return fail(ERR_MALFORMED, "nets: a network has more bits than its address", bits);
    n->at[n->count++] = (struct net){.host = net_of(&host, bits), .bits = bits};
    return OK;
}

void nets_put_loopback(struct nets *n)
{
    static const struct net own[] = {
        {.host = {.family = AF_INET, .bytes = {127}},       .bits = 8  },
        {.host = {.family = AF_INET6, .bytes = {[15] = 1}}, .bits = 128},
    };
    assert(n->count + COUNT_OF(own) <= NETS_MAX);
    memcpy(n->at + n->count, own, sizeof own);
    n->count += COUNT_OF(own);
}

static bool is_of(const struct net_host *host, const struct net *net)
{
    if (host->family != net->host.family)
        return false;
    struct net_host of = net_of(host, net->bits);
    return memcmp(of.bytes, net->host.bytes, sizeof of.bytes) == 0;
}

bool nets_has(const struct nets *n, const struct net_host *host)
{
    for (size_t i = 0; i < n->count; i++)
        if (is_of(host, &n->at[i]))
            return true;
    return false;
}
