/* SPDX-License-Identifier: Apache-2.0 */
#include "app/warned/alert_turns.h"

#include "app/alert/alert_seal.h"
#include "app/alert/alert_turn.h"
#include "app/house/ask.h"
#include "app/warned/watch_inside.h"
#include "kit/json.h"
#include "store/alerts.h"
#include "store/row.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define WAIT_US INT64_C(20000)

enum { TRIES = 250, TURN_BYTES = 1 << 20, GROUP = 500 };

static_assert((int)TIER_URGENT == (int)ALERT_URGENT + 1, "tiers from low on, in one order");

/* --- which alert is whose --- */

static struct standing *place_of(struct watch *w, uint64_t about)
{
    size_t at = about % STANDING_PLACES;
    for (size_t i = 0; i < STANDING_LOOK; i++) {
        struct standing *s = &w->standing[(at + i) % STANDING_PLACES];
        if (s->about == about || s->about == 0)
            return s;
    }
    return &w->standing[at];
}

static void remember(struct watch *w, uint64_t about, str alert)
{
    struct standing *s = place_of(w, about);
    assert(alert.size < sizeof s->alert);
    memset(s, 0, sizeof *s);
    s->about = about;
    memcpy(s->alert, alert.at, alert.size);
}

/* Empty: none that is known. */
static str recall(struct watch *w, uint64_t about)
{
    const struct standing *s = place_of(w, about);
    return s->about == about ? str_from_c(s->alert) : STR("");
}

/* --- what was seen, in words --- */

static void put_evidence(struct json *j, uint32_t evidence)
{
    static const char *const words[] = {
        [0] = "",
        [WARNED_LISTING] = "listing",
        [WARNED_SUSPICION] = "suspicion",
        [WARNED_ORDER] = "order",
        [WARNED_EMPTYING] = "emptying",
        [WARNED_NEW] = "new",
    };
    uint32_t basis = evidence >> WARNED_BASIS_SHIFT;
    uint32_t row = evidence & ((UINT32_C(1) << WARNED_BASIS_SHIFT) - 1);
    char text[32];
    int size = snprintf(text, sizeof text, row == 0 ? "%s" : "%s:%u",
                        basis < COUNT_OF(words) ? words[basis] : "", row);
    json_put_str(j, STR("evidence"), str_make(text, size > 0 ? (size_t)size : 0));
}

static void put_part(struct json *j, const struct warn_rules *rules, const struct episode_part *p)
{
    json_object(j);
    if (p->pair < rules->pair_count) {
        json_put_str(j, STR("pair"), str_from_c(rules->pairs[p->pair].name));
    } else {
        json_put_str(j, STR("kind"), signal_kind_name((enum signal_kind)p->kind));
        json_put_i64(j, STR("source"), p->sign.source);
        put_evidence(j, p->sign.evidence);
    }
    json_put_i64(j, STR("given"), p->given_mn);
    json_end(j);
}

static err make_parts(const struct warn_rules *rules, const struct warned_turn *t,
                      struct arena *turn, str *ret_parts)
{
    struct text text;
    struct json j;
    text_init(&text, turn);
    json_init(&j, &text);
    json_array(&j);
    for (uint32_t i = 0; i < t->part_count; i++)
        put_part(&j, rules, &t->parts[i]);
    json_end(&j);
    *ret_parts = text_str(&text);
    return text_spent(&text) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* --- on the store thread --- */

struct turning {
    struct house *house;
    struct warned_turn *turns;
    size_t count;
};

struct one {
    const struct turning *all;
    struct warned_turn *t;
    struct alert_turning at;
    str number; /* empty: not known */
};

/* The newest thing that speaks for it. */
static uint32_t newest_s(const struct warned_turn *t)
{
    uint32_t newest = 0;
    for (uint32_t i = 0; i < t->part_count; i++)
        if (t->parts[i].given_mn > 0 && t->parts[i].sign.time_s > newest)
            newest = t->parts[i].sign.time_s;
    return newest;
}

/* Somebody said what became of the last one, and nothing has been seen since. */
static err is_known(const struct one *o, bool *ret_known)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    str pseudonym = {0};
    TRY(alert_pseudonym(o->all->house, o->number, o->at.arena, &pseudonym));
    TRY(sql_ask(store_sql(o->at.store),
                "SELECT coalesce(\"outcome_at\", 0) FROM alert WHERE \"pseudonym\" = $1"
                " ORDER BY \"id\" DESC LIMIT 1",
                &row));
    sql_bind_str(row, 1, pseudonym);
    err e = sql_next(row, &has_row);
    int64_t outcome_us = !failed(e) && has_row ? sql_i64(row, 0) : 0;
    *ret_known = outcome_us > 0 && (int64_t)newest_s(o->t) * US_PER_S <= outcome_us;
    sql_done(&row);
    return e;
}

/* From the turn itself, or from the alert that stands about it; empty: nobody's. */
static err find_number(struct one *o)
{
    union record *r = arena_make(o->at.arena, sizeof *r);
    str alert = recall(o->all->house->watch, o->t->turn.about);
    o->number = str_make(o->t->number, strnlen(o->t->number, sizeof o->t->number));
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!str_is_empty(o->number) || str_is_empty(alert))
        return OK;
    TRY(row_find(store_sql(o->at.store), RECORD_ALERT, alert, o->at.arena, r));
    if (str_is_empty(r->alert.subscriber))
        return OK;
    return seal_get(&o->all->house->seal, STR(ALERT_SEALED_NUMBER), r->alert.subscriber,
                    o->at.arena, &o->number);
}

static bool is_refusal(err e)
{
    return e.code == ERR_CONFLICT || e.code == ERR_DENIED || e.code == ERR_MALFORMED;
}

/* What gave the most of what speaks for it. */
static void put_cause(const struct warn_rules *rules, const struct warned_turn *t,
                      struct alert_news *news)
{
    const struct episode_part *most = NULL;
    for (uint32_t i = 0; i < t->part_count; i++)
        if (t->parts[i].given_mn > (most == NULL ? 0 : most->given_mn))
            most = &t->parts[i];
    if (most == NULL)
        return;
    news->source = most->sign.source;
    news->cause = most->pair < rules->pair_count ? str_from_c(rules->pairs[most->pair].name)
                                                 : signal_kind_name((enum signal_kind)most->kind);
}

/* What the desk refuses it would refuse again. */
static err write_one(const struct one *o)
{
    struct house *house = o->all->house;
    unsigned tier = o->t->turn.tier;
    struct alert_news news = {.number = o->number,
                              .division = store_centre(o->at.store)->division,
                              .is_none = tier == TIER_NONE,
                              .tier = tier == TIER_NONE ? ALERT_LOW : tier - 1,
                              .micro = o->t->turn.micro,
                              .rules = warned_rules_mark(house)};
    str id = STR("");
    TRY(make_parts(warned_rules(house), o->t, o->at.arena, &news.parts));
    put_cause(warned_rules(house), o->t, &news);
    err e = alert_turn(&o->at, &news, &id);
    if (is_refusal(e))
        LOG(&house->log, LOG_WARN, "alert_refused", LOG_WHY(e), LOG_INT("at", e.at));
    if (!failed(e) && !str_is_empty(id))
        remember(house->watch, o->t->turn.about, id);
    return is_refusal(e) ? OK : e;
}

static err turn_one(struct one *o)
{
    bool is_old = false;
    TRY(find_number(o));
    if (!str_is_empty(o->number) && o->t->turn.tier != TIER_NONE)
        TRY(is_known(o, &is_old));
    /* Without a number the next signal brings it. */
    o->t->is_told = !str_is_empty(o->number) || o->t->turn.tier == TIER_NONE;
    return is_old || str_is_empty(o->number) ? OK : write_one(o);
}

static err write_turns(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct turning *all = self;
    for (size_t i = 0; i < all->count; i++) {
        struct one o = {
            .all = all,
            .t = &all->turns[i],
            .at = {.house = all->house, .store = store, .arena = turn, .at = at}
        };
        TRY(turn_one(&o));
    }
    return OK;
}

/* --- on the warned thread --- */

static void turned(void *self, struct warned_turn *turns, size_t count)
{
    struct turning all = {.house = self, .turns = turns, .count = count};
    err e = ask_store(all.house, write_turns, &all);
    for (int i = 0; i < TRIES && e.code == ERR_BUSY && !env_flag_is_up(&all.house->is_stopping);
         i++) {
        env_nap_us(WAIT_US);
        e = ask_store(all.house, write_turns, &all);
    }
    if (!failed(e))
        return;
    LOG(&all.house->log, LOG_WARN, "alerts", LOG_WHY(e), LOG_INT("count", count));
    for (size_t i = 0; i < count; i++)
        turns[i].is_told = false;
}

/* --- after a restart --- */

static err learn_some(struct house *house, struct sql *db, struct arena *turn, str *after)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    size_t count = 0;
    TRY(sql_ask(db,
                "SELECT \"id\", \"subscriber\" FROM alert WHERE \"state\" <> 'closed'"
                " AND \"id\" > $1 ORDER BY \"id\" LIMIT $2",
                &row));
    sql_bind_str(row, 1, *after);
    sql_bind_i64(row, 2, GROUP);
    err e = sql_next(row, &has_row);
    for (; !failed(e) && has_row; count++) {
        str number = {0};
        *after = sql_str(row, 0, turn);
        if (!failed(
                seal_get(&house->seal, STR(ALERT_SEALED_NUMBER), sql_peek(row, 1), turn, &number)))
            remember(house->watch, warned_hash(house, number), *after);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    *after = count < GROUP ? STR("") : *after;
    return e;
}

/* The numbers stay where they are opened: in an arena that is wiped. */
static err learn(struct house *house)
{
    char last[64];
    str after = STR("");
    err e;
    do {
        struct arena turn;
        struct reader *reader = house_reader_take(house);
        arena_init(&turn, TURN_BYTES);
        e = learn_some(house, reader_sql(reader), &turn, &after);
        assert(after.size < sizeof last);
        memcpy(last, after.at, after.size);
        after = str_make(last, after.size);
        arena_wipe(&turn);
        house_reader_give(house, reader);
    } while (!failed(e) && after.size > 0);
    return e;
}

void alert_turns_open(struct house *house)
{
    if (house->watch == NULL)
        return;
    err e = learn(house);
    if (failed(e))
        LOG(&house->log, LOG_ERROR, "alerts", LOG_WHY(e));
    warned_set_port(house, (struct warned_port){.self = house, .turned = turned});
}
