/* SPDX-License-Identifier: Apache-2.0 */
/* The centre: what it is told, a case for each report, and what each policy makes of it. */
#include "app/race/race_replay_inside.h"

#include "trail/case_report.h"

enum {
    FOLLOW_HOURS = 72,
    LIVE_MOST = 4096,
    CASES_MOST = 1 << 14,
};

/* What the case's orders on one account come to. */
struct standing {
    int64_t asked;
    int64_t held;
    int64_t settled; /* of it, by orders whose term is over */
    uint32_t stops;
    bool is_trimmed;  /* a trim is on its way */
    bool is_answered; /* refused, or less was held than asked */
};

struct open_case {
    struct arena arena;
    struct trail_case *trail;
    struct race *race;
    uint32_t taking;
    uint32_t *orders; /* of the replay's */
    uint32_t order_count;
    uint64_t work;
    bool is_open;
};

struct centre {
    struct replay *replay;
    struct hazard *hazard;
    struct arena turn;
    bool *is_reported;
    struct open_case *cases; /* from 1 */
    uint32_t case_count;
    uint32_t first_open;
    int64_t *refused; /* of the oracle: what was known there when a bank refused */
};

/* --- orders --- */

static err send(struct centre *c, uint32_t of, const struct replay_order *order)
{
    struct open_case *k = &c->cases[of];
    struct replay_order o = *order;
    o.of = of;
    if (k->order_count == LIVE_MOST)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(banks_order(c->replay, &o));
    k->orders[k->order_count++] = c->replay->order_count;
    return OK;
}

static struct standing standing_of(const struct centre *c, const struct open_case *k,
                                   uint32_t account)
{
    struct standing s = {0};
    for (uint32_t i = 0; i < k->order_count; i++) {
        const struct replay_order *o = &c->replay->orders[k->orders[i]];
        if (o->account != account)
            continue;
        if (o->kind == REPLAY_TRIM) {
            s.is_trimmed = s.is_trimmed || !o->has_landed;
            continue;
        }
        s.asked += o->has_landed ? 0 : o->asked;
        s.held += o->held;
        s.settled += o->is_over ? o->held : 0;
        s.stops += o->kind == REPLAY_STOP && !o->is_over;
        s.is_answered =
            o->has_landed && (o->is_refused || o->held < o->asked) && o->kind == REPLAY_HOLD;
        s.is_answered = s.is_answered || (o->has_landed && o->is_refused);
    }
    return s;
}

/* --- a case's accounts, put into its race --- */

static int64_t last_left_ms(const struct case_report *report, uint32_t account)
{
    int64_t last = 0;
    for (uint32_t i = 0; i < report->edge_count; i++) {
        const struct case_edge *e = &report->edges[i];
        if (e->from == account && e->attributed > 0 && !e->is_source && e->time_ms > last)
            last = e->time_ms;
    }
    return last;
}

static void describe(const struct centre *c, const struct open_case *k,
                     const struct case_report *report, const struct case_node *n,
                     struct race_account *ret)
{
    const struct race_world *w = c->replay->world;
    bool is_here = n->account < w->accounts;
    struct standing s = standing_of(c, k, n->account);
    int64_t other =
        index_tells_balance(c->replay, n->account) ? c->replay->seen[n->account] - n->present : -1;
    const struct race_account *was = race_find(k->race, n->account);
    bool is_news = was == NULL || was->attributed != n->attributed || was->present != n->present;
    *ret = (struct race_account){.account = n->account,
                                 .bank = is_here ? w->banks[n->account] : HAZARD_BANKS,
                                 .layer = n->layer,
                                 .is_company = is_here && n->account >= w->first_company,
                                 .can_hold = is_here && banks_can_hold(w->banks[n->account]),
                                 .can_stop = is_here,
                                 .is_refused = s.is_answered && !is_news,
                                 .attributed = n->attributed,
                                 .present = n->present,
                                 .exited = n->exited,
                                 .asked = s.stops > 0 ? 0 : s.asked,
                                 .held = s.stops > 0 ? n->present : s.held,
                                 .honest = other < -1 ? 0 : other,
                                 .last_ms = n->last_ms,
                                 .left_ms = last_left_ms(report, n->account)};
}

static err put_nodes(struct centre *c, struct open_case *k, const struct case_report *report)
{
    for (uint32_t i = 0; i < report->node_count; i++) {
        const struct case_node *n = &report->nodes[i];
        struct race_account a;
        bool is_live = race_find(k->race, n->account) != NULL;
        describe(c, k, report, n, &a);
        if (a.present == 0 && a.held == 0 && a.asked == 0 && !a.is_stopped && !is_live)
            continue;
        TRY(race_put(k->race, &a));
        if (a.present == 0 && a.held == 0 && a.asked == 0 && !a.is_stopped)
            race_drop(k->race, a.account, c->replay->now_us / 1000);
    }
    return OK;
}

static int64_t pledged(const struct centre *c, const struct open_case *k)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < k->order_count; i++) {
        const struct replay_order *o = &c->replay->orders[k->orders[i]];
        bool is_stop = o->kind == REPLAY_STOP;
        if (o->kind != REPLAY_TRIM && !o->is_over)
            sum += o->has_landed && !is_stop ? o->held : o->asked;
    }
    return sum;
}

/* A pick as an order; false: nothing is to be sent for it. */
static bool order_of(const struct centre *c, const struct open_case *k, const struct race_pick *p,
                     struct replay_order *ret)
{
    *ret = (struct replay_order){.account = p->account, .asked = p->amount};
    ret->kind = p->action == RACE_HOLD ? REPLAY_HOLD : REPLAY_STOP;
    if (p->action != RACE_TRIM)
        return p->action != RACE_NONE;
    struct standing s = standing_of(c, k, p->account);
    ret->kind = REPLAY_TRIM;
    ret->asked = s.stops > 0 && p->amount == 0 ? p->stands + 1 : p->stands - p->amount;
    return !s.is_trimmed && (s.stops > 0 || s.held - s.settled >= ret->asked);
}

static err follow_plan(struct centre *c, uint32_t of)
{
    struct open_case *k = &c->cases[of];
    struct race_plan plan;
    int64_t loss = c->replay->done_fen[k->taking];
    TRY(race_rank(k->race, c->replay->now_us / 1000, loss - pledged(c, k), &c->turn, &plan));
    for (uint32_t i = 0; i < plan.count; i++) {
        struct replay_order o;
        if (order_of(c, k, &plan.picks[i], &o))
            TRY(send(c, of, &o));
    }
    return OK;
}

/* --- policies --- */

static err stop_all(struct centre *c, uint32_t of, const struct case_report *report)
{
    const struct open_case *k = &c->cases[of];
    for (uint32_t i = 0; i < report->node_count; i++) {
        const struct case_node *n = &report->nodes[i];
        struct replay_order o = {
            .account = n->account, .asked = n->attributed, .kind = REPLAY_STOP};
        if (n->account >= c->replay->world->accounts)
            continue;
        struct standing s = standing_of(c, k, n->account);
        if (s.asked == 0 && s.stops == 0 && !s.is_answered)
            TRY(send(c, of, &o));
    }
    return OK;
}

static err consider(struct centre *c, uint32_t of)
{
    struct open_case *k = &c->cases[of];
    struct case_report report;
    arena_reset(&c->turn);
    TRY(case_report(k->trail, &c->turn, &report));
    if (c->replay->settings.policy == POLICY_NAIVE)
        return stop_all(c, of, &report);
    TRY(put_nodes(c, k, &report));
    return follow_plan(c, of);
}

/* What the oracle may know it asks for, to the fen. */
static err ask_oracle(struct centre *c, uint32_t account)
{
    struct replay *r = c->replay;
    if (account >= r->world->accounts)
        return OK;
    int64_t stands = r->purses[account].held;
    for (uint32_t i = 1; i <= r->order_count; i++)
        if (r->orders[i].account == account && !r->orders[i].has_landed)
            stands += r->orders[i].asked;
    struct replay_order o = {
        .account = account,
        .asked = banks_known_stolen(r, account, c->is_reported) - stands,
    };
    return o.asked > 0 && o.asked + stands > c->refused[account] ? banks_order(r, &o) : OK;
}

static err tell_oracle(struct centre *c)
{
    for (uint32_t account = 0; account < c->replay->world->accounts; account++)
        if (c->replay->purses[account].first_lot != 0)
            TRY(ask_oracle(c, account));
    return OK;
}

static err order_first(struct centre *c, uint32_t taking)
{
    struct replay *r = c->replay;
    uint32_t account = r->world->intents[taking].to;
    struct replay_order o = {.account = account, .asked = r->done_fen[taking]};
    bool may_hold =
        r->settings.policy == POLICY_FIRST_HOLD && banks_can_hold(r->world->banks[account]);
    o.kind = may_hold ? REPLAY_HOLD : REPLAY_STOP;
    return banks_order(r, &o);
}

/* --- what the replay tells --- */

static err open_case(struct centre *c, uint32_t taking, uint32_t *ret_case)
{
    struct replay *r = c->replay;
    /* A mule passes on what has just come: LIFO follows that (docs/decisions/0090). */
    struct case_settings settings = {.method = METHOD_LIFO};
    struct case_port port = index_port(r);
    struct trail_event e;
    char key[INDEX_KEY_BYTES];
    uint32_t claim = 0;
    if (c->case_count + 1 == CASES_MOST)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct open_case *k = &c->cases[++c->case_count];
    *k = (struct open_case){.taking = taking};
    arena_init(&k->arena, SIZE_MAX);
    k->trail = case_make(&k->arena, &settings, &port);
    k->orders = arena_make_array(&k->arena, LIVE_MOST, sizeof *k->orders);
    if (k->trail == NULL || k->orders == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    k->is_open = true;
    TRY(race_make(&k->arena, LIVE_MOST, &r->settings.race, c->hazard, &k->race));
    index_event(r, taking, key, &e);
    TRY(case_claim(k->trail, &e, &claim));
    *ret_case = c->case_count;
    return banks_remind(r, c->case_count, FOLLOW_HOURS);
}

err centre_report(struct replay *r, uint32_t taking)
{
    struct centre *c = r->centre;
    uint32_t of = 0;
    c->is_reported[taking] = true;
    switch (r->settings.policy) {
    case POLICY_NONE:
    case POLICY_COUNT:
        return OK;
    case POLICY_FIRST_STOP:
    case POLICY_FIRST_HOLD:
        return order_first(c, taking);
    case POLICY_ORACLE:
        return tell_oracle(c);
    case POLICY_NAIVE:
    case POLICY_RACE:
        break;
    }
    TRY(open_case(c, taking, &of));
    TRY(case_settle(c->cases[of].trail));
    c->cases[of].work = case_work(c->cases[of].trail);
    return consider(c, of);
}

static void see(struct centre *c, uint32_t intent)
{
    const struct race_intent *i = &c->replay->world->intents[intent];
    int64_t fen = c->replay->done_fen[intent];
    if (i->from < c->replay->world->accounts)
        c->replay->seen[i->from] -= fen;
    if (i->to < c->replay->world->accounts)
        c->replay->seen[i->to] += fen;
}

/* What is wholly held cannot leave: so what leaves after that is other money, whatever the method
 * says, and the case need not see it go. */
static bool is_other_money(const struct centre *c, const struct open_case *k, uint32_t intent)
{
    const struct race_intent *i = &c->replay->world->intents[intent];
    const struct race_account *a = race_find(k->race, i->from);
    if (a == NULL || a->present == 0 || (a->held < a->present && !a->is_stopped))
        return false;
    int64_t held_ms = INT64_MAX; /* all of it has been since */
    for (uint32_t n = 0; n < k->order_count; n++) {
        const struct replay_order *o = &c->replay->orders[k->orders[n]];
        if (o->account == i->from && o->kind != REPLAY_TRIM && o->has_landed && !o->is_refused)
            held_ms = o->landed_us / 1000;
    }
    return i->at_us / 1000 >= held_ms;
}

err centre_told(struct replay *r, uint32_t intent)
{
    struct centre *c = r->centre;
    const struct race_intent *i = &r->world->intents[intent];
    struct trail_event e;
    char key[INDEX_KEY_BYTES];
    see(c, intent);
    if (r->settings.policy == POLICY_ORACLE)
        return i->is_stolen ? ask_oracle(c, i->to) : OK;
    index_event(r, intent, key, &e);
    while (c->first_open <= c->case_count && !c->cases[c->first_open].is_open)
        c->first_open++;
    for (uint32_t of = c->first_open; of <= c->case_count; of++) {
        struct open_case *k = &c->cases[of];
        if (!k->is_open ||
            (c->replay->settings.policy == POLICY_RACE && is_other_money(c, k, intent)))
            continue;
        TRY(case_put(k->trail, &e));
        TRY(case_settle(k->trail));
        if (case_work(k->trail) == k->work)
            continue;
        k->work = case_work(k->trail);
        TRY(consider(c, of));
    }
    return OK;
}

err centre_landed(struct replay *r, const struct replay_order *o)
{
    struct centre *c = r->centre;
    if (o->is_refused && r->settings.policy == POLICY_ORACLE)
        c->refused[o->account] = o->asked + r->purses[o->account].held;
    if (r->settings.policy != POLICY_RACE || !c->cases[o->of].is_open)
        return OK;
    struct open_case *k = &c->cases[o->of];
    if (o->kind == REPLAY_TRIM)
        return consider(c, o->of);
    bool is_stop = o->kind == REPLAY_STOP;
    struct race_receipt receipt = {.account = o->account,
                                   .bank = r->world->banks[o->account],
                                   .is_stop = is_stop,
                                   .is_done = !o->is_refused,
                                   .asked = is_stop ? 0 : o->asked,
                                   .held = o->held,
                                   .sent_ms = o->sent_us / 1000,
                                   .landed_ms = r->now_us / 1000};
    race_receipt(k->race, &receipt);
    return consider(c, o->of);
}

err centre_close(struct replay *r, uint32_t of)
{
    struct open_case *k = &r->centre->cases[of];
    while (race_count(k->race) > 0) {
        struct race_plan plan;
        arena_reset(&r->centre->turn);
        TRY(race_rank(k->race, r->now_us / 1000, 0, &r->centre->turn, &plan));
        race_drop(k->race, plan.picks[0].account, r->now_us / 1000);
    }
    k->is_open = false;
    case_done(k->trail);
    arena_done(&k->arena);
    return OK;
}

err centre_make(struct replay *r)
{
    struct centre *c = arena_make(&r->arena, sizeof *c);
    if (c == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *c = (struct centre){.replay = r, .first_open = 1};
    arena_init(&c->turn, SIZE_MAX);
    r->centre = c;
    r->seen = arena_make_array(&r->arena, r->world->accounts, sizeof *r->seen);
    c->is_reported = arena_make_array(&r->arena, r->world->count, sizeof *c->is_reported);
    c->cases = arena_make_array(&r->arena, CASES_MOST, sizeof *c->cases);
    c->refused = arena_make_array(&r->arena, r->world->accounts, sizeof *c->refused);
    if (c->refused == NULL || r->seen == NULL || c->is_reported == NULL || c->cases == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < r->world->accounts; i++)
        r->seen[i] = r->world->openings[i];
    return hazard_make(&r->arena, &c->hazard);
}

void centre_done(struct centre *c)
{
    if (c == NULL)
        return;
    for (uint32_t of = 1; of <= c->case_count; of++) {
        if (!c->cases[of].is_open)
            continue;
        case_done(c->cases[of].trail);
        arena_done(&c->cases[of].arena);
    }
    arena_done(&c->turn);
}
