/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Call records into the conduct of ten million numbers, in processor time of one thread: both sides
 * of each call, each part once, whatever the order. Beside it a plain table that knows no repeats,
 * no late rows and no bound. Then the feed itself, from CSV to what the book takes; and SQLite.
 *
 * The worlds: every number has called once before. Uniform: any calls any. Skewed: callers by the
 * cube of chance, callees by its square, as anchors for other engines have it.
 */
#include "app/bench/bench_calls.h"
#include "env/pages.h"
#include "feed/call_row.h"
#include "sense/book.h"
#include "sense/feature.h"
#include "store/sql.h"

#include <assert.h>

enum {
    BATCH = 4096,
    NUMBERS = 2400 * BATCH,
    A_ROUND = 700 * BATCH,
    ROUNDS = BENCH_ROUNDS,
    SQL_NUMBERS = 244 * BATCH,
    SQL_ROUND = 70 * BATCH,
    PLAIN_AHEAD = 16,
    DUE_AHEAD = 8,
    CSV_ROWS = 200000,
    CSV_ROW_BYTES = 160,
};

/* --- ours --- */

static err make_book(struct calls_world *w, struct pages *room, struct book *ret_book)
{
    const struct book_settings settings = {.numbers_most = w->numbers,
                                           .calls_most =
                                               2 * ((uint64_t)w->a_round * ROUNDS + w->numbers),
                                           .window_h = BOOK_WINDOW_H,
                                           .zone_s = 8 * 3600,
                                           .handsets_most = w->numbers};
    struct sighting *s = w->sightings.at;
    TRY(pages_make(book_room(&settings), room));
    book_init(ret_book, &settings, room->at);
    for (uint32_t i = 0; i < w->numbers; i += BATCH) {
        for (uint32_t k = 0; k < BATCH; k++)
            calls_world_call(w, &s[k], i + k,
                             (uint32_t)((UINT64_C(7919) * (i + k) + 1) % w->numbers));
        (void)book_take(ret_book, s, BATCH, w->due.at);
    }
    return OK;
}

/* Millions of records a second: taken in, and with features read of those that are due. */
struct rates {
    double taken;
    double scored;
};

static uint64_t read_due(const struct book *b, const struct sighting *s, const struct book_due *due,
                         size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t values[FEATURE_COUNT];
        if (i + DUE_AHEAD < count)
            book_call(b, due[i + DUE_AHEAD].slot);
        feature_read(&b->conducts[due[i].slot],
                     handsets_find(&b->handsets, s[due[i].sighting].handset), b->settings.zone_s,
                     values);
        sum += values[FEATURE_OUT];
    }
    return sum;
}

static struct rates time_book(struct calls_world *w, struct book *b, uint64_t *features)
{
    const struct sighting *s = w->sightings.at;
    struct book_due *due = w->due.at;
    int64_t taken_us = 0;
    int64_t began = env_cpu_us();
    for (uint32_t from = 0; from < w->a_round; from += BATCH) {
        int64_t before = env_cpu_us();
        size_t count = book_take(b, s + from, BATCH, due);
        taken_us += env_cpu_us() - before;
        *features += read_due(b, s + from, due, count);
    }
    double records = (double)w->a_round;
    return (struct rates){records / (double)taken_us, records / (double)(env_cpu_us() - began)};
}

/* --- the peer: a line of the cache a number, found by its key --- */

struct plain {
    uint64_t key;
    uint32_t out;
    uint32_t in;
    uint32_t seconds;
    uint32_t newest_s;
    uint64_t peers[2];
    uint16_t hours[6];
    uint16_t shorts;
    uint16_t unused;
    uint32_t first_s;
    uint32_t more;
};
static_assert(sizeof(struct plain) == 64, "one line");

struct plain_table {
    struct pages room;
    struct plain *at;
    unsigned bits;
};

static struct plain *plain_home(const struct plain_table *t, uint64_t key)
{
    return &t->at[key >> (64 - t->bits)];
}

static struct plain *plain_find(const struct plain_table *t, uint64_t key)
{
    uint64_t i = key >> (64 - t->bits);
    while (t->at[i].key != key && t->at[i].key != 0)
        i = (i + 1) & ((UINT64_C(1) << t->bits) - 1);
    t->at[i].key = key;
    return &t->at[i];
}

static void plain_take(const struct plain_table *t, const struct sighting *s)
{
    struct plain *p = plain_find(t, s->caller);
    uint32_t hour = s->time_s / 3600;
    uint32_t behind = hour - p->newest_s / 3600;
    for (uint32_t i = 1; i <= (behind < 6 ? behind : 6); i++)
        p->hours[(p->newest_s / 3600 + i) % 6] = 0;
    p->hours[hour % 6]++;
    p->newest_s = s->time_s;
    p->first_s = p->first_s == 0 ? s->time_s : p->first_s;
    p->out++;
    p->seconds += s->duration_s;
    p->shorts = (uint16_t)(p->shorts + (s->duration_s < CONDUCT_SHORT_S));
    p->peers[s->pair >> 6 & 1] |= UINT64_C(1) << (s->pair & 63);
    plain_find(t, s->callee)->in++;
}

static double time_plain(const struct calls_world *w, const struct plain_table *t)
{
    const struct sighting *s = w->sightings.at;
    int64_t began = env_cpu_us();
    for (uint32_t from = 0; from + PLAIN_AHEAD <= w->a_round; from += PLAIN_AHEAD) {
        for (uint32_t i = from; i < from + PLAIN_AHEAD; i++) {
            __builtin_prefetch(plain_home(t, s[i].caller), 1);
            __builtin_prefetch(plain_home(t, s[i].callee), 1);
        }
        for (uint32_t i = from; i < from + PLAIN_AHEAD; i++)
            plain_take(t, &s[i]);
    }
    return w->a_round / (double)(env_cpu_us() - began);
}

static err make_plain(const struct calls_world *w, struct plain_table *t)
{
    t->bits = 10;
    while ((UINT64_C(1) << t->bits) < (uint64_t)w->numbers * 4 / 3)
        t->bits++;
    TRY(pages_make(sizeof(struct plain) << t->bits, &t->room));
    t->at = t->room.at;
    for (uint32_t i = 0; i < w->numbers; i++)
        plain_find(t, calls_world_key(i))->first_s = CALLS_WORLD_BEGAN_S;
    return OK;
}

/* --- side by side --- */

static err check(const struct book *b, const struct calls_world *w)
{
    bool is_right = b->held == w->numbers && b->counts.again == 0 && b->counts.late == 0 &&
                    b->recent.forgotten == 0 && b->counts.taken == w->calls;
    return is_right ? OK : fail(ERR_CORRUPT, "bench: an answer is wrong", b->held);
}

static void put_results(struct bench *b, const struct calls_world *w, double samples[3][ROUNDS])
{
    bench_add(b, &(struct bench_result){.name = w->is_skewed ? "calls.skewed" : "calls.uniform",
                                        .unit = "millions_per_second",
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    if (w->is_skewed)
        bench_add(b, &(struct bench_result){.name = "calls.scored",
                                            .unit = "millions_per_second",
                                            .ours = bench_median(samples[2]),
                                            .peer = bench_median(samples[1])});
}

static void put_bytes(struct bench *b, const struct book *book, const struct plain_table *plain)
{
    size_t calls_bytes = recent_room(book->settings.calls_most);
    double numbers = book->held;
    bench_add(b, &(struct bench_result){.name = "calls.bytes",
                                        .unit = "bytes",
                                        .is_time = true,
                                        .ours = (double)(book_room(&book->settings) - calls_bytes) /
                                                numbers,
                                        .peer = (double)plain->room.size / numbers});
}

struct sides {
    struct book book;
    struct pages room;
    struct plain_table plain;
};

static err time_both(struct bench *b, struct calls_world *w, struct sides *s)
{
    double samples[3][ROUNDS];
    uint64_t features = 0;
    TRY(make_book(w, &s->room, &s->book));
    TRY(make_plain(w, &s->plain));
    for (int i = 0; i < ROUNDS; i++) {
        calls_world_round(w);
        struct rates rates = time_book(w, &s->book, &features);
        samples[0][i] = rates.taken;
        samples[1][i] = time_plain(w, &s->plain);
        samples[2][i] = rates.scored;
        TRY(check(&s->book, w));
    }
    put_results(b, w, samples);
    if (!w->is_skewed)
        put_bytes(b, &s->book, &s->plain);
    return features > 0 ? OK : fail(ERR_CORRUPT, "bench: nobody was due", 0);
}

static err bench_world(struct bench *b, bool is_skewed)
{
    struct calls_world w;
    struct sides s = {0};
    err e = calls_world_make(&w, NUMBERS, A_ROUND, is_skewed);
    if (!failed(e))
        e = time_both(b, &w, &s);
    pages_drop(&s.plain.room);
    pages_drop(&s.room);
    pages_drop(&w.sightings);
    pages_drop(&w.due);
    return e;
}

/* --- SQLite: a row a number, the caller's side only --- */

static err put_sql(struct sql *db, const struct calls_world *w)
{
    const struct sighting *s = w->sightings.at;
    TRY(sql_run(db, "BEGIN IMMEDIATE"));
    for (uint32_t i = 0; i < w->a_round; i++) {
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

static err time_sql(struct bench *b, struct sql *db, struct calls_world *w, struct book *book)
{
    double samples[2][ROUNDS];
    uint64_t features = 0;
    TRY(sql_run(db, "CREATE TABLE conduct (\"number\" INTEGER PRIMARY KEY, \"calls\" INTEGER NOT"
                    " NULL, \"seconds\" INTEGER NOT NULL, \"newest\" INTEGER NOT NULL)"));
    for (int i = 0; i < ROUNDS; i++) {
        calls_world_round(w);
        samples[0][i] = time_book(w, book, &features).taken;
        int64_t began = env_cpu_us();
        TRY(put_sql(db, w));
        samples[1][i] = w->a_round / (double)(env_cpu_us() - began);
    }
    bench_add(b, &(struct bench_result){.name = "calls.sql",
                                        .unit = "millions_per_second",
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    return check(book, w);
}

static err bench_sql(struct bench *b)
{
    struct calls_world w;
    struct book book;
    struct pages room = {0};
    struct sql *db = NULL;
    err e = calls_world_make(&w, SQL_NUMBERS, SQL_ROUND, true);
    if (!failed(e))
        e = make_book(&w, &room, &book);
    if (!failed(e))
        e = sql_open(":memory:", SQL_ALONE, NULL, &db);
    if (!failed(e)) {
        e = time_sql(b, db, &w, &book);
        sql_close(db);
    }
    pages_drop(&room);
    pages_drop(&w.sightings);
    pages_drop(&w.due);
    return e;
}

/* --- the feed: CSV to sightings; beside it, finding the ends of the same fields --- */

struct intake {
    struct arena turn;
    struct call_rules rules;
    struct sight_keys keys;
    uint64_t rows;
    uint64_t refused;
    uint64_t sum;
};

static err on_row(void *self, const struct feed_row *row)
{
    struct intake *in = self;
    struct phone_call call;
    struct sighting s;
    str column = {0};
    arena_reset(&in->turn);
    TRY(call_row_read(row, &in->rules, &in->turn, &call, &column));
    sight(&in->keys, STR("carrier"), &call, &s);
    in->sum += s.pair;
    in->rows++;
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    struct intake *in = self;
    in->refused += refusal->number >= 0;
    return OK;
}

static void write_csv(struct text *t)
{
    text_put_c(t,
               "id,time,caller,callee,answered,duration_s,caller_imsi,caller_imei,caller_cell\n");
    for (uint32_t i = 0; i < CSV_ROWS; i++)
        text_printf(t, "%u,%llu000,13%09u,13%09u,1,%u,46000%010u,35209900%06u1,460-00-%u-%u\n", i,
                    (unsigned long long)CALLS_WORLD_BEGAN_S + i / 10,
                    (uint32_t)(calls_world_mix(i) % 1000000000),
                    (uint32_t)(calls_world_mix(i * 31U) % 1000000000), i % 300, i, i, i % 100,
                    i % 1000);
}

static err read_csv(str csv, double *ret_rate)
{
    struct intake in = {.rules = {.region = STR("CN")}};
    struct arena a;
    struct feed_reader *reader = NULL;
    const uint8_t secret[SIGHT_SECRET_BYTES] = {1};
    struct feed_options options = {.format = FEED_CSV};
    struct feed_sink sink = {.self = &in, .row = on_row, .refused = on_refused};
    in.rules.now.us = (CALLS_WORLD_BEGAN_S + INT64_C(30) * CALLS_WORLD_DAY_S) * US_PER_S;
    sight_keys_make(secret, &in.keys);
    arena_init(&a, FEED_READER_BYTES);
    arena_init(&in.turn, 64 << 10);
    int64_t began = env_cpu_us();
    err e = feed_find(STR("calls"), &options.shape);
    if (!failed(e))
        e = feed_reader_init(&a, options, sink, &reader);
    for (str rest = csv; !failed(e) && rest.size > 0; rest = str_from(rest, 64 << 10))
        e = feed_reader_put(reader, str_until(rest, 64 << 10));
    if (!failed(e))
        e = feed_reader_end(reader);
    *ret_rate = (double)in.rows / (double)(env_cpu_us() - began);
    feed_reader_done(reader);
    arena_done(&in.turn);
    arena_done(&a);
    return failed(e) || in.rows == CSV_ROWS ? e : fail(ERR_CORRUPT, "bench: rows refused", 0);
}

static double cut_csv(str csv, uint64_t *fields)
{
    int64_t began = env_cpu_us();
    str line = {0};
    while (str_split(&csv, '\n', &line))
        for (str field = {0}; str_split(&line, ',', &field);)
            ++*fields;
    return CSV_ROWS / (double)(env_cpu_us() - began);
}

static err bench_feed(struct bench *b)
{
    double samples[2][ROUNDS];
    struct text t;
    uint64_t fields = 0;
    text_init(&t, &b->arena);
    text_expect(&t, (size_t)CSV_ROWS * CSV_ROW_BYTES);
    write_csv(&t);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (int i = 0; i < ROUNDS; i++) {
        TRY(read_csv(text_str(&t), &samples[0][i]));
        samples[1][i] = cut_csv(text_str(&t), &fields);
    }
    bench_add(b, &(struct bench_result){.name = "calls.read",
                                        .unit = "millions_per_second",
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    return fields > 0 ? OK : fail(ERR_CORRUPT, "bench: no fields", 0);
}

err bench_calls(struct bench *b)
{
    TRY(bench_world(b, true));
    TRY(bench_world(b, false));
    TRY(bench_sql(b));
    TRY(bench_feed(b));
    return bench_calls_kept(b);
}
