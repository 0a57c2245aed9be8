/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sip_load - INVITEs over UDP to a server of this machine: as many as it can take, or so many a
 * second.
 *
 * Shape     Numbers of which every 7th is listed, asked by one socket:
 *
 *               sip_load_number(i) --INVITE--> server        302, 608 --> which was right, how late
 *
 *           An answer is timed from before its INVITE was sent until the kernel had it: how late
 *           this program reads it is not the server's time.
 * Owns      Nothing after the call.   Lives  The call.
 * Fails     ERR_OS no socket; ERR_CORRUPT "bench: an answer is wrong".
 * Threads   The caller's.
 * Bounds    SIP_LOAD_CALLS; `window` of them under way. What is not answered in SIP_LOST_US
 *           is lost.
 */
#ifndef YUMEN_APP_BENCH_SIP_LOAD_H
#define YUMEN_APP_BENCH_SIP_LOAD_H

#include "base/str.h"

#define SIP_LOST_US INT64_C(500000)

enum { SIP_LOAD_CALLS = 1 << 18, SIP_LOAD_LISTED = 1000000, SIP_LOAD_ROOM = 24 };

/* The i-th listed number; `beside` of 1 to 6: one that lies beside it, and is not listed. */
str sip_load_number(uint64_t i, unsigned beside, char room[SIP_LOAD_ROOM]);

struct sip_load {
    uint16_t port;
    uint32_t calls;
    uint32_t window;        /* under way at most */
    uint32_t per_s;         /* 0: as the window has it */
    uint32_t listed_in_100; /* of those that call */
};

struct sip_loaded {
    uint32_t answered;
    double p50_us; /* over all of them: one that is lost has taken SIP_LOST_US */
    double p99_us;
};

err sip_load_run(const struct sip_load *load, struct sip_loaded *ret_loaded);

#endif
