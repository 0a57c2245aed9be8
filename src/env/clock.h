/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock - what time it is: the real one, or one that a drill moves by hand.
 *
 * Shape     A loop reads the clock once a turn and passes the instant down. A manual clock only
 *           moves when it is set, and only forward.
 *           env_monotonic_us never jumps: for timeouts and rates, never for records.
 * Owns      Nothing.
 * Lives     As long as its struct.
 * Fails     "clock.backwards" (ERR_CONFLICT), "clock.not_manual" (ERR_DENIED).
 * Threads   clock_now: any. clock_set: any; concurrent sets still never go backwards.
 * Bounds    As instant.
 */
#ifndef YUMEN_ENV_CLOCK_H
#define YUMEN_ENV_CLOCK_H

#include "base/err.h"
#include "base/instant.h"

#include <stdatomic.h>

struct clock {
    _Atomic int64_t manual_us;
    bool is_manual;
};

instant env_now(void);
int64_t env_monotonic_us(void);
/* What the calling thread has used of a processor: for measuring beside other programs. */
int64_t env_cpu_us(void);

void clock_init_real(struct clock *c);
void clock_init_manual(struct clock *c, instant start);
instant clock_now(const struct clock *c);
/* Setting it to the time it already shows is allowed. */
err clock_set(struct clock *c, instant to);

#endif
