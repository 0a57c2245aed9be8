/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limit - how often an address may do something that anybody may do: appeal, try a password.
 *
 * Shape     Token buckets in fixed memory. A bucket belongs to (address prefix, class): an IPv4
 *           address, or the /64 of an IPv6 one, because a household has 2^64 of those to itself.
 *           Places are chosen by SipHash with a key of this process, four to a set; a newcomer
 *           takes the place of the one that was allowed something longest ago.
 * Owns      Its mutex; the table is the arena's.
 * Lives     From http_limit_open to http_limit_close.
 * Fails     http_limit_open: ERR_LIMIT. An address we cannot read shares one bucket.
 * Threads   Any.
 * Bounds    `sets` x 64 bytes. Never allows less than the class says, except that two addresses
 *           with the same 32-bit tag in one set share a bucket (below 1 in 10^9 a pair). When more
 *           than four busy addresses meet in a set, some of them are allowed more.
 */
#ifndef YUMEN_GATE_HTTP_LIMIT_H
#define YUMEN_GATE_HTTP_LIMIT_H

#include "base/arena.h"
#include "base/str.h"
#include "env/random.h"
#include "env/thread.h"

enum { HTTP_LIMIT_WAYS = 4 };

struct http_limit_class {
    uint32_t burst;    /* at once, after a long silence; at most 4,000 */
    uint32_t per_hour; /* after that */
};

struct http_limit_bucket {
    uint32_t tag;       /* 0: never used */
    uint32_t milli;     /* tokens times 1,000 */
    int64_t touched_us; /* monotonic */
};

struct http_limit {
    struct env_mutex mutex;
    struct http_limit_bucket *buckets;
    const struct http_limit_class *classes;
    size_t class_count;
    size_t sets;
    unsigned char key[16];
    bool is_open;
};

struct http_limit_options {
    const struct http_limit_class *classes; /* must outlive the table */
    size_t class_count;
    size_t sets; /* rounded up to a power of two */
};

err http_limit_open(struct http_limit *l, struct arena *a, struct random_source *random,
                    const struct http_limit_options *options);
/* Accepts a zeroed one. */
void http_limit_close(struct http_limit *l);
/* Takes a token; false when there is none, with the whole seconds until there is. */
bool http_limit_take(struct http_limit *l, str peer, size_t class_index, int64_t monotonic_us,
                     int64_t *ret_retry_after_s);
/* Gives one back, up to the burst: what was taken turned out not to count. */
void http_limit_give(struct http_limit *l, str peer, size_t class_index, int64_t monotonic_us);

/* The bytes an address is known by: 4 or 8; 0 when it is not an address. */
size_t http_peer_prefix(str peer, unsigned char room[8]);

#endif
