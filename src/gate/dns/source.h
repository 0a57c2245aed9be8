/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source - an answer leaves from the address that was asked, on a machine that has several.
 *
 * Shape     The kernel says with a datagram which address it came to (IP_PKTINFO,
 *           IPV6_RECVPKTINFO); said back to it, it sends from there.
 * Owns      Nothing.   Lives  As long as the message's head.   Fails  Cannot: without such a word,
 *           the kernel chooses.   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_GATE_DNS_SOURCE_H
#define YUMEN_GATE_DNS_SOURCE_H

#include <sys/socket.h>

/* Turns what the kernel said on arrival into what it shall do on departure. */
void source_keep(struct msghdr *head);

#endif
