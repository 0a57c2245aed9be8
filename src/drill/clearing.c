/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of a payment: paid at once, pending for a while, rejected, or paid and taken back.
 * The payer's bank reports it; of what comes from beyond, the payee's.
 */
#include "drill/inside.h"

#include "drill/asking.h"
#include "drill/stolen.h"

enum { FAILS_PENDING = 30000, REVERSED_HOURS = 8 };

static_assert((int)BANKS_MOST <= (int)COURIER_SENDERS, "each bank sends");

/* --- the banks' files --- */

static err hand_over(struct drill *d, const void *row)
{
    d->counts.rows++;
    env_counter_add(&d->rows, 1);
    return d->port.transfer(d->port.self, row);
}

void clearing_begin(struct drill *d)
{
    struct courier *c = &d->courier;
    shelf_init(&d->clearing.slots, d->arena, sizeof(struct clearing_slot));
    dice_fork(&d->clearing.dice, d->world.seed, STR("clearing"));
    *c = (struct courier){.row_bytes = sizeof(struct transfer_row),
                          .closes = EVENT_CLOSE,
                          .arrives = EVENT_ARRIVE,
                          .hand_over = hand_over};
    for (size_t i = 0; i < d->params.bank_count; i++) {
        const struct bank_params *bank = &d->params.banks[i];
        c->manners[i] = (struct courier_manners){.every_s = bank->every_s,
                                                 .late = bank->late,
                                                 .late_hours = bank->late_hours,
                                                 .resent = bank->resent,
                                                 .doubled = bank->doubled};
    }
    courier_begin(d, c, STR("courier"));
}

err clearing_close(struct drill *d, const struct event *e)
{
    return courier_close(d, &d->courier, e);
}

err clearing_arrive(struct drill *d, const struct event *e)
{
    return courier_arrive(d, &d->courier, e);
}

static err report(struct drill *d, const struct transfer_row *row)
{
    return courier_put(d, &d->courier, row->bank, row);
}

/* Its number, and its time by the bank's clock. */
static void stamp(struct drill *d, struct transfer_row *row)
{
    const struct bank_params *bank = &d->params.banks[row->bank];
    struct clearing_desk *desk = &d->clearing.desks[row->bank];
    int64_t tick_us = bank->tick_ms * 1000;
    int64_t at_us = d->now_us + bank->skew_ms * 1000;
    row->number = ++desk->numbers;
    row->at_us = at_us - at_us % tick_us;
    if (at_us / SECOND_US != desk->second)
        desk->seq = 0;
    desk->second = at_us / SECOND_US;
    desk->seq++;
    row->seq = bank->gives_seq ? desk->seq : 0;
}

/* --- payments --- */

int64_t clearing_free(const struct drill *d, uint32_t account)
{
    if (is_beyond(account))
        return INT64_MAX;
    int64_t fen = money_of(&d->world, account);
    if (money_is_watched(&d->world, account))
        fen -= stolen_held(d->stolen, account);
    return fen;
}

static err take_slot(struct drill *d, const struct transfer_row *row, uint32_t note,
                     uint32_t *ret_slot)
{
    TRY(shelf_take(&d->clearing.slots, ret_slot));
    struct clearing_slot *slot = shelf_at(&d->clearing.slots, *ret_slot);
    *slot = (struct clearing_slot){.row = *row, .note = note};
    return OK;
}

/* What it held. */
static struct clearing_slot drop_slot(struct clearing *c, uint32_t slot)
{
    struct clearing_slot *at = shelf_at(&c->slots, slot);
    struct clearing_slot was = *at;
    shelf_drop(&c->slots, slot);
    return was;
}

static int64_t balance_shown(const struct drill *d, const struct transfer_row *row)
{
    bool is_given = !is_beyond(row->from) && d->params.banks[row->bank].gives_balance != 0;
    return is_given ? money_of(&d->world, row->from) : -1;
}

static uint32_t device_of(const struct drill *d, const struct payment *p)
{
    static const bool has_device[CHANNEL_COUNT] = {[CHANNEL_APP] = true, [CHANNEL_QR] = true};
    if (!has_device[p->channel] || is_beyond(p->from))
        return 0;
    return p->device != 0 ? p->device : world_device(&d->world, p->from);
}

static void begin_row(struct drill *d, const struct payment *p, struct transfer_row *ret_row)
{
    uint32_t reporter = is_beyond(p->from) ? p->to : p->from;
    *ret_row = (struct transfer_row){.fen = p->fen,
                                     .from = p->from,
                                     .to = p->to,
                                     .device = device_of(d, p),
                                     .bank = (uint8_t)world_bank(&d->world, reporter),
                                     .channel = (uint8_t)p->channel};
    stamp(d, ret_row);
    d->counts.transfers++;
}

static err reject(struct drill *d, struct transfer_row *row)
{
    row->status = TRANSFER_REJECTED;
    row->balance_after = balance_shown(d, row);
    d->counts.rejected++;
    return report(d, row);
}

static err let_wait(struct drill *d, struct transfer_row *row, uint32_t note, int64_t wait_us)
{
    uint32_t slot = 0;
    money_take(&d->world, row->from, row->fen);
    d->world.in_flight += row->fen;
    row->status = TRANSFER_PENDING;
    row->balance_after = balance_shown(d, row);
    TRY(take_slot(d, row, note, &slot));
    TRY(report(d, row));
    return drill_at(d, d->now_us + wait_us, EVENT_DUE, slot, 0);
}

static err book(struct drill *d, struct transfer_row *row, bool is_reversed)
{
    money_take(&d->world, row->from, row->fen);
    money_give(&d->world, row->to, row->fen);
    row->status = TRANSFER_BOOKED;
    row->balance_after = balance_shown(d, row);
    TRY(report(d, row));
    if (!is_reversed)
        return OK;
    uint32_t slot = 0;
    TRY(take_slot(d, row, 0, &slot));
    return drill_at(d, d->now_us + dice_wait(&d->clearing.dice, REVERSED_HOURS * HOUR_US),
                    EVENT_REVERSE, slot, 0);
}

err clearing_pay(struct drill *d, const struct payment *p, struct receipt *ret_receipt)
{
    assert(p->fen > 0 && p->from != p->to);
    *ret_receipt = (struct receipt){.outcome = OUTCOME_SHORT};
    if (p->note == 0 && clearing_free(d, p->from) < p->fen)
        return OK;
    struct transfer_row row;
    begin_row(d, p, &row);
    const struct bank_params *bank = &d->params.banks[row.bank];
    int64_t chance = (int64_t)dice_below(&d->clearing.dice, MICRO);
    bool may_wait = p->channel == CHANNEL_APP || p->channel == CHANNEL_WEB;
    bool is_rejected = chance < bank->rejected;
    bool is_pending = !is_rejected && may_wait && chance < bank->rejected + bank->pending;
    bool is_reversed = p->note == 0 && !is_beyond(p->from) && !is_beyond(p->to) &&
                       chance >= MICRO - bank->reversed;
    int64_t asked_us = is_rejected ? 0 : asking_wait(d, p, row.bank);
    bool waits = is_pending || asked_us > 0;
    *ret_receipt = (struct receipt){is_rejected ? OUTCOME_REFUSED
                                    : waits     ? OUTCOME_WAITS
                                                : OUTCOME_PAID,
                                    row.bank, row.number, asked_us > 0};
    if (is_rejected)
        return reject(d, &row);
    if (!waits)
        return book(d, &row, is_reversed);
    int64_t wait_us =
        is_pending ? dice_about(&d->clearing.dice, bank->pending_min * MINUTE_US, MICRO) : 0;
    TRY(let_wait(d, &row, p->note, wait_us > asked_us ? wait_us : asked_us));
    return asked_us > 0 ? asking_ask(d, &row) : OK;
}

err clearing_due(struct drill *d, const struct event *e)
{
    struct clearing_slot slot = drop_slot(&d->clearing, e->which);
    struct transfer_row *row = &slot.row;
    bool is_booked = !dice_hits(&d->clearing.dice, FAILS_PENDING);
    row->status = is_booked ? TRANSFER_BOOKED : TRANSFER_REJECTED;
    d->world.in_flight -= row->fen;
    d->counts.rejected += !is_booked;
    money_give(&d->world, is_booked ? row->to : row->from, row->fen);
    TRY(report(d, row));
    if (slot.note == 0)
        return OK;
    return is_booked ? stolen_land(d, slot.note) : stolen_return(d, slot.note);
}

/* Only as long as the payee still has it. */
err clearing_reverse(struct drill *d, const struct event *e)
{
    struct clearing_slot slot = drop_slot(&d->clearing, e->which);
    struct transfer_row *row = &slot.row;
    if (clearing_free(d, row->to) < row->fen)
        return OK;
    money_take(&d->world, row->to, row->fen);
    money_give(&d->world, row->from, row->fen);
    row->status = TRANSFER_REVERSED;
    d->counts.reversed++;
    return report(d, row);
}
