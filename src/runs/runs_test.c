/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what was accepted is there, once, with the status that stands; whatever is sealed, merged,
 * closed, cut off, damaged or full meanwhile.
 * Method: a seeded bank sends new transfers, the same again, later statuses and contradictions, in
 * batches to a store with tiny tails; a plain list is the model. After each step every transfer is
 * looked for in the view, by its id, and word for word.
 */
#include "runs/journal.h"
#include "runs/reader.h"

#include "env/atomic.h"
#include "env/fault.h"
#include "env/file.h"
#include "env/random.h"
#include "env/thread.h"
#include "trail/reach.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { MODEL_MOST = 6000, BATCH_MOST = 90, TAIL_ROWS = 256, TEXT_MOST = 64 };
/* More than the journal's helper packs at a time, and so that some are left over. */
enum { MANY = 5 * JOURNAL_PACK_BLOCKS * JOURNAL_BLOCK_USUAL + 77 };

struct sent {
    char id[TEXT_MOST];
    char from[TEXT_MOST];
    char to[TEXT_MOST];
    char bank[TEXT_MOST];
    struct transfer t;
    bool is_synced;
};

struct model {
    struct random_source random;
    struct sent sent[MODEL_MOST];
    uint32_t count;
    struct runs *runs;
    char folder[FILE_PATH_BYTES];
    uint32_t tail_rows;
    struct runs_reader *reader; /* while everything is looked at */
};

static struct model model;

static uint32_t draw(uint32_t below)
{
    return (uint32_t)random_below(&model.random, below);
}

/* --- the folder --- */

static void clear_folder(void)
{
    char path[2 * FILE_PATH_BYTES];
    DIR *d = opendir(model.folder);
    for (struct dirent *e = d == NULL ? NULL : readdir(d); e != NULL; e = readdir(d)) {
        (void)snprintf(path, sizeof path, "%s/%s", model.folder, e->d_name);
        if (e->d_name[0] != '.')
            assert_int_equal(unlink(path), 0);
    }
    if (d != NULL)
        (void)closedir(d);
}

static void begin(uint64_t seed, uint32_t tail_rows)
{
    model.count = 0;
    model.tail_rows = tail_rows;
    random_init_seeded(&model.random, seed);
    if (model.folder[0] == '\0') {
        (void)snprintf(model.folder, sizeof model.folder, "/tmp/yumen-runs-XXXXXX");
        assert_non_null(mkdtemp(model.folder));
    }
    clear_folder();
}

static void open_runs(void)
{
    struct runs_options options = {.folder = model.folder, .tail_rows = model.tail_rows};
    err e = runs_open(&options, &model.runs);
    if (failed(e))
        print_error("%s (%u)\n", e.why, e.at);
    assert_false(failed(e));
}

/* What was not synced is forgotten. */
static void reopen(void)
{
    runs_close(model.runs);
    for (uint32_t i = 0; i < model.count; i++)
        assert_true(model.sent[i].is_synced);
    open_runs();
}

/* --- what is sent --- */

/* Digits, a bank's own form, and one too long to be packed. */
static void draw_key(char *room, uint32_t account)
{
    static const char *const before[] = {"62220000", "ICBC:", "", "bank-of-nowhere/0001/main/"};
    (void)snprintf(room, TEXT_MOST, "%s%08u", before[account % COUNT_OF(before)], account);
}

/* One in four is more than four bytes hold, or less than nothing. */
static int64_t draw_balance(void)
{
    static const int64_t times[] = {1, 1, 1, 1, 1, 1, 64, -1};
    int64_t one = (int64_t)draw(1 << 30);
    return one * times[draw(COUNT_OF(times))];
}

static struct sent *draw_new(void)
{
    struct sent *s = &model.sent[model.count];
    *s = (struct sent){.is_synced = false};
    uint32_t digits = draw(3) == 0 ? 40 : 1;
    (void)snprintf(s->id, sizeof s->id, "%0*u", (int)digits, model.count * 7 % MODEL_MOST);
    draw_key(s->from, draw(50));
    draw_key(s->to, draw(50));
    (void)snprintf(s->bank, sizeof s->bank, "bank %u", draw(4));
    s->t = (struct transfer){
        .id = str_from_c(s->id),
        .from = str_from_c(s->from),
        .to = str_from_c(s->to),
        .time_ms =
            1700000000000 + (int64_t)draw(40) * 1000 + (draw(10) == 0 ? (int64_t)draw(5) << 31 : 0),
        .amount_minor = 1 + draw(1000000),
        .status = (uint8_t)(draw(4) == 0 ? draw(TRANSFER_STATUS_COUNT) : TRANSFER_BOOKED),
        .exit = (uint8_t)(draw(9) == 0 ? draw(TRANSFER_EXIT_COUNT) : EXIT_NONE),
        .has_seq = draw(2) == 0,
        .has_balance = draw(2) == 0,
        .from_bank = draw(2) == 0 ? str_from_c(s->bank) : STR(""),
    };
    s->t.seq = s->t.has_seq ? (int64_t)draw(100) - 50 : 0;
    s->t.balance_minor = s->t.has_balance ? draw_balance() : 0;
    memcpy(s->t.currency, draw(20) == 0 ? "USD" : "CNY", sizeof s->t.currency);
    return s;
}

/* One row of a batch, and the fate it must have. */
static struct transfer draw_row(uint8_t *ret_fate)
{
    uint32_t what = model.count == 0 ? 0 : draw(10);
    if (what < 6 && model.count < MODEL_MOST) {
        *ret_fate = RUNS_ACCEPTED;
        struct sent *s = draw_new();
        model.count++;
        return s->t;
    }
    struct sent *s = &model.sent[draw(model.count)];
    struct transfer t = s->t;
    *ret_fate = RUNS_DUPLICATE;
    if (what == 6) {
        t.amount_minor++;
        *ret_fate = RUNS_CONFLICT;
    } else if (what > 6) {
        t.status = (uint8_t)draw(TRANSFER_STATUS_COUNT);
        if (transfer_further(t.status, s->t.status) != s->t.status) {
            *ret_fate = RUNS_ACCEPTED;
            s->t.status = t.status;
            s->is_synced = false;
        }
    }
    return t;
}

static void send(void)
{
    static struct transfer rows[BATCH_MOST];
    uint8_t wanted[BATCH_MOST];
    uint8_t fates[BATCH_MOST];
    uint32_t count = 1 + draw(BATCH_MOST);
    for (uint32_t i = 0; i < count; i++)
        rows[i] = draw_row(&wanted[i]);
    struct runs_batch batch = {
        .rows = rows, .count = count, .scope = UINT32_MAX - 3, .ret_fates = fates};
    err e = runs_take(model.runs, &batch);
    if (failed(e))
        print_error("%s (%u)\n", e.why, e.at);
    assert_false(failed(e));
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(fates[i], wanted[i]);
}

static void sync_all(void)
{
    err e = runs_sync(model.runs);
    if (failed(e))
        print_error("%s (%u)\n", e.why, e.at);
    assert_false(failed(e));
    for (uint32_t i = 0; i < model.count; i++)
        model.sent[i].is_synced = true;
}

/* --- what is there --- */

static void expect_same(const struct transfer *t, const struct sent *s)
{
    assert_true(str_equal(t->id, s->t.id));
    assert_true(str_equal(t->from, s->t.from));
    assert_true(str_equal(t->to, s->t.to));
    assert_true(str_equal(t->from_bank, s->t.from_bank));
    assert_int_equal(t->time_ms, s->t.time_ms);
    assert_int_equal(t->amount_minor, s->t.amount_minor);
    assert_int_equal(t->status, s->t.status);
    assert_int_equal(t->exit, s->t.exit);
    assert_int_equal(t->has_seq, s->t.has_seq);
    assert_int_equal(t->seq, s->t.seq);
    assert_int_equal(t->has_balance, s->t.has_balance);
    assert_int_equal(t->balance_minor, s->t.balance_minor);
    assert_string_equal(t->currency, s->t.currency);
}

static void expect_one(const struct sent *s)
{
    struct arena a;
    uint32_t ordinals[4];
    size_t count = 0;
    struct transfer t;
    arena_init(&a, 1 << 20);
    assert_false(failed(runs_ask_transfers(model.runs, s->t.id, ordinals, 4, &count)));
    assert_int_equal(count, 1);
    assert_false(failed(runs_ask_details(model.runs, ordinals[0], &a, &t)));
    expect_same(&t, s);
    assert_false(failed(runs_reader_details(model.reader, ordinals[0], &a, &t)));
    expect_same(&t, s);
    struct runs_seat seat;
    struct trail_ref ref;
    runs_enter(model.runs, &seat);
    assert_false(failed(runs_ask_place(model.runs, &seat, ordinals[0], &ref)));
    assert_int_equal(row_amount(trail_row_at(seat.view, ref)), s->t.amount_minor);
    if (s->t.has_balance)
        assert_int_equal(trail_run_balance(seat.view->runs[ref.run], ref.place),
                         s->t.balance_minor);
    runs_leave(model.runs, &seat);
    arena_done(&a);
}

/* Every row in one run, each run in order, sums by status as they should be. */
static void expect_view(void)
{
    struct runs_seat seat;
    int64_t wanted[TRANSFER_STATUS_COUNT] = {0};
    int64_t found[TRANSFER_STATUS_COUNT] = {0};
    uint32_t rows = 0;
    for (uint32_t i = 0; i < model.count; i++)
        wanted[model.sent[i].t.status] += model.sent[i].t.amount_minor;
    runs_enter(model.runs, &seat);
    for (uint32_t i = 0; i < seat.view->run_count; i++) {
        const struct trail_run *run = seat.view->runs[i];
        assert_false(failed(trail_run_check(run)));
        rows += run->count;
        for (uint32_t k = 0; k < run->count; k++)
            found[trail_status(&seat.view->amends, run, k)] += row_amount(&run->rows[k]);
    }
    runs_leave(model.runs, &seat);
    assert_int_equal(rows, model.count);
    for (unsigned i = 0; i < TRANSFER_STATUS_COUNT; i++)
        assert_int_equal(found[i], wanted[i]);
}

static void expect_all(uint32_t step)
{
    expect_view();
    assert_false(failed(runs_reader_make(model.runs, &model.reader)));
    for (uint32_t i = 0; i < model.count; i += step)
        expect_one(&model.sent[i]);
    runs_reader_done(model.reader);
}

/* Rows that were taken with these ids, from "0" on, lie in the journal in this order. */
static void expect_many(const struct transfer *rows)
{
    struct arena a;
    arena_init(&a, 16 << 20);
    assert_false(failed(runs_reader_make(model.runs, &model.reader)));
    for (uint32_t i = 0; i < MANY; i++) {
        struct transfer t;
        arena_reset(&a);
        assert_false(failed(runs_reader_details(model.reader, i, &a, &t)));
        assert_true(str_equal(t.id, rows[i].id));
        assert_true(str_equal(t.from, rows[i].from));
        assert_int_equal(t.amount_minor, rows[i].amount_minor);
    }
    runs_reader_done(model.reader);
    arena_done(&a);
}

/* --- the tests --- */

static void whatever_happens(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        begin(seed, TAIL_ROWS);
        open_runs();
        for (int step = 0; step < 60; step++) {
            send();
            if (draw(3) == 0)
                assert_false(failed(runs_tend(model.runs, 1700000000000 + INT64_C(20) * 86400000 *
                                                                              (int64_t)draw(20))));
            if (draw(3) > 0)
                continue;
            sync_all();
            expect_view();
            if (draw(4) == 0)
                reopen();
        }
        sync_all();
        expect_all(5);
        reopen();
        expect_all(5);
        runs_close(model.runs);
    }
}

static void damage_byte(const char *prefix)
{
    char path[2 * FILE_PATH_BYTES] = "";
    DIR *d = opendir(model.folder);
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d))
        if (strncmp(e->d_name, prefix, strlen(prefix)) == 0)
            (void)snprintf(path, sizeof path, "%s/%s", model.folder, e->d_name);
    (void)closedir(d);
    assert_true(path[0] != '\0');
    int fd = open(path, O_RDWR | O_CLOEXEC);
    off_t size = lseek(fd, 0, SEEK_END);
    char byte = 0;
    assert_int_equal(pread(fd, &byte, 1, size / 2), 1);
    byte = (char)(byte ^ 0x10);
    assert_int_equal(pwrite(fd, &byte, 1, size / 2), 1);
    (void)close(fd);
}

/* Every file whose name begins so; how many there are. */
static int each_file(const char *prefix, void (*visit)(const char *path))
{
    char path[2 * FILE_PATH_BYTES];
    int count = 0;
    DIR *d = opendir(model.folder);
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (strncmp(e->d_name, prefix, strlen(prefix)) != 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", model.folder, e->d_name);
        visit(path);
        count++;
    }
    (void)closedir(d);
    return count;
}

static void make_older(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "YUMENTR1", 8, 0), 8);
    (void)close(fd);
}

static void expect_newer(const char *path)
{
    char magic[8];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, magic, sizeof magic), sizeof magic);
    assert_memory_equal(magic, "YUMENTR2", sizeof magic);
    (void)close(fd);
}

/* A store of the first form: its runs are made again, and nothing of the old ones stays. */
static void an_older_form_is_made_again(void **state)
{
    (void)state;
    begin(43, TAIL_ROWS);
    open_runs();
    for (int i = 0; i < 30; i++)
        send();
    sync_all();
    runs_close(model.runs);
    char stray[2 * FILE_PATH_BYTES];
    (void)snprintf(stray, sizeof stray, "%s/run-00ffffff", model.folder);
    int fd = open(stray, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    (void)close(fd);
    assert_true(each_file("run-", make_older) > 2);
    open_runs();
    expect_all(7);
    runs_close(model.runs);
    assert_true(each_file("run-", expect_newer) > 2);
    assert_int_not_equal(access(stray, F_OK), 0);
}

/* All but the journal is made again. */
static void damage_is_mended(void **state)
{
    (void)state;
    static const char *const files[] = {"manifest", "run-", "ids-", "accounts-"};
    begin(42, TAIL_ROWS);
    open_runs();
    for (int i = 0; i < 30; i++)
        send();
    sync_all();
    runs_close(model.runs);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        damage_byte(files[i]);
        open_runs();
        expect_all(20);
        runs_close(model.runs);
    }
    damage_byte("journal-");
    struct runs_options options = {.folder = model.folder, .tail_rows = model.tail_rows};
    err e = runs_open(&options, &model.runs);
    if (!failed(e)) { /* it was the end of the live segment: cut, and nothing else is gone */
        struct runs_counts counts;
        runs_ask_counts(model.runs, &counts);
        assert_true(counts.transfers <= model.count);
        runs_close(model.runs);
    }
}

/* A journal cut anywhere: what comes before the cut is there, and the store goes on. */
static void torn_anywhere(void **state)
{
    (void)state;
    begin(7, RUNS_BATCH_ROWS);
    open_runs();
    for (int i = 0; i < 4; i++) {
        send();
        sync_all();
    }
    runs_close(model.runs);
    char path[2 * FILE_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/journal-00000001", model.folder);
    int64_t size = 0;
    assert_false(failed(file_size(path, &size)));
    uint64_t before = UINT64_MAX;
    for (int64_t end = size; end >= 0; end -= end < 60 ? 1 : 1 + (int64_t)draw(97)) {
        assert_int_equal(truncate(path, end), 0);
        open_runs();
        struct runs_counts counts;
        runs_ask_counts(model.runs, &counts);
        assert_true(counts.transfers <= before);
        before = counts.transfers;
        runs_close(model.runs);
    }
    assert_int_equal(before, 0);
    model.count = 0;
    open_runs();
    send();
    sync_all();
    reopen();
    expect_all(1);
    runs_close(model.runs);
}

/* The disk is full just when a segment begins: it is begun again, and has a header then. */
static void full_when_it_begins(void **state)
{
    (void)state;
    static const enum fault_kind kinds[] = {FAULT_OPEN, FAULT_FULL, FAULT_SHORT, FAULT_WRITE,
                                            FAULT_SYNC};
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        begin(200 + k, RUNS_BATCH_ROWS);
        open_runs();
        uint8_t fate = RUNS_CONFLICT;
        struct sent *s = draw_new();
        struct runs_batch batch = {
            .rows = &s->t, .count = 1, .scope = UINT32_MAX - 3, .ret_fates = &fate};
        env_fault_at(kinds[k], 1);
        assert_true(failed(runs_take(model.runs, &batch)));
        env_fault_clear();
        assert_false(failed(runs_take(model.runs, &batch)));
        assert_int_equal(fate, RUNS_ACCEPTED);
        model.count++;
        send();
        sync_all();
        reopen();
        expect_all(1);
        runs_close(model.runs);
    }
}

/* More than the helper packs at a time, with a disk that fails while it does: what was taken is
 * there, in order, and what was put is packed once. */
static void many_are_packed(void **state)
{
    (void)state;
    static const enum fault_kind kinds[] = {FAULT_FULL, FAULT_SHORT, FAULT_SYNC, FAULT_WRITE};
    static struct transfer rows[MANY];
    static uint8_t fates[MANY];
    static char ids[MANY][12];
    for (uint32_t i = 0; i < MANY; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "%u", i);
        rows[i] = (struct transfer){.id = str_from_c(ids[i]),
                                    .from = i % 3 == 0 ? STR("a") : STR("b"),
                                    .to = STR("c"),
                                    .time_ms = 1700000000000 + i,
                                    .amount_minor = 1 + i,
                                    .status = TRANSFER_BOOKED,
                                    .currency = "CNY"};
    }
    const struct runs_batch batch = {.rows = rows, .count = MANY, .scope = 1, .ret_fates = fates};
    for (size_t k = 0; k <= COUNT_OF(kinds); k++) {
        begin(300 + k, RUNS_BATCH_ROWS);
        open_runs();
        assert_false(failed(runs_take(model.runs, &batch)));
        runs_close(model.runs); /* while it packs; nothing was promised */
        open_runs();
        assert_false(failed(runs_take(model.runs, &batch)));
        if (k < COUNT_OF(kinds)) {
            env_fault_at(kinds[k], 1);
            assert_true(failed(runs_sync(model.runs)));
            env_fault_clear();
        }
        assert_false(failed(runs_sync(model.runs)));
        runs_close(model.runs);
        open_runs();
        expect_many(rows);
        runs_close(model.runs);
    }
}

static void full_disk(void **state)
{
    (void)state;
    static const enum fault_kind kinds[] = {FAULT_FULL, FAULT_SHORT, FAULT_SYNC, FAULT_WRITE};
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        begin(100 + k, RUNS_BATCH_ROWS);
        open_runs();
        send();
        sync_all();
        send();
        env_fault_at(kinds[k], 1);
        assert_true(failed(runs_sync(model.runs)));
        env_fault_clear();
        send();
        sync_all();
        expect_all(1);
        reopen();
        expect_all(1);
        runs_close(model.runs);
    }
}

static void what_banks_say(void **state)
{
    (void)state;
    begin(9, TAIL_ROWS);
    open_runs();
    send();
    struct account_facts f = {.account = STR("6222000000000001"), .bank = STR("first")};
    assert_false(failed(runs_take_account(model.runs, &f)));
    f.bank = STR("second");
    f.company = STR("91620000MA71XXXX0X");
    assert_false(failed(runs_take_account(model.runs, &f)));
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5; i++)
            send();
        sync_all();
        struct arena a;
        struct account_facts back;
        uint32_t account = 0;
        arena_init(&a, 1 << 20);
        assert_false(failed(runs_ask_account(model.runs, f.account, &account)));
        err e = runs_ask_facts(model.runs, account, &a, &back);
        if (failed(e))
            print_error("%s (%u)\n", e.why, e.at);
        assert_false(failed(e));
        assert_true(str_equal(back.bank, STR("second")));
        assert_true(str_equal(back.company, f.company));
        assert_int_equal(runs_ask_facts(model.runs, account + 1, &a, &back).code, ERR_ABSENT);
        arena_done(&a);
        reopen();
    }
    runs_close(model.runs);
}

/* --- all that banks say of accounts --- */

enum { REGISTER_MOST = 300 };

/* What was said last of account i is that it is of outlet said[i]; 0: nothing was. */
struct register_model {
    int said[REGISTER_MOST];
    int seen[REGISTER_MOST];
};

static int number_in(str text, size_t from)
{
    char room[TEXT_MOST] = {0};
    assert_true(text.size > from && text.size < sizeof room);
    memcpy(room, text.at + from, text.size - from);
    return (int)strtol(room, NULL, 10);
}

static err see_account(void *self, const struct account_facts *facts)
{
    struct register_model *m = self;
    int i = number_in(facts->account, sizeof "BKA:" - 1);
    assert_in_range(i, 0, REGISTER_MOST - 1);
    assert_int_equal(number_in(facts->outlet, 0), m->said[i]);
    m->seen[i]++;
    return OK;
}

static void say_some(struct register_model *m, int count)
{
    char key[TEXT_MOST];
    char outlet[TEXT_MOST];
    for (int k = 0; k < count; k++) {
        int i = (int)draw(REGISTER_MOST);
        m->said[i] = 1 + (int)draw(1000);
        (void)snprintf(key, sizeof key, "BKA:%d", i);
        (void)snprintf(outlet, sizeof outlet, "%d", m->said[i]);
        struct account_facts f = {.account = str_from_c(key), .outlet = str_from_c(outlet)};
        assert_false(failed(runs_take_account(model.runs, &f)));
    }
}

/* Each account once, by its last word; whatever lies between, in one block or in many. */
static void the_register_is_what_was_said_last(void **state)
{
    static struct register_model m;
    (void)state;
    begin(12, TAIL_ROWS);
    open_runs();
    m = (struct register_model){0};
    assert_false(failed(runs_ask_register(model.runs, see_account, &m)));
    for (int round = 0; round < 12; round++) {
        say_some(&m, round % 3 == 0 ? 3 : 150);
        for (int i = 0; i < 4; i++)
            send();
        sync_all();
        memset(m.seen, 0, sizeof m.seen);
        assert_false(failed(runs_ask_register(model.runs, see_account, &m)));
        for (int i = 0; i < REGISTER_MOST; i++)
            assert_int_equal(m.seen[i], m.said[i] != 0);
        if (round % 4 == 3)
            reopen();
    }
    runs_close(model.runs);
}

static void in_memory(void **state)
{
    (void)state;
    begin(5, MODEL_MOST);
    struct runs_options options = {.tail_rows = MODEL_MOST};
    assert_false(failed(runs_open(&options, &model.runs)));
    for (int i = 0; i < 20; i++) {
        send();
        sync_all();
    }
    expect_all(1);
    runs_close(model.runs);
}

static void retention_forgets(void **state)
{
    (void)state;
    begin(8, TAIL_ROWS);
    open_runs();
    for (int i = 0; i < 20; i++)
        send();
    sync_all();
    runs_close(model.runs);
    struct runs_options options = {
        .folder = model.folder, .tail_rows = TAIL_ROWS, .keep_ms = INT64_C(86400000)};
    assert_false(failed(runs_open(&options, &model.runs)));
    struct runs_counts before;
    runs_ask_counts(model.runs, &before);
    struct runs_counts after = before;
    while (after.runs > 0) { /* also what was not sealed: it is, once it is all too old */
        assert_false(failed(runs_tend(model.runs, 1900000000000)));
        runs_ask_counts(model.runs, &after);
        env_nap_us(1000);
    }
    assert_true(after.disk_bytes < before.disk_bytes / 2);
    uint32_t ordinal = 0;
    size_t count = 0;
    assert_int_equal(runs_ask_transfers(model.runs, model.sent[0].t.id, &ordinal, 1, &count).code,
                     ERR_ABSENT);
    runs_close(model.runs);
    err e = runs_open(&options, &model.runs);
    if (failed(e))
        print_error("%s (%u)\n", e.why, e.at);
    assert_false(failed(e));
    runs_close(model.runs);
}

/* --- asked meanwhile --- */

struct asker {
    struct env_flag stopping;
    uint64_t seen;
};

static void ask_on(void *self)
{
    struct asker *a = self;
    struct arena arena;
    struct reach reach;
    arena_init(&arena, 64 << 20);
    assert_false(failed(reach_init(&reach, &arena, 1 << 16)));
    while (!env_flag_is_up(&a->stopping)) {
        struct runs_seat seat;
        struct reach_settings settings = {.layers = 4, .first = 5, .window_ms = 86400000};
        struct reach_start start = {.account = 3, .time_ms = 1699999999000};
        uint32_t ordinals[4];
        size_t count = 0;
        uint64_t rows = 0;
        runs_enter(model.runs, &seat);
        for (uint32_t i = 0; i < seat.view->run_count; i++)
            rows += seat.view->runs[i]->count;
        assert_true(rows >= a->seen);
        a->seen = rows;
        assert_false(failed(reach_ask(&reach, seat.view, &settings, &start, 1)));
        runs_leave(model.runs, &seat);
        err e = runs_ask_transfers(model.runs, STR("7"), ordinals, COUNT_OF(ordinals), &count);
        assert_true(!failed(e) || e.code == ERR_ABSENT);
    }
    arena_done(&arena);
}

static void asked_meanwhile(void **state)
{
    (void)state;
    static struct asker asker;
    struct env_thread thread = {0};
    begin(77, TAIL_ROWS);
    open_runs();
    assert_false(failed(env_thread_start(&thread, "asker", ask_on, &asker)));
    for (int step = 0; step < 40; step++) {
        send();
        sync_all();
        assert_false(failed(runs_tend(model.runs, 1700000000000 + ((int64_t)step << 31))));
    }
    env_flag_raise(&asker.stopping);
    env_thread_join(&thread);
    expect_all(7);
    runs_close(model.runs);
}

static int clean_up(void **state)
{
    (void)state;
    clear_folder();
    return rmdir(model.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens),
        cmocka_unit_test(damage_is_mended),
        cmocka_unit_test(an_older_form_is_made_again),
        cmocka_unit_test(torn_anywhere),
        cmocka_unit_test(full_when_it_begins),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(many_are_packed),
        cmocka_unit_test(what_banks_say),
        cmocka_unit_test(the_register_is_what_was_said_last),
        cmocka_unit_test(in_memory),
        cmocka_unit_test(retention_forgets),
        cmocka_unit_test(asked_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, clean_up);
}
