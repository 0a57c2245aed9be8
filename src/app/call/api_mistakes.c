/* SPDX-License-Identifier: Apache-2.0 */
/*
 * False blocks: what was in force against somebody until a person lifted it. Counts only.
 *
 * They are read from the leaves of lifts, which stay when the listing is erased. What a list no
 * longer says, what a source's end takes with it and what expires are other acts: no mistakes.
 */
#include "app/call/api_mistakes.h"

#include "app/call/api_routes.h"
#include "tally/interval.h"

enum { MISTAKES_MOST = 10000, MISTAKES_DAYS = 366 };

/* $1: since when; $2: at most so many, the newest; $3: only of this source, or empty. The + keeps
 * the planner from walking every granted appeal for each lift. */
#define LIFTS                                                                                      \
    "WITH leaf AS MATERIALIZED (SELECT \"record\", \"at\" FROM ledger_leaf"                        \
    " WHERE \"act\" = 'listing.lift' AND \"at\" >= $1 ORDER BY \"at\" DESC LIMIT $2),"             \
    " lift AS MATERIALIZED (SELECT leaf.\"at\" AS at_us,"                                          \
    " max(0, leaf.\"at\" - max(l.\"from\", coalesce(l.\"decided_at\", l.\"from\"))) AS span_us,"   \
    " CASE WHEN l.\"source_id\" IS NOT NULL THEN 'list'"                                           \
    " WHEN l.\"batch\" IS NOT NULL THEN 'feed' ELSE 'person' END AS way,"                          \
    " EXISTS (SELECT 1 FROM appeal a WHERE a.\"listing\" = l.\"id\""                               \
    " AND +a.\"state\" = 'granted') AS on_appeal"                                                  \
    " FROM leaf JOIN listing l ON l.\"id\" = leaf.\"record\""                                      \
    " WHERE l.\"action\" <> 'allow' AND ($3 = '' OR l.\"source_id\" = $3))"

/* Each month and way, and before them all of it, under no month. $4: the profile's zone. */
static const char by_month[] = LIFTS
    ", keyed AS (SELECT strftime('%Y-%m', at_us / 1000000 + $4 * 60, 'unixepoch') AS month,"
    " way, span_us, on_appeal FROM lift UNION ALL SELECT '', '', span_us, on_appeal FROM lift),"
    " ranked AS (SELECT *, row_number() OVER one AS nth, count(*) OVER"
    " (PARTITION BY month, way) AS n FROM keyed"
    " WINDOW one AS (PARTITION BY month, way ORDER BY span_us))"
    " SELECT month, way, n, sum(on_appeal),"
    " CAST(avg(CASE WHEN nth IN ((n + 1) / 2, n / 2 + 1) THEN span_us END) AS INTEGER)"
    " FROM ranked GROUP BY month, way ORDER BY month = '' DESC, month DESC, way";

static const char of_source[] =
    LIFTS " SELECT count(*), coalesce(sum(on_appeal), 0), (SELECT coalesce(sum(\"entered\"), 0)"
          " FROM batch WHERE \"source_id\" = $3) FROM lift";

static void bind(struct call *call, struct sql_row *row, str source)
{
    instant now = clock_now(&call->house->clock);
    sql_bind_i64(row, 1, instant_add_us(now, -MISTAKES_DAYS * US_PER_DAY).us);
    sql_bind_i64(row, 2, MISTAKES_MOST);
    sql_bind_str(row, 3, source);
}

/* Of the entries, how many no person had to lift; nothing of a list that has none yet. What was
 * lifted may have entered more than a year ago: then it is one of those, too. */
static void put_share(struct json *j, int64_t lifted, int64_t entered)
{
    int64_t of = entered < lifted ? lifted : entered;
    if (of == 0)
        return;
    struct interval between = interval_wilson(of - lifted, of);
    json_key(j, STR("low_percent"));
    json_milli(j, between.low_milli);
    json_key(j, STR("high_percent"));
    json_milli(j, between.high_milli);
}

err mistakes_put_source(struct call *call, struct json *j, str source)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(api_sql(call), of_source, &row));
    bind(call, row, source);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row) {
        json_key(j, STR("mistakes"));
        json_object(j);
        json_put_i64(j, STR("count"), sql_i64(row, 0));
        json_put_i64(j, STR("on_appeal"), sql_i64(row, 1));
        json_put_i64(j, STR("entered"), sql_i64(row, 2));
        put_share(j, sql_i64(row, 0), sql_i64(row, 2));
        json_end(j);
    }
    sql_done(&row);
    return e;
}

static void put_counts(struct json *j, struct sql_row *row)
{
    json_put_i64(j, STR("count"), sql_i64(row, 2));
    json_put_i64(j, STR("on_appeal"), sql_i64(row, 3));
    json_put_i64(j, STR("median_s"), sql_i64(row, 4) / US_PER_S);
}

static void put_month(struct json *j, struct sql_row *row)
{
    json_object(j);
    json_put_str(j, STR("month"), sql_peek(row, 0));
    json_put_str(j, STR("way"), sql_peek(row, 1));
    put_counts(j, row);
    json_end(j);
}

/* The first row is the total; there is none where nothing was lifted. */
static err put_months(struct json *j, struct sql_row *row)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    bool is_cut = has_row && sql_i64(row, 2) >= MISTAKES_MOST;
    json_put_bool(j, STR("is_cut"), is_cut);
    if (has_row) {
        json_key(j, STR("total"));
        json_object(j);
        put_counts(j, row);
        json_end(j);
        TRY(sql_next(row, &has_row));
    }
    json_key(j, STR("items"));
    json_array(j);
    while (has_row) {
        put_month(j, row);
        TRY(sql_next(row, &has_row));
    }
    json_end(j);
    return OK;
}

err mistakes_get(struct call *call)
{
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    struct sql_row *row = NULL;
    struct api_json made;
    struct json *j = api_json(call, &made);
    TRY(sql_ask(api_sql(call), by_month, &row));
    bind(call, row, STR(""));
    sql_bind_i64(row, 4, call->house->law.zone_min);
    err e = put_months(j, row);
    sql_done(&row);
    TRY(e);
    return api_json_done(call, &made, 200);
}
