/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/drill.h"

#include "base/instant.h"
#include "drill/asking.h"
#include "drill/calls.h"
#include "drill/online.h"

enum { ZONE_MIN = 480, TOWARDS_RUNS = 30 };

/* Who acts on what. `begins`: it starts something new, which nobody does after the last day. */
static const struct {
    err (*act)(struct drill *d, const struct event *e);
    bool begins;
} handlers[EVENT_KIND_COUNT] = {
    [EVENT_MIDNIGHT] = {payday_midnight,  true },
    [EVENT_HABIT] = {habit_act,        true },
    [EVENT_RUN] = {payday_run,       false},
    [EVENT_FUND] = {payday_fund,      false},
    [EVENT_DUE] = {clearing_due,     false},
    [EVENT_REVERSE] = {clearing_reverse, false},
    [EVENT_CLOSE] = {clearing_close,   false},
    [EVENT_ARRIVE] = {clearing_arrive,  false},
    [EVENT_SCAM] = {victim_scam,      true },
    [EVENT_VICTIM] = {victim_pay,       true },
    [EVENT_HANDLE] = {mule_handle,      false},
    [EVENT_CALLS_BEGIN] = {phones_begin,     true },
    [EVENT_CALLS_CLOSE] = {exchange_close,   false},
    [EVENT_CALLS_ARRIVE] = {exchange_arrive,  false},
    [EVENT_CALL_ANSWER] = {exchange_answer,  false},
    [EVENT_CALL_END] = {exchange_end,     false},
    [EVENT_CALL_BACK] = {talk_back,        true },
    [EVENT_TALK] = {talk_act,         true },
    [EVENT_SCAMMER] = {scam_calls_act,   true },
    [EVENT_LURE] = {scam_calls_lure,  true },
    [EVENT_BAIT] = {online_bait,      true },
    [EVENT_STRAY] = {online_stray,     true },
    [EVENT_LINK] = {online_link,      true },
    [EVENT_MESSAGE] = {online_message,   true },
    [EVENT_OPEN] = {online_open,      true },
    [EVENT_VISITS_CLOSE] = {online_close,     false},
    [EVENT_VISITS_ARRIVE] = {online_arrive,    false},
    [EVENT_MESSAGES_CLOSE] = {online_close,     false},
    [EVENT_MESSAGES_ARRIVE] = {online_arrive,    false},
};

err drill_at(struct drill *d, int64_t at_us, enum event_kind kind, uint32_t which, uint64_t more)
{
    assert(at_us >= d->now_us);
    if (handlers[kind].begins && at_us >= d->end_us)
        return OK;
    return agenda_put(&d->agenda,
                      &(struct event){.at_us = at_us, .kind = kind, .which = which, .more = more});
}

static err begin(struct drill *d)
{
    agenda_init(&d->agenda, d->arena);
    clearing_begin(d);
    TRY(asking_open(d));
    dice_fork(&d->payday_dice, d->world.seed, STR("payday"));
    TRY(stolen_open(d));
    TRY(drill_at(d, d->now_us, EVENT_MIDNIGHT, 0, 0));
    TRY(habit_begin(d));
    TRY(victim_begin(d));
    TRY(phones_open(d));
    return online_begin(d);
}

err drill_open(const struct drill_settings *s, const struct drill_port *port, struct arena *a,
               struct drill **ret_drill)
{
    assert(s->params != NULL && a != NULL);
    if (s->days < 1 || s->days > DRILL_DAYS_MOST)
        return fail(ERR_MALFORMED, "drill.days", 0);
    struct drill *d = arena_make(a, sizeof *d);
    if (d == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    d->arena = a;
    d->params = *s->params;
    d->port = *port;
    d->now_us = d->params.begin_us;
    d->end_us = d->now_us + s->days * DAY_US;
    d->weekday = (uint32_t)instant_civil(instant_from_us(d->now_us), ZONE_MIN).weekday;
    TRY(world_open(&d->params, s->seed, s->scale, a, &d->world));
    err e = begin(d);
    if (failed(e)) {
        drill_close(d);
        return e;
    }
    *ret_drill = d;
    return OK;
}

void drill_close(struct drill *d)
{
    if (d == NULL)
        return;
    asking_close(d);
    phones_close(d);
    world_close(&d->world);
}

/* Each bank sends its register: so the accounts come bank by bank. */
err drill_accounts(struct drill *d)
{
    uint32_t count = world_accounts(&d->world);
    for (uint32_t bank = 0; bank < d->params.bank_count; bank++)
        for (uint32_t account = 0; account < count; account++)
            if (world_bank(&d->world, account) == bank)
                TRY(d->port.account(d->port.self, account));
    return OK;
}

err drill_run(struct drill *d, int64_t until_us)
{
    const struct event *first = agenda_first(&d->agenda);
    while (first != NULL && first->at_us < until_us) {
        struct event e;
        (void)agenda_take(&d->agenda, &e);
        d->now_us = e.at_us;
        TRY(handlers[e.kind].act(d, &e));
        first = agenda_first(&d->agenda);
    }
    return OK;
}

bool drill_goes_on(const struct drill *d)
{
    return agenda_first(&d->agenda) != NULL;
}

err drill_tell(struct drill *d)
{
    TRY(stolen_tell(d));
    return online_tell(d);
}

const struct world *drill_world(const struct drill *d)
{
    return &d->world;
}

struct drill_counts drill_counted(const struct drill *d)
{
    struct drill_counts counts = d->counts;
    counts.again = d->courier.again;
    counts.calls_again = d->calls == NULL ? 0 : d->calls->exchange.courier.again;
    return counts;
}

int64_t drill_rows(const struct drill *d)
{
    return (int64_t)env_counter_read(&d->rows);
}

int64_t drill_rows_expected(const struct drill *d)
{
    int64_t a_day = d->world.trade_first[TRADE_FARMER] / TOWARDS_RUNS;
    for (size_t kind = 0; kind < HABIT_COUNT; kind++)
        a_day += habit_a_day_micro(d, kind) / MICRO;
    for (size_t stream = 0; d->calls != NULL && stream < STREAMS; stream++)
        a_day += talk_a_day_micro(d, stream) / MICRO;
    return a_day * ((d->end_us - d->params.begin_us) / DAY_US);
}
