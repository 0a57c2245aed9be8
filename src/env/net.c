/* SPDX-License-Identifier: Apache-2.0 */
#include "env/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>

struct net_host net_host_of(const struct sockaddr *address)
{
    struct net_host host = {.family = address->sa_family};
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

err net_address_parse(str host, uint16_t port, struct sockaddr_storage *ret_address)
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
        return fail(ERR_MALFORMED, "net: not an address", 0);
    *ret_address = address;
    return OK;
}

uint16_t net_address_port(const struct sockaddr *address)
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

socklen_t net_address_bytes(const struct sockaddr *address)
{
    return address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                          : sizeof(struct sockaddr_in);
}

bool net_address_is_same_host(const struct sockaddr *a, const struct sockaddr *b)
{
    struct net_host x = net_host_of(a);
    struct net_host y = net_host_of(b);
    return x.family == y.family && memcmp(x.bytes, y.bytes, sizeof x.bytes) == 0;
}

bool net_address_is_loopback(const struct sockaddr *address)
{
    static const uint8_t one[16] = {[15] = 1};
    struct net_host host = net_host_of(address);
    if (host.family == AF_INET)
        return host.bytes[0] == 127;
    return host.family == AF_INET6 && memcmp(host.bytes, one, sizeof one) == 0;
}

void net_source_keep(struct msghdr *head)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(head);
    bool is_v4 = c != NULL && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO;
    bool is_v6 = c != NULL && c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO;
    if (is_v4) {
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(c), sizeof info);
        info.ipi_ifindex = 0; /* the way back is the routing table's affair */
        memcpy(CMSG_DATA(c), &info, sizeof info);
        head->msg_controllen = CMSG_SPACE(sizeof info);
    } else if (is_v6) {
        head->msg_controllen = CMSG_SPACE(sizeof(struct in6_pktinfo));
    } else {
        head->msg_control = NULL;
        head->msg_controllen = 0;
    }
}
