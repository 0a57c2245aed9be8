/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Look-ups in memory, half of them listed, in processor time of one thread; then a centre's load of
 * numbers and domains together: a change, a large one, and the file.
 */
#include "app/bench/bench.h"
#include "env/pages.h"
#include "screen/screen.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    QUERIES = 2000000,
    PEER_QUERIES = 400000,
    AT_ONCE = 1000,
    ACCOUNTS = 5000000,
    DOMAINS = 1100000,
    NUMBERS = 10000000,
    CHANGES = 10000,
    BULK = 500000,
    VALUE_ROOM = 48,
    STRIDE = 137, /* between neighbours, so that what lies between is not listed */
};

static const instant now = {.us = 1000};

static uint64_t scatter(uint64_t x)
{
    x = (x + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return x ^ x >> 32;
}

/* --- values: the i-th sorts before the next; `is_listed` false: one that lies beside it --- */

static str number_at(uint64_t i, bool is_listed, char room[VALUE_ROOM])
{
    uint64_t digits = UINT64_C(8613000000000) + i * STRIDE + scatter(i) % (STRIDE - 1) + !is_listed;
    room[0] = '+';
    for (size_t at = 13; at > 0; at--, digits /= 10)
        room[at] = (char)('0' + digits % 10);
    return str_make(room, 14);
}

static str account_at(uint64_t i, bool is_listed, char room[VALUE_ROOM])
{
    int size = snprintf(room, VALUE_ROOM, "62%09u%08u%d", (unsigned)i,
                        (unsigned)(scatter(i) % 100000000), is_listed ? 1 : 2);
    return str_make(room, (size_t)size);
}

static str domain_at(uint64_t i, bool is_listed, char room[VALUE_ROOM])
{
    static const char *const ends[] = {"com", "net", "xyz", "top", "shop", "com.cn", "example.org"};
    int size = snprintf(room, VALUE_ROOM, "%s%07u-%04x.%s", is_listed ? "pay" : "pax", (unsigned)i,
                        (unsigned)(scatter(i) & 0xFFFF), ends[scatter(i) % COUNT_OF(ends)]);
    return str_make(room, (size_t)size);
}

typedef str value_at(uint64_t i, bool is_listed, char room[VALUE_ROOM]);

static const struct {
    unsigned kind;
    value_at *at;
} makers[] = {
    {INDICATOR_NUMBER,  number_at },
    {INDICATOR_ACCOUNT, account_at},
    {INDICATOR_DOMAIN,  domain_at },
};
enum maker { MAKES_NUMBERS, MAKES_ACCOUNTS, MAKES_DOMAINS };

struct made {
    enum maker maker;
    uint64_t count;
    uint64_t domains; /* after these, so many domains */
    char room[VALUE_ROOM];
};

static void make_entry(struct made *m, uint64_t i, struct screen_entry *ret_entry)
{
    *ret_entry = (struct screen_entry){.kind = makers[m->maker].kind,
                                       .value = makers[m->maker].at(i, true, m->room),
                                       .action = ACTION_BLOCK,
                                       .match = m->maker == MAKES_DOMAINS,
                                       .until = {2000 + (int64_t)(i / 10000)},
                                       .row = (uint32_t)i};
}

static err give_made(void *self, struct screen_intake *intake)
{
    struct made m = *(const struct made *)self;
    struct screen_entry entry;
    for (uint64_t i = 0; i < m.count; i++) {
        make_entry(&m, i, &entry);
        TRY(screen_put(intake, &entry));
    }
    m.maker = MAKES_DOMAINS;
    for (uint64_t i = 0; i < m.domains; i++) {
        make_entry(&m, i, &entry);
        TRY(screen_put(intake, &entry));
    }
    return OK;
}

static err build(struct bench *b, const struct made *made, struct screen **ret_screen)
{
    struct key_seed seed = {.seed = random_u64(&b->house->random)};
    struct made m = *made;
    struct screen_source source = {.self = &m, .give = give_made};
    TRY(screen_open(&seed, ret_screen));
    return screen_build(*ret_screen, &source, 1);
}

/* --- look-ups --- */

struct questions {
    struct screen_question *at;
    uint64_t *numbers;
    uint64_t listed;
    struct pages room;
    struct pages text;
};

static err make_questions(const struct made *made, struct questions *q)
{
    TRY(pages_make(QUERIES * (sizeof *q->at + sizeof *q->numbers), &q->room));
    TRY(pages_make((size_t)QUERIES * VALUE_ROOM, &q->text));
    q->at = q->room.at;
    q->numbers = (uint64_t *)(q->at + QUERIES);
    for (uint64_t i = 0; i < QUERIES; i++) {
        char *room = (char *)q->text.at + i * VALUE_ROOM;
        uint64_t which = scatter(i ^ 0x5555) % made->count;
        q->at[i].kind = makers[made->maker].kind;
        q->at[i].value = makers[made->maker].at(which, i % 2 == 0, room);
        (void)key_number(q->at[i].value, &q->numbers[i]);
    }
    return OK;
}

static void drop_questions(struct questions *q)
{
    pages_drop(&q->room);
    pages_drop(&q->text);
}

static double ask_ours(struct screen *s, struct questions *q, bool as_numbers)
{
    static struct screen_answer answers[AT_ONCE];
    uint64_t listed = 0;
    int64_t began = env_cpu_us();
    for (size_t at = 0; at < QUERIES; at += AT_ONCE) {
        struct screen_reader r = screen_enter(s);
        if (as_numbers)
            screen_ask_numbers(&r, q->numbers + at, AT_ONCE, now, answers);
        else
            screen_ask_many(&r, q->at + at, AT_ONCE, now, answers);
        screen_leave(&r);
        for (size_t i = 0; i < AT_ONCE; i++)
            listed += answers[i].is_listed;
    }
    q->listed = listed;
    return QUERIES / (double)(env_cpu_us() - began);
}

/* The peer: the values in order, halved until found. */
static bool is_in_order(const struct made *made, const char *sorted, str value)
{
    size_t low = 0;
    size_t high = made->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(sorted + middle * VALUE_ROOM, value.at);
        if (order == 0)
            return true;
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return false;
}

static double ask_sorted_text(const struct made *made, const char *sorted, struct questions *q)
{
    uint64_t listed = 0;
    int64_t began = env_cpu_us();
    for (size_t i = 0; i < PEER_QUERIES; i++) {
        str rest = q->at[i].value;
        bool is_found = is_in_order(made, sorted, rest);
        while (!is_found && made->maker == MAKES_DOMAINS && str_find_char(rest, '.') < rest.size) {
            rest = str_from(rest, str_find_char(rest, '.') + 1);
            is_found = is_in_order(made, sorted, rest);
        }
        listed += is_found;
    }
    q->listed = listed * (QUERIES / PEER_QUERIES);
    return PEER_QUERIES / (double)(env_cpu_us() - began);
}

static double ask_sorted_numbers(const struct made *made, const uint64_t *sorted,
                                 struct questions *q)
{
    uint64_t listed = 0;
    int64_t began = env_cpu_us();
    for (size_t i = 0; i < PEER_QUERIES; i++) {
        size_t low = 0;
        size_t high = made->count;
        while (high - low > 1) {
            size_t middle = (low + high) / 2;
            *(sorted[middle] <= q->numbers[i] ? &low : &high) = middle;
        }
        listed += sorted[low] == q->numbers[i];
    }
    q->listed = listed * (QUERIES / PEER_QUERIES);
    return PEER_QUERIES / (double)(env_cpu_us() - began);
}

static void fill_sorted(const struct made *made, void *room)
{
    char *text = room;
    uint64_t *numbers = room;
    char one[VALUE_ROOM];
    for (uint64_t i = 0; i < made->count; i++)
        if (made->maker == MAKES_NUMBERS)
            (void)key_number(number_at(i, true, one), &numbers[i]);
        else
            (void)makers[made->maker].at(i, true, text + i * VALUE_ROOM);
}

static err run_peer(const struct made *made, struct questions *q, double *ret_rate)
{
    bool is_numbers = made->maker == MAKES_NUMBERS;
    struct pages room = {0};
    double rates[BENCH_ROUNDS];
    TRY(pages_make(made->count * (is_numbers ? sizeof(uint64_t) : VALUE_ROOM), &room));
    fill_sorted(made, room.at);
    for (int i = 0; i < BENCH_ROUNDS; i++)
        rates[i] =
            is_numbers ? ask_sorted_numbers(made, room.at, q) : ask_sorted_text(made, room.at, q);
    pages_drop(&room);
    *ret_rate = bench_median(rates);
    return OK;
}

static err check_listed(const struct questions *q)
{
    bool is_right = q->listed == QUERIES / 2;
    return is_right ? OK : fail(ERR_CORRUPT, "bench: an answer is wrong", (uint32_t)q->listed);
}

static err look_up(struct bench *b, struct screen *s, const struct made *made, const char *name)
{
    struct bench_result result = {.name = name, .unit = "million_per_second"};
    struct questions q = {0};
    double rates[BENCH_ROUNDS];
    TRY(make_questions(made, &q));
    for (int i = 0; i < BENCH_ROUNDS; i++)
        rates[i] = ask_ours(s, &q, made->maker == MAKES_NUMBERS);
    result.ours = bench_median(rates);
    TRY(check_listed(&q));
    TRY(run_peer(made, &q, &result.peer));
    TRY(check_listed(&q));
    drop_questions(&q);
    bench_add(b, &result);
    return OK;
}

static double bytes_a_value(struct screen *s, enum shard_class class)
{
    struct screen_figures f = screen_figures(s);
    return (double)f.bytes[class] / (double)f.values[class];
}

static err bench_numbers(struct bench *b)
{
    static const struct {
        uint64_t count;
        const char *name;
    } all[] = {
        {1000000,  "screen.numbers_1m" },
        {2000000,  "screen.numbers_2m" },
        {5000000,  "screen.numbers_5m" },
        {10000000, "screen.numbers_10m"},
        {20000000, "screen.numbers_20m"},
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct made made = {.maker = MAKES_NUMBERS, .count = all[i].count};
        struct screen *s = NULL;
        err e = build(b, &made, &s);
        if (!failed(e))
            e = look_up(b, s, &made, all[i].name);
        screen_close(s);
        TRY(e);
    }
    return OK;
}

static err bench_accounts(struct bench *b)
{
    struct made made = {.maker = MAKES_ACCOUNTS, .count = ACCOUNTS};
    struct screen *s = NULL;
    err e = build(b, &made, &s);
    if (!failed(e))
        e = look_up(b, s, &made, "screen.accounts_5m");
    screen_close(s);
    return e;
}

/* --- a centre's load --- */

static double ms_since(int64_t began)
{
    return (double)(env_monotonic_us() - began) / 1000;
}

/* The first `count` numbers, with another end: what a change of so many is. */
static err run_change(struct screen *s, size_t count, double *ret_ms)
{
    struct pages room = {0};
    struct made m = {.maker = MAKES_NUMBERS};
    TRY(pages_make(count * (sizeof(struct screen_change) + VALUE_ROOM), &room));
    struct screen_change *changes = room.at;
    char *text = (char *)(changes + count);
    for (size_t i = 0; i < count; i++) {
        make_entry(&m, i * 3, &changes[i].entry);
        changes[i].entry.value = number_at(i * 3, i % 2 == 0, text + i * VALUE_ROOM);
        changes[i].entry.until.us++;
        changes[i].is_listed = i % 4 != 0;
    }
    int64_t began = env_monotonic_us();
    err e = screen_change(s, changes, count, 2);
    *ret_ms = ms_since(began);
    pages_drop(&room);
    return e;
}

static err run_rows(struct sql *db, size_t count)
{
    char room[VALUE_ROOM];
    for (size_t i = 0; i < count; i++) {
        struct sql_row *row = NULL;
        TRY(sql_ask(db,
                    "INSERT INTO number (\"value\", \"until\") VALUES ($1, $2)"
                    " ON CONFLICT (\"value\") DO UPDATE SET \"until\" = $2",
                    &row));
        sql_bind_str(row, 1, number_at(i * 3, true, room));
        sql_bind_i64(row, 2, (int64_t)i);
        TRY(sql_finish(&row));
    }
    return OK;
}

static err run_sqlite(struct sql *db, size_t count, double *ret_ms)
{
    int64_t began = env_monotonic_us();
    TRY(sql_run(db, "BEGIN IMMEDIATE"));
    TRY(run_rows(db, count));
    TRY(sql_run(db, "COMMIT"));
    *ret_ms = ms_since(began);
    return OK;
}

static err change(struct bench *b, struct screen *s, const char *name, size_t count)
{
    struct bench_result result = {.name = name, .unit = "milliseconds", .is_time = true};
    struct sql *db = NULL;
    TRY(run_change(s, count, &result.ours));
    TRY(sql_open(":memory:", SQL_ALONE, NULL, &db));
    err e = sql_run(db, "CREATE TABLE number (\"value\" TEXT NOT NULL PRIMARY KEY,"
                        " \"until\" INTEGER NOT NULL) WITHOUT ROWID");
    if (!failed(e))
        e = run_sqlite(db, count, &result.peer);
    sql_close(db);
    TRY(e);
    bench_add(b, &result);
    return OK;
}

static err read_plain(const char *path, double *ret_ms)
{
    static char room[1 << 20];
    SCOPED(fd_end) int fd = -1;
    size_t count = 0;
    int64_t began = env_monotonic_us();
    TRY(file_open_private(path, &fd));
    for (int64_t at = 0; at == 0 || count > 0; at += (int64_t)count)
        TRY(file_read_at(fd, at, room, sizeof room, &count));
    *ret_ms = ms_since(began);
    return OK;
}

static err save_and_load(struct bench *b, struct screen *s)
{
    struct bench_result load = {.name = "screen.load", .unit = "milliseconds", .is_time = true};
    struct key_seed seed = {.seed = 1};
    struct screen *again = NULL;
    char path[PATH_BYTES + 16];
    snprintf(path, sizeof path, "%s/screen", b->folder);
    TRY(screen_settle(s));
    struct screen_origin origin = {.mark = screen_figures(s).sealed_mark};
    TRY(screen_save(s, path, &origin));
    TRY(screen_open(&seed, &again));
    int64_t began = env_monotonic_us();
    err e = screen_load(again, path, &origin);
    load.ours = ms_since(began);
    if (!failed(e))
        e = read_plain(path, &load.peer);
    screen_close(again);
    TRY(e);
    bench_add(b, &load);
    return OK;
}

static err bench_centre(struct bench *b, struct screen *s)
{
    struct made domains = {.maker = MAKES_DOMAINS, .count = DOMAINS};
    struct bench_result bytes = {
        .name = "screen.number_bytes", .unit = "bytes", .is_time = true, .peer = 12};
    bytes.ours = bytes_a_value(s, SHARD_NUMBERS);
    bench_add(b, &bytes);
    TRY(look_up(b, s, &domains, "screen.domains_1m"));
    TRY(change(b, s, "screen.change", CHANGES));
    TRY(change(b, s, "screen.bulk", BULK));
    return save_and_load(b, s);
}

err bench_screen(struct bench *b)
{
    struct made made = {.maker = MAKES_NUMBERS, .count = NUMBERS, .domains = DOMAINS};
    struct screen *s = NULL;
    TRY(bench_numbers(b));
    TRY(bench_accounts(b));
    err e = build(b, &made, &s);
    if (!failed(e))
        e = bench_centre(b, s);
    screen_close(s);
    return e;
}
