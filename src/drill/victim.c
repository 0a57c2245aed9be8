/* SPDX-License-Identifier: Apache-2.0 */
/* Who is deceived, by what, and how they pay: in one or several payments, from all they have. */
#include "drill/online.h"
#include "drill/stolen.h"

enum {
    LEAST_FEN = 10000,
    FAR_AWAY = 40000000,
    SPREAD_MICRO = 900000, /* of gaps and of the time until the report */
    RETRY_MIN = 4,
};

err victim_begin(struct drill *d)
{
    const struct params *p = &d->params;
    struct scam *s = &d->scam;
    int64_t a_day = p->scam.victims / 1000 * d->world.persons / 1000;
    a_day = a_day < p->scam.least ? p->scam.least : a_day;
    dice_fork(&s->dice, d->world.seed, STR("scam"));
    dice_fork(&s->pace.dice, d->world.seed, STR("scam pace"));
    s->rings = (uint32_t)(d->world.persons / p->scam.ring_per);
    if (s->rings < p->scam.rings_least)
        s->rings = (uint32_t)p->scam.rings_least;
    habit_set_pace(d, &s->pace, p->habits[HABIT_ONLINE].profile, a_day);
    return drill_at(d, habit_next_us(d, &s->pace), EVENT_SCAM, 0, 0);
}

static int64_t savings(const struct drill *d, uint32_t person)
{
    uint32_t second = 0;
    int64_t fen = clearing_free(d, person);
    return world_second(&d->world, person, &second) ? fen + clearing_free(d, second) : fen;
}

/* Somebody who has as much as will be taken, or the richest of those who were tried. */
static uint32_t choose_victim(struct drill *d, int64_t loss)
{
    uint32_t best = 0;
    int64_t most = -1;
    for (int64_t i = 0; i < d->params.scam.tries && most < loss; i++) {
        uint32_t person = (uint32_t)dice_below(&d->scam.dice, d->world.persons);
        int64_t fen = savings(d, person);
        best = fen > most ? person : best;
        most = fen > most ? fen : most;
    }
    return best;
}

static size_t choose_scam(struct drill *d)
{
    int64_t weights[SCAMS_MOST];
    for (size_t i = 0; i < d->params.scam_count; i++)
        weights[i] = d->params.scams[i].share;
    return dice_pick(&d->scam.dice, weights, d->params.scam_count);
}

err victim_scam(struct drill *d, const struct event *e)
{
    (void)e;
    struct dice *dice = &d->scam.dice;
    uint32_t kind = (uint32_t)choose_scam(d);
    const struct scam_params *scam = &d->params.scams[kind];
    int64_t loss = dice_about(dice, scam->median, scam->sigma);
    uint32_t victim = choose_victim(d, loss);
    uint32_t ring = (uint32_t)dice_below(dice, d->scam.rings);
    struct told_row incident = {.scam = kind,
                                .victim = victim,
                                .ring = ring,
                                .begun_us = d->now_us,
                                .planned_fen = loss < LEAST_FEN ? LEAST_FEN : loss};
    uint32_t number = 0;
    TRY(stolen_begin(d, &incident, &number));
    uint64_t payments = 1 + dice_below(dice, (uint64_t)scam->payments);
    int64_t gap_us = dice_about(dice, scam->gap_min * MINUTE_US, SPREAD_MICRO);
    TRY(drill_at(d, d->now_us + gap_us, EVENT_VICTIM, number, payments));
    TRY(calls_lure_first(d, number, d->now_us + gap_us));
    TRY(online_lure_first(d, number, d->now_us + gap_us));
    return drill_at(d, habit_next_us(d, &d->scam.pace), EVENT_SCAM, 0, 0);
}

/* Savings are brought over first, then perhaps money is borrowed. */
static err gather(struct drill *d, uint32_t victim, int64_t fen)
{
    struct receipt receipt;
    uint32_t second = 0;
    int64_t lacks = fen - clearing_free(d, victim);
    if (lacks > 0 && world_second(&d->world, victim, &second)) {
        int64_t there = clearing_free(d, second);
        struct payment p = {.from = second,
                            .to = victim,
                            .fen = lacks < there ? lacks : there,
                            .channel = CHANNEL_APP};
        if (p.fen > 0)
            TRY(clearing_pay(d, &p, &receipt));
    }
    lacks = fen - clearing_free(d, victim);
    if (lacks < LEAST_FEN || !dice_hits(&d->scam.dice, d->params.scam.borrow))
        return OK;
    uint64_t lender = dice_below(&d->scam.dice, FAR_AWAY);
    struct payment loan = {.from = beyond_account(BEYOND_OUTSIDE, lender),
                           .to = victim,
                           .fen = lacks + LEAST_FEN - lacks % LEAST_FEN,
                           .channel = CHANNEL_WEB};
    return clearing_pay(d, &loan, &receipt);
}

/* The first payment is to win trust, and small; people give round sums. */
static int64_t next_amount(struct drill *d, const struct told_row *i, uint64_t payments)
{
    int64_t left = i->planned_fen - i->sent_fen;
    int64_t part = left;
    if (payments > 1)
        part = left / (int64_t)payments / 100 * (int64_t)(40 + dice_below(&d->scam.dice, 100));
    if (payments > 1 && i->sent_fen == 0)
        part /= 4;
    if (part >= 10 * LEAST_FEN)
        part -= part % LEAST_FEN;
    return part < LEAST_FEN ? LEAST_FEN : part;
}

static err go_on(struct drill *d, const struct event *e, enum outcome outcome)
{
    struct told_row *i = stolen_incident(d, e->which);
    const struct scam_params *scam = &d->params.scams[i->scam];
    bool is_paid = outcome == OUTCOME_PAID || outcome == OUTCOME_WAITS;
    uint64_t left = is_paid ? e->more - 1 : e->more;
    int64_t gap_min = is_paid ? scam->gap_min : RETRY_MIN;
    i->told_us = d->now_us + dice_about(&d->scam.dice, scam->told_min * MINUTE_US, SPREAD_MICRO);
    if (left == 0 || i->sent_fen >= i->planned_fen)
        return OK;
    int64_t gap_us = dice_about(&d->scam.dice, gap_min * MINUTE_US, SPREAD_MICRO);
    TRY(calls_lure_again(d, e->which, d->now_us + gap_us));
    TRY(online_lure_again(d, e->which, d->now_us + gap_us));
    return drill_at(d, d->now_us + gap_us, EVENT_VICTIM, e->which, left);
}

err victim_pay(struct drill *d, const struct event *e)
{
    struct told_row was = *stolen_incident(d, e->which);
    struct receipt receipt = {0};
    int64_t fen = next_amount(d, &was, e->more);
    TRY(gather(d, was.victim, fen));
    int64_t there = clearing_free(d, was.victim);
    if (there < LEAST_FEN)
        return OK;
    struct hop hop = {.incident = e->which, .layer = 1};
    hop.payment = (struct payment){.from = was.victim,
                                   .to = mule_account(d, was.ring, 1, was.victim),
                                   .fen = fen < there ? fen : there,
                                   .channel = CHANNEL_APP};
    TRY(stolen_pay(d, &hop, &receipt));
    if (receipt.is_asked)
        online_asked(d, was.episode);
    if (receipt.outcome == OUTCOME_PAID || receipt.outcome == OUTCOME_WAITS)
        stolen_incident(d, e->which)->sent_fen += hop.payment.fen;
    return go_on(d, e, receipt.outcome);
}
