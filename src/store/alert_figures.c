/* SPDX-License-Identifier: Apache-2.0 */
#include "store/alert_figures.h"

#include "fact/division.h"

enum { LEAD_LEAST_S = 120 };

static err no_memory(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static void bind(struct sql_row *row, const struct figure_span *span,
                 const struct division_range *range)
{
    sql_bind_str(row, 1, str_from_c(range->low));
    sql_bind_str(row, 2, str_from_c(range->high));
    sql_bind_i64(row, 3, span->months[0]);
    sql_bind_i64(row, 4, span->months[1]);
}

/* --- what became of them --- */

static err take_rows(struct sql_row *row, struct arena *turn, struct figure_rows *rows)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        struct figure_row *r = &rows->at[rows->count++];
        r->division = sql_str(row, 0, turn);
        r->tier = sql_str(row, 1, turn);
        if (r->division.at == NULL || r->tier.at == NULL)
            return no_memory();
        for (unsigned i = 0; i < MARK_COUNT; i++)
            r->marks[i] = sql_i64(row, (int)i + 2);
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

#define SUM(NAME, column, n) ", sum(\"" column "\")"

err figures_rows(struct reader *reader, const struct figure_span *span, struct arena *turn,
                 struct figure_rows *ret_rows)
{
    struct sql_row *row = NULL;
    struct division_range range = division_range(span->scope);
    struct figure_rows rows = {.at = arena_make_array(turn, FIGURE_ROWS_MOST, sizeof *rows.at)};
    if (rows.at == NULL)
        return no_memory();
    TRY(sql_ask(reader_sql(reader),
                "SELECT \"division\", \"tier\"" ALERT_MARK_LIST(
                    SUM) " FROM alert_month WHERE \"division\" >= $1 AND \"division\" < $2"
                         " AND \"month\" >= $3 AND \"month\" <= $4"
                         " GROUP BY \"division\", \"tier\" ORDER BY 1, 2 LIMIT $5",
                &row));
    bind(row, span, &range);
    sql_bind_i64(row, 5, FIGURE_ROWS_MOST);
    err e = take_rows(row, turn, &rows);
    sql_done(&row);
    if (!failed(e))
        *ret_rows = rows;
    return e;
}

/* --- what was right --- */

static err take_names(struct sql_row *row, struct arena *turn, struct figure_names *names)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        struct figure_name *n = &names->at[names->count++];
        *n = (struct figure_name){.of = sql_str(row, 0, turn),
                                  .name = sql_str(row, 1, turn),
                                  .right = sql_i64(row, 2),
                                  .wrong = sql_i64(row, 3),
                                  .micro = sql_i64(row, 4)};
        if (n->of.at == NULL || n->name.at == NULL)
            return no_memory();
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

err figures_names(struct reader *reader, const struct figure_span *span, struct arena *turn,
                  struct figure_names *ret_names)
{
    struct sql_row *row = NULL;
    struct division_range range = division_range(span->scope);
    struct figure_names names = {.at = arena_make_array(turn, FIGURE_NAMES_MOST, sizeof *names.at)};
    if (names.at == NULL)
        return no_memory();
    TRY(sql_ask(reader_sql(reader),
                "SELECT \"of\", \"name\", sum(\"right\"), sum(\"wrong\"), sum(\"micro\")"
                " FROM alert_gave WHERE \"division\" >= $1 AND \"division\" < $2"
                " AND \"month\" >= $3 AND \"month\" <= $4 GROUP BY \"of\", \"name\""
                " ORDER BY 1, sum(\"right\" + \"wrong\") DESC, 2 LIMIT $5",
                &row));
    bind(row, span, &range);
    sql_bind_i64(row, 5, FIGURE_NAMES_MOST);
    err e = take_names(row, turn, &names);
    sql_done(&row);
    if (!failed(e))
        *ret_names = names;
    return e;
}

/* --- how long before --- */

static const char lead_sql[] =
    "WITH joined AS MATERIALIZED (SELECT \"lead_s\", \"is_warned\", \"lost\" FROM alert"
    " WHERE \"report\" IS NOT NULL AND \"opened_at\" >= $3 AND \"opened_at\" < $4"
    " AND \"division\" >= $1 AND \"division\" < $2),"
    " ranked AS (SELECT \"lead_s\", row_number() OVER (ORDER BY \"lead_s\") AS nth,"
    " count(*) OVER () AS n FROM joined WHERE \"is_warned\" = 1)"
    " SELECT coalesce(max(n), 0),"
    " coalesce(max(CASE WHEN nth = (n - 1) / 10 + 1 THEN \"lead_s\" END), 0),"
    " coalesce(max(CASE WHEN nth = (n + 1) / 2 THEN \"lead_s\" END), 0),"
    " coalesce(max(CASE WHEN nth = (n - 1) * 9 / 10 + 1 THEN \"lead_s\" END), 0),"
    " (SELECT coalesce(sum(\"lost\"), 0) FROM joined),"
    " (SELECT coalesce(sum(\"lost\"), 0) FROM joined WHERE \"is_warned\" = 1"
    " AND \"lead_s\" >= $5) FROM ranked";

err figures_lead(struct reader *reader, const struct figure_span *span,
                 struct figure_lead *ret_lead)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    struct division_range range = division_range(span->scope);
    TRY(sql_ask(reader_sql(reader), lead_sql, &row));
    sql_bind_str(row, 1, str_from_c(range.low));
    sql_bind_str(row, 2, str_from_c(range.high));
    sql_bind_i64(row, 3, span->from.us);
    sql_bind_i64(row, 4, span->until.us);
    sql_bind_i64(row, 5, LEAD_LEAST_S);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_lead = (struct figure_lead){.count = sql_i64(row, 0),
                                         .tenth_s = sql_i64(row, 1),
                                         .median_s = sql_i64(row, 2),
                                         .ninth_s = sql_i64(row, 3),
                                         .lost = sql_i64(row, 4),
                                         .lost_in_time = sql_i64(row, 5)};
    sql_done(&row);
    return e;
}
