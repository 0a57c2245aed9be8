/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/tips_told.h"

#include "app/door/outcomes.h"
#include "tally/interval.h"

enum { PROGRAMS_SHOWN = 20 };

static int64_t day_of(const struct call *call, instant at)
{
    return (at.us + call->house->law.zone_min * 60 * US_PER_S) / US_PER_DAY;
}

/* Seconds. */
static uint32_t left_of_day(const struct call *call, instant at)
{
    int64_t us = at.us + call->house->law.zone_min * 60 * US_PER_S;
    return (uint32_t)((US_PER_DAY - us % US_PER_DAY) / US_PER_S) + 1;
}

static err pseudonym(struct call *call, const char *what, const str words[2], str *ret_name)
{
    struct text t;
    text_init(&t, &call->arena);
    text_put(&t, words[0]);
    text_put_char(&t, ' ');
    text_put(&t, words[1]);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    return seal_name(&call->house->seal, str_from_c(what), text_str(&t), &call->arena, ret_name);
}

/* --- how much a source has told --- */

struct day_share {
    str source; /* a pseudonym of this day */
    str program;
    bool is_spoken;
    int64_t day;
    int64_t most;
    int64_t told;
};

static err read_share(struct store *store, struct day_share *s)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store),
                "SELECT \"told\" FROM tip_day WHERE \"day\" = $1 AND \"source\" = $2", &row));
    sql_bind_i64(row, 1, s->day);
    sql_bind_str(row, 2, s->source);
    err e = sql_next(row, &has_row);
    s->told = !failed(e) && has_row ? sql_i64(row, 0) : 0;
    sql_done(&row);
    return e;
}

static err write_share(struct store *store, const struct day_share *s, int64_t told, int64_t beyond)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(
        store_sql(store),
        "INSERT INTO tip_day VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (\"day\", \"source\")"
        " DO UPDATE SET \"told\" = tip_day.\"told\" + excluded.\"told\","
        " \"beyond\" = tip_day.\"beyond\" + excluded.\"beyond\"",
        &row));
    sql_bind_i64(row, 1, s->day);
    sql_bind_str(row, 2, s->source);
    if (str_is_empty(s->program))
        sql_bind_null(row, 3);
    else
        sql_bind_str(row, 3, s->program);
    sql_bind_i64(row, 4, s->is_spoken);
    sql_bind_i64(row, 5, told);
    sql_bind_i64(row, 6, beyond);
    return sql_finish(&row);
}

static err forget_days(struct store *store, int64_t day)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store), "DELETE FROM tip_day WHERE \"day\" < $1", &row));
    sql_bind_i64(row, 1, day);
    return sql_finish(&row);
}

/* A program as a whole, and whom it speaks for; or an address. */
static err shares_of(struct call *call, const struct tips_told *told, int64_t day,
                     struct day_share ret_shares[2], size_t *ret_count)
{
    struct text when;
    bool is_program = !str_is_empty(told->program);
    size_t n = 0;
    text_init(&when, &call->arena);
    text_put_i64(&when, day);
    if (is_program) {
        ret_shares[n] = (struct day_share){
            .program = told->program, .day = day, .most = call->house->conf.tips_program_day};
        TRY(pseudonym(call, "tip.program", (str[]){text_str(&when), told->program},
                      &ret_shares[n++].source));
    }
    if (!str_is_empty(told->source)) {
        ret_shares[n] = (struct day_share){
            .program = STR(""), .is_spoken = is_program, .day = day, .most = TIPS_A_DAY};
        TRY(pseudonym(call, is_program ? "tip.spoken" : "tip.address",
                      (str[]){text_str(&when), told->source}, &ret_shares[n++].source));
    }
    *ret_count = n;
    return OK;
}

static err take_shares(struct call *call, struct store *store, instant at, struct tips_told *told)
{
    struct day_share shares[2];
    size_t count = 0;
    int64_t n = (int64_t)told->count;
    int64_t may = n;
    TRY(shares_of(call, told, day_of(call, at), shares, &count));
    TRY(forget_days(store, day_of(call, at)));
    for (size_t i = 0; i < count; i++) {
        TRY(read_share(store, &shares[i]));
        int64_t left = shares[i].most - shares[i].told;
        may = left < may ? left : may;
    }
    if (may < n && (!told->is_in_part || may < 0))
        may = 0;
    for (size_t i = 0; i < count; i++)
        TRY(write_share(store, &shares[i], may, n - may));
    told->count = (size_t)may;
    if (may == 0 && n > 0)
        api_problem(call, fail(ERR_BUSY, "tip.too_many", left_of_day(call, at)));
    return OK;
}

/* --- one thing --- */

static err find_tip(struct call *call, struct store *store, const struct indicator *thing,
                    str *ret_id)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    *ret_id = STR("");
    TRY(sql_ask(store_sql(store), "SELECT \"id\" FROM tip WHERE \"kind\" = $1 AND \"value\" = $2",
                &row));
    sql_bind_str(row, 1, str_from_c(indicator_kind_words[thing->kind]));
    sql_bind_str(row, 2, thing->value);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_id = sql_str(row, 0, &call->arena);
    sql_done(&row);
    return e;
}

/* Before the tip that is not there yet, there is no source of it. */
static err knows_source(struct store *store, str tip, str source, bool *ret_knows)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store), "SELECT 1 FROM tip_source WHERE \"tip\" = $1 AND \"source\" = $2",
                &row));
    sql_bind_str(row, 1, tip);
    sql_bind_str(row, 2, source);
    err e = sql_next(row, ret_knows);
    sql_done(&row);
    return e;
}

static err note_source(struct store *store, str tip, str source)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store), "INSERT INTO tip_source VALUES ($1, $2)", &row));
    sql_bind_str(row, 1, tip);
    sql_bind_str(row, 2, source);
    return sql_finish(&row);
}

static err note_program(struct store *store, str tip, str program)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store), "INSERT INTO tip_program VALUES ($1, $2) ON CONFLICT DO NOTHING",
                &row));
    sql_bind_str(row, 1, tip);
    sql_bind_str(row, 2, program);
    return sql_finish(&row);
}

static err tell_one(struct call *call, struct store *store, instant at,
                    const struct tips_told *told, const struct indicator *thing)
{
    bool is_known = false;
    str source = {0};
    struct command cmd = {
        .act = ACT_TIP_TELL,
        .actor = {.user = STR("public"), .division = STR(""), .kind = ACTOR_PUBLIC}
    };
    TRY(find_tip(call, store, thing, &cmd.record));
    if (str_is_empty(cmd.record))
        cmd.record = store_id(store, at, &call->arena);
    struct text who;
    text_init(&who, &call->arena);
    text_put(&who, told->program);
    text_put_char(&who, ' ');
    text_put(&who, told->source);
    TRY(pseudonym(call, "tip.source", (str[]){cmd.record, text_str(&who)}, &source));
    TRY(knows_source(store, cmd.record, source, &is_known));
    if (is_known)
        return OK;
    cmd.body.tip = (struct tip){.kind = thing->kind,
                                .value = thing->value,
                                .by_programs = !str_is_empty(told->program),
                                .division = store_centre(store)->division};
    TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    TRY(note_source(store, cmd.record, source));
    return str_is_empty(told->program) ? OK : note_program(store, cmd.record, told->program);
}

err tips_tell(struct call *call, struct store *store, instant at, struct tips_told *told)
{
    TRY(take_shares(call, store, at, told));
    for (size_t i = 0; i < told->count; i++)
        TRY(tell_one(call, store, at, told, &told->things[i]));
    return OK;
}

/* --- what the queue says of today --- */

static err put_programs(struct call *call, struct json *j, int64_t day)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(api_sql(call),
                "SELECT u.\"name\", d.\"told\", d.\"beyond\" FROM tip_day d JOIN user_account u ON"
                " u.\"id\" = d.\"program\" WHERE d.\"day\" = $1 AND d.\"beyond\" > 0"
                " ORDER BY d.\"beyond\" DESC, u.\"name\" LIMIT $2",
                &row));
    sql_bind_i64(row, 1, day);
    sql_bind_i64(row, 2, PROGRAMS_SHOWN);
    json_key(j, STR("programs"));
    json_array(j);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        json_object(j);
        json_put_str(j, STR("name"), sql_peek(row, 0));
        json_put_i64(j, STR("told"), sql_i64(row, 1));
        json_put_i64(j, STR("beyond"), sql_i64(row, 2));
        json_end(j);
        e = sql_next(row, &has_row);
    }
    json_end(j);
    sql_done(&row);
    return e;
}

/* What a program passes on counts once: with the program, not again with whom it speaks for. */
err tips_put_today(struct call *call, struct json *j)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    int64_t day = day_of(call, clock_now(&call->house->clock));
    TRY(sql_ask(api_sql(call),
                "SELECT coalesce(sum(\"told\"), 0), coalesce(sum(\"beyond\"), 0) FROM tip_day"
                " WHERE \"day\" = $1 AND \"is_spoken\" = 0",
                &row));
    sql_bind_i64(row, 1, day);
    err e = sql_next(row, &has_row);
    json_key(j, STR("today"));
    json_object(j);
    if (!failed(e) && has_row) {
        json_put_i64(j, STR("told"), sql_i64(row, 0));
        json_put_i64(j, STR("beyond"), sql_i64(row, 1));
    }
    sql_done(&row);
    if (!failed(e))
        e = put_programs(call, j, day);
    json_end(j);
    return e;
}

/* --- what programs are worth --- */

static void put_milli(struct json *j, str key, int64_t milli)
{
    json_key(j, key);
    json_milli(j, milli);
}

static void put_source(struct json *j, struct sql_row *row)
{
    int64_t right = sql_i64(row, 1);
    int64_t of = right + sql_i64(row, 2);
    json_object(j);
    json_put_str(j, STR("name"), sql_peek(row, 0));
    json_put_i64(j, STR("right"), right);
    json_put_i64(j, STR("wrong"), of - right);
    json_put_i64(j, STR("waiting"), sql_i64(row, 3));
    if (of > 0) {
        struct interval between = interval_wilson(right, of);
        put_milli(j, STR("share_percent"), interval_share_milli(right, of));
        put_milli(j, STR("low_percent"), between.low_milli);
        put_milli(j, STR("high_percent"), between.high_milli);
    }
    json_end(j);
}

err tips_put_sources(struct call *call, struct json *j)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(api_sql(call),
                "SELECT u.\"name\", count(*) FILTER (WHERE l.\"state\" IN ('in_force', 'expired')),"
                " count(*) FILTER (WHERE t.\"state\" = 'dismissed' OR l.\"state\" IN ('refused', "
                "'lifted')),"
                " count(*) FILTER (WHERE t.\"state\" = 'open' OR l.\"state\" = 'proposed')"
                " FROM tip_program p JOIN tip t ON t.\"id\" = p.\"tip\""
                " JOIN user_account u ON u.\"id\" = p.\"program\""
                " LEFT JOIN listing l ON l.\"id\" = t.\"listing\""
                " WHERE t.\"first_at\" > $1 GROUP BY u.\"name\" ORDER BY 2 DESC, 1 LIMIT $2",
                &row));
    sql_bind_i64(row, 1, clock_now(&call->house->clock).us - OUTCOME_DAYS * US_PER_DAY);
    sql_bind_i64(row, 2, PROGRAMS_SHOWN);
    json_key(j, STR("sources"));
    json_array(j);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        put_source(j, row);
        e = sql_next(row, &has_row);
    }
    json_end(j);
    sql_done(&row);
    return e;
}
