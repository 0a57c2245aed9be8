/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warn_feed - what arrives from a drill's feeds, as signals; for tests/sim alone.
 *
 * Shape     Knows only what has arrived, by plain rules that anybody can read:
 *
 *               calls      a new number that calls many and is called by few, or comes from abroad;
 *                          as strong as the call was long
 *               visits     each row                    messages  with a link to a site once visited
 *               asks       a payment to somebody this account never paid: pending; when it is in
 *               transfers  the bank's file: booked. Beside it `payee`, where that account empties
 *                          fast or several strangers pay it, and `amount`, where it is many times
 *                          the most that this account paid before; as the centre itself judges
 *                          it (app/warned/payees.h)
 *
 * Owns      Its memory is in the arena it was opened with.
 * Lives     As long as that.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   One.
 * Bounds    What payees and a million places for sites remember.
 */
#ifndef YUMEN_SIM_WARN_FEED_H
#define YUMEN_SIM_WARN_FEED_H

#include "drill/inside.h"
#include "warn/history.h"

enum { FEED_SIGNALS = 1 << 22 };

struct line_habit;
struct payees;

struct warn_feed {
    const struct drill *drill;
    struct line_habit *habits;
    uint32_t line_count;
    struct payees *payees;
    uint64_t *sites;
    struct history_signal *signals;
    size_t count;
    uint32_t begin_s; /* of the drill */
    uint32_t keep_s;  /* from then on signals are kept */
    uint32_t now_s;
};

/* Before the drill runs. */
err feed_open(struct warn_feed *f, const struct drill *d, uint32_t keep_s, struct arena *a);
err feed_call(struct warn_feed *f, const struct call_row *r);
err feed_visit(struct warn_feed *f, const struct visit_row *r);
err feed_message(struct warn_feed *f, const struct message_row *r);
err feed_ask(struct warn_feed *f, const struct transfer_row *r);
err feed_transfer(struct warn_feed *f, const struct transfer_row *r);

#endif
