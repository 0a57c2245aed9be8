/* SPDX-License-Identifier: Apache-2.0 */
/* What alerts are counted as, in the transaction that changes them. */
#include "store/alert_figures.h"
#include "store/part.h"

#include <assert.h>
#include <stdio.h>

int64_t alerts_day(const struct law_profile *law, instant at)
{
    int64_t local_us = at.us + law->zone_min * US_PER_MIN;
    return local_us / US_PER_DAY; /* since 1970: never before */
}

static int64_t month_of(const struct store *store, instant at)
{
    struct civil c = instant_civil(at, (int)store->law->zone_min);
    return alert_month(c.year, c.month);
}

/* --- how many are in which state --- */

/* One more of these. */
static err add_state(struct store *store, const struct alert *a)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO alert_count (\"division\", \"state\", \"tier\", \"count\")"
                " VALUES ($1, $2, $3, 1) ON CONFLICT (\"division\", \"state\", \"tier\")"
                " DO UPDATE SET \"count\" = alert_count.\"count\" + 1",
                &row));
    sql_bind_str(row, 1, a->division);
    sql_bind_str(row, 2, str_from_c(alert_state_words[a->state]));
    sql_bind_str(row, 3, str_from_c(alert_tier_words[a->tier]));
    return sql_finish(&row);
}

static err take_state(struct store *store, const struct alert *a)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "UPDATE alert_count SET \"count\" = \"count\" - 1 WHERE \"division\" = $1"
                " AND \"state\" = $2 AND \"tier\" = $3",
                &row));
    sql_bind_str(row, 1, a->division);
    sql_bind_str(row, 2, str_from_c(alert_state_words[a->state]));
    sql_bind_str(row, 3, str_from_c(alert_tier_words[a->tier]));
    return sql_finish(&row);
}

static err move_state(struct store *store, const struct alert *before, const struct alert *after)
{
    bool is_same = before != NULL && before->state == after->state && before->tier == after->tier;
    if (is_same)
        return OK;
    TRY(add_state(store, after));
    return before == NULL ? OK : take_state(store, before);
}

/* --- the day's budget --- */

static bool is_admitted(const struct alert *a)
{
    return a->withheld == WITHHELD_NONE;
}

static err add_day(struct store *store, const struct alert *a, int64_t change)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO alert_day (\"day\", \"tier\", \"count\") VALUES ($1, $2, $3)"
                " ON CONFLICT (\"day\", \"tier\")"
                " DO UPDATE SET \"count\" = alert_day.\"count\" + excluded.\"count\"",
                &row));
    sql_bind_i64(row, 1, alerts_day(store->law, a->opened_at));
    sql_bind_str(row, 2, str_from_c(alert_tier_words[a->highest]));
    sql_bind_i64(row, 3, change);
    return sql_finish(&row);
}

static err move_day(struct store *store, const struct alert *before, const struct alert *after)
{
    bool was = before != NULL && is_admitted(before);
    if (was && is_admitted(after) && before->highest == after->highest)
        return OK;
    if (was)
        TRY(add_day(store, before, -1));
    return is_admitted(after) ? add_day(store, after, 1) : OK;
}

/* --- what became of those of a month --- */

static void count_reports(const struct alert *a, int64_t marks[MARK_COUNT])
{
    bool is_reported = !str_is_empty(a->report);
    bool is_forewarned = is_reported && a->is_warned != 0 && a->lead_s > 0;
    bool is_found = a->outcome == OUTCOME_CONFIRMED;
    marks[MARK_REPORTED] = is_reported;
    marks[MARK_FOREWARNED] = is_forewarned;
    marks[MARK_REPORTED_NEW] = is_reported && !is_found;
    marks[MARK_FOREWARNED_NEW] = is_forewarned && !is_found;
    marks[MARK_LOST] = a->lost;
}

static void count_outcome(const struct alert *a, int64_t marks[MARK_COUNT])
{
    static const enum mark agreed[] = {[OUTCOME_CONFIRMED] = MARK_CONFIRMED_AGREED,
                                       [OUTCOME_REFUTED] = MARK_REFUTED_AGREED,
                                       [OUTCOME_UNREACHABLE] = MARK_UNREACHABLE_AGREED};
    static const enum mark differed[] = {[OUTCOME_CONFIRMED] = MARK_CONFIRMED_DIFFERED,
                                         [OUTCOME_REFUTED] = MARK_REFUTED_DIFFERED,
                                         [OUTCOME_UNREACHABLE] = MARK_UNREACHABLE_DIFFERED};
    marks[MARK_FADED] = a->ending == ENDING_FADED;
    if (a->outcome == OUTCOME_NONE)
        return;
    marks[MARK_CONFIRMED] = a->outcome == OUTCOME_CONFIRMED;
    marks[MARK_REFUTED] = a->outcome == OUTCOME_REFUTED;
    marks[MARK_UNREACHABLE] = a->outcome == OUTCOME_UNREACHABLE;
    marks[MARK_SAVED] = a->saved;
    marks[MARK_PAID] = str_is_empty(a->report) ? a->paid : 0; /* else the report says it */
    marks[agreed[a->outcome]] = a->checking == CHECKING_AGREED;
    marks[differed[a->outcome]] = a->checking == CHECKING_DIFFERED;
}

static void marks_of(const struct alert *a, int64_t marks[MARK_COUNT])
{
    bool is_reached = a->reached_at.us != 0;
    for (unsigned i = 0; i < MARK_COUNT; i++)
        marks[i] = 0;
    marks[MARK_OPENED] = 1;
    marks[MARK_ADMITTED] = is_admitted(a);
    marks[MARK_HUSHED] = a->withheld == WITHHELD_HUSHED;
    marks[MARK_OVER_DAY] = a->withheld == WITHHELD_DAY;
    marks[MARK_OVER_NUMBER] = a->withheld == WITHHELD_NUMBER;
    marks[MARK_HELD_BACK] = a->withheld == WITHHELD_BACK;
    marks[MARK_TAKEN] = a->taken_at.us != 0;
    marks[MARK_REACHED] = is_reached;
    marks[MARK_IN_TIME] = is_reached && a->due_at.us != 0 && a->reached_at.us <= a->due_at.us;
    marks[MARK_LATE] = a->told_at.us != 0;
    count_outcome(a, marks);
    count_reports(a, marks);
}

/* Where an alert is counted. */
struct place {
    str division;
    str tier;
    int64_t month;
};

static struct place place_of(const struct store *store, const struct alert *a)
{
    return (struct place){a->division, str_from_c(alert_tier_words[a->highest]),
                          month_of(store, a->opened_at)};
}

#define COLUMN(NAME, column, n) ", \"" column "\""
#define VALUE(NAME, column, n)  ", $" n
#define ADDED(NAME, column, n)                                                                     \
    ", \"" column "\" = alert_month.\"" column "\" + excluded.\"" column "\""

static err add_marks(struct store *store, const struct place *p, const int64_t marks[MARK_COUNT])
{
    struct sql_row *row = NULL;
    bool is_nothing = true;
    for (unsigned i = 0; i < MARK_COUNT; i++)
        is_nothing = is_nothing && marks[i] == 0;
    if (is_nothing)
        return OK;
    TRY(sql_ask(
        store->db,
        "INSERT INTO alert_month (\"division\", \"tier\", \"month\"" ALERT_MARK_LIST(
            COLUMN) ") VALUES ($1, $2, $3" ALERT_MARK_LIST(VALUE) ") ON CONFLICT"
                                                                  " (\"division\", \"tier\", "
                                                                  "\"month\") DO UPDATE SET "
                                                                  "\"month\" ="
                                                                  " alert_month."
                                                                  "\"month\"" ALERT_MARK_LIST(
                                                                      ADDED),
        &row));
    sql_bind_str(row, 1, p->division);
    sql_bind_str(row, 2, p->tier);
    sql_bind_i64(row, 3, p->month);
    for (unsigned i = 0; i < MARK_COUNT; i++)
        sql_bind_i64(row, (int)i + 4, marks[i]);
    return sql_finish(&row);
}

/* One that rose is counted under its new tier, with all that was said of it. */
static err move_marks(struct store *store, const struct alert *before, const struct alert *after)
{
    int64_t was[MARK_COUNT] = {0};
    int64_t is[MARK_COUNT];
    struct place now = place_of(store, after);
    marks_of(after, is);
    if (before != NULL) {
        struct place then = place_of(store, before);
        bool is_moved = before->highest != after->highest;
        marks_of(before, was);
        for (unsigned i = 0; i < MARK_COUNT; i++) {
            was[i] = -was[i];
            is[i] += is_moved ? 0 : was[i];
        }
        if (is_moved)
            TRY(add_marks(store, &then, was));
    }
    return add_marks(store, &now, is);
}

err alerts_count_alone(struct store *store, const struct report *report, instant at)
{
    int64_t marks[MARK_COUNT] = {[MARK_REPORTED] = 1, [MARK_LOST] = report->loss};
    const struct place p = {report->division, STR(ALERT_TIER_NONE), month_of(store, at)};
    return add_marks(store, &p, marks);
}

/* --- what was right --- */

static err add_gave(struct store *store, const struct alert *a, const char *of, str name)
{
    struct sql_row *row = NULL;
    bool is_right = a->outcome == OUTCOME_CONFIRMED;
    TRY(sql_ask(store->db,
                "INSERT INTO alert_gave (\"division\", \"of\", \"name\", \"month\", \"right\","
                " \"wrong\", \"micro\") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT"
                " (\"division\", \"of\", \"name\", \"month\") DO UPDATE SET"
                " \"right\" = alert_gave.\"right\" + excluded.\"right\","
                " \"wrong\" = alert_gave.\"wrong\" + excluded.\"wrong\","
                " \"micro\" = alert_gave.\"micro\" + excluded.\"micro\"",
                &row));
    sql_bind_str(row, 1, a->division);
    sql_bind_str(row, 2, str_from_c(of));
    sql_bind_str(row, 3, name);
    sql_bind_i64(row, 4, month_of(store, a->opened_at));
    sql_bind_i64(row, 5, is_right);
    sql_bind_i64(row, 6, !is_right);
    sql_bind_i64(row, 7, a->risen_micro);
    return sql_finish(&row);
}

static err add_number(struct store *store, const struct alert *a, const char *of, int64_t number)
{
    char room[24];
    int size = snprintf(room, sizeof room, "%lld", (long long)number);
    return add_gave(store, a, of, str_make(room, (size_t)size));
}

/* Once: an outcome is said once, of what it was when it rose last. */
static err count_right(struct store *store, const struct alert *before, const struct alert *after)
{
    bool is_new = before != NULL && before->outcome == OUTCOME_NONE;
    bool is_said = after->outcome == OUTCOME_CONFIRMED || after->outcome == OUTCOME_REFUTED;
    if (!is_new || !is_said || str_is_empty(after->cause))
        return OK;
    int64_t bin = after->risen_micro * ALERT_BINS / 1000000;
    TRY(add_gave(store, after, "signal", after->cause));
    TRY(add_number(store, after, "source", after->source));
    return add_number(store, after, "bin", bin < ALERT_BINS ? bin : ALERT_BINS - 1);
}

err alerts_count(struct store *store, const struct alert *before, const struct alert *after)
{
    TRY(move_state(store, before, after));
    TRY(move_day(store, before, after));
    TRY(move_marks(store, before, after));
    return count_right(store, before, after);
}
