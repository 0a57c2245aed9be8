/* SPDX-License-Identifier: Apache-2.0 */
#include "warn_world.h"

#include "drill/calls.h"
#include "drill/online.h"
#include "drill/stolen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_S = 86400,
    HASHED = 1 << 24,
    CASES = 1 << 20,
    EPISODES = 1 << 18,
    ABOUT_SHIFT = 1, /* a line's pseudonym is never 0 */
    LEAD_S = 120,
    AFTER_S = DAY_S,
    NEW_S = 15 * DAY_S,
    SHORT_S = 60,
    LONG_S = 420,
    MIDDLE_S = 180,
    FAST_S = 3600,
    CALLS_LEAST = 6,
    IN_TIMES = 8,
    LARGE_FEN = 200000,
    SWEEP = 64,
};
#define ARENA_BYTES (UINT64_C(24) << 30)

struct line_habit {
    uint32_t first_s;
    uint32_t out;
    uint32_t in;
};

struct account_habit {
    int64_t came_fen;
    uint32_t came_s;
    uint32_t fast; /* times that most of what came left within the hour */
};

static uint64_t mixed(uint64_t a, uint64_t b)
{
    return dice_mix(a, b, 4242);
}

/* Was it there before; it is from now on. Forgets when another falls on its place. */
static bool seen(uint64_t *table, uint64_t key)
{
    uint64_t *at = &table[key % HASHED];
    bool is_seen = *at == key;
    *at = key;
    return is_seen;
}

static uint32_t seconds(int64_t at_us)
{
    return (uint32_t)(at_us / SECOND_US);
}

static bool is_judging(const struct warn_world *w)
{
    return w->now_s >= seconds(w->params.begin_us) + WARN_DAYS_BEFORE * DAY_S;
}

/* --- signals --- */

static void put_alert(struct warn_world *w, const struct warn_turn *turn)
{
    if (turn->tier <= turn->was || w->alert_count == WARN_ALERTS)
        return;
    w->alerts[w->alert_count++] =
        (struct warn_alert){.line = (uint32_t)(turn->about >> ABOUT_SHIFT),
                            .at_s = w->now_s,
                            .micro = turn->micro,
                            .evidence_mn = turn->evidence_mn,
                            .tier = turn->tier};
}

static void note_peak(struct warn_world *w, uint32_t line)
{
    const struct episode *e = live_find(&w->live, (uint64_t)line << ABOUT_SHIFT | 1);
    int64_t evidence = e == NULL ? 0 : episode_evidence(e, &w->rules, w->now_s);
    if (evidence <= w->peak_mn[line])
        return;
    w->peak_mn[line] = (int32_t)evidence;
    w->peak_s[line] = w->now_s;
}

static void give(struct warn_world *w, uint32_t line, struct signal s)
{
    struct warn_turn turn;
    if (line >= w->drill->world.persons || !is_judging(w) || s.kind == w->settings.without)
        return;
    s.about = (uint64_t)line << ABOUT_SHIFT | 1;
    w->signals++;
    w->by_kind[s.kind]++;
    if (live_take(&w->live, &s, 1, w->now_s, &turn) > 0)
        put_alert(w, &turn);
    note_peak(w, line);
}

/* --- calls --- */

static uint16_t suspicion(const struct warn_world *w, const struct call_row *r)
{
    const struct line_habit *h = r->caller < w->line_count ? &w->habits[r->caller] : NULL;
    if (r->trunk != 0)
        return 500;
    if (h == NULL || h->first_s < seconds(w->params.begin_us) + DAY_S ||
        w->now_s - h->first_s > NEW_S)
        return 0;
    return h->out >= CALLS_LEAST && h->in * IN_TIMES < h->out ? 900 : 0;
}

static uint16_t strength_of(uint16_t suspected, uint32_t duration_s)
{
    uint32_t share = duration_s < SHORT_S ? 0 : duration_s < MIDDLE_S ? 30 : 60;
    share = duration_s >= LONG_S ? 100 : share;
    return (uint16_t)(suspected * share / 100);
}

static void count_call(struct warn_world *w, const struct call_row *r)
{
    if (r->phase != PHASE_WHOLE && r->phase != PHASE_SETUP)
        return;
    if (r->caller < w->line_count) {
        struct line_habit *h = &w->habits[r->caller];
        h->first_s = h->first_s == 0 ? w->now_s : h->first_s;
        h->out++;
    }
    if (r->callee < w->line_count)
        w->habits[r->callee].in++;
}

static err see_call(void *self, const struct call_row *r)
{
    struct warn_world *w = self;
    count_call(w, r);
    uint16_t suspected = r->is_text || !r->is_answered ? 0 : suspicion(w, r);
    if (suspected == 0)
        return OK;
    struct signal s = {
        .id = mixed(r->carrier, r->number), .time_s = seconds(r->at_us), .source = r->carrier};
    if (r->phase == PHASE_ANSWER) {
        s.kind = SIGNAL_CALL;
        s.strength = suspected / 4; /* how long it will be nobody knows yet */
        give(w, r->callee, s);
        return OK;
    }
    s.kind = SIGNAL_CALLED;
    s.strength = strength_of(suspected, r->duration_s);
    s.time_s += r->phase == PHASE_WHOLE ? r->duration_s : 0;
    if (r->phase != PHASE_SETUP && s.strength > 0)
        give(w, r->callee, s);
    return OK;
}

/* --- sites --- */

static err see_visit(void *self, const struct visit_row *r)
{
    struct warn_world *w = self;
    struct signal s = {.id = mixed(r->site, (uint64_t)r->at_us),
                       .evidence = r->site,
                       .time_s = seconds(r->at_us),
                       .strength = SIGNAL_WHOLE,
                       .kind = SIGNAL_VISIT};
    (void)seen(w->sites, mixed(r->site, 1));
    give(w, r->line, s);
    return OK;
}

static err see_message(void *self, const struct message_row *r)
{
    struct warn_world *w = self;
    uint64_t key = mixed(r->site, 1);
    if (w->sites[key % HASHED] != key)
        return OK;
    struct signal s = {.id = mixed(r->site, (uint64_t)r->at_us),
                       .evidence = r->site,
                       .time_s = seconds(r->at_us),
                       .strength = SIGNAL_WHOLE,
                       .kind = SIGNAL_MESSAGE};
    give(w, r->line, s);
    return OK;
}

/* --- payments --- */

static void count_payment(struct warn_world *w, const struct transfer_row *r)
{
    uint32_t at_s = seconds(r->at_us);
    if (!is_beyond(r->from)) {
        struct account_habit *h = &w->accounts[r->from];
        bool is_fast = at_s < h->came_s + FAST_S && r->fen * 10 >= h->came_fen * 6;
        h->fast += is_fast && h->came_fen >= LARGE_FEN;
    }
    if (is_beyond(r->to))
        return;
    w->accounts[r->to].came_fen = r->fen;
    w->accounts[r->to].came_s = at_s;
}

/* How risky a payment looks: somebody never paid before, who does not keep money. */
static uint16_t risk_of(struct warn_world *w, const struct transfer_row *r)
{
    bool is_new = !seen(w->pairs, mixed(r->from, r->to));
    bool is_person = !is_beyond(r->to) && r->to < w->drill->world.first[GROUP_SHOP];
    bool is_sham = !is_beyond(r->to) && !is_person && w->accounts[r->to].fast > 0;
    if (!is_new || !(is_person || is_sham) || r->fen < LARGE_FEN / 4)
        return 0;
    uint32_t fast = w->accounts[r->to].fast;
    return fast == 0 ? 50 : fast < 3 ? 400 : 1000;
}

static err see_transfer(void *self, const struct transfer_row *r)
{
    struct warn_world *w = self;
    bool is_over = r->status == TRANSFER_REJECTED || r->status == TRANSFER_REVERSED;
    if (is_over || is_beyond(r->from))
        return OK;
    uint16_t risk = risk_of(w, r);
    count_payment(w, r);
    if (risk == 0)
        return OK;
    struct signal s = {.id = mixed(r->bank + 64U, r->number),
                       .evidence = r->to,
                       .time_s = seconds(r->at_us),
                       .strength = risk,
                       .source = (uint16_t)(64 + r->bank)};
    s.kind = r->status == TRANSFER_PENDING ? SIGNAL_PENDING : SIGNAL_BOOKED;
    give(w, r->from, s);
    return OK;
}

/* --- what is not looked at --- */

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

static err see_episode(void *self, const struct episode_row *r)
{
    struct warn_world *w = self;
    if (w->episode_count < EPISODES)
        w->episodes[w->episode_count++] = *r;
    return OK;
}

/* --- the play --- */

static err open_world(struct warn_world *w)
{
    struct drill_port port = {w,         no_account,  see_transfer, no_moved, no_mule,
                              no_told,   see_call,    no_line,      no_rack,  no_dialled,
                              see_visit, see_message, see_episode};
    struct params_fault fault;
    arena_init(&w->arena, ARENA_BYTES);
    TRY(params_read(params_bundled(), &w->arena, &w->params, &fault));
    w->params.scam.victims = w->params.scam.victims * w->settings.times / MICRO;
    w->params.scam.least = 0;
    struct drill_settings s = {.seed = w->settings.seed,
                               .scale = w->settings.persons,
                               .days = w->settings.days,
                               .params = &w->params};
    TRY(drill_open(&s, &port, &w->arena, &w->drill));
    w->line_count = w->drill->calls->lines.outside_first;
    w->habits = arena_make_array(&w->arena, w->line_count, sizeof *w->habits);
    w->accounts =
        arena_make_array(&w->arena, world_accounts(&w->drill->world), sizeof *w->accounts);
    w->pairs = arena_make_array(&w->arena, HASHED, sizeof *w->pairs);
    w->sites = arena_make_array(&w->arena, HASHED, sizeof *w->sites);
    w->alerts = arena_make_array(&w->arena, WARN_ALERTS, sizeof *w->alerts);
    w->cases = arena_make_array(&w->arena, CASES, sizeof *w->cases);
    w->episodes = arena_make_array(&w->arena, EPISODES, sizeof *w->episodes);
    w->peak_mn = arena_make_array(&w->arena, w->settings.persons, sizeof *w->peak_mn);
    w->peak_s = arena_make_array(&w->arena, w->settings.persons, sizeof *w->peak_s);
    return w->peak_s == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static void sweep(struct warn_world *w, size_t count)
{
    struct warn_turn turns[SWEEP];
    for (size_t i = 0; i < count; i += SWEEP)
        (void)live_sweep(&w->live, SWEEP, w->now_s, turns);
}

err warn_world_play(struct warn_world *w, const struct warn_world_settings *s)
{
    *w = (struct warn_world){.settings = *s};
    rules_usual(&w->rules);
    w->budget.a_number = 1;
    TRY(open_world(w));
    TRY(pages_make(live_room(WARN_ROOM), &w->room));
    const struct live_settings live = {WARN_ROOM, &w->rules, s->curve, &w->budget};
    live_init(&w->live, &live, w->room.at);
    for (int64_t at = w->params.begin_us; drill_goes_on(w->drill); at += 5 * SECOND_US) {
        w->now_s = seconds(at);
        TRY(drill_run(w->drill, at));
        if (w->now_s % 60 == 0)
            sweep(w, WARN_ROOM / 60);
    }
    return drill_tell(w->drill);
}

void warn_world_close(struct warn_world *w)
{
    drill_close(w->drill);
    pages_drop(&w->room);
    arena_done(&w->arena);
}

/* --- the truth --- */

static int64_t last_payment_us(const struct warn_world *w, const struct episode_row *e)
{
    const struct taking *t = NULL;
    if (e->incident != 0)
        t = stolen_taking(w->drill, stolen_incident(w->drill, e->incident)->takings);
    return t == NULL ? 0 : t->at_us;
}

/* From its first touch until a day after its last payment. */
static bool is_during(const struct warn_world *w, const struct episode_row *e, uint32_t at_s)
{
    int64_t last_us = last_payment_us(w, e);
    uint32_t end_s = seconds(last_us == 0 ? e->begun_us : last_us) + AFTER_S;
    return at_s >= seconds(e->begun_us) && at_s < end_s;
}

static void judge(const struct warn_world *w, uint32_t line, uint32_t at_s, bool *ret_victim,
                  bool *ret_reached)
{
    *ret_victim = false;
    *ret_reached = false;
    for (size_t i = 0; i < w->episode_count; i++) {
        const struct episode_row *e = &w->episodes[i];
        if (e->line != line || !is_during(w, e, at_s))
            continue;
        *ret_reached = true;
        *ret_victim = *ret_victim || last_payment_us(w, e) != 0;
    }
}

static void add_alert(const struct warn_world *w, struct warn_alert *a, struct warn_figures *f)
{
    bool is_victim = false;
    bool is_reached = false;
    judge(w, a->line, a->at_s, &is_victim, &is_reached);
    a->is_victim = is_victim;
    a->is_reached = is_reached;
    f->alerts[a->tier]++;
    f->victims[a->tier] += is_victim;
    f->reached[a->tier] += is_reached;
}

static uint32_t first_alert(const struct warn_world *w, const struct episode_row *e,
                            enum tier least)
{
    for (size_t i = 0; i < w->alert_count; i++) {
        const struct warn_alert *a = &w->alerts[i];
        if (a->line == e->line && a->tier >= least && is_during(w, e, a->at_s))
            return a->at_s;
    }
    return UINT32_MAX;
}

static int64_t paid_after(const struct warn_world *w, const struct episode_row *e, uint32_t at_s)
{
    int64_t fen = 0;
    const struct told_row *told = stolen_incident(w->drill, e->incident);
    const struct taking *t = stolen_taking(w->drill, told->takings);
    for (; t != NULL; t = stolen_taking(w->drill, t->next))
        fen += (int64_t)seconds(t->at_us) >= (int64_t)at_s + LEAD_S ? t->fen : 0;
    return fen;
}

static uint32_t first_payment_s(const struct warn_world *w, const struct episode_row *e)
{
    const struct told_row *told = stolen_incident(w->drill, e->incident);
    const struct taking *t = stolen_taking(w->drill, told->takings);
    while (t->next != 0)
        t = stolen_taking(w->drill, t->next);
    return seconds(t->at_us);
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

static void add_victims(const struct warn_world *w, struct warn_figures *f)
{
    static int64_t leads[EPISODES];
    size_t count = 0;
    uint32_t from_s = seconds(w->params.begin_us) + WARN_DAYS_BEFORE * DAY_S;
    for (size_t i = 0; i < w->episode_count; i++) {
        const struct episode_row *e = &w->episodes[i];
        if (last_payment_us(w, e) == 0 || seconds(e->begun_us) < from_s)
            continue;
        uint32_t high = first_alert(w, e, TIER_HIGH);
        uint32_t any = first_alert(w, e, TIER_LOW);
        uint32_t paid = first_payment_s(w, e);
        f->episodes++;
        f->stolen_fen += stolen_incident(w->drill, e->incident)->fen;
        f->in_time_fen += high == UINT32_MAX ? 0 : paid_after(w, e, high);
        f->any_fen += any == UINT32_MAX ? 0 : paid_after(w, e, any);
        f->warned += any != UINT32_MAX && any + LEAD_S <= paid;
        if (any < paid)
            leads[count++] = (int64_t)paid - any;
    }
    qsort(leads, count, sizeof *leads, by_size);
    f->lead_s = count == 0 ? 0 : leads[count / 2];
}

/* In tenths of the probability: how far what was said is from what came of it. */
static double error_of(const struct warn_world *w)
{
    double said[10] = {0}, came[10] = {0}, all = 0, sum = 0;
    for (size_t i = 0; i < w->alert_count; i++) {
        const struct warn_alert *a = &w->alerts[i];
        size_t tenth = (size_t)a->micro * 10 / (RULES_MICRO + 1);
        said[tenth] += (double)a->micro / RULES_MICRO;
        came[tenth] += a->is_victim;
        all++;
    }
    for (size_t i = 0; i < 10; i++)
        sum += said[i] > came[i] ? said[i] - came[i] : came[i] - said[i];
    return all == 0 ? 0 : sum / all;
}

struct warn_figures warn_world_figures(const struct warn_world *w)
{
    struct warn_figures f = {0};
    for (size_t i = 0; i < w->alert_count; i++)
        add_alert(w, &w->alerts[i], &f);
    add_victims(w, &f);
    f.error = error_of(w);
    return f;
}

/* Everybody who ever had any evidence, by the most that there was. With scams so many times as
 * common, a probability's odds are as many times too high. */
err warn_world_fit(struct warn_world *w, struct calibration *ret_curve)
{
    w->case_count = 0;
    for (uint32_t line = 0; line < w->settings.persons && w->case_count < CASES; line++) {
        bool is_victim = false;
        bool is_reached = false;
        if (w->peak_s[line] == 0)
            continue;
        judge(w, line, w->peak_s[line], &is_victim, &is_reached);
        w->cases[w->case_count++] = (struct calibration_case){w->peak_mn[line], is_victim};
    }
    TRY(calibration_fit(w->cases, w->case_count, &w->arena, ret_curve));
    for (uint32_t i = 0; i < ret_curve->count; i++) {
        int64_t p = ret_curve->points[i].micro;
        int64_t odds = p + (RULES_MICRO - p) * w->settings.times / MICRO;
        ret_curve->points[i].micro = (int32_t)(p * RULES_MICRO / odds);
    }
    return OK;
}
