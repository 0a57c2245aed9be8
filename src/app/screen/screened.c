/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/screened.h"

#define X(name) [SCREENED_##name] = #name,
const char *const screened_outcome_words[SCREENED_COUNT + 1] = {SCREENED_OUTCOMES(X)};
static const char *const reasons[SIP_REASON_COUNT] = {
#undef X
#define X(name, help) [SIP_REASON_##name] = #name,
    SIP_REASONS(X)
#undef X
};

static const enum screened_outcome outcomes[SIP_SAID_COUNT] = {
    [SIP_SAID_pass] = SCREENED_passed,
    [SIP_SAID_warn] = SCREENED_announced,
    [SIP_SAID_reject] = SCREENED_blocked,
    [SIP_SAID_fine] = SCREENED_passed, /* of upkeep only, which is not counted here */
    [SIP_SAID_fault] = SCREENED_refused,
    [SIP_SAID_silence] = SCREENED_unanswered,
};

struct screened {
    struct house *house;
    size_t count; /* trunks */
    struct sip_trunk_counts *told;
    struct sip_trunk_counts *seen;
    int64_t day;     /* to which the next calls belong; 0: not yet known */
    int64_t look_us; /* monotonic: not before, unless the day or the house ends */
    bool is_failing; /* then the end of a day waits for that, too */
    struct env_word until_us;
};

err screened_make(struct house *house, struct screened **ret_screened)
{
    struct screened *s = arena_make(&house->boot, sizeof *s);
    size_t count = house->conf.sip_trunks.count;
    if (s == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *s = (struct screened){.house = house, .count = count};
    s->told = arena_make_array(&house->boot, count + 1, sizeof *s->told);
    s->seen = arena_make_array(&house->boot, count + 1, sizeof *s->seen);
    if (s->told == NULL || s->seen == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_screened = s;
    return OK;
}

/* --- adding --- */

static int64_t day_of(const struct house *house, instant at)
{
    return (at.us + house->law.zone_min * US_PER_MIN) / US_PER_DAY;
}

static bool see(struct screened *s, const struct sip_gate *gate)
{
    bool has_news = false;
    for (size_t i = 0; i < s->count; i++) {
        s->seen[i] = sip_gate_counts(gate, i);
        has_news |= memcmp(&s->seen[i], &s->told[i], sizeof *s->seen) != 0;
    }
    return has_news;
}

struct cell {
    size_t trunk;
    enum sip_reason reason;
    enum sip_said said;
};

static err add_cell(const struct screened *s, struct sql *db, struct cell c)
{
    const struct conf_trunk *trunk = &s->house->conf.sip_trunks.at[c.trunk];
    uint64_t calls =
        s->seen[c.trunk].answered[c.reason][c.said] - s->told[c.trunk].answered[c.reason][c.said];
    struct sql_row *row = NULL;
    if (calls == 0 || c.reason == SIP_REASON_upkeep)
        return OK;
    TRY(sql_ask(db,
                "INSERT INTO call_screened (\"day\", \"carrier\", \"trunk\", \"reason\","
                " \"outcome\", \"calls\") VALUES ($1, $2, $3, $4, $5, $6)"
                " ON CONFLICT (\"day\", \"carrier\", \"trunk\", \"reason\", \"outcome\") DO UPDATE"
                " SET \"calls\" = call_screened.\"calls\" + excluded.\"calls\"",
                &row));
    sql_bind_i64(row, 1, s->day);
    sql_bind_str(row, 2, trunk->carrier);
    sql_bind_str(row, 3, trunk->name);
    sql_bind_str(row, 4, str_from_c(reasons[c.reason]));
    sql_bind_str(row, 5, str_from_c(screened_outcome_words[outcomes[c.said]]));
    sql_bind_i64(row, 6, (int64_t)calls);
    return sql_finish(&row);
}

static err add_trunk(const struct screened *s, struct sql *db, size_t trunk)
{
    for (unsigned reason = 0; reason < SIP_REASON_COUNT; reason++)
        for (unsigned said = 0; said < SIP_SAID_COUNT; said++)
            TRY(add_cell(s, db, (struct cell){trunk, reason, said}));
    return OK;
}

static err add_all(const struct screened *s, struct sql *db)
{
    for (size_t i = 0; i < s->count; i++)
        TRY(add_trunk(s, db, i));
    return OK;
}

static err add(const struct screened *s, struct store *store, instant now)
{
    TRY(store_begin(store));
    err e = add_all(s, store_sql(store));
    if (!failed(e))
        return store_commit(store, now);
    store_rollback(store);
    return e;
}

err screened_keep(struct screened *s, const struct sip_gate *gate, struct store *store, instant now)
{
    int64_t day = day_of(s->house, now);
    int64_t us = env_monotonic_us();
    bool is_stopping = env_flag_is_up(&s->house->is_stopping);
    bool has_day_ended = s->day != day && !s->is_failing;
    if (us < s->look_us && !has_day_ended && !is_stopping)
        return OK;
    if (s->day == 0)
        s->day = day;
    err e = see(s, gate) ? add(s, store, now) : OK;
    s->look_us = us + SCREENED_EVERY_US;
    s->is_failing = failed(e);
    TRY(e);
    memcpy(s->told, s->seen, s->count * sizeof *s->told);
    s->day = day;
    env_word_put(&s->until_us, (uint64_t)now.us);
    return OK;
}

instant screened_until(const struct screened *s)
{
    return (instant){.us = (int64_t)env_word_read(&s->until_us)};
}

/* --- reading --- */

static void bind_ask(struct sql_row *row, const struct screened_ask *ask)
{
    sql_bind_i64(row, 1, ask->from_day);
    sql_bind_i64(row, 2, ask->to_day);
    sql_bind_str(row, 3, ask->carrier);
}

static void put_day(struct screened_days *days, struct sql_row *row, str outcome)
{
    int64_t day = sql_i64(row, 0);
    unsigned which = 0;
    if (days->count == 0 || days->at[days->count - 1].day != day)
        days->at[days->count++] = (struct screened_day){.day = day};
    if (word_parse(screened_outcome_words, outcome, &which))
        days->at[days->count - 1].calls[which] = sql_i64(row, 2);
}

err screened_read_days(struct sql *db, const struct screened_ask *ask,
                       struct screened_days *ret_days)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    ret_days->count = 0;
    TRY(sql_ask(db,
                "SELECT \"day\", \"outcome\", sum(\"calls\") FROM call_screened"
                " WHERE \"day\" BETWEEN $1 AND $2 AND ($3 = '' OR \"carrier\" = $3)"
                " GROUP BY \"day\", \"outcome\" ORDER BY \"day\"",
                &row));
    bind_ask(row, ask);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        put_day(ret_days, row, sql_peek(row, 1));
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

err screened_read_lines(struct sql *db, const struct screened_ask *ask, struct arena *a,
                        struct screened_lines *ret_lines)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    struct screened_lines made = {.at = arena_make_array(a, SCREENED_LINES_MOST, sizeof *made.at)};
    if (made.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(sql_ask(db,
                "SELECT \"carrier\", \"trunk\", \"reason\", \"outcome\", sum(\"calls\") AS \"sum\""
                " FROM call_screened"
                " WHERE \"day\" BETWEEN $1 AND $2 AND ($3 = '' OR \"carrier\" = $3)"
                " GROUP BY \"carrier\", \"trunk\", \"reason\", \"outcome\""
                " ORDER BY \"carrier\", \"trunk\", \"sum\" DESC, \"reason\", \"outcome\"",
                &row));
    bind_ask(row, ask);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && made.count < SCREENED_LINES_MOST) {
        made.at[made.count++] = (struct screened_line){
            .carrier = sql_str(row, 0, a),
            .trunk = sql_str(row, 1, a),
            .reason = sql_str(row, 2, a),
            .outcome = sql_str(row, 3, a),
            .calls = sql_i64(row, 4),
        };
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    *ret_lines = made;
    return e;
}
