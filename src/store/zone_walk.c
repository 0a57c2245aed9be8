/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the zone back: at start, for the gate that serves it. */
#include "store/zone.h"

err zone_walk_names(struct sql *db, const struct zone_walk *walk)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, "SELECT \"owner\", \"policy\" FROM rpz_name ORDER BY \"owner\"", &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        e = walk->name(walk->self, sql_peek(row, 0), sql_peek(row, 1));
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

err zone_walk_changes(struct sql *db, uint32_t since, const struct zone_walk *walk)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"serial\", \"owner\", \"before\", \"after\" FROM rpz_change"
                " WHERE \"serial\" > $1 ORDER BY \"serial\", \"owner\"",
                &row));
    sql_bind_i64(row, 1, since);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        struct zone_change change = {
            .owner = sql_peek(row, 1), .before = sql_peek(row, 2), .after = sql_peek(row, 3)};
        e = walk->change(walk->self, (uint32_t)sql_i64(row, 0), &change);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

err zone_since(struct sql *db, int64_t most, uint32_t *ret_since)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"serial\" FROM rpz_change ORDER BY \"serial\" DESC, \"owner\" DESC"
                " LIMIT 1 OFFSET $1",
                &row));
    sql_bind_i64(row, 1, most);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_since = has_row ? (uint32_t)sql_i64(row, 0) : 0;
    sql_done(&row);
    return e;
}
