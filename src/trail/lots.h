/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lots - the money an account holds, told apart by whose it is.
 *
 * Shape     A lot is an amount and its owner: a claim (a victim's transfer), or nobody: honest.
 *
 *               by arrival (FIFO, LIFO)         by owner (haircut, poison)
 *               oldest            newest        claim 0   claim 3   honest
 *               [ 0:500 ][ h:20 ][ 3:100 ]      [ 0:500 ][ 3:100 ][ h:20 ]
 *               head                   end
 *
 *           What one transfer brings is put claim by claim, honest money last. Neighbours of one
 *           owner are one lot.
 * Owns      Its array, taken from the case's pool.
 * Lives     Until lots_drop, or the pool's end.
 * Fails     ERR_LIMIT when the pool is spent.
 * Threads   One.
 * Bounds    Stolen money below 2^60 in all (TRANSFER_AMOUNT_MOST times CASE_CLAIMS_MOST); of honest
 *           money LOTS_HONEST_MOST is kept, what is more makes no difference to anybody.
 */
#ifndef YUMEN_TRAIL_LOTS_H
#define YUMEN_TRAIL_LOTS_H

#include "base/err.h"
#include "trail/case_pool.h"

#define LOT_HONEST       UINT32_MAX /* sorts behind every claim */
#define LOTS_HONEST_MOST (INT64_C(1) << 60)

struct lot {
    int64_t minor;
    uint32_t owner;
    uint32_t spare_; /* always 0: lots are compared as bytes */
};

struct lots {
    struct lot *at;
    uint32_t head;
    uint32_t end;
    uint32_t room;
    int64_t stolen_minor;
    int64_t honest_minor;
};

/* What was taken: stolen money by claim in order, honest money as a sum. */
struct takings {
    struct lot *at; /* room for one lot of each claim */
    uint32_t count;
    int64_t stolen_minor;
    int64_t honest_minor;
};

static inline int64_t lots_total(const struct lots *l)
{
    return l->stolen_minor + l->honest_minor;
}

static inline uint32_t lots_count(const struct lots *l)
{
    return l->end - l->head;
}

/* Newest, or where its owner stands. */
err lots_put_newest(struct lots *l, struct case_pool *p, uint32_t owner, int64_t minor);
err lots_put_owned(struct lots *l, struct case_pool *p, uint32_t owner, int64_t minor);
/* Many, by their owners in order. */
err lots_put_all_owned(struct lots *l, struct case_pool *p, const struct lot *parts,
                       uint32_t count);
/* Takes up to `minor` of honest money, from the oldest lot on or from the newest; how much. */
int64_t lots_take_honest(struct lots *l, int64_t minor, bool newest_first);
/* Closes the holes that lots of nothing left. */
void lots_close(struct lots *l);

void lots_drop(struct lots *l, struct case_pool *p);
/* `to` may hold something already; its array is used again. */
err lots_copy(struct lots *to, const struct lots *from, struct case_pool *p);
bool lots_equal(const struct lots *a, const struct lots *b);

/* Adds to what was taken, in the order of claims. */
void takings_add(struct takings *t, uint32_t owner, int64_t minor);
void takings_clear(struct takings *t);

#endif
