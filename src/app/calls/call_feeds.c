/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/call_feeds.h"

static err add_counts(struct sql *db, const struct call_feed *said)
{
    const int64_t counts[] = {said->accepted, said->duplicate, said->late, said->refused,
                              said->matched};
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "INSERT INTO call_feed (\"carrier\", \"accepted\", \"duplicate\", \"late\","
                " \"refused\", \"matched\") VALUES ($1, $2, $3, $4, $5, $6)"
                " ON CONFLICT (\"carrier\") DO UPDATE SET"
                " \"accepted\" = call_feed.\"accepted\" + excluded.\"accepted\","
                " \"duplicate\" = call_feed.\"duplicate\" + excluded.\"duplicate\","
                " \"late\" = call_feed.\"late\" + excluded.\"late\","
                " \"refused\" = call_feed.\"refused\" + excluded.\"refused\","
                " \"matched\" = call_feed.\"matched\" + excluded.\"matched\"",
                &row));
    sql_bind_str(row, 1, said->carrier);
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        sql_bind_i64(row, (int)i + 2, counts[i]);
    return sql_finish(&row);
}

err call_feed_add(struct sql *db, const struct call_feed *said)
{
    struct sql_row *row = NULL;
    TRY(add_counts(db, said));
    if (said->accepted + said->duplicate == 0)
        return OK;
    TRY(sql_ask(db,
                "UPDATE call_feed SET \"heard_at\" = $2, \"newest_at\" ="
                " CASE WHEN \"newest_at\" > $3 THEN \"newest_at\" ELSE $3 END"
                " WHERE \"carrier\" = $1",
                &row));
    sql_bind_str(row, 1, said->carrier);
    sql_bind_i64(row, 2, said->heard_at.us);
    sql_bind_i64(row, 3, said->newest_at.us);
    return sql_finish(&row);
}

err call_feeds_read(struct sql *db, struct arena *a, struct call_feeds *ret_feeds)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"carrier\", coalesce(\"heard_at\", 0), coalesce(\"newest_at\", 0),"
                " \"accepted\", \"duplicate\", \"late\", \"refused\", \"matched\" FROM call_feed"
                " ORDER BY \"carrier\"",
                &row));
    bool has_row = false;
    ret_feeds->count = 0;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && ret_feeds->count < CALL_FEEDS_MOST) {
        ret_feeds->at[ret_feeds->count++] = (struct call_feed){
            .carrier = sql_str(row, 0, a),
            .heard_at = {.us = sql_i64(row, 1)},
            .newest_at = {.us = sql_i64(row, 2)},
            .accepted = sql_i64(row, 3),
            .duplicate = sql_i64(row, 4),
            .late = sql_i64(row, 5),
            .refused = sql_i64(row, 6),
            .matched = sql_i64(row, 7),
        };
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}
