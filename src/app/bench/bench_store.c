/* SPDX-License-Identifier: Apache-2.0 */
/* Approvals a second, each of them decided, written with its leaf, and on the disk. */
#include "app/bench/bench.h"
#include "app/house/ask.h"

#include <stdio.h>

enum { PER_COMMIT = 200, SINGLES = 60, PER_ROUND = BENCH_LISTINGS / BENCH_ROUNDS };

struct work {
    struct bench *bench;
    struct actor proposer;
    struct actor approver;
    str ids[BENCH_LISTINGS + SINGLES];
    size_t made;
    size_t approved;
    size_t count; /* of the next commit */
};

static err add_person(struct store *store, instant at, struct arena *turn, enum role role,
                      struct actor *ret_actor)
{
    struct command cmd = {.act = ACT_USER_PROPOSE, .record = store_id(store, at, turn)};
    cmd.actor = (struct actor){.user = STR("centre"), .kind = ACTOR_CENTRE};
    cmd.body.user = (struct user_account){.name = str_from_c(role_words[role]),
                                          .roles = str_from_c(role_words[role])};
    TRY(store_apply(store, &cmd, at, turn, NULL));
    *ret_actor = (struct actor){.user = cmd.record, .roles = 1u << role, .kind = ACTOR_STAFF};
    return OK;
}

static err add_people(void *self, struct store *store, instant at, struct arena *turn)
{
    struct work *w = self;
    (void)turn;
    TRY(add_person(store, at, &w->bench->arena, ROLE_ANALYST, &w->proposer));
    return add_person(store, at, &w->bench->arena, ROLE_APPROVER, &w->approver);
}

static err propose(void *self, struct store *store, instant at, struct arena *turn)
{
    struct work *w = self;
    for (size_t i = 0; i < w->count; i++) {
        struct command cmd = {.act = ACT_LISTING_PROPOSE,
                              .actor = w->proposer,
                              .record = store_id(store, at, &w->bench->arena)};
        struct text name;
        text_init(&name, &w->bench->arena);
        text_printf(&name, "shop-%zu.example", w->made);
        cmd.body.listing = (struct listing){.kind = INDICATOR_DOMAIN,
                                            .value = text_str(&name),
                                            .display = text_str(&name),
                                            .action = ACTION_BLOCK,
                                            .reason = STR("phishing"),
                                            .evidence = STR("three reports of one afternoon"),
                                            .basis = STR("fraud_law_24"),
                                            .source = STR("bench"),
                                            .score_milli = 100000,
                                            .until = instant_add_us(at, 30 * US_PER_DAY),
                                            .notice = STR("listed; appeal on this page"),
                                            .division = STR("")};
        TRY(store_apply(store, &cmd, at, turn, NULL));
        w->ids[w->made++] = cmd.record;
    }
    return OK;
}

static err approve(void *self, struct store *store, instant at, struct arena *turn)
{
    struct work *w = self;
    for (size_t i = 0; i < w->count; i++) {
        struct command cmd = {
            .act = ACT_LISTING_APPROVE, .actor = w->approver, .record = w->ids[w->approved + i]};
        TRY(store_apply(store, &cmd, at, turn, NULL));
    }
    w->approved += w->count;
    return OK;
}

/* `total` of them, `per_commit` a transaction; how many a second. */
static err run_ours(struct work *w, ask_fn *fn, size_t total, size_t per_commit, double *ret_rate)
{
    int64_t began = env_monotonic_us();
    for (size_t done = 0; done < total; done += w->count) {
        w->count = total - done < per_commit ? total - done : per_commit;
        TRY(ask_store(w->bench->house, fn, w));
    }
    *ret_rate = (double)total * 1e6 / (double)(env_monotonic_us() - began);
    return OK;
}

/* --- the peer: the same bytes as a row and as a leaf, the same commits, and nothing else --- */

struct plain {
    struct sql *db;
    struct bench_bodies bodies;
    int64_t put;
};

static err put_plain(struct plain *p, str body)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(p->db, "INSERT INTO record (\"id\", \"body\") VALUES ($1, $2)", &row));
    sql_bind_i64(row, 1, p->put);
    sql_bind_str(row, 2, body);
    TRY(sql_finish(&row));
    TRY(sql_ask(p->db, "INSERT INTO leaf (\"idx\", \"body\") VALUES ($1, $2)", &row));
    sql_bind_i64(row, 1, p->put++);
    sql_bind_str(row, 2, body);
    return sql_finish(&row);
}

static err run_plain(struct plain *p, size_t total, size_t per_commit, double *ret_rate)
{
    int64_t began = env_monotonic_us();
    for (size_t done = 0; done < total;) {
        TRY(sql_run(p->db, "BEGIN IMMEDIATE"));
        for (size_t i = 0; i < per_commit && done < total; i++)
            TRY(put_plain(p, p->bodies.at[done++ % p->bodies.count]));
        TRY(sql_run(p->db, "COMMIT"));
    }
    *ret_rate = (double)total * 1e6 / (double)(env_monotonic_us() - began);
    return OK;
}

static err open_plain(struct bench *b, struct plain *p)
{
    char path[PATH_BYTES + 16];
    snprintf(path, sizeof path, "%s/plain.db", b->folder);
    TRY(sql_open(path, SQL_WRITE, NULL, &p->db));
    TRY(sql_run(p->db, "CREATE TABLE record (\"id\" INTEGER PRIMARY KEY, \"body\" TEXT NOT NULL)"));
    return sql_run(p->db,
                   "CREATE TABLE leaf (\"idx\" INTEGER PRIMARY KEY, \"body\" TEXT NOT NULL)");
}

static err run_batches(struct work *w, struct plain *p)
{
    double ours[BENCH_ROUNDS];
    double plain[BENCH_ROUNDS];
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        TRY(run_ours(w, approve, PER_ROUND, PER_COMMIT, &ours[i]));
        if (i == 0)
            TRY(bench_bodies(w->bench, "listing.approve", PER_ROUND, &p->bodies));
        TRY(run_plain(p, PER_ROUND, PER_COMMIT, &plain[i]));
    }
    struct bench_result result = {.name = "store.batch",
                                  .unit = "per_second",
                                  .ours = bench_median(ours),
                                  .peer = bench_median(plain)};
    bench_add(w->bench, &result);
    return OK;
}

static err run_singles(struct work *w, struct plain *p)
{
    double ours[BENCH_ROUNDS];
    double plain[BENCH_ROUNDS];
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        TRY(run_ours(w, approve, SINGLES / BENCH_ROUNDS, 1, &ours[i]));
        TRY(run_plain(p, SINGLES / BENCH_ROUNDS, 1, &plain[i]));
    }
    struct bench_result result = {.name = "store.single",
                                  .unit = "per_second",
                                  .ours = bench_median(ours),
                                  .peer = bench_median(plain)};
    bench_add(w->bench, &result);
    return OK;
}

err bench_store(struct bench *b)
{
    struct work *w = arena_make(&b->arena, sizeof *w);
    struct plain plain = {0};
    double unused = 0;
    if (w == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    w->bench = b;
    TRY(ask_store(b->house, add_people, w));
    TRY(run_ours(w, propose, BENCH_LISTINGS + SINGLES, PER_COMMIT, &unused));
    err e = open_plain(b, &plain);
    if (!failed(e))
        e = run_batches(w, &plain);
    if (!failed(e))
        e = run_singles(w, &plain);
    sql_close(plain.db);
    return e;
}
