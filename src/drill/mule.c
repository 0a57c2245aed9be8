/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What mules do with it: wait seconds (programs) or minutes to hours (people, who sleep at night),
 * then pass nearly all of it on, in parts, to the next layer, until it leaves.
 */
#include "drill/stolen.h"

enum {
    LEAST_FEN = 10000,
    EARLY_LAYER = 2,
    ROUND_FROM = 100000,
    DWELL_SIGMA = 500000,
    DEALERS = 2000,
    FAR_AWAY = 40000000,
    TERMINALS = 4096,
    TELEPHONES = 8,
};

/* --- the ring's accounts --- */

static uint32_t account_for(const struct drill *d, uint64_t bits, unsigned layer)
{
    const struct world *w = &d->world;
    int64_t chance = (int64_t)dice_scale(bits, (uint64_t)MICRO);
    uint64_t which = dice_mix(bits, 1, TRAIT_MULE);
    enum group g = GROUP_PERSON;
    if (chance < d->params.scam.spare && world_size(w, GROUP_SECOND) > 0)
        g = GROUP_SECOND;
    else if (layer >= EARLY_LAYER && chance >= MICRO - d->params.scam.sham)
        g = GROUP_SHAM;
    return w->first[g] + (uint32_t)dice_scale(which, world_size(w, g));
}

/* A crew serves for some days, then another takes over; deeper layers have larger ones. */
uint32_t mule_account(struct drill *d, uint32_t ring, unsigned layer, uint32_t not_this)
{
    uint64_t crew = (uint64_t)d->params.scam.crew * layer;
    uint64_t slot = dice_below(&d->scam.dice, crew);
    uint64_t days = (uint64_t)d->params.scam.crew_days;
    uint64_t epoch = (drill_day(d, d->now_us) + ring % days) / days;
    uint32_t account = not_this;
    for (; account == not_this; slot++) {
        uint64_t post = ((uint64_t)ring * LAYERS_MOST + layer) << 24 | epoch << 12 | slot % 4096;
        account = account_for(d, dice_mix(d->world.seed, post, TRAIT_MULE), layer);
    }
    return account;
}

/* A ring has some telephones; an account is always used on the same one. */
static uint32_t device_for(const struct drill *d, const struct stash *s)
{
    uint64_t which = (uint64_t)s->ring * TELEPHONES + s->account % TELEPHONES;
    return (uint32_t)dice_mix(d->world.seed, which, TRAIT_DEVICE + 512) | 1;
}

static unsigned depth_of(const struct drill *d, uint32_t ring)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < LAYERS_MOST; i++)
        sum += (uint64_t)d->params.depths[i];
    uint64_t at = dice_scale(dice_mix(d->world.seed, ring, TRAIT_MULE + 512), sum);
    unsigned depth = 1;
    for (; depth < LAYERS_MOST && at >= (uint64_t)d->params.depths[depth - 1]; depth++)
        at -= (uint64_t)d->params.depths[depth - 1];
    return depth;
}

/* --- when --- */

static int64_t after_night(struct drill *d, int64_t at_us)
{
    int64_t hour = (at_us - d->params.begin_us) / HOUR_US % HOURS;
    int64_t from = d->params.scam.night_from;
    int64_t until = d->params.scam.night_until;
    bool is_night = from <= until ? hour >= from && hour < until : hour >= from || hour < until;
    if (!is_night)
        return at_us;
    int64_t hours = (until - hour + HOURS) % HOURS;
    return at_us + hours * HOUR_US + dice_wait(&d->scam.dice, 40 * MINUTE_US);
}

static int64_t dwell_until(struct drill *d, const struct stash *s)
{
    const struct params *p = &d->params;
    if (s->is_automated)
        return d->now_us + dice_about(&d->scam.dice, p->scam.dwell_s * SECOND_US, DWELL_SIGMA);
    int64_t dwell_us =
        dice_about(&d->scam.dice, p->scam.human_min * MINUTE_US, p->scam.human_sigma);
    return after_night(d, d->now_us + dwell_us);
}

err mule_wake(struct drill *d, uint32_t stash)
{
    struct stash *s = stolen_stash(d, stash);
    if (s->is_awake || dice_hits(&d->scam.dice, d->params.scam.abandons))
        return OK;
    s->is_awake = true;
    s->parts = 0;
    s->is_automated = dice_hits(&d->scam.dice, d->params.scam.automated);
    return drill_at(d, dwell_until(d, s), EVENT_HANDLE, stash, 0);
}

/* --- what --- */

static uint8_t choose_exit(struct drill *d)
{
    static const uint8_t kinds[] = {BEYOND_ATM, BEYOND_CRYPTO, BEYOND_TILL, BEYOND_ABROAD,
                                    BEYOND_OUTSIDE};
    const struct exit_params *e = &d->params.exits;
    const int64_t weights[] = {e->atm, e->crypto, e->merchant, e->abroad, e->outside};
    return kinds[dice_pick(&d->scam.dice, weights, COUNT_OF(weights))];
}

static err plan(struct drill *d, uint32_t stash)
{
    struct stash *s = stolen_stash(d, stash);
    const struct params *p = &d->params;
    s->leaves = s->layer >= depth_of(d, s->ring) || dice_hits(&d->scam.dice, p->scam.early);
    s->exit = choose_exit(d);
    s->cash_times = 0;
    int64_t most = s->moving.fen / p->scam.part_least + 1;
    most = most < p->scam.parts ? most : p->scam.parts;
    s->parts = (uint8_t)(1 + dice_below(&d->scam.dice, (uint64_t)most));
    int64_t keeps = (int64_t)dice_below(&d->scam.dice, (uint64_t)p->scam.keeps * 2);
    int64_t fen = s->moving.fen / 1000 * keeps / 1000;
    return fen > 0 ? stolen_keep(d, stash, fen) : OK;
}

static int64_t part_of(struct drill *d, const struct stash *s)
{
    int64_t fen = s->moving.fen;
    if (s->parts > 1)
        fen = fen / s->parts / 100 * (int64_t)(60 + dice_below(&d->scam.dice, 80));
    if (fen > d->params.scam.limit)
        fen = d->params.scam.limit;
    if (s->leaves && s->exit == BEYOND_ATM && fen > d->params.scam.cash_limit)
        fen = d->params.scam.cash_limit;
    bool is_round = (s->leaves && s->exit == BEYOND_ATM) || (!s->is_automated && fen > ROUND_FROM);
    return is_round ? fen - fen % LEAST_FEN : fen;
}

/* A number of this exit, near the account or the ring. */
static uint32_t way_out(struct drill *d, const struct stash *s)
{
    struct dice *dice = &d->scam.dice;
    const struct world *w = &d->world;
    uint64_t own = dice_mix(w->seed, s->ring, TRAIT_MULE + 1024) % DEALERS;
    switch ((enum beyond)s->exit) {
    case BEYOND_ATM:
        return beyond_account(BEYOND_ATM, world_bank(w, s->account) +
                                              w->params->bank_count * dice_below(dice, TERMINALS));
    case BEYOND_CRYPTO:
        return beyond_account(BEYOND_CRYPTO, (own + dice_below(dice, 5)) % DEALERS);
    case BEYOND_TILL:
        return beyond_account(BEYOND_TILL, dice_below(dice, world_size(w, GROUP_SHOP)));
    case BEYOND_ABROAD:
        return beyond_account(BEYOND_ABROAD, own * 1000 + dice_below(dice, 20));
    case BEYOND_OUTSIDE:
    case BEYOND_COUNTER:
    case BEYOND_CLEARING:
    case BEYOND_COUNT:
        break;
    }
    return beyond_account(BEYOND_OUTSIDE, dice_below(dice, FAR_AWAY));
}

static enum channel channel_of(const struct stash *s)
{
    if (!s->leaves)
        return CHANNEL_APP;
    return s->exit == BEYOND_ATM ? CHANNEL_ATM : s->exit == BEYOND_TILL ? CHANNEL_POS : CHANNEL_APP;
}

static err send_part(struct drill *d, uint32_t stash, int64_t fen)
{
    struct stash *s = stolen_stash(d, stash);
    struct hop hop = {.stash = stash, .layer = (uint8_t)(s->layer + 1)};
    struct receipt receipt = {0};
    hop.payment = (struct payment){
        .from = s->account,
        .to = s->leaves ? way_out(d, s) : mule_account(d, s->ring, s->layer + 1U, s->account),
        .fen = fen,
        .device = device_for(d, s),
        .channel = channel_of(s),
        .is_warm = true};
    TRY(stolen_pay(d, &hop, &receipt));
    s = stolen_stash(d, stash);
    if (receipt.outcome == OUTCOME_REFUSED)
        return OK;
    s->parts = (uint8_t)(s->parts > 1 ? s->parts - 1 : 1);
    bool is_cash = s->leaves && s->exit == BEYOND_ATM;
    if (is_cash && ++s->cash_times >= d->params.scam.cash_times)
        s->exit = BEYOND_CRYPTO; /* the machine gives no more today */
    return OK;
}

err mule_handle(struct drill *d, const struct event *e)
{
    struct stash *s = stolen_stash(d, e->which);
    if (s->parts == 0)
        TRY(plan(d, e->which));
    s = stolen_stash(d, e->which);
    int64_t fen = part_of(d, s);
    if (fen > 0)
        TRY(send_part(d, e->which, fen));
    s = stolen_stash(d, e->which);
    bool is_done = s->moving.fen < LEAST_FEN;
    if (is_done || fen == 0) {
        s->parts = 0;
        s->is_awake = false;
        return s->moving.fen > 0 ? stolen_keep(d, e->which, s->moving.fen) : OK;
    }
    int64_t gap_us = s->is_automated ? 2 * SECOND_US : 45 * SECOND_US;
    return drill_at(d, d->now_us + SECOND_US + dice_wait(&d->scam.dice, gap_us), EVENT_HANDLE,
                    e->which, 0);
}
