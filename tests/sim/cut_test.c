/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: wherever the disk or the power stops what is done about money, it happened whole or not at
 * all; what was told is there; what is done again afterwards gives the same bytes as if nothing had
 * happened; no letter is lost, and one that comes twice is the same letter; no fen is held, paid or
 * freed twice; the ledger proves.
 * Method: a story made from a seed, from reports over orders, receipts and lifts to rounds, shares
 * and suspicions. Each of its transactions is first done cleanly, which tells every row of every
 * table before and after, and counts what it writes. Then, from the same file, it is cut: by each
 * trouble at one place by lot, by a process that ends in the middle of a write, or at the bank's
 * door; and done again. Beside it stands a bank that no crash of ours undoes.
 *
 *     YUMEN_FAULTS=all                 at every place
 *     YUMEN_SEED=7, YUMEN_SEEDS=500    that story alone, or so many
 */
#include "cut_world.h"
#include "env/fault.h"
#include "env/vfs.h"
#include "kit/kit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEEDS = 2, EXIT_FAILED = 98, RETENTION_DAYS = 800, FREEZE = 4000 };
#define HOURS (60 * US_PER_MIN)

static struct cut_world world;
static struct cut_mail expected; /* what the clean deed brought to the bank */

/* --- files --- */

static void open_it(struct cut_world *w, struct trial *t)
{
    struct law_profile *law = &t->law;
    for (unsigned kind = 0; kind < ORDER_KIND_COUNT; kind++) {
        law->order_max_term_us[kind] = (kind == ORDER_FREEZE ? 180 * 24 : 48) * HOURS;
        law->order_max_repeats[kind] = 1;
    }
    law->emergency_min = law->escalate_min = 30;
    law->order_notice = STR("notice");
    law->report_retention_days = RETENTION_DAYS;
    law->refund_notice_days = 30;
    law->refund_review_days = law->refund_pay_days = 3;
    law->refund_approve_days = law->refund_close_days = 5;
    t->providers = &cut_providers;
    t->seed = w->seed * 1000 + w->step; /* so that doing it again draws the same */
    err e = trial_open(t);
    WELL(w, !failed(e), "the store does not open: %s", e.why);
    w->open = t;
    /* so that nearly every commit also folds the log into the file */
    e = sql_run(store_sql(t->store), "PRAGMA wal_autocheckpoint=8");
    WELL(w, !failed(e), "the store does not open: %s", e.why);
}

static void start_again(struct cut_world *w, const struct cut_deed *d)
{
    trial_close(&w->trial);
    trial_remove(&w->trial);
    trial_copy(&w->now, &w->trial);
    w->trial.at = d->at;
    w->mail->count = 0;
    open_it(w, &w->trial);
}

static void check(struct cut_world *w, const char *place)
{
    const char *fault = trial_check(&w->trial);
    WELL(w, fault == NULL, "%s: %s", place, fault);
}

/* --- letters --- */

static const struct cut_letter *letter_find(const struct cut_mail *mail, const char *key)
{
    for (int i = 0; i < mail->count; i++)
        if (strcmp(mail->at[i].key, key) == 0)
            return &mail->at[i];
    return NULL;
}

/* One key, one letter; and where it is off our list, it is there. */
static void check_mail(struct cut_world *w, bool is_off_list, const char *place)
{
    for (int i = 0; i < w->mail->count; i++) {
        const struct cut_letter *came = &w->mail->at[i];
        const struct cut_letter *meant = letter_find(&expected, came->key);
        WELL(w, meant != NULL, "%s: a letter %s that nobody means", place, came->key);
        WELL(w, digest_equal(&meant->bytes, &came->bytes), "%s: %s says something else", place,
             came->key);
    }
    for (int i = 0; i < expected.count && is_off_list; i++)
        WELL(w, letter_find(w->mail, expected.at[i].key) != NULL, "%s: the letter %s never came",
             place, expected.at[i].key);
}

/* --- one cut --- */

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

struct cutting {
    struct cut_world *w;
    const struct cut_deed *deed;
    struct digest before;
    struct digest after;
    uint64_t calls[FAULT_KIND_COUNT]; /* of the clean deed */
    char place[96];
};

static bool is_done(const struct cutting *c)
{
    struct digest now = trial_fingerprint(&c->w->trial);
    bool is_after = digest_equal(&now, &c->after);
    WELL(c->w, is_after || digest_equal(&now, &c->before), "%s: half done", c->place);
    return is_after;
}

/* Whoever was not told does it again: on the same handle, or after a start, when every byte is as
 * if nothing had happened. Whoever was told may say it again, where that is fine. */
static void do_again(const struct cutting *c, bool was_done, bool is_restarted)
{
    struct cut_world *w = c->w;
    if (is_restarted) {
        trial_close(&w->trial);
        open_it(w, &w->trial);
        WELL(w, is_done(c) == was_done, "%s: another store comes back", c->place);
    }
    if (!was_done || c->deed->is_again_fine) {
        err e = c->deed->run(w, c->deed);
        WELL(w, !failed(e), "%s: not again: %s", c->place, e.why);
    }
    if (was_done || is_restarted)
        WELL(w, is_done(c), "%s: done again, it is another", c->place);
    check(w, c->place);
    check_mail(w, true, c->place);
    w->cuts++;
}

static void cut_at(struct cutting *c, size_t trouble, uint64_t n)
{
    struct cut_world *w = c->w;
    enum fault_kind kind = troubles[trouble].kind;
    snprintf(c->place, sizeof c->place, "%s, call %u", troubles[trouble].name, (unsigned)n);
    start_again(w, c->deed);
    vfs_tear(n % 2 == 0 ? 0 : 100, VFS_TEAR_REFUSE);
    if (troubles[trouble].is_lasting)
        env_fault_from(kind, n);
    else
        env_fault_at(kind, n);
    err e = c->deed->run(w, c->deed);
    env_fault_clear();
    WELL(w, !failed(e) || e.code == ERR_OS, "%s: %s", c->place, e.why);
    bool was_done = is_done(c);
    WELL(w, was_done == !failed(e), "%s: %s", c->place,
         was_done ? "refused, but done" : "told, but not done");
    check_mail(w, was_done, c->place);
    do_again(c, was_done, n % 2 == 0);
}

/* Where a process ends: in the middle of a write, or at the bank's door. */
struct ending {
    uint64_t write;
    int letter;
};

static _Noreturn void child(struct cutting *c, const struct ending *ending)
{
    start_again(c->w, c->deed);
    c->w->mail->ends_before = ending->letter;
    vfs_tear((size_t)(ending->write * 37 % 512), VFS_TEAR_EXIT);
    if (ending->write > 0)
        env_fault_at(FAULT_VFS_TEAR, ending->write);
    err e = c->deed->run(c->w, c->deed);
    _exit(failed(e) ? EXIT_FAILED : EXIT_SUCCESS);
}

static void power_goes(struct cutting *c, const struct ending *ending)
{
    struct cut_world *w = c->w;
    int status = 0;
    snprintf(c->place, sizeof c->place, "the power goes at write %u, letter %d",
             (unsigned)ending->write, ending->letter);
    trial_close(&w->trial);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(c, ending);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    w->mail->ends_before = 0;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    WELL(w, code == CUT_EXIT || code == EXIT_SUCCESS, "%s: ended with %d", c->place, code);
    w->trial.at = c->deed->at;
    open_it(w, &w->trial);
    bool was_done = is_done(c);
    WELL(w, was_done || code == CUT_EXIT, "%s: told, but not done", c->place);
    check_mail(w, was_done, c->place);
    do_again(c, was_done, true);
}

static void cut(struct cutting *c)
{
    const char *which = getenv("YUMEN_FAULTS");
    bool is_all = which != NULL && strcmp(which, "all") == 0;
    for (size_t i = 0; i < COUNT_OF(troubles); i++) {
        uint64_t calls = c->calls[troubles[i].kind];
        uint64_t lot = calls == 0 ? 0 : 1 + random_below(&c->w->dice, calls);
        for (uint64_t n = 1; n <= calls; n++)
            if (is_all || n == lot)
                cut_at(c, i, n);
    }
    uint64_t writes = c->calls[FAULT_VFS_TEAR];
    uint64_t lot = 1 + random_below(&c->w->dice, writes);
    for (uint64_t n = 1; n <= writes + 1; n++) /* past the last: after all of them */
        if (is_all || n == lot || n == writes + 1)
            power_goes(c, &(struct ending){.write = n});
    for (int i = 1; i <= expected.count; i++)
        power_goes(c, &(struct ending){.letter = i});
}

/* --- what must hold between deeds --- */

/* clang-format off */
static const struct {
    const char *what;
    const char *query; /* finds what should not be there; $1 is empty */
} wrong[] = {
    {"a report whose pledge is not the sum of its orders'",
     "SELECT id FROM report r WHERE id <> $1 AND (pledged > loss OR pledged <> (SELECT"
     " coalesce(sum(bound), 0) FROM \"order\" o WHERE o.report = r.id AND o.state IN ('approved',"
     " 'sent', 'acknowledged', 'executed', 'partial', 'lifting')))"                       },
    {"a claim that got what its shares do not say, or more than it lost",
     "SELECT id FROM claim c WHERE id <> $1 AND (returned > amount OR returned <> (SELECT"
     " coalesce(sum(amount), 0) FROM share s WHERE s.claim = c.id AND s.state = 'paid'))"  },
    {"a round that counts otherwise than its shares",
     "SELECT id FROM round r WHERE id <> $1 AND returned <> (SELECT coalesce(sum(amount), 0) FROM"
     " share s WHERE s.round = r.id AND s.state = 'paid')"                                 },
    {"a receipt, or an order, without its leaf",
     "SELECT id FROM (SELECT id FROM receipt UNION ALL SELECT id FROM \"order\") q WHERE id <> $1"
     " AND NOT EXISTS (SELECT 1 FROM ledger_leaf g WHERE g.record = q.id)"                 },
    {"a receipt that was taken twice",
     "SELECT \"key\" FROM receipt WHERE \"key\" <> $1 GROUP BY 1 HAVING count(*) > 1"      },
};
/* clang-format on */

static void check_now(struct cut_world *w)
{
    const char *fault = trial_check(&w->now);
    WELL(w, fault == NULL, "%s", fault);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        str found = cut_text(w, wrong[i].query, "");
        WELL(w, str_is_empty(found), "%s: %.*s", wrong[i].what, STR_ARGS(found));
    }
}

/* Nothing is under way: what the store says is what the bank's book says, to the fen. */
static void check_book(struct cut_world *w)
{
    int64_t held = 0;
    int64_t paid = 0;
    for (int i = 0; i < w->order_count; i++) {
        const struct cut_held *h = &w->orders[i];
        int64_t said = cut_ask(w,
                               "SELECT CASE WHEN state IN ('executed', 'partial') THEN held ELSE"
                               " 0 END FROM \"order\" WHERE id = $1",
                               h->id);
        held += h->held;
        WELL(w, said == h->held, "%s: the bank holds %lld, we say %lld", h->id, (long long)h->held,
             (long long)said);
    }
    for (int i = 0; i < w->paid_count; i++)
        paid += w->paid[i].amount;
    WELL(w, cut_ask(w, "SELECT coalesce(sum(returned), 0) FROM claim WHERE id <> $1", "") == paid,
         "the bank paid %lld", (long long)paid);
    WELL(w, w->placed == held + w->freed + paid, "placed %lld, held %lld, freed %lld, paid %lld",
         (long long)w->placed, (long long)held, (long long)w->freed, (long long)paid);
}

/* --- one deed --- */

static void arm_to_count(void)
{
    env_fault_clear();
    for (size_t i = 0; i < COUNT_OF(troubles); i++)
        env_fault_at(troubles[i].kind, UINT64_MAX);
}

static void do_cleanly(struct cutting *c)
{
    struct cut_world *w = c->w;
    start_again(w, c->deed);
    c->before = trial_fingerprint(&w->trial);
    arm_to_count();
    err e = c->deed->run(w, c->deed);
    for (size_t i = 0; i < COUNT_OF(troubles); i++)
        c->calls[troubles[i].kind] = env_fault_seen(troubles[i].kind);
    env_fault_clear();
    WELL(w, !failed(e), "%s", e.why);
    c->after = trial_fingerprint(&w->trial);
    expected = *w->mail;
    trial_close(&w->trial);
    trial_remove(&w->next);
    trial_copy(&w->trial, &w->next);
}

/* Cleanly, then cut, then the story goes on from what came of it cleanly. */
static void act(struct cut_world *w, struct cut_deed *d)
{
    struct cutting c = {.w = w, .deed = d};
    w->step++;
    w->name = d->name;
    d->at = d->at.us == 0 ? instant_add_us(w->now.at, US_PER_S) : d->at;
    trial_close(&w->now);
    do_cleanly(&c);
    if (digest_equal(&c.before, &c.after)) {
        WELL(w, d->is_again_fine, "nothing changes");
    } else {
        cut(&c);
    }
    trial_remove(&w->now);
    trial_copy(&w->next, &w->now);
    w->now.at = d->at;
    open_it(w, &w->now);
    check_now(w);
}

/* --- the story --- */

static struct command command(struct cut_world *w, enum act what, const char *who, const char *id)
{
    return (struct command){.act = what,
                            .actor = cut_person(who),
                            .record = cut_keep(w, str_from_c(id)),
                            .why = STR("because")};
}

static void decide(struct cut_world *w, enum act what, const char *who, const char *id)
{
    struct cut_deed d = {.name = act_name(what), .run = cut_command};
    d.cmd = command(w, what, who, id);
    act(w, &d);
}

static void deliver(struct cut_world *w)
{
    struct cut_deed d = {.name = "deliver", .run = cut_deliver, .is_again_fine = true};
    act(w, &d);
    cut_bank_works(w, &expected);
    d = (struct cut_deed){.name = "tell", .run = cut_tell, .is_again_fine = true};
    act(w, &d);
}

static void hear(struct cut_world *w, int most)
{
    struct cut_deed d;
    for (int i = 0; i < most && cut_next_word(w, &d); i++)
        act(w, &d);
}

/* Until nothing is under way any more. */
static void settle(struct cut_world *w)
{
    hear(w, INT32_MAX);
    while (cut_ask(w, "SELECT count(*) FROM outbox WHERE topic = 'order' AND id <> $1", "") > 0) {
        deliver(w);
        hear(w, INT32_MAX);
    }
    if (cut_ask(w, "SELECT count(*) FROM round WHERE ended_at IS NULL AND id <> $1", "") == 0)
        check_book(w); /* closing it takes what was paid off what is held */
}

/* Time passes; one timer may set another that is due by then. */
static void pass(struct cut_world *w, int64_t us)
{
    instant at = instant_add_us(w->now.at, us);
    char query[96];
    snprintf(query, sizeof query, "SELECT count(*) FROM timer WHERE due <= %lld AND act <> $1",
             (long long)at.us);
    while (cut_ask(w, query, "") > 0) {
        struct cut_deed d = {.name = "timers", .run = cut_fire, .at = at};
        act(w, &d);
    }
    w->now.at = at;
}

static void report(struct cut_world *w, const char *first, int64_t amount)
{
    struct cut_deed d = {.name = "report", .run = cut_report, .line_count = 2};
    d.cmd.actor = cut_person("ann");
    d.transfers[0] = first;
    d.transfers[1] = "T-2"; /* the second report tells of it again */
    d.amounts[0] = amount;
    d.amounts[1] = 1700;
    act(w, &d);
}

/* An order of this state that one person sent, or two. */
static const char *hold(struct cut_world *w, const char *where)
{
    char query[200];
    snprintf(query, sizeof query,
             "SELECT id FROM \"order\" WHERE kind = 'hold' AND id <> $1 AND %s"
             " ORDER BY id LIMIT 1",
             where);
    return str_to_c(&w->keep, cut_text(w, query, ""));
}

static void freeze(struct cut_world *w)
{
    struct cut_deed d = {.name = "freeze", .run = cut_command};
    d.cmd = command(w, ACT_ORDER_DRAFT, "ann", "freeze");
    d.cmd.body.order =
        (struct order){.incident = cut_text(w, "SELECT id FROM incident WHERE id <> $1", ""),
                       .kind = ORDER_FREEZE,
                       .target_kind = INDICATOR_ACCOUNT,
                       .target = STR("BKA:1"),
                       .amount = FREEZE,
                       .currency = STR("CNY"),
                       .basis = STR("fraud_law_20"),
                       .reason = STR("mule_account"),
                       .provider = STR("bank-a"),
                       .until = instant_add_us(w->now.at, 170 * 24 * HOURS)};
    act(w, &d);
    decide(w, ACT_ORDER_APPROVE, "bob", "freeze");
}

/* Reports, the first orders, what the bank says of them, late, twice and in any order; lifts. */
static void orders(struct cut_world *w)
{
    report(w, "T-1", 2500 + cut_roll(w, 900));
    deliver(w);
    report(w, "T-3", 2000 + cut_roll(w, 900));
    hear(w, 2);
    freeze(w);
    deliver(w);
    decide(w, ACT_ORDER_APPROVE, "bob", hold(w, "approver IS NULL AND ended_at IS NULL"));
    hear(w, 3);
    const char *standing = hold(w, "approver IS NOT NULL AND ended_at IS NULL");
    if (*standing != '\0') {
        struct cut_deed d = {.name = "trim", .run = cut_command};
        d.cmd = command(w, ACT_ORDER_TRIM, "cat", standing);
        d.cmd.body.order.amount = 900;
        act(w, &d);
    }
    settle(w);
    pass(w, 40 * US_PER_MIN); /* what nobody countersigned lapses */
    settle(w);
    standing = hold(w, "ended_at IS NULL");
    if (*standing != '\0')
        decide(w, ACT_ORDER_LIFT, "dan", standing);
    settle(w);
}

/* --- giving it back --- */

static void compute(struct cut_world *w, unsigned basis)
{
    struct cut_deed d = {.name = "round", .run = cut_round};
    int64_t sum = cut_ask(w, "SELECT sum(amount) FROM claim WHERE \"to\" = $1", "BKA:1");
    int64_t shared = 0;
    for (; d.share_count < 2; d.share_count++) {
        struct command *cmd = &d.shares[d.share_count];
        const char *which = d.share_count == 0 ? "T-1" : "T-3";
        struct share *s = &cmd->body.share;
        *cmd = command(w, ACT_SHARE_MAKE, "ann", d.share_count == 0 ? "share-1" : "share-2");
        *s = (struct share){.round = STR("round"), .basis = basis};
        s->claim = cut_text(w, "SELECT id FROM claim WHERE transfer = $1", which);
        s->loss = cut_ask(w, "SELECT amount FROM claim WHERE transfer = $1", which);
        s->amount = FREEZE * s->loss / sum;
        shared += s->amount;
    }
    d.cmd = command(w, ACT_ROUND_COMPUTE, "ann", "round");
    d.cmd.body.round = (struct round){
        .incident = cut_text(w, "SELECT id FROM incident WHERE id <> $1", ""),
        .account = STR("BKA:1"),
        .provider = STR("bank-a"),
        .orders = STR("freeze"),
        .currency = STR("CNY"),
        .number = 1,
        .frozen = FREEZE,
        .shared = shared,
        .unclaimed = FREEZE - shared,
        .frozen_at = w->now.at,
        .statement = STR("{}"),
        .digest = STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")};
    act(w, &d);
}

static void sign(struct cut_world *w, enum act what, const char *who)
{
    struct cut_deed d = {.name = act_name(what), .run = cut_signed};
    d.cmd = command(w, what, who, "round");
    act(w, &d);
}

/* Somebody says that it was theirs, and is answered. */
static void objection(struct cut_world *w)
{
    struct cut_deed d = {.name = "objection", .run = cut_command};
    d.cmd = command(w, ACT_APPEAL_FILE, "ann", "objection");
    d.cmd.actor = trial_public;
    d.cmd.body.appeal = (struct appeal){
        .round = STR("round"),
        .statement = STR("it is mine"),
        .secret = STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")};
    act(w, &d);
    decide(w, ACT_APPEAL_REJECT, "sue", "objection");
}

static void give_back(struct cut_world *w)
{
    unsigned basis = w->seed % 2 == 0 ? BASIS_PROPORTIONAL : BASIS_TIMESTAMP;
    compute(w, basis);
    sign(w, ACT_ROUND_REVIEW, "bob");
    if (basis == BASIS_PROPORTIONAL) {
        sign(w, ACT_ROUND_NOTICE, "bob");
        objection(w);
        pass(w, 31 * 24 * HOURS);
    }
    sign(w, ACT_ROUND_APPROVE, "cat");
    sign(w, ACT_ROUND_APPROVE, "dan");
    settle(w);
    struct cut_deed d = {.name = "close", .run = cut_close};
    d.cmd = command(w, ACT_ROUND_CLOSE, "bob", "round");
    act(w, &d);
    settle(w);
}

/* --- what detectors find --- */

static void suspect(struct cut_world *w)
{
    struct cut_deed d = {.name = "suspicion.find", .run = cut_command};
    d.cmd = (struct command){
        .act = ACT_SUSPICION_FIND, .actor = trial_centre, .record = STR("suspicion")};
    d.cmd.body.suspicion = (struct suspicion){.number = STR("+8613900000001"),
                                              .model = STR("callers"),
                                              .digest = STR("ab"),
                                              .reasons = STR("[]"),
                                              .until = instant_add_us(w->now.at, 720 * HOURS)};
    act(w, &d);
    decide(w, ACT_SUSPICION_DISMISS, "ann", "suspicion");
    d = (struct cut_deed){.name = "box.find", .run = cut_command};
    d.cmd = (struct command){.act = ACT_BOX_FIND, .actor = trial_centre, .record = STR("box")};
    d.cmd.body.box = (struct sim_box){.cell = STR("460-00-1-2"),
                                      .channels = 4,
                                      .card_count = 9,
                                      .starts = 40,
                                      .cards = STR("[]"),
                                      .until = instant_add_us(w->now.at, 720 * HOURS)};
    act(w, &d);
    d.name = "box.renew";
    d.at = (instant){0};
    d.cmd.act = ACT_BOX_RENEW;
    d.cmd.body.box.channels = 6;
    act(w, &d);
    decide(w, ACT_BOX_CONFIRM, "cat", "box");
}

/* What still stands is over by its term, and what is personal goes. */
static void run_out(struct cut_world *w)
{
    pass(w, 200 * 24 * HOURS);
    settle(w);
    for (int i = 0; i < w->order_count; i++)
        WELL(w, w->orders[i].held == 0, "%s: still held", w->orders[i].id);
    pass(w, (int64_t)RETENTION_DAYS * 24 * HOURS);
    pass(w, (int64_t)RETENTION_DAYS * 24 * HOURS);
    WELL(w,
         cut_ask(w, "SELECT count(*) FROM suspicion WHERE number <> 'erased-' || id AND id <> $1",
                 "") == 0,
         "a number is left");
}

static void tell(uint64_t seed)
{
    struct cut_world *w = &world;
    struct cut_mail *mail = w->mail;
    unsigned cuts = w->cuts;
    *w = (struct cut_world){.mail = mail, .cuts = cuts, .seed = seed, .name = "begin"};
    random_init_seeded(&w->dice, seed);
    arena_init(&w->keep, 64 << 20);
    trial_init(&w->now, "cut-now", seed);
    trial_init(&w->next, "cut-next", seed);
    trial_init(&w->trial, "cut", seed);
    w->trial.layer = VFS_FAULT_NAME;
    open_it(w, &w->now);
    orders(w);
    suspect(w);
    give_back(w);
    run_out(w);
    WELL(w, w->paid_count == 2 && w->freed > 0, "nothing came of it");
    trial_done(&w->trial);
    trial_done(&w->next);
    trial_done(&w->now);
    arena_done(&w->keep);
}

static void money_is_cut_everywhere(void **state)
{
    (void)state;
    const char *seed = getenv("YUMEN_SEED");
    const char *seeds = getenv("YUMEN_SEEDS");
    unsigned count = seeds == NULL ? SEEDS : (unsigned)strtoul(seeds, NULL, 10);
    if (seed != NULL)
        tell(strtoull(seed, NULL, 10));
    for (unsigned i = 1; i <= count && seed == NULL; i++)
        tell(i);
    print_message("%u cuts\n", world.cuts);
    assert_true(world.cuts > 300);
}

static int begin(void **state)
{
    (void)state;
    world.mail =
        mmap(NULL, sizeof *world.mail, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    err e = kit_boot();
    if (!failed(e))
        e = vfs_register();
    return failed(e) || world.mail == MAP_FAILED ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(money_is_cut_everywhere)};
    return cmocka_run_group_tests_name("sim/cut", tests, begin, NULL);
}
