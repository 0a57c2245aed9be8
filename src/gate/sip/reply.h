/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reply - writes an answer to a request (RFC 3261 8.2.6), so that the same request always gets the
 * same bytes.
 *
 * Shape     begin writes the status and repeats what an answer repeats, line what is added, end the
 *           end. Of the topmost Via, `received` and `rport` are ours to write (18.2.1, RFC 3581):
 *           who claims them himself is not believed. Folded lines come out in one.
 * Owns      Nothing; the bytes are the caller's.
 * Lives     As long as those.
 * Fails     A sheet that is spent says so; what is in it is then no answer.
 * Threads   Any.
 * Bounds    The sheet's room.
 */
#ifndef YUMEN_GATE_SIP_REPLY_H
#define YUMEN_GATE_SIP_REPLY_H

#include "env/net.h"
#include "gate/sip/message.h"

struct sip_sheet {
    char *at;
    size_t room;
    size_t size;
    bool is_spent;
};

void sip_put(struct sip_sheet *s, str text);
/* In quotes, with what must be escaped. */
void sip_put_quoted(struct sip_sheet *s, str text);

struct sip_status {
    unsigned code;
    str words;
};

/* `tag`: put to a To that has none. */
void sip_reply_begin(struct sip_sheet *s, const struct sip_message *m, struct sip_status status,
                     const struct sockaddr *sender, uint64_t tag);
void sip_reply_line(struct sip_sheet *s, str name, str value);
void sip_reply_end(struct sip_sheet *s);

/* Of what tells one request from another, and nothing else (8.2.7). */
uint64_t sip_reply_tag(const struct sip_message *m, uint64_t seed);

#endif
