/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Call records kept: batches that are on the disk before the next one, by the clock, beside SQLite
 * with the same batches; files of the book made beside. Then a book of thirty million numbers with
 * as long a journal as is usual, opened again, beside reading the same files and nothing else.
 */
#include "app/bench/bench_calls.h"
#include "calls/calls.h"
#include "env/clock.h"
#include "store/sql.h"

#include <stdio.h>

enum {
    BATCH = 4096,
    NUMBERS = 244 * BATCH,
    A_ROUND = 70 * BATCH,
    JOURNAL_BYTES = 16 << 20, /* to this book as the usual one to thirty million numbers */
    READY_BATCH = CALLS_BATCH_MOST,
    READY_NUMBERS = 458 * READY_BATCH,
    READ_BYTES = 4 << 20,
};

struct kept {
    struct calls_world world;
    struct calls *calls;
    char folder[PATH_BYTES + 16];
};

static err open_kept(struct bench *b, struct kept *k, uint64_t journal_bytes)
{
    struct calls_settings settings = {
        .book = {.numbers_most = k->world.numbers,
                 .calls_most = 2 * (uint64_t)k->world.numbers,
                 .window_h = BOOK_WINDOW_H,
                 .zone_s = 8 * 3600,
                 .handsets_most = k->world.numbers},
        .journal_bytes = journal_bytes,
        .key = {.bytes = {1}       },
    };
    int size = snprintf(k->folder, sizeof k->folder, "%s/calls", b->folder);
    settings.dir = str_make(k->folder, (size_t)size);
    return calls_open(&settings, &k->calls);
}

static err take(struct kept *k, uint32_t from, uint32_t count)
{
    const struct sighting *s = k->world.sightings.at;
    size_t due = 0;
    return calls_take(k->calls, s + from, count, k->world.due.at, &due);
}

/* Every number calls once. */
static err fill(struct kept *k, uint32_t a_batch)
{
    struct calls_world *w = &k->world;
    struct sighting *s = w->sightings.at;
    for (uint32_t i = 0; i < w->numbers; i += a_batch) {
        for (uint32_t n = 0; n < a_batch; n++)
            calls_world_call(w, &s[n], i + n,
                             (uint32_t)((UINT64_C(7919) * (i + n) + 1) % w->numbers));
        TRY(take(k, 0, a_batch));
    }
    return OK;
}

static err save(struct kept *k)
{
    while (calls_wants_step(k->calls))
        TRY(calls_step(k->calls));
    return OK;
}

/* --- batches on the disk --- */

static err time_kept(struct kept *k, double *ret_rate)
{
    int64_t began = env_monotonic_us();
    for (uint32_t from = 0; from < k->world.a_round; from += BATCH) {
        TRY(take(k, from, BATCH));
        TRY(calls_step(k->calls));
    }
    *ret_rate = k->world.a_round / (double)(env_monotonic_us() - began);
    return OK;
}

static err put_sql(struct sql *db, const struct sighting *s)
{
    TRY(sql_run(db, "BEGIN IMMEDIATE"));
    for (uint32_t i = 0; i < BATCH; i++) {
        struct sql_row *row = NULL;
        TRY(sql_ask(db,
                    "INSERT INTO conduct (\"number\", \"calls\", \"seconds\", \"newest\")"
                    " VALUES ($1, 1, $2, $3) ON CONFLICT (\"number\") DO UPDATE SET"
                    " \"calls\" = \"calls\" + 1, \"seconds\" = \"seconds\" + $2,"
                    " \"newest\" = max(\"newest\", $3)",
                    &row));
        sql_bind_i64(row, 1, (int64_t)(s[i].caller >> 1));
        sql_bind_i64(row, 2, s[i].duration_s);
        sql_bind_i64(row, 3, s[i].time_s);
        TRY(sql_finish(&row));
    }
    return sql_run(db, "COMMIT");
}

static err time_sql(struct sql *db, const struct calls_world *w, double *ret_rate)
{
    const struct sighting *s = w->sightings.at;
    int64_t began = env_monotonic_us();
    for (uint32_t from = 0; from < w->a_round; from += BATCH)
        TRY(put_sql(db, s + from));
    *ret_rate = w->a_round / (double)(env_monotonic_us() - began);
    return OK;
}

static err time_both(struct bench *b, struct kept *k, struct sql *db)
{
    double samples[2][BENCH_ROUNDS];
    TRY(sql_run(db, "CREATE TABLE conduct (\"number\" INTEGER PRIMARY KEY, \"calls\" INTEGER NOT"
                    " NULL, \"seconds\" INTEGER NOT NULL, \"newest\" INTEGER NOT NULL)"));
    TRY(fill(k, BATCH));
    TRY(save(k));
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        calls_world_round(&k->world);
        TRY(time_kept(k, &samples[0][i]));
        TRY(time_sql(db, &k->world, &samples[1][i]));
    }
    bench_add(b, &(struct bench_result){.name = "calls.kept",
                                        .unit = "millions_per_second",
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    return OK;
}

static err bench_batches(struct bench *b, struct kept *k)
{
    char path[PATH_BYTES + 16];
    struct sql *db = NULL;
    TRY(calls_world_make(&k->world, NUMBERS, A_ROUND, true));
    TRY(open_kept(b, k, JOURNAL_BYTES));
    (void)snprintf(path, sizeof path, "%s/peer.db", b->folder);
    TRY(sql_open(path, SQL_WRITE, NULL, &db));
    err e = time_both(b, k, db);
    sql_close(db);
    return e;
}

/* --- ready again --- */

/* Until the journal is as long as it is before the next file. */
static err grow_journal(struct kept *k)
{
    while (!calls_wants_step(k->calls)) {
        calls_world_round(&k->world);
        TRY(take(k, 0, READY_BATCH));
    }
    return OK;
}

static err read_one(const char *path, char *room, uint64_t *bytes)
{
    size_t got = READ_BYTES;
    SCOPED(fd_end) int fd = -1;
    TRY(file_open_read(path, &fd));
    for (int64_t at = 0; got == READ_BYTES; at += READ_BYTES) {
        TRY(file_read_at(fd, at, room, READ_BYTES, &got));
        *bytes += got;
    }
    return OK;
}

/* The newest of either kind, from the cache: nothing is kept of it. */
static err read_again(struct bench *b, const struct kept *k, double *ret_seconds)
{
    struct file_names names;
    struct calls_counts counts;
    char path[PATH_BYTES + 64];
    char *room = arena_make(&b->arena, READ_BYTES);
    uint64_t bytes = 0;
    calls_show(k->calls, &counts);
    TRY(file_list(k->folder, &b->arena, &names));
    if (room == NULL || names.count < 2)
        return fail(ERR_CORRUPT, "bench: no files of the book", 0);
    int64_t began = env_monotonic_us();
    (void)snprintf(path, sizeof path, "%s/book-%08x", k->folder, counts.file);
    TRY(read_one(path, room, &bytes));
    (void)snprintf(path, sizeof path, "%s/%s", k->folder, names.at[names.count - 1].at);
    TRY(read_one(path, room, &bytes));
    *ret_seconds = (double)(env_monotonic_us() - began) / (double)US_PER_S;
    return bytes > counts.room_bytes ? OK : fail(ERR_CORRUPT, "bench: a file is cut short", 0);
}

static err time_ready(struct bench *b, struct kept *k)
{
    double samples[2][BENCH_ROUNDS];
    struct calls_counts before;
    struct calls_counts after;
    calls_show(k->calls, &before);
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        TRY(read_again(b, k, &samples[1][i]));
        TRY(calls_close(k->calls));
        k->calls = NULL;
        int64_t began = env_monotonic_us();
        TRY(open_kept(b, k, 0));
        samples[0][i] = (double)(env_monotonic_us() - began) / (double)US_PER_S;
        calls_show(k->calls, &after);
        if (after.held != before.held || after.sightings != before.sightings ||
            after.damage_count != 0)
            return fail(ERR_CORRUPT, "bench: the book is not what it was", after.held);
    }
    bench_add(b, &(struct bench_result){.name = "calls.ready",
                                        .unit = "seconds",
                                        .is_time = true,
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    return OK;
}

static err bench_ready(struct bench *b, struct kept *k)
{
    TRY(calls_world_make(&k->world, READY_NUMBERS, READY_BATCH, false));
    TRY(open_kept(b, k, 0));
    TRY(fill(k, READY_BATCH));
    TRY(save(k));
    TRY(grow_journal(k));
    return time_ready(b, k);
}

static err run(struct bench *b, err (*measure)(struct bench *b, struct kept *k))
{
    struct kept k = {.calls = NULL};
    err e = measure(b, &k);
    err closed = calls_close(k.calls);
    bench_drop_folder(b, k.folder);
    pages_drop(&k.world.sightings);
    pages_drop(&k.world.due);
    return failed(e) ? e : closed;
}

err bench_calls_kept(struct bench *b)
{
    TRY(run(b, bench_batches));
    return run(b, bench_ready);
}
