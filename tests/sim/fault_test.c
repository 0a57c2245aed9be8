/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever the disk refuses, and wherever the power goes, an operation happened whole or not
 * at all; what was told to be done is done; and once the disk has room the same handle goes on.
 * Method: each operation, from the same file, with the 1st, 2nd, 3rd ... write, sync or truncation
 * failing, once or from then on, until it runs untouched; then the same with writes that stop half
 * way in a child process that ends there. Afterwards every row of every table is as it was before
 * or as it is after, which is known from a run without faults; the ledger is replayed, timers,
 * outbox and zone are held against the rows. YUMEN_FAULTS=all tries every place, else some of the
 * later ones are left out.
 */
#include "env/fault.h"
#include "env/vfs.h"
#include "store/sweep.h"
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SMALL = 12, STRIDE = 13, EXIT_TORN = 99, EXIT_FAILED = 98, BATCH_ROWS = 20 };
enum { TAKEN = 45 }; /* more than one statement of many rows, and a rest */

static struct trial base;  /* the file each run starts from */
static struct trial trial; /* the one that is ill-treated */

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

/* --- operations: each one transaction --- */

static err propose(struct trial *t)
{
    struct command cmd = trial_proposal(t, "NEW", "new.example.com");
    return trial_apply(t, &cmd);
}

static err approve(struct trial *t)
{
    return trial_act(t, ACT_LISTING_APPROVE, "PROPOSED", "bob");
}

static err lift(struct trial *t)
{
    return trial_act(t, ACT_LISTING_LIFT, "RUNNING", "ann");
}

static err file_appeal(struct trial *t)
{
    struct command cmd = {.act = ACT_APPEAL_FILE, .actor = trial_public, .record = STR("REF2")};
    cmd.body.appeal = (struct appeal){
        .listing = STR("RUNNING"),
        .statement = STR("we sell tea"),
        .name = STR("Li"),
        .secret = STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")};
    return trial_apply(t, &cmd);
}

static err grant(struct trial *t)
{
    return trial_act(t, ACT_APPEAL_GRANT, "REF1", "sue");
}

static err erase(struct trial *t)
{
    int fired = 0;
    t->at = instant_add_us(t->at, 95 * US_PER_DAY);
    return trial_fire(t, t->at, &fired);
}

static err take_batch_row(struct trial *t, int row)
{
    char *id = arena_make(&t->turn, 32);
    char *domain = arena_make(&t->turn, 32);
    struct sql_row *r = NULL;
    snprintf(id, 32, "ROW%02d", row);
    snprintf(domain, 32, "row%02d.example.net", row);
    struct command cmd = trial_proposal(t, id, domain);
    cmd.body.listing.batch = STR("BATCH");
    TRY(store_apply(t->store, &cmd, t->at, &t->turn, NULL));
    TRY(sql_ask(store_sql(t->store),
                "INSERT INTO feed_seen (\"identity\", \"batch\") VALUES ($1, 'BATCH')", &r));
    sql_bind_str(r, 1, cmd.record);
    return sql_finish(&r);
}

static err take_batch(struct trial *t)
{
    struct command cmd = {
        .act = ACT_BATCH_OPEN, .actor = trial_staff("fay"), .record = STR("BATCH")};
    cmd.body.batch = (struct batch){.feed = STR("listings"), .source = STR("trial")};
    TRY(store_apply(t->store, &cmd, t->at, &t->turn, NULL));
    for (int row = 0; row < BATCH_ROWS; row++)
        TRY(take_batch_row(t, row));
    TRY(sql_run(store_sql(t->store), "INSERT INTO batch_reject VALUES ('BATCH', 99, 0, 'value',"
                                     " 'domain.malformed', '{}', 1)"));
    cmd.act = ACT_BATCH_CLOSE;
    cmd.body.batch = (struct batch){.accepted = BATCH_ROWS, .refused = 1};
    return store_apply(t->store, &cmd, t->at, &t->turn, NULL);
}

/* Leaves, tiles that become full, a head: the base stands just below a full tile. */
static err batch(struct trial *t)
{
    TRY(store_begin(t->store));
    err e = take_batch(t);
    if (!failed(e))
        return store_commit(t->store, t->at);
    store_rollback(t->store);
    return e;
}

static err take_members(struct trial *t, const char *const ids[TAKEN])
{
    struct member *members = arena_make_array(&t->turn, TAKEN, sizeof *members);
    for (size_t i = 0; i < TAKEN; i++) {
        struct command *cmd = &members[i].command;
        char *domain = arena_make(&t->turn, 32);
        snprintf(domain, 32, "taken%02zu.example.net", i);
        *cmd = (struct command){.act = ACT_LISTING_ENTER, .actor = trial_staff("ann")};
        cmd->record = str_from_c(ids[i]);
        cmd->body.listing.source_id = STR("LIST");
        cmd->body.listing.value = cmd->body.listing.display = str_from_c(domain);
        cmd->body.listing.match = MATCH_SUFFIX;
    }
    TRY(store_apply_many(t->store, STR("LIST"), members, TAKEN, t->at));
    for (size_t i = 0; i < TAKEN; i++)
        TRY(members[i].outcome);
    return OK;
}

/* Entries of a list, many rows a statement. `again` has the id of `first`, unless they are one. */
static err take_ids(struct trial *t, size_t first, size_t again)
{
    const char *ids[TAKEN];
    for (size_t i = 0; i < TAKEN; i++) {
        char *id = arena_make(&t->turn, 32);
        snprintf(id, 32, "TAKEN%02zu", i == again ? first : i);
        ids[i] = id;
    }
    TRY(store_begin(t->store));
    err e = take_members(t, ids);
    if (!failed(e))
        return store_commit(t->store, t->at);
    store_rollback(t->store);
    return e;
}

static err take(struct trial *t)
{
    return take_ids(t, 0, 0);
}

static err deliver(struct trial *t)
{
    return trial_deliver(t);
}

static err sweep(struct trial *t)
{
    return store_sweep(t->store, instant_add_us(t->at, 200 * US_PER_DAY));
}

static const struct {
    const char *name;
    err (*run)(struct trial *t);
} operations[] = {
    {"propose", propose    },
    {"approve", approve    },
    {"lift",    lift       },
    {"appeal",  file_appeal},
    {"grant",   grant      },
    {"erase",   erase      },
    {"batch",   batch      },
    {"take",    take       },
    {"deliver", deliver    },
    {"sweep",   sweep      },
};

/* --- the file they start from --- */

static void listed(struct trial *t, const char *id, const char *domain, unsigned match)
{
    struct command cmd = trial_proposal(t, id, domain);
    cmd.body.listing.match = match;
    must(trial_apply(t, &cmd));
    must(trial_act(t, ACT_LISTING_APPROVE, id, "bob"));
}

static void sourced(struct trial *t)
{
    struct command some = trial_proposal(t, "LIST", "");
    struct command cmd = {
        .act = ACT_SOURCE_PROPOSE, .actor = trial_staff("ann"), .record = STR("LIST")};
    cmd.body.source = (struct source){.name = STR("list"),
                                      .kind = INDICATOR_DOMAIN,
                                      .match = MATCH_SUFFIX,
                                      .reason = some.body.listing.reason,
                                      .basis = some.body.listing.basis,
                                      .licence = STR("MIT"),
                                      .origin = STR("a test"),
                                      .evidence = STR("seen"),
                                      .notice = STR("blocked"),
                                      .rpz = STR("nxdomain"),
                                      .shrink_milli = 200,
                                      .grow_milli = 500,
                                      .term_us = 30 * US_PER_DAY};
    must(trial_apply(t, &cmd));
    must(trial_act(t, ACT_SOURCE_APPROVE, "LIST", "bob"));
}

/* Up to just below a full tile, under one head. */
static void fill(struct trial *t)
{
    must(store_begin(t->store));
    while (store_leaf_count(t->store) < 250) {
        struct command read = {.act = ACT_LISTING_READ,
                               .actor = trial_staff("bob"),
                               .record = STR("PROPOSED"),
                               .why = STR("looking")};
        must(store_apply(t->store, &read, t->at, &t->turn, NULL));
    }
    must(store_commit(t->store, t->at));
}

static int make_base(void **state)
{
    (void)state;
    must(vfs_register());
    trial_init(&base, "fault-base", 1);
    must(trial_open(&base));
    struct command cmd = trial_proposal(&base, "PROPOSED", "proposed.example.com");
    must(trial_apply(&base, &cmd));
    listed(&base, "RUNNING", "running.example.com", MATCH_SUFFIX);
    listed(&base, "ENDED", "ended.example.com", MATCH_EXACT);
    must(trial_act(&base, ACT_LISTING_LIFT, "ENDED", "ann"));
    sourced(&base);
    must(trial_deliver(&base));
    listed(&base, "WAITING", "waiting.example.com", MATCH_SUFFIX); /* for the zone */
    struct command file = {.act = ACT_APPEAL_FILE, .actor = trial_public, .record = STR("REF1")};
    file.body.appeal =
        (struct appeal){.listing = STR("RUNNING"), .statement = STR("that is my shop")};
    must(trial_apply(&base, &file));
    must(sql_run(store_sql(base.store), "DELETE FROM outbox WHERE topic = 'stream'"));
    fill(&base);
    const char *fault = trial_check(&base);
    if (fault != NULL)
        fail_msg("the base: %s", fault);
    trial_close(&base); /* folds the log into the file */
    trial_init(&trial, "fault", 2);
    trial.layer = VFS_FAULT_NAME;
    return 0;
}

static int drop_base(void **state)
{
    (void)state;
    trial_done(&trial);
    trial_done(&base);
    return 0;
}

static void start_again(void)
{
    trial_close(&trial);
    trial_remove(&trial);
    trial_copy(&base, &trial);
    trial.at = base.at;
    must(trial_open(&trial));
    /* so that nearly every commit also folds the log into the file */
    must(sql_run(store_sql(trial.store), "PRAGMA wal_autocheckpoint=8"));
}

struct states {
    struct digest before;
    struct digest after;
};

static struct states states_of(size_t op)
{
    struct states s;
    start_again();
    s.before = trial_fingerprint(&trial);
    must(operations[op].run(&trial));
    s.after = trial_fingerprint(&trial);
    if (digest_equal(&s.before, &s.after))
        fail_msg("%s changes nothing", operations[op].name);
    return s;
}

/* --- what must hold afterwards --- */

static void check(const char *place)
{
    const char *fault = trial_check(&trial);
    if (fault != NULL)
        fail_msg("%s: %s", place, fault);
}

static void check_state(const struct states *s, bool was_told, const char *place)
{
    struct digest now = trial_fingerprint(&trial);
    bool is_after = digest_equal(&now, &s->after);
    if (!is_after && !digest_equal(&now, &s->before))
        fail_msg("%s: half done", place);
    if (was_told != is_after)
        fail_msg("%s: %s", place, was_told ? "told, but not done" : "refused, but done");
}

/* Goal: the same handle works once the disk has room, and the zone comes right. */
static void go_on(const char *place)
{
    struct command later = trial_proposal(&trial, "LATER", "later.example.com");
    struct listing found;
    err e = trial_apply(&trial, &later);
    if (failed(e))
        fail_msg("%s: the handle is of no use afterwards: %s", place, e.why);
    trial_close(&trial);
    must(trial_open(&trial));
    if (!trial_listing(&trial, "LATER", &found))
        fail_msg("%s: what was accepted afterwards is gone", place);
    check(place);
    int fired = 0;
    must(trial_fire(&trial, trial.at, &fired));
    must(trial_deliver(&trial));
    const char *fault = trial_check_zone(&trial);
    if (fault != NULL)
        fail_msg("%s: %s", place, fault);
}

/* --- refusals --- */

static const struct {
    enum fault_kind kind;
    const char *name;
    bool is_lasting;
} troubles[] = {
    {FAULT_VFS_FULL,     "full once",          false},
    {FAULT_VFS_FULL,     "full from then on",  true },
    {FAULT_VFS_WRITE,    "write fails",        false},
    {FAULT_VFS_SYNC,     "sync fails",         false},
    {FAULT_VFS_SYNC,     "syncs fail",         true },
    {FAULT_VFS_TRUNCATE, "truncation fails",   false},
    {FAULT_VFS_TEAR,     "write stops midway", false},
};

static uint64_t next_place(uint64_t n)
{
    const char *which = getenv("YUMEN_FAULTS");
    bool is_all = which != NULL && strcmp(which, "all") == 0;
    return n < SMALL || is_all ? n + 1 : n + STRIDE;
}

static bool run_refused(size_t op, size_t trouble, uint64_t n, const struct states *s)
{
    char place[128];
    snprintf(place, sizeof place, "%s, %s, call %u", operations[op].name, troubles[trouble].name,
             (unsigned)n);
    start_again();
    vfs_tear(n % 2 == 0 ? 0 : 100, VFS_TEAR_REFUSE);
    if (troubles[trouble].is_lasting)
        env_fault_from(troubles[trouble].kind, n);
    else
        env_fault_at(troubles[trouble].kind, n);
    err e = operations[op].run(&trial);
    bool was_hit = env_fault_seen(troubles[trouble].kind) >= n;
    env_fault_clear();
    if (failed(e) && (!was_hit || e.code != ERR_OS))
        fail_msg("%s: %s", place, e.why);
    check_state(s, !failed(e), place);
    go_on(place);
    return was_hit;
}

static void the_disk_refuses(void **state)
{
    (void)state;
    unsigned runs = 0;
    for (size_t op = 0; op < COUNT_OF(operations); op++) {
        struct states s = states_of(op);
        for (size_t trouble = 0; trouble < COUNT_OF(troubles); trouble++) {
            uint64_t n = 1;
            for (; run_refused(op, trouble, n, &s); n = next_place(n))
                runs++;
        }
    }
    print_message("%u operations refused somewhere\n", runs);
    assert_true(runs > 200);
}

/* --- the end, in the middle of a write --- */

static _Noreturn void child(size_t op, uint64_t n)
{
    start_again();
    vfs_tear((size_t)(n * 37 % 512), VFS_TEAR_EXIT);
    env_fault_at(FAULT_VFS_TEAR, n);
    err e = operations[op].run(&trial);
    bool was_hit = env_fault_seen(FAULT_VFS_TEAR) >= n;
    _exit(was_hit || failed(e) ? EXIT_FAILED : EXIT_SUCCESS); /* as at a power cut: no close */
}

static int run_child(size_t op, uint64_t n)
{
    int status = 0;
    trial_close(&trial);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(op, n);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static bool run_torn(size_t op, uint64_t n, const struct states *s)
{
    char place[128];
    snprintf(place, sizeof place, "%s, the power goes at write %u", operations[op].name,
             (unsigned)n);
    int code = run_child(op, n);
    trial.at = instant_add_us(base.at, 95 * US_PER_DAY); /* late enough for all that is due */
    if (code != EXIT_TORN && code != EXIT_SUCCESS)
        fail_msg("%s: the child ended with %d", place, code);
    must(trial_open(&trial));
    struct digest now = trial_fingerprint(&trial);
    bool is_after = digest_equal(&now, &s->after);
    if (!is_after && !digest_equal(&now, &s->before))
        fail_msg("%s: half done", place);
    if (code == EXIT_SUCCESS && !is_after)
        fail_msg("%s: told, but not done", place);
    check(place);
    go_on(place);
    return code == EXIT_TORN;
}

static void the_power_goes(void **state)
{
    (void)state;
    unsigned runs = 0;
    for (size_t op = 0; op < COUNT_OF(operations); op++) {
        struct states s = states_of(op);
        for (uint64_t n = 1; run_torn(op, n, &s); n = next_place(n))
            runs++;
    }
    print_message("%u operations torn somewhere\n", runs);
    assert_true(runs > 50);
}

/* --- rows that cannot be --- */

/* Goal: one row of many that the database refuses takes all of them back, wherever it stands. */
static void one_of_many_cannot_be(void **state)
{
    static const size_t twins[][2] = {
        {0,  1 },
        {3,  31},
        {30, 32},
        {5,  44},
        {43, 44}
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(twins); i++) {
        char place[64];
        snprintf(place, sizeof place, "entries %zu and %zu are one", twins[i][0], twins[i][1]);
        start_again();
        struct digest before = trial_fingerprint(&trial);
        err e = take_ids(&trial, twins[i][0], twins[i][1]);
        if (e.code != ERR_CONFLICT)
            fail_msg("%s: %s", place, failed(e) ? e.why : "taken");
        struct digest now = trial_fingerprint(&trial);
        if (!digest_equal(&now, &before))
            fail_msg("%s: something stays", place);
        check(place);
        must(take(&trial));
        go_on(place);
    }
}

/* --- a centre that is being founded --- */

/* Goal: a first start that fails leaves a file that a second start makes whole. */
static void the_first_start_fails(void **state)
{
    (void)state;
    uint64_t n = 1;
    for (bool was_hit = true; was_hit; n = next_place(n)) {
        trial_close(&trial);
        trial_remove(&trial);
        env_fault_at(FAULT_VFS_FULL, n);
        err e = trial_open(&trial);
        was_hit = env_fault_seen(FAULT_VFS_FULL) >= n;
        env_fault_clear();
        if (failed(e) && !was_hit)
            fail_msg("open: %s", e.why);
        if (failed(e))
            must(trial_open(&trial));
        check("first start");
        go_on("first start");
    }
    assert_true(n > 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_disk_refuses),
        cmocka_unit_test(the_power_goes),
        cmocka_unit_test(one_of_many_cannot_be),
        cmocka_unit_test(the_first_start_fails),
    };
    return cmocka_run_group_tests_name("sim/fault", tests, make_base, drop_base);
}
