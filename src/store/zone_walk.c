/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the zone back: at start, for the gate that serves it. */
#include "store/zone_part.h"

static err walk_reader(struct zone_reader *r, const struct zone_walk *walk)
{
    struct zone_owner owner = {0};
    bool has_owner = false;
    TRY(zone_reader_next(r, &owner, &has_owner));
    while (has_owner) {
        TRY(walk->name(walk->self, owner.turned, zone_policy_word(owner.policy)));
        TRY(zone_reader_next(r, &owner, &has_owner));
    }
    return OK;
}

err zone_walk_names(struct sql *db, const struct zone_walk *walk)
{
    struct zone_reader reader;
    struct zone_table table = {0};
    TRY(zone_table_open(db, ZONE_READING, &table));
    zone_reader_begin(&reader, zone_table_source(&table));
    err e = walk_reader(&reader, walk);
    zone_table_close(&table);
    return e;
}

err zone_walk_changes(struct sql *db, uint32_t since, const struct zone_walk *walk)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"serial\", \"turned\", \"before\", \"after\" FROM rpz_change"
                " WHERE \"serial\" > $1 ORDER BY \"serial\", \"turned\"",
                &row));
    sql_bind_i64(row, 1, since);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        struct zone_change change = {
            .turned = sql_peek(row, 1), .before = sql_peek(row, 2), .after = sql_peek(row, 3)};
        e = walk->change(walk->self, (uint32_t)sql_i64(row, 0), &change);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

err zone_behind_since(struct sql *db, uint32_t serial, instant *ret_at)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(
        db,
        "SELECT \"at\" FROM rpz_change WHERE \"serial\" > $1 ORDER BY \"serial\", \"turned\""
        " LIMIT 1",
        &row));
    sql_bind_i64(row, 1, serial);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_at = instant_from_us(sql_i64(row, 0));
    sql_done(&row);
    return e;
}

err zone_since(struct sql *db, int64_t most, uint32_t *ret_since)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"serial\" FROM rpz_change ORDER BY \"serial\" DESC, \"turned\" DESC"
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
