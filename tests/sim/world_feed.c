/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source sends a file: rows that are new, rows it has sent before, rows that cannot be taken. The
 * program's own intake takes it; where that asks the app for more, a few words here answer.
 */
#include "world.h"

#include "app/call/api_again.h"
#include "app/call/api_help.h"
#include "app/house/ask.h"
#include "app/report/intake.h"
#include "env/fault.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define DAY_US INT64_C(86400000000)

enum { ROWS_A_FILE = 12, LONGEST_DAYS = 200 };

static int asks_done; /* transactions of the batch being taken that were committed */

/* --- what intake.c asks of the app --- */

err ask_store(struct house *house, ask_fn *run, void *self)
{
    struct arena turn;
    arena_init(&turn, 16 << 20);
    err e = store_begin(house->store);
    if (!failed(e)) {
        e = run(self, house->store, clock_now(&house->clock), &turn);
        if (failed(e))
            store_rollback(house->store);
        else
            e = store_commit(house->store, clock_now(&house->clock));
    }
    arena_done(&turn);
    asks_done += !failed(e);
    return e;
}

err again_find(struct call *call, struct store *store, bool *ret_answered)
{
    (void)call, (void)store;
    *ret_answered = false;
    return OK;
}

err again_keep(struct call *call, struct store *store, instant at)
{
    (void)call, (void)store, (void)at;
    return OK;
}

str api_query(struct call *call, const char *name)
{
    (void)call, (void)name;
    return STR("");
}

str api_column_of(str code)
{
    (void)code;
    return STR("");
}

/* --- rows --- */

static void spoil(struct world *w, struct world_row *row, const char **kind, const char **match)
{
    row->is_unreadable = true;
    if (world_chance(w, 50))
        *kind = "person";
    else
        *match = "perhaps";
}

static struct world_row *make_row(struct world *w)
{
    static const char *const policies[] = {"notice", "nxdomain", "nodata"};
    struct world_row *row =
        &w->rows[w->row_count < WORLD_ROWS ? w->row_count++ : world_roll(w, WORLD_ROWS)];
    struct deed *d = &row->deed;
    *row = (struct world_row){0};
    do
        world_make_listing(w, d);
    while (d->listing.kind != INDICATOR_DOMAIN && d->listing.kind != INDICATOR_NUMBER);
    d->listing.flaw = FLAW_NONE;
    d->listing.from -= d->listing.from % 1000; /* a row says milliseconds */
    d->listing.until -= d->listing.until % 1000;
    const char *kind = indicator_kind_words[d->listing.kind];
    const char *match = listing_match_words[d->listing.match];
    char from[24] = "";
    if (d->listing.from != 0)
        snprintf(from, sizeof from, "%lld", (long long)d->listing.from / 1000);
    row->is_unreadable = d->listing.match == MATCH_SUFFIX && d->listing.kind != INDICATOR_DOMAIN;
    if (world_chance(w, 12))
        spoil(w, row, &kind, &match);
    char text[WORLD_ROW_TEXT];
    int size = snprintf(text, sizeof text,
                        "%s,%s,%s,%s,phishing,fraud_law_24,world,%lld,%s,private-%06d told,%s,%s\n",
                        kind, d->listing.value, listing_action_words[d->listing.action], match,
                        (long long)d->listing.until / 1000, from, d->listing.mark, d->division,
                        d->listing.kind == INDICATOR_DOMAIN ? policies[d->listing.rpz] : "");
    assert(size > 0 && (size_t)size < sizeof text);
    memcpy(row->text, text, sizeof text);
    return row;
}

/* --- what must come of it --- */

struct expected {
    struct world_row *rows[ROWS_A_FILE];
    int count;
    struct deed open;
    struct deed close;
};

static bool is_known(const struct world *w, const struct world_row *row)
{
    int64_t kept_us = (LONGEST_DAYS + MODEL_LISTING_KEPT_DAYS) * DAY_US;
    return row->is_seen && row->seen_at > w->worker.swept_at.us - kept_us;
}

static void expect_row(struct world *w, struct expected *x, struct world_row *row)
{
    struct model *m = w->model;
    int64_t now = w->trial.at.us;
    struct deed d = row->deed;
    d.who = x->open.who;
    d.listing.batch = x->close.record;
    if (d.division[0] == '\0')
        d.division = m->users[d.who].division;
    bool is_over = d.listing.until <= now || d.listing.until <= d.listing.from;
    if (!row->is_unreadable && !is_over && is_known(w, row)) {
        x->close.duplicate++;
        return;
    }
    if (row->is_unreadable || is_over || model_judge(m, &d, now) != ERR_NONE) {
        x->close.refused++;
        int64_t until = now + MODEL_REJECT_KEPT_DAYS * DAY_US;
        if (w->kept_until[d.listing.mark] < until)
            w->kept_until[d.listing.mark] = until; /* the row as it came */
        return;
    }
    model_do(m, &d, now);
    snprintf(m->listings[m->listing_count - 1].id, sizeof m->listings[0].id, "?");
    w->listing_of[d.listing.mark] = m->listing_count - 1;
    row->is_seen = true;
    row->seen_at = now;
    x->close.accepted++;
}

static void expect(struct world *w, struct expected *x, int asks)
{
    struct model *m = w->model;
    if (asks == 0)
        return;
    model_do(m, &x->open, w->trial.at.us);
    snprintf(m->batches[m->batch_count - 1].id, sizeof m->batches[0].id, "?");
    x->close = x->open;
    x->close.act = ACT_BATCH_CLOSE;
    x->close.record = m->batch_count - 1;
    for (int i = 0; i < x->count && asks > 1; i++)
        expect_row(w, x, x->rows[i]);
    if (asks > 2)
        model_do(m, &x->close, w->trial.at.us);
}

/* --- sending --- */

static struct house house;

static err send(struct world *w, const struct expected *x)
{
    static struct call call;
    struct text t;
    const struct feed_shape *shape = NULL;
    house.law = w->trial.law;
    house.store = w->trial.store;
    clock_init_manual(&house.clock, w->trial.at);
    call = (struct call){.house = &house, .actor = world_actor(w, x->open.who)};
    arena_init(&call.arena, API_CALL_BYTES);
    text_init(&t, &call.arena);
    text_put_c(&t,
               "kind,value,action,match,reason,basis,source,until,from,evidence,division,rpz\n");
    for (int i = 0; i < x->count; i++)
        text_put_c(&t, x->rows[i]->text);
    call.request.body = text_str(&t);
    call.request.content_type = STR("text/csv; charset=utf-8");
    asks_done = 0;
    err e = feed_find(STR("listings"), &shape);
    if (!failed(e))
        e = intake_run(&call, shape);
    arena_done(&call.arena);
    return e;
}

const char *world_feed(struct world *w)
{
    struct expected x = {0};
    x.open = (struct deed){.act = ACT_BATCH_OPEN, .record = NEW, .division = ""};
    x.open.who = world_somebody(w, ACT_BATCH_OPEN, "62");
    if (x.open.who > 0)
        x.open.division = w->model->users[x.open.who].division;
    for (int left = 1 + world_roll(w, ROWS_A_FILE); left > 0; left--) {
        bool is_again = w->row_count > 0 && world_chance(w, 35);
        x.rows[x.count++] = is_again ? &w->rows[world_roll(w, w->row_count)] : make_row(w);
    }
    snprintf(w->story, sizeof w->story, "a file of %d rows by %s", x.count,
             x.open.who < 0 ? "the public" : w->model->users[x.open.who].id);
    enum err_code want = model_judge(w->model, &x.open, w->trial.at.us);
    bool is_armed = world_chance(w, 15);
    if (is_armed)
        env_fault_at(FAULT_VFS_WRITE, 1 + random_below(&w->dice, 40));
    err e = send(w, &x);
    env_fault_clear();
    bool is_hit = is_armed && e.code == ERR_OS;
    if (e.code != want && !is_hit)
        return WRONG(w, "a file is answered \"%s\", not \"%s\"", failed(e) ? e.why : "taken",
                     err_name(want));
    expect(w, &x, asks_done);
    return NULL;
}
