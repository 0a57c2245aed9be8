/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net - addresses of other machines, as the gates compare and keep them.
 *
 * Shape     A host is an address without its port; IPv4 written inside IPv6 is IPv4, so that one
 *           machine is one host whichever way it came.
 *           On a machine with several addresses an answer leaves from the one that was asked: the
 *           kernel says with a datagram which that is (IP_PKTINFO, IPV6_RECVPKTINFO); said back to
 *           it, it sends from there.
 * Owns      Nothing.
 * Lives     Values; what net_source_keep turns, as long as the message's head.
 * Fails     net_address_parse: ERR_MALFORMED. net_source_keep cannot: without the kernel's word,
 *           the kernel chooses.
 * Threads   Any.   Bounds  -
 */
#ifndef YUMEN_ENV_NET_H
#define YUMEN_ENV_NET_H

#include "base/str.h"

#include <sys/socket.h>

struct net_host {
    sa_family_t family;
    uint8_t bytes[16];
};
struct net_host net_host_of(const struct sockaddr *address);

/* "192.0.2.1" or "2001:db8::1". */
err net_address_parse(str host, uint16_t port, struct sockaddr_storage *ret_address);
uint16_t net_address_port(const struct sockaddr *address);
socklen_t net_address_bytes(const struct sockaddr *address);
bool net_address_is_same_host(const struct sockaddr *a, const struct sockaddr *b);
bool net_address_is_loopback(const struct sockaddr *address);

/* Turns what the kernel said on arrival into what it shall do on departure. */
void net_source_keep(struct msghdr *head);

#endif
