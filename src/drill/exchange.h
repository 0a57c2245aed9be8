/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange - what becomes of a call: it rings, somebody answers or not, it ends; and what its
 * carrier reports of it, at its end or as it happens.
 *
 * Shape     Whoever calls asks exchange_dial; a busy callee does not answer. The caller's carrier
 *           reports (of what comes from abroad, the trunk's) through its courier.
 *
 *               at its end   row            phases   row setup ... row answer ... row end
 *
 * Owns      Calls in progress, on a shelf in the drill's arena; each carrier's count of its calls.
 * Lives     As long as the drill.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   One.
 * Bounds    A row for a call in progress, and one for each that its carrier has not sent yet.
 */
#ifndef YUMEN_DRILL_EXCHANGE_H
#define YUMEN_DRILL_EXCHANGE_H

#include "drill/courier.h"
#include "drill/rows.h"

struct drill;

/* A call that somebody makes now. */
struct dialling {
    uint32_t caller;
    uint32_t callee;
    uint32_t imei;
    uint32_t cell;
    uint16_t trunk;   /* from abroad by this one; 0: from here */
    bool is_text;     /* then the rest does not matter */
    bool is_shown;    /* the caller's number is only shown: whose it is, is not called from */
    int64_t answered; /* share */
    int64_t talk_s;   /* median */
    int64_t talk_sigma;
    int64_t back; /* share of the missed that are returned */
};

struct dialled {
    uint64_t number;
    int64_t end_us;
    uint8_t carrier;
    bool is_answered;
};

struct exchange {
    struct dice dice;
    struct courier courier;
    struct shelf calls; /* struct call_row */
    uint64_t numbers[COURIER_SENDERS];
};

void exchange_begin(struct drill *d);
err exchange_dial(struct drill *d, const struct dialling *call, struct dialled *ret_dialled);
err exchange_answer(struct drill *d, const struct event *e);
err exchange_end(struct drill *d, const struct event *e);
/* How this carrier's clock shows a moment. */
int64_t exchange_clock(const struct drill *d, uint8_t carrier, int64_t at_us);
err exchange_close(struct drill *d, const struct event *e);
err exchange_arrive(struct drill *d, const struct event *e);

#endif
