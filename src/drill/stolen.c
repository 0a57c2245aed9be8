/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/stolen.h"

enum { BUCKETS = 1 << 16 };

struct lot {
    uint32_t next;
    uint32_t incident;
    int64_t fen;
};

struct parcel {
    uint32_t stash; /* it came from; 0: from a victim */
    uint32_t incident;
    uint32_t from;
    uint32_t to;
    uint32_t ring;
    uint8_t layer;
    uint8_t bank;
    uint64_t number;
    int64_t at_us;
    struct lots lots;
};

struct stolen {
    struct shelf lots;
    struct shelf stashes;
    struct shelf parcels;
    struct shelf incidents;
    struct shelf takings;
    struct shelf fates;
    uint32_t *buckets;
};

err stolen_open(struct drill *d)
{
    struct stolen *s = arena_make(d->arena, sizeof *s);
    if (s == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    shelf_init(&s->lots, d->arena, sizeof(struct lot));
    shelf_init(&s->stashes, d->arena, sizeof(struct stash));
    shelf_init(&s->parcels, d->arena, sizeof(struct parcel));
    shelf_init(&s->incidents, d->arena, sizeof(struct told_row));
    shelf_init(&s->takings, d->arena, sizeof(struct taking));
    shelf_init(&s->fates, d->arena, sizeof(struct fate));
    s->buckets = arena_make_array(d->arena, BUCKETS, sizeof *s->buckets);
    d->stolen = s;
    return s->buckets == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

struct told_row *stolen_incident(const struct drill *d, uint32_t incident)
{
    return shelf_at(&d->stolen->incidents, incident);
}

const struct taking *stolen_taking(const struct drill *d, uint32_t taking)
{
    return taking == 0 ? NULL : shelf_at(&d->stolen->takings, taking);
}

const struct fate *stolen_fate(const struct drill *d, uint32_t fate)
{
    return fate == 0 ? NULL : shelf_at(&d->stolen->fates, fate);
}

struct stash *stolen_stash(const struct drill *d, uint32_t stash)
{
    return shelf_at(&d->stolen->stashes, stash);
}

err stolen_begin(struct drill *d, const struct told_row *incident, uint32_t *ret_incident)
{
    TRY(shelf_take(&d->stolen->incidents, ret_incident));
    struct told_row *at = stolen_incident(d, *ret_incident);
    *at = *incident;
    at->incident = *ret_incident;
    return OK;
}

/* --- lots --- */

static err lots_put(struct stolen *s, struct lots *l, uint32_t incident, int64_t fen)
{
    uint32_t number = 0;
    assert(fen > 0);
    TRY(shelf_take(&s->lots, &number));
    struct lot *lot = shelf_at(&s->lots, number);
    *lot = (struct lot){.incident = incident, .fen = fen};
    if (l->last == 0)
        l->first = number;
    else
        ((struct lot *)shelf_at(&s->lots, l->last))->next = number;
    l->last = number;
    l->fen += fen;
    return OK;
}

static void lots_join(struct stolen *s, struct lots *into, struct lots *from)
{
    if (from->first == 0)
        return;
    if (into->last == 0)
        into->first = from->first;
    else
        ((struct lot *)shelf_at(&s->lots, into->last))->next = from->first;
    into->last = from->last;
    into->fen += from->fen;
    *from = (struct lots){0};
}

/* The oldest first; the last one is cut. */
static err lots_move(struct stolen *s, struct lots *from, int64_t fen, struct lots *into)
{
    assert(from->fen >= fen);
    while (fen > 0) {
        uint32_t number = from->first;
        struct lot *lot = shelf_at(&s->lots, number);
        int64_t piece = lot->fen < fen ? lot->fen : fen;
        uint32_t incident = lot->incident;
        lot->fen -= piece;
        from->fen -= piece;
        fen -= piece;
        if (lot->fen == 0) {
            from->first = lot->next;
            from->last = lot->next == 0 ? 0 : from->last;
            shelf_drop(&s->lots, number);
        }
        TRY(lots_put(s, into, incident, piece));
    }
    return OK;
}

static void lots_drop(struct stolen *s, struct lots *l)
{
    while (l->first != 0) {
        uint32_t number = l->first;
        l->first = ((struct lot *)shelf_at(&s->lots, number))->next;
        shelf_drop(&s->lots, number);
    }
    *l = (struct lots){0};
}

/* --- stashes --- */

static uint32_t *bucket_of(const struct stolen *s, uint32_t account)
{
    return &s->buckets[dice_mix(0, account, 0) % BUCKETS];
}

static uint32_t stash_find(const struct stolen *s, uint32_t account)
{
    uint32_t number = *bucket_of(s, account);
    while (number != 0) {
        const struct stash *stash = shelf_at(&s->stashes, number);
        if (stash->account == account)
            return number;
        number = stash->next;
    }
    return 0;
}

int64_t stolen_held(const struct stolen *s, uint32_t account)
{
    uint32_t number = stash_find(s, account);
    if (number == 0)
        return 0;
    const struct stash *stash = shelf_at(&s->stashes, number);
    return stash->moving.fen + stash->kept.fen;
}

static err stash_make(struct drill *d, const struct parcel *p, uint32_t *ret_stash)
{
    struct stolen *s = d->stolen;
    uint32_t *bucket = bucket_of(s, p->to);
    TRY(shelf_take(&s->stashes, ret_stash));
    struct stash *stash = shelf_at(&s->stashes, *ret_stash);
    *stash = (struct stash){.next = *bucket, .account = p->to};
    *bucket = *ret_stash;
    money_watch(&d->world, p->to);
    d->counts.mules++;
    return OK;
}

/* --- on its way --- */

static err tell_moved(struct drill *d, const struct parcel *p)
{
    struct stolen *s = d->stolen;
    for (uint32_t number = p->lots.first; number != 0;) {
        const struct lot *lot = shelf_at(&s->lots, number);
        struct moved_row row = {.bank = p->bank,
                                .number = p->number,
                                .from = p->from,
                                .to = p->to,
                                .incident = lot->incident,
                                .layer = p->layer,
                                .fen = lot->fen};
        TRY(d->port.moved(d->port.self, &row));
        number = lot->next;
    }
    return OK;
}

static err add_fate(struct stolen *s, uint32_t incident, const struct fate *fate)
{
    uint32_t number = 0;
    struct told_row *i = shelf_at(&s->incidents, incident);
    struct fate *last = i->fates == 0 ? NULL : shelf_at(&s->fates, i->fates);
    if (last != NULL && last->account == fate->account && last->number == fate->number &&
        last->bank == fate->bank) {
        last->fen += fate->fen;
        return OK;
    }
    TRY(shelf_take(&s->fates, &number));
    struct fate *at = shelf_at(&s->fates, number);
    *at = *fate;
    at->next = i->fates;
    i->fates = number;
    return OK;
}

/* Each of these lots ends like this. */
static err add_fates(struct stolen *s, const struct lots *l, const struct fate *fate)
{
    struct fate each = *fate;
    for (uint32_t number = l->first; number != 0;) {
        const struct lot *lot = shelf_at(&s->lots, number);
        each.fen = lot->fen;
        TRY(add_fate(s, lot->incident, &each));
        number = lot->next;
    }
    return OK;
}

static err note_taking(struct drill *d, const struct parcel *p)
{
    struct stolen *s = d->stolen;
    uint32_t number = 0;
    TRY(shelf_take(&s->takings, &number));
    struct told_row *i = shelf_at(&s->incidents, p->incident);
    struct taking *at = shelf_at(&s->takings, number);
    *at = (struct taking){.next = i->takings,
                          .from = p->from,
                          .to = p->to,
                          .number = p->number,
                          .fen = p->lots.fen,
                          .at_us = p->at_us,
                          .booked_us = d->now_us,
                          .bank = p->bank};
    i->takings = number;
    i->fen += p->lots.fen;
    d->counts.incidents += i->fen == p->lots.fen;
    d->counts.stolen_fen += p->lots.fen;
    return OK;
}

static err stash_take_in(struct drill *d, struct parcel *p)
{
    struct stolen *s = d->stolen;
    uint32_t number = stash_find(s, p->to);
    if (number == 0)
        TRY(stash_make(d, p, &number));
    struct stash *stash = shelf_at(&s->stashes, number);
    if (stash->ring != p->ring || stash->layer < p->layer) {
        stash->ring = p->ring;
        stash->layer = p->layer;
        struct mule_row row = {p->to, p->ring, p->layer, d->now_us};
        TRY(d->port.mule(d->port.self, &row));
    }
    lots_join(s, &stash->moving, &p->lots);
    return mule_wake(d, number);
}

err stolen_land(struct drill *d, uint32_t parcel)
{
    struct stolen *s = d->stolen;
    struct parcel p = *(struct parcel *)shelf_at(&s->parcels, parcel);
    shelf_drop(&s->parcels, parcel);
    if (p.incident != 0)
        TRY(note_taking(d, &p));
    TRY(tell_moved(d, &p));
    if (!is_beyond(p.to))
        return stash_take_in(d, &p);
    struct fate fate = {.account = p.to, .number = p.number, .bank = p.bank};
    TRY(add_fates(s, &p.lots, &fate));
    lots_drop(s, &p.lots);
    return OK;
}

err stolen_return(struct drill *d, uint32_t parcel)
{
    struct stolen *s = d->stolen;
    struct parcel p = *(struct parcel *)shelf_at(&s->parcels, parcel);
    shelf_drop(&s->parcels, parcel);
    if (p.stash == 0) {
        lots_drop(s, &p.lots);
        return OK;
    }
    struct stash *stash = stolen_stash(d, p.stash);
    lots_join(s, &stash->moving, &p.lots);
    return mule_wake(d, p.stash);
}

static err parcel_make(struct drill *d, const struct hop *hop, uint32_t *ret_parcel)
{
    struct stolen *s = d->stolen;
    TRY(shelf_take(&s->parcels, ret_parcel));
    struct parcel p = {.stash = hop->stash,
                       .incident = hop->incident,
                       .from = hop->payment.from,
                       .to = hop->payment.to,
                       .layer = hop->layer,
                       .at_us = d->now_us};
    if (hop->incident != 0) {
        p.ring = stolen_incident(d, hop->incident)->ring;
        TRY(lots_put(s, &p.lots, hop->incident, hop->payment.fen));
    } else {
        struct stash *stash = stolen_stash(d, hop->stash);
        p.ring = stash->ring;
        TRY(lots_move(s, &stash->moving, hop->payment.fen, &p.lots));
    }
    *(struct parcel *)shelf_at(&s->parcels, *ret_parcel) = p;
    return OK;
}

err stolen_pay(struct drill *d, const struct hop *hop, struct receipt *ret_receipt)
{
    uint32_t number = 0;
    TRY(parcel_make(d, hop, &number));
    struct payment payment = hop->payment;
    payment.note = number;
    TRY(clearing_pay(d, &payment, ret_receipt));
    struct parcel *p = shelf_at(&d->stolen->parcels, number);
    p->bank = ret_receipt->bank;
    p->number = ret_receipt->number;
    switch (ret_receipt->outcome) {
    case OUTCOME_PAID:
        return stolen_land(d, number);
    case OUTCOME_WAITS:
        return OK;
    case OUTCOME_REFUSED:
    case OUTCOME_SHORT:
        break;
    }
    return stolen_return(d, number);
}

err stolen_keep(struct drill *d, uint32_t stash, int64_t fen)
{
    struct stash *at = stolen_stash(d, stash);
    return lots_move(d->stolen, &at->moving, fen, &at->kept);
}

err stolen_tell(struct drill *d)
{
    struct stolen *s = d->stolen;
    for (uint32_t number = 1; number <= s->stashes.count; number++) {
        const struct stash *stash = stolen_stash(d, number);
        struct fate fate = {.account = stash->account};
        TRY(add_fates(s, &stash->moving, &fate));
        TRY(add_fates(s, &stash->kept, &fate));
    }
    for (uint32_t number = 1; number <= s->incidents.count; number++)
        if (stolen_incident(d, number)->fen > 0)
            TRY(d->port.told(d->port.self, stolen_incident(d, number)));
    return OK;
}
