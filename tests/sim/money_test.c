/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever people, banks, clocks and disks do to orders, and in whatever order: no report's
 * loss is asked for twice, and what banks really hold under it never passes it; nothing stands past
 * its term, or on one person's word past its half hour; what is called released is released; each
 * step has its leaf; the same store comes back after a crash; and in the end everybody's money is
 * free.
 * Method: worlds made from a seed: three reports, their orders, a bank that does what it is asked
 * late, twice, in another order, or not at all, and answers likewise; time that passes; writes that
 * fail and machines that stop in the middle of a commit. After each step the bank's own book is
 * held against the store's rows, in SQL that the program does not use.
 *
 *     YUMEN_SEED=7 meson test ...      that world alone
 *     YUMEN_SEEDS=500                  so many worlds (./test --full)
 */
#include "env/fault.h"
#include "env/vfs.h"
#include "kit/kit.h"
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 12, STEPS = 220, ORDERS = 60, REPORTS = 3, LETTERS = 200, ID = 40, LOSS = 10000 };
#define HOURS (60 * US_PER_MIN)

/* What the bank itself knows of an order: the truth that receipts tell of. */
struct book {
    char id[ID];
    int report;
    unsigned bank; /* of `banks` */
    int64_t held;
    int64_t done;    /* the last ask that it did, */
    int64_t refused; /* and refused */
};

/* A receipt on its way. */
struct letter {
    struct receipt receipt;
    char order[ID];
    unsigned bank;
};

struct money {
    struct trial trial;
    struct random_source dice;
    struct book books[ORDERS];
    int order_count;
    struct letter letters[LETTERS];
    int letter_count;
    int receipt_count;
    uint64_t seed;
    unsigned step;
};
static struct money world;

/* The second cannot hold an amount. */
enum { ALL_BUT_HOLD = 0x3f & ~(1 << ORDER_HOLD) };
static const struct provider banks[] = {
    {.id = {.at = "bank-a", .size = 6}, .can = 0x3f,         .answer_s = 300},
    {.id = {.at = "bank-s", .size = 6}, .can = ALL_BUT_HOLD, .answer_s = 300},
};
static const struct providers providers = {.at = banks, .count = 2};

#define WELL(m, holds, ...)                                                                        \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            print_error("seed %llu, step %u: ", (unsigned long long)(m)->seed, (m)->step);         \
            print_error(__VA_ARGS__);                                                              \
            print_error("\n");                                                                     \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

static int roll(struct money *m, int sides)
{
    return (int)random_below(&m->dice, (uint64_t)sides);
}

static void open_world(struct money *m)
{
    m->trial.providers = &providers;
    for (unsigned kind = 0; kind < ORDER_KIND_COUNT; kind++) {
        m->trial.law.order_max_term_us[kind] = 48 * HOURS;
        m->trial.law.order_max_repeats[kind] = 1;
    }
    m->trial.law.emergency_min = 30;
    m->trial.law.escalate_min = 30;
    m->trial.law.unrelated_days = 1;
    m->trial.law.report_retention_days = 3650;
    m->trial.law.order_notice = STR("notice");
    err e = trial_open(&m->trial);
    WELL(m, !failed(e), "the store does not open: %s", e.why);
}

/* --- what people do --- */

static struct actor somebody(struct money *m)
{
    static const char *const people[] = {"ann", "bob", "cat", "dan"};
    struct actor actor = trial_staff(people[roll(m, 4)]);
    actor.roles = 1U << ROLE_ANALYST | 1U << ROLE_APPROVER | 1U << ROLE_COMMANDER;
    return actor;
}

static void report(struct money *m, int i)
{
    char incident[ID];
    char id[ID];
    snprintf(incident, sizeof incident, "i%d", i);
    snprintf(id, sizeof id, "r%d", i);
    struct command open = {.act = ACT_INCIDENT_OPEN, .actor = trial_staff("ann")};
    open.record = str_from_c(incident);
    open.body.incident = (struct incident){.currency = STR("CNY"), .stolen = LOSS};
    struct command take = {.act = ACT_REPORT_TAKE, .actor = trial_staff("ann")};
    take.record = str_from_c(id);
    take.body.report =
        (struct report){.incident = str_from_c(incident), .currency = STR("CNY"), .loss = LOSS};
    err e = trial_apply(&m->trial, &open);
    WELL(m, !failed(e), "no incident: %s", e.why);
    e = trial_apply(&m->trial, &take);
    WELL(m, !failed(e), "no report: %s", e.why);
}

static struct command drafting(struct money *m, char *id, char *of, char *target)
{
    int report = roll(m, REPORTS);
    struct command cmd = {.act = roll(m, 2) == 0 ? ACT_ORDER_DRAFT : ACT_ORDER_EMERGENCY,
                          .actor = somebody(m)};
    snprintf(id, ID, "o%03d", m->order_count);
    snprintf(of, ID, "r%d", report);
    snprintf(target, ID, "BKA:%d", roll(m, 9));
    cmd.record = str_from_c(id);
    cmd.body.order = (struct order){.incident = str_from_c(of),
                                    .report = str_from_c(of),
                                    .kind = roll(m, 4) == 0 ? ORDER_STOP : ORDER_HOLD,
                                    .target_kind = INDICATOR_ACCOUNT,
                                    .target = str_from_c(target),
                                    .amount = 1 + roll(m, LOSS / 2),
                                    .currency = STR("CNY"),
                                    .basis = STR("fraud_law_20"),
                                    .reason = STR("mule_account"),
                                    .evidence = STR("case 1"),
                                    .provider = roll(m, 3) == 0 ? STR("bank-s") : STR("bank-a"),
                                    .until = instant_add_us(m->trial.at, 40 * HOURS)};
    cmd.body.order.incident = STR("");
    return cmd;
}

static unsigned bank_of(str provider)
{
    return str_equal(provider, banks[0].id) ? 0 : 1;
}

static err draft(struct money *m)
{
    char id[ID];
    char of[ID];
    char target[ID];
    if (m->order_count == ORDERS)
        return OK; /* enough of them */
    struct command cmd = drafting(m, id, of, target);
    err e = trial_apply(&m->trial, &cmd);
    if (failed(e))
        return e;
    struct book *b = &m->books[m->order_count++];
    *b = (struct book){.report = of[1] - '0', .bank = bank_of(cmd.body.order.provider)};
    memcpy(b->id, id, ID);
    return OK;
}

/* The alarm that stands; sometimes what somebody saw long ago. */
static void see(struct money *m, const struct book *b, struct order *seen)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    err e = sql_ask(store_sql(m->trial.store),
                    "SELECT \"alarm\", \"alarmed_at\" FROM \"order\" WHERE \"id\" = $1", &row);
    WELL(m, !failed(e), "alarm: %s", e.why);
    sql_bind_str(row, 1, str_from_c(b->id));
    if (!failed(sql_next(row, &has_row)) && has_row) {
        word_parse(order_alarm_words, sql_peek(row, 0), &seen->alarm);
        seen->alarmed_at = instant_from_us(sql_i64(row, 1) - (roll(m, 4) == 0 ? HOURS : 0));
    }
    sql_done(&row);
}

static err decide(struct money *m)
{
    static const enum act acts[] = {ACT_ORDER_APPROVE, ACT_ORDER_APPROVE, ACT_ORDER_REFUSE,
                                    ACT_ORDER_TRIM,    ACT_ORDER_EXTEND,  ACT_ORDER_LIFT,
                                    ACT_ORDER_FAIL,    ACT_ORDER_HEED};
    if (m->order_count == 0)
        return OK;
    int i = m->order_count - 1 - roll(m, m->order_count < 8 ? m->order_count : 8);
    struct command cmd = {.act = acts[roll(m, COUNT_OF(acts))],
                          .actor = somebody(m),
                          .record = str_from_c(m->books[i].id),
                          .why = STR("because")};
    if (cmd.act == ACT_ORDER_FAIL && roll(m, 4) != 0)
        cmd.act = ACT_ORDER_LIFT;
    cmd.body.order.amount = 1 + roll(m, LOSS / 2);
    cmd.body.order.until = instant_add_us(m->trial.at, (int64_t)(30 + roll(m, 60)) * HOURS);
    if (cmd.act == ACT_ORDER_HEED)
        see(m, &m->books[i], &cmd.body.order);
    return trial_apply(&m->trial, &cmd);
}

static const struct actor centre_itself = {
    .user = {.at = "centre", .size = 6},
      .kind = ACTOR_CENTRE
};

/* One of those that stand, by lot; false: none does. */
static bool find_live(struct money *m, char id[ID])
{
    struct sql_row *row = NULL;
    bool has_row = false;
    int left = roll(m, 8);
    err e = sql_ask(store_sql(m->trial.store),
                    "SELECT \"id\" FROM \"order\" WHERE \"approver\" IS NOT NULL AND \"state\" IN"
                    " ('sent', 'acknowledged', 'executed', 'partial') ORDER BY \"id\" DESC",
                    &row);
    WELL(m, !failed(e), "live: %s", e.why);
    bool is_found = false;
    for (; left >= 0 && !failed(sql_next(row, &has_row)) && has_row; left--) {
        snprintf(id, ID, "%.*s", STR_ARGS(sql_peek(row, 0)));
        is_found = true;
    }
    sql_done(&row);
    return is_found;
}

/* Whoever follows the money finds that there is none of it, or that there is after all; a person
 * keeps what is to be released, or does not. */
static err follow(struct money *m)
{
    static const enum act acts[] = {ACT_ORDER_UNRELATE, ACT_ORDER_UNRELATE, ACT_ORDER_UNRELATE,
                                    ACT_ORDER_RELATE, ACT_ORDER_KEEP};
    char id[ID];
    if (!find_live(m, id))
        return OK;
    struct command cmd = {
        .act = acts[roll(m, COUNT_OF(acts))], .record = str_from_c(id), .why = STR("because")};
    cmd.actor = cmd.act == ACT_ORDER_KEEP ? somebody(m) : centre_itself;
    return trial_apply(&m->trial, &cmd);
}

/* --- the bank --- */

static void write_letter(struct money *m, const struct book *b, struct receipt r)
{
    if (m->letter_count == LETTERS)
        return; /* lost on the way */
    struct letter *l = &m->letters[m->letter_count++];
    l->receipt = r;
    l->bank = b->bank;
    memcpy(l->order, b->id, ID);
}

struct asked {
    unsigned what; /* enum order_ask */
    int64_t number;
    int64_t amount;
};

static struct asked asked_of(struct money *m, const struct book *b)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    struct asked asked = {.what = ASK_NOTHING};
    err e = sql_ask(store_sql(m->trial.store),
                    "SELECT \"asked\", \"ask\", \"amount\" FROM \"order\" WHERE \"id\" = $1", &row);
    WELL(m, !failed(e), "queue: %s", e.why);
    sql_bind_str(row, 1, str_from_c(b->id));
    if (!failed(sql_next(row, &has_row)) && has_row) {
        word_parse(order_ask_words, sql_peek(row, 0), &asked.what);
        asked.number = sql_i64(row, 1);
        asked.amount = sql_i64(row, 2);
    }
    sql_done(&row);
    return asked;
}

/* Does what it is asked, and writes of it: once, twice, or not at all. */
static void serve(struct money *m, struct book *b, bool is_willing)
{
    struct asked asked = asked_of(m, b);
    if (asked.what == ASK_NOTHING || asked.number < b->done)
        return;
    struct receipt r = {.result = RECEIPT_DONE, .ask = asked.number, .balance = -1};
    r.at = m->trial.at;
    bool is_late_place = asked.what == ASK_PLACE && asked.number == b->done;
    bool was_refused = b->refused == asked.number;
    if (is_willing || roll(m, 3) != 0) {
        bool says_only = asked.what == ASK_LIFT && roll(m, 6) == 0 && !is_willing;
        if (asked.what == ASK_LIFT && !says_only) /* or it says that it did, and holds on */
            b->held = 0;
        else if (asked.what == ASK_EXTEND && roll(m, 3) == 0)
            r.result = RECEIPT_REFUSED;
        else if (asked.what == ASK_PLACE && roll(m, 5) == 0 && !is_willing && !is_late_place)
            r.result = RECEIPT_REFUSED;
        else if (asked.what == ASK_PLACE || asked.what == ASK_TRIM)
            b->held = asked.amount;
        b->done = asked.number;
    } else {
        r.result = RECEIPT_PENDING;
    }
    if (r.result == RECEIPT_REFUSED && asked.what == ASK_PLACE) {
        b->held = 0;
        b->refused = asked.number;
    }
    r.held = r.result == RECEIPT_PENDING ? -1 : b->held;
    if (roll(m, 4) == 0 && asked.what != ASK_LIFT)
        r.ask = 0; /* it does not say which */
    /* Who changes their mind about a refusal says so. */
    bool is_told = is_willing || was_refused;
    for (int copies = is_told ? 1 : roll(m, 3); copies > 0; copies--)
        write_letter(m, b, r);
}

/* Any of those on their way arrives next. */
static err arrive(struct money *m)
{
    if (m->letter_count == 0)
        return OK;
    int i = roll(m, m->letter_count);
    struct letter l = m->letters[i];
    m->letters[i] = m->letters[--m->letter_count];
    struct command cmd = {.act = ACT_RECEIPT_TAKE, .actor = trial_staff("ann")};
    char id[ID];
    snprintf(id, sizeof id, "q%05d", m->receipt_count++);
    cmd.record = str_from_c(id);
    cmd.body.receipt = l.receipt;
    cmd.body.receipt.order = str_from_c(l.order);
    cmd.body.receipt.provider = banks[l.bank].id;
    err e = trial_apply(&m->trial, &cmd);
    if (failed(e)) /* the sender tries again */
        m->letters[m->letter_count++] = l;
    WELL(m, !failed(e) || e.code == ERR_OS, "a receipt is refused: %s", e.why);
    return e;
}

/* --- time and trouble --- */

/* Whoever follows the money has looked once more, and found what is due still unrelated. */
static void release_due(struct money *m)
{
    char id[ID] = "";
    bool has_row = true;
    while (has_row) {
        struct sql_row *row = NULL;
        err e = sql_ask(store_sql(m->trial.store),
                        "SELECT \"id\" FROM \"order\" WHERE \"release_by\" <= $1 LIMIT 1", &row);
        WELL(m, !failed(e), "due: %s", e.why);
        sql_bind_i64(row, 1, m->trial.at.us);
        WELL(m, !failed(sql_next(row, &has_row)), "due");
        if (has_row)
            snprintf(id, ID, "%.*s", STR_ARGS(sql_peek(row, 0)));
        sql_done(&row);
        struct command cmd = {
            .act = ACT_ORDER_RELEASE, .actor = centre_itself, .record = str_from_c(id)};
        e = has_row ? trial_apply(&m->trial, &cmd) : OK;
        WELL(m, !failed(e), "release: %s", e.why);
    }
}

static void pass(struct money *m, int64_t us)
{
    int fired = 1;
    m->trial.at = instant_add_us(m->trial.at, us);
    while (fired > 0) { /* one may set another */
        err e = trial_fire(&m->trial, m->trial.at, &fired);
        WELL(m, !failed(e), "timers: %s", e.why);
    }
    release_due(m);
}

static err any_deed(struct money *m)
{
    switch (roll(m, 10)) {
    case 0:
    case 1:
        return draft(m);
    case 2:
    case 3:
        return decide(m);
    case 4:
    case 5:
        return arrive(m);
    case 6:
    case 7:
        return follow(m);
    }
    if (m->order_count > 0)
        serve(m, &m->books[roll(m, m->order_count)], false);
    return OK;
}

/* A draft that was refused by a disk may be there all the same, after a crash: then it counts. */
static void find_doubtful(struct money *m)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    char id[ID];
    snprintf(id, sizeof id, "o%03d", m->order_count);
    err e = sql_ask(
        store_sql(m->trial.store),
        "SELECT substr(\"report\", 2, 1), \"provider\" FROM \"order\" WHERE \"id\" = $1", &row);
    WELL(m, !failed(e), "find: %s", e.why);
    sql_bind_str(row, 1, str_from_c(id));
    if (m->order_count < ORDERS && !failed(sql_next(row, &has_row)) && has_row) {
        struct book *b = &m->books[m->order_count++];
        *b = (struct book){.report = sql_peek(row, 0).at[0] - '0',
                           .bank = bank_of(sql_peek(row, 1))};
        memcpy(b->id, id, ID);
    }
    sql_done(&row);
}

/* The machine stops in the middle of a commit, and comes back. */
static void crash(struct money *m)
{
    static const enum fault_kind kinds[] = {FAULT_VFS_FULL, FAULT_VFS_WRITE, FAULT_VFS_SYNC,
                                            FAULT_VFS_TEAR};
    vfs_tear((size_t)roll(m, 4096), VFS_TEAR_REFUSE);
    env_fault_from(kinds[roll(m, COUNT_OF(kinds))], 1 + random_below(&m->dice, 12));
    err e = any_deed(m);
    for (unsigned kind = FAULT_VFS_FULL; kind < FAULT_KIND_COUNT; kind++)
        env_fault_from((enum fault_kind)kind, 1);
    trial_close(&m->trial);
    env_fault_clear();
    open_world(m);
    if (failed(e))
        find_doubtful(m);
}

/* --- what must hold --- */

/* clang-format off */
static const struct {
    const char *what;
    const char *query; /* finds rows that should not be there; $1 is now */
} wrong[] = {
    {"a report whose pledge is not the sum of its orders'",
     "SELECT id FROM report r WHERE pledged <> (SELECT coalesce(sum(bound), 0) FROM \"order\" o"
     " WHERE o.report = r.id AND o.state IN ('approved', 'sent', 'acknowledged', 'executed',"
     " 'partial', 'lifting')) AND $1 > 0"                                                },
    {"a measure past its term",
     "SELECT id FROM \"order\" WHERE until <= $1 AND state IN ('drafted', 'approved', 'sent',"
     " 'acknowledged', 'executed', 'partial')"                                           },
    {"one person's word past its half hour",
     "SELECT id FROM \"order\" WHERE is_emergency = 1 AND approver IS NULL AND countersign_by <= $1"
     " AND state IN ('sent', 'acknowledged', 'executed', 'partial')"                     },
    {"an overdue answer that nobody sees",
     "SELECT id FROM \"order\" WHERE asked <> 'nothing' AND due_at <= $1 AND is_late = 0"},
    {"a silence that nobody above is told of", /* who saw one ask's has not seen the next's */
     "SELECT id FROM \"order\" WHERE is_late = 1 AND alarm = 'none' AND $1 > 0"
     " AND (heeder IS NULL OR heeded_at < asked_at)"},
    {"a silence that is not told of again",
     "SELECT id FROM \"order\" o WHERE is_late = 1 AND (alarm = 'late' OR (alarm = 'none' AND"
     " asked = 'lift')) AND $1 > 0 AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.record = o.id"
     " AND t.act = 'order.escalate' AND t.due > $1)"},
    {"an order that is over and that nobody will erase",
     "SELECT id FROM \"order\" o WHERE state IN ('refused', 'lapsed', 'expired', 'lifted', 'failed')"
     " AND $1 > 0 AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.record = o.id AND t.act ="
     " 'order.erase' AND t.due >= o.proposed_at) AND NOT EXISTS (SELECT 1 FROM ledger_leaf l"
     " WHERE l.record = o.id AND l.act = 'order.erase')"                                  },
    {"an order held past the day on which it is to be released",
     "SELECT id FROM \"order\" WHERE release_by <= $1"                                  },
    {"an order to be released by nobody",
     "SELECT id FROM \"order\" o WHERE release_by > $1 AND (ended_at IS NOT NULL OR NOT EXISTS (SELECT"
     " 1 FROM timer t WHERE t.record = o.id AND t.act = 'order.due' AND t.due = o.release_by))"},
    {"an order kept against its day by nobody",
     "SELECT id FROM \"order\" o WHERE unrelated_since + 86400000000 <= $1 AND ended_at IS NULL AND"
     " keeper IS NULL"                                                                   },
    {"an order kept without its leaf",
     "SELECT id FROM \"order\" o WHERE keeper IS NOT NULL AND $1 > 0 AND NOT EXISTS (SELECT 1 FROM"
     " ledger_leaf l WHERE l.record = o.id AND l.act = 'order.keep')"                    },
    {"a live order without its end",
     "SELECT id FROM \"order\" o WHERE state IN ('drafted', 'approved', 'sent', 'acknowledged',"
     " 'executed', 'partial') AND $1 > 0 AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.record = "
     "o.id"
     " AND t.act = 'order.expire' AND t.due = o.until)"                                  },
    {"an ask without its effect",
     "SELECT id FROM \"order\" o WHERE ask > 0 AND $1 > 0 AND (SELECT count(*) FROM outbox x"
     " WHERE x.record = o.id AND x.topic = 'order') < ask"                               },
    {"a state without its leaf",
     "SELECT id FROM \"order\" o WHERE $1 > 0 AND NOT EXISTS (SELECT 1 FROM ledger_leaf g"
     " WHERE g.record = o.id)"                                                           },
    {"a receipt without its leaf",
     "SELECT id FROM receipt q WHERE $1 > 0 AND NOT EXISTS (SELECT 1 FROM ledger_leaf g"
     " WHERE g.record = q.id AND g.act = 'receipt.take')"                                },
};
/* clang-format on */

static void check_tables(struct money *m)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct sql_row *row = NULL;
        bool has_row = false;
        err e = sql_ask_text(store_sql(m->trial.store), str_from_c(wrong[i].query), &row);
        WELL(m, !failed(e), "%s: %s", wrong[i].what, sql_last_message(store_sql(m->trial.store)));
        sql_bind_i64(row, 1, m->trial.at.us);
        e = sql_next(row, &has_row);
        WELL(m, !failed(e) && !has_row, "%s: %.*s", wrong[i].what,
             has_row ? (int)sql_peek(row, 0).size : 0, has_row ? sql_peek(row, 0).at : "");
        sql_done(&row);
    }
}

static unsigned state_of(struct money *m, const char *id)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    unsigned state = ORDER_STATE_COUNT;
    err e = sql_ask(store_sql(m->trial.store), "SELECT \"state\" FROM \"order\" WHERE \"id\" = $1",
                    &row);
    WELL(m, !failed(e), "state: %s", e.why);
    sql_bind_str(row, 1, str_from_c(id));
    if (!failed(sql_next(row, &has_row)) && has_row)
        word_parse(order_state_words, sql_peek(row, 0), &state);
    sql_done(&row);
    return state;
}

/* The bank did what it had refused, and its letter is on the way. */
static bool is_on_its_way(const struct money *m, const struct book *b)
{
    bool is_there = b->refused > 0 && b->held > 0;
    for (int i = 0; i < m->letter_count && is_there; i++)
        if (strcmp(m->letters[i].order, b->id) == 0 && m->letters[i].receipt.held > 0)
            return true;
    return false;
}

/* The bank's own book against the store: by what it really holds. */
static void check_book(struct money *m)
{
    int64_t held[REPORTS] = {0};
    for (int i = 0; i < m->order_count; i++) {
        const struct book *b = &m->books[i];
        unsigned state = state_of(m, b->id);
        bool is_free = state == ORDER_LIFTED || state == ORDER_LAPSED || state == ORDER_EXPIRED ||
                       state == ORDER_REFUSED || state == ORDER_DRAFTED || state == ORDER_APPROVED;
        bool is_known = !is_on_its_way(m, b);
        WELL(m, !is_free || !is_known || b->held == 0, "%s is %s, and the bank holds %lld", b->id,
             order_state_words[state], (long long)b->held);
        if (state != ORDER_FAILED && is_known) /* written off: a person answers for it */
            held[b->report] += b->held;
    }
    for (int i = 0; i < REPORTS; i++)
        WELL(m, held[i] <= LOSS, "report %d lost %d, and banks hold %lld", i, LOSS,
             (long long)held[i]);
}

static void check(struct money *m, bool is_long)
{
    check_tables(m);
    check_book(m);
    if (!is_long)
        return;
    const char *fault = trial_check(&m->trial);
    WELL(m, fault == NULL, "%s", fault);
}

/* --- a world --- */

/* Nobody does anything more; banks answer, time ends what stands: some of it found unrelated. */
static void end(struct money *m)
{
    for (int i = 0; i < 8; i++)
        (void)follow(m);
    for (int turn = 0; turn < 12; turn++) {
        pass(m, 12 * HOURS);
        for (int i = 0; i < m->order_count; i++)
            serve(m, &m->books[i], true);
        while (m->letter_count > 0)
            (void)arrive(m);
        check(m, false);
    }
    for (int i = 0; i < m->order_count; i++) {
        unsigned state = state_of(m, m->books[i].id);
        WELL(m, state >= ORDER_REFUSED && state != ORDER_LIFTING, "%s is still %s", m->books[i].id,
             order_state_words[state]);
        WELL(m, m->books[i].held == 0 || state == ORDER_FAILED, "%s: the bank still holds %lld",
             m->books[i].id, (long long)m->books[i].held);
    }
    check(m, true);
}

static void live(uint64_t seed)
{
    struct money *m = &world;
    memset(m, 0, sizeof *m);
    m->seed = seed;
    random_init_seeded(&m->dice, seed);
    trial_init(&m->trial, "money", seed);
    m->trial.layer = VFS_FAULT_NAME;
    open_world(m);
    for (int i = 0; i < REPORTS; i++)
        report(m, i);
    for (m->step = 0; m->step < STEPS; m->step++) {
        int what = roll(m, 20);
        if (what == 0)
            crash(m);
        else if (what < 5)
            pass(m, (1 + roll(m, 40)) * 5 * US_PER_MIN);
        else
            (void)any_deed(m); /* refusals are the desk's to test */
        arena_reset(&m->trial.turn);
        check(m, m->step % 50 == 49);
        arena_reset(&m->trial.turn);
    }
    end(m);
    trial_done(&m->trial);
}

static void banks_and_crashes(void **state)
{
    (void)state;
    const char *seed = getenv("YUMEN_SEED");
    const char *seeds = getenv("YUMEN_SEEDS");
    if (seed != NULL) {
        live(strtoull(seed, NULL, 10));
        return;
    }
    unsigned count = seeds == NULL ? SEEDS : (unsigned)strtoul(seeds, NULL, 10);
    for (unsigned i = 1; i <= count; i++)
        live(i);
}

static int begin(void **state)
{
    (void)state;
    err e = kit_boot();
    if (!failed(e))
        e = vfs_register();
    return failed(e) ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(banks_and_crashes)};
    return cmocka_run_group_tests_name("sim/money", tests, begin, NULL);
}
