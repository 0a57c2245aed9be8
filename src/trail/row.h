/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row - a transfer as the trail's index keeps it: 24 bytes, read where they lie.
 *
 * Shape     from, to    accounts, numbered by this store in order of first appearance
 *           when        time in milliseconds << 20 | status, exit, currency, what else is known
 *           what        amount in minor units, 48 bits
 *
 *               63                                20 19  13 12     8 7 6 5   2 1      0
 *               +-----------------------------------+------+--------+-+-+-----+--------+
 *           when| milliseconds since 1970 (44 bits) |  0   |currency|b|s|exit | status |
 *               +-----------------------------------+------+--------+-+-+-----+--------+
 *
 *           `when` of two rows compares as their times do. A row of a run never changes: what
 *           became of a transfer since stands in the view (view.h).
 * Owns      Nothing.   Lives  A value.   Fails  Never.   Threads  Any.
 * Bounds    fact/transfer.h's; TRAIL_CURRENCIES currencies a store.
 */
#ifndef YUMEN_TRAIL_ROW_H
#define YUMEN_TRAIL_ROW_H

#include "fact/transfer.h"

#include <assert.h>

struct trail_row {
    uint32_t from;
    uint32_t to;
    uint64_t when;
    uint64_t what;
};
static_assert(sizeof(struct trail_row) == 24, "three words, no gaps");

enum {
    ROW_STATUS_MASK = 3,
    ROW_EXIT_SHIFT = 2,
    ROW_EXIT_MASK = 15,
    ROW_HAS_SEQ = 1 << 6,
    ROW_HAS_BALANCE = 1 << 7,
    ROW_CURRENCY_SHIFT = 8,
    TRAIL_CURRENCIES = 32,
    ROW_TIME_SHIFT = 20
};

static inline int64_t row_time_ms(const struct trail_row *r)
{
    return (int64_t)(r->when >> ROW_TIME_SHIFT);
}

static inline int64_t row_amount(const struct trail_row *r)
{
    return (int64_t)(r->what & (uint64_t)TRANSFER_AMOUNT_MOST);
}

static inline unsigned row_status(const struct trail_row *r)
{
    return (unsigned)(r->when & ROW_STATUS_MASK);
}

static inline unsigned row_exit(const struct trail_row *r)
{
    return (unsigned)(r->when >> ROW_EXIT_SHIFT) & ROW_EXIT_MASK;
}

static inline unsigned row_currency(const struct trail_row *r)
{
    return (unsigned)(r->when >> ROW_CURRENCY_SHIFT) & (TRAIL_CURRENCIES - 1);
}

static inline uint64_t row_when(int64_t time_ms, unsigned flags)
{
    assert(time_ms >= 0 && time_ms <= TRANSFER_TIME_MOST);
    return (uint64_t)time_ms << ROW_TIME_SHIFT | flags;
}

#endif
