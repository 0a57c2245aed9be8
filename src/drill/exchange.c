/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/calls.h"

enum {
    RING_SIGMA = 450000,
    UNANSWERED_TIMES = 2,
    TALK_MOST_S = 4 * 3600,
    BACK_SIGMA = 900000,
};

static_assert((int)CARRIERS_MOST <= (int)COURIER_SENDERS, "each carrier sends");

static err hand_over(struct drill *d, const void *row)
{
    d->counts.call_rows++;
    env_counter_add(&d->rows, 1);
    return d->port.call(d->port.self, row);
}

void exchange_begin(struct drill *d)
{
    struct exchange *x = &d->calls->exchange;
    dice_fork(&x->dice, d->world.seed, STR("calls exchange"));
    shelf_init(&x->calls, d->arena, sizeof(struct call_row));
    x->courier = (struct courier){.row_bytes = sizeof(struct call_row),
                                  .closes = EVENT_CALLS_CLOSE,
                                  .arrives = EVENT_CALLS_ARRIVE,
                                  .hand_over = hand_over};
    for (size_t i = 0; i < d->params.calls.carrier_count; i++) {
        const struct carrier_params *carrier = &d->params.calls.carriers[i];
        x->courier.manners[i] = (struct courier_manners){.every_s = carrier->every_s,
                                                         .late = carrier->late,
                                                         .late_hours = carrier->late_hours,
                                                         .resent = carrier->resent,
                                                         .doubled = carrier->doubled};
    }
    courier_begin(d, &x->courier, STR("calls courier"));
}

err exchange_close(struct drill *d, const struct event *e)
{
    return courier_close(d, &d->calls->exchange.courier, e);
}

err exchange_arrive(struct drill *d, const struct event *e)
{
    return courier_arrive(d, &d->calls->exchange.courier, e);
}

int64_t exchange_clock(const struct drill *d, uint8_t carrier, int64_t at_us)
{
    const struct carrier_params *c = &d->params.calls.carriers[carrier];
    int64_t tick_us = c->tick_ms * 1000;
    int64_t shown_us = at_us + c->skew_ms * 1000;
    return shown_us - shown_us % tick_us;
}

static err report(struct drill *d, const struct call_row *row)
{
    return courier_put(d, &d->calls->exchange.courier, row->carrier, row);
}

static void begin_row(struct drill *d, const struct dialling *call, struct call_row *ret_row)
{
    const struct call_params *p = &d->params.calls;
    uint32_t carrier = call->trunk != 0 ? (call->trunk - 1U) % (uint32_t)p->carrier_count
                                        : line_carrier(&d->calls->lines, call->caller);
    *ret_row = (struct call_row){
        .number = ++d->calls->exchange.numbers[carrier],
        .at_us = exchange_clock(d, (uint8_t)carrier, d->now_us),
        .caller = call->caller,
        .callee = call->callee,
        .imei = call->trunk != 0 || p->carriers[carrier].gives_imei == 0 ? 0 : call->imei,
        .cell = p->carriers[carrier].gives_cell == 0 ? CELL_NONE : call->cell,
        .trunk = call->trunk,
        .carrier = (uint8_t)carrier,
        .is_text = call->is_text,
    };
    d->counts.calls++;
}

/* Somebody sees later that they were called. */
static err call_back_later(struct drill *d, const struct dialling *call, int64_t end_us)
{
    struct dice *dice = &d->calls->exchange.dice;
    const struct lines *l = &d->calls->lines;
    uint32_t kind = 0;
    bool can = line_is_person(l, call->callee) || line_kind(l, call->callee, &kind);
    if (!dice_hits(dice, call->back) || !can)
        return OK;
    int64_t wait_us = dice_about(dice, d->params.calls.people.back_min * MINUTE_US, BACK_SIGMA);
    return drill_at(d, end_us + wait_us, EVENT_CALL_BACK, call->callee, call->caller);
}

static err begin_call(struct drill *d, struct call_row *row, int64_t ring_us, int64_t end_us)
{
    struct exchange *x = &d->calls->exchange;
    uint32_t slot = 0;
    TRY(shelf_take(&x->calls, &slot));
    if (d->params.calls.carriers[row->carrier].phases != 0) {
        row->phase = PHASE_SETUP;
        TRY(report(d, row));
        if (row->is_answered)
            TRY(drill_at(d, d->now_us + ring_us, EVENT_CALL_ANSWER, slot, 0));
    }
    memcpy(shelf_at(&x->calls, slot), row, sizeof *row);
    return drill_at(d, end_us, EVENT_CALL_END, slot, 0);
}

err exchange_dial(struct drill *d, const struct dialling *call, struct dialled *ret_dialled)
{
    struct lines *l = &d->calls->lines;
    struct dice *dice = &d->calls->exchange.dice;
    struct call_row row;
    begin_row(d, call, &row);
    *ret_dialled = (struct dialled){row.number, d->now_us, row.carrier, false};
    if (call->is_text)
        return report(d, &row);
    bool is_free = !line_is_busy(l, call->callee, d->now_us);
    bool is_answered = dice_hits(dice, call->answered) && is_free;
    int64_t ring_us = dice_about(dice, d->params.calls.people.ring_s * SECOND_US, RING_SIGMA);
    int64_t talk_s = dice_about(dice, call->talk_s, call->talk_sigma);
    talk_s = talk_s < 1 ? 1 : talk_s > TALK_MOST_S ? TALK_MOST_S : talk_s;
    int64_t end_us =
        d->now_us + (is_answered ? ring_us + talk_s * SECOND_US : ring_us * UNANSWERED_TIMES);
    row.is_answered = is_answered;
    row.duration_s = is_answered ? (uint32_t)talk_s : 0;
    if (!call->is_shown)
        line_engage(l, call->caller, end_us);
    if (is_answered)
        line_engage(l, call->callee, end_us);
    else
        TRY(call_back_later(d, call, end_us));
    ret_dialled->end_us = end_us;
    ret_dialled->is_answered = is_answered;
    return begin_call(d, &row, ring_us, end_us);
}

err exchange_answer(struct drill *d, const struct event *e)
{
    struct call_row row;
    memcpy(&row, shelf_at(&d->calls->exchange.calls, e->which), sizeof row);
    row.phase = PHASE_ANSWER;
    row.at_us = exchange_clock(d, row.carrier, d->now_us);
    return report(d, &row);
}

/* A record says when the call began; a phase, when it is. */
err exchange_end(struct drill *d, const struct event *e)
{
    struct call_row row;
    memcpy(&row, shelf_at(&d->calls->exchange.calls, e->which), sizeof row);
    shelf_drop(&d->calls->exchange.calls, e->which);
    if (row.phase == PHASE_SETUP) {
        row.phase = PHASE_END;
        row.at_us = exchange_clock(d, row.carrier, d->now_us);
    }
    return report(d, &row);
}
