/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Salaries and pensions: once a month an employer pays everybody, many in the same second, on its
 * day, or on the Friday before. What it lacks comes to it from outside that morning.
 */
#include "drill/inside.h"

#include "base/instant.h"

enum {
    ZONE_MIN = 480,
    AT_ONCE = 8, /* payments an event */
    MORNING = 8,
    OFFICE_HOURS = 8,
    RETRY_MIN = 10,
    ROUND_SUM = 1000000,   /* 10,000 yuan */
    CHANGES_MICRO = 40000, /* a salary differs from month to month by this */
};

static int payday_of(const struct drill *d, uint32_t employer)
{
    static const int days[] = {5, 8, 10, 10, 10, 12, 15, 15, 15, 20, 25, 28};
    uint64_t bits = world_trait(&d->world, employer, TRAIT_PAYDAY);
    return days[dice_scale(bits, COUNT_OF(days))];
}

/* The days of the month that are paid for on this one: a bit each. */
static uint32_t days_paid(const struct drill *d, uint32_t day)
{
    if (drill_is_weekend(d, day))
        return 0;
    uint32_t bits = 0;
    do {
        instant at = instant_from_us(d->params.begin_us + day * DAY_US);
        bits |= UINT32_C(1) << instant_civil(at, ZONE_MIN).day;
    } while (drill_is_weekend(d, ++day));
    return bits;
}

err payday_ask_funds(struct drill *d, uint32_t account, int64_t fen, int64_t at_us)
{
    fen += ROUND_SUM - fen % ROUND_SUM;
    return drill_at(d, at_us, EVENT_FUND, account, (uint64_t)fen);
}

err payday_fund(struct drill *d, const struct event *e)
{
    struct receipt receipt;
    uint64_t giver = dice_mix(d->world.seed, e->which, TRAIT_LANDLORD);
    return clearing_pay(d,
                        &(struct payment){.from = beyond_account(BEYOND_OUTSIDE, giver),
                                          .to = e->which,
                                          .fen = (int64_t)e->more,
                                          .channel = CHANNEL_COUNTER},
                        &receipt);
}

static int64_t cost_of(const struct drill *d, uint32_t employer)
{
    const struct world *w = &d->world;
    uint32_t first = w->staff_first[employer];
    bool is_office = first >= w->trade_first[TRADE_PENSIONER];
    int64_t usual = is_office ? d->params.people.pension : d->params.people.wage;
    return (w->staff_first[employer + 1] - first) * usual / 10 * 15;
}

static err plan_run(struct drill *d, uint32_t employer)
{
    uint32_t account = d->world.first[GROUP_EMPLOYER] + employer;
    int64_t cost = cost_of(d, employer);
    int64_t morning = d->now_us + MORNING * HOUR_US;
    uint64_t minute = dice_below(&d->payday_dice, OFFICE_HOURS * 60);
    if (clearing_free(d, account) < cost)
        TRY(payday_ask_funds(d, account, cost, morning + (int64_t)minute * SECOND_US));
    return drill_at(d, morning + HOUR_US + (int64_t)minute * MINUTE_US, EVENT_RUN, employer,
                    d->world.staff_first[employer]);
}

err payday_midnight(struct drill *d, const struct event *e)
{
    uint32_t paid = days_paid(d, e->which);
    uint32_t employers = world_size(&d->world, GROUP_EMPLOYER);
    for (uint32_t employer = 0; paid != 0 && employer < employers; employer++)
        if ((paid >> payday_of(d, employer) & 1) != 0)
            TRY(plan_run(d, employer));
    return drill_at(d, d->now_us + DAY_US, EVENT_MIDNIGHT, e->which + 1, 0);
}

static int64_t wage_of(struct drill *d, uint32_t person)
{
    int64_t usual = world_income(&d->world, person);
    bool is_pension = person >= d->world.trade_first[TRADE_PENSIONER];
    int64_t fen = is_pension ? usual : dice_about(&d->payday_dice, usual, CHANGES_MICRO);
    return fen < 100 ? 100 : fen;
}

err payday_run(struct drill *d, const struct event *e)
{
    uint32_t account = d->world.first[GROUP_EMPLOYER] + e->which;
    uint32_t person = (uint32_t)e->more;
    uint32_t end = d->world.staff_first[e->which + 1];
    for (int i = 0; i < AT_ONCE && person < end; i++, person++) {
        struct receipt receipt;
        struct payment p = {
            .from = account, .to = person, .fen = wage_of(d, person), .channel = CHANNEL_BATCH};
        TRY(clearing_pay(d, &p, &receipt));
        if (receipt.outcome == OUTCOME_SHORT) {
            int64_t later = d->now_us + RETRY_MIN * MINUTE_US;
            TRY(payday_ask_funds(d, account, cost_of(d, e->which), later));
            return drill_at(d, later + MINUTE_US, EVENT_RUN, e->which, person);
        }
    }
    if (person == end)
        return OK;
    return drill_at(d, d->now_us + AT_ONCE * SECOND_US / d->params.firms.runs_per_s, EVENT_RUN,
                    e->which, person);
}
