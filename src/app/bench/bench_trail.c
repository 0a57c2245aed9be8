/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trail over a world of 20 and 50 million transfers: the index made, and reach from a thousand
 * victims, in processor time of one thread. Over one of two million, SQLite beside it.
 *
 * The world: a fifth as many accounts as transfers, 180 days. Half of the transfers go on from a
 * receipt of the last three days; the other ends are for the most part of a sliding pool of busy,
 * short-lived accounts, the rest of all by a power law. A victim's payee moves money on.
 */
#include "app/bench/bench_trail_sql.h"
#include "env/pages.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { VICTIMS = 1000, HITS_MOST = 1 << 20, DAYS = 180, DAY_S = 86400, SQL_TRANSFERS = 2000000 };
static const struct reach_settings usual = {
    .layers = 6, .first = 20, .window_ms = INT64_C(72) * 3600 * 1000};

struct world {
    uint32_t count;
    uint32_t accounts;
    uint64_t draws;
    struct pages rows;
    struct pages ordinals;
    struct reach_start victims[VICTIMS];
};

/* --- the world --- */

static uint64_t draw(struct world *w)
{
    uint64_t x = w->draws++ + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static double share(struct world *w)
{
    return (double)(draw(w) >> 11) * 0x1p-53;
}

static uint32_t spread(const struct world *w, double rank)
{
    return (uint32_t)(((uint64_t)rank * 2654435761U + 12345) % w->accounts);
}

static uint32_t draw_account(struct world *w, double progress)
{
    if (share(w) >= 0.6)
        return spread(w, w->accounts * pow(share(w), 2.5));
    uint32_t pool = w->accounts / 150;
    double first = (uint32_t)(progress * (w->accounts - pool));
    return spread(w, first + (uint32_t)(pool * pow(share(w), 2)));
}

static void draw_row(struct world *w, struct trail_row *rows, uint32_t i)
{
    double goes_on = share(w);
    double progress = (double)i / w->count;
    uint64_t seconds = 1700000000 + (uint64_t)(progress * (DAYS * (double)DAY_S));
    uint64_t near = (uint64_t)w->count * 3 / DAYS;
    struct trail_row *row = &rows[i];
    if (goes_on < 0.5 && i > 1000) {
        uint64_t back = i < near ? i : near;
        double q = share(w);
        row->from = rows[i - 1 - (uint64_t)(q * q * (double)(back - 1))].to;
    } else {
        row->from = draw_account(w, progress);
    }
    do {
        row->to = draw_account(w, progress);
    } while (row->to == row->from);
    row->when = row_when((int64_t)seconds * 1000, TRANSFER_BOOKED);
    row->what = (uint32_t)(100 * exp(3 + 5 * share(w)));
}

static err make_world(struct world *w, uint32_t count)
{
    *w = (struct world){.count = count, .accounts = count / 5, .draws = 20260731};
    TRY(pages_make((size_t)count * sizeof(struct trail_row), &w->rows));
    TRY(pages_make((size_t)count * sizeof(uint32_t), &w->ordinals));
    for (uint32_t i = 0; i < count; i++) {
        draw_row(w, w->rows.at, i);
        ((uint32_t *)w->ordinals.at)[i] = i;
    }
    return OK;
}

static void drop_world(struct world *w)
{
    pages_drop(&w->rows);
    pages_drop(&w->ordinals);
}

/* --- ours --- */

static bool by_ordinal(const void *self, uint32_t ordinal, uint32_t other)
{
    (void)self;
    return ordinal < other;
}

struct made_index {
    struct trail_run run;
    struct pages room;
    const struct trail_run *list;
    struct trail_view view;
};

static err make_index(const struct world *w, struct made_index *x, double *ret_seconds)
{
    struct trail_input in = {.rows = w->rows.at,
                             .ordinals = w->ordinals.at,
                             .count = w->count,
                             .account_end = w->accounts,
                             .order = {.precedes = by_ordinal}};
    struct pages scratch = {0};
    TRY(pages_make(trail_room(w->count, w->accounts), &x->room));
    TRY(pages_make(trail_scratch(w->count), &scratch));
    int64_t began = env_cpu_us();
    err e = trail_build(&in, x->room.at, scratch.at, &x->run);
    *ret_seconds = (double)(env_cpu_us() - began) / 1e6;
    pages_drop(&scratch);
    x->list = &x->run;
    x->view = (struct trail_view){
        .runs = &x->list, .run_count = 1, .account_end = w->accounts, .order = in.order};
    return e;
}

/* The seed is another than the world's. */
static void draw_victims(struct world *w, const struct made_index *x)
{
    uint64_t most = (uint64_t)w->count * 9 / 10;
    assert(most > 0);
    w->draws = 99;
    for (uint32_t i = 0; i < VICTIMS;) {
        const struct trail_row *row = (const struct trail_row *)w->rows.at + draw(w) % most;
        struct trail_range range = trail_directory_range(&x->run.out, row->to);
        uint32_t at = trail_run_after(&x->run, range, row_time_ms(row));
        if (at < range.end && row_time_ms(&x->run.rows[at]) <= row_time_ms(row) + usual.window_ms)
            w->victims[i++] = (struct reach_start){row->to, row_time_ms(row)};
    }
}

struct timing {
    double mean_us;
    double p99_us;
    uint64_t found;
};

static int by_value(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;
    return one < other ? -1 : one > other;
}

static void sum_up(int64_t each_us[VICTIMS], int64_t all_us, struct timing *t)
{
    qsort(each_us, VICTIMS, sizeof *each_us, by_value);
    t->mean_us = (double)all_us / VICTIMS;
    size_t nearly_all = (size_t)VICTIMS * 99 / 100;
    t->p99_us = (double)each_us[nearly_all];
}

static err time_ours(const struct world *w, const struct made_index *x, struct reach *r,
                     struct timing *ret)
{
    int64_t each_us[VICTIMS];
    *ret = (struct timing){0};
    int64_t began = env_cpu_us();
    for (uint32_t i = 0; i < VICTIMS; i++) {
        int64_t before = env_cpu_us();
        TRY(reach_ask(r, &x->view, &usual, &w->victims[i], 1));
        each_us[i] = env_cpu_us() - before;
        ret->found += r->hit_count;
    }
    sum_up(each_us, env_cpu_us() - began, ret);
    return OK;
}

/* --- the peer: offsets by account, edges of twelve bytes in order of time, one receipt after the
 * other; nothing of status, exit, ids or runs --- */

struct edge {
    uint32_t to;
    uint32_t seconds;
    uint32_t amount;
};

struct arrival {
    uint32_t account;
    uint32_t seconds;
};

struct plain {
    struct pages offsets;
    struct pages edges;
    struct pages marks; /* the layer that an edge was last found in */
    struct arrival *here;
    struct arrival *next;
    uint32_t layer;
};

static err make_plain(const struct world *w, struct arena *a, struct plain *p, double *ret_seconds)
{
    TRY(pages_make(((size_t)w->accounts + 2) * sizeof(uint32_t), &p->offsets));
    TRY(pages_make((size_t)w->count * sizeof(struct edge), &p->edges));
    TRY(pages_make((size_t)w->count * sizeof(uint32_t), &p->marks));
    p->here = arena_make_array(a, HITS_MOST, sizeof *p->here);
    p->next = arena_make_array(a, HITS_MOST, sizeof *p->next);
    if (p->here == NULL || p->next == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    int64_t began = env_cpu_us();
    const struct trail_row *rows = w->rows.at;
    uint32_t *offsets = p->offsets.at;
    struct edge *edges = p->edges.at;
    for (uint32_t i = 0; i < w->count; i++)
        offsets[rows[i].from + 2]++;
    for (uint32_t i = 2; i <= w->accounts + 1; i++)
        offsets[i] += offsets[i - 1];
    for (uint32_t i = 0; i < w->count; i++)
        edges[offsets[rows[i].from + 1]++] =
            (struct edge){.to = rows[i].to,
                          .seconds = (uint32_t)(row_time_ms(&rows[i]) / 1000),
                          .amount = (uint32_t)row_amount(&rows[i])};
    *ret_seconds = (double)(env_cpu_us() - began) / 1e6;
    return OK;
}

static void drop_plain(struct plain *p)
{
    pages_drop(&p->offsets);
    pages_drop(&p->edges);
    pages_drop(&p->marks);
}

static uint32_t first_after(const struct edge *edges, uint32_t lo, uint32_t end, uint32_t seconds)
{
    while (lo < end) {
        uint32_t middle = lo + (end - lo) / 2;
        if (edges[middle].seconds > seconds)
            end = middle;
        else
            lo = middle + 1;
    }
    return lo;
}

static uint32_t follow_plain(struct plain *p, const struct arrival *from, uint32_t count)
{
    const uint32_t *offsets = p->offsets.at;
    const struct edge *edges = p->edges.at;
    uint32_t *marks = p->marks.at;
    uint32_t end = offsets[from->account + 1];
    uint32_t at = first_after(edges, offsets[from->account], end, from->seconds);
    uint32_t last = from->seconds + (uint32_t)(usual.window_ms / 1000);
    for (unsigned n = 0; n < usual.first && at < end && edges[at].seconds <= last; n++, at++) {
        if (marks[at] == p->layer)
            continue;
        marks[at] = p->layer;
        p->next[count++] = (struct arrival){edges[at].to, edges[at].seconds};
    }
    return count;
}

static uint64_t trace_plain(struct plain *p, const struct reach_start *start)
{
    uint64_t found = 0;
    uint32_t count = 1;
    p->here[0] = (struct arrival){start->account, (uint32_t)(start->time_ms / 1000)};
    for (unsigned layer = 0; layer < usual.layers && count > 0; layer++) {
        uint32_t next = 0;
        p->layer++;
        for (uint32_t i = 0; i < count; i++)
            next = follow_plain(p, &p->here[i], next);
        struct arrival *was = p->here;
        p->here = p->next;
        p->next = was;
        count = next;
        found += next;
    }
    return found;
}

static void time_plain(const struct world *w, struct plain *p, struct timing *ret)
{
    int64_t each_us[VICTIMS];
    *ret = (struct timing){0};
    int64_t began = env_cpu_us();
    for (uint32_t i = 0; i < VICTIMS; i++) {
        int64_t before = env_cpu_us();
        ret->found += trace_plain(p, &w->victims[i]);
        each_us[i] = env_cpu_us() - before;
    }
    sum_up(each_us, env_cpu_us() - began, ret);
}

/* --- side by side --- */

struct wanted {
    uint32_t count;
    uint64_t found; /* by four engines, on the same world and victims */
    const char *mean;
    const char *p99;
    const char *build;
};

static const struct wanted worlds[] = {
    {20000000, 130636, "trail.reach_20m", "trail.p99_20m", "trail.build_20m"},
    {50000000, 130021, "trail.reach_50m", "trail.p99_50m", "trail.build_50m"},
};

static err time_both(struct bench *b, const struct wanted *wanted, struct world *w,
                     struct made_index *x, struct plain *p)
{
    struct reach r;
    struct timing ours;
    struct timing plain;
    double samples[4][BENCH_ROUNDS];
    TRY(reach_init(&r, &b->arena, HITS_MOST));
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        TRY(time_ours(w, x, &r, &ours));
        time_plain(w, p, &plain);
        if (ours.found != wanted->found || plain.found != wanted->found)
            return fail(ERR_CORRUPT, "bench: an answer is wrong", (uint32_t)ours.found);
        samples[0][i] = ours.mean_us;
        samples[1][i] = plain.mean_us;
        samples[2][i] = ours.p99_us;
        samples[3][i] = plain.p99_us;
    }
    bench_add(b, &(struct bench_result){.name = wanted->mean,
                                        .unit = "us",
                                        .is_time = true,
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    bench_add(b, &(struct bench_result){.name = wanted->p99,
                                        .unit = "us",
                                        .is_time = true,
                                        .ours = bench_median(samples[2]),
                                        .peer = bench_median(samples[3])});
    return OK;
}

static err bench_world(struct bench *b, const struct wanted *wanted)
{
    static struct world w;
    struct made_index x = {0};
    struct plain p = {0};
    double ours_s = 0;
    double plain_s = 0;
    err e = make_world(&w, wanted->count);
    if (!failed(e))
        e = make_index(&w, &x, &ours_s);
    if (!failed(e))
        e = make_plain(&w, &b->arena, &p, &plain_s);
    if (!failed(e)) {
        bench_add(b, &(struct bench_result){.name = wanted->build,
                                            .unit = "million_per_second",
                                            .ours = w.count / ours_s / 1e6,
                                            .peer = w.count / plain_s / 1e6});
        draw_victims(&w, &x);
        e = time_both(b, wanted, &w, &x, &p);
    }
    drop_plain(&p);
    pages_drop(&x.room);
    drop_world(&w);
    return e;
}

/* The SQL that an analyst would write, over a world that its tables are made of in seconds. */
static err time_sql(struct bench *b, const struct world *w, const struct made_index *x)
{
    struct reach r;
    struct timing ours;
    double samples[BENCH_ROUNDS];
    const struct bench_sql_world sql = {.rows = w->rows.at,
                                        .count = w->count,
                                        .victims = w->victims,
                                        .victim_count = VICTIMS,
                                        .settings = &usual};
    struct bench_sql_timing theirs = {0};
    TRY(reach_init(&r, &b->arena, HITS_MOST));
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        TRY(time_ours(w, x, &r, &ours));
        samples[i] = ours.mean_us;
    }
    TRY(bench_trail_sql(&sql, &theirs));
    if (theirs.found != ours.found)
        return fail(ERR_CORRUPT, "bench: an answer is wrong", (uint32_t)theirs.found);
    bench_add(b, &(struct bench_result){.name = "trail.reach_2m",
                                        .unit = "us",
                                        .is_time = true,
                                        .ours = bench_median(samples),
                                        .peer = theirs.mean_us});
    return OK;
}

static err bench_sql(struct bench *b)
{
    static struct world w;
    struct made_index x = {0};
    double seconds = 0;
    err e = make_world(&w, SQL_TRANSFERS);
    if (!failed(e))
        e = make_index(&w, &x, &seconds);
    if (!failed(e)) {
        draw_victims(&w, &x);
        e = time_sql(b, &w, &x);
    }
    pages_drop(&x.room);
    drop_world(&w);
    return e;
}

err bench_trail(struct bench *b)
{
    TRY(bench_case(b));
    TRY(bench_sql(b));
    for (size_t i = 0; i < COUNT_OF(worlds); i++)
        TRY(bench_world(b, &worlds[i]));
    return OK;
}
