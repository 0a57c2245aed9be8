/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/peers.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>

struct dns_host dns_host_of(const struct sockaddr *address)
{
    struct dns_host host = {.family = address->sa_family};
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        memcpy(host.bytes, &v4.sin_addr, sizeof v4.sin_addr);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        bool is_v4 = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
        host.family = is_v4 ? AF_INET : AF_INET6;
        memcpy(host.bytes, v6.sin6_addr.s6_addr + (is_v4 ? 12 : 0), is_v4 ? 4 : 16);
    }
    return host;
}

err dns_address_parse(str host, uint16_t port, struct sockaddr_storage *ret_address)
{
    char c[INET6_ADDRSTRLEN] = {0};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    struct sockaddr_storage address = {0};
    if (host.size < sizeof c)
        memcpy(c, host.at, host.size);
    if (inet_pton(AF_INET, c, &v4.sin_addr) == 1)
        memcpy(&address, &v4, sizeof v4);
    else if (inet_pton(AF_INET6, c, &v6.sin6_addr) == 1)
        memcpy(&address, &v6, sizeof v6);
    else
        return fail(ERR_MALFORMED, "dns: not an address", 0);
    *ret_address = address;
    return OK;
}

uint16_t dns_address_port(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return ntohs(v6.sin6_port);
    }
    struct sockaddr_in v4;
    memcpy(&v4, address, sizeof v4);
    return ntohs(v4.sin_port);
}

socklen_t dns_address_bytes(const struct sockaddr *address)
{
    return address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                          : sizeof(struct sockaddr_in);
}

bool dns_address_is_same_host(const struct sockaddr *a, const struct sockaddr *b)
{
    struct dns_host x = dns_host_of(a);
    struct dns_host y = dns_host_of(b);
    return x.family == y.family && memcmp(x.bytes, y.bytes, sizeof x.bytes) == 0;
}

bool dns_address_is_loopback(const struct sockaddr *address)
{
    static const uint8_t one[16] = {[15] = 1};
    struct dns_host host = dns_host_of(address);
    if (host.family == AF_INET)
        return host.bytes[0] == 127;
    return host.family == AF_INET6 && memcmp(host.bytes, one, sizeof one) == 0;
}

err peers_put(struct peers *p, const struct sockaddr_storage *address, size_t key)
{
    if (p->count == PEERS_MAX)
        return fail(ERR_LIMIT, "dns: too many secondaries", PEERS_MAX);
    p->at[p->count++] = (struct peer){.address = *address, .key = key};
    return OK;
}

size_t peers_find(const struct peers *p, const struct sockaddr *sender, size_t key)
{
    if (p->count == 0 && dns_address_is_loopback(sender))
        return PEER_LOCAL;
    size_t found = PEER_UNKNOWN;
    for (size_t i = 0; i < p->count; i++) {
        const struct sockaddr *address = (const struct sockaddr *)&p->at[i].address;
        bool is_host = dns_address_is_same_host(address, sender);
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
