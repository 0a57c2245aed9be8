/* SPDX-License-Identifier: Apache-2.0 */
/*
 * method - which money leaves first: the four ways to say whose a payment was.
 *
 * Shape     An account holds, in order of arrival, 600 of claim 0, 300 honest, 100 of claim 1, and
 *           pays 500:
 *
 *               fifo     the oldest money                    500 of claim 0
 *               lifo     the newest money                    100 of claim 1, 300 honest, 100 of 0
 *               haircut  each owner's share                  300 of 0, 150 honest, 50 of 1
 *               poison   stolen money first, the claims by   429 of 0, 71 of 1
 *                        their shares of it
 *
 *           A share that is not whole is rounded down; the fen then missing go to the largest
 *           remainders, to the earlier claim first where two are equal, to honest money last.
 * Owns      Nothing; the scratch is the caller's.
 * Lives     -
 * Fails     Taking cannot fail: it takes what is there.
 * Threads   Any, with their own scratch.
 * Bounds    Products are 128 bits wide. O(lots taken), or O(owners) by shares.
 */
#ifndef YUMEN_TRAIL_METHOD_H
#define YUMEN_TRAIL_METHOD_H

#include "base/str.h"
#include "trail/lots.h"

#define TRAIL_METHOD_LIST(X)                                                                       \
    X(METHOD_FIFO, "fifo")                                                                         \
    X(METHOD_LIFO, "lifo")                                                                         \
    X(METHOD_HAIRCUT, "haircut")                                                                   \
    X(METHOD_POISON, "poison")

#define X(code, name) code,
enum trail_method { TRAIL_METHOD_LIST(X) METHOD_COUNT };
#undef X

/* One lot's share while a payment is divided: the whole part, what is missing of it, and room to
 * find the largest rests in. */
struct method_rest {
    int64_t part;
    uint64_t rest;
    uint64_t pick;
};

str method_name(unsigned method);
/* METHOD_COUNT when there is none of that name. */
unsigned method_find(str name);

err method_put(enum trail_method m, struct lots *l, struct case_pool *p, struct lot lot);
/* The same of what one transfer brings: claims in order. */
err method_put_parts(enum trail_method m, struct lots *l, struct case_pool *p,
                     const struct lot *parts, uint32_t count);
/* Takes `minor`, or all there is if that is less, and adds it to `ret`. `rests` has room for every
 * lot of `l` by owner. */
void method_take(enum trail_method m, struct lots *l, int64_t minor, struct method_rest *rests,
                 struct takings *ret);
/* Honest money, in the method's order; how much it was. */
int64_t method_take_honest(enum trail_method m, struct lots *l, int64_t minor);

#endif
