/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hazard - how fast money leaves an account, how long an order takes at a bank, and whether it
 * does what it is asked: learnt, by bank, kind and hour of day.
 *
 * Shape     Time since money came (or since an order went out) is cut into steps that double:
 *           under 4.1 s, 8.2 s, 16.4 s ... 6.2 days. Of each step is known how much was at risk
 *           and how much of it left there: a life table, for each kind, each kind and hour, each
 *           bank and kind. They are joined as odds:
 *
 *               odds(bank, kind, hour) = odds(kind, hour) * odds(bank, kind) / odds(kind)
 *
 *           each drawn towards the one it refines, so that a bank that nobody has seen has the
 *           rate of all, and a bank seen often has its own. A curve is what then survives.
 *           Evidence fades: a bank's table remembers about its last 64 observations, the others
 *           512.
 * Owns      Nothing: it lies in the arena it was made in.
 * Lives     As long as that arena. hazard_saved and hazard_load carry it over a restart.
 * Fails     ERR_LIMIT when the arena is spent; ERR_CORRUPT for bytes that are no such thing.
 * Threads   One: a question may refresh what is kept of the answers.
 * Bounds    6 MiB; learning and asking O(HAZARD_STEPS). Whole numbers only, so the same
 *           observations give the same answers on every machine.
 */
#ifndef YUMEN_TRAIL_HAZARD_H
#define YUMEN_TRAIL_HAZARD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    HAZARD_BANKS = 256, /* a bank with a higher number has the rate of all */
    HAZARD_HOURS = 24,
    HAZARD_STEPS = 18,
    HAZARD_FIRST_BIT = 12, /* the first step ends at 2^12 ms, each further at twice that */
    HAZARD_QUANTILES = 4,
};
#define HAZARD_ONE (UINT32_C(1) << 30) /* certain; a whole observation */
#define HAZARD_END (INT64_C(1) << (HAZARD_FIRST_BIT + HAZARD_STEPS - 1)) /* ms: 6.2 days */

/* What waits: money in an account, by three bits, or an order at a bank. */
enum hazard_kind {
    HAZARD_COMPANY = 1, /* the account is a company's */
    HAZARD_MOVING = 2,  /* some of it has left since it came: parts follow each other fast */
    HAZARD_EXITS = 4,   /* and some of it by an exit */
    HAZARD_MONEY = 0,
    HAZARD_HOLD = 8, /* an order that holds an amount */
    HAZARD_STOP = 9, /* an order that stops an account */
    HAZARD_KINDS = 10
};

/* Whose clock it is: hour is that of the day when it began to wait. */
struct hazard_cell {
    uint32_t bank;
    uint8_t kind;
    uint8_t hour;
};

/* An order's way: equally likely moments of landing, and whether it lands at all. */
struct hazard_landing {
    int64_t quantile_ms[HAZARD_QUANTILES];
    uint32_t done; /* of HAZARD_ONE */
};

struct hazard;

err hazard_make(struct arena *a, struct hazard **ret_hazard);

/* `weight` of HAZARD_ONE: the part of what was there that left, or that is still there. */
void hazard_learn_left(struct hazard *h, struct hazard_cell c, int64_t dwell_ms, uint32_t weight);
void hazard_learn_stayed(struct hazard *h, struct hazard_cell c, int64_t age_ms, uint32_t weight);
/* A bank's last word on an order of kind HAZARD_HOLD or HAZARD_STOP: done (wholly or in part)
 * after so long, or refused. */
void hazard_learn_receipt(struct hazard *h, struct hazard_cell c, int64_t delay_ms, bool is_done);

/* What is left at each step's beginning and at the end, of HAZARD_ONE: HAZARD_STEPS + 1 numbers,
 * never 0, good until the next lesson. */
const uint32_t *hazard_curve(struct hazard *h, struct hazard_cell c);
/* The chance that what is there at `age_ms` is still there `horizon_ms` later. */
uint32_t hazard_stays(struct hazard *h, struct hazard_cell c, int64_t age_ms, int64_t horizon_ms);
struct hazard_landing hazard_lands(struct hazard *h, struct hazard_cell c);

/* All learnt, in this machine's order of bytes. What cannot be read leaves nothing learnt. */
str hazard_saved(const struct hazard *h);
err hazard_load(struct hazard *h, str saved);

/* Where a curve stands at an age: straight lines between its points, flat beyond its end. */
static inline uint32_t hazard_alive(const uint32_t *curve, int64_t age_ms)
{
    if (age_ms <= 0)
        return curve[0];
    if (age_ms >= HAZARD_END)
        return curve[HAZARD_STEPS];
    unsigned bits = 64U - (unsigned)__builtin_clzll((unsigned long long)age_ms);
    unsigned step = bits <= HAZARD_FIRST_BIT ? 0 : bits - HAZARD_FIRST_BIT;
    unsigned width_bits = step == 0 ? HAZARD_FIRST_BIT : bits - 1;
    uint64_t within = (uint64_t)age_ms - (step == 0 ? 0 : UINT64_C(1) << width_bits);
    uint64_t falls = curve[step] - curve[step + 1];
    return curve[step] - (uint32_t)(falls * within >> width_bits);
}

/* some / all, of HAZARD_ONE, to one in 2^14 of itself: one division of 32 bits. some <= all. */
static inline uint32_t hazard_ratio(uint32_t some, uint32_t all)
{
    unsigned up = (unsigned)__builtin_clz(all);
    uint64_t ratio = (uint64_t)((some << up) / (all << up >> 16)) << 14;
    return ratio > HAZARD_ONE ? HAZARD_ONE : (uint32_t)ratio;
}

static inline uint32_t hazard_ppm(uint32_t part)
{
    return (uint32_t)((uint64_t)part * 1000000 / HAZARD_ONE);
}

#endif
