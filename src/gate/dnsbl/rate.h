/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rate - response-rate limit: how many answers of one kind a network gets in a second.
 *
 * Shape     A bucket each network and kind, full of a second's answers, that fills again at a
 *           steady rate. It is kept as one number, the time at which it is full again. Of the
 *           answers beyond it each `slip`th goes out cut, so that somebody who really asked comes
 *           back over TCP, which nobody can do in another's name.
 *
 *               who --hash--> line of four | key, full at, beyond |...  the emptiest is kept
 *
 * Owns      Nothing: the lines are the caller's.
 * Lives     As long as those.
 * Fails     Cannot. Where five networks meet in one line, the one whose bucket is fullest is
 *           forgotten, which gives it a full one.
 * Threads   One.
 * Bounds    RATE_LINES lines, 384 KiB. The hash is seeded: nobody can choose whom to meet.
 */
#ifndef YUMEN_GATE_DNSBL_RATE_H
#define YUMEN_GATE_DNSBL_RATE_H

#include "env/net.h"

enum { RATE_LINES = 4096, RATE_LINE_SLOTS = 4, RATE_V4_BITS = 24, RATE_V6_BITS = 56 };

struct rate_slot {
    uint64_t key;
    int64_t full_us; /* monotonic */
    uint32_t beyond; /* answers that were not given */
};

struct rate_line {
    struct rate_slot slot[RATE_LINE_SLOTS];
};

struct rate {
    struct rate_line *lines; /* RATE_LINES, zeroed */
    uint64_t seed;
    int64_t cost_us; /* of an answer; 0: no limit */
    uint32_t slip;   /* 0: what is beyond is dropped, all of it */
};

enum rate_verdict { RATE_PASS, RATE_CUT, RATE_DROP };

/* One answer of this kind to this host's network. */
enum rate_verdict rate_take(struct rate *r, const struct net_host *host, unsigned kind,
                            int64_t now_us);

#endif
