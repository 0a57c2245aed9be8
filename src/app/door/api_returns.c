/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was stopped and what went back: published, counted from the records, with no person in it.
 * Of days that have ended, as was known when the last of them had: today's orders and receipts move
 * no figure before midnight, and nobody watches one of them arrive.
 *
 *   stopped   of each order first carried out in the time, the most its provider said it held; of a
 *             stop of a whole account no more than what it was for
 *   returned  the shares that providers paid in the time
 *   false     of those orders, lifted by a person or on an appeal, and not because the money went
 *             back
 */
#include "app/call/api_routes.h"

enum { RETURNS_DAYS = 365, LEAST_DAYS = 7 };

struct span {
    instant from;
    instant to;
    instant known; /* today has not begun: nothing is known of what came later */
};

static const char stopped_sql[] =
    "SELECT coalesce(sum(most), 0) FROM (SELECT max(CASE WHEN o.\"kind\" = 'stop' AND"
    " o.\"amount\" > 0 AND r.\"held\" > o.\"amount\" THEN o.\"amount\" ELSE r.\"held\" END) AS most"
    " FROM \"order\" o JOIN receipt r ON r.\"order\" = o.\"id\" AND r.\"provider\" ="
    " o.\"provider\" WHERE o.\"kind\" IN ('hold', 'stop', 'freeze') AND o.\"currency\" = $3"
    " AND o.\"executed_at\" >= $1 AND o.\"executed_at\" < $2 AND r.\"held\" > 0"
    " AND r.\"received_at\" < $4 AND NOT EXISTS (SELECT 1 FROM \"order\" h WHERE h.\"id\" ="
    " o.\"takes\" AND h.\"executed_at\" IS NOT NULL) GROUP BY o.\"id\") AS each_order";

static const char returned_sql[] =
    "SELECT coalesce(sum(s.\"amount\"), 0) FROM share s JOIN round r ON r.\"id\" = s.\"round\""
    " WHERE s.\"state\" = 'paid' AND s.\"settled_at\" >= $1 AND s.\"settled_at\" < $2"
    " AND r.\"currency\" = $3";

/* No round is closed and open: what is open was so when the last day ended. */
static const char rounds_sql[] = "SELECT coalesce(sum(\"computed_at\" < $2 AND (\"ended_at\" IS "
                                 "NULL OR \"ended_at\" >= $2)), 0),"
                                 " coalesce(sum(\"state\" = 'closed' AND \"ended_at\" >= $1 AND "
                                 "\"ended_at\" < $2), 0) FROM round"
                                 " WHERE \"currency\" = $3";

/* A hold and the freeze that took over its money are one. */
static const char false_stops_sql[] =
    "SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM ledger_leaf l WHERE l.\"record\" IN"
    " (o.\"id\", o.\"taker\") AND l.\"act\" = 'order.lift' AND l.\"actor\" <> 'centre' AND"
    " l.\"at\" < $4 AND NOT EXISTS (SELECT 1 FROM round r WHERE r.\"state\" = 'closed' AND"
    " r.\"ended_at\" = l.\"at\" AND (' ' || r.\"orders\" || ' ' LIKE '% ' || o.\"id\" || ' %' OR"
    " ' ' || r.\"orders\" || ' ' LIKE '% ' || o.\"taker\" || ' %')))), 0) FROM \"order\" o"
    " WHERE o.\"kind\" IN ('hold', 'stop', 'freeze') AND o.\"currency\" = $3"
    " AND o.\"executed_at\" >= $1 AND o.\"executed_at\" < $2 AND NOT EXISTS (SELECT 1 FROM"
    " \"order\" h WHERE h.\"id\" = o.\"takes\" AND h.\"executed_at\" IS NOT NULL)";

/* Median and the ninth of ten of what `of` gives as `us`. */
#define SPREAD(of)                                                                                 \
    "WITH each_one AS (" of "), ranked AS (SELECT us, row_number() OVER (ORDER BY us) AS nth,"     \
    " count(*) OVER () AS n FROM each_one) SELECT coalesce(max(n), 0),"                            \
    " coalesce(max(CASE WHEN nth = (n + 1) / 2 THEN us END), 0),"                                  \
    " coalesce(max(CASE WHEN nth = (n - 1) * 9 / 10 + 1 THEN us END), 0) FROM ranked"

static const char days_sql[] =
    SPREAD("SELECT s.\"settled_at\" - p.\"filed_at\" AS us FROM share s"
           " JOIN round r ON r.\"id\" = s.\"round\" JOIN claim c ON c.\"id\" = s.\"claim\""
           " JOIN report p ON p.\"id\" = c.\"report\" WHERE s.\"state\" = 'paid'"
           " AND s.\"settled_at\" >= $1 AND s.\"settled_at\" < $2 AND r.\"currency\" = $3");

static const char release_sql[] =
    SPREAD("SELECT \"released_at\" - \"ended_at\" AS us FROM \"order\" WHERE \"ask\" > 0"
           " AND \"released_at\" >= $1 AND \"released_at\" < $2 AND \"ended_at\" IS NOT NULL"
           " AND \"currency\" = $3");

static err ask(struct call *call, const char *sql, const struct span *span, int64_t ret_figures[3])
{
    struct sql_row *row = NULL;
    bool has_row = false;
    bool has_two = sql != stopped_sql && sql != returned_sql;
    bool has_three = sql == days_sql || sql == release_sql;
    bool asks_known = sql == stopped_sql || sql == false_stops_sql;
    TRY(sql_ask(api_sql(call), sql, &row));
    sql_bind_i64(row, 1, span->from.us);
    sql_bind_i64(row, 2, span->to.us);
    sql_bind_str(row, 3, call->house->law.currency);
    if (asks_known)
        sql_bind_i64(row, 4, span->known.us);
    err e = sql_next(row, &has_row);
    if (!failed(e)) {
        ret_figures[0] = sql_i64(row, 0);
        ret_figures[1] = has_two ? sql_i64(row, 1) : 0;
        ret_figures[2] = has_three ? sql_i64(row, 2) : 0;
    }
    sql_done(&row);
    return e;
}

static err put_money(struct call *call, struct json *j, const struct span *span)
{
    int64_t stopped[3];
    int64_t returned[3];
    TRY(ask(call, stopped_sql, span, stopped));
    TRY(ask(call, returned_sql, span, returned));
    json_put_i64(j, STR("stopped"), stopped[0]);
    json_put_i64(j, STR("returned"), returned[0]);
    if (stopped[0] > 0) {
        json_key(j, STR("ratio"));
        json_milli(j, (int64_t)((__int128)returned[0] * 1000 / stopped[0]));
    }
    return OK;
}

/* {"name a":n,"name b":n} */
static void put_pair(struct json *j, str key, const str names[2], const int64_t figures[3])
{
    json_key(j, key);
    json_object(j);
    json_put_i64(j, names[0], figures[0]);
    json_put_i64(j, names[1], figures[1]);
    json_end(j);
}

/* In units of `unit_us`, to the thousandth; only how many where there are none. */
static void put_spread(struct json *j, str key, const int64_t figures[3], int64_t unit_us)
{
    json_key(j, key);
    json_object(j);
    if (figures[0] > 0) {
        json_key(j, STR("median"));
        json_milli(j, figures[1] / (unit_us / 1000));
        json_key(j, STR("p90"));
        json_milli(j, figures[2] / (unit_us / 1000));
    }
    json_put_i64(j, STR("n"), figures[0]);
    json_end(j);
}

static err read_instant(struct call *call, const char *name, instant preset, instant *ret_at)
{
    str text = api_query(call, name);
    *ret_at = preset;
    if (str_is_empty(text))
        return OK;
    call->column = str_from_c(name);
    TRY(instant_parse(text, ret_at));
    call->column = STR("");
    return OK;
}

static instant day_begins(instant at, int zone_min)
{
    int64_t zone_us = zone_min * US_PER_MIN;
    int64_t local_us = at.us + zone_us;
    return instant_from_us(local_us - local_us % US_PER_DAY - zone_us);
}

/* To whole days of the profile's zone: no window is so narrow that it shows one order's amount. */
static void widen(struct span *span, instant now, int zone_min)
{
    span->known = day_begins(now, zone_min);
    span->from = day_begins(span->from, zone_min);
    span->to = instant_add_us(day_begins(span->to, zone_min), US_PER_DAY);
    if (span->to.us > span->known.us)
        span->to = span->known;
}

static err read_span(struct call *call, struct span *ret_span)
{
    instant now = clock_now(&call->house->clock);
    TRY(read_instant(call, "to", now, &ret_span->to));
    TRY(read_instant(call, "from", instant_add_us(ret_span->to, -RETURNS_DAYS * US_PER_DAY),
                     &ret_span->from));
    bool is_in_order = ret_span->from.us < ret_span->to.us;
    widen(ret_span, now, call->house->law.zone_min);
    if (is_in_order && ret_span->to.us - ret_span->from.us >= LEAST_DAYS * US_PER_DAY)
        return OK;
    call->column = STR("from");
    return fail(ERR_MALFORMED, "limit.range", 0);
}

err returns_get(struct call *call)
{
    struct span span = {0};
    struct api_json made;
    int64_t figures[3];
    int zone_min = call->house->law.zone_min;
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    TRY(read_span(call, &span));
    struct json *j = api_json(call, &made);
    json_put_instant(j, STR("from"), span.from, zone_min);
    json_put_instant(j, STR("to"), span.to, zone_min);
    json_put_str(j, STR("currency"), call->house->law.currency);
    TRY(put_money(call, j, &span));
    TRY(ask(call, rounds_sql, &span, figures));
    put_pair(j, STR("rounds"), (const str[2]){STR("open"), STR("closed")}, figures);
    TRY(ask(call, days_sql, &span, figures));
    put_spread(j, STR("days_to_return"), figures, US_PER_DAY);
    TRY(ask(call, false_stops_sql, &span, figures));
    put_pair(j, STR("false_stops"), (const str[2]){STR("of"), STR("n")}, figures);
    TRY(ask(call, release_sql, &span, figures));
    put_spread(j, STR("release_seconds"), figures, US_PER_S);
    return api_json_done(call, &made, 200);
}
