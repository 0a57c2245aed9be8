/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: pages of alerts hold every alert once, newest first, under any filter, with an exact total;
 *   counts say what the rows say, whatever was done; what is erased is erased with its commitments.
 * Method: rows written past the desk, each page against one query that reads them all; then a
 *   random walk of commands, refusals and all, with everything counted again. With a number as its
 *   argument it makes so many alerts, and says how long pages took.
 */
#include "store/alert_figures.h"

#include "env/clock.h"
#include "fact/division.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define T0 INT64_C(1795349880000000)

static struct arena boot;
static struct arena turn;
static struct store *store;
static struct reader *reader;
static struct random_source dice;
static char path[64];
static int rows_wanted = 30000;

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

static const char people[] =
    "INSERT INTO user_account (id, name, roles, division, state, proposer, approver, proposed_at,"
    " revision) VALUES ('centre', 'centre', 'operator', '', 'active', 'centre', 'centre', 1, 1);"
    "INSERT INTO report (id, channel, state, currency, loss, pledged, filer, filed_at, division,"
    " revision) VALUES ('later', 'web', 'filed', 'CNY', 7, 0, 'centre', 1, '62', 1);"
    "INSERT INTO user_account (id, name, roles, division, state, proposer, approver, proposed_at,"
    " revision) VALUES ('nan', 'nan', 'officer', '', 'active', 'centre', 'centre', 1, 1),"
    " ('hua', 'hua', 'officer', '', 'active', 'centre', 'centre', 1, 1);";

/* A few open, most closed; a county in a hundred, townships in it. */
static const char rows[] =
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d - 1)"
    " INSERT INTO alert (id, pseudonym, subscriber, tier, highest, micro, state, ending, withheld,"
    " opened_at, risen_at, closed_at, officer, assigned_at, step, means, tried, tries, is_late,"
    " told, told_at, is_faint, rises, risen_micro, cause, source, rules, outcome, paid, saved,"
    " outcome_by, outcome_at, checking, report, is_missed, is_warned, lead_s, lost, until, "
    "division,"
    " revision)"
    " SELECT printf('%%08d', i), 'p' || i, 's', t, t, 0, s,"
    " CASE WHEN s <> 'closed' THEN 'none' WHEN o THEN 'outcome' ELSE 'faded' END, 'none', at, at,"
    " CASE WHEN s = 'closed' THEN at + 1 END, CASE WHEN s = 'assigned' THEN 'nan' END,"
    " CASE WHEN s = 'assigned' THEN at END, 0, 'none', 'none', 0, late,"
    " CASE WHEN late THEN d END, CASE WHEN late THEN at END, 0, 1, i * 7919 %% 1000000,"
    " CASE i %% 4 WHEN 0 THEN 'visit' WHEN 1 THEN 'call' WHEN 2 THEN 'pending' ELSE 'called' END,"
    " 1 + i %% 5, 'r', CASE WHEN NOT o OR s <> 'closed' THEN 'none'"
    " WHEN i * 31 %% 100 < 80 THEN 'confirmed' WHEN i * 31 %% 100 < 95 THEN 'refuted'"
    " ELSE 'unreachable' END, 0, 0,"
    " CASE WHEN s = 'closed' AND o THEN 'nan' END, CASE WHEN s = 'closed' AND o THEN at END,"
    " CASE WHEN s = 'closed' AND o AND i %% 19 = 0 THEN 'asked' ELSE 'none' END,"
    " CASE WHEN r THEN 'later' END, r, r AND i %% 2, CASE WHEN r THEN i %% 90001 - 900 ELSE 0 END,"
    " CASE WHEN r THEN i ELSE 0 END, CASE WHEN s = 'closed' THEN at + 9 END, d, 1"
    " FROM (SELECT i, 1637510400000000 + i * 49000000 AS at, i %% 103 = 0 AS r,"
    " CASE i %% 10 WHEN 0 THEN 'urgent' WHEN 1 THEN 'high' WHEN 2 THEN 'medium'"
    " ELSE 'low' END AS t, CASE WHEN i %% 37 = 0 THEN 'open' WHEN i %% 41 = 0 THEN 'assigned'"
    " WHEN i %% 43 = 0 THEN 'reached' ELSE 'closed' END AS s, i %% 3 = 0 AS o, i %% 37 = 0 AS late,"
    " CASE WHEN i %% 1009 = 0 THEN '62' WHEN i %% 101 = 0 THEN '620102' || printf('%%03d', i %% 7)"
    " WHEN i %% 3 = 0 THEN '6201' || printf('%%02d', 3 + i %% 5)"
    " ELSE '62' || printf('%%02d', 2 + i %% 13) || '01' END AS d FROM n);"
    "INSERT INTO alert_count SELECT division, state, tier, count(*) FROM alert"
    " GROUP BY division, state, tier;";

/* The same from the rows, by other means than the program's. */
#define MONTH "CAST(strftime('%Y%m', opened_at / 1000000 + 28800, 'unixepoch') AS INTEGER)"
#define GAVE(of, name)                                                                             \
    "SELECT division, '" of "', " name ", " MONTH ", sum(outcome = 'confirmed'),"                  \
    " sum(outcome = 'refuted'), sum(risen_micro) FROM alert WHERE cause IS NOT NULL"               \
    " AND outcome IN ('confirmed', 'refuted') GROUP BY 1, 3, 4"
static const char months[] =
    "SELECT division, highest, " MONTH ", count(*), sum(withheld = 'none'),"
    " sum(withheld = 'hushed'), sum(withheld = 'day'), sum(withheld = 'number'),"
    " sum(withheld = 'held_back'), sum(taken_at IS NOT NULL), sum(reached_at IS NOT NULL),"
    " sum(coalesce(reached_at <= due_at, 0)), sum(told_at IS NOT NULL), sum(ending = 'faded'),"
    " sum(outcome = 'confirmed'), sum(outcome = 'refuted'), sum(outcome = 'unreachable'),"
    " sum(outcome = 'confirmed' AND checking = 'agreed'),"
    " sum(outcome = 'confirmed' AND checking = 'differed'),"
    " sum(outcome = 'refuted' AND checking = 'agreed'),"
    " sum(outcome = 'refuted' AND checking = 'differed'),"
    " sum(outcome = 'unreachable' AND checking = 'agreed'),"
    " sum(outcome = 'unreachable' AND checking = 'differed'),"
    " sum(report IS NOT NULL), sum(report IS NOT NULL AND is_warned = 1 AND lead_s > 0),"
    " sum(report IS NOT NULL AND outcome <> 'confirmed'),"
    " sum(report IS NOT NULL AND is_warned = 1 AND lead_s > 0 AND outcome <> 'confirmed'),"
    " sum(saved), sum(CASE WHEN report IS NULL THEN paid ELSE 0 END), sum(lost)"
    " FROM alert GROUP BY division, highest, 3";
static const char gave[] =
    GAVE("signal", "cause") " UNION ALL " GAVE("source", "CAST(source AS TEXT)") " UNION ALL " GAVE(
        "bin", "CAST(min(risen_micro / 100000, 9) AS TEXT)");

static int open_store(void **state)
{
    (void)state;
    static struct law_profile law;
    static struct id_source ids;
    must(kit_boot());
    arena_init(&boot, 64 << 20);
    arena_init(&turn, 64 << 20);
    random_init_seeded(&dice, 11);
    id_source_init(&ids, &dice);
    law = (struct law_profile){.name = STR("cn"),
                               .zone_min = 480,
                               .alert_a_number = 2,
                               .alert_fade_hours = 24,
                               .alert_hush_days = 30,
                               .alert_retention_days = 90,
                               .alert_check_milli = 500,
                               .whereabouts_hours = 6};
    for (unsigned tier = 0; tier < ALERT_TIER_COUNT; tier++)
        law.ladders[tier] = (struct ladder){
            .steps = {{MEANS_MESSAGE, 10}, {MEANS_CALL, 30}, {MEANS_VISIT, 60}},
            .step_count = 3,
            .due_min = 60,
            .escalate_min = 15,
            .a_day = tier == ALERT_LOW ? 40 : 0,
            .reached_is_enough = tier != ALERT_URGENT
        };
    snprintf(path, sizeof path, "/tmp/yumen-alerts-%d.db", (int)getpid());
    struct store_options options = {.path = path, .law = &law, .ids = &ids, .random = &dice};
    must(store_open(&boot, &options, &store));
    must(sql_run(store_sql(store), "BEGIN"));
    must(sql_run_script(store_sql(store), str_from_c(people)));
    must(sql_run(store_sql(store), "COMMIT"));
    return 0;
}

static int close_store(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    if (reader != NULL)
        reader_close(reader);
    reader = NULL;
    store_close(store);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char side[80];
        snprintf(side, sizeof side, "%s%s", path, ends[i]);
        unlink(side);
    }
    arena_done(&boot);
    arena_done(&turn);
    return 0;
}

static int64_t number_of(struct sql *db, const char *literal)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask(db, literal, &row));
    must(sql_next(row, &has_row));
    int64_t value = sql_i64(row, 0);
    sql_done(&row);
    return value;
}

/* --- pages --- */

/* Every alert that the filter wants, by reading them all, newest first: the next one below `id`. */
static bool next_wanted(const struct alert_query *q, str below, char ret_id[16])
{
    struct sql_row *row = NULL;
    bool has_row = false;
    struct division_range range = division_range(q->scope);
    must(sql_ask(reader_sql(reader),
                 "SELECT \"id\" FROM alert NOT INDEXED WHERE ($1 = '' OR \"state\" = $1)"
                 " AND ($2 = '' OR \"tier\" = $2) AND ($3 = 0 OR (\"is_late\" = 1"
                 " AND \"state\" <> 'closed')) AND ($4 = 0 OR \"checking\" = 'asked')"
                 " AND ($5 = '' OR (\"officer\" = $5 AND \"state\" <> 'closed'))"
                 " AND \"division\" >= $6 AND \"division\" < $7 AND \"id\" < $8"
                 " ORDER BY \"id\" DESC LIMIT 1",
                 &row));
    sql_bind_str(row, 1, q->state);
    sql_bind_str(row, 2, q->tier);
    sql_bind_i64(row, 3, q->is_late);
    sql_bind_i64(row, 4, q->is_to_check);
    sql_bind_str(row, 5, q->officer);
    sql_bind_str(row, 6, str_from_c(range.low));
    sql_bind_str(row, 7, str_from_c(range.high));
    sql_bind_str(row, 8, str_is_empty(below) ? STR("~") : below);
    must(sql_next(row, &has_row));
    if (has_row)
        snprintf(ret_id, 16, "%.*s", STR_ARGS(sql_peek(row, 0)));
    sql_done(&row);
    return has_row;
}

/* The first pages against the long way round, and as many in all as it says. */
static int64_t walk(struct alert_query q, int pages_compared)
{
    char before[16] = "";
    int64_t seen = 0;
    int64_t total = -1;
    for (int page_no = 0;; page_no++) {
        struct list_page page = {0};
        arena_reset(&turn);
        q.before = str_from_c(before);
        must(alerts_page(reader, &q, &turn, &page));
        assert_true(total == -1 || page.total == total);
        total = page.total;
        char last[16];
        snprintf(last, sizeof last, "%s", before);
        for (size_t i = 0; i < page.count; i++) {
            char want[16] = "";
            str id = page.items[i].alert.id;
            assert_true(last[0] == '\0' || str_compare(id, str_from_c(last)) < 0);
            if (page_no < pages_compared) {
                assert_true(next_wanted(&q, str_from_c(last), want));
                assert_true(str_equal(id, str_from_c(want)));
            }
            snprintf(last, sizeof last, "%.*s", STR_ARGS(id));
        }
        seen += (int64_t)page.count;
        if (str_is_empty(page.next))
            break;
        snprintf(before, sizeof before, "%.*s", STR_ARGS(page.next));
    }
    assert_int_equal(seen, total);
    return total;
}

#define STATIC_STR(text)                                                                           \
    {                                                                                              \
        .at = "" text, .size = sizeof(text) - 1                                                    \
    }
/* clang-format off */
static const struct alert_query queries[] = {
    {.limit = 50},
    {.limit = 500},
    {.state = STATIC_STR("open"), .limit = 7},
    {.tier = STATIC_STR("urgent"), .limit = 50},
    {.state = STATIC_STR("closed"), .tier = STATIC_STR("high"), .limit = 50},
    {.scope = STATIC_STR("62"), .limit = 50},
    {.scope = STATIC_STR("6201"), .limit = 50},
    {.scope = STATIC_STR("620102"), .limit = 50},
    {.scope = STATIC_STR("620102003"), .state = STATIC_STR("closed"), .limit = 50},
    {.scope = STATIC_STR("6299"), .limit = 50},
    {.is_late = true, .limit = 50},
    {.is_late = true, .scope = STATIC_STR("6203"), .tier = STATIC_STR("low"), .limit = 50},
    {.is_to_check = true, .limit = 50},
    {.officer = STATIC_STR("nan"), .limit = 50},
};
/* clang-format on */

static void pages_hold_every_alert_once(void **state)
{
    (void)state;
    static char script[sizeof rows + 64];
    int size = snprintf(script, sizeof script, rows, rows_wanted);
    must(sql_run(store_sql(store), "BEGIN"));
    must(sql_run_script(store_sql(store), str_make(script, (size_t)size)));
    must(sql_run(store_sql(store), "COMMIT"));
    must(reader_open(&boot, path, &reader));
    bool is_bench = rows_wanted > 100000;
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        struct list_page page = {0};
        struct alert_query q = queries[i];
        arena_reset(&turn);
        instant from = env_now();
        must(alerts_page(reader, &q, &turn, &page));
        int64_t first_us = env_now().us - from.us;
        q.before = page.next; /* and far behind */
        if (is_bench && page.count > 0)
            q.before = STR("00100000");
        from = env_now();
        must(alerts_page(reader, &q, &turn, &page));
        int64_t later_us = env_now().us - from.us;
        if (is_bench)
            print_message("%zu: %lld alerts, first page %lld us, a late one %lld us\n", i,
                          (long long)page.total, (long long)first_us, (long long)later_us);
        else
            walk(queries[i], 2);
    }
    assert_int_equal(walk(queries[9], 1), 0);
}

/* --- figures --- */

/* Fill what the program would have counted. */
static void count_rows(struct sql *db)
{
    static char script[sizeof months + sizeof gave + 128];
    int size = snprintf(script, sizeof script,
                        "INSERT INTO alert_month %s; INSERT INTO alert_gave %s;", months, gave);
    must(sql_run_script(db, str_make(script, (size_t)size)));
}

static void figures_are_what_rows_say(void **state)
{
    (void)state;
    static char script[sizeof rows + 64];
    int size = snprintf(script, sizeof script, rows, rows_wanted);
    bool is_bench = rows_wanted > 100000;
    must(sql_run(store_sql(store), "BEGIN"));
    must(sql_run_script(store_sql(store), str_make(script, (size_t)size)));
    count_rows(store_sql(store));
    must(sql_run(store_sql(store), "COMMIT"));
    must(reader_open(&boot, path, &reader));
    static const char *const scopes[] = {"", "6201", "620103"};
    const struct figure_span spans[] = {
        {.months = {202111, 202612}, .from = {0}, .until = {INT64_MAX}},
        { .months = {202207, 202306}, /* Lanzhou's own months */
         .from = instant_from_civil(2022, 7, 1, 480),
         .until = instant_from_civil(2023, 7, 1, 480)},
    };
    for (size_t i = 0; i < COUNT_OF(scopes) * COUNT_OF(spans); i++) {
        struct figure_rows by_tier;
        struct figure_names names;
        struct figure_lead lead;
        struct figure_span span = spans[i % COUNT_OF(spans)];
        span.scope = str_from_c(scopes[i / COUNT_OF(spans)]);
        arena_reset(&turn);
        instant from = env_now();
        must(figures_rows(reader, &span, &turn, &by_tier));
        must(figures_names(reader, &span, &turn, &names));
        must(figures_lead(reader, &span, &lead));
        if (is_bench)
            print_message("figures of '%.*s', months %lld to %lld: %lld us\n", STR_ARGS(span.scope),
                          (long long)span.months[0], (long long)span.months[1],
                          (long long)(env_now().us - from.us));
        if (i == 0) {
            int64_t raised = 0;
            for (size_t k = 0; k < by_tier.count; k++)
                raised += by_tier.at[k].marks[MARK_OPENED];
            assert_int_equal(raised, rows_wanted);
            assert_int_equal(lead.count, (rows_wanted / 103 + 1) / 2);
            assert_true(lead.tenth_s <= lead.median_s && lead.median_s <= lead.ninth_s);
            assert_int_equal(lead.lost,
                             number_of(reader_sql(reader), "SELECT sum(lost) FROM alert"));
            assert_int_equal(lead.lost_in_time,
                             number_of(reader_sql(reader), "SELECT sum(lost) FROM alert"
                                                           " WHERE is_warned AND lead_s >= 120"));
            assert_int_equal(names.count, 4 + 5 + 10);
        }
    }
}

/* --- counts --- */

static const char *const divisions[] = {"620102", "620103", "6202", ""};

static unsigned roll(unsigned sides)
{
    return (unsigned)(random_u64(&dice) % sides);
}

static str text_of(char letter, unsigned n)
{
    struct text t;
    text_init(&t, &turn);
    text_printf(&t, "%c%07u", letter, n);
    return text_str(&t);
}

static struct command machine(enum act act, str record)
{
    return (struct command){
        .act = act, .actor = {.user = STR("centre"), .kind = ACTOR_CENTRE},
             .record = record
    };
}

static struct command officer(enum act act, str record)
{
    return (struct command){
        .act = act,
        .actor = {.user = roll(2) == 0 ? STR("nan") : STR("hua"),
                  .roles = 1U << ROLE_OFFICER,
                  .kind = ACTOR_STAFF},
        .record = record,
        .why = STR("because")
    };
}

static struct command said_of(enum act act, str id, str division)
{
    struct command cmd = officer(act, id);
    struct alert *a = &cmd.body.alert;
    a->outcome = 1 + roll(3);
    a->saved = a->outcome == OUTCOME_CONFIRMED ? (int64_t)roll(1000) : 0;
    a->paid = a->outcome == OUTCOME_CONFIRMED ? (int64_t)roll(1000) : 0;
    a->checking = CHECKING_AGREED + roll(2);
    a->check_note = STR("asked again");
    a->officer = roll(2) == 0 ? STR("nan") : STR("hua");
    a->division = division;
    return cmd;
}

static struct command beside(enum act act, str alert, str division, unsigned step)
{
    struct command cmd = officer(act, text_of('b', step));
    if (act == ACT_OUTREACH_TAKE)
        cmd.body.outreach = (struct outreach){.alert = alert,
                                              .means = 1 + roll(5),
                                              .result = roll(RESULT_COUNT),
                                              .division = division};
    else if (act == ACT_HUSH_ASK)
        cmd.body.hush = (struct hush){.alert = alert, .division = division};
    else
        cmd.body.whereabouts = (struct whereabouts){.alert = alert, .division = division};
    return cmd;
}

/* Alerts that were opened, by the number in their name. */
static unsigned opened[6000];
static unsigned opened_count;

/* One of the newest, which people are busy with. */
static unsigned any_opened(void)
{
    unsigned among = opened_count < 60 ? opened_count : 60;
    return among == 0 ? 0 : opened[opened_count - 1 - roll(among)];
}

static struct command any_command(unsigned step)
{
    static const enum act machines[] = {ACT_ALERT_RISE,  ACT_ALERT_FALL,     ACT_ALERT_FADE,
                                        ACT_ALERT_LATE,  ACT_ALERT_ESCALATE, ACT_ALERT_ERASE,
                                        ACT_ALERT_REPORT};
    static const enum act peoples[] = {ACT_ALERT_TAKE,      ACT_ALERT_REFUSE, ACT_ALERT_HAND_OVER,
                                       ACT_ALERT_CONCLUDE,  ACT_ALERT_CHECK,  ACT_OUTREACH_TAKE,
                                       ACT_WHEREABOUTS_ASK, ACT_HUSH_ASK};
    unsigned made = step / 4;
    unsigned which = any_opened();
    str division = str_from_c(divisions[which % COUNT_OF(divisions)]);
    str id = text_of('a', which);
    if (step % 4 == 0) {
        struct command cmd = machine(ACT_ALERT_OPEN, text_of('a', made));
        cmd.body.alert =
            (struct alert){.pseudonym = text_of('p', roll(1000)),
                           .subscriber = STR("sealed"),
                           .tier = roll(ALERT_TIER_COUNT),
                           .micro = roll(1000001),
                           .cause = roll(3) == 0 ? STR("") : STR("call"),
                           .source = roll(7),
                           .rules = STR("r1"),
                           .division = str_from_c(divisions[made % COUNT_OF(divisions)])};
        return cmd;
    }
    if (roll(3) == 0) {
        struct command cmd = machine(machines[roll(COUNT_OF(machines))], id);
        cmd.body.alert = (struct alert){.tier = roll(ALERT_TIER_COUNT),
                                        .is_faint = roll(4) == 0,
                                        .rules = STR("r1"),
                                        .micro = roll(1000001),
                                        .cause = STR("visit"),
                                        .source = roll(7)};
        if (cmd.act == ACT_ALERT_REPORT)
            cmd.body.alert = (struct alert){.report = STR("later"),
                                            .is_warned = roll(2),
                                            .lead_s = (int64_t)roll(900) - 300,
                                            .lost = roll(99)};
        return cmd;
    }
    enum act act = peoples[roll(COUNT_OF(peoples))];
    if (act_record_kind(act) != RECORD_ALERT)
        return beside(act, id, division, step);
    return said_of(act, id, division);
}

static int64_t rows_differing(struct sql *db, const char *is, const char *counted)
{
    struct sql_row *row = NULL;
    struct text t;
    bool has_row = false;
    text_init(&t, &turn);
    text_printf(&t,
                "SELECT (SELECT count(*) FROM (SELECT * FROM (%s) EXCEPT %s))"
                " + (SELECT count(*) FROM (%s EXCEPT SELECT * FROM (%s)))",
                is, counted, counted, is);
    must(sql_ask_text(db, text_str(&t), &row));
    must(sql_next(row, &has_row));
    int64_t count = sql_i64(row, 0);
    sql_done(&row);
    return count;
}

/* What the tables of counts say is what the rows say. */
static void counts_are_right(struct sql *db)
{
    assert_int_equal(rows_differing(db,
                                    "SELECT division, state, tier, count(*) AS n FROM alert"
                                    " GROUP BY 1, 2, 3",
                                    "SELECT * FROM alert_count WHERE count > 0"),
                     0);
    assert_int_equal(rows_differing(db,
                                    "SELECT (opened_at + 28800000000) / 86400000000, highest,"
                                    " count(*) FROM alert WHERE withheld = 'none' GROUP BY 1, 2",
                                    "SELECT * FROM alert_day WHERE count <> 0"),
                     0);
    assert_int_equal(rows_differing(db, months, "SELECT * FROM alert_month WHERE opened <> 0"), 0);
    assert_int_equal(rows_differing(db, gave, "SELECT * FROM alert_gave"), 0);
}

static void counts_say_what_rows_say(void **state)
{
    (void)state;
    enum { STEPS = 6000 };
    struct sql *db = store_sql(store);
    instant at = instant_from_us(T0);
    const struct report alone = {.division = STR("6202"), .loss = 5};
    unsigned done = 0;
    unsigned again = 0;
    must(store_begin(store));
    for (unsigned step = 0; step < STEPS; step++) {
        arena_reset(&turn);
        struct command cmd = any_command(step);
        at = instant_add_us(at, (int64_t)roll(20) * US_PER_MIN);
        if (cmd.act == ACT_ALERT_ERASE)
            at = instant_add_us(at, roll(50) == 0 ? 91 * US_PER_DAY : 0);
        err e = store_apply(store, &cmd, at, &turn, NULL);
        if (cmd.act == ACT_ALERT_OPEN && !failed(e))
            opened[opened_count++] = step / 4;
        done += !failed(e);
        again += failed(e) && sql_is_constraint(e); /* one alert an episode, one hush a number */
        if (failed(e) && !sql_is_constraint(e) && e.code == ERR_OS)
            must(e);
        if (step % 500 == 0)
            counts_are_right(db);
    }
    counts_are_right(db);
    must(alerts_count_alone(store, &alone, at));
    must(alerts_count_alone(store, &alone, at));
    assert_int_equal(number_of(db, "SELECT sum(reported) * 100 + sum(lost) FROM alert_month"
                                   " WHERE tier = 'none' AND opened = 0"),
                     210);
    assert_in_range(done, STEPS / 5, STEPS);
    assert_in_range(again, 50, STEPS);
    assert_true(number_of(db, "SELECT count(*) FROM alert WHERE outcome = 'confirmed'") > 10);
    assert_true(number_of(db, "SELECT count(*) FROM alert WHERE pseudonym IS NULL") > 0);
    assert_true(number_of(db, "SELECT sum(right + wrong) FROM alert_gave") > 60);
    assert_true(number_of(db, "SELECT sum(forewarned_new) FROM alert_month") > 10);
    assert_true(number_of(db, "SELECT count(*) FROM whereabouts") > 10);
    assert_int_equal(number_of(db, "SELECT count(*) FROM whereabouts w JOIN alert a ON a.id ="
                                   " w.alert WHERE a.state = 'closed' AND w.state <> 'erased'"),
                     0);
    assert_int_equal(number_of(db, "SELECT count(*) FROM (SELECT pseudonym FROM alert WHERE state"
                                   " <> 'closed' AND pseudonym IS NOT NULL GROUP BY 1"
                                   " HAVING count(*) > 1)"),
                     0);
    store_rollback(store);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_hold_every_alert_once, open_store, close_store),
        cmocka_unit_test_setup_teardown(figures_are_what_rows_say, open_store, close_store),
        cmocka_unit_test_setup_teardown(counts_say_what_rows_say, open_store, close_store),
    };
    int64_t wanted = 0;
    if (argc > 1 && !failed(str_parse_i64(str_from_c(argv[1]), &wanted)))
        rows_wanted = (int)wanted;
    return cmocka_run_group_tests_name("store/alerts", tests, NULL, NULL);
}
