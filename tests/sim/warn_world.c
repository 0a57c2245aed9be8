/* SPDX-License-Identifier: Apache-2.0 */
#include "warn_world.h"

#include "drill/calls.h"
#include "drill/online.h"
#include "drill/stolen.h"
#include "warn_feed.h"

#include <stdlib.h>

enum {
    DAY_S = 86400,
    STEP_S = 5,
    AFTER_S = DAY_S,
    KNOWN_S = 2 * DAY_S,
    EPISODES = 1 << 18,
    PAYMENTS = 1 << 18
};
#define ARENA_BYTES (UINT64_C(24) << 30)

struct play {
    struct params params;
    struct arena arena; /* of what the play alone needs */
    struct drill *drill;
    struct warn_feed feed;
    struct history *history;
};

/* --- the port: what is looked at, and what is not --- */

static err see_transfer(void *self, const struct transfer_row *r)
{
    return feed_transfer(&((struct play *)self)->feed, r);
}

static err see_ask(void *self, const struct transfer_row *r)
{
    return feed_ask(&((struct play *)self)->feed, r);
}

static err see_call(void *self, const struct call_row *r)
{
    return feed_call(&((struct play *)self)->feed, r);
}

static err see_visit(void *self, const struct visit_row *r)
{
    return feed_visit(&((struct play *)self)->feed, r);
}

static err see_message(void *self, const struct message_row *r)
{
    return feed_message(&((struct play *)self)->feed, r);
}

static err no_account(void *self, uint32_t account)
{
    (void)self;
    (void)account;
    return OK;
}

static err no_row(void *self, const void *row)
{
    (void)self;
    (void)row;
    return OK;
}

static err no_moved(void *self, const struct moved_row *r)
{
    return no_row(self, r);
}

static err no_mule(void *self, const struct mule_row *r)
{
    return no_row(self, r);
}

static err no_told(void *self, const struct told_row *r)
{
    return no_row(self, r);
}

static err no_line(void *self, const struct line_row *r)
{
    return no_row(self, r);
}

static err no_rack(void *self, const struct rack_row *r)
{
    return no_row(self, r);
}

static err no_dialled(void *self, const struct dialled_row *r)
{
    return no_row(self, r);
}

/* --- the truth --- */

static uint32_t seconds(int64_t at_us)
{
    return (uint32_t)(at_us / SECOND_US);
}

/* Newest first, as they were written down. Returns when the last left. */
static uint32_t note_payments(struct play *p, const struct episode_row *e)
{
    struct history *h = p->history;
    uint32_t last_s = 0;
    const struct taking *t = NULL;
    if (e->incident != 0)
        t = stolen_taking(p->drill, stolen_incident(p->drill, e->incident)->takings);
    for (; t != NULL && h->payment_count < PAYMENTS; t = stolen_taking(p->drill, t->next)) {
        uint32_t booked_s = seconds(t->booked_us);
        last_s = booked_s > last_s ? booked_s : last_s;
        h->payments[h->payment_count++] =
            (struct history_payment){e->line + 1, seconds(t->at_us), booked_s, t->fen};
    }
    return last_s;
}

/* From its first touch until a day after its last payment. Those that were over before anybody
 * looked are no case. */
static err see_episode(void *self, const struct episode_row *e)
{
    struct play *p = self;
    struct history *h = p->history;
    uint32_t from_s = seconds(e->begun_us);
    if (from_s + KNOWN_S < p->feed.keep_s || h->outcome_count == EPISODES)
        return OK;
    uint32_t last_s = note_payments(p, e);
    h->outcomes[h->outcome_count++] =
        (struct history_outcome){.about = e->line + 1,
                                 .from_s = from_s,
                                 .until_s = (last_s == 0 ? from_s : last_s) + AFTER_S,
                                 .reported_s = seconds(e->reported_us),
                                 .is_scam = last_s != 0,
                                 .answers = e->takes_calls};
    return OK;
}

/* --- the play --- */

static void change_params(struct params *p, const struct warn_world_settings *s)
{
    p->scam.victims *= s->times;
    p->scam.least = 0;
    for (size_t i = 0; i < p->bank_count; i++) {
        p->banks[i].every_s *= s->slow;
        p->banks[i].late_hours *= s->slow;
    }
    for (size_t i = 0; i < p->calls.carrier_count; i++) {
        p->calls.carriers[i].every_s *= s->slow;
        p->calls.carriers[i].late_hours *= s->slow;
    }
    p->online.listed_h *= s->slow;
}

static err make_history(const struct warn_world_settings *s, struct arena *a,
                        struct history *ret_history)
{
    struct history h = {
        .times = s->times, .numbers = s->persons, .days = s->days - WARN_DAYS_BEFORE};
    h.outcomes = arena_make_array(a, EPISODES, sizeof *h.outcomes);
    h.payments = arena_make_array(a, PAYMENTS, sizeof *h.payments);
    *ret_history = h;
    return h.outcomes == NULL || h.payments == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err open_world(struct play *p, const struct warn_world_settings *s, struct arena *a)
{
    struct drill_port port = {p,         no_account,  see_transfer, no_moved, no_mule,
                              no_told,   see_call,    no_line,      no_rack,  no_dialled,
                              see_visit, see_message, see_episode,  see_ask};
    struct params_fault fault;
    TRY(params_read(params_bundled(), &p->arena, &p->params, &fault));
    change_params(&p->params, s);
    const struct drill_settings d = {
        .seed = s->seed, .scale = s->persons, .days = s->days, .params = &p->params};
    TRY(drill_open(&d, &port, &p->arena, &p->drill));
    uint32_t keep_s = seconds(p->params.begin_us) + WARN_DAYS_BEFORE * DAY_S;
    return feed_open(&p->feed, p->drill, keep_s, a);
}

static err run(struct play *p)
{
    for (int64_t at = p->params.begin_us; drill_goes_on(p->drill); at += STEP_S * SECOND_US) {
        p->feed.now_s = seconds(at);
        TRY(drill_run(p->drill, at));
    }
    TRY(drill_tell(p->drill));
    p->history->signals = p->feed.signals;
    p->history->signal_count = p->feed.count;
    history_sort(p->history);
    return OK;
}

err warn_world_play(const struct warn_world_settings *s, struct arena *a,
                    struct history *ret_history)
{
    static struct play p;
    p = (struct play){.history = ret_history};
    arena_init(&p.arena, ARENA_BYTES);
    err e = make_history(s, a, ret_history);
    if (!failed(e))
        e = open_world(&p, s, a);
    if (!failed(e))
        e = run(&p);
    drill_close(p.drill);
    arena_done(&p.arena);
    return e;
}
