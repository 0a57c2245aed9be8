/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp_frame - a DNS message over TCP has its length before it (RFC 7766 8): the same for both name
 * servers.
 *
 * Shape     find is the `frame` of their links; send writes the length and the message.
 * Owns      Nothing.   Lives  -
 * Fails     find: FRAME_BAD for what is too short to be a question, or longer than `most_bytes`.
 *           send: false when there is no memory.
 * Threads   The loop's.   Bounds  -
 */
#ifndef YUMEN_GATE_DNS_TCP_FRAME_H
#define YUMEN_GATE_DNS_TCP_FRAME_H

#include "env/link.h"
#include "gate/dns/wire.h"

enum { DNS_LENGTH_BYTES = 2 };

enum frame_found dns_frame_find(str came, size_t most_bytes, struct link_frame *ret_frame);
bool dns_link_send(struct tcp_link *l, const struct sheet *message);

#endif
