/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_teller.h"

#include "drill/agenda.h"
#include "drill/shelf.h"
#include "kit/strmap.h"

#include <assert.h>

enum bank_event {
    EVENT_ACK,
    EVENT_DO,
    EVENT_PAY,
    EVENT_BOOK,
    EVENT_REVERSE,
    EVENT_RETURN,
    EVENT_COUNT
};

enum { SEED_ORDERS = 72, LATE_ACK_S = 2, REVERSED_AFTER_MIN = 30 };

struct job {
    struct bank_instruction to;
    struct bank_whim whim;
    instant taken_at;
    int64_t told; /* held, by the last receipt; -1: nothing stands, or it is not to be watched */
};

struct plan {
    const struct bank_transfer *transfer;
};

struct bank_teller {
    struct arena *arena;
    struct bank_book *book;
    struct bank_port port;
    struct bank_whims whims;
    struct agenda agenda;
    struct shelf jobs;
    struct shelf plans;
    struct shelf returns;
    struct strmap by_order; /* its newest job */
    struct strmap by_share;
    uint64_t receipts;
    uint64_t payments;
    instant now;
};

err bank_teller_open(const struct bank_teller_settings *s, struct arena *a,
                     struct bank_teller **ret_teller)
{
    uint8_t key[SIPHASH_KEY_BYTES];
    struct bank_teller *b = arena_make(a, sizeof *b);
    if (b == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)dice_mix(s->seed, i, SEED_ORDERS);
    b->arena = a;
    b->book = s->book;
    b->port = s->port;
    bank_whims_begin(&b->whims, s->manners, s->seed, s->begun_at);
    agenda_init(&b->agenda, a);
    shelf_init(&b->jobs, a, sizeof(struct job));
    shelf_init(&b->plans, a, sizeof(struct plan));
    shelf_init(&b->returns, a, sizeof(struct bank_return));
    strmap_init(&b->by_order, key, a);
    strmap_init(&b->by_share, key, a);
    *ret_teller = b;
    return OK;
}

bool bank_teller_is_out(struct bank_teller *b, instant now)
{
    return bank_whims_is_out(&b->whims, now);
}

static err later(struct bank_teller *b, enum bank_event kind, uint32_t which, instant at)
{
    return agenda_put(&b->agenda,
                      &(struct event){.at_us = at.us, .kind = (uint32_t)kind, .which = which});
}

/* ---- instructions ------------------------------------------------------------------------- */

static err keep(struct bank_teller *b, str s, str *ret_copy)
{
    *ret_copy = str_copy(b->arena, s);
    return ret_copy->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err keep_all(struct bank_teller *b, struct bank_instruction *i)
{
    TRY(keep(b, i->order, &i->order));
    TRY(keep(b, i->takes, &i->takes));
    TRY(keep(b, i->code, &i->code));
    TRY(keep(b, i->account, &i->account));
    TRY(keep(b, i->name, &i->name));
    TRY(keep(b, i->payment.id, &i->payment.id));
    TRY(keep(b, i->payment.from, &i->payment.from));
    return keep(b, i->payment.to, &i->payment.to);
}

static bool is_again(const struct bank_instruction *was, const struct bank_instruction *is)
{
    return is->number == 0 ? was->ask == is->ask : was->number >= is->number;
}

err bank_teller_take(struct bank_teller *b, const struct bank_instruction *i, instant now)
{
    uint32_t *slot = NULL;
    uint32_t number = strmap_get(&b->by_order, i->order);
    struct job new = {.to = *i, .taken_at = now, .told = -1};
    if (number != 0 && is_again(&((struct job *)shelf_at(&b->jobs, number))->to, i))
        return OK;
    new.whim = bank_whim_next(&b->whims, i);
    TRY(keep_all(b, &new.to));
    TRY(shelf_take(&b->jobs, &number));
    *(struct job *)shelf_at(&b->jobs, number) = new;
    TRY(strmap_at(&b->by_order, new.to.order, &slot));
    *slot = number;
    if (new.whim.is_deaf)
        return OK;
    instant done_at = instant_add_us(now, new.whim.wait_us);
    if (new.whim.has_ack && !new.whim.is_ack_late)
        TRY(later(b, EVENT_ACK, number, now));
    TRY(later(b, EVENT_DO, number, done_at));
    if (new.whim.is_ack_late)
        TRY(later(b, EVENT_ACK, number, instant_add_us(done_at, LATE_ACK_S * US_PER_S)));
    return OK;
}

static err say(struct bank_teller *b, const struct job *j, const struct bank_answer *answer,
               instant at)
{
    struct bank_receipt r = {.to = j->to, .answer = *answer, .at = at, .key = ++b->receipts};
    bank_priors_look(b->book, &j->to, &r.priors);
    TRY(b->port.receipt(b->port.self, &r));
    if (j->whim.is_doubled)
        TRY(b->port.receipt(b->port.self, &r));
    if (!j->whim.has_stranger)
        return OK;
    struct text t;
    text_init(&t, b->arena);
    text_put_c(&t, "NOBODYGAVETHISORDER");
    text_printf(&t, "%07llu", (unsigned long long)b->receipts);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    r.to.order = text_str(&t);
    r.key = ++b->receipts;
    return b->port.receipt(b->port.self, &r);
}

/* Said of when it was taken, also when it is said late. */
static err acknowledge(struct bank_teller *b, uint32_t number, instant now)
{
    (void)now;
    const struct job *j = shelf_at(&b->jobs, number);
    struct bank_answer answer = {.result = BANK_PENDING,
                                 .balance = bank_book_look(b->book, j->to.account).balance};
    return say(b, j, &answer, j->taken_at);
}

/* Doing again what was done first changes nothing. */
static struct bank_instruction what_it_does(const struct job *j)
{
    struct bank_instruction i = j->to;
    if (j->whim.is_stubborn)
        i.ask = BANK_PLACE;
    return i;
}

static err perform(struct bank_teller *b, uint32_t number, instant now)
{
    struct job *j = shelf_at(&b->jobs, number);
    struct bank_answer answer = {.result = BANK_REFUSED,
                                 .why = BANK_NO_REASON,
                                 .balance = bank_book_look(b->book, j->to.account).balance};
    const struct bank_instruction does = what_it_does(j);
    bool can = (b->whims.manners->can >> j->to.kind & 1) != 0;
    if (!can)
        answer.why = BANK_CANNOT;
    if (can && !j->whim.is_refused)
        TRY(bank_book_do(b->book, &does, j->whim.over_fen, &answer));
    bool stands = answer.result == BANK_DONE || answer.result == BANK_PARTIAL;
    j->told = stands && j->to.ask != BANK_LIFT ? answer.held : -1;
    return say(b, j, &answer, now);
}

/* What fills up as money comes in; what has ended is watched no more. */
static err tell_fuller(struct bank_teller *b, instant now)
{
    for (uint32_t i = 1; i <= b->jobs.count; i++) {
        struct bank_standing s;
        struct job *j = shelf_at(&b->jobs, i);
        if (j->told < 0)
            continue;
        if (!bank_book_find(b->book, j->to.order, &s) ||
            strmap_get(&b->by_order, j->to.order) != i) {
            j->told = -1;
            continue;
        }
        if (s.kind == BANK_STOP || s.held <= j->told)
            continue;
        j->told = s.held;
        struct bank_answer answer = {.result = s.held >= j->to.fen ? BANK_DONE : BANK_PARTIAL,
                                     .held = s.held,
                                     .balance = bank_book_look(b->book, j->to.account).balance};
        TRY(say(b, j, &answer, now));
    }
    return OK;
}

/* ---- giving back -------------------------------------------------------------------------- */

static err keep_return(struct bank_teller *b, struct bank_return *r)
{
    TRY(keep(b, r->share, &r->share));
    TRY(keep(b, r->account, &r->account));
    TRY(keep(b, r->to, &r->to));
    for (size_t i = 0; i < r->order_count; i++)
        TRY(keep(b, r->orders[i], &r->orders[i]));
    return OK;
}

err bank_teller_return(struct bank_teller *b, const struct bank_return *r, instant now)
{
    uint32_t number = strmap_get(&b->by_share, r->share);
    uint32_t *slot = NULL;
    struct bank_return new = *r;
    if (number != 0)
        return OK;
    TRY(keep_return(b, &new));
    TRY(shelf_take(&b->returns, &number));
    *(struct bank_return *)shelf_at(&b->returns, number) = new;
    TRY(strmap_at(&b->by_share, new.share, &slot));
    *slot = number;
    return later(b, EVENT_RETURN, number,
                 instant_add_us(now, b->whims.manners->answer_s * US_PER_S));
}

static err give_back(struct bank_teller *b, uint32_t number, instant now)
{
    const struct bank_return *r = shelf_at(&b->returns, number);
    struct bank_paid paid = {.share = r->share, .why = BANK_CAME_BACK, .key = ++b->payments};
    if (!bank_whims_unpaid(&b->whims))
        paid.why = bank_book_return(b->book, r);
    TRY(b->port.paid(b->port.self, &paid));
    return paid.why == BANK_FINE ? tell_fuller(b, now) : OK;
}

/* ---- transfers ---------------------------------------------------------------------------- */

static const struct bank_transfer *transfer_at(const struct bank_teller *b, uint32_t number)
{
    const struct plan *p = shelf_at(&b->plans, number);
    return p->transfer;
}

err bank_teller_plan(struct bank_teller *b, const struct bank_transfer *t)
{
    uint32_t number = 0;
    TRY(shelf_take(&b->plans, &number));
    ((struct plan *)shelf_at(&b->plans, number))->transfer = t;
    return later(b, EVENT_PAY, number, instant_from_us(t->is.time_ms * US_PER_MS));
}

static struct bank_payment payment_of(const struct transfer *t)
{
    return (struct bank_payment){.id = t->id,
                                 .from = t->from,
                                 .to = t->to,
                                 .fen = t->amount_minor,
                                 .at = instant_from_us(t->time_ms * US_PER_MS)};
}

static err tell(struct bank_teller *b, const struct bank_transfer *t, enum transfer_status status)
{
    struct transfer row = t->is;
    if (!t->is_told)
        return OK;
    row.status = (uint8_t)status;
    row.balance_minor = bank_book_look(b->book, row.from).balance;
    row.has_balance = row.has_balance && row.balance_minor >= 0;
    return b->port.transfer(b->port.self, &row);
}

static err book(struct bank_teller *b, uint32_t number, instant now)
{
    const struct bank_transfer *t = transfer_at(b, number);
    struct bank_payment p = payment_of(&t->is);
    bool is_rejected = t->is.status == TRANSFER_REJECTED;
    if (is_rejected || bank_book_pay(b->book, &p) != BANK_FINE)
        return tell(b, t, TRANSFER_REJECTED);
    TRY(tell(b, t, TRANSFER_BOOKED));
    if (t->is.status == TRANSFER_REVERSED)
        TRY(later(b, EVENT_REVERSE, number, instant_add_us(now, REVERSED_AFTER_MIN * US_PER_MIN)));
    return bank_book_has(b->book, p.to) ? tell_fuller(b, now) : OK;
}

static err pay(struct bank_teller *b, uint32_t number, instant now)
{
    const struct bank_transfer *t = transfer_at(b, number);
    struct bank_payment p = payment_of(&t->is);
    int64_t wait_us = t->is_told ? bank_whims_booking_us(&b->whims) : 0;
    TRY(bank_book_expect(b->book, &p));
    if (t->is_waiting || wait_us > 0)
        TRY(tell(b, t, TRANSFER_PENDING));
    if (wait_us == 0)
        return book(b, number, now);
    return later(b, EVENT_BOOK, number, instant_add_us(now, wait_us));
}

/* What is there to be taken back, and only that, is taken back. */
static err reverse(struct bank_teller *b, uint32_t number, instant now)
{
    const struct bank_transfer *t = transfer_at(b, number);
    struct bank_payment p = payment_of(&t->is);
    p.from = t->is.to;
    p.to = t->is.from;
    if (bank_book_pay(b->book, &p) != BANK_FINE)
        return OK;
    TRY(tell(b, t, TRANSFER_REVERSED));
    return tell_fuller(b, now);
}

/* ---- time --------------------------------------------------------------------------------- */

static err (*const acts[EVENT_COUNT])(struct bank_teller *b, uint32_t which, instant now) = {
    [EVENT_ACK] = acknowledge, [EVENT_DO] = perform,      [EVENT_PAY] = pay,
    [EVENT_BOOK] = book,       [EVENT_REVERSE] = reverse, [EVENT_RETURN] = give_back,
};

static err lapse(struct bank_teller *b, instant now)
{
    return bank_book_lapse(b->book, now) > 0 ? tell_fuller(b, now) : OK;
}

err bank_teller_step(struct bank_teller *b, instant now)
{
    struct event e;
    assert(now.us >= b->now.us);
    b->now = now;
    while (agenda_first(&b->agenda) != NULL && agenda_first(&b->agenda)->at_us <= now.us) {
        (void)agenda_take(&b->agenda, &e);
        TRY(lapse(b, instant_from_us(e.at_us)));
        TRY(acts[e.kind](b, e.which, instant_from_us(e.at_us)));
    }
    return lapse(b, now);
}

instant bank_teller_next(const struct bank_teller *b)
{
    const struct event *e = agenda_first(&b->agenda);
    return instant_from_us(e == NULL ? INSTANT_MAX_US : e->at_us);
}
