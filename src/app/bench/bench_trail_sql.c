/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/bench_trail_sql.h"

#include "store/sql.h"

static err put_rows(struct sql *db, const struct bench_sql_world *w)
{
    TRY(sql_run(db, "BEGIN IMMEDIATE"));
    for (uint32_t i = 0; i < w->count; i++) {
        struct sql_row *row = NULL;
        TRY(sql_ask(db,
                    "INSERT INTO transfer (\"id\", \"payer\", \"payee\", \"at\")"
                    " VALUES ($1, $2, $3, $4)",
                    &row));
        sql_bind_i64(row, 1, i);
        sql_bind_i64(row, 2, w->rows[i].from);
        sql_bind_i64(row, 3, w->rows[i].to);
        sql_bind_i64(row, 4, row_time_ms(&w->rows[i]));
        TRY(sql_finish(&row));
    }
    TRY(sql_run(db, "COMMIT"));
    return sql_run(db, "CREATE INDEX transfer_by_payer ON transfer"
                       " (\"payer\", \"at\", \"id\", \"payee\")");
}

static err trace(struct sql *db, const struct bench_sql_world *w, const struct reach_start *start,
                 uint64_t *found)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(db,
                "WITH RECURSIVE t (layer, id, payee, at) AS (SELECT 0, -1, $1, $2 UNION"
                " SELECT t.layer + 1, x.\"id\", x.\"payee\", x.\"at\" FROM t CROSS JOIN transfer x"
                " WHERE t.layer < $3 AND x.\"id\" IN (SELECT y.\"id\" FROM transfer y"
                " WHERE y.\"payer\" = t.payee AND y.\"at\" > t.at AND y.\"at\" <= t.at + $4"
                " ORDER BY y.\"at\", y.\"id\" LIMIT $5)) SELECT count(*) - 1 FROM t",
                &row));
    sql_bind_i64(row, 1, start->account);
    sql_bind_i64(row, 2, start->time_ms);
    sql_bind_i64(row, 3, w->settings->layers);
    sql_bind_i64(row, 4, w->settings->window_ms);
    sql_bind_i64(row, 5, w->settings->first);
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *found += (uint64_t)sql_i64(row, 0);
    sql_done(&row);
    return e;
}

static err time_all(struct sql *db, const struct bench_sql_world *w,
                    struct bench_sql_timing *ret_timing)
{
    TRY(sql_run(db, "CREATE TABLE transfer (\"id\" INTEGER PRIMARY KEY, \"payer\" INTEGER NOT NULL,"
                    " \"payee\" INTEGER NOT NULL, \"at\" INTEGER NOT NULL)"));
    TRY(put_rows(db, w));
    *ret_timing = (struct bench_sql_timing){0};
    int64_t began = env_cpu_us();
    for (uint32_t i = 0; i < w->victim_count; i++)
        TRY(trace(db, w, &w->victims[i], &ret_timing->found));
    ret_timing->mean_us = (double)(env_cpu_us() - began) / w->victim_count;
    return OK;
}

err bench_trail_sql(const struct bench_sql_world *w, struct bench_sql_timing *ret_timing)
{
    struct sql *db = NULL;
    TRY(sql_open(":memory:", SQL_ALONE, NULL, &db));
    err e = time_all(db, w, ret_timing);
    sql_close(db);
    return e;
}
