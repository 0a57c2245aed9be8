/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_world_test - a small world of transfers for tests of cases: a port over a plain array.
 *
 * Shape     events[i] has number i. The port tells of those that are known, with the status they
 *           have by then. An account's opening is unknown, fixed, or its last balance known before.
 * Owns      Arrays of its own.   Lives  As the caller's variable.   Fails  -   Threads  One.
 * Bounds    WORLD_EVENTS, WORLD_ACCOUNTS.
 */
#ifndef YUMEN_TRAIL_CASE_WORLD_TEST_H
#define YUMEN_TRAIL_CASE_WORLD_TEST_H

#include "trail/case.h"

#include <stdio.h>
#include <string.h>

enum { WORLD_EVENTS = 128, WORLD_ACCOUNTS = 16 };
enum { OPENING_UNKNOWN, OPENING_FIXED, OPENING_BALANCE };

struct world {
    struct trail_event events[WORLD_EVENTS];
    char ids[WORLD_EVENTS][16];
    bool is_known[WORLD_EVENTS];
    unsigned count;
    unsigned opening_kind[WORLD_ACCOUNTS];
    int64_t opening[WORLD_ACCOUNTS];
    bool is_lean; /* the port leaves out what a port may */
};

static inline void world_status(struct trail_event *e, unsigned status)
{
    e->row.when = (e->row.when & ~(uint64_t)ROW_STATUS_MASK) | status;
}

/* The order of everything, said once more. */
static inline bool world_before(const struct trail_event *x, const struct trail_event *y)
{
    if (row_time_ms(&x->row) != row_time_ms(&y->row))
        return row_time_ms(&x->row) < row_time_ms(&y->row);
    if (x->bank != y->bank)
        return x->bank < y->bank;
    bool has_x = (x->row.when & ROW_HAS_SEQ) != 0;
    bool has_y = (y->row.when & ROW_HAS_SEQ) != 0;
    if (has_x != has_y)
        return has_x;
    if (has_x && x->seq != y->seq)
        return x->seq < y->seq;
    int ids = str_compare(x->id, y->id);
    return ids != 0 ? ids < 0 : x->number < y->number;
}

/* What a port may leave out. */
static inline struct trail_event world_lean(const struct world *w, const struct trail_event *e,
                                            uint32_t account)
{
    struct trail_event lean = *e;
    if (!w->is_lean)
        return lean;
    lean.bank = 0;
    lean.seq = 0;
    lean.id = STR("");
    if (e->row.from == account)
        return lean;
    lean.balance_minor = 0;
    lean.row.when &= ~(uint64_t)ROW_HAS_BALANCE;
    return lean;
}

static inline err world_words(void *of, struct trail_event *e)
{
    const struct world *w = of;
    const struct trail_event *said = &w->events[e->number];
    assert(e->number < w->count);
    e->bank = said->bank;
    e->seq = said->seq;
    e->id = said->id;
    return OK;
}

static inline err world_pull(void *of, const struct case_span *span, struct trail_case *into)
{
    const struct world *w = of;
    for (unsigned i = 0; i < w->count; i++) {
        const struct trail_event *e = &w->events[i];
        if (!w->is_known[i] || (e->row.from != span->account && e->row.to != span->account))
            continue;
        struct trail_event lean = world_lean(w, e, span->account);
        TRY(case_pulled(into, &lean));
    }
    return OK;
}

static inline bool world_opening(void *of, uint32_t account, const struct trail_event *before,
                                 int64_t *ret_minor)
{
    const struct world *w = of;
    if (w->opening_kind[account] == OPENING_FIXED)
        *ret_minor = w->opening[account];
    if (w->opening_kind[account] != OPENING_BALANCE)
        return w->opening_kind[account] == OPENING_FIXED;
    const struct trail_event *last = NULL;
    for (unsigned i = 0; i < w->count; i++) {
        const struct trail_event *e = &w->events[i];
        if (w->is_known[i] && e->row.from == account && (e->row.when & ROW_HAS_BALANCE) != 0 &&
            row_status(&e->row) == TRANSFER_BOOKED && world_before(e, before) &&
            (last == NULL || world_before(last, e)))
            last = e;
    }
    if (last != NULL)
        *ret_minor = last->balance_minor;
    return last != NULL;
}

static inline bool world_has_more(void *of, uint32_t account, int64_t from_ms, uint64_t most)
{
    const struct world *w = of;
    uint64_t count = 0;
    for (unsigned i = 0; i < w->count; i++)
        count += w->is_known[i] && row_time_ms(&w->events[i].row) >= from_ms &&
                 row_status(&w->events[i].row) <= TRANSFER_BOOKED &&
                 (w->events[i].row.from == account || w->events[i].row.to == account);
    return count > most;
}

static inline bool world_is_crowded(void *of, const struct case_crowd *crowd)
{
    const struct world *w = of;
    bool is_partner[WORLD_ACCOUNTS] = {false};
    uint32_t count = 0;
    for (unsigned i = 0; i < w->count; i++) {
        const struct trail_row *row = &w->events[i].row;
        bool is_its = row->from == crowd->account || row->to == crowd->account;
        uint32_t other = row->from == crowd->account ? row->to : row->from;
        bool is_one = w->is_known[i] && is_its && other != crowd->account &&
                      row_status(row) == TRANSFER_BOOKED && row_currency(row) == crowd->currency &&
                      row_amount(row) >= crowd->least_minor;
        count += is_one && !is_partner[other];
        is_partner[other] = is_partner[other] || is_one;
    }
    return count > crowd->most;
}

static inline struct case_port world_port(struct world *w)
{
    return (struct case_port){.of = w,
                              .pull = world_pull,
                              .words = world_words,
                              .opening = world_opening,
                              .has_more = world_has_more,
                              .is_crowded = world_is_crowded};
}

#endif
